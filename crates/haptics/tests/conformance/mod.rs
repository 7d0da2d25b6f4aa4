//! What every driver has to keep, whatever hangs behind it: one test for all.
//!
//! A [`Fixture`] is the far side: a fake library, service or port with the ABI or the protocol of
//! the real one. Poses and forces are given in the device frame (right-handed, +y up, -z away from
//! the person, m, N), so that the driver's own conversion of axes and units is what is tested.

// A driver's test uses the one list or the other.
#![allow(dead_code)]

pub mod rate;

use haptics::{
    ClockOwner, DevErr, HapticDevice, NO_TURN, OpenError, Sample, ServoEnd, Wrench, WriteStatus,
};

use crate::counting::allocations;

/// The far side of a driver.
pub trait Fixture {
    /// Opens the device through `haptics::drivers::open`.
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError>;
    /// Puts the handle somewhere: device frame, m, unit quaternion (w, x, y, z), bit mask.
    fn place(&mut self, pos: [f64; 3], rot: [f64; 4], buttons: u32);
    /// The force that the hardware plays now, device frame, N; the hand would feel it.
    fn played(&mut self) -> [f64; 3];
    /// Pulls the plug.
    fn unplug(&mut self);
    /// Puts it back.
    fn plug(&mut self);
    /// Coarsest step of a position on the wire, m.
    fn resolution_m(&self) -> f64 {
        1e-6
    }
    /// The buttons it has, bit mask.
    fn buttons(&self) -> u32 {
        u32::MAX
    }
}

/// Ticks that are run in a row: two seconds.
const TICKS: u32 = 2_000;
/// Ticks within which an unplugged device has to be reported lost.
const NOTICED_WITHIN: u32 = 200;
/// Readings until a new pose or force has to have come through, whoever owns the clock.
const SETTLED_AFTER: u32 = 8;

/// Ticks without an answer among a few, whatever else the machine does.
const LATE_AT_MOST: u32 = 10_000;

/// Runs the whole list against one device.
pub fn conforms(fixture: &mut dyn Fixture) {
    info_is_complete(fixture);
    runs_for_two_seconds_without_allocating(fixture);
    poses_arrive_in_the_device_frame(fixture);
    forces_leave_along_every_axis(fixture);
    no_number_no_force(fixture);
    zero_and_drop_take_the_force_away(fixture);
    unplugging_is_told_and_plugging_in_again_works(fixture);
}

/// Calls `beat` once a tick until it returns false: in the maker's thread where there is one.
fn ticks(
    device: &mut Box<dyn HapticDevice>,
    beat: impl FnMut(&mut dyn HapticDevice) -> bool + Send,
) {
    let mut beat = beat;
    let servo = device.take_servo();
    let mut step = || beat(device.as_mut());
    match servo {
        Some(mut servo) => assert_eq!(servo.run(&mut step), ServoEnd::Asked),
        None => while step() {},
    }
}

/// `count` ticks with an answer, and `force`; the last reading. Ticks in which the device was late
/// come on top: they are the machine's.
fn played_for(device: &mut Box<dyn HapticDevice>, count: u32, force: [f64; 3]) -> Sample {
    let mut last = Sample::default();
    let (mut done, mut late) = (0, 0);
    ticks(device, |device| {
        match device.read() {
            Ok(sample) => {
                last = sample;
                done += 1;
            }
            Err(DevErr::Late) => late += 1,
            Err(why) => panic!("reading: {why}"),
        }
        if let Err(why) = device.write(&wrench(force)) {
            assert_eq!(why, DevErr::Late);
        }
        assert!(late < LATE_AT_MOST, "{late} ticks without an answer");
        done < count
    });
    last
}

fn wrench(f: [f64; 3]) -> Wrench {
    Wrench {
        f,
        ..Wrench::default()
    }
}

fn info_is_complete(fixture: &mut dyn Fixture) {
    let device = fixture.open().unwrap();
    let info = device.info();
    assert!(!info.model.is_empty());
    assert!([2, 3, 6].contains(&info.input_dof), "{info:?}");
    assert!([0, 3, 6].contains(&info.output_dof), "{info:?}");
    assert!(
        info.workspace.radius > 0.0 && info.rate_hz > 0.0,
        "{info:?}"
    );
    if info.output_dof > 0 {
        assert!(
            info.max_force_n > 0.0 && info.max_force_n < 100.0,
            "{info:?}"
        );
        assert!(
            info.max_stiffness > 0.0 && info.max_stiffness < 1e5,
            "{info:?}"
        );
        assert!(info.mass_kg > 0.0, "{info:?}");
    }
    if info.clock == ClockOwner::RequestResponse {
        assert!(info.delay_ticks <= 1, "{info:?}");
    }
}

fn runs_for_two_seconds_without_allocating(fixture: &mut dyn Fixture) {
    let mut device = fixture.open().unwrap();
    fixture.place([0.0; 3], NO_TURN, 0);
    played_for(&mut device, SETTLED_AFTER, [0.0; 3]);
    drop(device);
    let mut device = fixture.open().unwrap();
    let (mut done, mut fresh, mut last, mut worst) = (0, 0, 0, 0);
    ticks(&mut device, |device| {
        let before = allocations();
        let read = device.read();
        let written = device.write(&wrench([0.0, 0.1, 0.0]));
        let after = allocations();
        match read {
            Ok(sample) => {
                fresh += u32::from(sample.seq > last);
                last = sample.seq;
            }
            Err(why) => assert_eq!(why, DevErr::Late),
        }
        match written {
            Ok(WriteStatus::Taken | WriteStatus::Saturated | WriteStatus::TimeGuard) => {}
            Err(why) => assert_eq!(why, DevErr::Late),
        }
        done += 1;
        if done > SETTLED_AFTER {
            worst = worst.max(after - before);
        }
        done < TICKS
    });
    assert_eq!(worst, 0, "allocations in a tick");
    assert!(fresh > TICKS / 4, "{fresh} fresh readings in {TICKS} ticks");
}

