//! How stiff the hand may be held to the tool: what the device declares, and what a sampled loop
//! with its delay bears.
//!
//! A spring K with a damper B, sampled every T seconds and late by d whole ticks, on a device of
//! mass m, oscillates beyond a stiffness that grows with m / T^2 and falls with the delay (Colgate
//! and Schenkel 1997; Gil, Sanchez, Hulin and Preusche 2009). The largest stiffness without a limit
//! cycle was mapped for three device models, pressed against a wall that never yields (the picture in
//! `docs/haptics.md`, "Stability"); with
//!
//! ```text
//! K <= 0.06 m / (T^2 (1 + d^2))        B = 0.6 sqrt(K m)
//! ```
//!
//! all of them keep a margin of 1.4 and more at d = 0 ... 3. A declared limit counts where it is
//! smaller.

use serde::{Deserialize, Serialize};

use crate::control::ControlError;
use crate::device::DeviceInfo;
use crate::endless;

/// Stiffness and damping between hand and tool, as the device has to render them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gains {
    /// K, N/m. Infinite: the tool is where the hand is.
    #[serde(with = "endless")]
    pub stiffness: f64,
    /// B, N s/m.
    pub damping: f64,
    /// The same for turns, N m/rad. Infinite: the tool is turned as the hand is.
    #[serde(with = "endless")]
    pub rotational_stiffness: f64,
}

/// Share of `m / T^2` that is rendered without delay.
const STIFFNESS_SHARE: f64 = 0.06;
/// Share of `sqrt(K m)`.
const DAMPING_SHARE: f64 = 0.6;
/// Share of the rotational stiffness that a device declares.
const ROTATIONAL_SHARE: f64 = 0.5;
/// Mass where a device tells none, kg: that of the lightest.
const LIGHT_KG: f64 = 0.05;

impl Gains {
    /// No spring at all: for hands that cannot oscillate.
    pub const RIGID: Self = Self {
        stiffness: f64::INFINITY,
        damping: 0.0,
        rotational_stiffness: f64::INFINITY,
    };

    /// The stiffest coupling that a device bears at ticks of `dt` seconds.
    #[must_use]
    pub fn for_device(info: &DeviceInfo, dt: f64) -> Self {
        if info.max_stiffness.is_infinite() {
            return Self::RIGID;
        }
        let mass = mass_of(info);
        let delay = f64::from(info.delay_ticks);
        let sampled = STIFFNESS_SHARE * mass / (dt * dt * (1.0 + delay * delay));
        Self::matched(info, sampled.min(info.max_stiffness))
    }

    /// # Errors
    /// Where one is not a positive number; stiffness may be infinite.
    pub(super) fn check(&self) -> Result<(), ControlError> {
        for (name, value, least) in [
            ("stiffness", self.stiffness, f64::MIN_POSITIVE),
            ("damping", self.damping, 0.0),
            (
                "rotational_stiffness",
                self.rotational_stiffness,
                f64::MIN_POSITIVE,
            ),
        ] {
            if value.is_nan() || value < least {
                return Err(ControlError::Gain { name, value });
            }
        }
        Ok(())
    }

    /// A spring of `stiffness` (N/m) with the damper that suits the device.
    #[must_use]
    pub fn matched(info: &DeviceInfo, stiffness: f64) -> Self {
        let damping = DAMPING_SHARE * (stiffness * mass_of(info)).sqrt();
        Self {
            stiffness,
            damping: damping.min(info.max_damping),
            rotational_stiffness: if info.output_dof == 6 {
                ROTATIONAL_SHARE * info.max_rotational_stiffness
            } else {
                f64::INFINITY
            },
        }
    }
}

fn mass_of(info: &DeviceInfo) -> f64 {
    if info.mass_kg > 0.0 {
        info.mass_kg
    } else {
        LIGHT_KG
    }
}
