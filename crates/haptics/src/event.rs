//! What the tick reports once, when it happens.

use std::fmt;

use crate::device::{DevErr, Status};

/// Something that happened in one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Tick, 1 after the first step.
    pub tick: u64,
    /// Simulated time, s.
    pub time_s: f64,
    /// What.
    pub what: Happening,
}

/// What an [`Event`] is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Happening {
    /// A triangle of an organ's capsule was strained beyond what it bears.
    TissueTorn {
        /// Body in the world.
        body: u32,
        /// Surface triangle of the body.
        triangle: u32,
        /// Strain at which it tore.
        strain: f64,
        /// Where, m.
        point: [f64; 3],
        /// The same material point in the undeformed organ, m.
        rest_point: [f64; 3],
    },
    /// The force on the instrument rose above the limit. Reported again only after it has been
    /// below [`FORCE_LIMIT_REARM`] of the limit.
    ForceLimit {
        /// Force, N.
        force_n: f64,
        /// Where the instrument was, m.
        point: [f64; 3],
    },
    /// The tissue that is computed beside the loop fell so far behind that its force was let go.
    /// Reported again only after a step of it has come.
    TissueBehind {
        /// How long ago the last step that came was due, s.
        late_s: f64,
    },
    /// The force has not been switched on: for [`FORCE_WAITS_S`] it was never calm enough to begin
    /// with. Reported once.
    ForceWaits,
    /// A device that was lost is there again.
    DeviceBack,
    /// Something in the loop is broken; the device was given no force. Reported when it begins.
    Fault(Fault),
}

/// Fraction of the force limit below which the next crossing is reported anew.
pub const FORCE_LIMIT_REARM: f64 = 0.9;

/// How long a run waits for a calm force until [`Happening::ForceWaits`] is reported, s.
pub const FORCE_WAITS_S: f64 = 3.0;

impl Happening {
    /// The dotted name used in procedures and records.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::TissueTorn { .. } => "tissue.torn",
            Self::ForceLimit { .. } => "force.limit",
            Self::TissueBehind { .. } => "tissue.behind",
            Self::ForceWaits => "force.waits",
            Self::DeviceBack => "device.back",
            Self::Fault(_) => "tick.fault",
        }
    }
}

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The device could not be read; the last pose is held.
    DeviceRead(DevErr),
    /// The device reported a pose that is not a number; the last pose is held.
    PoseNotFinite,
    /// The device says that it must not be trusted, or plays no force.
    DeviceStatus(Status),
    /// The hand's place leapt; the tool glides after it.
    HandLeapt,
    /// The device could not be written.
    DeviceWrite(DevErr),
    /// The tissue's force is not a number.
    ForceNotFinite,
    /// The tissue's state left the range of numbers and was taken back to its start.
    TissueReset,
    /// A command could not be acted upon and was left out.
    CommandRefused,
    /// The tick panicked; the loop has ended.
    Panic,
}

impl Fault {
    /// Bit of this kind of fault in [`TraceRow::faults`](crate::TraceRow::faults).
    #[must_use]
    pub fn bit(self) -> u32 {
        match self {
            Self::DeviceRead(_) => 1,
            Self::PoseNotFinite => 1 << 1,
            Self::DeviceWrite(_) => 1 << 2,
            Self::ForceNotFinite => 1 << 3,
            Self::TissueReset => 1 << 4,
            Self::CommandRefused => 1 << 5,
            Self::Panic => 1 << 6,
            Self::DeviceStatus(_) => 1 << 7,
            Self::HandLeapt => 1 << 8,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeviceRead(why) => write!(f, "reading the device failed: {why}"),
            Self::PoseNotFinite => f.write_str("the device reported a pose that is not a number"),
            Self::DeviceStatus(status) => write!(f, "the device {status}"),
            Self::HandLeapt => {
                f.write_str("the hand's place leapt; the instrument follows it without force")
            }
            Self::DeviceWrite(why) => write!(f, "writing the device failed: {why}"),
            Self::ForceNotFinite => f.write_str("the tissue's force is not a number"),
            Self::TissueReset => {
                f.write_str("the tissue left the range of numbers and was taken back")
            }
            Self::CommandRefused => f.write_str("a command could not be acted upon"),
            Self::Panic => f.write_str("the tick panicked and the loop ended; report this"),
        }
    }
}
