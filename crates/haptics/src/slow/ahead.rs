//! Where the tool goes in the tissue's next step.
//!
//! A step ends one slow period P after it began, so the tool goes to where the hand will be then,
//! `x + P v`. Had it gone only to where the hand was, the local model would have twice the way to
//! bridge, and twice the error. Being wrong about the future costs little: gap and force belong to
//! where the tool went, not to where the hand was thought to be.
//!
//! Beyond [`FORESIGHT_S`] a hand is not to be foretold: looking further ahead at 30 Hz made errors larger
//! and a light hand unstable.
//!
//! It lags a little, by a critically damped filter of the second order, as a tool with a mass would.
//! The tissue that sticks to a tool has mass m itself, and its reaction m a comes back a period later; on a
//! hand that yields with the coupling's K that is stable only for m w^2 < K at all frequencies w (the
//! added-mass effect: Causin, Gerbeau and Nobile 2005). A filter with the corner w_0 leaves m w_0^2. At low
//! rates the period itself is the filter, so only what is left of [`PATIENCE_S`] is added.

use crate::vector::{add, limited, scale, sub};

/// Ticks over which the tool's velocity is taken.
const WINDOW: usize = 8;
/// How far ahead a hand can be foretold, s.
const FORESIGHT_S: f64 = 16e-3;
/// Period and lag together, s.
const PATIENCE_S: f64 = 25e-3;
/// Least and most lag, s.
const LAG_S: (f64, f64) = (2e-3, 16e-3);

/// The tool's way from step to step.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    /// Share of the way in the window that is looked ahead.
    foresight: f64,
    /// Share of its way that each stage of the filter goes in a step.
    follow: f64,
    /// Farthest that is looked ahead, m.
    farthest: f64,
    /// Places of the tool, the latest last, m.
    past: [[f64; 3]; WINDOW + 1],
    stages: [[f64; 3]; 2],
}

impl Ahead {
    /// For a tool at rest at `place` (m), in ticks of `dt` seconds and steps of `every` ticks; it
    /// looks ahead by at most `farthest` m.
    #[must_use]
    pub fn new(place: [f64; 3], dt: f64, every: u32, farthest: f64) -> Self {
        let period = dt * f64::from(every);
        Self {
            foresight: period.min(FORESIGHT_S) / (WINDOW as f64 * dt),
            follow: 1.0 - libm::exp(-2.0 * period / lag(period)),
            farthest,
            past: [place; WINDOW + 1],
            stages: [place; 2],
        }
    }

    /// How far the hand's present may be from the step that the loop goes by, s: the period in which
    /// that was made, the one in which it is used, and the lag.
    #[must_use]
    pub fn horizon(period: f64) -> f64 {
        2.0 * period + lag(period)
    }

    /// Notes where the tool is at the end of a tick, m.
    pub fn note(&mut self, place: [f64; 3]) {
        self.past.rotate_left(1);
        self.past[WINDOW] = place;
    }

    /// Where the tool is to go in the step that begins now, m. Once in a period.
    pub fn step(&mut self) -> [f64; 3] {
        let way = sub(self.past[WINDOW], self.past[0]);
        let (ahead, _) = limited(scale(way, self.foresight), self.farthest);
        let mut goal = add(self.past[WINDOW], ahead);
        for stage in &mut self.stages {
            *stage = add(*stage, scale(sub(goal, *stage), self.follow));
            goal = *stage;
        }
        goal
    }
}

fn lag(period: f64) -> f64 {
    let (least, most) = LAG_S;
    (PATIENCE_S - period).clamp(least, most)
}
