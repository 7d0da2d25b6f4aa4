//! What happens in a servo frame: latency, errors, calibration, warm motors, limits.

use haptics::drivers::open;
use haptics::{
    DevErr, Gains, HapticDevice, NO_TURN, Sample, ServoEnd, Status, Wrench, WriteStatus,
};

use crate::far_side::FarSide;

/// HD_CALIBRATION_OK, _NEEDS_UPDATE, _NEEDS_MANUAL_INPUT.
const CALIBRATED: u32 = 0x5000;
const NEEDS_UPDATE: u32 = 0x5001;
const NEEDS_HAND: u32 = 0x5002;

/// Frames within which calibration and motors are looked at again, with room.
const SLOW: u32 = 250;

pub(crate) fn push(f: [f64; 3]) -> Wrench {
    Wrench {
        f,
        ..Wrench::default()
    }
}

/// Calls `beat` in the servo, with the number of the beat, until it returns false.
pub(crate) fn beats(
    device: &mut dyn HapticDevice,
    mut beat: impl FnMut(&mut dyn HapticDevice, u32) -> bool + Send,
) {
    let mut servo = device.take_servo().unwrap();
    let mut count = 0;
    let end = servo.run(&mut || {
        count += 1;
        beat(device, count)
    });
    assert_eq!(end, ServoEnd::Asked);
}

/// How the last of several ticks went.
struct Ticked {
    read: Result<Sample, DevErr>,
    written: Result<WriteStatus, DevErr>,
}

/// `count` ticks with `wrench`.
fn ticks(device: &mut dyn HapticDevice, count: u32, wrench: Wrench) -> Ticked {
    let mut last = None;
    beats(device, |device, at| {
        last = Some(Ticked {
            read: device.read(),
            written: device.write(&wrench),
        });
        at < count
    });
    last.unwrap()
}

#[test]
fn a_force_leaves_with_the_frame_in_which_its_pose_was_read() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    beats(device.as_mut(), |device, at| {
        let x = 1e-4 * f64::from(at);
        let played = far.force(0);
        let sample = device.read().unwrap();
        if at > 1 {
            // Placed in the last beat, after its frame had begun: this frame is the first to see it.
            assert!((sample.pos[0] - (x - 1e-4)).abs() < 1e-12, "{sample:?}");
            // Written in the last beat, and played since its end.
            assert_eq!(played[0], f64::from(at - 1) * 1e-3);
        }
        far.put(0, [x, 0.0, 0.0], NO_TURN, 0);
        device
            .write(&push([f64::from(at) * 1e-3, 0.0, 0.0]))
            .unwrap();
        at < 200
    });
}

#[test]
fn readings_are_counted_and_outside_a_beat_they_come_a_frame_late() {
    let _far = FarSide::take();
    let mut device = open("touch").unwrap();
    let first = device.read().unwrap();
    assert_eq!((first.seq, first.status), (1, Status::OK));
    let again = (0..).find_map(|_| device.read().ok()).unwrap();
    assert_eq!(again.seq, 2);
    assert_eq!(device.write(&push([0.1, 0.0, 0.0])), Ok(WriteStatus::Taken));
}

#[test]
fn a_force_error_drops_the_force_and_is_over_when_it_is_over() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    ticks(device.as_mut(), 5, push([0.0, 0.5, 0.0]));
    far.raise(0, 0x0202);
    let overload = DevErr::Overload { code: 0x0202 };
    let mut told = 0;
    beats(device.as_mut(), |device, at| {
        let read = device.read();
        if told == 1 {
            // The frame that told it has ended; its own write was refused too.
            assert_eq!(far.force(0), [0.0; 3]);
            assert!(read.is_ok());
            return false;
        }
        if read == Err(overload) {
            told += 1;
            assert_eq!(device.write(&push([0.0, 0.5, 0.0])), Err(overload));
        } else {
            device.write(&push([0.0, 0.5, 0.0])).unwrap();
        }
        at < 50
    });
    assert_eq!(told, 1);
    ticks(device.as_mut(), 3, push([0.0, 0.5, 0.0]));
    assert_eq!(far.force(0), [0.0, 0.5, 0.0]);
}

