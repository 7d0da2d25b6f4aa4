//! When the motors are on, who switches them off and who on again.

use haptics::{Fault, Happening, Status, Tick, TickOptions, drivers};

use crate::common;
use crate::conformance::Fixture;
use crate::far_side::{Deed, FarSide, PLAY};
use crate::{OMEGA3, SEEN_WITHIN, SIGMA7, push, ticks};

#[test]
fn the_hardware_lets_go_when_the_loop_stalls_and_is_led_in_again() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = far.open().unwrap();
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
    let mut device = far.open().unwrap();
    for (us, count) in [(0, 1), (125, 1), (126, 2), (31_875, 255), (1_000_000, 255)] {
        assert!(device.set_watchdog(us));
        assert_eq!(far.known().watchdog, count, "{us} us");
    }
}

#[test]
fn who_switched_the_motors_off_by_hand_switches_them_on_again() {
    let mut far = FarSide::with(OMEGA3);
    let mut device = far.open().unwrap();
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
    let mut device = far.open().unwrap();
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
        let mut device = far.open().unwrap();
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
fn a_zero_that_is_not_taken_switches_the_motors_off() {
    for answer in [1, -2] {
        let mut far = FarSide::with(OMEGA3);
        let mut device = far.open().unwrap();
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

/// The ticks in which `fault` is told, of `count` ticks.
fn told(tick: &mut Tick, count: u32, fault: Fault) -> u32 {
    let mut told = 0;
    for _ in 0..count {
        tick.advance([], 0);
        let events = tick.events().iter();
        told += events
            .filter(|event| event.what == Happening::Fault(fault))
            .count() as u32;
    }
    told
}

#[test]
fn the_tick_tells_once_that_the_force_is_off_and_goes_on() {
    let mut far = FarSide::with(SIGMA7);
    let mut device = far.open().unwrap();
    assert!(device.set_watchdog(20_000));
    let mut tick = Tick::new(common::world(), device, TickOptions::default()).unwrap();
    let off = Fault::DeviceStatus(Status::FORCE_OFF);
    assert_eq!(told(&mut tick, 500, off), 0);
    assert_eq!(tick.control_counts().safety.silenced, 0);
    for stalls in 1..=3 {
        far.wait_us(50_000);
        assert_eq!(told(&mut tick, 500, off), 1);
        assert!(far.known().motors_on);
        // Silent from the status that tells it to the one that takes it back.
        assert_eq!(tick.control_counts().safety.silenced, 8 * stalls);
    }
    assert_eq!(far.known().sent_in_vain, 0);
    drop(tick);
    assert!(!far.known().motors_on && far.known().opened == 0);
}
