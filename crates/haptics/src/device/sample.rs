//! What crosses the border between tick and device in each tick.

use std::fmt;

/// The quaternion (w, x, y, z) that turns nothing.
pub const NO_TURN: [f64; 4] = [1.0, 0.0, 0.0, 0.0];

/// One reading of the device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Counts the readings, from 1.
    pub seq: u64,
    /// Position of the handle, m.
    pub pos: [f64; 3],
    /// Orientation of the handle, unit quaternion (w, x, y, z); [`NO_TURN`] where it has none.
    pub rot: [f64; 4],
    /// Opening of the gripper, rad; 0 where it has none.
    pub grip: f64,
    /// Pressed buttons, bit mask; bit 0 is the first.
    pub buttons: u32,
    /// What the device says of itself.
    pub status: Status,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            seq: 0,
            pos: [0.0; 3],
            rot: NO_TURN,
            grip: 0.0,
            buttons: 0,
            status: Status::OK,
        }
    }
}

/// What a device says of itself beside the pose: a set of flags. Any of them takes the force away
/// until it is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status(pub u32);

impl Status {
    /// Nothing to report.
    pub const OK: Self = Self(0);
    /// The device has switched its force off (its own watchdog, a button, a dead-man's switch).
    pub const FORCE_OFF: Self = Self(1);
    /// It has to be calibrated first: its positions mean nothing yet.
    pub const UNCALIBRATED: Self = Self(1 << 1);
    /// Its motors are too warm, or a limit of its own was exceeded.
    pub const OVERLOAD: Self = Self(1 << 2);
    /// The force it says it plays is not the one it was given.
    pub const ECHO_DIFFERS: Self = Self(1 << 3);
    /// It does not know where the handle is (a tracker without sight).
    pub const TRACKING_LOST: Self = Self(1 << 4);

    /// Both sets together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether nothing is to be reported.
    #[must_use]
    pub fn is_ok(self) -> bool {
        self == Self::OK
    }

    /// Whether all flags of `other` are set.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = [
            (Self::FORCE_OFF, "has switched its force off"),
            (Self::UNCALIBRATED, "has to be calibrated"),
            (Self::OVERLOAD, "is too warm or was moved beyond its limits"),
            (Self::ECHO_DIFFERS, "plays another force than it was given"),
            (Self::TRACKING_LOST, "does not know where it is"),
        ];
        let mut told = told.iter().filter(|(flag, _)| self.has(*flag));
        f.write_str(told.next().map_or("is well", |(_, text)| text))?;
        told.try_for_each(|(_, text)| write!(f, ", and {text}"))
    }
}

/// What the device plays to the hand until the next write. Sign: what the hand feels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wrench {
    /// Force on the hand, N.
    pub f: [f64; 3],
    /// Torque on the hand about the handle's position, N m.
    pub t: [f64; 3],
    /// Force that opens the gripper, N.
    pub grip: f64,
}

/// How a device took a wrench.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WriteStatus {
    /// As it was.
    #[default]
    Taken,
    /// Limited by the device itself.
    Saturated,
    /// The device is read and written faster than it works; nothing new was done.
    TimeGuard,
}
