//! An instrument of 330 mm in a port at the origin.

use haptics::{Port, PortFriction, PortModel};

/// m
pub const LENGTH: f64 = 0.33;
/// s
pub const TICK: f64 = 1e-3;

/// A port at the origin with a 330 mm instrument.
pub fn port(friction: PortFriction) -> Port {
    Port::new(PortModel {
        on: true,
        friction,
        ..PortModel::default()
    })
    .unwrap()
}

/// The handle straight above the port so that the tip is `depth` inside.
pub fn above(depth: f64) -> [f64; 3] {
    [0.0, LENGTH - depth, 0.0]
}

pub fn near(a: f64, b: f64, error: f64) -> bool {
    (a - b).abs() <= error
}
