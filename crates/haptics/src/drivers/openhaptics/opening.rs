//! Opening and closing, in the order that the maker's guide gives.
//!
//! Opening: initialise, switch on, schedule, start the scheduler. Closing: stop the scheduler,
//! unschedule, disable. The scheduler is one for all devices, so a second device stops it for a
//! moment, as SOFA's driver does; a running loop would miss that moment, so while one runs no second
//! device is opened.
//!
//! A device that is lost may still be in the hands of its loop when it is opened again, and its loop
//! in its servo. It is put away then from under them: the loop finds its servo silent, and the old
//! device says that it is lost until it is dropped.

use std::ffi::CString;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::abi::{
    ALREADY_INITIATED, CALIBRATION_STYLE, DEVICE_FAULT, Device, ErrorInfo, FORCE_OUTPUT,
    FORCE_RAMPING, INVALID_LICENSE, MAX_FORCE_CLAMPING, NO_DEVICE,
};
use super::calls::{Hd, in_words, meaning};
use super::device::{Touch, TouchState};
use super::frame::{Frame, FrameState, Order, Reading};
use super::info::{RATE_HZ, info};
use super::station::{Station, servo_tick};
use super::{library, named};
use crate::device::{DevErr, HapticDevice, OpenError};
use crate::triple_buffer::triple_buffer;

/// Frames after the start whose poses are not trusted: encoders and filters settle. They are waited
/// for here, so that nobody sees them.
const SETTLED_AFTER: u64 = 50;
/// Time that they may take.
const SETTLES_WITHIN: Duration = Duration::from_secs(3);
/// Tries to get rid of a handle that an earlier program left behind.
const STALE_TRIES: u32 = 10;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
/// Time that closing waits for a frame that plays zero.
const ZERO_WITHIN: Duration = Duration::from_millis(50);

const CHECK: &str = "check its cable and power, and run the maker's Touch_Setup and \
                     Touch_Diagnostic (docs/devices/touch.md)";
const CHECK_NAME: &str = "give the name that Touch_Setup shows, or none for the default device \
                          (docs/devices/touch.md)";
const SET_HOME: &str = "set GTDD_HOME to the folder in which Touch_Setup keeps its configuration \
                        (usually /usr/share/3DSystems) and log in again";

/// Opens the device that Touch_Setup calls `which`; the default one where that is empty.
pub(super) fn open(which: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    let hd = library::load()?;
    let mut touch = set_up(hd, which)?;
    settle(&mut touch, which)?;
    Ok(Box::new(touch))
}

fn set_up(hd: &'static Hd, which: &str) -> Result<Touch, OpenError> {
    let mut stations = hd.stations.lock().unwrap_or_else(PoisonError::into_inner);
    let busy = |station: &&Station| station.beat.is_given() && !station.is_lost();
    if stations.iter().any(busy) {
        return Err(OpenError::Refused {
            device: named(which),
            why: "a loop runs in the servo thread that all devices share".to_owned(),
            todo: "stop it and open all devices before the first loop starts",
        });
    }
    if !stations.is_empty() {
        hd.stop();
    }
    put_away_lost(hd, &mut stations);
    let opened = initialise(hd, which, &stations).and_then(|device| start_with(hd, which, device));
    match &opened {
        Ok(touch) => stations.push(touch.station),
        Err(_) if !stations.is_empty() => hd.start(),
        Err(_) => {}
    }
    opened
}

/// The scheduler stands still meanwhile.
fn put_away_lost(hd: &Hd, stations: &mut Vec<&'static Station>) {
    stations.retain(|station| {
        if station.is_lost() {
            put_away(hd, station);
        }
        !station.is_lost()
    });
}

fn start_with(hd: &'static Hd, which: &str, device: Device) -> Result<Touch, OpenError> {
    let touch = schedule(hd, which, device);
    hd.start();
    // The servo runs already: a force error of its first frames is no reason not to open.
    let Some(error) = hd.gravest_error().filter(is_no_force_error) else {
        return Ok(touch);
    };
    hd.stop();
    put_away(hd, touch.station);
    // It was never listed, so that its Drop must not close it a second time.
    std::mem::forget(touch);
    Err(refused(hd, which, error))
}

fn is_no_force_error(error: &ErrorInfo) -> bool {
    !matches!(meaning(error.code), DevErr::Overload { .. })
}

/// The handle of the device, switched on and current.
fn initialise(hd: &Hd, which: &str, open: &[&Station]) -> Result<Device, OpenError> {
    let device = fresh_handle(hd, which, open)?;
    hd.make_current(device);
    hd.enable(FORCE_OUTPUT);
    hd.enable(MAX_FORCE_CLAMPING);
    // The device's own ramp acts when the scheduler starts and after an error of the 02xx kind. The
    // first is over before a loop plays any force (frames run at zero from here on); the second is
    // a net under our own ramp, at no cost. The guide warns of switching such nets off.
    hd.enable(FORCE_RAMPING);
    if let Some(error) = hd.gravest_error().filter(is_no_force_error) {
        hd.disable_device(device);
        return Err(refused(hd, which, error));
    }
    Ok(device)
}