#[test]
fn codes_are_told_apart() {
    let far = FarSide::take();
    for (code, expected) in [
        (0x0102, DevErr::Fault { code: 0x0102 }),
        (0x0200, DevErr::Overload { code: 0x0200 }),
        (0x0204, DevErr::Overload { code: 0x0204 }),
        (0x0402, DevErr::Fault { code: 0x0402 }),
        (0x0501, DevErr::Fault { code: 0x0501 }),
        (0x0300, DevErr::Lost),
        (0x0303, DevErr::Lost),
    ] {
        let mut device = open("touch").unwrap();
        far.raise(0, code);
        let mut told = Vec::new();
        beats(device.as_mut(), |device, at| {
            told.extend(device.read().err());
            at < 10
        });
        // A lost device stays lost until it is opened again; everything else is told once.
        let times = if expected == DevErr::Lost {
            told.len()
        } else {
            1
        };
        assert!(times >= 1);
        assert_eq!(told, vec![expected; times], "{code:#06x}");
        drop(device);
    }
}

#[test]
fn calibration_is_brought_up_to_date() {
    let far = FarSide::take();
    far.calibration(0, NEEDS_UPDATE);
    let mut device = open("touch").unwrap();
    assert_eq!(far.calibrated(0), 1);
    let last = ticks(device.as_mut(), 3, Wrench::default());
    assert_eq!(last.read.unwrap().status, Status::OK);
    // Some devices ask again while they are moved.
    far.calibration(0, NEEDS_UPDATE);
    ticks(device.as_mut(), SLOW, Wrench::default());
    assert_eq!(far.calibrated(0), 2);
}

/// The handle's place may leap with a new calibration, and the force with it: it is led in again.
#[test]
fn a_calibration_in_the_middle_of_a_push_takes_the_force_away_for_a_while() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    ticks(device.as_mut(), 3, push([0.0, 0.5, 0.0]));
    far.calibration(0, NEEDS_UPDATE);
    let (mut told, mut after) = (0, 0);
    beats(device.as_mut(), |device, at| {
        if far.calibrated(0) == 1 && after == 0 {
            after = at;
        }
        let uncalibrated = device.read().unwrap().status.has(Status::UNCALIBRATED);
        told += u32::from(uncalibrated);
        device.write(&push([0.0, 0.5, 0.0])).unwrap();
        at < 2 * SLOW
    });
    assert!(after > 0, "never calibrated");
    assert!(told >= 20, "told in {told} ticks");
    assert_eq!(far.force(0), [0.0, 0.5, 0.0]);
}

#[test]
fn without_calibration_there_is_no_force() {
    let far = FarSide::take();
    far.calibration(0, NEEDS_HAND);
    let mut device = open("touch").unwrap();
    let last = ticks(device.as_mut(), 5, push([0.0, 0.5, 0.0]));
    assert!(last.read.unwrap().status.has(Status::UNCALIBRATED));
    assert_eq!(last.written, Ok(WriteStatus::Saturated));
    assert_eq!(far.force(0), [0.0; 3]);
    assert_eq!(far.calibrated(0), 0);
    far.calibration(0, CALIBRATED);
    let last = ticks(device.as_mut(), SLOW, push([0.0, 0.5, 0.0]));
    assert_eq!(last.read.unwrap().status, Status::OK);
    assert_eq!(last.written, Ok(WriteStatus::Taken));
    assert_eq!(far.force(0), [0.0, 0.5, 0.0]);
}

#[test]
fn warm_motors_rest_until_they_have_cooled_down() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    for (temperature, rests) in [(0.85, false), (0.95, true), (0.85, true), (0.7, false)] {
        far.warm(0, temperature);
        let last = ticks(device.as_mut(), SLOW, push([0.0, 0.5, 0.0]));
        let status = last.read.unwrap().status;
        assert_eq!(status.has(Status::OVERLOAD), rests, "at {temperature}");
        let force = if rests { 0.0 } else { 0.5 };
        assert_eq!(far.force(0), [0.0, force, 0.0], "at {temperature}");
    }
}

