//! A hand and a device made of numbers: a person's mouse or a script aims, the hand follows, and it
//! yields to the force that the device plays.
//!
//! Two stages, both in f64 with a fixed step h:
//!
//! 1. **The guide** `r` follows the aim smoothly, see `guide.rs`.
//! 2. **The hand on the device**, mass `m = m_hand + m_device`, is moved with the guide, pulled to it
//!    by the arm's spring k and damper c and pushed by the device's force F:
//!    `m x'' = m r'' + k (r - x) + c (r' - x') - b x' + F`, `c = 2 zeta sqrt(k m)` (a person knows
//!    the own arm's inertia; in free space x follows r). At rest against tissue
//!    of stiffness K it goes in `k / (k + K)` of the way it was told: the stiffer the spot, the
//!    further the hand stays behind.
//!
//! Semi-implicit Euler with the dampers implicit: stable for h sqrt(k / m) < 2, checked when built
//! with a wide margin. F is what was written in the tick before (zero-order hold), so a spring K is
//! rendered stably for K < 2 (c + b) / h (Colgate and Schenkel 1997), 30 kN/m with the defaults.

mod device;
mod guide;
mod model;

use thiserror::Error;

use crate::command::within_reach;
use crate::device::{Ball, DevErr, DeviceInfo, HapticDevice, Sample, Wrench, WriteStatus};
use crate::vector::{add, scale, sub};

use guide::Guide;

pub use device::{Arm, EnergyMeter, SimulatedDevice};
pub use model::{DEVICE_MODELS, DeviceModel, INVERSE3, OMEGA, TOUCH};

/// What a simulated hand is made of. All values positive, `device_damping` may be zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandModel {
    /// Moving mass of hand and finger, kg.
    pub hand_mass_kg: f64,
    /// Apparent mass of the device, kg.
    pub device_mass_kg: f64,
    /// Viscous friction of the device against the table, N s/m.
    pub device_damping: f64,
    /// Stiffness with which the arm holds the hand to where it wants it, N/m.
    pub stiffness: f64,
    /// Damping ratio of the arm; 1 is critical.
    pub damping_ratio: f64,
    /// Rate w of the guide, rad/s. The hand is `3 / w` seconds behind a moving aim.
    pub aim_rate: f64,
    /// Largest speed of the guide, m/s.
    pub max_speed: f64,
    /// Largest force the device plays, N.
    pub max_force_n: f64,
}

impl HandModel {
    /// A hand that a script moves: 400 N/m, 0.15 kg, critically damped, 50 ms behind.
    #[must_use]
    pub fn hand() -> Self {
        Self {
            hand_mass_kg: 0.1,
            device_mass_kg: 0.05,
            device_damping: 0.2,
            stiffness: 400.0,
            damping_ratio: 1.0,
            aim_rate: 60.0,
            max_speed: 0.5,
            max_force_n: 10.0,
        }
    }

    /// A mouse: stiffer and quicker, since the person's own arm is already in the aim.
    #[must_use]
    pub fn mouse() -> Self {
        Self {
            stiffness: 800.0,
            aim_rate: 90.0,
            max_speed: 1.0,
            ..Self::hand()
        }
    }
}

/// Why a hand could not be built.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum HandError {
    /// A parameter is not a positive number.
    #[error("simulated hand: {name} is {value}; give a positive number")]
    Parameter {
        /// Field of [`HandModel`], or `dt`.
        name: &'static str,
        /// What it was.
        value: f64,
    },
    /// The hand would start where its movement cannot be computed.
    #[error(
        "simulated hand: it starts at the coordinate {value} m; start within 1 km of the origin"
    )]
    Start {
        /// Offending coordinate, m.
        value: f64,
    },
    /// The tick is too long for the stiffness, mass or rate.
    #[error(
        "simulated hand: a rate of {rate} rad/s is too fast for ticks of {dt} s; \
         lower stiffness or aim_rate, or raise the mass"
    )]
    TooFast {
        /// Offending rate, rad/s.
        rate: f64,
        /// Tick, s.
        dt: f64,
    },
}

