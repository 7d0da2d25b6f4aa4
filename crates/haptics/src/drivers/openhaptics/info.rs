//! What the library tells of a device, and what is known of its class where it tells nothing
//! sensible.

use super::abi::{
    DRIVER_VERSION, INPUT_DOF, MAX_CONTINUOUS_FORCE, MAX_DAMPING, MAX_FORCE, MAX_STIFFNESS,
    MODEL_TYPE, Name, OUTPUT_DOF, SERIAL_NUMBER, USABLE_WORKSPACE, VENDOR, VERSION,
};
use super::calls::Hd;
use crate::device::{Ball, ClockOwner, DeviceInfo};

/// Metres in a millimetre.
const MM: f64 = 1e-3;
/// N/m in a N/mm, N s/m in a N s/mm.
const PER_MM: f64 = 1e3;

/// A class of devices. Limits: specification records of CHAI3D 3.3.0 (CPhantomDevices.cpp, BSD-3).
struct Class {
    /// Words of the model's name, lower case.
    words: &'static [&'static str],
    max_force_n: f64,
    continuous_force_n: f64,
    max_torque_nm: f64,
    max_stiffness: f64,
    max_rotational_stiffness: f64,
    max_damping: f64,
    radius_m: f64,
    mass_kg: f64,
}

/// Continuous forces and masses are those of the maker's data sheets (Touch: 0.88 N, 45 g;
/// Desktop and Touch X: 1.75 N, 45 g; Premium 1.5: 1.4 N, 75 g), from memory.
const CLASSES: &[Class] = &[
    Class {
        words: &["premium"],
        max_force_n: 8.5,
        continuous_force_n: 1.4,
        max_torque_nm: 0.188,
        max_stiffness: 800.0,
        max_rotational_stiffness: 0.3,
        max_damping: 5.0,
        radius_m: 0.12,
        mass_kg: 0.075,
    },
    Class {
        words: &["desktop", "touch x"],
        max_force_n: 7.9,
        continuous_force_n: 1.75,
        max_torque_nm: 0.0,
        max_stiffness: 1000.0,
        max_rotational_stiffness: 0.0,
        max_damping: 5.0,
        radius_m: 0.10,
        mass_kg: 0.045,
    },
    Class {
        words: &["omni"],
        max_force_n: 3.3,
        continuous_force_n: 0.88,
        max_torque_nm: 0.0,
        max_stiffness: 700.0,
        max_rotational_stiffness: 0.0,
        max_damping: 5.0,
        radius_m: 0.10,
        mass_kg: 0.045,
    },
    // The Touch, and whatever is not known: the weakest of them.
    Class {
        words: &[""],
        max_force_n: 3.3,
        continuous_force_n: 0.88,
        max_torque_nm: 0.0,
        max_stiffness: 400.0,
        max_rotational_stiffness: 0.0,
        max_damping: 4.0,
        radius_m: 0.075,
        mass_kg: 0.045,
    },
];

/// Step of the measured position, m: the Touch's nominal resolution (data sheet, about 450 dpi).
const RESOLUTION_M: f64 = 55e-6;
/// Viscous friction, N s/m, and Coulomb friction, N: of the sampled model that resembles a Touch
/// (the maker promises less than 0.26 N of backdrive friction). Both on the low side, since friction
/// is what makes a stiff spring stable.
const VISCOUS: f64 = 0.2;
const COULOMB_N: f64 = 0.1;
/// Rate of the servo, Hz: the library's default, and the rate of the loop.
pub(super) const RATE_HZ: u16 = 1000;

/// About the current device.
pub(super) fn info(hd: &Hd) -> DeviceInfo {
    let model = words(&[hd.text(VENDOR), hd.text(MODEL_TYPE)]);
    let class = class(&model);
    let named = DeviceInfo {
        model: if model.is_empty() {
            "3D Systems Touch or Phantom".to_owned()
        } else {
            model
        },
        serial: hd.text(SERIAL_NUMBER),
        software: software(hd),
        input_dof: if hd.integer(INPUT_DOF) == 3 { 3 } else { 6 },
        // Torque only where it is known how much is borne.
        output_dof: if hd.integer(OUTPUT_DOF) == 6 && class.max_torque_nm > 0.0 {
            6
        } else {
            3
        },
        rate_hz: f64::from(RATE_HZ),
        clock: ClockOwner::Callback,
        delay_ticks: 0,
        ..DeviceInfo::default()
    };
    limited_by(hd, class, named)
}

