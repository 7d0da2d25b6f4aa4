//! The driver for Force Dimension against a stand-in of the maker's library.

#[path = "../common/mod.rs"]
mod common;
#[path = "../conformance/mod.rs"]
mod conformance;
#[path = "../counting/mod.rs"]
mod counting;
mod device;
#[path = "../fakes/mod.rs"]
mod fakes;
mod far_side;
mod finding;
mod live;
mod motors;

use haptics::{HapticDevice, Sample, Wrench};

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
