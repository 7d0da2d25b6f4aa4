//! The last stage before the device: whatever the tissue computes, the hand gets no more than this.
//!
//! In this order, each counted: a force that is not a number becomes zero; a ramp leads in; the
//! magnitude is limited with its direction kept; its growing and turning from tick to tick is
//! limited. A fault is zero at once and leads in again. Torque goes the same way beside the force,
//! with limits of its own.
//!
//! **A force may shrink at once**: the change is limited as seen from the nearest point between the
//! last force and zero. A limit on shrinking would hold on to a force while the hand leaves what it
//! pressed, and so give it energy (100 mJ a tap with 0.3 N a tick and a stiff contact). Between two
//! forces inside the limit's ball all this stays inside it, so the order holds both limits.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::device::{DeviceInfo, Wrench};
use crate::vector::{add, dot, finite, limited, norm, scale, sub};

/// What a hand may be given.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SafetyLimits {
    /// Largest force, N. The device's own limit counts where it is smaller.
    pub max_force_n: f64,
    /// Most by which the force may grow or turn in one tick, N.
    pub max_slew_n: f64,
    /// Largest torque, N m. The device's own limit counts where it is smaller.
    pub max_torque_nm: f64,
    /// The same for torque, N m.
    pub max_torque_slew_nm: f64,
    /// Time of the ramp at the start, s.
    pub start_ramp_s: f64,
    /// Time of the ramp after a fault, s.
    pub fault_ramp_s: f64,
    /// Time of the ramp after the clutch was held, s. The device's own weight stays borne in it.
    pub clutch_ramp_s: f64,
    /// The ramp at the start begins once the force has been below this for [`CALM_TICKS`], N.
    pub calm_force_n: f64,
}

impl Default for SafetyLimits {
    fn default() -> Self {
        Self {
            max_force_n: 10.0,
            max_slew_n: 0.3,
            max_torque_nm: 0.3,
            max_torque_slew_nm: 0.01,
            start_ramp_s: 1.0,
            fault_ramp_s: 0.25,
            clutch_ramp_s: 0.1,
            calm_force_n: 0.2,
        }
    }
}

/// Calm ticks in a row that let the first force through.
pub const CALM_TICKS: u32 = 4;

/// Why limits were refused.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[error("safety limits: {name} is {value}; give a positive number")]
pub struct LimitError {
    /// Field of [`SafetyLimits`].
    pub name: &'static str,
    /// What it was.
    pub value: f64,
}

/// How often the chain had to step in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SafetyCounts {
    /// Ticks with the magnitude limited.
    pub clamped: u64,
    /// Ticks with the change limited.
    pub slew_limited: u64,
    /// Ticks with no force because of a fault.
    pub silenced: u64,
    /// Ticks in which the device got no force yet, because what it would have begun with was not
    /// calm; none for a device that gives no force.
    pub waited: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Waiting { calm: u32 },
    Ramp { done: u32, of: u32 },
    Open,
}

/// A vector that is kept within a length, and from changing too fast.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limiter {
    longest: f64,
    step: f64,
    last: [f64; 3],
}

impl Limiter {
    /// The vector within the limits; whether its length and whether its change was limited.
    fn limit(&mut self, wanted: [f64; 3]) -> (bool, bool) {
        let (bounded, clamped) = limited(wanted, self.longest);
        let left = self.nearest_left(bounded);
        let (change, slewed) = limited(sub(bounded, left), self.step);
        // Without a limited change the vector itself, not left + (vector - left): no rounding.
        self.last = if slewed { add(left, change) } else { bounded };
        (clamped, slewed)
    }

    /// What is left of the last vector where it shrinks towards `wanted`: the nearest point between
    /// it and zero.
    fn nearest_left(&self, wanted: [f64; 3]) -> [f64; 3] {
        let length2 = dot(self.last, self.last);
        if length2 == 0.0 {
            return self.last;
        }
        scale(
            self.last,
            (dot(wanted, self.last) / length2).clamp(0.0, 1.0),
        )
    }
}

/// The chain and its state.
#[derive(Clone, Debug)]
pub struct Safety {
    limits: SafetyLimits,
    start_ticks: u32,
    fault_ticks: u32,
    gives: bool,
    stage: Stage,
    force: Limiter,
    torque: Limiter,
    carried: [f64; 3],
    counts: SafetyCounts,
}

