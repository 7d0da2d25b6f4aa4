//! A device that is unplugged while a loop runs, and plugged in again.

use std::time::{Duration, Instant};

use haptics::{Live, LiveOptions, Reopen, Tick, TickOptions, drivers};

use crate::common;
use crate::conformance::Fixture;
use crate::far_side::{Deed, FarSide};
use crate::{OMEGA3, SIGMA7};

/// Waits until `done`, at most 20 s.
fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn live(name: &'static str) -> Live {
    let device = drivers::open(name).unwrap();
    let tick = Tick::new(common::world(), device, TickOptions::default()).unwrap();
    let (driver, which) = drivers::find(name).unwrap();
    let reopen: Reopen = Box::new(move || (driver.reopen)(which));
    Live::start_with(tick, LiveOptions::default(), Some(reopen)).unwrap()
}

#[test]
fn a_device_that_was_unplugged_comes_back_with_its_watchdog() {
    let mut far = FarSide::with(OMEGA3);
    let mut live = live("forcedimension");
    wait("the watchdog", || far.known().watchdog == 160);
    wait("ticks", || live.snapshot().tick > 100);
    far.unplug();
    let ticks = live.snapshot().tick;
    wait("going on without", || live.snapshot().tick > ticks + 300);
    far.plug();
    // The motors come on, without force, a moment before the watchdog: in the thread that opens.
    wait("the motors, and the watchdog", || {
        let known = far.known();
        known.motors_on && known.watchdog == 160
    });
    assert_eq!(far.known().opened, 1);
    drop(live);
    assert_eq!(far.known().opened, 0);
}

/// A person has asked for it before the run, and may have a hand at the arm now.
#[test]
fn an_arm_that_comes_back_does_not_move_by_itself() {
    let mut far = FarSide::with(SIGMA7);
    far.act(Deed::Calibrate, false);
    let mut live = live("forcedimension:0,calibrate");
    assert_eq!(far.known().moved_by_itself, 1);
    far.unplug();
    far.act(Deed::Calibrate, false);
    let ticks = live.snapshot().tick;
    wait("going on without", || live.snapshot().tick > ticks + 300);
    far.plug();
    wait("opening", || far.known().watchdog == 160);
    std::thread::sleep(Duration::from_millis(50));
    let known = far.known();
    assert_eq!((known.moved_by_itself, known.motors_on), (1, false));
}
