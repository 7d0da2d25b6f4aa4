//! What a device is, what it reads and what it plays.

use haptics::{DevErr, NO_TURN, Wrench, WriteStatus};

use crate::conformance::{Fixture, conforms};
use crate::far_side::{Deed, FarSide, PLAY, POSE, STATUS};
use crate::{
    FALCON, OMEGA3, OMEGA7, OMEGA7_LEFT, SEEN_WITHIN, SIGMA7, SIGMA7_LEFT, UNKNOWN, push, ticks,
};

#[test]
fn an_omega_3_conforms() {
    conforms(&mut FarSide::with(OMEGA3));
}

#[test]
fn an_omega_7_conforms() {
    conforms(&mut FarSide::with(OMEGA7));
}

#[test]
fn a_sigma_7_conforms() {
    conforms(&mut FarSide::with(SIGMA7));
}

#[test]
fn a_falcon_and_a_device_of_an_unknown_kind_conform() {
    for system_type in [FALCON, UNKNOWN] {
        conforms(&mut FarSide::with(system_type));
    }
}

#[test]
fn no_force_is_sent_to_motors_that_are_off_and_nothing_that_is_no_number() {
    for system_type in [OMEGA3, SIGMA7] {
        let mut far = FarSide::with(system_type);
        conforms(&mut far);
        let known = far.known();
        assert_eq!((known.sent_in_vain, known.not_numbers), (0, 0), "{known:?}");
        assert_eq!((known.opened, known.moved_by_itself), (0, 0), "{known:?}");
    }
}

#[test]
fn a_wrench_with_anything_in_it_that_is_no_number_is_no_wrench() {
    let mut far = FarSide::with(SIGMA7);
    let mut device = far.open().unwrap();
    ticks(device.as_mut(), 20, 1.0);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for place in 0..7 {
            let mut all = [0.1; 7];
            all[place] = bad;
            let [fx, fy, fz, tx, ty, tz, grip] = all;
            let wrench = Wrench {
                f: [fx, fy, fz],
                t: [tx, ty, tz],
                grip,
            };
            assert_eq!(device.write(&wrench), Ok(WriteStatus::Saturated));
            assert_eq!(far.played_in_theirs(), [0.0; 7], "{bad} in place {place}");
            assert_eq!(device.write(&push(1.0)), Ok(WriteStatus::Taken));
        }
    }
    assert_eq!(far.known().not_numbers, 0);
}

#[test]
fn what_a_device_is_and_bears_is_told() {
    let mut far = FarSide::with(SIGMA7);
    let device = far.open().unwrap();
    let info = device.info();
    assert_eq!(info.model, "Force Dimension sigma.7");
    assert_eq!(info.serial, "40123");
    assert_eq!(info.software, "Force Dimension SDK 3.17.5, controller 3.25");
    assert_eq!((info.input_dof, info.output_dof), (6, 6));
    assert_eq!((info.max_force_n, info.max_torque_nm), (12.0, 0.2));
    // 2 cm to the left of the origin, 1 cm towards the person.
    assert_eq!(info.workspace.center, [-0.02, 0.0, 0.01]);
    assert!(far.known().carried && info.unborne_kg == 0.0);
    assert_eq!(far.known().limit_mn, 12_000);
    drop(device);
    drop(far);

    let mut far = FarSide::with(OMEGA7);
    let device = far.open().unwrap();
    let info = device.info();
    assert_eq!((info.input_dof, info.output_dof), (6, 3));
    assert_eq!(
        (info.max_torque_nm, info.max_rotational_stiffness),
        (0.0, 0.0)
    );
    drop(device);
    drop(far);

    // The loop is told what is left to carry.
    let mut far = FarSide::with(OMEGA3);
    far.act(Deed::CannotCarry, true);
    assert_eq!(far.open().unwrap().info().unborne_kg, 0.19);
    drop(far);

    // But not that there is a force of 1.9 kN to carry.
    let mut far = FarSide::with(OMEGA3);
    far.act(Deed::CannotCarry, true);
    far.act(Deed::ToldInGrams, true);
    assert_eq!(far.open().unwrap().info().unborne_kg, 0.0);
    drop(far);

    // It tells no name of its own.
    let mut far = FarSide::with(FALCON);
    assert_eq!(far.open().unwrap().info().model, "Novint Falcon");
}

#[test]
fn torque_turns_about_the_axis_that_was_meant() {
    let mut far = FarSide::with(SIGMA7);
    let mut device = far.open().unwrap();
    for axis in 0..3 {
        let mut wrench = Wrench::default();
        wrench.t[axis] = -0.1;
        device.read().unwrap();
        assert_eq!(device.write(&wrench), Ok(WriteStatus::Taken));
        assert_eq!(far.torque(), wrench.t);
    }
    let wrench = Wrench {
        t: [0.0, 5.0, 0.0],
        ..Wrench::default()
    };
    assert_eq!(device.write(&wrench), Ok(WriteStatus::Saturated));
    assert_eq!(far.torque(), [0.0, 0.2, 0.0]);
}

