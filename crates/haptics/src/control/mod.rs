//! From the hand to the tool and back: everything between a device's reading and what is written to
//! it, but for the tissue.
//!
//! ```text
//! sample + deflection ─> mapping, clutch ─> port ─> leash ─> tool         at the start of a tick
//! tissue ─> port's lever ─> mapping ─> coupling ─> + port's friction
//!        ─> passivity ─> safety ─> wrench                                  at its end
//! ```
//!
//! Where the tissue is told by a [local model](LocalModel), the tool's place, its contacts and the
//! coupling's deflection are found together ([`Control::feel`]) instead of one tick after the other.
//!
//! Pure: no clock, no device, no tissue. The same samples and forces give the same bits.

mod coupling;
mod gains;
mod leash;
mod local;
mod passivity;
mod render;

use serde::{Deserialize, Serialize};
use softbody::Pose;
use thiserror::Error;

use crate::device::{DeviceInfo, InfoError, NO_TURN, Sample, Wrench};
use crate::mapping::{Mapping, MappingError, MappingState};
use crate::port::{Port, PortError, PortModel, PortState};
use crate::rotation::{difference, from_vector, multiply};
use crate::safety::{LimitError, Safety, SafetyCounts, SafetyLimits};
use crate::vector::{add, dot, finite, scale, sub};

pub use coupling::Coupling;
pub use gains::Gains;
pub use local::{Compliance, Felt, Law, LocalModel, MOST_ROWS, Row, alike};
pub use passivity::Passivity;
pub use render::{FADE_OUT_S, LARGEST_STEP_N, LIFE_PERIODS, Rendering, TissueCounts};

use leash::Leash;
use local::give;

/// What lies between hand and tool.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ControlOptions {
    /// How the device's space lies in the world; None: its middle lies where the tool is (or
    /// the handle of an instrument in a port).
    pub mapping: Option<Mapping>,
    /// The port that the instrument goes through.
    pub port: PortModel,
    /// The virtual coupling; None for the stiffest that the device bears.
    pub gains: Option<Gains>,
    /// Whether the loop's energy is watched and braked.
    pub passivity: bool,
    /// What the hand may be given.
    pub safety: SafetyLimits,
}

impl Default for ControlOptions {
    fn default() -> Self {
        Self {
            mapping: None,
            port: PortModel::default(),
            gains: None,
            passivity: true,
            safety: SafetyLimits::default(),
        }
    }
}

impl ControlOptions {
    /// The mapping where none is given: the middle of the device's reach lies where the `tool` is,
    /// or the handle of its instrument, one to one.
    ///
    /// # Errors
    /// Where the port is out of range.
    pub fn centred(&self, info: &DeviceInfo, tool: [f64; 3]) -> Result<Mapping, ControlError> {
        Ok(centred(info, Port::new(self.port)?.handle_for(tool)))
    }
}

/// What control had to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ControlCounts {
    /// What the safety chain did.
    pub safety: SafetyCounts,
    /// Ticks in which the passivity controller braked.
    pub braked: u64,
    /// Times that the loop was held up so long that the force had to come back by a ramp.
    pub watchdog_trips: u64,
    /// Times that the hand's place leapt.
    pub leaps: u64,
}

/// Missed ticks from which the force comes back by a ramp: the device's own watchdog has taken it.
pub const WATCHDOG_TICKS: u64 = 20;

/// Stiffness of the port's seal in the hand, as a share of the coupling's.
const SEAL_SHARE: f64 = 0.25;

const STANDARD_GRAVITY: f64 = 9.806_65;

