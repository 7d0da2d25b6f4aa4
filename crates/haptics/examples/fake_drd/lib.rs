//! A stand-in for Force Dimension's `libdrd`, for tests without a device: the calls of `dhdc.h` and
//! `drdc.h` that the driver makes, with the types of those headers, and `fake_drd_...` calls by
//! which a test moves the handles, pulls the cables and looks at what is played.
//!
//! It is stricter than the real library where the headers leave room: expert calls fail outside the
//! expert mode, orientations fail on a device without a wrist, a device that is not open knows
//! nothing. Time is simulated: each reading of a pose lets a millisecond go by.

mod opening;
mod script;
mod world;

use std::ffi::{c_char, c_double, c_int, c_uchar, c_uint};

use opening::has;
use world::{
    COM, Call, Device, EXPERT_MODE_DISABLED, INVALID_INDEX, NOT_AVAILABLE, OFF_BY_SOFTWARE, OK,
    locked,
};

/// Runs `what` on an open device that is plugged in; otherwise the answer is -1.
fn with(id: c_char, call: Call, what: impl FnOnce(&mut Device) -> Result<c_int, c_int>) -> c_int {
    let mut world = locked();
    let result = world.scripted(call).unwrap_or_else(|| {
        let now_us = world.now_us;
        let device = world.open_device(id).ok_or(INVALID_INDEX)?;
        if !device.plugged {
            return Err(COM);
        }
        device.let_watchdog_see(now_us);
        what(device)
    });
    world.answer(result)
}

/// As [`with`], in the expert mode only.
fn expert(id: c_char, what: impl FnOnce(&mut Device) -> Result<c_int, c_int>) -> c_int {
    if !locked().expert {
        return locked().answer(Err(EXPERT_MODE_DISABLED));
    }
    with(id, Call::Other, what)
}

/// Writes a number where the caller has room for it.
fn put<T>(place: *mut T, value: T) {
    // SAFETY: the callers of this interface give places for what they ask for.
    unsafe { place.write(value) };
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetStatus(status: *mut c_int, id: c_char) -> c_int {
    with(id, Call::Status, |device| {
        for (place, value) in device.status().into_iter().enumerate() {
            put(status.wrapping_add(place), value);
        }
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdEnableForce(on: c_uchar, id: c_char) -> c_int {
    with(id, Call::Other, |device| {
        device.switch(on != 0, OFF_BY_SOFTWARE);
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdSetGravityCompensation(on: c_int, id: c_char) -> c_int {
    with(id, Call::Other, |device| {
        if device.cannot_carry {
            return Err(NOT_AVAILABLE);
        }
        device.carried = on != 0;
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetEffectorMass(kg: *mut c_double, id: c_char) -> c_int {
    with(id, Call::Other, |device| {
        put(kg, device.handle_mass);
        Ok(OK)
    })
}

/// One of the three limits.
fn limit(id: c_char, which: usize, value: c_double) -> c_int {
    with(id, Call::Other, |device| {
        device.limits[which] = value;
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdSetMaxForce(newton: c_double, id: c_char) -> c_int {
    limit(id, 0, newton)
}

#[unsafe(no_mangle)]
extern "system" fn dhdSetMaxTorque(newton_metre: c_double, id: c_char) -> c_int {
    limit(id, 1, newton_metre)
}

#[unsafe(no_mangle)]
extern "system" fn dhdSetMaxGripperForce(newton: c_double, id: c_char) -> c_int {
    limit(id, 2, newton)
}

/// Time goes by with each pose that is asked for, whether it can be read or not.
fn exchange(device_id: c_char) -> (u64, bool) {
    let mut world = locked();
    world.now_us += world.step_us;
    let now_us = world.now_us;
    let fresh = world
        .open_device(device_id)
        .is_some_and(|device| device.exchange(now_us));
    (now_us, fresh)
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetPosition(
    x: *mut c_double,
    y: *mut c_double,
    z: *mut c_double,
    id: c_char,
) -> c_int {
    let (_, fresh) = exchange(id);
    with(id, Call::Pose, |device| {
        put(x, device.seen.pos[0]);
        put(y, device.seen.pos[1]);
        put(z, device.seen.pos[2]);
        Ok(c_int::from(!fresh))
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetPositionAndOrientationFrame(
    x: *mut c_double,
    y: *mut c_double,
    z: *mut c_double,
    matrix: *mut [c_double; 3],
    id: c_char,
) -> c_int {
    if !has(id, Device::wrist) {
        return locked().answer(Err(NOT_AVAILABLE));
    }
    let result = dhdGetPosition(x, y, z, id);
    if result >= 0 {
        let turn = locked().open_device(id).map(|device| device.seen.turn);
        for (row, values) in turn.into_iter().flatten().enumerate() {
            put(matrix.wrapping_add(row), values);
        }
    }
    result
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetGripperAngleRad(angle: *mut c_double, id: c_char) -> c_int {
    with(id, Call::Other, |device| {
        if !device.gripper() {
            return Err(NOT_AVAILABLE);
        }
        put(angle, device.seen.angle);
        Ok(1)
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetButtonMask(id: c_char) -> c_uint {
    locked()
        .open_device(id)
        .map_or(0, |device| device.seen.buttons)
}

#[unsafe(no_mangle)]
extern "system" fn dhdSetForceAndTorqueAndGripperForce(
    fx: c_double,
    fy: c_double,
    fz: c_double,
    tx: c_double,
    ty: c_double,
    tz: c_double,
    grip: c_double,
    id: c_char,
) -> c_int {
    let now_us = locked().now_us;
    with(id, Call::Play, |device| {
        Ok(device.play([fx, fy, fz, tx, ty, tz, grip], now_us))
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdEnableExpertMode() -> c_int {
    locked().expert = true;
    OK
}

#[unsafe(no_mangle)]
extern "system" fn dhdDisableExpertMode() -> c_int {
    locked().expert = false;
    OK
}

#[unsafe(no_mangle)]
extern "system" fn dhdSetTimeGuard(us: c_int, id: c_char) -> c_int {
    expert(id, |device| {
        device.guard_us = us.max(0) as u64;
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdSetWatchdog(count: c_uchar, id: c_char) -> c_int {
    expert(id, |device| {
        device.watchdog = count;
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn dhdGetWatchdog(count: *mut c_uchar, id: c_char) -> c_int {
    expert(id, |device| {
        put(count, device.watchdog);
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn drdAutoInit(id: c_char) -> c_int {
    with(id, Call::Other, |device| {
        if !device.open_as_robot {
            return Err(NOT_AVAILABLE);
        }
        device.moved_by_itself += 1;
        device.calibrated = true;
        Ok(OK)
    })
}

#[unsafe(no_mangle)]
extern "system" fn drdStop(_leave_force: bool, id: c_char) -> c_int {
    with(id, Call::Other, |_| Ok(OK))
}