fn fresh_handle(hd: &Hd, which: &str, open: &[&Station]) -> Result<Device, OpenError> {
    let name = CString::new(which).map_err(|_| OpenError::Unknown { name: named(which) })?;
    let name = (!which.is_empty()).then_some(name.as_c_str());
    for _ in 0..=STALE_TRIES {
        hd.gravest_error();
        let device = hd.init(name);
        let Some(error) = hd.gravest_error() else {
            if device != NO_DEVICE {
                return Ok(device);
            }
            let silent = ErrorInfo {
                code: DEVICE_FAULT,
                internal: 0,
                device,
            };
            return Err(refused(hd, which, silent));
        };
        if error.code != ALREADY_INITIATED {
            return Err(refused(hd, which, error));
        }
        let stale = stale_handle(hd, error, open).ok_or_else(|| OpenError::Refused {
            device: named(which),
            why: "it is already open in this program".to_owned(),
            todo: "close it first",
        })?;
        hd.disable_device(stale);
        std::thread::sleep(BETWEEN_TRIES);
    }
    Err(OpenError::Refused {
        device: named(which),
        why: format!("another handle holds it (0x0301), {STALE_TRIES} tries to free it failed"),
        todo: "close other programs that use it, or unplug it and plug it in again",
    })
}

/// The handle that stands in the way, where it is none of ours.
fn stale_handle(hd: &Hd, error: ErrorInfo, open: &[&Station]) -> Option<Device> {
    let ours = |device: Device| open.iter().any(|station| station.device == device);
    [error.device, hd.current()]
        .into_iter()
        .find(|device| *device != NO_DEVICE && !ours(*device))
}

/// The device with its callback scheduled; the scheduler stands still meanwhile.
fn schedule(hd: &'static Hd, which: &str, device: Device) -> Touch {
    let info = info(hd);
    let styles = hd.integer(CALIBRATION_STYLE).cast_unsigned();
    // The library's default; where it does not take the rate it has none but this.
    hd.set_rate(RATE_HZ);
    // What it does not know of the above is no error.
    hd.gravest_error();
    let (readings_in, readings) = triple_buffer(&Reading::default());
    let (orders, orders_out) = triple_buffer(&Order::default());
    let frame = Frame {
        hd,
        device,
        six: info.output_dof == 6,
        turns: info.input_dof == 6,
        styles,
        readings: readings_in,
        orders: orders_out,
        state: FrameState::default(),
    };
    let station = Station::new(which, frame);
    let user = std::ptr::from_ref(station).cast_mut().cast();
    // SAFETY: `user` is a station, which is never freed and bears calls from any thread.
    let scheduled = unsafe { hd.schedule(servo_tick, user) };
    station.scheduled.store(scheduled, Ordering::Relaxed);
    Touch {
        hd,
        station,
        info,
        readings,
        orders,
        state: TouchState::new(),
    }
}

/// Waits until poses can be trusted.
fn settle(touch: &mut Touch, which: &str) -> Result<(), OpenError> {
    let start = Instant::now();
    while touch.station.frames.load(Ordering::Acquire) < SETTLED_AFTER {
        if start.elapsed() > SETTLES_WITHIN {
            return Err(not_connected(which, "the servo does not run".to_owned()));
        }
        std::thread::sleep(Duration::from_millis(2));
        let lost = touch.readings.latest().trouble == Some(DevErr::Lost);
        if lost {
            return Err(not_connected(which, DevErr::Lost.to_string()));
        }
    }
    touch.state = TouchState::new();
    Ok(())
}

/// Closes an open device; its last order is zero.
pub(super) fn close(hd: &Hd, station: &'static Station) {
    // The frame that is under way may have missed the order; the one after it has not.
    station.await_frames(2, ZERO_WITHIN);
    let mut stations = hd.stations.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(at) = stations
        .iter()
        .position(|open| std::ptr::eq(*open, station))
    else {
        return; // It was lost, and is put away already.
    };
    stations.remove(at);
    hd.stop();
    put_away(hd, station);
    if !stations.is_empty() {
        hd.start();
        hd.gravest_error();
    }
}

/// The scheduler stands still meanwhile.
fn put_away(hd: &Hd, station: &Station) {
    hd.unschedule(station.scheduled.load(Ordering::Relaxed));
    station.close();
    hd.make_current(station.device);
    hd.disable(FORCE_OUTPUT);
    hd.disable_device(station.device);
    hd.gravest_error();
}

fn refused(hd: &Hd, which: &str, error: ErrorInfo) -> OpenError {
    let why = in_words(hd, error);
    if error.code == INVALID_LICENSE {
        return OpenError::Refused {
            device: named(which),
            why,
            todo: "install OpenHaptics with a licence that is valid on this machine",
        };
    }
    match meaning(error.code) {
        DevErr::Lost => not_connected(which, why),
        _ => OpenError::Refused {
            device: named(which),
            why,
            todo: CHECK,
        },
    }
}

fn not_connected(which: &str, why: String) -> OpenError {
    let homeless = cfg!(unix) && std::env::var_os("GTDD_HOME").is_none();
    let todo = match (homeless, which.is_empty()) {
        (true, _) => SET_HOME,
        (false, true) => CHECK,
        (false, false) => CHECK_NAME,
    };
    OpenError::NotConnected {
        device: named(which),
        why,
        todo,
    }
}

/// The model of a device that can be opened, tried out with its motors off.
pub(super) fn probe(hd: &Hd, which: &str) -> Result<String, OpenError> {
    let stations = hd.stations.lock().unwrap_or_else(PoisonError::into_inner);
    let open = |station: &&Station| station.name == which && !station.is_lost();
    if stations.iter().any(open) {
        return Ok("open in this program".to_owned());
    }
    if !stations.is_empty() {
        return Err(OpenError::Refused {
            device: named(which),
            why: "not looked at while another one is open".to_owned(),
            todo: "close that first",
        });
    }
    let device = fresh_handle(hd, which, &stations)?;
    hd.make_current(device);
    let model = info(hd).model;
    hd.disable_device(device);
    hd.gravest_error();
    Ok(model)
}
