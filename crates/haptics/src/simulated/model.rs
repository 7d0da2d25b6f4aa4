//! Devices made of numbers: mass, friction, encoder and delay of three classes of real ones.

use crate::device::{Ball, ClockOwner, DeviceInfo};

/// A point mass with friction, seen through an encoder and pushed by a force that is held from
/// tick to tick: the model that the stability of haptic loops is studied with (Colgate and Schenkel
/// 1997; Abbott and Okamura 2005; Diolaiti et al. 2006).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeviceModel {
    /// For `--device simulated:NAME`.
    pub name: &'static str,
    /// Apparent mass m at the handle, kg.
    pub mass_kg: f64,
    /// Viscous friction b, N s/m.
    pub damping: f64,
    /// Coulomb friction f_c, N.
    pub friction_n: f64,
    /// Step q of the encoders, m. Positions are told in whole steps.
    pub step_m: f64,
    /// Whole ticks from a write until the force acts, beyond the tick of the write itself.
    pub delay_ticks: u32,
    /// Largest force, N.
    pub max_force_n: f64,
    /// Stiffest spring it is told to render, N/m: what it bears at one tick of delay.
    pub max_stiffness: f64,
    /// Weight that is not borne by the device itself, as a mass, kg.
    pub unborne_kg: f64,
}

/// The models that `--device simulated:NAME` knows.
pub const DEVICE_MODELS: [DeviceModel; 3] = [TOUCH, INVERSE3, OMEGA];

/// Resembles a 3D Systems Touch.
pub const TOUCH: DeviceModel = DeviceModel {
    name: "touch",
    mass_kg: 0.05,
    damping: 0.2,
    friction_n: 0.1,
    step_m: 55e-6,
    delay_ticks: 0,
    max_force_n: 3.3,
    max_stiffness: 1_500.0,
    unborne_kg: 0.0,
};

/// Resembles a Haply Inverse3.
pub const INVERSE3: DeviceModel = DeviceModel {
    name: "inverse3",
    mass_kg: 0.15,
    damping: 0.5,
    friction_n: 0.1,
    step_m: 10e-6,
    delay_ticks: 1,
    max_force_n: 10.0,
    max_stiffness: 3_000.0,
    unborne_kg: 0.0,
};

/// Resembles a Force Dimension omega.
pub const OMEGA: DeviceModel = DeviceModel {
    name: "omega",
    mass_kg: 0.25,
    damping: 1.0,
    friction_n: 0.1,
    step_m: 10e-6,
    delay_ticks: 0,
    max_force_n: 12.0,
    max_stiffness: 4_000.0,
    unborne_kg: 0.0,
};

impl DeviceModel {
    /// The same with another delay.
    #[must_use]
    pub fn delayed(self, delay_ticks: u32) -> Self {
        Self {
            delay_ticks,
            ..self
        }
    }

    /// What such a device tells of itself.
    #[must_use]
    pub fn info(&self) -> DeviceInfo {
        DeviceInfo {
            model: format!("simulated {}-like device", self.name),
            output_dof: 3,
            max_force_n: self.max_force_n,
            continuous_force_n: self.max_force_n,
            max_stiffness: self.max_stiffness,
            resolution_m: self.step_m,
            mass_kg: self.mass_kg,
            damping: self.damping,
            friction_n: self.friction_n,
            workspace: Ball {
                center: [0.0; 3],
                radius: 0.08,
            },
            clock: if self.delay_ticks > 0 {
                ClockOwner::RequestResponse
            } else {
                ClockOwner::Host
            },
            delay_ticks: self.delay_ticks,
            unborne_kg: self.unborne_kg,
            ..DeviceInfo::default()
        }
    }
}
