//! From the hand to the tool and back: everything between a device's reading and what is written to
//! it, but for the tissue.
//!
//! ```text
//! sample ─> leash ─> coupling ─> tool            at the start of a tick
//! tissue ─> coupling ─> passivity ─> safety ─> wrench     at its end
//! ```
//!
//! Pure: no clock, no device, no tissue. The same samples and forces give the same bits.

mod coupling;
mod gains;
mod leash;
mod passivity;

use crate::device::{DeviceInfo, Sample, Wrench};
use crate::safety::{LimitError, Safety, SafetyCounts, SafetyLimits};
use crate::vector::add;

pub use coupling::Coupling;
pub use gains::Gains;
pub use passivity::Passivity;

use leash::Leash;

/// What lies between hand and tool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ControlOptions {
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
            gains: None,
            passivity: true,
            safety: SafetyLimits::default(),
        }
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

const STANDARD_GRAVITY: f64 = 9.806_65;

/// The chain and its state.
#[derive(Clone, Debug)]
pub struct Control {
    leash: Leash,
    coupling: Coupling,
    passivity: Option<Passivity>,
    safety: Safety,
    carry: [f64; 3],
    watchdog_trips: u64,
    leaps: u64,
    started: bool,
}

impl Control {
    /// For a device whose tool is at `tool` (m), at ticks of `dt` seconds.
    ///
    /// # Errors
    /// Where a safety limit is not a positive number.
    pub fn new(
        info: &DeviceInfo,
        options: &ControlOptions,
        tool: [f64; 3],
        dt: f64,
    ) -> Result<Self, LimitError> {
        let gains = options.gains.unwrap_or_else(|| Gains::for_device(info, dt));
        let watched = options.passivity && info.output_dof > 0 && info.mass_kg > 0.0;
        Ok(Self {
            leash: Leash::new(tool, dt),
            coupling: Coupling::new(gains, dt),
            passivity: watched.then(|| Passivity::new(info, dt)),
            safety: Safety::new(options.safety, info, dt)?,
            carry: [0.0, info.unborne_kg * STANDARD_GRAVITY, 0.0],
            watchdog_trips: 0,
            leaps: 0,
            started: false,
        })
    }

    /// Takes in a reading; true where the hand's place leapt.
    pub fn take(&mut self, sample: &Sample) -> bool {
        if let Some(passivity) = &mut self.passivity {
            passivity.observe(sample.pos);
        }
        let leapt = self.leash.follow(sample.pos) && self.started;
        self.started |= !self.leash.behind();
        self.leaps += u64::from(leapt);
        leapt
    }

    /// Where the tool has to be at the end of this tick, m.
    #[must_use]
    pub fn tool(&self) -> [f64; 3] {
        add(self.leash.place(), self.coupling.deflection())
    }

    /// What the device is to play after a tick in which the tissue pushed the tool with `on_tool`.
    pub fn answer(&mut self, on_tool: &Wrench) -> Wrench {
        let f = self.coupling.yield_to(on_tool.f);
        if self.leash.behind() {
            return self.plays(Self::pause);
        }
        let f = self.passivity.as_mut().map_or(f, |p| p.brake(f));
        let wanted = Wrench { f, ..*on_tool };
        self.plays(|control| control.safety.filter(&wanted, control.carry))
    }

    /// No force in this tick, because of a fault.
    pub fn silence(&mut self, on_tool: &Wrench) -> Wrench {
        self.coupling.yield_to(on_tool.f);
        self.plays(|control| control.safety.silence())
    }

    /// The device did not take what was answered: it plays nothing. `known` tells that the tick is
    /// a silent one already.
    pub fn unwritten(&mut self, known: bool) -> Wrench {
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
            self.safety.pause();
        }
    }

    /// No force between ticks, or at the end.
    pub fn pause(&mut self) -> Wrench {
        self.forget();
        self.safety.pause()
    }

    /// Keeps `share` of the stiffness.
    pub fn limit_stiffness(&mut self, share: f64) {
        self.coupling.limit(share);
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

    fn plays(&mut self, wrench: impl FnOnce(&mut Self) -> Wrench) -> Wrench {
        let wrench = wrench(self);
        if let Some(passivity) = &mut self.passivity {
            passivity.plays(wrench.f);
        }
        wrench
    }

    fn forget(&mut self) {
        if let Some(passivity) = &mut self.passivity {
            passivity.forget();
        }
    }
}
