//! A device that does not take a new force goes on with the one before, and everything behind it knows:
//! the limits, the energy balance, the trace and its replay.

mod common;
mod handled;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use haptics::{
    Command, Control, DevErr, DeviceInfo, FORCE_KEPT, HapticDevice, Lockstep, ReplayDevice, Sample,
    TOUCH, Tick, TickOptions, TraceRow, Wrench, WriteStatus, drivers, first_difference,
};

use common::{RADIUS, START, clock, world};
use handled::{DT, HOME, force, options};

/// Of so many ticks a busy device takes none, and then as many as they come.
const BUSY: u64 = 15;

fn takes(write: u64) -> bool {
    !(write % 97).is_multiple_of(7) && write % 211 >= BUSY
}

/// A device that does not take every force.
struct Busy {
    device: Box<dyn HapticDevice>,
    writes: u64,
    /// Whether it takes the force of a write, counted from 1.
    takes: fn(u64) -> bool,
    /// Force along y that it plays, N, bits.
    plays: Arc<AtomicU64>,
}

impl HapticDevice for Busy {
    fn info(&self) -> &DeviceInfo {
        self.device.info()
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.device.read()
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.writes += 1;
        if !(self.takes)(self.writes) {
            return Ok(WriteStatus::TimeGuard);
        }
        self.plays.store(wrench.f[1].to_bits(), Ordering::Relaxed);
        self.device.write(wrench)
    }

    fn zero(&mut self) {
        self.plays.store(0, Ordering::Relaxed);
        self.device.zero();
    }

    fn aim(&mut self, point: [f64; 3]) {
        self.device.aim(point);
    }
}

/// A press and its end; the rows, and what the device played along y after each tick, N.
fn pressed() -> (Vec<TraceRow>, Vec<f64>, DeviceInfo) {
    let plays = Arc::new(AtomicU64::new(0));
    let busy = Busy {
        device: drivers::open_at("simulated", START, common::DT).unwrap(),
        writes: 0,
        takes,
        plays: plays.clone(),
    };
    let info = busy.info().clone();
    let tick = Tick::new(world(), Box::new(busy), TickOptions::default()).unwrap();
    let mut run = Lockstep::new(tick, clock());
    let mut played = Vec::new();
    for tick in 0..2_500 {
        let aim = match tick {
            1_200 => Some(0.06 - RADIUS),
            2_000 => Some(START[1]),
            _ => None,
        };
        if let Some(y) = aim {
            let point = [START[0], y, START[2]];
            run.send(Command::Aim { point }).unwrap();
        }
        run.advance(1);
        played.push(f64::from_bits(plays.load(Ordering::Relaxed)));
    }
    let mut rows = Vec::new();
    run.drain_trace(&mut rows);
    (rows, played, info)
}

#[test]
fn the_trace_tells_what_the_device_plays_and_its_replay_does_the_same() {
    let (rows, played, info) = pressed();
    assert!(played.iter().any(|f| *f > 1.0));
    for (row, played) in rows.iter().zip(&played) {
        assert_eq!(row.device_force[1], *played, "tick {}", row.tick);
        assert_eq!(row.faults & FORCE_KEPT != 0, !takes(row.tick));
    }
    let device = Box::new(ReplayDevice::from_trace(&rows, info));
    let tick = Tick::new(world(), device, TickOptions::default()).unwrap();
    let mut again = Lockstep::new(tick, clock());
    again.advance(rows.len() as u64);
    let mut out = Vec::new();
    again.drain_trace(&mut out);
    assert_eq!(first_difference(&rows, &out), None);
}

#[test]
fn a_device_that_keeps_an_old_force_for_20_ticks_is_silenced() {
    let plays = Arc::new(AtomicU64::new(0));
    let stuck = Busy {
        device: drivers::open_at("simulated", START, common::DT).unwrap(),
        writes: 0,
        takes: |write| write < 1_751,
        plays: plays.clone(),
    };
    let info = stuck.info().clone();
    let tick = Tick::new(world(), Box::new(stuck), TickOptions::default()).unwrap();
    let mut run = Lockstep::new(tick, clock());
    let mut after = 0;
    run.advance(1_200);
    let point = [START[0], 0.06 - RADIUS, START[2]];
    run.send(Command::Aim { point }).unwrap();
    run.advance(549);
    assert!(f64::from_bits(plays.load(Ordering::Relaxed)) > 1.0);
    while plays.load(Ordering::Relaxed) != 0 {
        run.advance(1);
        after += 1;
        assert!(after < 100, "the old force is played for ever");
    }
    assert!((20..=23).contains(&after), "{after}");
    run.advance(50);
    let mut rows = Vec::new();
    run.drain_trace(&mut rows);
    let device = Box::new(ReplayDevice::from_trace(&rows, info));
    let tick = Tick::new(world(), device, TickOptions::default()).unwrap();
    let mut again = Lockstep::new(tick, clock());
    again.advance(rows.len() as u64);
    let mut out = Vec::new();
    again.drain_trace(&mut out);
    assert_eq!(first_difference(&rows, &out), None);
}

#[test]
fn what_a_busy_device_plays_grows_no_faster_for_it() {
    let (_, played, _) = pressed();
    for pair in played.windows(2) {
        assert!(pair[1] - pair[0].max(0.0) <= 0.3 + 1e-12, "{pair:?}");
    }
}

/// The balance (J) and what the device played (N) after a tick whose answer, no force, it did not take,
/// and in which the hand went up by a millimetre.
fn after_a_fault(told: bool) -> (f64, f64) {
    let info = TOUCH.info();
    let mut control = Control::new(&info, &options(None), HOME, DT).unwrap();
    let load = |n| force([0.0, n, 0.0]);
    for tick in 0..2_500 {
        control.take(&Sample::default());
        control.answer(&load(if tick < 2_000 { 0.0 } else { 2.0 }));
    }
    control.take(&Sample::default());
    let mut plays = control.silence(&load(2.0));
    if told {
        plays = control.kept();
    }
    control.take(&Sample {
        pos: [0.0, 1e-3, 0.0],
        ..Sample::default()
    });
    (control.passivity().unwrap().balance_j(), plays.f[1])
}

#[test]
fn the_balance_counts_the_force_that_was_kept() {
    let ((kept_j, kept_n), (taken_j, taken_n)) = (after_a_fault(true), after_a_fault(false));
    assert!((kept_n - 2.0).abs() < 1e-6 && taken_n == 0.0);
    assert!((taken_j - kept_j - 2e-3).abs() < 1e-8, "{taken_j} {kept_j}");
}
