//! What is known about a device before the loop starts.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::endless;

/// Who says when a tick begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockOwner {
    /// We do: reading and writing are calls that return at once.
    #[default]
    Host,
    /// The maker's servo thread calls us (OpenHaptics).
    Callback,
    /// The device answers each message with one of its own (Haply): a pose is one tick old.
    RequestResponse,
}

/// A ball in the device frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ball {
    /// Middle, m.
    pub center: [f64; 3],
    /// Radius, m.
    pub radius: f64,
}

impl Default for Ball {
    /// The hand's easy reach over a table: 10 cm around the origin.
    fn default() -> Self {
        Self {
            center: [0.0; 3],
            radius: 0.1,
        }
    }
}

/// What a device is and bears. Values of the maker where they are told, of the device's class
/// otherwise; what is not known stays at its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceInfo {
    /// Maker and model, for people and for the record.
    pub model: String,
    /// Serial number, empty where there is none. Not written into records.
    #[serde(skip)]
    pub serial: String,
    /// Versions of driver, service and firmware, for the record; empty where not told.
    pub software: String,
    /// Coordinates that are measured: 2, 3 (position) or 6 (orientation too).
    pub input_dof: u8,
    /// Coordinates in which the hand can be pushed: 0 (none), 3 (force) or 6 (torque too).
    pub output_dof: u8,
    /// Largest force the device may be asked for, N. The safety chain never exceeds it.
    #[serde(with = "endless")]
    pub max_force_n: f64,
    /// Force it bears without end, N.
    #[serde(with = "endless")]
    pub continuous_force_n: f64,
    /// Largest torque, N m; 0 where it has none.
    pub max_torque_nm: f64,
    /// Stiffest spring the device renders, N/m. Infinite for devices that need no virtual
    /// coupling, because nothing of them can oscillate.
    #[serde(with = "endless")]
    pub max_stiffness: f64,
    /// Largest damping it renders, N s/m.
    #[serde(with = "endless")]
    pub max_damping: f64,
    /// Stiffest rotational spring, N m/rad.
    #[serde(with = "endless")]
    pub max_rotational_stiffness: f64,
    /// Step of the measured position, m; 0 where it is as fine as numbers are.
    pub resolution_m: f64,
    /// Apparent mass at the handle, kg.
    pub mass_kg: f64,
    /// Viscous friction b, N s/m.
    pub damping: f64,
    /// Coulomb friction, N.
    pub friction_n: f64,
    /// Where the handle can be.
    pub workspace: Ball,
    /// Rate of the device's own loop, Hz.
    pub rate_hz: f64,
    /// Who says when a tick begins.
    pub clock: ClockOwner,
    /// Whole ticks from a write until the force acts, beyond the tick of the write itself.
    pub delay_ticks: u32,
    /// Weight at the handle that the device does not bear by itself, as a mass, kg; the loop carries
    /// it for the hand.
    pub unborne_kg: f64,
}

/// What a device tells of itself is no sensible number.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error(
    "device: it tells {value} for its {name}, which cannot be; update its firmware and its driver"
)]
pub struct InfoError {
    /// Field of [`DeviceInfo`].
    pub name: &'static str,
    /// What was told.
    pub value: f64,
}

impl DeviceInfo {
    /// Refuses what no device can be, before limits and gains are made of it.
    ///
    /// # Errors
    /// Where a number is none, or negative, or has no bound that must have one.
    pub fn check(&self) -> Result<(), InfoError> {
        let bounds = [
            ("max_force_n", self.max_force_n),
            ("continuous_force_n", self.continuous_force_n),
            ("max_torque_nm", self.max_torque_nm),
            ("max_stiffness", self.max_stiffness),
            ("max_damping", self.max_damping),
            ("max_rotational_stiffness", self.max_rotational_stiffness),
        ];
        let [x, y, z] = self.workspace.center.map(f64::abs);
        let sizes = [
            ("resolution_m", self.resolution_m),
            ("mass_kg", self.mass_kg),
            ("damping", self.damping),
            ("friction_n", self.friction_n),
            ("unborne_kg", self.unborne_kg),
            ("workspace.radius", self.workspace.radius),
            ("workspace.center", x),
            ("workspace.center", y),
            ("workspace.center", z),
        ];
        let unlike_a_bound = |(_, value): &&(_, f64)| value.is_nan() || *value < 0.0;
        let unlike_a_size = |(_, value): &&(_, f64)| !value.is_finite() || *value < 0.0;
        let wrong = bounds.iter().find(unlike_a_bound);
        match wrong.or_else(|| sizes.iter().find(unlike_a_size)) {
            Some(&(name, value)) => Err(InfoError { name, value }),
            None => Ok(()),
        }
    }

    /// Whether `other` is a device of the same kind, so that what was chosen for this one fits it.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let bare = |info: &Self| Self {
            serial: String::new(),
            software: String::new(),
            ..info.clone()
        };
        bare(self) == bare(other)
    }
}

impl Default for DeviceInfo {
    /// A pointer without force: no friction, no limit, nothing known.
    fn default() -> Self {
        Self {
            model: String::new(),
            serial: String::new(),
            software: String::new(),
            input_dof: 3,
            output_dof: 0,
            max_force_n: f64::INFINITY,
            continuous_force_n: f64::INFINITY,
            max_torque_nm: 0.0,
            max_stiffness: f64::INFINITY,
            max_damping: f64::INFINITY,
            max_rotational_stiffness: f64::INFINITY,
            resolution_m: 0.0,
            mass_kg: 0.0,
            damping: 0.0,
            friction_n: 0.0,
            workspace: Ball::default(),
            rate_hz: 1000.0,
            clock: ClockOwner::Host,
            delay_ticks: 0,
            unborne_kg: 0.0,
        }
    }
}