#[test]
fn too_large_a_force_is_shortened_and_keeps_its_direction() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    let last = ticks(device.as_mut(), 3, push([6.0, 0.0, -8.0]));
    assert_eq!(last.written, Ok(WriteStatus::Saturated));
    let force = far.force(0);
    for (played, expected) in force.into_iter().zip([1.98, 0.0, -2.64]) {
        assert!((played - expected).abs() < 1e-9, "{force:?}");
    }
}

#[test]
fn torque_goes_where_there_are_motors_for_it() {
    let far = FarSide::take();
    let twist = Wrench {
        f: [0.0, 0.5, 0.0],
        t: [0.01, -0.02, 0.03],
        grip: 0.0,
    };
    let mut device = open("touch").unwrap();
    ticks(device.as_mut(), 3, twist);
    assert_eq!(far.motors(0), [0.0, 0.5, 0.0, 0.0, 0.0, 0.0]);
    drop(device);
    // Motors of which nobody knows what they bear are left alone.
    far.kind(0, false, true);
    let mut device = open("touch").unwrap();
    assert_eq!(device.info().output_dof, 3);
    let dt = 1e-3;
    assert!(Gains::for_device(device.info(), dt).rotational_stiffness > 0.0);
    ticks(device.as_mut(), 3, twist);
    assert_eq!(far.motors(0), [0.0, 0.5, 0.0, 0.0, 0.0, 0.0]);
    drop(device);
    far.kind(1, true, true);
    let mut device = open("touch:Left Device").unwrap();
    assert_eq!(device.info().output_dof, 6);
    assert_eq!(device.info().max_torque_nm, 0.188);
    let last = ticks(device.as_mut(), 3, twist);
    assert_eq!(last.written, Ok(WriteStatus::Taken));
    for (played, expected) in far
        .motors(1)
        .into_iter()
        .zip([0.0, 0.5, 0.0, 10.0, -20.0, 30.0])
    {
        assert!((played - expected).abs() < 1e-12, "{:?}", far.motors(1));
    }
    let wrung = Wrench {
        t: [0.0, 1.88, 0.0],
        ..twist
    };
    let last = ticks(device.as_mut(), 3, wrung);
    assert_eq!(last.written, Ok(WriteStatus::Saturated));
    assert!((far.motors(1)[4] - 188.0).abs() < 1e-9);
}

#[test]
fn zero_in_a_beat_takes_back_what_the_beat_wrote() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    ticks(device.as_mut(), 3, push([0.0, 0.5, 0.0]));
    assert_eq!(far.force(0), [0.0, 0.5, 0.0]);
    beats(device.as_mut(), |device, _| {
        device.write(&push([0.0, 0.5, 0.0])).unwrap();
        device.zero();
        false
    });
    std::thread::sleep(std::time::Duration::from_millis(5));
    assert_eq!(far.force(0), [0.0; 3]);
}

#[test]
fn the_watchdog_drops_a_force_that_nobody_renews() {
    let far = FarSide::take();
    let mut device = open("touch").unwrap();
    let rest = std::time::Duration::from_millis(150);
    ticks(device.as_mut(), 3, push([0.0, 0.5, 0.0]));
    std::thread::sleep(rest);
    assert_eq!(far.force(0), [0.0, 0.5, 0.0], "held until the next call");
    // The maker's thread does it, not the hardware.
    assert!(!device.set_watchdog(20_000));
    ticks(device.as_mut(), 3, push([0.0, 0.5, 0.0]));
    std::thread::sleep(rest);
    assert_eq!(far.force(0), [0.0; 3]);
    ticks(device.as_mut(), 100, push([0.0, 0.5, 0.0]));
    assert_eq!(far.force(0), [0.0, 0.5, 0.0]);
}
