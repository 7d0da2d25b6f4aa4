//! The functions of hdDevice.h.

use std::ffi::{CStr, c_char, c_int};
use std::ptr;

use crate::unit::{CALIBRATED, INKWELL, MAX_FORCE_N, NEEDS_UPDATE};
use crate::{
    ALREADY_INITIATED, BAD_HANDLE, COMM_ERROR, DEVICE_FAULT, EXCEEDED_MAX_FORCE, ErrorInfo, Fake,
    ILLEGAL_BEGIN, ILLEGAL_END, INVALID_ENUM, NO_DEVICE, fake,
};

/// # Safety
/// `name` is null or ends in NUL.
#[unsafe(no_mangle)]
unsafe extern "system" fn hdInitDevice(name: *const c_char) -> u32 {
    let mut fake = fake();
    if fake.servo.is_some() {
        fake.misused("initialised while the scheduler runs");
    }
    let found = fake.units.iter().position(|unit| {
        // SAFETY: not null here, and the caller vouches for the rest.
        name.is_null() || unit.name == unsafe { CStr::from_ptr(name) }
    });
    let Some(found) = found.filter(|at| fake.units[*at].plugged) else {
        fake.error(DEVICE_FAULT);
        return NO_DEVICE;
    };
    if fake.units[found].handle != NO_DEVICE {
        fake.current = fake.units[found].handle;
        fake.error(ALREADY_INITIATED);
        return NO_DEVICE;
    }
    let handle = fake.next_handle;
    fake.next_handle += 1;
    fake.units[found].handle = handle;
    fake.current = handle;
    handle
}

#[unsafe(no_mangle)]
extern "system" fn hdDisableDevice(handle: u32) {
    let mut fake = fake();
    if fake.servo.is_some() {
        fake.misused("disabled a device while the scheduler runs");
    }
    let Some(unit) = fake.unit(handle) else {
        fake.error(BAD_HANDLE);
        return;
    };
    if unit.sticky > 0 {
        unit.sticky -= 1;
        return;
    }
    let forceful = unit.set != [0.0; 6];
    unit.switch_off();
    // While the scheduler stands still nobody could have taken it away.
    if forceful && !fake.stalled {
        fake.misused("disabled a device that was left with a force");
    }
    if fake.current == handle {
        fake.current = NO_DEVICE;
    }
}

#[unsafe(no_mangle)]
extern "system" fn hdMakeCurrentDevice(handle: u32) {
    let mut fake = fake();
    if fake.unit(handle).is_none() {
        fake.error(BAD_HANDLE);
    } else {
        fake.current = handle;
    }
}

#[unsafe(no_mangle)]
extern "system" fn hdGetCurrentDevice() -> u32 {
    fake().current
}

#[unsafe(no_mangle)]
extern "system" fn hdBeginFrame(handle: u32) {
    let mut fake = fake();
    if !fake.in_servo() {
        fake.misused("a frame outside the scheduler's thread");
    }
    if !fake.errors.is_empty() {
        fake.misused("errors of the last frame were not fetched");
    }
    fake.current = handle;
    let Some(unit) = fake.here() else { return };
    let twice = unit.in_frame || unit.framed;
    unit.in_frame = true;
    unit.framed = true;
    unit.frames += 1;
    let plugged = unit.plugged;
    if twice {
        fake.misused("two frames in a tick");
        fake.error(ILLEGAL_BEGIN);
    }
    if !plugged {
        fake.error(COMM_ERROR);
    }
}

#[unsafe(no_mangle)]
extern "system" fn hdEndFrame(handle: u32) {
    let mut fake = fake();
    let Some(unit) = fake.unit(handle) else {
        fake.error(BAD_HANDLE);
        return;
    };
    let begun = std::mem::replace(&mut unit.in_frame, false);
    let bears = unit.send();
    let (to_come, plugged) = (unit.to_come.pop(), unit.plugged);
    if !begun {
        fake.misused("a frame was ended and not begun");
        fake.error(ILLEGAL_END);
    }
    if !bears {
        fake.error(EXCEEDED_MAX_FORCE);
    }
    if !plugged {
        fake.error(COMM_ERROR);
    }
    if let Some(code) = to_come {
        fake.error(code);
    }
}

#[unsafe(no_mangle)]
extern "system" fn hdGetError() -> ErrorInfo {
    fake().errors.pop().unwrap_or(ErrorInfo {
        code: 0,
        internal: 0,
        device: NO_DEVICE,
    })
}

#[unsafe(no_mangle)]
extern "system" fn hdGetErrorString(code: u32) -> *const c_char {
    match code {
        DEVICE_FAULT => c"Device fault".as_ptr(),
        ALREADY_INITIATED => c"Device already initiated".as_ptr(),
        COMM_ERROR => c"Communication error".as_ptr(),
        _ => ptr::null(),
    }
}

