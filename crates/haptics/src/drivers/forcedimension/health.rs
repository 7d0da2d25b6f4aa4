//! How the device is, and who may switch its motors on again.

use std::ffi::c_int;

use super::abi::{self, cause, status};
use crate::device::Status;

/// What the answer of `dhdGetStatus` means for the tick. An error of the controller is not explained
/// anywhere; public drivers (dhd_lib for the sigma.7) take it for "not well", so no force is sent.
pub(super) fn flags(all: &[c_int; abi::STATUS_ROOM], wrist: bool) -> Status {
    let on = |place: usize| all[place] != 0;
    let mut flags = Status::OK;
    if on(status::RESET) || (wrist && !on(status::WRIST_INIT)) {
        flags = flags.with(Status::UNCALIBRATED);
    }
    if !on(status::FORCE) || !on(status::POWER) || on(status::ERROR) {
        flags = flags.with(Status::FORCE_OFF);
    }
    if !on(status::FORCE) && all[status::FORCE_OFF_CAUSE] == cause::VELOCITY {
        flags = flags.with(Status::OVERLOAD);
    }
    flags
}

/// Whether the driver may switch the motors on that are off now: where nobody has switched them off
/// (`was_uncalibrated`: they have had no reason to be on), where the loop was late, and where the
/// driver did it itself. After the force button, the dead-man's switch or a handle that was too fast
/// the person decides.
pub(super) fn may_switch_on(
    all: &[c_int; abi::STATUS_ROOM],
    now: Status,
    was_uncalibrated: bool,
) -> bool {
    let ours = [cause::NONE, cause::WATCHDOG, cause::SOFTWARE];
    all[status::FORCE] == 0
        && !now.has(Status::UNCALIBRATED)
        && (was_uncalibrated || ours.contains(&all[status::FORCE_OFF_CAUSE]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A device in use, with some places of its status set to other values.
    fn all(changed: &[(usize, c_int)]) -> [c_int; abi::STATUS_ROOM] {
        let mut all = [0; abi::STATUS_ROOM];
        for place in [
            status::POWER,
            status::CONNECTED,
            status::FORCE,
            status::WRIST_INIT,
        ] {
            all[place] = 1;
        }
        for (place, value) in changed {
            all[*place] = *value;
        }
        all
    }

    #[test]
    fn each_reason_to_send_no_force_is_a_flag() {
        let off = Status::FORCE_OFF;
        let too_fast = [
            (status::FORCE, 0),
            (status::FORCE_OFF_CAUSE, cause::VELOCITY),
        ];
        for (changed, wrist, expected) in [
            (&[][..], true, Status::OK),
            (&[(status::POWER, 0)], true, off),
            (&[(status::ERROR, 1)], true, off),
            (&[(status::FORCE, 0)], true, off),
            (&too_fast, true, off.with(Status::OVERLOAD)),
            // What switched the motors off last time does not matter once they are on.
            (&too_fast[1..], true, Status::OK),
            (&[(status::RESET, 1)], false, Status::UNCALIBRATED),
            (&[(status::WRIST_INIT, 0)], true, Status::UNCALIBRATED),
            (&[(status::WRIST_INIT, 0)], false, Status::OK),
        ] {
            assert_eq!(flags(&all(changed), wrist), expected, "{changed:?}");
        }
    }

    #[test]
    fn who_switched_the_motors_off_decides_who_may_switch_them_on() {
        let off = Status::FORCE_OFF;
        for (why, allowed) in [
            (cause::NONE, true),
            (1, false),
            (cause::VELOCITY, false),
            (cause::WATCHDOG, true),
            (cause::SOFTWARE, true),
            (5, false),
            (6, false),
        ] {
            let all = all(&[(status::FORCE, 0), (status::FORCE_OFF_CAUSE, why)]);
            assert_eq!(may_switch_on(&all, off, false), allowed, "{why}");
            assert!(may_switch_on(&all, off, true));
            assert!(!may_switch_on(&all, off.with(Status::UNCALIBRATED), false));
        }
        assert!(!may_switch_on(&all(&[]), Status::OK, false));
    }
}
