//! 3D Systems Touch, Touch X and the Phantoms, through OpenHaptics' library libHD (HDAPI).
//!
//! **Axes.** HD_CURRENT_POSITION is told in front of the device's base: right is +x, up is +y,
//! towards the person is +z (OpenHaptics Toolkit API Reference Guide 3.5.0, table A-2). That is our
//! device frame already, so only millimetres become metres. HD_CURRENT_TRANSFORM turns the end
//! effector's axes into the base's and is kept column by column.
//!
//! **Clock.** The library owns the thread: its scheduler calls back 1000 times a second, and device
//! state is only valid, and forces only leave, between `hdBeginFrame` and `hdEndFrame` of such a
//! call. What a frame does is in `frame`, how the loop's beat gets into it in `servo`.
//!
//! The maker's library is proprietary and comes from the maker; docs/devices/touch.md says how to
//! install it. No line of theirs is in here.

mod abi;
mod calls;
mod device;
mod frame;
mod info;
mod library;
mod opening;
mod pose;
mod servo;
mod station;

use std::path::Path;

use super::{Driver, Sighting};

const NAME: &str = "touch";
/// What the driver is for, where no device tells its model.
const KIND: &str = "3D Systems Touch or Phantom (OpenHaptics)";
/// Name under which the maker's setup keeps the device that is opened without a name.
const DEFAULT_DEVICE: &str = "Default Device";

/// `touch`, or `touch:NAME` with a name of the maker's Touch_Setup.
pub(super) const DRIVER: Driver = Driver {
    name: NAME,
    force: true,
    look,
    open: opening::open,
    reopen: opening::open,
};

/// What to give to `--device`.
fn named(which: &str) -> String {
    if which.is_empty() {
        NAME.to_owned()
    } else {
        format!("{NAME}:{which}")
    }
}

fn look() -> Vec<Sighting> {
    let hd = match library::load() {
        Ok(hd) => hd,
        Err(why) => {
            return vec![Sighting {
                name: NAME.to_owned(),
                model: KIND.to_owned(),
                here: false,
                why: why.to_string(),
            }];
        }
    };
    configured()
        .iter()
        .map(|which| {
            let found = opening::probe(hd, which);
            Sighting {
                name: named(which),
                here: found.is_ok(),
                model: found.clone().unwrap_or_else(|_| KIND.to_owned()),
                why: found.map_or_else(|why| why.to_string(), |_| "found".to_owned()),
            }
        })
        .collect()
}

/// Names of the devices that Touch_Setup has set up: it keeps a file for each under
/// `$GTDD_HOME/config`. The library itself cannot list devices.
fn configured() -> Vec<String> {
    let home = std::env::var_os("GTDD_HOME").filter(|home| !home.is_empty());
    let folder = home.map(|home| Path::new(&home).join("config"));
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok());
    let files = entries.into_iter().flatten().flatten();
    let mut names: Vec<String> = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "config"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .map(|name| {
            if name == DEFAULT_DEVICE {
                String::new()
            } else {
                name
            }
        })
        .collect();
    names.sort();
    if names.is_empty() {
        names.push(String::new());
    }
    names
}
