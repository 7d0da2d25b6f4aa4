//! What tests move and look at: the hand, the plug, the motors. `unit` is 0 or 1.

use std::ffi::c_int;

use crate::{Fake, NO_DEVICE, fake, unit::Unit};

/// Everything as at the start. Call it while nothing is open.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_reset() {
    let mut fake = fake();
    let in_use = fake.servo.is_some() || fake.units.iter().any(|unit| unit.handle != NO_DEVICE);
    let next_handle = fake.next_handle;
    *fake = Fake {
        next_handle,
        ..Fake::new()
    };
    if in_use {
        fake.misused("something was left open");
    }
}

/// Puts the handle somewhere.
///
/// # Safety
/// `transform` has 16 numbers.
#[unsafe(no_mangle)]
unsafe extern "C" fn fake_hd_place(unit: usize, transform: *const [f64; 16], buttons: c_int) {
    let unit = &mut fake().units[unit];
    // SAFETY: the caller vouches for it.
    unit.transform = unsafe { *transform };
    unit.buttons = buttons;
}

/// What the motors play: force in N, torque in mN m.
///
/// # Safety
/// `played` has room for six numbers.
#[unsafe(no_mangle)]
unsafe extern "C" fn fake_hd_played(unit: usize, played: *mut [f64; 6]) {
    let fake = fake();
    let unit = &fake.units[unit];
    let live = fake.servo.is_some() && unit.output && unit.plugged && unit.handle != NO_DEVICE;
    // SAFETY: the caller vouches for it.
    unsafe { *played = if live { unit.played } else { [0.0; 6] } };
}

fn change(unit: usize, how: impl FnOnce(&mut Unit)) {
    how(&mut fake().units[unit]);
}

/// Pulls the plug or puts it back.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_plug(unit: usize, plugged: bool) {
    change(unit, |unit| unit.plugged = plugged);
}

/// Raises an error with the end of the next frame.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_raise(unit: usize, code: u32) {
    change(unit, |unit| unit.to_come.insert(0, code));
}

/// Sets what `hdCheckCalibration` answers.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_calibration(unit: usize, state: u32) {
    change(unit, |unit| unit.calibration = state);
}

/// How often it was calibrated.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_calibrated(unit: usize) -> u32 {
    fake().units[unit].calibrated
}

/// Sets how warm a motor is.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_warm(unit: usize, temperature: f64) {
    change(unit, |unit| unit.temperature = temperature);
}

/// Whether it tells what it is, and whether it has motors for torque, which it tells in any case.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_kind(unit: usize, tells: bool, six: bool) {
    change(unit, |unit| {
        unit.tells = tells;
        unit.six = six;
    });
}

/// Leaves a handle behind, as a program does that ends badly; it survives `sticky` disablings.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_leave_handle(unit: usize, sticky: u32) {
    let mut fake = fake();
    let handle = fake.next_handle;
    fake.next_handle += 1;
    fake.units[unit].handle = handle;
    fake.units[unit].sticky = sticky;
}

/// The scheduler's thread stops calling, or goes on.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_stall(stalled: bool) {
    fake().stalled = stalled;
}

/// Frames so far.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_frames(unit: usize) -> u64 {
    fake().units[unit].frames
}

/// Uses against the rules so far; standard error says which.
#[unsafe(no_mangle)]
extern "C" fn fake_hd_misuse() -> u32 {
    fake().misuse
}
