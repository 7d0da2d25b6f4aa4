//! The driver for Force Dimension against a stand-in of the maker's library.

mod conformance;
mod counting;
mod drd_far_side;
mod fakes;

use conformance::{Fixture, conforms};
use drd_far_side::{Alone, Deed, FarSide, PLAY, POSE, STATUS};
use haptics::drivers::{self, Sighting};
use haptics::{DevErr, HapticDevice, NO_TURN, OpenError, Sample, Status, Wrench, WriteStatus};

const OMEGA3: i32 = 33;
const OMEGA7: i32 = 35;
const OMEGA7_LEFT: i32 = 37;
const FALCON: i32 = 60;
const CONTROLLER: i32 = 81;
const UNKNOWN: i32 = 91;
const SIGMA7: i32 = 104;
const SIGMA7_LEFT: i32 = 105;

/// Ticks within which a status of the device has to have come through.
const SEEN_WITHIN: u32 = 10;

fn opened(far: &mut FarSide) -> Box<dyn HapticDevice> {
    far.open().unwrap()
}

fn push(newton: f64) -> Wrench {
    Wrench {
        f: [0.0, newton, 0.0],
        ..Wrench::default()
    }
}

/// Ticks with this force; the last reading.
fn ticks(device: &mut dyn HapticDevice, count: u32, newton: f64) -> Sample {
    let mut last = Sample::default();
    for _ in 0..count {
        last = device.read().unwrap();
        device.write(&push(newton)).unwrap();
    }
    last
}

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
fn what_a_device_is_and_bears_is_told() {
    let mut far = FarSide::with(SIGMA7);
    let device = opened(&mut far);
    let info = device.info();
    assert_eq!(info.model, "Force Dimension sigma.7");
    assert_eq!(info.serial, "40123");
    assert_eq!(info.software, "Force Dimension SDK 3.17.5, controller 3.25");
    assert_eq!((info.input_dof, info.output_dof), (6, 6));
    assert_eq!((info.max_force_n, info.max_torque_nm), (12.0, 0.2));
    // 2 cm to the left of the origin, 1 cm towards the person.
    assert_eq!(info.workspace.center, [-0.02, 0.0, 0.01]);
    assert!(info.bears_own_weight && far.known().carried);
    assert_eq!(far.known().limit_mn, 12_000);
    drop(device);
    drop(far);

    let mut far = FarSide::with(OMEGA7);
    let device = opened(&mut far);
    let info = device.info();
    assert_eq!((info.input_dof, info.output_dof), (6, 3));
    assert_eq!(
        (info.max_torque_nm, info.max_rotational_stiffness),
        (0.0, 0.0)
    );
    drop(device);
    drop(far);

    // It tells no name of its own.
    let mut far = FarSide::with(FALCON);
    assert_eq!(opened(&mut far).info().model, "Novint Falcon");
}

#[test]
fn torque_turns_about_the_axis_that_was_meant() {
    let mut far = FarSide::with(SIGMA7);
    let mut device = opened(&mut far);
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
        let mut device = opened(&mut far);
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
    let mut device = opened(&mut far);
    let wrench = Wrench {
        grip: 2.0,
        ..Wrench::default()
    };
    assert_eq!(device.write(&wrench), Ok(WriteStatus::Taken));
    assert_eq!(far.played_in_theirs(), [0.0; 7]);
}

#[test]
fn the_hardware_lets_go_when_the_loop_stalls_and_is_led_in_again() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = opened(&mut far);
    assert!(device.set_watchdog(20_000));
    assert_eq!(far.known().watchdog, 160);
    assert_eq!(ticks(device.as_mut(), 100, 2.0).status, Status::OK);
    assert_eq!(far.played(), [0.0, 2.0, 0.0]);
    far.wait_us(21_000);
    assert_eq!(far.played(), [0.0; 3]);

    // The loop goes on. Nothing is felt until it has been told, and no tick brings a force at once.
    let mut told = false;
    for _ in 0..SEEN_WITHIN {
        let status = device.read().unwrap().status;
        device.write(&push(2.0)).unwrap();
        assert_eq!(far.played(), [0.0; 3]);
        told |= status == Status::FORCE_OFF;
    }
    assert!(told, "not told within {SEEN_WITHIN} ticks");
    assert_eq!(ticks(device.as_mut(), SEEN_WITHIN, 2.0).status, Status::OK);
    assert_eq!(far.played(), [0.0, 2.0, 0.0]);

    drop(device);
    assert_eq!(far.known().watchdog, 0, "left for the next program");
}

#[test]
fn a_watchdog_is_set_to_what_the_hardware_can_count() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = opened(&mut far);
    for (us, count) in [(0, 1), (125, 1), (126, 2), (31_875, 255), (1_000_000, 255)] {
        assert!(device.set_watchdog(us));
        assert_eq!(far.known().watchdog, count, "{us} us");
    }
}

