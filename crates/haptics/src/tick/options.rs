//! What goes into a tick when it is built, and what comes out of each.

use thiserror::Error;

use crate::safety::{LimitError, SafetyLimits};
use crate::trace::TraceRow;

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
    /// What the hand may be given.
    pub safety: SafetyLimits,
}

impl Default for TickOptions {
    fn default() -> Self {
        Self {
            tool: 0,
            organ: 0,
            force_limit_n: f64::INFINITY,
            safety: SafetyLimits::default(),
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
    /// A safety limit is not a positive number.
    #[error(transparent)]
    Safety(#[from] LimitError),
}

/// What one tick did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TickReport {
    /// For the record.
    pub row: TraceRow,
    /// What the device was given, N.
    pub device_force: [f64; 3],
    /// Which faults are present, see [`bit`](crate::Fault::bit).
    pub faults: u32,
}
