//! Linux: event nodes of the kernel's input system, found by sysfs, which needs no rights.

mod evdev;
mod ioctl;

use std::path::{Path, PathBuf};

use super::NAME;
use super::events::{ABS_X, ABS_Y, BTN_SOUTH, has};
use super::pad::Gamepad;
use crate::device::{HapticDevice, OpenError};
use crate::drivers::Sighting;
use crate::drivers::node::is_pipe;
use evdev::Evdev;

const SYSFS: &str = "/sys/class/input";
const DEV: &str = "/dev/input";

/// Most systems give gamepads to whoever sits at the screen (70-uaccess.rules of systemd).
const RIGHTS: &str = "write this line to /etc/udev/rules.d/70-surgisim.rules and plug it in again: \
     SUBSYSTEM==\"input\", ENV{ID_INPUT_JOYSTICK}==\"?*\", TAG+=\"uaccess\"";

/// A pad that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    node: PathBuf,
    name: String,
    serial: String,
}

/// All pads, in the order of their nodes' numbers, which is that of plugging in.
fn found(sysfs: &Path, dev: &Path) -> Vec<Found> {
    let mut numbers: Vec<u32> = std::fs::read_dir(sysfs)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            name.to_str()?.strip_prefix("event")?.parse().ok()
        })
        .collect();
    numbers.sort_unstable();
    let pad = |number| {
        let event = format!("event{number}");
        let told = |what: &str| {
            let path = sysfs.join(&event).join("device").join(what);
            std::fs::read_to_string(path).unwrap_or_default()
        };
        let (keys, axes) = (told("capabilities/key"), told("capabilities/abs"));
        let is_pad = has(&keys, BTN_SOUTH) && has(&axes, ABS_X) && has(&axes, ABS_Y);
        is_pad.then(|| Found {
            node: dev.join(&event),
            name: told("name").trim().to_owned(),
            serial: told("uniq").trim().to_owned(),
        })
    };
    numbers.into_iter().filter_map(pad).collect()
}

pub(super) fn look() -> Vec<Sighting> {
    let all = found(Path::new(SYSFS), Path::new(DEV));
    if all.is_empty() {
        return vec![Sighting {
            name: NAME.to_owned(),
            model: NAME.to_owned(),
            here: false,
            why: format!("no gamepad among the devices of {SYSFS}"),
        }];
    }
    all.into_iter().enumerate().map(sighting).collect()
}

fn sighting((number, found): (usize, Found)) -> Sighting {
    let opened = Evdev::open(&found.node);
    Sighting {
        name: format!("{NAME}:{number}"),
        model: found.name,
        here: opened.is_ok(),
        why: match opened {
            Ok(pad) if pad.rumbles() => format!("{}, with rumble", found.node.display()),
            Ok(_) => format!("{}, without rumble", found.node.display()),
            Err(why) => why.to_string(),
        },
    }
}

pub(super) fn open(which: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    let found = if which.starts_with('/') {
        by_path(which)
    } else {
        by_number(which)?
    };
    let pad = Evdev::open(&found.node)?;
    let told = if pad.rumbles() { " (rumble)" } else { "" };
    let model = format!("{}{told}", found.name);
    Ok(Box::new(Gamepad::new(model, found.serial, Box::new(pad))))
}

fn by_number(which: &str) -> Result<Found, OpenError> {
    let all = found(Path::new(SYSFS), Path::new(DEV));
    let count = all.len();
    let number = if which.is_empty() {
        Some(0)
    } else {
        which.parse::<usize>().ok()
    };
    number
        .and_then(|number| all.into_iter().nth(number))
        .ok_or_else(|| OpenError::NotConnected {
            device: NAME.to_owned(),
            why: format!("{count} found, asked for '{which}'"),
            todo: "plug one in; they are counted from 0",
        })
}

fn by_path(which: &str) -> Found {
    let node = PathBuf::from(which);
    let known = found(Path::new(SYSFS), Path::new(DEV));
    known
        .into_iter()
        .find(|pad| pad.node == node)
        .unwrap_or_else(|| Found {
            name: if is_pipe(&node) {
                format!("{NAME} (events from a pipe)")
            } else {
                NAME.to_owned()
            },
            node,
            serial: String::new(),
        })
}

#[cfg(test)]
mod tests;
