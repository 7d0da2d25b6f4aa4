//! How the hand's space lies in the world: what turns the device's pose into the tool's, and the
//! tissue's force into the hand's.
//!
//! Positions are scaled about a pair of origins, directions are turned, nothing else:
//!
//! ```text
//! p_world  = origin_world + scale R (p_device - origin_device)      R: device -> world
//! q_tool   = R q_handle T                                           T: tool -> handle (tool_turn)
//! f_device = force_scale R^-1 f_world
//! t_device = (force_scale / scale) R^-1 t_world
//! ```
//!
//! Torques get another factor than forces because levers are scaled, too: a force F at an arm l in
//! the world is force_scale F at an arm l/scale in the hand. With it a turn and a movement exchange
//! the same share of energy:
//!
//! ```text
//! f_device . v_device = (force_scale / scale) f_world . v_world     and the same for t . omega
//! ```
//!
//! So a constant scaling makes no energy: a passive world stays passive in the hand (Colgate 1993,
//! power-scaling telemanipulation). What it changes is how stiff, damped and heavy things are:
//! lengths shrink by `scale` and forces grow by `force_scale` on the way to the hand, so
//!
//! ```text
//! k_device = scale force_scale k_world          b and m likewise          N/m, N s/m, kg
//! k_device = (force_scale / scale) k_world      of a rotational spring    N m/rad
//! ```
//!
//! and it is `k_device` that a sampled loop has to hold: a wall is passive only while
//! k_device < 2 (b - |B|) / T (Colgate and Schenkel 1997).

mod state;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::command::REACH_M;
use crate::device::{Ball, NO_TURN, Wrench};
use crate::rotation::{length, normalised, rotate_back};
use crate::vector::{add, finite, norm, scale, sub};

pub use state::MappingState;

/// Least and largest [`Mapping::scale`] and, but for zero, [`Mapping::force_scale`].
pub const SCALE_RANGE: (f64, f64) = (0.01, 100.0);

/// Largest scale that [`Mapping::fitted`] chooses: beyond, a hand's tremor is too large for an
/// organ, and the clutch reaches the rest of the field.
pub const LARGEST_FIT: f64 = 3.0;

/// How far a quaternion's length may be from 1: what is left of rounding it to four digits.
const UNIT_TOLERANCE: f64 = 1e-3;

/// How the hand's space lies in the world. A value: [`MappingState`] is what the clutch changes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Turns the device frame into the world, unit quaternion (w, x, y, z).
    pub rotation: [f64; 4],
    /// Metres of the tool in a metre of the hand.
    pub scale: f64,
    /// The point of the device frame that lies at `origin_world`, m.
    pub origin_device: [f64; 3],
    /// The point of the world that lies at `origin_device`, m.
    pub origin_world: [f64; 3],
    /// Newtons in the hand for a newton at the tool; 0 for none.
    pub force_scale: f64,
    /// How the tool sits in the handle: turns the tool's own axes into the handle's.
    pub tool_turn: [f64; 4],
    /// The button (bit of [`Sample::buttons`](crate::Sample::buttons), counted from 0) that parts
    /// hand and tool while it is held.
    pub clutch: Option<u32>,
    /// Whether the clutch parts their turns, too. Otherwise the tool turns with the handle even
    /// while its place is held, and is turned like the handle always.
    pub clutch_turns: bool,
}

impl Default for Mapping {
    fn default() -> Self {
        Self::identity()
    }
}

impl Mapping {
    /// The device frame is the world: 1 to 1, no clutch.
    #[must_use]
    pub const fn identity() -> Self {
        Self {
            rotation: NO_TURN,
            scale: 1.0,
            origin_device: [0.0; 3],
            origin_world: [0.0; 3],
            force_scale: 1.0,
            tool_turn: NO_TURN,
            clutch: None,
            clutch_turns: true,
        }
    }

