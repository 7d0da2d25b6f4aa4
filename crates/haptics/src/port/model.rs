//! What a port is made of, and where its numbers come from.
//!
//! | value | default | from |
//! | --- | --- | --- |
//! | length | 0.33 m | usual laparoscopic instruments have shafts of 330 mm |
//! | kinetic friction | 0.6 N | chosen: geometric middle of 0.25-3.0 N, a moist shaft 30 % less |
//! | presliding | 2 mm | chosen: the papers name the seal's deformation but give no distance |
//! | shaft radius | 2.5 mm | the 5 mm shaft of the same measurements |
//! | viscous friction | 0 | friction is said to depend on speed, no coefficient was found |
//!
//! Friction of six trocars on a 5 mm shaft: 0.25-3.0 N; 15-45 % less when moistened; swings of
//! 0.2-2.5 N when the movement starts or reverses (van den Dobbelsteen, Schooleman and Dankelman
//! 2007, Surg. Endosc. 21:1338). In 12 mm ports 0.25-8 N, 75 % less with silicone oil (Proc. Inst.
//! Mech. Eng. H 229:271, 2015).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::command::within_reach;

/// Friction between an instrument's shaft and the seal of its port.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortFriction {
    /// Friction while the shaft slides, N; a reversal swings the force by twice as much. 0: none.
    pub kinetic_n: f64,
    /// How far the seal is dragged along until the shaft slides, m.
    pub presliding_m: f64,
    /// Friction that grows with speed, N s/m.
    pub viscous_n_s_per_m: f64,
    /// Radius of the shaft, m: the lever of the friction against turning. 0: it turns freely.
    pub shaft_radius_m: f64,
}

impl Default for PortFriction {
    fn default() -> Self {
        Self {
            kinetic_n: 0.6,
            presliding_m: 2e-3,
            viscous_n_s_per_m: 0.0,
            shaft_radius_m: 2.5e-3,
        }
    }
}

impl PortFriction {
    /// Stiffness of the seal before the shaft slides, N/m.
    #[must_use]
    pub fn stiffness(&self) -> f64 {
        self.kinetic_n / self.presliding_m
    }

    /// The same friction over a presliding distance so long that the seal is not stiffer than
    /// `k_max` (N/m); none where `k_max` is not a positive number.
    ///
    /// With `k_max = 2 (b - c) / T`, b the device's own damping, c the viscous friction and T the
    /// tick, the sampled friction is passive (Colgate and Schenkel 1997). What a virtual coupling
    /// takes of the device's stiffness has to be subtracted.
    #[must_use]
    pub fn limit_stiffness(self, k_max: f64) -> Self {
        if !(k_max.is_finite() && k_max > 0.0) {
            return Self {
                kinetic_n: 0.0,
                ..self
            };
        }
        Self {
            presliding_m: self.presliding_m.max(self.kinetic_n / k_max),
            ..self
        }
    }
}

/// A port and the instrument in it: a property of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortModel {
    /// Whether there is a port. Without one the tool is where the handle is.
    pub on: bool,
    /// The point of the abdominal wall that the shaft turns about, in the world, m.
    pub pivot: [f64; 3],
    /// From the point of the handle that the device tracks to the tool's position (the tip), along
    /// the shaft, m.
    pub length_m: f64,
    /// How near the handle can come to the pivot, m: the hub lies on the port. The lever grows to
    /// `(length_m - min_outside_m) / min_outside_m`.
    pub min_outside_m: f64,
    /// Friction of the seal.
    pub friction: PortFriction,
}

impl Default for PortModel {
    fn default() -> Self {
        Self {
            on: false,
            pivot: [0.0; 3],
            length_m: 0.33,
            min_outside_m: 0.03,
            friction: PortFriction::default(),
        }
    }
}

/// Why a port was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("port: {name} is {value}; give {need}")]
pub struct PortError {
    /// Field of [`PortModel`] or [`PortFriction`].
    pub name: &'static str,
    /// What it was.
    pub value: f64,
    /// What it may be.
    pub need: &'static str,
}

impl PortModel {
    /// # Errors
    /// Where a value is not a number or beyond what an instrument can be.
    pub(super) fn check(&self) -> Result<(), PortError> {
        if !within_reach(self.pivot) {
            let value = self
                .pivot
                .into_iter()
                .find(|x| !within_reach([*x, 0.0, 0.0]));
            return Err(PortError {
                name: "pivot",
                value: value.unwrap_or(f64::NAN),
                need: "a point within 1 km of the origin, in metres",
            });
        }
        let (length, outside) = (self.length_m, self.min_outside_m);
        let friction = &self.friction;
        let (kinetic, presliding) = (friction.kinetic_n, friction.presliding_m);
        let (viscous, radius) = (friction.viscous_n_s_per_m, friction.shaft_radius_m);
        let ranges = [
            (
                "length_m",
                length,
                (0.05..=2.0).contains(&length),
                "0.05 to 2 m",
            ),
            (
                "min_outside_m",
                outside,
                outside >= 5e-3 && outside <= 0.5 * length,
                "at least 0.005 m and at most half of length_m",
            ),
            (
                "kinetic_n",
                kinetic,
                (0.0..=20.0).contains(&kinetic),
                "0 to 20 N",
            ),
            (
                "presliding_m",
                presliding,
                (1e-6..=0.1).contains(&presliding),
                "0.000001 to 0.1 m",
            ),
            (
                "viscous_n_s_per_m",
                viscous,
                (0.0..=100.0).contains(&viscous),
                "0 to 100 N s/m",
            ),
            (
                "shaft_radius_m",
                radius,
                (0.0..=0.02).contains(&radius),
                "0 to 0.02 m",
            ),
        ];
        for (name, value, fine, need) in ranges {
            if !fine {
                return Err(PortError { name, value, need });
            }
        }
        Ok(())
    }
}
