//! Drivers for real devices, found and opened by name.
//!
//! A maker's library is opened at run time: nothing of theirs is needed to build or to install.

mod forcedimension;
mod gamepad;
mod haply;
mod haply_serial;
#[cfg(target_os = "linux")]
mod node;
mod openhaptics;
mod rate;
mod search;
mod silence;
mod spacemouse;
mod wait;

use crate::device::{HapticDevice, OpenError};
use crate::simulated::{Arm, DEVICE_MODELS, HandModel, SimulatedDevice, SimulatedHand};

/// Something that may be in the hand, seen or looked for in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What to give to `--device`: the driver's name, with `:` and which one where there are several.
    pub name: String,
    /// Maker and model, or what the driver is for.
    pub model: String,
    /// Whether it can be opened.
    pub here: bool,
    /// What was found, or what was looked for and where to get it.
    pub why: String,
}

/// A driver.
pub struct Driver {
    /// Name, lower case.
    pub name: &'static str,
    /// Whether its devices can push the hand. One that cannot is never taken unasked.
    pub force: bool,
    /// Looks for devices; never empty, so that a person sees what was looked for.
    pub look: fn() -> Vec<Sighting>,
    /// Opens the one told by what follows `name:`; the first where nothing follows.
    pub open: fn(which: &str) -> Result<Box<dyn HapticDevice>, OpenError>,
    /// The same for one that was lost in the middle of a run: no arm moves by itself, whatever is
    /// asked for; a hand may be at it, and nobody expects it.
    pub reopen: fn(which: &str) -> Result<Box<dyn HapticDevice>, OpenError>,
}

/// All drivers, in the order in which `auto` takes them.
pub const DRIVERS: &[Driver] = &[
    forcedimension::DRIVER,
    openhaptics::DRIVER,
    haply::DRIVER,
    haply_serial::DRIVER,
    spacemouse::DRIVER,
    gamepad::DRIVER,
];

/// What is connected, and what was looked for in vain.
#[must_use]
pub fn survey() -> Vec<Sighting> {
    DRIVERS.iter().flat_map(|driver| (driver.look)()).collect()
}

/// Opens what [`open`] opens, and the devices made of numbers for a tool at `start` (m) and ticks of
/// `dt` seconds: `hand` and `mouse` (a [`SimulatedHand`] for scripts and for pointers), and
/// `simulated` (a [`SimulatedDevice`], `simulated:omega` and so on; the touch-like one where nothing
/// follows).
///
/// # Errors
/// Where no driver has that name, or it cannot be opened.
pub fn open_at(name: &str, start: [f64; 3], dt: f64) -> Result<Box<dyn HapticDevice>, OpenError> {
    match name.split_once(':').unwrap_or((name, "")) {
        ("hand", "") => Ok(Box::new(SimulatedHand::new(HandModel::hand(), start, dt)?)),
        ("mouse", "") => Ok(Box::new(SimulatedHand::new(HandModel::mouse(), start, dt)?)),
        ("simulated", which) => {
            let model = DEVICE_MODELS
                .iter()
                .find(|model| which.is_empty() || model.name == which)
                .ok_or_else(|| OpenError::Unknown {
                    name: name.to_owned(),
                })?;
            Ok(Box::new(SimulatedDevice::new(*model, Arm::guided(), dt)?))
        }
        _ => open(name),
    }
}

/// The driver of the device called `name`, and which of its devices is meant; nothing for devices made
/// of numbers.
#[must_use]
pub fn find(name: &str) -> Option<(&'static Driver, &str)> {
    let (driver, which) = name.split_once(':').unwrap_or((name, ""));
    let known = DRIVERS.iter().find(|known| known.name == driver);
    known.map(|driver| (driver, which))
}

/// Opens the device called `name`, as [`survey`] lists it.
///
/// # Errors
/// Where no driver has that name, or it cannot be opened.
pub fn open(name: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    let (driver, which) = find(name).ok_or_else(|| OpenError::Unknown {
        name: name.to_owned(),
    })?;
    (driver.open)(which)
}
