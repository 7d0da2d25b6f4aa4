//! What can go wrong with a device: before it is open (told in full), and in the tick (small).

use thiserror::Error;

use crate::simulated::HandError;

/// Why a device could not be read or written in a tick.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DevErr {
    /// Nothing new came in time; what was last known still holds.
    #[error("the device did not answer in time; close other programs that use it")]
    Late,
    /// The device no longer answers.
    #[error("the device no longer answers; check its cable and power")]
    Lost,
    /// The device has dropped its force to protect itself: warm motors, a force or speed too large.
    #[error("the device protects itself (code {code:#06x}); let it rest and move slowly")]
    Overload {
        /// The maker's code.
        code: u32,
    },
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

/// Why a device could not be opened: what, where, and what to do.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum OpenError {
    /// The maker's library is not on this machine.
    #[error("{device}: {library} is not installed; {get}; looked for: {}", looked_for.join(", "))]
    LibraryMissing {
        /// For whom it was needed.
        device: &'static str,
        /// The library.
        library: &'static str,
        /// Names and paths tried.
        looked_for: Vec<String>,
        /// Where it comes from.
        get: &'static str,
    },
    /// The maker's library is there, or was named in the environment, and does not load.
    #[error("{device}: {which} could not be loaded: {why}; {todo}")]
    LibraryUnloadable {
        /// For whom it was needed.
        device: &'static str,
        /// Path of the library, and the variable that names it, if one does.
        which: String,
        /// What the system's loader said.
        why: String,
        /// What to do.
        todo: String,
    },
    /// The library is there but is not the one we know.
    #[error("{device}: {library} lacks {symbol}; install a version that has it ({get})")]
    SymbolMissing {
        /// For whom it was needed.
        device: &'static str,
        /// Path of the library.
        library: String,
        /// Name of the function.
        symbol: &'static str,
        /// Where it comes from.
        get: &'static str,
    },
    /// No such device is plugged in, or its service does not run.
    #[error("{device}: not connected ({why}); {todo}")]
    NotConnected {
        /// Which.
        device: String,
        /// What the system or the maker's library said.
        why: String,
        /// What to do.
        todo: &'static str,
    },
    /// It speaks a version that we do not know; no force is sent to it.
    #[error("{device}: {found} is not known to this version of surgisim ({known}); update one")]
    Version {
        /// Which.
        device: String,
        /// What it said.
        found: String,
        /// What we speak.
        known: &'static str,
    },
    /// It is there and refuses: a fault, missing rights, no calibration.
    #[error("{device}: {why}; {todo}")]
    Refused {
        /// Which.
        device: String,
        /// What it said.
        why: String,
        /// What to do.
        todo: &'static str,
    },
    /// A device made of numbers was given bad ones.
    #[error(transparent)]
    Simulated(#[from] HandError),
    /// No driver of that name.
    #[error("no device is called '{name}'; `surgisim devices` lists what there is")]
    Unknown {
        /// Asked for.
        name: String,
    },
}
