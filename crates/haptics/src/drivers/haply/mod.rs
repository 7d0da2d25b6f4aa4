//! Haply Inverse3, Inverse3x and Minverse, with or without a VerseGrip, through the Haply Inverse
//! Service that runs on the same machine: a WebSocket with JSON, one state for each message.
//!
//! Facts: docs.haply.co, Inverse SDK, service 3.1 to 3.5 (WebSocket Protocol, Simulation Channel,
//! HTTP, Events, Basis Permutation, Filters, tutorials 01 and 05), and public clients (Isaac Lab,
//! i4h-workflows) where the documentation is silent. The legacy channel of service 3.0 (port
//! 10000, devices as an object keyed by id) is not spoken.
//!
//! Commands hold for one tick of the service: where none comes the device idles, which is a
//! dead-man's switch of the maker's. Axes are in `axes`, the order of things while opening in
//! `opening`, the tick in `device`.

pub(super) mod axes;
mod device;
mod echo;
mod events;
mod frame;
mod inventory;
mod json;
mod link;
pub(super) mod models;
mod opening;
mod request;
mod state;
mod target;
mod version;

use super::{Driver, Sighting};
use crate::device::OpenError;

/// The driver.
pub(super) const DRIVER: Driver = Driver {
    name: "haply",
    force: true,
    look,
    open: opening::open,
    reopen: opening::open,
};

fn look() -> Vec<Sighting> {
    found().unwrap_or_else(|why| {
        vec![Sighting {
            name: "haply".to_owned(),
            model: "Haply Inverse3, Inverse3x, Minverse".to_owned(),
            here: false,
            why: why.to_string(),
        }]
    })
}

fn found() -> Result<Vec<Sighting>, OpenError> {
    let target = target::parse("")?;
    let version = opening::known_version(&target)?;
    let (mut link, inventory) = opening::introduced(&target)?;
    link.close();
    let devices = inventory::devices(&inventory);
    if devices.is_empty() {
        // Says in its own words that nobody is there.
        inventory::choose(&inventory, &target)?;
    }
    let sighting = |(id, kind): (String, String)| Sighting {
        name: format!("haply:{id}"),
        model: models::info(&kind).model,
        here: true,
        why: format!("Inverse Service {}", version.text),
    };
    Ok(devices.into_iter().map(sighting).collect())
}