/// Why control could not be built.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum ControlError {
    /// What the device tells of itself cannot be.
    #[error(transparent)]
    Device(#[from] InfoError),
    /// A safety limit is none.
    #[error(transparent)]
    Safety(#[from] LimitError),
    /// The mapping is out of range.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The port is out of range.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The gains are no positive numbers.
    #[error("coupling: {name} is {value}; give a positive number")]
    Gain {
        /// Field of [`Gains`].
        name: &'static str,
        /// What it was.
        value: f64,
    },
}

/// The chain and its state.
#[derive(Clone, Debug)]
pub struct Control {
    dt: f64,
    mapping: MappingState,
    port: Port,
    leash: Leash,
    coupling: Coupling,
    passivity: Option<Passivity>,
    safety: Safety,
    carry: [f64; 3],
    tool: Pose,
    before: Pose,
    clutched: bool,
    /// How the deflected handle is turned, and by how much in this tick, device frame.
    handle_rot: [f64; 4],
    handle_turn: [f64; 3],
    by_model: bool,
    /// Whether there was a reading in this tick.
    seen: bool,
    /// Ticks in which the force comes back after the clutch, and how many of them have gone by.
    lead_in: u32,
    led_in: u32,
    /// The tissue's force in the tick before, N.
    last: [f64; 3],
    /// What the device plays, and what it played before the last answer.
    playing: Wrench,
    played: Wrench,
    watchdog_trips: u64,
    leaps: u64,
    started: bool,
}

impl Control {
    /// For a device whose tool is at `tool`, at ticks of `dt` seconds.
    ///
    /// # Errors
    /// Where an option is out of its range.
    pub fn new(
        info: &DeviceInfo,
        options: &ControlOptions,
        tool: Pose,
        dt: f64,
    ) -> Result<Self, ControlError> {
        info.check()?;
        let gains = options.gains.unwrap_or_else(|| Gains::for_device(info, dt));
        gains.check()?;
        let watched = options.passivity && info.output_dof > 0 && info.mass_kg > 0.0;
        let mut port = Port::new(options.port)?;
        let handle = port.handle_for(tool.position);
        let mapping = options.mapping.unwrap_or_else(|| centred(info, handle));
        soften(&mut port, &mapping, gains);
        let safety = Safety::new(options.safety, info, dt)?;
        let lead_in = (options.safety.clutch_ramp_s / dt).round().max(1.0) as u32;
        Ok(Self {
            dt,
            mapping: MappingState::new(mapping)?,
            port,
            leash: Leash::new(tool.position, dt),
            coupling: Coupling::new(gains, dt).behind(mapping.device_stiffness(1.0)),
            passivity: watched.then(|| Passivity::new(info, dt)),
            safety,
            carry: [0.0, info.unborne_kg * STANDARD_GRAVITY, 0.0],
            tool,
            before: tool,
            clutched: false,
            handle_rot: NO_TURN,
            handle_turn: [0.0; 3],
            by_model: false,
            seen: false,
            lead_in,
            led_in: lead_in,
            last: [0.0; 3],
            playing: Wrench::default(),
            played: Wrench::default(),
            watchdog_trips: 0,
            leaps: 0,
            started: false,
        })
    }

    /// The same for tissue that is told by local models: call [`feel`](Self::feel) once between
    /// [`take`](Self::take) and [`answer`](Self::answer).
    #[must_use]
    pub fn by_model(self) -> Self {
        Self {
            by_model: true,
            ..self
        }
    }

    /// Takes in a reading; true where the tool's place leapt.
    pub fn take(&mut self, sample: &Sample) -> bool {
        let (place, turn) = match self.coupling.deflection() {
            (_, turn) if self.by_model => ([0.0; 3], turn),
            both => both,
        };
        let deflected = Sample {
            pos: add(sample.pos, place),
            rot: multiply(from_vector(turn), sample.rot),
            ..*sample
        };
        self.handle_turn = difference(self.handle_rot, deflected.rot);
        self.handle_rot = deflected.rot;
        let (handle, clutched) = self.mapping.to_world(&deflected);
        self.clutched = clutched;
        let tip = self.port.to_tip(handle.position, handle.orientation);
        self.before = self.tool;
        let leapt = self.leash.follow(tip.tip);
        if leapt {
            self.forget(); // no hand went that way: it is no work
        }
        if let Some(passivity) = &mut self.passivity {
            passivity.observe(sample.pos, sample.rot);
        }
        self.seen = true;
        let leapt = leapt && self.started;
        self.started |= !self.leash.behind();
        self.leaps += u64::from(leapt);
        self.tool = Pose {
            position: self.leash.place(),
            orientation: tip.orientation,
        };
        leapt
    }

    /// Where the tool has to be at the end of this tick.
    #[must_use]
    pub fn tool(&self) -> Pose {
        self.tool
    }

    /// What the models of `rendering` do in `tick` to the tool, turned by `orientation`, and where it
    /// stands with that: from here on [`tool`](Self::tool).
    pub fn feel(&mut self, tick: u64, rendering: &mut Rendering, orientation: [f64; 4]) -> Felt {
        // From the handle, not from where the models had the tool: without a reading it stays there.
        let goal = Pose {
            position: self.leash.place(),
            orientation,
        };
        let compliance = self.compliance();
        let felt = rendering.feel(tick, &goal, &compliance);
        self.tool = Pose {
            position: add(goal.position, give(&compliance, felt.force)),
            ..goal
        };
        felt
    }

    /// What the coupling gives way at the tool. A force F on the tool is L F in the hand; with the
    /// shares of energy that a [`Mapping`] passes on, virtual work makes of the hand's L F / K the
    /// tool's L^T L F / (K share).
    fn compliance(&self) -> Compliance {
        let mapping = self.mapping.mapping();
        let k = self.coupling.gains().stiffness * mapping.energy_share();
        if !(k > 0.0 && k.is_finite()) {
            return [[0.0; 3]; 3];
        }
        let in_hand = |axis: [f64; 3]| self.passed_on(axis, [0.0; 3]).f;
        let l = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(in_hand);
        l.map(|a| l.map(|b| dot(a, b) / k))
    }

    /// Where the hand has to be for the tool to be at `point` (world, m), device frame, m.
    #[must_use]
    pub fn aim(&self, point: [f64; 3]) -> [f64; 3] {
        self.mapping.to_device(self.port.handle_for(point))
    }

    /// What the device is to play after a tick in which the tissue pushed the tool with `on_tool`:
    /// force, and torque about the tool's position, in the world.
    pub fn answer(&mut self, on_tool: &Wrench) -> Wrench {
        if !(finite(on_tool.f) && finite(on_tool.t)) {
            return self.silence(on_tool);
        }
        let load = self.passed_on(on_tool.f, on_tool.t);
        let wanted = self.in_hand(&load);
        self.balance(on_tool, &load);
        if self.leash.behind() {
            self.forget();
            let nothing = self.safety.pause();
            return self.plays(nothing);
        }
        let f = self
            .passivity
            .as_mut()
            .map_or(wanted.f, |p| p.brake(wanted.f));
        let wrench = self.safety.filter(&Wrench { f, ..wanted }, self.carry);
        self.plays(wrench)
    }

    /// No force in this tick, because of a fault.
    pub fn silence(&mut self, on_tool: &Wrench) -> Wrench {
        let load = self.passed_on(on_tool.f, on_tool.t);
        self.in_hand(&load);
        if let Some(passivity) = self.passivity.as_mut().filter(|_| !self.seen) {
            passivity.lose_sight();
        }
        if finite(on_tool.f) && finite(on_tool.t) {
            self.balance(on_tool, &load); // the tissue may give it back when the force is there again
        } else {
            self.last = [0.0; 3];
            self.forget();
        }
        let wrench = self.safety.silence();
        self.plays(wrench)
    }

    /// What a force and a torque on the tool (world, about its position) are at the handle, device
    /// frame.
    fn passed_on(&self, force: [f64; 3], torque: [f64; 3]) -> Wrench {
        let (f, t) = self.port.to_handle(force, torque);
        self.mapping.mapping().force_to_device(f, t)
    }

    /// Tells the observer what went into the tissue in this tick; `load` is what of it is at the
    /// handle.
    fn balance(&mut self, on_tool: &Wrench, load: &Wrench) {
        let Some(passivity) = &mut self.passivity else {
            return;
        };
        let way = sub(self.tool.position, self.before.position);
        let turn = difference(self.before.orientation, self.tool.orientation);
        let f = if self.by_model {
            scale(add(self.last, on_tool.f), 0.5) // of its ends: the model tells no mean
        } else {
            on_tool.f
        };
        self.last = on_tool.f;
        let share = self.mapping.mapping().energy_share();
        let mut given = -share * (dot(f, way) + dot(on_tool.t, turn));
        if !passivity.feels_turns() {
            // Turning the tool cost the hand nothing: that work is not the loop's to account for.
            given += dot(load.t, self.handle_turn);
        }
        let touches = on_tool.f != [0.0; 3] || on_tool.t != [0.0; 3];
        passivity.account(given, self.coupling.stored_j(), touches);
    }

    /// What a load at the handle and the port's seal do to the hand, before all limits. Nothing while
    /// the clutch is held; afterwards it leads in.
    fn in_hand(&mut self, load: &Wrench) -> Wrench {
        let nothing = ([0.0; 3], [0.0; 3]);
        let load = if self.clutched {
            nothing
        } else {
            (load.f, load.t)
        };
        let held = if self.by_model {
            self.coupling.hold(load.0, load.1)
        } else {
            self.coupling.yield_to(load.0, load.1)
        };
        let (rub_f, rub_t) = self.port.friction(self.dt);
        let share = self.share_led_in();
        if self.clutched {
            return Wrench::default();
        }
        let rub = self.mapping.mapping().force_to_device(rub_f, rub_t);
        Wrench {
            f: scale(add(held.0, rub.f), share),
            t: scale(add(held.1, rub.t), share),
            grip: 0.0,
        }
    }

    /// The share of the force that is played: less than 1 after the clutch was held.
    fn share_led_in(&mut self) -> f64 {
        if self.clutched {
            self.led_in = 0;
        }
        let share = f64::from(self.led_in) / f64::from(self.lead_in);
        self.led_in = (self.led_in + 1).min(self.lead_in);
        share
    }

    /// The device did not take what was answered, and goes on with what it played before: that.
    pub fn kept(&mut self) -> Wrench {
        self.playing = self.played;
        if let Some(passivity) = &mut self.passivity {
            passivity.kept();
        }
        self.safety.kept(&self.playing);
        self.playing
    }

    /// The device did not take what was answered: it plays nothing. `known` tells that the tick is
    /// a silent one already.
    pub fn unwritten(&mut self, known: bool) -> Wrench {
        self.playing = Wrench::default();
        if let Some(passivity) = &mut self.passivity {
            passivity.unplayed();
        }
        if known {
            self.safety.pause()
        } else {
            self.safety.silence()
        }
    }

    /// Tells that `missed` ticks went by without one. Many of them take the force away: it comes
    /// back by the ramp of a fault.
    pub fn missed(&mut self, missed: u64) {
        // The force was held over a short gap: the balance stays exact.
        if missed >= WATCHDOG_TICKS {
            self.forget();
            self.watchdog_trips += 1;
            self.playing = self.safety.pause();
        }
    }

    /// No force between ticks, or at the end.
    pub fn pause(&mut self) -> Wrench {
        self.forget();
        self.playing = self.safety.pause();
        self.playing
    }

    /// Keeps `share` of the stiffness. Before the first tick, so that one that is built with the
    /// gains in force does the same.
    pub fn limit_stiffness(&mut self, share: f64) {
        self.coupling.limit(share);
        let gains = self.coupling.gains();
        soften(&mut self.port, self.mapping.mapping(), gains);
    }

    /// What the port is doing.
    #[must_use]
    pub fn port(&self) -> PortState {
        self.port.pose().state
    }

    /// How the device's space lies in the world, but for the clutch.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        self.mapping.mapping()
    }

    /// The coupling.
    #[must_use]
    pub fn coupling(&self) -> &Coupling {
        &self.coupling
    }

    /// The energy balance, where it is kept.
    #[must_use]
    pub fn passivity(&self) -> Option<&Passivity> {
        self.passivity.as_ref()
    }

    /// What it had to do so far.
    #[must_use]
    pub fn counts(&self) -> ControlCounts {
        ControlCounts {
            safety: self.safety.counts(),
            braked: self.passivity.map_or(0, |p| p.braked()),
            watchdog_trips: self.watchdog_trips,
            leaps: self.leaps,
        }
    }

    fn plays(&mut self, wrench: Wrench) -> Wrench {
        if let Some(passivity) = &mut self.passivity {
            let f = sub(wrench.f, self.safety.carried());
            passivity.plays(&Wrench { f, ..wrench });
        }
        self.played = self.playing;
        self.playing = wrench;
        // A tick without a reading does not move the tool.
        self.before = self.tool;
        self.handle_turn = [0.0; 3];
        self.seen = false;
        wrench
    }

    fn forget(&mut self) {
        if let Some(passivity) = &mut self.passivity {
            passivity.forget(self.coupling.stored_j());
        }
    }
}

/// The middle of the device's workspace lies at `handle`: where the tool is, or the instrument's
/// handle outside the port.
fn centred(info: &DeviceInfo, handle: [f64; 3]) -> Mapping {
    if info.workspace.center == handle {
        return Mapping::identity(); // not by a difference, which would round
    }
    Mapping {
        origin_device: info.workspace.center,
        origin_world: handle,
        ..Mapping::identity()
    }
}

/// Makes the port's seal no stiffer in the hand than a share of the coupling.
fn soften(port: &mut Port, mapping: &Mapping, gains: Gains) {
    if gains.stiffness.is_finite() {
        let share = mapping.device_stiffness(1.0);
        port.limit_stiffness(SEAL_SHARE * gains.stiffness / share.max(f64::MIN_POSITIVE));
    }
}
