//! What the tick asks of a device in a hand: a pose in, a force out.
//!
//! Everything at this border is SI in the world frame (right-handed, +y up, -z away from the
//! viewer); a driver converts on its own side.

use thiserror::Error;

/// What is known about a device before the loop starts.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceInfo {
    /// Maker and model, for people and for the record.
    pub model: String,
    /// Largest force the device may be asked for, N. The safety chain never exceeds it.
    pub max_force_n: f64,
}

/// One reading of the device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Counts the readings, from 1.
    pub seq: u64,
    /// Position of the end effector, m.
    pub pos: [f64; 3],
    /// Pressed buttons, bit mask.
    pub buttons: u32,
}

/// What the device plays to the hand until the next write.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wrench {
    /// Force on the hand, N.
    pub f: [f64; 3],
}

/// Why a device could not be read or written.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DevErr {
    /// The device no longer answers.
    #[error("the device no longer answers; check its cable and power")]
    Lost,
    /// The device answered with an error of its own.
    #[error("the device reports error {code:#06x}; look the code up in its manual")]
    Fault {
        /// The maker's code.
        code: u32,
    },
    /// A recorded input has been played to its end.
    #[error("the recorded input has ended; ask for no more ticks than were recorded")]
    Exhausted,
}

/// A device in a hand. All calls come from the one thread that ticks.
///
/// After it is opened a device neither allocates nor locks in [`read`](Self::read),
/// [`write`](Self::write), [`aim`](Self::aim) and [`press`](Self::press).
pub trait HapticDevice: Send {
    /// What the device is and bears.
    fn info(&self) -> &DeviceInfo;

    /// The pose now. Called once at the start of a tick.
    ///
    /// # Errors
    /// Where the device cannot answer; the tick then holds the last pose and writes no force.
    fn read(&mut self) -> Result<Sample, DevErr>;

    /// Plays `wrench` until the next call. Called once at the end of a tick.
    ///
    /// # Errors
    /// Where the device cannot take it.
    fn write(&mut self, wrench: &Wrench) -> Result<(), DevErr>;

    /// No force from now on. Never fails; called from every way out of the loop.
    fn zero(&mut self);

    /// Where a person's pointer or a script wants the hand, m. Devices held by a real hand ignore
    /// it.
    fn aim(&mut self, _point: [f64; 3]) {}

    /// The buttons that a pointer or a script holds, bit mask. Devices with buttons of their own
    /// ignore it.
    fn press(&mut self, _buttons: u32) {}
}

/// A device that is silenced whenever it goes out of use.
pub(crate) struct SilencedOnDrop(pub(crate) Box<dyn HapticDevice>);

impl Drop for SilencedOnDrop {
    fn drop(&mut self) {
        self.0.zero();
    }
}
