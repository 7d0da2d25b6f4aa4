//! A gamepad: two sticks move the tool, two rumble motors tell of the force.
//!
//! | control | does |
//! | --- | --- |
//! | left stick | right and left (x), away and toward the person (z) |
//! | right stick, up and down | up and down (y) |
//! | a shoulder button, held | fine mode: a fifth of the speed |
//! | A, B, X, Y | buttons 0 to 3 |
//!
//! Sticks and not triggers, since a stick springs back to a middle from both sides. Three
//! coordinates, no orientation. The sticks' own axes: x to the right, y toward the person (Linux
//! Gamepad Specification: negative is left and up).

mod pad;

#[cfg(target_os = "linux")]
mod events;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(test, not(target_os = "linux")))]
mod portable;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use portable as system;

use super::Driver;

pub(super) const DRIVER: Driver = Driver {
    name: NAME,
    force: false,
    look: system::look,
    open: system::open,
    reopen: system::open,
};

const NAME: &str = "gamepad";