/// With what the device bears and renders.
fn limited_by(hd: &Hd, class: &Class, named: DeviceInfo) -> DeviceInfo {
    let told = |name: Name, unit: f64| hd.doubles(name)[0] * unit;
    let max_force_n = within(told(MAX_FORCE, 1.0), 0.5, 50.0, class.max_force_n);
    let continuous = class.continuous_force_n.min(max_force_n);
    let rotary = |of_class: f64| if named.output_dof == 6 { of_class } else { 0.0 };
    let stiffness = told(MAX_STIFFNESS, PER_MM);
    DeviceInfo {
        max_force_n,
        continuous_force_n: within(
            told(MAX_CONTINUOUS_FORCE, 1.0),
            0.1,
            max_force_n,
            continuous,
        ),
        max_torque_nm: rotary(class.max_torque_nm),
        max_stiffness: within(stiffness, 50.0, 20_000.0, class.max_stiffness),
        max_damping: within(told(MAX_DAMPING, PER_MM), 0.1, 100.0, class.max_damping),
        max_rotational_stiffness: rotary(class.max_rotational_stiffness),
        resolution_m: RESOLUTION_M,
        mass_kg: class.mass_kg,
        damping: VISCOUS,
        friction_n: COULOMB_N,
        workspace: workspace(&hd.doubles(USABLE_WORKSPACE), class.radius_m),
        // The arms are balanced by springs and counterweights; compensating on top of that would
        // lift the stylus.
        unborne_kg: 0.0,
        ..named
    }
}

fn class(model: &str) -> &'static Class {
    let model = model.to_lowercase();
    let fits = |class: &&Class| class.words.iter().any(|word| model.contains(word));
    CLASSES
        .iter()
        .find(fits)
        .unwrap_or(&CLASSES[CLASSES.len() - 1])
}

fn software(hd: &Hd) -> String {
    let named = |name: &str, text: String| {
        if text.is_empty() {
            text
        } else {
            format!("{name} {text}")
        }
    };
    words(&[
        named("OpenHaptics", hd.text(VERSION)),
        named("driver", hd.text(DRIVER_VERSION)),
    ])
}

fn words(parts: &[String]) -> String {
    let said: Vec<&str> = parts.iter().map(String::as_str).collect();
    said.join(" ").trim().to_owned()
}

/// `told` where it is a sensible number, what is known of the class otherwise.
fn within(told: f64, least: f64, most: f64, of_class: f64) -> f64 {
    if (least..=most).contains(&told) {
        told
    } else {
        of_class
    }
}

/// The ball about the middle of the usable box (lowest and highest corner, mm) with half its mean
/// side for a radius.
fn workspace(corners: &[f64; 16], radius_m: f64) -> Ball {
    let side = |axis: usize| corners[axis + 3] - corners[axis];
    let sides = [side(0), side(1), side(2)];
    if sides.iter().any(|side| !(20.0..=2000.0).contains(side)) {
        return Ball {
            center: [0.0; 3],
            radius: radius_m,
        };
    }
    Ball {
        center: [0, 1, 2].map(|axis| (corners[axis] + corners[axis + 3]) / 2.0 * MM),
        radius: sides.iter().sum::<f64>() / 6.0 * MM,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_a_class_and_the_unknown_is_the_weakest() {
        for (model, force) in [
            ("SensAble PHANTOM Omni", 3.3),
            ("SensAble PHANTOM Premium 1.5 6DOF", 8.5),
            ("Geomagic Touch X", 7.9),
            ("3D Systems Touch", 3.3),
            ("", 3.3),
        ] {
            assert_eq!(class(model).max_force_n, force, "{model}");
        }
    }

    #[test]
    fn the_workspace_is_the_box_or_the_class() {
        let mut corners = [0.0; 16];
        assert_eq!(workspace(&corners, 0.075).radius, 0.075);
        corners[..6].copy_from_slice(&[-80.0, -50.0, -70.0, 80.0, 70.0, 70.0]);
        let ball = workspace(&corners, 0.075);
        assert_eq!(ball.center, [0.0, 0.01, 0.0]);
        assert!((ball.radius - 0.07).abs() < 1e-15);
        corners[0] = f64::NAN;
        assert_eq!(workspace(&corners, 0.075).radius, 0.075);
    }
}
