//! Calls before and after a device is in use: version, errors, opening, and what a device has.

use std::ffi::{c_char, c_double, c_int, c_ushort};

use crate::world::{COM, Call, Device, INVALID_INDEX, NO_DEVICE_FOUND, NOT_AVAILABLE, OK, locked};
use crate::{put, with};

#[unsafe(no_mangle)]
extern "system" fn dhdGetSDKVersion(
    major: *mut c_int,
    minor: *mut c_int,
    release: *mut c_int,
    revision: *mut c_int,
) {
    let version = locked().version;
    put(major, version[0]);
    put(minor, version[1]);
    put(release, version[2]);
    put(revision, 0);
}

#[unsafe(no_mangle)]
extern "system" fn dhdErrorGetLast() -> c_int {
    locked().error
}

#[unsafe(no_mangle)]
extern "system" fn dhdErrorGetLastStr() -> *const c_char {
    let text = match locked().error {
        OK => c"no error",
        COM => c"communication error",
        NO_DEVICE_FOUND => c"no device found",
        NOT_AVAILABLE => c"not available",
        INVALID_INDEX => c"invalid index",
        _ => c"error",
    };
    text.as_ptr()
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetDeviceCount() -> c_int {
    locked().plugged().count() as c_int
}

#[unsafe(no_mangle)]
extern "system" fn dhdOpenID(id: c_char) -> c_int {
    let mut world = locked();
    let result = world.open(id, false);
    world.answer(result)
}

#[unsafe(no_mangle)]
extern "system" fn drdOpenID(id: c_char) -> c_int {
    let mut world = locked();
    let result = world.open(id, true);
    world.answer(result)
}

#[unsafe(no_mangle)]
extern "system" fn dhdClose(id: c_char) -> c_int {
    let mut world = locked();
    let result = world.close(id, false);
    world.answer(result)
}

#[unsafe(no_mangle)]
extern "system" fn drdClose(id: c_char) -> c_int {
    let mut world = locked();
    let result = world.close(id, true);
    world.answer(result)
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetSerialNumber(serial: *mut c_ushort, id: c_char) -> c_int {
    with(id, Call::Other, |device| {
        put(serial, device.serial);
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetSystemType(id: c_char) -> c_int {
    with(id, Call::Other, |device| Ok(device.system_type))
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetSystemName(id: c_char) -> *const c_char {
    let mut world = locked();
    let name = world.open_device(id).and_then(|device| device.name());
    name.map_or(std::ptr::null(), std::ffi::CStr::as_ptr)
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetVersion(version: *mut c_double, id: c_char) -> c_int {
    with(id, Call::Other, |_| {
        put(version, 3.25);
        Ok(OK)
    })
}

/// What the device has; nothing where there is none.
pub fn has(id: c_char, what: impl FnOnce(&Device) -> bool) -> bool {
    locked().open_device(id).is_some_and(|device| what(device))
}

#[unsafe(no_mangle)]
extern "system" fn dhdIsLeftHanded(id: c_char) -> bool {
    has(id, Device::left_handed)
}

#[unsafe(no_mangle)]
extern "system" fn dhdHasWrist(id: c_char) -> bool {
    has(id, Device::wrist)
}

#[unsafe(no_mangle)]
extern "system" fn dhdHasActiveWrist(id: c_char) -> bool {
    has(id, Device::wrist_motors)
}

#[unsafe(no_mangle)]
extern "system" fn dhdHasGripper(id: c_char) -> bool {
    has(id, Device::gripper)
}

#[unsafe(no_mangle)]
extern "system" fn dhdHasActiveGripper(id: c_char) -> bool {
    has(id, Device::gripper)
}
