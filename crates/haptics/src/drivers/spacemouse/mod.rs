//! 3Dconnexion SpaceMouse: a cap on springs that is pushed and twisted in six coordinates. No force.
//!
//! Read as raw HID reports ([`report`]), without the maker's driver. Axes of the reports (USB HID
//! Usage Tables, 4.2 Axis Usages; the table of conventions in pyspacemouse's documentation): +x to
//! the right, +y toward the person, +z down, rotations right-handed about them. In the device frame
//! (+y up, -z away from the person) that is `(x, -z, y)`, for translations and rotations alike.
//!
//! While the cap is held out the device reports every 8 ms (SpaceNavigator) or 16 ms (wireless
//! models), and sends zeros when it is let go (recordings of the wire in AndunHH/spacemouse,
//! SpaceNavigator.md and SpaceMouseWireless.md). A cap that has not been heard of for
//! [`SILENT_TICKS`] therefore counts as let go: a wireless link that breaks must not leave the tool
//! moving.

mod models;
mod report;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(test, not(target_os = "linux")))]
mod portable;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use portable as system;

use hidapi::HidApi;

use super::rate::{DT, Handle, RATE_HZ, Response, TOP_SPEED, TOP_SPIN};
use super::{Driver, Sighting};
use crate::device::{DevErr, DeviceInfo, HapticDevice, OpenError, Sample, Wrench, WriteStatus};
use crate::vector::scale;
use models::{GENERIC, Model};
use report::Cap;

pub(super) const DRIVER: Driver = Driver {
    name: "spacemouse",
    force: false,
    look,
    open,
    reopen: open,
};

/// For messages.
const NAME: &str = "3Dconnexion SpaceMouse";
/// Largest value of an axis ("Logical Maximum" of the report descriptors; axis_scale in
/// pyspacemouse's devices.toml).
const FULL: f64 = 350.0;
/// The cap's own electronics are quiet in the middle; the dead zone keeps a push from twisting.
const PUSH: Response = Response {
    dead: 0.06,
    expo: 0.6,
};
const TWIST: Response = Response {
    dead: 0.15,
    expo: 0.6,
};
/// Readings without a report after which the cap counts as let go: a quarter of a second.
const SILENT_TICKS: u32 = (0.25 / DT) as u32;
/// Reports taken in one reading; more than a millisecond brings.
const REPORTS_PER_TICK: u32 = 16;

/// A device that was found.
struct Found {
    path: String,
    name: String,
    serial: String,
    model: &'static Model,
}

/// All 3Dconnexion devices, each once.
fn found() -> Vec<Found> {
    let Ok(hid) = HidApi::new() else {
        return Vec::new();
    };
    let mut all: Vec<Found> = Vec::new();
    for device in hid.device_list() {
        let ids = (device.vendor_id(), device.product_id());
        let usage = (device.usage_page(), device.usage());
        let Some(model) = models::model(ids, usage) else {
            continue;
        };
        let path = device.path().to_string_lossy().into_owned();
        if all.iter().any(|known| known.path == path) {
            continue;
        }
        let told = device.product_string().unwrap_or_default();
        all.push(Found {
            path,
            name: model.full_name(told),
            serial: device.serial_number().unwrap_or_default().to_owned(),
            model,
        });
    }
    all
}

fn look() -> Vec<Sighting> {
    let all = found();
    if all.is_empty() {
        return vec![Sighting {
            name: DRIVER.name.to_owned(),
            model: NAME.to_owned(),
            here: false,
            why: "no 3Dconnexion device among the HID devices".to_owned(),
        }];
    }
    all.into_iter().map(sighting).collect()
}

fn sighting(found: Found) -> Sighting {
    let opened = system::Reports::open(&found.path);
    Sighting {
        name: format!("{}:{}", DRIVER.name, found.path),
        model: found.name,
        here: opened.is_ok(),
        why: opened.map_or_else(|why| why.to_string(), |_| "connected".to_owned()),
    }
}

fn open(which: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    let device = found()
        .into_iter()
        .find(|device| which.is_empty() || device.path == which)
        .or_else(|| {
            system::stands_in(which).then(|| Found {
                path: which.to_owned(),
                name: format!("{NAME} (reports from a pipe)"),
                serial: String::new(),
                model: &GENERIC,
            })
        })
        .ok_or_else(|| OpenError::NotConnected {
            device: NAME.to_owned(),
            why: if which.is_empty() {
                "none among the HID devices".to_owned()
            } else {
                format!("none at {which}")
            },
            todo: "plug it in, or switch it on; `surgisim devices` lists what there is",
        })?;
    let reports = system::Reports::open(&device.path)?;
    Ok(Box::new(SpaceMouse::new(device, reports)))
}

/// An open SpaceMouse.
struct SpaceMouse {
    info: DeviceInfo,
    model: &'static Model,
    reports: system::Reports,
    cap: Cap,
    silent: u32,
    handle: Handle,
    seq: u64,
    lost: bool,
}

impl SpaceMouse {
    fn new(device: Found, reports: system::Reports) -> Self {
        let info = DeviceInfo {
            model: device.name,
            serial: device.serial,
            input_dof: 6,
            rate_hz: RATE_HZ,
            ..DeviceInfo::default()
        };
        Self {
            handle: Handle::new(info.workspace),
            info,
            model: device.model,
            reports,
            cap: Cap::default(),
            silent: 0,
            seq: 0,
            lost: false,
        }
    }

    /// Takes what has come since the last reading.
    fn listen(&mut self) -> Result<(), DevErr> {
        self.silent = self.silent.saturating_add(1);
        let mut buffer = [0; report::LONGEST];
        for _ in 0..REPORTS_PER_TICK {
            let length = self.reports.next(&mut buffer)?;
            if length == 0 {
                break;
            }
            if self.cap.take(self.model.layout, &buffer[..length]) {
                self.silent = 0;
            }
        }
        if self.silent > SILENT_TICKS {
            self.cap.let_go();
        }
        Ok(())
    }
}

/// From the axes of the reports to the device frame, as parts of the full deflection.
fn in_device_frame([x, y, z]: [i16; 3]) -> [f64; 3] {
    [x, z.saturating_neg(), y].map(|part| f64::from(part) / FULL)
}

impl HapticDevice for SpaceMouse {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        if self.lost {
            return Err(DevErr::Lost);
        }
        if let Err(why) = self.listen() {
            self.lost = true;
            return Err(why);
        }
        let push = PUSH.of(in_device_frame(self.cap.translation));
        let twist = TWIST.of(in_device_frame(self.cap.rotation));
        self.handle
            .step(scale(push, TOP_SPEED), scale(twist, TOP_SPIN));
        self.seq += 1;
        Ok(Sample {
            seq: self.seq,
            pos: self.handle.pos,
            rot: self.handle.rot,
            buttons: self.model.buttons(self.cap.keys),
            ..Sample::default()
        })
    }

    fn write(&mut self, _wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        if self.lost {
            return Err(DevErr::Lost);
        }
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {}
}
