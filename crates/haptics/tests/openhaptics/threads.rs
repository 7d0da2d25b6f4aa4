//! The maker's thread and ours: who calls when, silence, panics, two devices.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use haptics::drivers::open;
use haptics::{
    DevErr, HapticDevice, Live, LiveOptions, OpenError, Reopen, SERVO_SILENCE_MS, ServoEnd, Tick,
    TickOptions,
};

use crate::common;
use crate::far_side::FarSide;
use crate::frames::{beats, push};

#[test]
fn beats_come_from_the_maker_s_thread_while_ours_waits() {
    let _far = FarSide::take();
    let mut device = open("touch").unwrap();
    let (ours, start) = (thread::current().id(), Instant::now());
    beats(device.as_mut(), |_, at| {
        assert_ne!(thread::current().id(), ours);
        at < 200
    });
    assert!(
        start.elapsed() >= Duration::from_millis(150),
        "faster than 1 kHz"
    );
}

#[test]
fn a_silent_servo_ends_the_loop_and_never_beats_again() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    let mut servo = device.take_servo().unwrap();
    let beaten = AtomicU32::new(0);
    let mut silent_since = None;
    let end = servo.run(&mut || {
        if beaten.fetch_add(1, Ordering::Relaxed) == 20 {
            silent_since = Some(Instant::now());
            far.stall(true);
        }
        true
    });
    assert_eq!(end, ServoEnd::Silent);
    let waited = silent_since.unwrap().elapsed();
    assert!(
        waited >= Duration::from_millis(SERVO_SILENCE_MS),
        "{waited:?}"
    );
    let before = beaten.load(Ordering::Relaxed);
    far.stall(false);
    thread::sleep(Duration::from_millis(50));
    assert_eq!(beaten.load(Ordering::Relaxed), before);
    // The servo is back, and so is the loop.
    let mut again = 0;
    let end = servo.run(&mut || {
        again += 1;
        again < 10
    });
    assert_eq!((end, again), (ServoEnd::Asked, 10));
}

#[test]
fn a_slow_beat_is_waited_for() {
    let _far = FarSide::take();
    let mut device = open("touch").unwrap();
    let mut done = false;
    beats(device.as_mut(), |_, _| {
        thread::sleep(Duration::from_millis(3 * SERVO_SILENCE_MS));
        done = true;
        false
    });
    assert!(done);
}

#[test]
fn without_a_loop_a_silent_servo_is_a_lost_device() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    far.stall(true);
    thread::sleep(Duration::from_millis(5));
    let _ = device.read();
    let late = device.read();
    assert_eq!(late, Err(DevErr::Late));
    thread::sleep(Duration::from_millis(SERVO_SILENCE_MS + 50));
    assert_eq!(device.read(), Err(DevErr::Lost));
    far.stall(false);
    thread::sleep(Duration::from_millis(10));
    assert_eq!(device.read(), Err(DevErr::Lost), "for good");
    assert_eq!(device.write(&push([0.0, 0.5, 0.0])), Err(DevErr::Lost));
    // The old one need not be dropped to open it again.
    let mut again = open("touch").unwrap();
    assert!(again.read().is_ok());
    assert_eq!(device.read(), Err(DevErr::Lost));
    drop(device);
    thread::sleep(Duration::from_millis(10));
    assert!(again.read().is_ok());
}

/// Waits until `done`, at most 20 s.
fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "waited in vain: {what}"
        );
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_live_loop_feels_tissue_loses_the_device_and_gets_it_back() {
    let far = FarSide::take();
    // The middle of the device lies where the tool is, 10 mm above the tissue.
    far.put(0, [0.0, 0.01, 0.0], haptics::NO_TURN, 0);
    let device = open("touch").unwrap();
    assert_eq!(device.info().workspace.center, [0.0, 0.01, 0.0]);
    let tick = Tick::new(common::world(), device, TickOptions::default()).unwrap();
    let reopen: Reopen = Box::new(|| open("touch"));
    let mut live = Live::start_with(tick, LiveOptions::default(), Some(reopen)).unwrap();
    wait("the ramp", || live.snapshot().tick > 1_200);
    far.put(0, [0.0, -0.01, 0.0], haptics::NO_TURN, 0);
    wait("the tissue", || far.force(0)[1] > 0.1);
    far.plug_in(0, false);
    let beats = live.snapshot().tick;
    wait("going on without", || live.snapshot().tick > beats + 300);
    assert_eq!(far.force(0), [0.0; 3]);
    far.plug_in(0, true);
    wait("the tissue again", || far.force(0)[1] > 0.1);
    let stopped = live.stop().unwrap();
    // At once: a process that is about to end does not wait for another frame.
    assert_eq!(far.force(0), [0.0; 3]);
    assert_eq!(stopped.panic, None);
}

