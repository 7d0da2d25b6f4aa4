//! Force Dimension's omega, delta, sigma and lambda, and Novint's Falcon, through the maker's
//! library `libdrd`.
//!
//! The device is `forcedimension`, or `forcedimension:N` with the index N of the device as the
//! library counts them, or its serial number. `forcedimension:N,calibrate` lets a motorised arm
//! that is not calibrated drive itself to its end stops first; without it no arm moves by itself.
//!
//! Calls and numbers: the headers `dhdc.h` and `drdc.h` of SDK 3.17.5, and the documentation of
//! forcedimension-core. Axes: see [`frame`]. Three things that are not in the headers:
//!
//! - The library computes the force that carries the arm's own weight and adds it to every force
//!   that it is sent; an arm to which nothing is sent is not carried.
//! - Some calls need the "expert mode", a switch of the whole library: it is on only around them.
//! - `dhdSetComMode` is left alone: the maker's choice, a thread of the library's own that keeps
//!   the exchange over USB steady, is the right one for a loop that must not wait.

mod abi;
mod device;
mod finding;
mod frame;
mod health;
mod library;
mod models;
mod places;
mod setup;

use super::search::Sought;
use super::{Driver, Sighting};
use crate::device::{HapticDevice, OpenError};

/// Name of the driver, and in errors.
const DEVICE: &str = "forcedimension";
/// Where the library comes from.
const GET: &str = "install Force Dimension's SDK, or set SURGISIM_LIBDRD to the path of its libdrd \
     (docs/devices/force_dimension.md)";
/// The library, as it is looked for.
const SOUGHT: Sought = Sought {
    device: DEVICE,
    library: "libdrd",
    variable: "SURGISIM_LIBDRD",
    get: GET,
};

/// See the head of this file.
pub(super) const DRIVER: Driver = Driver {
    name: DEVICE,
    force: true,
    look,
    open,
    reopen,
};

/// Counts the devices. None is opened for it, not even to ask for its model: closing it again would
/// close it for the loop that has it in use.
fn look() -> Vec<Sighting> {
    let sighting = |name: String, here, why| Sighting {
        name,
        model: "Force Dimension omega, delta, sigma, lambda; Novint Falcon".to_owned(),
        here,
        why,
    };
    let (api, software) = match library::load() {
        Ok(found) => found,
        Err(why) => return vec![sighting(DEVICE.to_owned(), false, why.to_string())],
    };
    match api.count() {
        0 => {
            let why = format!("{software} sees no device; {}", finding::TODO);
            vec![sighting(DEVICE.to_owned(), false, why)]
        }
        count => (0..count)
            .map(|index| sighting(format!("{DEVICE}:{index}"), true, software.clone()))
            .collect(),
    }
}

/// What follows `forcedimension:`, without the wish that the arm may move by itself.
fn at_rest(which: &str) -> &str {
    let number = which.strip_suffix("calibrate").unwrap_or(which);
    number.strip_suffix(',').unwrap_or(number)
}

fn reopen(which: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    open(at_rest(which))
}

fn open(which: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    let (api, software) = library::load()?;
    let wish = finding::Wish::parse(which)?;
    let handle = finding::find(&api, wish)?;
    let device = device::ForceDimension::start(handle, &software, wish.calibrate)?;
    Ok(Box::new(device))
}
