//! What the tick asks of a device in a hand: a pose in, a force out.
//!
//! Everything at this border is SI, in a right-handed frame with +y up and -z away from the person,
//! fixed to the device's base: the **device frame**. A driver converts axes and units on its own
//! side; what turns the device frame into the world is the rig's mapping.

mod error;
mod info;
mod sample;

pub use error::{DevErr, OpenError};
pub use info::{Ball, ClockOwner, DeviceInfo, InfoError};
pub use sample::{NO_TURN, Sample, Status, Wrench, WriteStatus};

/// A device in a hand. All calls come from the one thread that ticks.
///
/// After it is opened a device neither allocates nor locks in [`read`](Self::read),
/// [`write`](Self::write), [`zero`](Self::zero), [`aim`](Self::aim) and [`press`](Self::press), and
/// waits for the hardware no longer than a fraction of a millisecond. Every implementation passes
/// the same conformance test (`tests/conformance`).
pub trait HapticDevice: Send {
    /// What the device is and bears.
    fn info(&self) -> &DeviceInfo;

    /// The pose now. Called once at the start of a tick.
    ///
    /// # Errors
    /// Where the device cannot answer; the tick then holds the last pose and writes no force.
    /// [`DevErr::Late`] alone is no fault: the answer did not come in time, the pose is held.
    fn read(&mut self) -> Result<Sample, DevErr>;

    /// Plays `wrench` until the next call. Called once at the end of a tick.
    ///
    /// # Errors
    /// Where the device cannot take it.
    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr>;

    /// No force from now on. Never fails; called from every way out of the loop, and by the
    /// driver's own `Drop`.
    fn zero(&mut self);

    /// Asks the hardware to drop its force by itself where no [`write`](Self::write) came for
    /// `us` microseconds. Called once before the loop starts; true where the hardware can.
    fn set_watchdog(&mut self, _us: u32) -> bool {
        false
    }

    /// The maker's servo thread, for devices whose clock is [`ClockOwner::Callback`]; the loop then
    /// ticks in it. Given away once.
    fn take_servo(&mut self) -> Option<Box<dyn Servo>> {
        None
    }

    /// Ticks that were missed before the reading to come, for a device that plays a record.
    fn missed_before(&self) -> u64 {
        0
    }

    /// How often so far the force that the device says it plays was not the one it was given;
    /// [`Status::ECHO_DIFFERS`] is raised where it happens often in a row.
    fn echo_errors(&self) -> u64 {
        0
    }

    /// Where a person's pointer or a script wants the hand, m. Devices held by a real hand ignore
    /// it.
    fn aim(&mut self, _point: [f64; 3]) {}

    /// The buttons that a pointer or a script holds, bit mask. Devices with buttons of their own
    /// ignore it.
    fn press(&mut self, _buttons: u32) {}
}

/// How a [`Servo`] came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServoEnd {
    /// The beat asked for it.
    Asked,
    /// The maker's thread has not called for [`SERVO_SILENCE_MS`].
    Silent,
}

/// Time without a beat after which a servo counts as silent, ms.
pub const SERVO_SILENCE_MS: u64 = 100;

/// The thread of a maker's library that calls once a tick.
pub trait Servo: Send {
    /// Calls `beat` from the maker's thread, once a servo tick, until it returns false or the
    /// servo falls silent; the calling thread waits meanwhile. Once this has returned, `beat` is
    /// not called again. A beat does not panic.
    fn run(&mut self, beat: &mut (dyn FnMut() -> bool + Send)) -> ServoEnd;
}

/// A device that is silenced whenever it goes out of use.
pub(crate) struct SilencedOnDrop(pub(crate) Box<dyn HapticDevice>);

impl Drop for SilencedOnDrop {
    fn drop(&mut self) {
        self.0.zero();
    }
}
