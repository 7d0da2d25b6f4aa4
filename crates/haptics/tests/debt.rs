//! What the hand was never given is not the hand's to pay for.

use haptics::{Control, ControlOptions, DeviceInfo, NO_TURN, Sample, Wrench};
use softbody::Pose;

const DT: f64 = 1e-3;
const HOME: Pose = Pose {
    position: [0.0; 3],
    orientation: NO_TURN,
};

fn device() -> DeviceInfo {
    DeviceInfo {
        output_dof: 3,
        max_force_n: 3.3,
        max_stiffness: 1_000.0,
        mass_kg: 0.05,
        damping: 0.2,
        friction_n: 0.1,
        resolution_m: 55e-6,
        ..DeviceInfo::default()
    }
}

fn control(info: &DeviceInfo) -> Control {
    Control::new(info, &ControlOptions::default(), HOME, DT).unwrap()
}

/// A tick with the hand at `y` (m) and `force` (N) on the tool along y; what the hand is given.
fn tick(control: &mut Control, y: f64, force: f64) -> Wrench {
    control.take(&Sample {
        pos: [0.0, y, 0.0],
        ..Sample::default()
    });
    control.answer(&load(force))
}

fn load(force: f64) -> Wrench {
    Wrench {
        f: [0.0, force, 0.0],
        ..Wrench::default()
    }
}

/// Two seconds in air: the ramp of the start is over.
fn lead_in(control: &mut Control, y: f64) {
    for _ in 0..2_000 {
        tick(control, y, 0.0);
    }
}

/// Largest force (N) on a hand that goes up and down through air at 0.2 m/s, from the tenth of a
/// second on.
fn drag_in_air(control: &mut Control, from: f64) -> f64 {
    let mut y = from;
    let mut largest = 0.0_f64;
    for i in 0..600 {
        y += if i % 200 < 100 { 2e-4 } else { -2e-4 };
        let force = tick(control, y, 0.0).f[1].abs();
        if i >= 100 {
            largest = largest.max(force);
        }
    }
    largest
}

#[test]
fn what_a_limit_withheld_is_no_drag_in_air() {
    let mut control = control(&device());
    lead_in(&mut control, 0.0);
    // 20 N that never come back, as in what tears; the hand is given 3.3 N of them.
    let mut y = 0.0;
    for _ in 0..500 {
        y -= 2e-4;
        tick(&mut control, y, 20.0);
    }
    let drag = drag_in_air(&mut control, y);
    assert!(drag < 0.02, "{drag} N");
}

#[test]
fn what_the_tool_tore_on_its_glide_is_no_drag_in_air() {
    let mut control = control(&device());
    let away = -0.05;
    for _ in 0..190 {
        // 0.25 m/s against 5 N, while the hand is given nothing.
        assert_eq!(tick(&mut control, away, 5.0).f, [0.0; 3]);
    }
    lead_in(&mut control, away);
    let drag = drag_in_air(&mut control, away);
    assert!(drag < 0.02, "{drag} N");
}

#[test]
fn a_contact_after_a_fault_does_not_begin_with_a_debt() {
    let mut control = control(&device());
    lead_in(&mut control, 0.0);
    for _ in 0..100 {
        control.take(&Sample::default());
        control.silence(&load(3.0));
    }
    tick(&mut control, 0.0, 3.0);
    let debt = -control.passivity().unwrap().balance_j();
    assert!(debt < 1e-4, "{debt} J");
}

#[test]
fn a_leap_of_the_measured_place_is_no_work() {
    let mut control = control(&DeviceInfo {
        damping: 0.0,
        ..device()
    });
    lead_in(&mut control, 0.0);
    for _ in 0..200 {
        tick(&mut control, 0.0, 3.0);
    }
    control.take(&Sample {
        pos: [0.0, 0.1, 0.0],
        ..Sample::default()
    });
    control.silence(&load(3.0));
    let debt = -control.passivity().unwrap().balance_j();
    assert!(debt < 1e-4, "{debt} J");
}