impl Safety {
    /// The chain for ticks of `dt` seconds and what a device bears.
    ///
    /// # Errors
    /// Where a limit is not a positive number.
    pub fn new(limits: SafetyLimits, device: &DeviceInfo, dt: f64) -> Result<Self, LimitError> {
        check(&limits, device)?;
        let ticks = |seconds: f64| (seconds / dt).round().max(1.0) as u32;
        let limits = SafetyLimits {
            max_force_n: limits.max_force_n.min(device.max_force_n),
            max_torque_nm: limits.max_torque_nm.min(device.max_torque_nm),
            ..limits
        };
        let limiter = |longest, step| Limiter {
            longest,
            step,
            last: [0.0; 3],
        };
        Ok(Self {
            start_ticks: ticks(limits.start_ramp_s),
            fault_ticks: ticks(limits.fault_ramp_s),
            gives: device.output_dof > 0,
            stage: Stage::Waiting { calm: 0 },
            force: limiter(limits.max_force_n, limits.max_slew_n),
            torque: limiter(limits.max_torque_nm, limits.max_torque_slew_nm),
            carried: [0.0; 3],
            counts: SafetyCounts::default(),
            limits,
        })
    }

    /// What the device may be given for the `wanted` wrench, with `carry` (N) added that bears the
    /// device's own weight: it comes in with the ramp, but does not count as unrest.
    pub fn filter(&mut self, wanted: &Wrench, carry: [f64; 3]) -> Wrench {
        if !(finite(wanted.f) && finite(wanted.t) && finite(carry) && wanted.grip.is_finite()) {
            return self.silence();
        }
        let gain = self.gain(norm(wanted.f));
        self.carried = scale(carry, gain);
        let wanted_f = add(scale(wanted.f, gain), self.carried);
        let (clamped, slewed) = self.force.limit(wanted_f);
        self.torque.limit(scale(wanted.t, gain));
        self.counts.clamped += u64::from(clamped);
        self.counts.slew_limited += u64::from(slewed);
        Wrench {
            f: self.force.last,
            t: self.torque.last,
            grip: 0.0,
        }
    }

    /// No force in this tick and a ramp afterwards: a fault. Counted; call it once a tick.
    pub fn silence(&mut self) -> Wrench {
        self.counts.silenced += 1;
        self.pause()
    }

    /// The same without a fault, between ticks or at the end of a run: not counted.
    pub fn pause(&mut self) -> Wrench {
        if !matches!(self.stage, Stage::Waiting { .. }) {
            self.stage = Stage::Ramp {
                done: 0,
                of: self.fault_ticks,
            };
        }
        self.carried = [0.0; 3];
        self.force.last = [0.0; 3];
        self.torque.last = [0.0; 3];
        Wrench::default()
    }

    /// The device did not take the last wrench: it goes on with `playing`, from where the next change
    /// is limited.
    pub fn kept(&mut self, playing: &Wrench) {
        self.force.last = playing.f;
        self.torque.last = playing.t;
    }

    /// What bears the device's weight of the last force, N: that energy is the weight's own.
    #[must_use]
    pub fn carried(&self) -> [f64; 3] {
        self.carried
    }

    /// How often the chain stepped in.
    #[must_use]
    pub fn counts(&self) -> SafetyCounts {
        self.counts
    }

    /// The limits in force, the device's own included.
    #[must_use]
    pub fn limits(&self) -> &SafetyLimits {
        &self.limits
    }

    fn gain(&mut self, force_n: f64) -> f64 {
        match self.stage {
            Stage::Waiting { calm } => {
                let calm = if force_n < self.limits.calm_force_n {
                    calm + 1
                } else {
                    self.counts.waited += u64::from(self.gives);
                    0
                };
                self.stage = if calm < CALM_TICKS {
                    Stage::Waiting { calm }
                } else {
                    Stage::Ramp {
                        done: 0,
                        of: self.start_ticks,
                    }
                };
                0.0
            }
            Stage::Ramp { done, of } if done < of => {
                self.stage = Stage::Ramp { done: done + 1, of };
                f64::from(done) / f64::from(of)
            }
            Stage::Ramp { .. } | Stage::Open => {
                self.stage = Stage::Open;
                1.0
            }
        }
    }
}

fn check(limits: &SafetyLimits, device: &DeviceInfo) -> Result<(), LimitError> {
    for (name, value) in [
        ("max_force_n", limits.max_force_n),
        ("max_slew_n", limits.max_slew_n),
        ("max_torque_nm", limits.max_torque_nm),
        ("max_torque_slew_nm", limits.max_torque_slew_nm),
        ("start_ramp_s", limits.start_ramp_s),
        ("fault_ramp_s", limits.fault_ramp_s),
        ("clutch_ramp_s", limits.clutch_ramp_s),
        ("calm_force_n", limits.calm_force_n),
    ] {
        if !(value.is_finite() && value > 0.0) {
            return Err(LimitError { name, value });
        }
    }
    let (name, value) = ("the device's max_force_n", device.max_force_n);
    if value.is_nan() || value <= 0.0 {
        return Err(LimitError { name, value });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
