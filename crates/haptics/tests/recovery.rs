//! T8: what happens to the hand when the loop is held up, on a virtual clock.

mod handled;

use haptics::{Arm, DEVICE_MODELS, DeviceModel, HapticDevice, WATCHDOG_TICKS};

use handled::{DT, Handled, Spring, options};

/// Loop and device after a hold.
struct Course {
    /// Force of each tick, N, upwards; a tick that was missed has that of the tick before.
    force: Vec<f64>,
    /// Force that acted on the hand meanwhile.
    acted: Vec<f64>,
    worst_j: f64,
    trips: u64,
    rises: f64,
}

const HOLD_AT: usize = 1_500;
const LENGTH: usize = 3_500;

/// A hand that presses and sways on a contact of 800 N/m; `hold` ticks are missed.
fn course(model: DeviceModel, hold: usize) -> Course {
    let mut hand = Handled::new(model, options(None)).started();
    assert!(
        hand.device
            .set_watchdog((WATCHDOG_TICKS as f64 * DT * 1e6) as u32)
    );
    let mut scene = Spring {
        top: 0.0,
        stiffness: 800.0,
    };
    let (mut force, mut acted) = (Vec::new(), Vec::new());
    let (mut last, mut rises) = (0.0_f64, 0.0_f64);
    let mut tick = 0;
    while tick < LENGTH {
        // A hand holds against what it presses: it does not fall through when the force goes.
        let sway = 0.3 * (std::f64::consts::TAU * 2.0 * tick as f64 * DT).sin();
        hand.device.set_arm(Arm {
            stiffness: 300.0,
            ..Arm::pushing([0.0, -1.0 + sway, 0.0], 3.0)
        });
        let missed = if tick == HOLD_AT { hold } else { 0 };
        for _ in 0..missed {
            hand.device.pass();
            force.push(last);
            acted.push(hand.device.acting()[1]);
        }
        hand.control.missed(missed as u64);
        let f = hand.tick(&mut scene).f[1];
        rises = rises.max(f - last);
        last = f;
        force.push(f);
        acted.push(hand.device.acting()[1]);
        tick += missed + 1;
    }
    Course {
        force,
        acted,
        worst_j: hand.device.energy().worst_j,
        trips: hand.control.counts().watchdog_trips,
        rises,
    }
}

#[test]
fn short_holds_leave_no_trace() {
    for model in DEVICE_MODELS {
        for delay in [0, 1] {
            let model = model.delayed(delay);
            let reference = course(model, 0);
            for hold in [1, 2, 5, 10] {
                let held = course(model, hold);
                let after = HOLD_AT + hold + 5;
                let (f, expected) = (held.force[after], reference.force[after]);
                let error = (f / expected - 1.0).abs();
                println!(
                    "T8 {:8} delay {delay}, {hold:2} ms: {:.2} % off after 5 ticks, {:.4} mJ",
                    model.name,
                    error * 100.0,
                    held.worst_j * 1e3
                );
                assert!(error < 0.05, "{f} N, without the hold {expected} N");
                assert_eq!(held.trips, 0);
                assert!(held.worst_j >= -1e-4 && held.rises <= 0.3 + 1e-12);
            }
        }
    }
}

#[test]
fn long_holds_take_the_force_away_and_bring_it_back_slowly() {
    for model in DEVICE_MODELS {
        for hold in [50, 200] {
            let held = course(model, hold);
            let gone = held.acted[HOLD_AT..]
                .iter()
                .position(|f| *f == 0.0)
                .unwrap();
            let back = HOLD_AT + hold;
            println!(
                "T8 {:8}, {hold:3} ms: force gone after {gone} ms, {:.4} mJ",
                model.name,
                held.worst_j * 1e3
            );
            assert!(gone <= WATCHDOG_TICKS as usize + 1, "{gone} ms");
            assert!(held.acted[HOLD_AT + gone..back].iter().all(|f| *f == 0.0));
            assert_eq!(held.trips, 1);
            // A ramp of 250 ms. The hand has sunk in meanwhile, so the force is more than half of
            // what it settles at in the middle; it has to come little by little all the same.
            let settled = held.force[LENGTH - 500..].iter().sum::<f64>() / 500.0;
            assert!(held.force[back].abs() < 1e-9);
            let (early, middle) = (held.force[back + 25], held.force[back + 125]);
            assert!(
                early < 0.5 * settled && middle > 0.25 * settled,
                "{early} {middle}"
            );
            assert!(held.force[back + 300] > 0.5 * settled);
            assert!(
                held.worst_j >= -1e-4 && held.rises <= 0.3 + 1e-12,
                "{}",
                held.worst_j
            );
        }
    }
}

/// A hand sinks into a contact of 300 N/m in ticks that give it less than the tissue's force, and lets go
/// when the force comes back: the worst of the balance of hand and device, J.
fn sunk_in(mut hand: Handled, without_force: impl Fn(&mut Handled, &mut Spring)) -> f64 {
    let mut scene = Spring {
        top: 0.0,
        stiffness: 300.0,
    };
    hand.device.set_arm(Arm::guided());
    hand.device.aim([0.0, -0.015, 0.0]);
    without_force(&mut hand, &mut scene);
    hand.device.set_arm(Arm::pushing([0.0; 3], 0.5));
    for _ in 0..1_000 {
        hand.tick(&mut scene);
    }
    hand.device.energy().worst_j
}

fn faulty(hand: &mut Handled, scene: &mut Spring) {
    for _ in 0..600 {
        hand.faulty_tick(scene);
    }
}

fn held_up(hand: &mut Handled, scene: &mut Spring) {
    for _ in 0..4 {
        for _ in 0..50 {
            hand.device.pass();
        }
        hand.control.missed(50);
        hand.tick(scene);
    }
}

fn on_the_ramp(hand: &mut Handled, scene: &mut Spring) {
    for _ in 0..300 {
        hand.tick(scene);
    }
}

#[test]
fn what_was_pressed_in_without_force_does_not_throw_the_hand_out() {
    for model in DEVICE_MODELS {
        for delay in [0, 1] {
            let fresh = || Handled::new(model.delayed(delay), options(None));
            let worst = [
                sunk_in(fresh().started(), faulty),
                sunk_in(fresh().started(), held_up),
                sunk_in(fresh(), on_the_ramp),
            ];
            let mj = worst.map(|j| 1e3 * j);
            println!("{:8} delay {delay}: {mj:.2?} mJ", model.name);
            assert!(
                worst.iter().all(|j| *j >= -1e-4),
                "{}: {worst:?} J",
                model.name
            );
        }
    }
}
