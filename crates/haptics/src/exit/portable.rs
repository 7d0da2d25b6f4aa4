//! Systems without POSIX signals: the end of a process is not watched; dropping a loop, and a
//! device's own watchdog, are what takes the force off.

use std::time::Duration;

pub(super) fn watch() {}

pub(super) fn shield_thread() {}

pub(super) fn unshield_thread() {}

pub(super) fn pause(time: Duration) {
    std::thread::sleep(time);
}
