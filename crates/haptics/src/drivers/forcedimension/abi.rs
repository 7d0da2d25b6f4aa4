//! Numbers of the maker's interface, as in `dhdc.h` of SDK 3.17.5; own declarations.

use std::ffi::{c_char, c_int, c_uchar};

use crate::device::DevErr;

/// Which device: the last argument of every call. We never use -1, "the default device", so it does
/// not matter that C's `char` has a sign on some processors and none on others.
pub(super) type Id = c_char;

/// What calls return besides -1 (an error) and other values of their own.
pub(super) const OK: c_int = 0;
/// Less time than the time guard has gone by since the last exchange over USB: nothing was sent,
/// what was read is of that exchange.
pub(super) const TIMEGUARD: c_int = 1;
/// A motor cannot give what was asked for; it gives what it can.
pub(super) const MOTOR_SATURATED: c_int = 2;

/// `DHD_ON` and `DHD_OFF`, where the argument is `uchar` and where it is `int`.
pub(super) const ON: c_uchar = 1;
pub(super) const OFF: c_uchar = 0;

/// Room for the answer of `dhdGetStatus`. It writes 17 numbers (`DHD_MAX_STATUS`) in 3.17 and has
/// written fewer before; the room to spare is for versions that write more.
pub(super) const STATUS_ROOM: usize = 32;

/// Places in the answer of `dhdGetStatus`; each is 0 or 1 unless told otherwise.
pub(super) mod status {
    pub const POWER: usize = 0;
    pub const CONNECTED: usize = 1;
    /// The device waits for its calibration.
    pub const RESET: usize = 3;
    /// The motors are on.
    pub const FORCE: usize = 5;
    /// The controller reports an error of its own.
    pub const ERROR: usize = 9;
    pub const WRIST_INIT: usize = 12;
    /// What turned the motors off the last time; stays after they are on again.
    pub const FORCE_OFF_CAUSE: usize = 14;
}

/// Values of [`status::FORCE_OFF_CAUSE`].
pub(super) mod cause {
    use std::ffi::c_int;

    pub const NONE: c_int = 0;
    /// The handle was faster than the controller allows.
    pub const VELOCITY: c_int = 2;
    /// No command came for as long as `dhdSetWatchdog` allows.
    pub const WATCHDOG: c_int = 3;
    /// A program asked for it.
    pub const SOFTWARE: c_int = 4;
}

/// What `dhdErrorGetLast` answers; a number for each thread.
pub(super) mod error {
    use std::ffi::c_int;

    pub const COM: c_int = 2;
    pub const DHC_BUSY: c_int = 3;
    pub const NO_DRIVER_FOUND: c_int = 4;
    pub const NO_DEVICE_FOUND: c_int = 5;
    pub const TIMEOUT: c_int = 7;
    pub const DEVICE_NOT_READY: c_int = 12;
    pub const INVALID_INDEX: c_int = 15;
    pub const DEVICE_IN_USE: c_int = 20;
}

/// What an error in the tick means. A controller that does not answer in time may answer the next
/// time; whether it is gone is told by how long that lasts.
pub(super) fn meaning(number: c_int) -> DevErr {
    match number {
        error::COM | error::DHC_BUSY | error::TIMEOUT | error::DEVICE_NOT_READY => DevErr::Late,
        error::NO_DRIVER_FOUND | error::NO_DEVICE_FOUND | error::INVALID_INDEX => DevErr::Lost,
        other => DevErr::Fault {
            code: other.unsigned_abs(),
        },
    }
}

/// System types (`DHD_DEVICE_...`). Where there are two, the first is for the right hand.
pub(super) mod system {
    use std::ffi::c_int;

    pub const OMEGA3: c_int = 33;
    pub const OMEGA6: [c_int; 2] = [34, 36];
    pub const OMEGA7: [c_int; 2] = [35, 37];
    pub const FALCON: c_int = 60;
    pub const DELTA3: c_int = 63;
    /// Controllers without an arm of their own.
    pub const CONTROLLER: [c_int; 2] = [81, 82];
    pub const SIGMA7: [c_int; 2] = [104, 105];
    pub const LAMBDA7: [c_int; 2] = [108, 109];
    pub const LAMBDA6: [c_int; 2] = [131, 132];
    pub const LAMBDA3: c_int = 203;
    pub const SIGMA3: c_int = 206;
}
