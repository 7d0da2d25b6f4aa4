//! The test's side: what no real library has.

use std::ffi::{c_double, c_int, c_uint, c_ushort};

use crate::put;
use crate::world::{Device, OFF_BY_BUTTON, OFF_BY_VELOCITY, Pose, Scripted, World, locked};

/// Things that can be done to a device.
const PLUG: c_int = 0;
const CALIBRATE: c_int = 1;
const FORCE_BUTTON: c_int = 2;
const TOO_FAST: c_int = 3;
const CONTROLLER_ERROR: c_int = 4;
const USED_ELSEWHERE: c_int = 5;
const CANNOT_CARRY: c_int = 6;
const NOT_CONNECTED: c_int = 7;
const TOLD_IN_GRAMS: c_int = 8;

/// Starts anew, with this version and no device.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_reset(major: c_int, minor: c_int, release: c_int) {
    *locked() = World::new();
    locked().version = [major, minor, release];
}

/// Adds a device; its index.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_add(system_type: c_int, serial: c_ushort) -> c_uint {
    let mut world = locked();
    world.devices.push(Device::new(system_type, serial));
    world.devices.len() as c_uint - 1
}

/// Puts a handle somewhere, in the maker's axes; the matrix rows first.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_place(
    index: c_uint,
    pos: *const [c_double; 3],
    turn: *const [[c_double; 3]; 3],
    angle: c_double,
    buttons: c_uint,
) {
    // SAFETY: the test gives a position and a matrix.
    let (pos, turn) = unsafe { (*pos, *turn) };
    locked().devices[index as usize].there = Pose {
        pos,
        turn,
        angle,
        buttons,
    };
}

/// What the hand feels now: force, torque, grip, in the maker's axes.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_played(index: c_uint, wrench: *mut [c_double; 7]) {
    let mut world = locked();
    let now_us = world.now_us;
    let device = &mut world.devices[index as usize];
    device.let_watchdog_see(now_us);
    put(wrench, device.played());
}

/// Does something to a device, or undoes it.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_do(index: c_uint, what: c_int, on: c_int) {
    let mut world = locked();
    let device = &mut world.devices[index as usize];
    let on = on != 0;
    match what {
        PLUG => {
            device.plugged = on;
            device.motors_on = false;
            device.watchdog = 0; // a controller without power forgets it
        }
        CALIBRATE => device.calibrated = on,
        FORCE_BUTTON => device.switch(on, OFF_BY_BUTTON),
        TOO_FAST => device.switch(!on, OFF_BY_VELOCITY),
        CONTROLLER_ERROR => device.controller_error = on,
        USED_ELSEWHERE => device.elsewhere = on,
        CANNOT_CARRY => device.cannot_carry = on,
        NOT_CONNECTED => device.not_connected = on,
        TOLD_IN_GRAMS => device.handle_mass = if on { 190.0 } else { 0.19 },
        _ => {}
    }
}

/// Lets the next `times` calls of one kind answer so: an error's number where it is negative, else
/// that value.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_answer(call: c_uint, answer: c_int, times: c_uint) {
    let answer = if answer < 0 { Err(-answer) } else { Ok(answer) };
    locked().script[call as usize] = Some(Scripted { answer, times });
}

/// Largest force that the motors can give, N.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_strength(index: c_uint, newton: c_double) {
    locked().devices[index as usize].strength_n = newton;
}

/// What goes by with each reading, us.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_step(us: c_uint) {
    locked().step_us = u64::from(us);
}

/// Lets time go by, us.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_wait(us: c_uint) {
    locked().now_us += u64::from(us);
}

/// What is known of a device: times it is open, whether its motors are on, the watchdog's count,
/// whether it is carried, times it moved by itself, numbers that were none, forces sent in vain, the
/// limit of its force in mN.
#[unsafe(no_mangle)]
extern "C" fn fake_drd_known(index: c_uint, known: *mut [c_uint; 8]) {
    let world = locked();
    let device = &world.devices[index as usize];
    let all = [
        device.opened,
        u32::from(device.motors_on),
        u32::from(device.watchdog),
        u32::from(device.carried),
        device.moved_by_itself,
        device.not_numbers,
        device.sent_in_vain,
        (device.limits[0] * 1e3) as u32,
    ];
    put(known, all);
}
