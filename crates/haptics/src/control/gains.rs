//! How stiff the hand may be held to the tool: what the device declares, and what a sampled loop
//! with its delay bears.
//!
//! A spring K with a damper B, sampled every T seconds and late by d whole ticks, on a device of
//! mass m, oscillates beyond a stiffness that grows with m / T^2 and falls with the delay (Colgate
//! and Schenkel 1997; Gil, Sanchez, Hulin and Preusche 2009). The largest stiffness without a limit
//! cycle was mapped for three device models (`docs/haptics.md`, "Stability"); with
//!
//! ```text
//! K <= 0.06 m / (T^2 2^d)        B = 0.6 sqrt(K m)
//! ```
//!
//! all of them keep a margin of two and more at d = 0 ... 3. A declared limit counts where it is
//! smaller.

use crate::device::DeviceInfo;

/// Stiffness and damping between hand and tool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gains {
    /// K, N/m. Infinite: the tool is where the hand is.
    pub stiffness: f64,
    /// B, N s/m.
    pub damping: f64,
}

/// Share of `m / T^2` that is rendered without delay.
const STIFFNESS_SHARE: f64 = 0.06;
/// Share of `sqrt(K m)`.
const DAMPING_SHARE: f64 = 0.6;
/// Mass where a device tells none, kg: that of the lightest.
const LIGHT_KG: f64 = 0.05;

impl Gains {
    /// No spring at all: for hands that cannot oscillate.
    pub const RIGID: Self = Self {
        stiffness: f64::INFINITY,
        damping: 0.0,
    };

    /// The stiffest coupling that a device bears at ticks of `dt` seconds.
    #[must_use]
    pub fn for_device(info: &DeviceInfo, dt: f64) -> Self {
        if info.max_stiffness.is_infinite() {
            return Self::RIGID;
        }
        let mass = mass_of(info);
        let delay = 0.5_f64.powi(info.delay_ticks.min(64) as i32);
        let sampled = STIFFNESS_SHARE * mass / (dt * dt) * delay;
        Self::matched(info, sampled.min(info.max_stiffness))
    }

    /// A spring of `stiffness` (N/m) with the damper that suits the device.
    #[must_use]
    pub fn matched(info: &DeviceInfo, stiffness: f64) -> Self {
        let damping = DAMPING_SHARE * (stiffness * mass_of(info)).sqrt();
        Self {
            stiffness,
            damping: damping.min(info.max_damping),
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