#[test]
fn who_switched_the_motors_off_by_hand_switches_them_on_again() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = opened(&mut far);
    ticks(device.as_mut(), 20, 1.0);
    for (deed, off, status) in [
        (Deed::ForceButton, false, Status::FORCE_OFF),
        (
            Deed::TooFast,
            true,
            Status::FORCE_OFF.with(Status::OVERLOAD),
        ),
    ] {
        far.act(deed, off);
        let told = ticks(device.as_mut(), SEEN_WITHIN, 1.0).status;
        assert_eq!(told, status);
        assert_eq!(ticks(device.as_mut(), 100, 1.0).status, status);
        assert!(!far.known().motors_on);
        // The hand feels nothing of what was asked for meanwhile.
        far.act(Deed::ForceButton, true);
        assert_eq!(far.played(), [0.0; 3]);
        assert_eq!(ticks(device.as_mut(), SEEN_WITHIN, 1.0).status, Status::OK);
        assert_eq!(far.played(), [0.0, 1.0, 0.0]);
    }
}

#[test]
fn an_error_of_the_controller_takes_the_force_away() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = opened(&mut far);
    ticks(device.as_mut(), 20, 1.0);
    far.act(Deed::ControllerError, true);
    let told = ticks(device.as_mut(), SEEN_WITHIN, 1.0).status;
    assert_eq!(told, Status::FORCE_OFF);
    assert_eq!(far.played(), [0.0; 3]);
}

#[test]
fn an_arm_without_calibration_gets_no_force_and_does_not_move_by_itself() {
    for system_type in [OMEGA3, SIGMA7] {
        let mut far = FarSide::with(system_type);
        far.act(Deed::Calibrate, false);
        let mut device = opened(&mut far);
        let told = ticks(device.as_mut(), 50, 1.0).status;
        assert!(told.has(Status::UNCALIBRATED), "{told:?}");
        let known = far.known();
        assert!(!known.motors_on && known.moved_by_itself == 0, "{known:?}");
        assert_eq!(known.sent_in_vain, 0);

        // Somebody puts the handle into its rest position.
        far.act(Deed::Calibrate, true);
        assert!(
            ticks(device.as_mut(), SEEN_WITHIN, 1.0)
                .status
                .has(Status::FORCE_OFF)
        );
        assert_eq!(ticks(device.as_mut(), SEEN_WITHIN, 1.0).status, Status::OK);
        assert_eq!(far.played(), [0.0, 1.0, 0.0]);

        // And presses the button for a new calibration.
        far.act(Deed::Calibrate, false);
        let told = ticks(device.as_mut(), SEEN_WITHIN, 1.0).status;
        assert!(told.has(Status::UNCALIBRATED), "{told:?}");
        assert!(!far.known().motors_on);
    }
}

#[test]
fn an_arm_moves_by_itself_where_it_is_asked_to_and_has_to() {
    for (calibrated, moves) in [(false, 1), (true, 0)] {
        let far = FarSide::with(SIGMA7);
        far.act(Deed::Calibrate, calibrated);
        let mut device = drivers::open("forcedimension:0,calibrate").unwrap();
        assert_eq!(far.known().moved_by_itself, moves);
        assert_eq!(ticks(device.as_mut(), 20, 1.0).status, Status::OK);
        assert!(far.known().motors_on);
        drop(device);
        assert_eq!(far.known().opened, 0);
    }
}

