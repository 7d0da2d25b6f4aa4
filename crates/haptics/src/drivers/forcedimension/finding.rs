//! Which of the devices that are plugged in, and who has it open.

use std::ffi::c_ushort;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::DEVICE;
use super::abi::{Id, OK, error};
use super::library::Api;
use crate::device::OpenError;

/// What to do about a device that is not seen.
pub(super) const TODO: &str =
    "check its power and cable, and on Linux the udev rule in docs/devices/force_dimension.md";

/// What a person asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// Index or serial number; the first device that can be opened where there is none.
    pub number: Option<u16>,
    /// Whether the arm may move by itself to calibrate.
    pub calibrate: bool,
}

impl Wish {
    /// From what follows `forcedimension:`.
    pub(super) fn parse(which: &str) -> Result<Self, OpenError> {
        let (number, calibrate) = match which.split_once(',') {
            Some((number, "calibrate")) => (number, true),
            None if which == "calibrate" => ("", true),
            _ => (which, false),
        };
        if number.is_empty() {
            return Ok(Self {
                number: None,
                calibrate,
            });
        }
        let known = number.parse().map_err(|_| OpenError::NotConnected {
            device: format!("{DEVICE}:{which}"),
            why: format!("'{number}' is neither an index nor a serial number"),
            todo: "name it as in forcedimension:0 or forcedimension:0,calibrate",
        });
        Ok(Self {
            number: Some(known?),
            calibrate,
        })
    }
}

/// Indices that this process has open. The library would open one a second time and then close it
/// for both.
static OPEN: AtomicU64 = AtomicU64::new(0);

/// An index that is ours until it is dropped.
struct Claim(u64);

impl Claim {
    fn of(index: u8) -> Option<Self> {
        let bit = 1_u64.checked_shl(u32::from(index))?;
        let before = OPEN.fetch_or(bit, Ordering::AcqRel);
        // Made only where it is ours: one that is thrown away gives up the index.
        (before & bit == 0).then(|| Self(bit))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        OPEN.fetch_and(!self.0, Ordering::AcqRel);
    }
}

/// An open device; closed when it is dropped.
pub(super) struct Handle {
    pub api: Arc<Api>,
    pub id: Id,
    pub serial: u16,
    /// Whether it was opened by the half of the library that moves arms.
    robot: bool,
    _claim: Claim,
}

impl Handle {
    fn open(api: &Arc<Api>, index: u8, robot: bool) -> Result<Self, OpenError> {
        let claim = Claim::of(index).ok_or_else(|| OpenError::Refused {
            device: format!("{DEVICE}:{index}"),
            why: "it is already open in this program".to_owned(),
            todo: "close it there first",
        })?;
        let open = if robot { api.robot_open } else { api.open };
        // SAFETY: takes an index; one that is out of range is refused by the library.
        let id = unsafe { open(index as Id) };
        if id < 0 {
            return Err(not_opened(api, index));
        }
        let mut handle = Self {
            api: Arc::clone(api),
            id: id as Id,
            serial: 0,
            robot,
            _claim: claim,
        };
        let mut serial: c_ushort = 0;
        // SAFETY: a place for the number; the device is open.
        if unsafe { (api.serial)(&mut serial, handle.id) } == OK {
            handle.serial = serial;
        }
        Ok(handle)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let close = if self.robot {
            self.api.robot_close
        } else {
            self.api.close
        };
        // SAFETY: the device was opened by the same half of the library and is not used any more.
        unsafe { close(self.id) };
    }
}

fn not_opened(api: &Api, index: u8) -> OpenError {
    let device = format!("{DEVICE}:{index}");
    // The text first: asking for the number may count as a call of its own.
    let why = api.why();
    // SAFETY: takes nothing.
    match unsafe { (api.last_error)() } {
        error::DEVICE_IN_USE => OpenError::Refused {
            device,
            why,
            todo: "close the other program that uses it",
        },
        _ => OpenError::NotConnected {
            device,
            why,
            todo: TODO,
        },
    }
}

/// Opens what was asked for. A number is an index where there is such an index, otherwise a serial
/// number, for which the devices have to be opened one after the other.
pub(super) fn find(api: &Arc<Api>, wish: Wish) -> Result<Handle, OpenError> {
    let count = api.count();
    let mut failed = None;
    let indices = match wish.number {
        Some(number) if number < u16::from(count) => number as u8..number as u8 + 1,
        _ => 0..count,
    };
    for index in indices {
        match Handle::open(api, index, wish.calibrate) {
            Ok(handle) if matches(&handle, index, wish.number) => return Ok(handle),
            Ok(_) => {}
            Err(why) => failed = Some(why),
        }
    }
    // One that could not be opened may be the one that is meant.
    Err(failed.unwrap_or_else(|| absent(count, wish.number)))
}

fn matches(handle: &Handle, index: u8, number: Option<u16>) -> bool {
    number.is_none_or(|number| number == u16::from(index) || number == handle.serial)
}

fn absent(count: u8, number: Option<u16>) -> OpenError {
    let device = number.map_or_else(|| DEVICE.to_owned(), |number| format!("{DEVICE}:{number}"));
    let why = match number {
        Some(_) if count > 0 => format!("of {count} devices none has this index or serial number"),
        _ => "the maker's library sees no device".to_owned(),
    };
    OpenError::NotConnected {
        device,
        why,
        todo: TODO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_name_is_a_number_and_a_wish() {
        let wish = |number, calibrate| Ok(Wish { number, calibrate });
        assert_eq!(Wish::parse(""), wish(None, false));
        assert_eq!(Wish::parse("1"), wish(Some(1), false));
        assert_eq!(Wish::parse("40123,calibrate"), wish(Some(40_123), true));
        assert_eq!(Wish::parse("calibrate"), wish(None, true));
        for nonsense in ["left", "-1", "0,move", "70000", ",,"] {
            let why = Wish::parse(nonsense).unwrap_err().to_string();
            assert!(why.contains("forcedimension:0,calibrate"), "{why}");
        }
    }
}