    /// Lays a device's reach over a field of the world, given by opposite corners of the box around
    /// it (m): middle on middle, away from the person stays away. One to one where the reach goes
    /// around the field; otherwise as much larger as it takes, up to [`LARGEST_FIT`]. Forces are
    /// felt as they are.
    #[must_use]
    pub fn fitted(reach: &Ball, low: [f64; 3], high: [f64; 3]) -> Self {
        let needed = 0.5 * norm(sub(high, low)) / reach.radius;
        Self {
            scale: needed.clamp(1.0, LARGEST_FIT),
            origin_device: reach.center,
            origin_world: scale(add(low, high), 0.5),
            ..Self::identity()
        }
    }

    /// The same with quaternions of length 1 to the last bit.
    ///
    /// # Errors
    /// Where a field is out of range.
    pub fn checked(self) -> Result<Self, MappingError> {
        let (least, most) = SCALE_RANGE;
        if !(least..=most).contains(&self.scale) {
            return Err(MappingError::Scale(self.scale));
        }
        if self.force_scale != 0.0 && !(least..=most).contains(&self.force_scale) {
            return Err(MappingError::ForceScale(self.force_scale));
        }
        for (name, point) in [
            ("origin_device", self.origin_device),
            ("origin_world", self.origin_world),
        ] {
            if !finite(point) || norm(point) > REACH_M {
                return Err(MappingError::Origin { name, point });
            }
        }
        if let Some(bit) = self.clutch.filter(|&bit| bit >= u32::BITS) {
            return Err(MappingError::Clutch(bit));
        }
        Ok(Self {
            rotation: unit("rotation", self.rotation)?,
            tool_turn: unit("tool_turn", self.tool_turn)?,
            ..self
        })
    }

    /// What the hand is given for a force and a torque that act on the tool in the world: what the
    /// hand feels, the torque about the tool's position. Numbers that are none pass through; the
    /// safety chain behind it stops them. While the clutch is held the hand has to get nothing.
    #[must_use]
    pub fn force_to_device(&self, world_force: [f64; 3], world_torque: [f64; 3]) -> Wrench {
        Wrench {
            f: scale(rotate_back(self.rotation, world_force), self.force_scale),
            t: scale(
                rotate_back(self.rotation, world_torque),
                self.energy_share(),
            ),
            grip: 0.0,
        }
    }

    /// Energy in the hand for a joule at the tool.
    #[must_use]
    pub fn energy_share(&self) -> f64 {
        self.force_scale / self.scale
    }

    /// What a stiffness (N/m), damping (N s/m) or mass (kg) of the world is in the hand. Keep it
    /// below what the device renders: [`DeviceInfo::max_stiffness`](crate::DeviceInfo).
    #[must_use]
    pub fn device_stiffness(&self, world: f64) -> f64 {
        world * self.scale * self.force_scale
    }

    /// What a rotational stiffness of the world (N m/rad) is in the hand: turns are not scaled.
    #[must_use]
    pub fn device_rotational_stiffness(&self, world: f64) -> f64 {
        world * self.energy_share()
    }
}

fn unit(name: &'static str, q: [f64; 4]) -> Result<[f64; 4], MappingError> {
    let off = (length(q) - 1.0).abs();
    normalised(q)
        .filter(|_| off < UNIT_TOLERANCE)
        .ok_or(MappingError::Rotation {
            name,
            length: length(q),
        })
}

/// Why a mapping was refused.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum MappingError {
    /// The scale is not a number in its range.
    #[error("mapping: scale is {0}; give metres of tool per metre of hand, 0.01 to 100")]
    Scale(f64),
    /// The scale of forces is not a number in its range.
    #[error("mapping: force_scale is {0}; give 0.01 to 100, or 0 for no force in the hand")]
    ForceScale(f64),
    /// A quaternion is none, or not of length 1.
    #[error("mapping: {name} has length {length}; give a unit quaternion (w, x, y, z)")]
    Rotation {
        /// The field.
        name: &'static str,
        /// As it was.
        length: f64,
    },
    /// An origin is not a place, or too far away.
    #[error("mapping: {name} is {point:?}; give three numbers in metres, within 1 km")]
    Origin {
        /// The field.
        name: &'static str,
        /// As it was.
        point: [f64; 3],
    },
    /// There is no such button.
    #[error("mapping: clutch is button {0}; give a number from 0 to 31")]
    Clutch(u32),
}

#[cfg(test)]
mod tests;
