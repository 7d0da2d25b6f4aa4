//! The beats of a running loop: on its own clock, or in the servo thread of the device's maker.

use crate::clock::Clock;
use crate::device::{Servo, ServoEnd};
use crate::exchange::FastEnd;
use crate::exit::Ticking;
use crate::live::spare::TickSide;
use crate::pacer::{Pacer, Wake};
use crate::telemetry::TickStats;
use crate::tick::Tick;

/// All that a beat needs. From the first one on: no allocation, no lock, no call into the system but
/// those of `clock` and of the device's driver.
pub(super) struct Pulse<'a, C: Clock> {
    pub(super) tick: &'a mut Tick,
    pub(super) fast: &'a mut FastEnd,
    pub(super) clock: &'a mut C,
    pub(super) stats: &'a mut TickStats,
    pub(super) spares: &'a mut TickSide,
    pub(super) snapshot_every: u64,
    pub(super) start_ns: u64,
}

impl<C: Clock + Send> Pulse<'_, C> {
    /// Beats until `stop` says so, in the maker's thread while it calls, on the own clock else.
    pub(super) fn run(&mut self, stop: &(dyn Fn() -> bool + Sync)) {
        while !stop() {
            match self.tick.take_servo() {
                Some(mut servo) => self.in_servo(servo.as_mut(), stop),
                None => self.on_own_clock(stop),
            }
        }
    }

    /// Beats on a grid of deadlines until `stop`, or until a device with a servo has come.
    fn on_own_clock(&mut self, stop: &dyn Fn() -> bool) {
        let mut pacer = Pacer::new(self.clock.now_ns(), self.period_ns());
        while !stop() {
            self.clock.sleep_until(pacer.deadline_ns());
            let now = self.clock.now_ns();
            self.beat(now, &pacer.woke(now));
            if self.spares.came_now() {
                return;
            }
        }
    }

    /// Beats when the maker's thread calls, until `stop` or until it falls silent; then the own
    /// clock goes on, with a device that is lost.
    fn in_servo(&mut self, servo: &mut dyn Servo, stop: &(dyn Fn() -> bool + Sync)) {
        let period = self.period_ns();
        let (mut last, mut shielded) = (None, None);
        let end = servo.run(&mut || {
            shielded.get_or_insert_with(Ticking::here);
            let now = self.clock.now_ns();
            let gap = last.map_or(period, |last| now - last);
            last = Some(now);
            self.beat(now, &Wake::after(gap, period));
            if stop() {
                // Still in the beat: the force leaves with its end, not one servo tick later, when
                // the process may have ended.
                self.tick.zero();
                return false;
            }
            !self.spares.came_now()
        });
        if end == ServoEnd::Silent {
            self.on_own_clock(stop);
        }
    }

    fn beat(&mut self, now: u64, wake: &Wake) {
        self.stats.woke(wake);
        self.stats.elapsed_ns = now - self.start_ns;
        let before = self.clock.cpu_ns();
        self.spares.exchange(self.tick);
        let row = self.tick.advance(self.fast.commands(), wake.dropped);
        self.fast.hand_over(self.tick, row);
        if self.tick.tick().is_multiple_of(self.snapshot_every) {
            self.fast.show(self.tick, self.stats.counters);
        }
        self.stats.worked(before, self.clock.cpu_ns());
    }

    fn period_ns(&self) -> u64 {
        (self.tick.dt_s() * 1e9).round() as u64
    }
}
