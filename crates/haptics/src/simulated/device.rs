//! A haptic device made of numbers, in the hand of an arm made of numbers: what the loop is tested
//! with where there is no hardware, and what `--device simulated` plays with.
//!
//! Device and hand are one mass `M = m_device + m_hand` in each axis,
//!
//! ```text
//! M x'' = F - b x' - f_c sign(x') - M_g g + k (r - x) + c (r' - x') + M r'' + p
//! ```
//!
//! with the device's force F held between writes and late by whole ticks, viscous and Coulomb
//! friction b and f_c, weight M_g, the arm's spring k and damper c that pull to the guide r
//! (`guide.rs`), and a push p. Positions are read in whole encoder steps.
//!
//! Integrated with [`PARTS`] semi-implicit Euler steps a tick, dampers implicit. Coulomb friction
//! takes at most `f_c h / M` of the speed in a step of h, and all of it where less is left: it
//! sticks exactly (a stopped mass under a push below f_c does not creep).

use crate::command::within_reach;
use crate::device::{
    DevErr, DeviceInfo, HapticDevice, NO_TURN, Sample, Status, Wrench, WriteStatus,
};
use crate::simulated::guide::Guide;
use crate::simulated::model::DeviceModel;
use crate::simulated::{HandError, positive};
use crate::vector::{add, dot, finite, limited, norm, scale, sub};

/// Steps of the device's own time in a tick.
pub const PARTS: u32 = 20;

/// Longest delay that a model may have, ticks.
pub const MAX_DELAY: usize = 8;

const STANDARD_GRAVITY: f64 = 9.806_65;

/// The arm that holds the device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arm {
    /// Moving mass of hand and finger, kg; 0 for a light grasp that adds none.
    pub mass_kg: f64,
    /// How stiffly the hand is held where it is wanted, N/m; 0 for a hand that only brakes.
    pub stiffness: f64,
    /// Damping of the grasp, N s/m.
    pub damping: f64,
    /// Constant push, N.
    pub push_n: [f64; 3],
    /// Rate of the guide, rad/s; the hand is `3 / rate` seconds behind a moving aim.
    pub aim_rate: f64,
    /// Largest speed of the guide, m/s.
    pub max_speed: f64,
}

impl Arm {
    /// A hand that goes where it is told: 400 N/m, critically damped, as a script's hand.
    #[must_use]
    pub fn guided() -> Self {
        Self {
            mass_kg: 0.1,
            stiffness: 400.0,
            damping: 15.0,
            push_n: [0.0; 3],
            aim_rate: 60.0,
            max_speed: 0.5,
        }
    }

    /// A loose hand that pushes with a force (N) and brakes a little (N s/m): the hardest case for
    /// a control loop, since a firm hand calms it.
    #[must_use]
    pub fn pushing(push_n: [f64; 3], damping: f64) -> Self {
        Self {
            mass_kg: 0.0,
            stiffness: 0.0,
            damping,
            push_n,
            ..Self::guided()
        }
    }
}

/// Where energy went since the start, J.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EnergyMeter {
    /// What the loop's force took out of the hand: `- sum F . dx` with the force that acted and the
    /// way the handle truly went. Negative: it has given energy.
    pub absorbed_j: f64,
    /// What the device's own friction turned into heat.
    pub dissipated_j: f64,
    /// Smallest sum of the two so far: below zero, the loop was active.
    pub worst_j: f64,
}

/// The device. Deterministic: same aims, pushes and forces in the same ticks, same bits.
#[derive(Clone, Debug)]
pub struct SimulatedDevice {
    info: DeviceInfo,
    model: DeviceModel,
    arm: Arm,
    dt: f64,
    aim: [f64; 3],
    guide: Guide,
    position: [f64; 3],
    velocity: [f64; 3],
    /// What was written, the latest last; the force that acts is `delay_ticks` older.
    written: [[f64; 3]; MAX_DELAY + 1],
    watchdog_ticks: Option<u32>,
    silent_ticks: u32,
    buttons: u32,
    seq: u64,
    energy: EnergyMeter,
}

impl SimulatedDevice {
    /// A device at rest at the origin of its frame, read every `dt` seconds.
    ///
    /// # Errors
    /// Where a value of model or arm is not a number in range.
    pub fn new(model: DeviceModel, arm: Arm, dt: f64) -> Result<Self, HandError> {
        check(&model, &arm, dt)?;
        Ok(Self {
            info: model.info(),
            model,
            arm,
            dt,
            aim: [0.0; 3],
            guide: Guide::at([0.0; 3]),
            position: [0.0; 3],
            velocity: [0.0; 3],
            written: [[0.0; 3]; MAX_DELAY + 1],
            watchdog_ticks: None,
            silent_ticks: 0,
            buttons: 0,
            seq: 0,
            energy: EnergyMeter::default(),
        })
    }

    /// Changes what the arm does from now on.
    pub fn set_arm(&mut self, arm: Arm) {
        self.arm = arm;
    }

