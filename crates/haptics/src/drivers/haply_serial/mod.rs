//! Haply Inverse3 on its own serial port, without the Inverse Service: the HardwareAPI protocol
//! over USB, see `protocol`. Axes as in `haply::axes`. The VerseGrip has a port of its own that is
//! not read here: positions only.
//!
//! The force is **latched**: the device plays the last one until the next. See `watchdog`.

mod candidates;
mod device;
mod port;
mod protocol;
mod watchdog;

use super::{Driver, Sighting};
use crate::device::{HapticDevice, OpenError};

/// The driver.
pub(super) const DRIVER: Driver = Driver {
    name: "haply-serial",
    force: true,
    look,
    open,
    reopen: open,
};

const MODEL: &str = "Haply Inverse3 on a serial port";

fn look() -> Vec<Sighting> {
    let seen = |port: String| Sighting {
        name: format!("haply-serial:{port}"),
        model: MODEL.to_owned(),
        here: false,
        why: "has the Inverse3's USB id, which other boards share; open it by name if it is one"
            .to_owned(),
    };
    let mut all: Vec<Sighting> = candidates::ports().into_iter().map(seen).collect();
    if all.is_empty() {
        all.push(Sighting {
            name: "haply-serial".to_owned(),
            model: MODEL.to_owned(),
            here: false,
            why: "no port has the Inverse3's USB id 16c0:0483; name the port if you know it"
                .to_owned(),
        });
    }
    all
}

fn open(which: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    let path = match (which, candidates::ports().as_slice()) {
        ("", [only]) => only.clone(),
        ("", found) => return Err(which_one(found)),
        (path, _) => path.to_owned(),
    };
    Ok(Box::new(device::open(&path)?))
}

fn which_one(found: &[String]) -> OpenError {
    OpenError::NotConnected {
        device: "haply-serial".to_owned(),
        why: match found {
            [] => "no port has the Inverse3's USB id 16c0:0483".to_owned(),
            several => format!("several ports may be it: {}", several.join(", ")),
        },
        todo: "name the port, as in haply-serial:/dev/ttyACM0 or haply-serial:COM3",
    }
}
