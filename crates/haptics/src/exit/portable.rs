//! Systems without POSIX signals: the end of a process is not watched; dropping a loop, and a
//! device's own watchdog, are what takes the force off.

use std::time::Duration;

pub(super) fn watch() {}

pub(super) fn shield_thread() -> usize {
    0
}

pub(super) fn forget_thread(_thread: usize) {}

pub(super) fn pause(time: Duration) {
    std::thread::sleep(time);
}
