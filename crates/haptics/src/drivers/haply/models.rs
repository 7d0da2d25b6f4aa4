//! What Haply's devices bear. No data sheet could be read: forces and resolution are recollected,
//! mass and friction are a class's, see each line.

use crate::device::{Ball, ClockOwner, DeviceInfo, Wrench, WriteStatus};
use crate::vector::limited;

use super::axes::from_haply;

/// Where the handle is at ease, Haply's axes, m: the example state of the service's documentation
/// (websocket-protocol, 3.5).
const CENTER_M: [f64; 3] = [0.0, -0.12, 0.15];

/// What is known about a model, by the service's `config.type` ("inverse3", "inverse3x",
/// "minverse").
pub(in crate::drivers) fn info(kind: &str) -> DeviceInfo {
    let (model, radius, max_force_n) = match kind {
        // Radii: tutorial 05 of the service's documentation. Forces: 10 N peak recollected for the
        // Inverse3; none found for the Minverse, so that of the smallest class (3.3 N, Touch).
        "minverse" => ("Haply Minverse", 0.04, 3.3),
        "inverse3x" => ("Haply Inverse3x", 0.10, 10.0),
        _ => ("Haply Inverse3", 0.10, 10.0),
    };
    DeviceInfo {
        model: model.to_owned(),
        output_dof: 3,
        max_force_n,
        // Half of what a sampled model of such a device (150 g, 0.5 N s/m, 0.1 N, 10 um) holds
        // without a limit cycle at one tick of delay: 6 362 N/m with matched damping; no energy is
        // made up to 4 000 N/m with 4 .. 18 N s/m.
        max_stiffness: 3_000.0,
        max_damping: 18.0,
        resolution_m: 1e-5,
        mass_kg: 0.15,
        damping: 0.5,
        friction_n: 0.1,
        workspace: Ball {
            center: from_haply(CENTER_M),
            radius,
        },
        clock: ClockOwner::RequestResponse,
        delay_ticks: 1,
        ..DeviceInfo::default()
    }
}

/// The force of `wrench`, no longer than the device bears; none at all where any of it is no
/// number.
pub(in crate::drivers) fn bearable(wrench: &Wrench, max_n: f64) -> ([f64; 3], WriteStatus) {
    match limited(wrench.f, max_n) {
        (force, true) => (force, WriteStatus::Saturated),
        (force, false) => (force, WriteStatus::Taken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forces_keep_their_direction_and_numbers_that_are_none_do_not_pass() {
        let of = |f| {
            let wrench = Wrench {
                f,
                ..Wrench::default()
            };
            bearable(&wrench, 10.0)
        };
        assert_eq!(of([3.0, 0.0, 4.0]), ([3.0, 0.0, 4.0], WriteStatus::Taken));
        let (long, status) = of([30.0, 0.0, 40.0]);
        assert!((long[0] - 6.0).abs() < 1e-12 && (long[2] - 8.0).abs() < 1e-12);
        assert_eq!(status, WriteStatus::Saturated);
        for bad in [f64::NAN, f64::INFINITY, 1e200] {
            assert_eq!(of([0.0, bad, 1.0]).0, [0.0; 3]);
        }
    }
}
