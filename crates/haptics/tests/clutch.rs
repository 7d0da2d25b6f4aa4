//! What the hand gets when the clutch is let go in the middle of a press.

mod handled;

use haptics::{Arm, ControlOptions, DEVICE_MODELS, DeviceModel, HapticDevice, Mapping};

use handled::{Handled, Spring, options};

/// Time of the ramp, ticks.
const RAMP: usize = 100;

fn clutched(ramp_s: Option<f64>) -> ControlOptions {
    let mut options = options(None);
    options.mapping = options.mapping.map(|mapping| Mapping {
        clutch: Some(0),
        ..mapping
    });
    if let Some(ramp_s) = ramp_s {
        options.safety.clutch_ramp_s = ramp_s;
    }
    options
}

/// What happened after the clutch was let go.
struct Release {
    /// N, a tick each.
    force: Vec<f64>,
    /// Fastest that the hand was pushed back, m/s.
    fastest: f64,
    worst_j: f64,
}

impl Release {
    fn settled(&self) -> f64 {
        self.force[self.force.len() - 1]
    }

    fn largest(&self) -> f64 {
        self.force.iter().copied().fold(0.0, f64::max)
    }

    /// Ticks until nine tenths of what it settles at.
    fn back_after(&self) -> usize {
        let share = 0.9 * self.settled();
        self.force.iter().position(|f| *f > share).unwrap()
    }
}

/// A hand presses a contact of 400 N/m, rests with the clutch held, and lets it go.
fn release(model: DeviceModel, ramp_s: Option<f64>) -> Release {
    let mut hand = Handled::new(model, clutched(ramp_s)).started();
    let mut scene = Spring {
        top: 0.0,
        stiffness: 400.0,
    };
    hand.device.set_arm(Arm::guided());
    hand.device.aim([0.0, -0.015, 0.0]);
    for tick in 0..1_000 {
        hand.device.press(u32::from(tick >= 600));
        hand.tick(&mut scene);
    }
    hand.device.press(0);
    let (mut force, mut fastest) = (Vec::new(), 0.0_f64);
    for _ in 0..1_000 {
        force.push(hand.tick(&mut scene).f[1]);
        fastest = fastest.max(hand.device.velocity()[1]);
    }
    Release {
        force,
        fastest,
        worst_j: hand.device.energy().worst_j,
    }
}

#[test]
fn after_the_clutch_the_force_leads_in_and_does_not_throw_the_hand() {
    for model in DEVICE_MODELS {
        let (led, at_once) = (release(model, None), release(model, Some(1e-3)));
        for (what, r) in [("led in", &led), ("at once", &at_once)] {
            println!(
                "{:8} {what}: {:.2} N at most, settles at {:.2} N, there after {} ms, {:.3} m/s",
                model.name,
                r.largest(),
                r.settled(),
                r.back_after(),
                r.fastest
            );
        }
        assert!(led.largest() < 1.25 * led.settled(), "{}", led.largest());
        assert!(at_once.largest() > 1.9 * at_once.settled());
        assert!(led.fastest < 0.55 * at_once.fastest, "{} m/s", led.fastest);
        assert!((20..RAMP).contains(&led.back_after()));
        assert!(led.worst_j >= -1e-4, "{} J", led.worst_j);
    }
}

#[test]
fn the_device_is_carried_while_the_clutch_is_held_and_after() {
    let heavy = DeviceModel {
        unborne_kg: 0.05,
        ..DEVICE_MODELS[1]
    };
    let mut hand = Handled::new(heavy, clutched(None)).started();
    let mut scene = Spring {
        top: -1.0,
        stiffness: 400.0,
    };
    for tick in 0..500 {
        hand.device.press(u32::from((100..300).contains(&tick)));
        let force = hand.tick(&mut scene).f[1];
        assert!((force - 0.05 * 9.806_65).abs() < 1e-9, "{tick}: {force} N");
    }
}