#[unsafe(no_mangle)]
extern "system" fn hdEnable(capability: u32) {
    switch(capability, true);
}

#[unsafe(no_mangle)]
extern "system" fn hdDisable(capability: u32) {
    switch(capability, false);
}

fn switch(capability: u32, on: bool) {
    let mut fake = fake();
    let Some(unit) = fake.here() else { return };
    match capability {
        0x4000 => unit.output = on,
        0x4001 => unit.clamping = on,
        0x4002..=0x4004 => {}
        _ => fake.error(INVALID_ENUM),
    }
}

/// Whether `name` is state of the device, which is good within frames only.
fn is_state(name: u32) -> bool {
    (0x2000..0x2500).contains(&name) || (0x2700..0x2900).contains(&name)
}

/// Counts the use of state outside a frame.
fn guard(fake: &mut Fake, name: u32) {
    let framed = fake.here().is_some_and(|unit| unit.in_frame);
    if is_state(name) && !(framed && fake.in_servo()) {
        fake.misused("state of the device outside a frame");
    }
}

/// # Safety
/// `values` has room for what `name` has.
#[unsafe(no_mangle)]
unsafe extern "system" fn hdGetDoublev(name: u32, values: *mut f64) {
    let mut fake = fake();
    guard(&mut fake, name);
    let Some(unit) = fake.here() else { return };
    let scalar;
    let told: &[f64] = match name {
        0x2052 => &unit.transform,
        0x2605 => {
            scalar = [0.1, unit.temperature, 0.1];
            &scalar
        }
        _ if !unit.tells => &[],
        0x2551 => &[-80.0, -50.0, -70.0, 80.0, 70.0, 70.0],
        0x2602 => &[0.5],
        0x2603 => &[MAX_FORCE_N],
        0x2604 => &[0.88],
        0x2609 => &[0.0015],
        _ => {
            fake.error(INVALID_ENUM);
            return;
        }
    };
    // SAFETY: the caller vouches for the room.
    unsafe { ptr::copy_nonoverlapping(told.as_ptr(), values, told.len()) };
}

/// # Safety
/// `values` has room for what `name` has.
#[unsafe(no_mangle)]
unsafe extern "system" fn hdGetIntegerv(name: u32, values: *mut c_int) {
    let mut fake = fake();
    guard(&mut fake, name);
    let Some(unit) = fake.here() else { return };
    let told = match name {
        0x2000 => unit.buttons,
        0x2553 if unit.tells => 6,
        0x2554 if unit.tells || unit.six => {
            if unit.six {
                6
            } else {
                3
            }
        }
        0x2555 => INKWELL.cast_signed(),
        _ => {
            fake.error(INVALID_ENUM);
            return;
        }
    };
    // SAFETY: the caller vouches for the room.
    unsafe { *values = told };
}

#[unsafe(no_mangle)]
extern "system" fn hdGetString(name: u32) -> *const c_char {
    let mut fake = fake();
    let Some(unit) = fake.here() else {
        return ptr::null();
    };
    if !unit.tells {
        return ptr::null();
    }
    match name {
        0x2500 => c"3.5.0".as_ptr(),
        0x2501 if unit.six => c"PHANTOM Premium 1.5 6DOF".as_ptr(),
        0x2501 => c"Touch".as_ptr(),
        0x2502 => c"2022.4".as_ptr(),
        0x2503 => c"3D Systems".as_ptr(),
        0x2504 => c"5260-000".as_ptr(),
        _ => ptr::null(),
    }
}

/// # Safety
/// `values` has what `name` needs.
#[unsafe(no_mangle)]
unsafe extern "system" fn hdSetDoublev(name: u32, values: *const f64) {
    let mut fake = fake();
    guard(&mut fake, name);
    // SAFETY: both that can be set have three numbers.
    let values = unsafe { std::slice::from_raw_parts(values, 3) };
    if values.iter().any(|x| !x.is_finite()) {
        fake.misused("a force that is no number");
    }
    let Some(unit) = fake.here() else { return };
    match name {
        0x2700 => unit.set[..3].copy_from_slice(values),
        0x2701 if unit.six => unit.set[3..].copy_from_slice(values),
        _ => {
            fake.misused("set what this device does not have");
            fake.error(INVALID_ENUM);
        }
    }
}

#[unsafe(no_mangle)]
extern "system" fn hdCheckCalibration() -> u32 {
    fake().here().map_or(0, |unit| unit.calibration)
}

#[unsafe(no_mangle)]
extern "system" fn hdUpdateCalibration(style: u32) {
    let mut fake = fake();
    let Some(unit) = fake.here() else { return };
    if unit.calibration == NEEDS_UPDATE && style == INKWELL {
        unit.calibration = CALIBRATED;
        unit.calibrated += 1;
    } else {
        fake.error(DEVICE_FAULT);
    }
}