#[test]
fn errors_in_the_tick_are_told_apart() {
    const COM: i32 = -2;
    let mut far = FarSide::with(OMEGA3);
    let mut device = opened(&mut far);
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
fn readings_between_two_exchanges_do_not_count() {
    let mut far = FarSide::with(OMEGA7);
    let mut device = opened(&mut far);
    far.step_us(100);
    let before = device.read().unwrap().seq;
    let after = ticks(device.as_mut(), 300, 0.0).seq;
    // The guard lets through one of three: 300 us are the first time after 250.
    assert_eq!(after - before, 100);
}

#[test]
fn what_a_device_did_not_take_as_it_was_is_told() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = opened(&mut far);
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

#[test]
fn a_zero_that_is_not_taken_switches_the_motors_off() {
    for answer in [1, -2] {
        let mut far = FarSide::with(OMEGA3);
        let mut device = opened(&mut far);
        ticks(device.as_mut(), 20, 1.0);
        far.answer(PLAY, answer, 1);
        device.zero();
        assert!(!far.known().motors_on);
        assert_eq!(far.played(), [0.0; 3]);
        // The driver did it, so it also undoes it.
        assert!(ticks(device.as_mut(), 1, 1.0).status.has(Status::FORCE_OFF));
        assert_eq!(
            ticks(device.as_mut(), 2 * SEEN_WITHIN, 1.0).status,
            Status::OK
        );
        assert_eq!(far.played(), [0.0, 1.0, 0.0]);
    }
}

#[test]
fn a_device_is_found_by_index_and_by_serial_number() {
    let far = FarSide::with(OMEGA3);
    far.add(SIGMA7, 7);
    far.add(OMEGA7, 1);
    for (name, serial) in [
        ("forcedimension", "40123"),
        ("forcedimension:0", "40123"),
        ("forcedimension:2", "1"),
        // An index comes before a serial number.
        ("forcedimension:1", "7"),
        ("forcedimension:7", "7"),
        ("forcedimension:40123", "40123"),
    ] {
        let device = drivers::open(name).unwrap();
        assert_eq!(device.info().serial, serial, "{name}");
    }
    for name in ["forcedimension:8", "forcedimension:left"] {
        let why = drivers::open(name).err().unwrap();
        assert!(matches!(why, OpenError::NotConnected { .. }), "{why}");
    }
    assert!((0..3).all(|index| far.known_of(index).opened == 0));
}

#[test]
fn a_device_in_use_is_not_opened_twice() {
    let far = FarSide::with(OMEGA3);
    let first = drivers::open("forcedimension").unwrap();
    let why = drivers::open("forcedimension:0").err().unwrap();
    assert!(matches!(why, OpenError::Refused { .. }), "{why}");
    // With a second one, "the first" is the first that is free.
    far.add(SIGMA7, 7);
    let second = drivers::open("forcedimension").unwrap();
    assert_eq!(second.info().serial, "7");
    drop((first, second));

    far.at(1, Deed::UsedElsewhere, true);
    let why = drivers::open("forcedimension:1").err().unwrap();
    assert!(why.to_string().contains("other program"), "{why}");
    assert_eq!(
        drivers::open("forcedimension").unwrap().info().serial,
        "40123"
    );
}

#[test]
fn a_controller_without_an_arm_is_refused() {
    let mut far = FarSide::with(CONTROLLER);
    let why = far.open().err().unwrap();
    assert!(matches!(why, OpenError::Refused { .. }), "{why}");
    assert_eq!(far.known().opened, 0);
}

fn sightings() -> Vec<Sighting> {
    let all = drivers::survey().into_iter();
    all.filter(|sighting| sighting.name.starts_with("forcedimension"))
        .collect()
}

#[test]
fn looking_disturbs_no_device() {
    let far = FarSide::with(OMEGA3);
    far.add(SIGMA7, 7);
    let mut device = drivers::open("forcedimension:0").unwrap();
    let seen = sightings();
    let names: Vec<_> = seen.iter().map(|sighting| sighting.name.as_str()).collect();
    assert_eq!(names, ["forcedimension:0", "forcedimension:1"]);
    assert!(seen.iter().all(|sighting| sighting.here));
    assert_eq!((far.known_of(0).opened, far.known_of(1).opened), (1, 0));
    assert_eq!(ticks(device.as_mut(), 20, 1.0).status, Status::OK);
}

#[test]
fn where_there_is_no_device_a_person_is_told_what_to_check() {
    let mut far = FarSide::of_version([3, 16, 0]);
    let seen = sightings();
    assert!(
        matches!(&seen[..], [sighting] if !sighting.here),
        "{seen:?}"
    );
    assert!(seen[0].why.contains("udev"), "{seen:?}");
    let why = far.open().err().unwrap();
    assert!(matches!(why, OpenError::NotConnected { .. }), "{why}");
}

#[test]
fn a_library_of_another_time_is_refused() {
    for (version, known) in [
        ([3, 9, 1], false),
        ([3, 15, 0], false),
        ([3, 16, 0], true),
        ([3, 30, 0], true),
        ([4, 0, 0], false),
    ] {
        let mut far = FarSide::of_version(version);
        far.add(OMEGA3, 1);
        match far.open() {
            Ok(_) => assert!(known, "{version:?}"),
            Err(OpenError::Version { found, .. }) => {
                assert!(!known && found.contains(&version[1].to_string()), "{found}");
                assert_eq!(sightings().len(), 1);
            }
            Err(why) => panic!("{version:?}: {why}"),
        }
    }
}

#[test]
fn an_absent_library_is_told_with_where_it_was_looked_for() {
    let path = "/nowhere/libdrd.so";
    let _alone = Alone::with(path);
    match drivers::open("forcedimension").err() {
        Some(OpenError::LibraryMissing { looked_for, .. }) => assert_eq!(looked_for, [path]),
        other => panic!("{other:?}"),
    }
    let seen = sightings();
    assert!(!seen[0].here && seen[0].why.contains(path), "{seen:?}");
}

#[test]
fn a_file_that_is_no_library_is_told_with_the_reason() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let _alone = Alone::with(path);
    match drivers::open("forcedimension").err() {
        Some(OpenError::LibraryMissing { looked_for, .. }) => {
            assert!(looked_for.len() == 2 && looked_for[1].len() > path.len() + 2);
        }
        other => panic!("{other:?}"),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_library_without_the_functions_is_told_by_the_first_that_lacks() {
    let _alone = Alone::with("libc.so.6");
    match drivers::open("forcedimension").err() {
        Some(OpenError::SymbolMissing { symbol, .. }) => assert_eq!(symbol, "dhdGetSDKVersion"),
        other => panic!("{other:?}"),
    }
}
