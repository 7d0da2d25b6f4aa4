//! What goes into a tick when it is built, and what comes out of each.

use thiserror::Error;

use crate::control::{ControlError, ControlOptions};

/// What a tick is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TickOptions {
    /// The tool in the hand.
    pub tool: usize,
    /// The body whose nodes are shown to the slow side.
    pub organ: usize,
    /// Force on the instrument above which [`ForceLimit`](crate::Happening::ForceLimit) is reported and the meters
    /// count, N. May be infinite.
    pub force_limit_n: f64,
    /// What lies between hand and tool.
    pub control: ControlOptions,
    /// 1: the tissue is stepped in every tick. More, at most [`MOST_TICKS`]: it is stepped beside the
    /// loop, once in that many ticks, and the tick renders a local model of it.
    pub tissue_every: u32,
}

/// Most ticks in a step of the tissue: 20 Hz at 1 kHz.
pub const MOST_TICKS: u32 = 50;

impl Default for TickOptions {
    fn default() -> Self {
        Self {
            tool: 0,
            organ: 0,
            force_limit_n: f64::INFINITY,
            control: ControlOptions::default(),
            tissue_every: 1,
        }
    }
}

/// Why a tick could not be built.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum TickError {
    /// A tool or body that does not exist.
    #[error("tick: {what} {index} does not exist, the world has {count}; add it first")]
    Missing {
        /// `"tool"` or `"body"`.
        what: &'static str,
        /// Asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// The force limit is not a positive number.
    #[error("tick: force_limit_n is {0}; give a positive number, or infinity for none")]
    ForceLimit(f64),
    /// The tissue cannot be stepped so seldom.
    #[error("tick: tissue_every is {0}; give 1 for tissue in the tick, or 2 to 50 ticks a step")]
    TissueEvery(u32),
    /// The step of the tissue would be too long.
    #[error("tick: {every} ticks of {dt} s are too long a step for the tissue; at most 0.1 s")]
    SlowTissue {
        /// Ticks in a step.
        every: u32,
        /// Length of a tick, s.
        dt: f64,
    },
    /// What lies between hand and tool is out of range.
    #[error(transparent)]
    Control(#[from] ControlError),
}