#[test]
fn a_gripper_opens_to_positive_angles_and_forces_in_either_hand() {
    for (system_type, hand) in [
        (OMEGA7, 1.0),
        (OMEGA7_LEFT, -1.0),
        (SIGMA7, 1.0),
        (SIGMA7_LEFT, -1.0),
    ] {
        let mut far = FarSide::with(system_type);
        let mut device = far.open().unwrap();
        far.hold([0.0; 3], NO_TURN, hand * 0.35, 0);
        assert_eq!(device.read().unwrap().grip, 0.35);
        // A gripper pressed shut may read a little less than nothing.
        far.hold([0.0; 3], NO_TURN, hand * -0.01, 0);
        assert_eq!(device.read().unwrap().grip, 0.0);
        let wrench = Wrench {
            grip: 2.0,
            ..Wrench::default()
        };
        assert_eq!(device.write(&wrench), Ok(WriteStatus::Taken));
        assert_eq!(far.played_in_theirs()[6], hand * 2.0);
    }
    let mut far = FarSide::with(OMEGA3);
    let mut device = far.open().unwrap();
    let wrench = Wrench {
        grip: 2.0,
        ..Wrench::default()
    };
    assert_eq!(device.write(&wrench), Ok(WriteStatus::Taken));
    assert_eq!(far.played_in_theirs(), [0.0; 7]);
}

#[test]
fn errors_in_the_tick_are_told_apart() {
    const COM: i32 = -2;
    let mut far = FarSide::with(OMEGA3);
    let mut device = far.open().unwrap();
    for call in [POSE, STATUS] {
        for (error, what) in [
            (-5, DevErr::Lost),
            (-8, DevErr::Fault { code: 8 }),
            (-18, DevErr::Fault { code: 18 }),
        ] {
            far.answer(call, error, 1);
            let reads = (0..SEEN_WITHIN).map(|_| device.read());
            let failed: Vec<_> = reads.filter_map(Result::err).collect();
            assert_eq!(failed, [what]);
        }
    }
    far.answer(PLAY, -8, 1);
    assert_eq!(device.write(&push(1.0)), Err(DevErr::Fault { code: 8 }));

    // Now and then an answer may be late; a device that gives none is gone.
    for _ in 0..5 {
        far.answer(POSE, COM, 10);
        for _ in 0..10 {
            assert_eq!(device.read(), Err(DevErr::Late));
        }
        ticks(device.as_mut(), 2, 0.0);
    }
    far.answer(POSE, COM, 100);
    let answers: Vec<_> = (0..30).map(|_| device.read().unwrap_err()).collect();
    assert_eq!(
        answers.iter().filter(|why| **why == DevErr::Late).count(),
        20
    );
    assert_eq!(answers.last(), Some(&DevErr::Lost));
}

#[test]
fn a_device_whose_status_says_that_it_is_gone_is_lost_in_every_tick() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = far.open().unwrap();
    ticks(device.as_mut(), 20, 1.0);
    far.act(Deed::NotConnected, true);
    let read: Vec<_> = (0..100).map(|_| device.read().err()).collect();
    let lost = read.iter().position(|why| *why == Some(DevErr::Lost));
    assert!(lost.is_some_and(|at| at < SEEN_WITHIN as usize), "{read:?}");
    let after = &read[lost.unwrap()..];
    assert!(after.iter().all(|why| *why == Some(DevErr::Lost)));
    // A status is no reason to give a device up that says otherwise later.
    far.act(Deed::NotConnected, false);
    ticks(device.as_mut(), 1, 0.0);
}

#[test]
fn readings_between_two_exchanges_do_not_count() {
    let mut far = FarSide::with(OMEGA7);
    let mut device = far.open().unwrap();
    far.step_us(100);
    let before = device.read().unwrap().seq;
    let after = ticks(device.as_mut(), 300, 0.0).seq;
    // The guard lets through one of three: 300 us are the first time after 250.
    assert_eq!(after - before, 100);
}

#[test]
fn what_a_device_did_not_take_as_it_was_is_told() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = far.open().unwrap();
    device.read().unwrap();
    far.answer(PLAY, 1, 1);
    assert_eq!(device.write(&push(1.0)), Ok(WriteStatus::TimeGuard));
    assert_eq!(device.write(&push(1.0)), Ok(WriteStatus::Taken));

    far.strength_n(3.0);
    assert_eq!(device.write(&push(4.0)), Ok(WriteStatus::Saturated));
    assert_eq!(far.played(), [0.0, 3.0, 0.0]);
    assert_eq!(device.write(&push(2.0)), Ok(WriteStatus::Taken));

    far.strength_n(f64::INFINITY);
    assert_eq!(device.write(&push(50.0)), Ok(WriteStatus::Saturated));
    assert_eq!(far.played(), [0.0, 12.0, 0.0]);
}
