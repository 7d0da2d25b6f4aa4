//! From one local model to the next: cross-fade, ageing, and what both did to the force.
//!
//! A new model fades in over [`SHORTEST_FADE`] of a period, each model answering the present tool; a
//! model that comes while another fades in waits. Where the two differ much the fade takes longer, so
//! that a tick of it changes the force by at most [`LARGEST_STEP_N`], and by at most [`LARGEST_SHARE`] of
//! it unless that would take more than [`LONGEST_FADE`] periods.
//!
//! A model is due one period after the tick that it was born for. Where no other has come within
//! [`LIFE_PERIODS`] periods after that, though there was room, the tissue has fallen behind: its force fades to nothing over
//! [`FADE_OUT_S`] instead of freezing, and comes back with the next model over a period.

use softbody::Pose;

use crate::control::local::{Compliance, Felt, LocalModel};
use crate::vector::{add, norm, scale, sub};

/// Periods in which a new model comes in where it agrees with the old one. Shorter, and the step at a
/// swap grows; longer, and the force is later.
const SHORTEST_FADE: f64 = 0.5;
/// Periods in which it comes in at most, but for [`LARGEST_STEP_N`]. With six times as many, models
/// that are long out of date made the model problem of `tests/multirate.rs` oscillate.
const LONGEST_FADE: f64 = 2.0;
/// What a swap should change in a tick at most, as a share of the force, and the force below which
/// that is no more told apart (a tenth of what a fingertip notices), N.
const LARGEST_SHARE: f64 = 0.045;
const SMALLEST_STEP_N: f64 = 5e-3;
/// What a swap may change in a tick, N.
pub const LARGEST_STEP_N: f64 = 0.15;
/// Periods after which a model that was not followed by another is too old.
pub const LIFE_PERIODS: u64 = 3;
/// In which it fades then, s.
pub const FADE_OUT_S: f64 = 0.05;
/// Force from which a step is also told as a share of it, N: below, the share says nothing.
const TOLD_FROM_N: f64 = 0.1;

/// What became of the models.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TissueCounts {
    /// Models taken.
    pub models: u64,
    /// Times that no model came in time and the force was let go.
    pub fell_behind: u64,
    /// Ticks in which there was no force for that, or less of it.
    pub weak_ticks: u64,
    /// Longest time from the tick a model was due in to its last use, ticks.
    pub oldest_ticks: u64,
    /// Largest change of the force in a tick by passing from one model to the next, N.
    pub largest_step_n: f64,
    /// The same as a share of the force, where that was above 0.1 N.
    pub largest_step_share: f64,
}

/// The model in use, the one before, and how far the new one has come in.
#[derive(Clone, Copy, Debug)]
pub struct Rendering {
    dt: f64,
    old: LocalModel,
    new: LocalModel,
    /// Of the new one, 0 to 1.
    share: f64,
    /// Of the whole force, 0 to 1; less than 1 where the tissue has fallen behind.
    vigour: f64,
    behind: bool,
    counts: TissueCounts,
}

impl Rendering {
    /// Starts with `model`, in ticks of `dt` seconds.
    #[must_use]
    pub fn new(model: LocalModel, dt: f64) -> Self {
        Self {
            dt,
            old: model,
            new: model,
            share: 1.0,
            vigour: 1.0,
            behind: false,
            counts: TissueCounts::default(),
        }
    }

    /// Whether the last model has come in wholly, so that there is room for the next.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.share >= 1.0
    }

    /// Lets `model` come in; where there is no room the one that was coming in counts as in.
    pub fn take(&mut self, model: &LocalModel) {
        self.old = self.new;
        self.new = *model;
        self.share = 0.0;
        self.counts.models += 1;
    }

    /// What the tissue does in `tick` to the tool that the hand holds at `pose`.
    pub fn feel(&mut self, tick: u64, pose: &Pose, compliance: &Compliance) -> Felt {
        self.grow_old(tick);
        let new = self.new.feel(pose, compliance);
        let felt = if self.share < 1.0 {
            let old = self.old.feel(pose, compliance);
            self.fade(&old, &new);
            mixed(&old, &new, self.share)
        } else {
            new
        };
        Felt {
            force: scale(felt.force, self.vigour),
            torque: scale(felt.torque, self.vigour),
            ..felt
        }
    }

    /// Whether it has let go, because the tissue is late.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.behind
    }

    /// What became of the models so far.
    #[must_use]
    pub fn counts(&self) -> TissueCounts {
        self.counts
    }

    /// How many ticks ago the model in use was due, at `tick`.
    #[must_use]
    pub fn age(&self, tick: u64) -> u64 {
        tick.saturating_sub(self.new.born_tick + u64::from(self.new.period_ticks))
    }

    fn grow_old(&mut self, tick: u64) {
        let (age, period) = (self.age(tick), u64::from(self.new.period_ticks));
        let behind = age > LIFE_PERIODS * period && self.has_room();
        self.counts.oldest_ticks = self.counts.oldest_ticks.max(age);
        self.counts.fell_behind += u64::from(behind && !self.behind);
        self.behind = behind;
        let change = if behind {
            -self.dt / FADE_OUT_S
        } else {
            1.0 / period.max(1) as f64
        };
        self.vigour = (self.vigour + change).clamp(0.0, 1.0);
        self.counts.weak_ticks += u64::from(self.vigour < 1.0);
    }

    /// One tick of the fade.
    fn fade(&mut self, old: &Felt, new: &Felt) {
        let period = f64::from(self.new.period_ticks);
        let apart = norm(sub(new.force, old.force)).max(f64::MIN_POSITIVE);
        let before = self.share;
        let force = norm(mixed(old, new, before).force);
        let step = (LARGEST_SHARE * force).max(SMALLEST_STEP_N) / apart;
        let (slowest, fastest) = (
            1.0 / (LONGEST_FADE * period),
            1.0 / (SHORTEST_FADE * period).max(1.0),
        );
        let step = step
            .clamp(slowest.min(fastest), fastest)
            .min(LARGEST_STEP_N / apart);
        // So that rounding does not leave a tick with next to nothing of the old.
        self.share = if before + step > 1.0 - 1e-9 {
            1.0
        } else {
            before + step
        };
        let change = (self.share - before) * apart * self.vigour;
        self.counts.largest_step_n = self.counts.largest_step_n.max(change);
        let force = norm(mixed(old, new, self.share).force) * self.vigour;
        if force > TOLD_FROM_N {
            let share = change / force;
            self.counts.largest_step_share = self.counts.largest_step_share.max(share);
        }
    }
}

fn mixed(old: &Felt, new: &Felt, share: f64) -> Felt {
    let mix = |a, b| add(scale(a, 1.0 - share), scale(b, share));
    Felt {
        force: mix(old.force, new.force),
        torque: mix(old.torque, new.torque),
        contacts: if share > 0.5 {
            new.contacts
        } else {
            old.contacts
        },
    }
}