/// A device held by a simulated hand. Deterministic: the same aims in the same ticks and the same
/// forces give the same bits.
#[derive(Clone, Debug)]
pub struct SimulatedHand {
    info: DeviceInfo,
    model: HandModel,
    dt: f64,
    mass: f64,
    damping: f64,
    aim: [f64; 3],
    guide: Guide,
    position: [f64; 3],
    velocity: [f64; 3],
    force: [f64; 3],
    buttons: u32,
    seq: u64,
}

impl SimulatedHand {
    /// A hand at rest at `start` (m) that moves by `dt` (s) with each reading.
    ///
    /// # Errors
    /// Where a parameter is not positive and finite or too stiff for `dt`, or `start` is too far.
    pub fn new(model: HandModel, start: [f64; 3], dt: f64) -> Result<Self, HandError> {
        check(&model, start, dt)?;
        let mass = model.hand_mass_kg + model.device_mass_kg;
        Ok(Self {
            info: DeviceInfo {
                model: "simulated hand".to_owned(),
                max_force_n: model.max_force_n,
                output_dof: 3,
                workspace: Ball {
                    center: start,
                    ..Ball::default()
                },
                ..DeviceInfo::default()
            },
            dt,
            mass,
            damping: 2.0 * model.damping_ratio * (model.stiffness * mass).sqrt(),
            aim: start,
            guide: Guide::at(start),
            position: start,
            velocity: [0.0; 3],
            force: [0.0; 3],
            buttons: 0,
            seq: 0,
            model,
        })
    }

    fn step(&mut self) {
        let HandModel {
            stiffness,
            device_damping,
            aim_rate,
            max_speed,
            ..
        } = self.model;
        let change = self.guide.step(self.aim, aim_rate, max_speed, self.dt);
        let spring = scale(sub(self.guide.position, self.position), stiffness);
        let damper = scale(self.guide.velocity, self.damping);
        let push = add(add(spring, damper), self.force);
        let moved = add(self.velocity, change);
        let impulse = add(moved, scale(push, self.dt / self.mass));
        let drag = 1.0 + self.dt * (self.damping + device_damping) / self.mass;
        self.velocity = scale(impulse, 1.0 / drag);
        self.position = add(self.position, scale(self.velocity, self.dt));
    }
}

/// Largest `rate * dt` accepted: the scheme is stable far beyond, but no longer accurate.
const MAX_RATE_DT: f64 = 0.3;

fn positive(name: &'static str, value: f64) -> Result<(), HandError> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(HandError::Parameter { name, value })
    }
}

fn check(model: &HandModel, start: [f64; 3], dt: f64) -> Result<(), HandError> {
    let values = [
        ("hand_mass_kg", model.hand_mass_kg),
        ("device_mass_kg", model.device_mass_kg),
        ("stiffness", model.stiffness),
        ("damping_ratio", model.damping_ratio),
        ("aim_rate", model.aim_rate),
        ("max_speed", model.max_speed),
        ("max_force_n", model.max_force_n),
        ("dt", dt),
    ];
    for (name, value) in values {
        positive(name, value)?;
    }
    let value = model.device_damping;
    if !(value.is_finite() && value >= 0.0) {
        return Err(HandError::Parameter {
            name: "device_damping",
            value,
        });
    }
    if let Some(&value) = start.iter().find(|x| !within_reach([**x, 0.0, 0.0])) {
        return Err(HandError::Start { value });
    }
    let natural = (model.stiffness / (model.hand_mass_kg + model.device_mass_kg)).sqrt();
    for rate in [natural, model.aim_rate] {
        if rate * dt > MAX_RATE_DT {
            return Err(HandError::TooFast { rate, dt });
        }
    }
    Ok(())
}

impl HapticDevice for SimulatedHand {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.step();
        self.seq += 1;
        Ok(Sample {
            seq: self.seq,
            pos: self.position,
            buttons: self.buttons,
            ..Sample::default()
        })
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.force = wrench.f;
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {
        self.force = [0.0; 3];
    }

    fn aim(&mut self, point: [f64; 3]) {
        if within_reach(point) {
            self.aim = point;
        }
    }

    fn press(&mut self, buttons: u32) {
        self.buttons = buttons;
    }
}

#[cfg(test)]
mod tests;
