//! What each model bears.
//!
//! Forces, stiffness, damping, workspace and its middle: the specification record of CHAI3D 3.3
//! (`CDeltaDevices.cpp`), which agrees with the maker's sheets where both are known. Step of the
//! position: the maker's sheets, from memory. Mass and friction of the handle are told nowhere;
//! they are plausible values of the class, and no Coulomb friction is counted upon.

use std::ffi::c_int;

use super::abi::system;

/// A family of devices, and what is known about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Model {
    pub maker: &'static str,
    /// Where the library does not tell a name.
    pub name: &'static str,
    pub max_force_n: f64,
    /// Where the wrist has motors.
    pub max_torque_nm: f64,
    /// Where the gripper has a motor.
    pub max_grip_n: f64,
    pub max_stiffness: f64,
    pub max_rotational_stiffness: f64,
    pub max_damping: f64,
    pub workspace_m: f64,
    /// Middle of the workspace, m, in the maker's axes.
    pub middle: [f64; 3],
    pub resolution_m: f64,
    pub mass_kg: f64,
    pub damping: f64,
    /// Rate of the exchange over USB, Hz.
    pub rate_hz: f64,
}

const OMEGA: Model = Model {
    maker: "Force Dimension",
    name: "omega",
    max_force_n: 12.0,
    max_torque_nm: 0.0,
    max_grip_n: 8.0,
    max_stiffness: 5000.0,
    max_rotational_stiffness: 0.0,
    max_damping: 30.0,
    workspace_m: 0.075,
    middle: [0.0; 3],
    resolution_m: 1e-5,
    mass_kg: 0.25,
    damping: 1.0,
    rate_hz: 4000.0,
};

const SIGMA: Model = Model {
    name: "sigma",
    max_torque_nm: 0.2,
    max_stiffness: 4000.0,
    max_rotational_stiffness: 1.0,
    resolution_m: 1.5e-6,
    ..OMEGA
};

const LAMBDA: Model = Model {
    name: "lambda",
    max_stiffness: 8000.0,
    workspace_m: 0.1125,
    ..SIGMA
};

const DELTA: Model = Model {
    name: "delta",
    max_force_n: 20.0,
    workspace_m: 0.15,
    resolution_m: 3e-5,
    ..OMEGA
};

const FALCON: Model = Model {
    maker: "Novint",
    name: "Falcon",
    max_force_n: 8.0,
    max_stiffness: 3000.0,
    max_damping: 20.0,
    workspace_m: 0.04,
    resolution_m: 6e-5,
    rate_hz: 1000.0,
    ..OMEGA
};

/// A device of which only the protocol is known: it is asked for little.
const UNKNOWN: Model = Model {
    name: "device",
    max_force_n: 5.0,
    max_torque_nm: 0.05,
    max_grip_n: 2.0,
    max_stiffness: 1000.0,
    max_rotational_stiffness: 0.2,
    max_damping: 5.0,
    workspace_m: 0.05,
    rate_hz: 1000.0,
    ..OMEGA
};

/// The model of a system type; nothing for a controller without an arm.
pub(super) fn model(system_type: c_int) -> Option<Model> {
    let is = |pair: [c_int; 2]| pair.contains(&system_type);
    if is(system::CONTROLLER) {
        return None;
    }
    Some(match system_type {
        _ if is(system::OMEGA6) || is(system::OMEGA7) => OMEGA,
        _ if is(system::SIGMA7) => sigma7(system_type),
        _ if is(system::LAMBDA6) || is(system::LAMBDA7) => LAMBDA,
        system::OMEGA3 => OMEGA,
        system::SIGMA3 => SIGMA,
        system::LAMBDA3 => LAMBDA,
        system::DELTA3 => DELTA,
        system::FALCON => FALCON,
        _ => UNKNOWN,
    })
}

/// The workspace of a sigma.7 lies off the origin, to the side of its hand.
fn sigma7(system_type: c_int) -> Model {
    let right = system_type == system::SIGMA7[0];
    Model {
        middle: [0.01, if right { -0.02 } else { 0.02 }, 0.0],
        ..SIGMA
    }
}