#[test]
fn a_panic_in_a_beat_reaches_the_caller_and_no_force_stays() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    let mut servo = device.take_servo().unwrap();
    let mut count = 0;
    let caught = catch_unwind(AssertUnwindSafe(|| {
        servo.run(&mut || {
            device.write(&push([0.0, 0.5, 0.0])).unwrap();
            count += 1;
            assert!(count < 10, "the beat's own words");
            true
        })
    }));
    let panic = caught.unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"the beat's own words"));
    thread::sleep(Duration::from_millis(5));
    assert_eq!(far.force(0), [0.0; 3]);
}

#[test]
fn the_servo_is_one_and_outlives_its_device_in_silence() {
    let _far = FarSide::take();
    let mut device = open("touch").unwrap();
    let servo = device.take_servo().unwrap();
    assert!(device.take_servo().is_none());
    drop(servo);
    let mut servo = device.take_servo().unwrap();
    drop(device);
    assert_eq!(servo.run(&mut || true), ServoEnd::Silent);
}

#[test]
fn two_devices_are_played_side_by_side() {
    let far = FarSide::take();
    let mut right = open("touch").unwrap();
    let mut left = open("touch:Left Device").unwrap();
    far.put(0, [0.01, 0.0, 0.0], haptics::NO_TURN, 1);
    far.put(1, [-0.01, 0.0, 0.0], haptics::NO_TURN, 2);
    let hand = |device: &mut Box<dyn HapticDevice>, force: [f64; 3], x: f64, buttons: u32| {
        beats(device.as_mut(), |device, at| {
            let sample = device.read().unwrap();
            assert!(at < 3 || (sample.pos[0] - x).abs() < 1e-12);
            assert!(at < 3 || sample.buttons == buttons);
            device.write(&push(force)).unwrap();
            at < 300
        });
    };
    thread::scope(|scope| {
        scope.spawn(|| hand(&mut right, [0.3, 0.0, 0.0], 0.01, 1));
        scope.spawn(|| hand(&mut left, [0.0, 0.0, -0.6], -0.01, 2));
    });
    assert_eq!(far.force(0), [0.3, 0.0, 0.0]);
    assert_eq!(far.force(1), [0.0, 0.0, -0.6]);
    // The other one goes on when one is closed.
    drop(right);
    assert_eq!(far.force(0), [0.0; 3]);
    let before = far.frames(1);
    thread::sleep(Duration::from_millis(50));
    assert!(far.frames(1) > before);
    drop(left);
}

#[test]
fn one_loop_can_drive_both_hands() {
    let far = FarSide::take();
    let mut right = open("touch").unwrap();
    let mut left = open("touch:Left Device").unwrap();
    beats(right.as_mut(), |right, at| {
        right.read().unwrap();
        right.write(&push([0.3, 0.0, 0.0])).unwrap();
        // The left hand's pose is at most a frame old.
        left.read().unwrap();
        left.write(&push([0.0, 0.2, 0.0])).unwrap();
        at < 100
    });
    thread::sleep(Duration::from_millis(10));
    assert_eq!(far.force(0), [0.3, 0.0, 0.0]);
    assert_eq!(far.force(1), [0.0, 0.2, 0.0]);
}

#[test]
fn while_a_loop_runs_no_second_device_is_opened() {
    let far = FarSide::take();
    let mut right = open("touch").unwrap();
    let beaten = AtomicU32::new(0);
    thread::scope(|scope| {
        let second = scope.spawn(|| {
            while beaten.load(Ordering::Relaxed) < 10 {
                thread::sleep(Duration::from_millis(1));
            }
            let why = open("touch:Left Device").map(|_| ()).unwrap_err();
            beaten.store(1_000, Ordering::Relaxed);
            why
        });
        beats(right.as_mut(), |_, _| {
            beaten.fetch_add(1, Ordering::Relaxed) < 1_000
        });
        let why = second.join().unwrap();
        assert!(matches!(why, OpenError::Refused { .. }), "{why:?}");
    });
    assert!(far.frames(1) == 0);
    drop(open("touch:Left Device").unwrap());
}