    /// Where the handle truly is, m.
    #[must_use]
    pub fn position(&self) -> [f64; 3] {
        self.position
    }

    /// How fast it truly is, m/s.
    #[must_use]
    pub fn velocity(&self) -> [f64; 3] {
        self.velocity
    }

    /// The energy balance so far.
    #[must_use]
    pub fn energy(&self) -> EnergyMeter {
        self.energy
    }

    /// The force that acts until the next tick, N.
    #[must_use]
    pub fn acting(&self) -> [f64; 3] {
        self.written[MAX_DELAY - self.model.delay_ticks as usize]
    }

    /// A tick goes by in which nobody reads or writes: the force stays, until the watchdog.
    pub fn pass(&mut self) {
        self.silent_ticks += 1;
        if self
            .watchdog_ticks
            .is_some_and(|most| self.silent_ticks > most)
        {
            self.zero();
        }
        self.live_through_a_tick();
    }

    fn live_through_a_tick(&mut self) {
        let change = self
            .guide
            .step(self.aim, self.arm.aim_rate, self.arm.max_speed, self.dt);
        if self.arm.stiffness > 0.0 {
            self.velocity = add(self.velocity, change);
        }
        let h = self.dt / f64::from(PARTS);
        let force = self.acting();
        for _ in 0..PARTS {
            self.part(force, h);
        }
        let balance = self.energy.absorbed_j + self.energy.dissipated_j;
        self.energy.worst_j = self.energy.worst_j.min(balance);
        self.written.rotate_left(1);
        self.written[MAX_DELAY] = self.written[MAX_DELAY - 1];
    }

    fn part(&mut self, force: [f64; 3], h: f64) {
        let mass = self.model.mass_kg + self.arm.mass_kg;
        let moving = if self.arm.stiffness > 0.0 {
            self.guide.velocity
        } else {
            [0.0; 3]
        };
        let spring = scale(sub(self.guide.position, self.position), self.arm.stiffness);
        let grasp = add(spring, scale(moving, self.arm.damping));
        let mut push = add(add(grasp, self.arm.push_n), force);
        push[1] -= self.model.unborne_kg * STANDARD_GRAVITY;
        let drag = 1.0 + h * (self.arm.damping + self.model.damping) / mass;
        let free = scale(add(self.velocity, scale(push, h / mass)), 1.0 / drag);
        let (stopping, _) = limited(free, self.model.friction_n * h / (mass * drag));
        self.velocity = sub(free, stopping);
        let way = scale(self.velocity, h);
        self.position = add(self.position, way);
        self.energy.absorbed_j -= dot(force, way);
        let viscous = self.model.damping * dot(self.velocity, way);
        self.energy.dissipated_j += viscous + self.model.friction_n * norm(way);
    }

    fn told(&self) -> [f64; 3] {
        let step = self.model.step_m;
        self.position.map(|x| (x / step).round() * step)
    }
}

fn check(model: &DeviceModel, arm: &Arm, dt: f64) -> Result<(), HandError> {
    for (name, value) in [
        ("mass_kg", model.mass_kg),
        ("step_m", model.step_m),
        ("max_force_n", model.max_force_n),
        ("aim_rate", arm.aim_rate),
        ("max_speed", arm.max_speed),
        ("dt", dt),
    ] {
        positive(name, value)?;
    }
    for (name, value) in [
        ("damping", model.damping),
        ("friction_n", model.friction_n),
        ("unborne_kg", model.unborne_kg),
        ("the arm's mass_kg", arm.mass_kg),
        ("the arm's stiffness", arm.stiffness),
        ("the arm's damping", arm.damping),
    ] {
        if !(value.is_finite() && value >= 0.0) {
            return Err(HandError::Parameter { name, value });
        }
    }
    if model.delay_ticks as usize > MAX_DELAY {
        let value = f64::from(model.delay_ticks);
        return Err(HandError::Parameter {
            name: "delay_ticks",
            value,
        });
    }
    Ok(())
}

impl HapticDevice for SimulatedDevice {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.live_through_a_tick();
        self.seq += 1;
        Ok(Sample {
            seq: self.seq,
            pos: self.told(),
            rot: NO_TURN,
            grip: 0.0,
            buttons: self.buttons,
            status: Status::OK,
        })
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.silent_ticks = 0;
        let asked = if finite(wrench.f) { wrench.f } else { [0.0; 3] };
        let (force, saturated) = limited(asked, self.model.max_force_n);
        self.written[MAX_DELAY] = force;
        Ok(if saturated {
            WriteStatus::Saturated
        } else {
            WriteStatus::Taken
        })
    }

    fn zero(&mut self) {
        self.written = [[0.0; 3]; MAX_DELAY + 1];
    }

    fn set_watchdog(&mut self, us: u32) -> bool {
        let ticks = (f64::from(us) * 1e-6 / self.dt).round().max(1.0);
        self.watchdog_ticks = Some(ticks as u32);
        true
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