fn poses_arrive_in_the_device_frame(fixture: &mut dyn Fixture) {
    let h = 0.5_f64.sqrt();
    let mut device = fixture.open().unwrap();
    let six = device.info().input_dof == 6;
    let slack = fixture.resolution_m().max(1e-6);
    for (pos, rot, buttons) in [
        ([0.0, 0.0, 0.0], NO_TURN, 0),
        ([0.03, 0.0, 0.0], [h, h, 0.0, 0.0], 1),
        ([0.0, 0.03, 0.0], [h, 0.0, h, 0.0], 2),
        ([0.0, 0.0, 0.03], [h, 0.0, 0.0, h], 1),
        ([-0.021, 0.013, -0.034], [0.5, -0.5, 0.5, -0.5], 0),
        ([0.011, -0.027, 0.019], [0.8, 0.0, -0.6, 0.0], 0),
    ] {
        fixture.place(pos, rot, buttons);
        let sample = played_for(&mut device, SETTLED_AFTER, [0.0; 3]);
        for axis in 0..3 {
            let gap = (sample.pos[axis] - pos[axis]).abs();
            assert!(gap <= slack, "axis {axis}: {:?} is not {pos:?}", sample.pos);
        }
        if six {
            let angle = angle_between(sample.rot, rot);
            assert!(
                angle <= 1e-6,
                "{:?} is not {rot:?}: {angle} rad",
                sample.rot
            );
        } else {
            assert_eq!(sample.rot, NO_TURN);
        }
        assert_eq!(sample.buttons, buttons & fixture.buttons(), "at {pos:?}");
    }
}

/// Angle of the turn between two unit quaternions, rad; by the vector part, exact for small ones.
fn angle_between(a: [f64; 4], b: [f64; 4]) -> f64 {
    let v = [
        a[0] * b[1] - a[1] * b[0] - a[2] * b[3] + a[3] * b[2],
        a[0] * b[2] + a[1] * b[3] - a[2] * b[0] - a[3] * b[1],
        a[0] * b[3] - a[1] * b[2] + a[2] * b[1] - a[3] * b[0],
    ];
    let w: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    2.0 * (v.iter().map(|x| x * x).sum::<f64>().sqrt()).atan2(w.abs())
}

fn forces_leave_along_every_axis(fixture: &mut dyn Fixture) {
    let mut device = fixture.open().unwrap();
    if device.info().output_dof == 0 {
        return;
    }
    for axis in 0..3 {
        for sign in [1.0, -1.0] {
            let mut force = [0.0; 3];
            force[axis] = 0.7 * sign;
            played_for(&mut device, SETTLED_AFTER, force);
            let played = fixture.played();
            for i in 0..3 {
                let gap = (played[i] - force[i]).abs();
                assert!(gap <= 1e-3, "played {played:?}, asked for {force:?}");
            }
        }
    }
}

fn no_number_no_force(fixture: &mut dyn Fixture) {
    let mut device = fixture.open().unwrap();
    if device.info().output_dof == 0 {
        return;
    }
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        played_for(&mut device, SETTLED_AFTER, [0.0, 0.5, 0.0]);
        let mut done = 0;
        ticks(&mut device, |device| {
            let _ = device.read();
            let _ = device.write(&wrench([0.0, bad, 0.1]));
            done += 1;
            done < SETTLED_AFTER
        });
        assert_eq!(fixture.played(), [0.0; 3], "after {bad}");
    }
}

fn zero_and_drop_take_the_force_away(fixture: &mut dyn Fixture) {
    let mut device = fixture.open().unwrap();
    played_for(&mut device, SETTLED_AFTER, [0.0, 0.5, 0.0]);
    device.zero();
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(fixture.played(), [0.0; 3], "after zero()");
    played_for(&mut device, SETTLED_AFTER, [0.0, 0.5, 0.0]);
    drop(device);
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(fixture.played(), [0.0; 3], "after drop");
}

/// Ticks until the device, which is unplugged, says so.
fn is_told_lost(device: &mut Box<dyn HapticDevice>) {
    let (mut done, mut lost) = (0, false);
    ticks(device, |device| {
        let read = device.read().err() == Some(DevErr::Lost);
        let written = device.write(&wrench([0.0, 0.5, 0.0])).err() == Some(DevErr::Lost);
        lost = read || written;
        done += 1;
        if done > SETTLED_AFTER && !lost {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        !lost && done < NOTICED_WITHIN
    });
    assert!(lost, "not told within {NOTICED_WITHIN} ticks");
}

fn unplugging_is_told_and_plugging_in_again_works(fixture: &mut dyn Fixture) {
    let mut device = fixture.open().unwrap();
    played_for(&mut device, SETTLED_AFTER, [0.0; 3]);
    fixture.unplug();
    is_told_lost(&mut device);
    device.zero();
    drop(device);
    assert!(fixture.open().is_err(), "opened while unplugged");
    fixture.plug();
    let mut device = fixture.open().unwrap();
    fixture.place([0.01, 0.0, 0.0], NO_TURN, 0);
    let sample = played_for(&mut device, SETTLED_AFTER, [0.0; 3]);
    let slack = fixture.resolution_m().max(1e-6);
    assert!((sample.pos[0] - 0.01).abs() <= slack, "{:?}", sample.pos);
}
