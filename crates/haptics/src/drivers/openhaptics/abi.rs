//! Types and numbers of libHD's binary interface, declared here on our own.
//!
//! Source: hdDefines.h, hdDevice.h, hdScheduler.h and hdExport.h of OpenHaptics 3.0 (SensAble);
//! units and meanings: OpenHaptics Toolkit API Reference Guide 3.5.0, tables. An
//! abbreviated header that goes round in public code has other numbers for the errors and is wrong.

use std::ffi::{c_char, c_ulong, c_void};

/// HHD: handle of a device.
pub(super) type Device = u32;
/// HDenum: name of a parameter or capability.
pub(super) type Name = u32;
/// HDSchedulerHandle: 64 bits on Linux, 32 on Windows.
pub(super) type Scheduled = c_ulong;
/// The same, shared between threads.
#[cfg(any(windows, target_pointer_width = "32"))]
pub(super) type AtomicScheduled = std::sync::atomic::AtomicU32;
/// The same, shared between threads.
#[cfg(not(any(windows, target_pointer_width = "32")))]
pub(super) type AtomicScheduled = std::sync::atomic::AtomicU64;
/// HDSchedulerCallback. `HDAPIENTRY` and `HDCALLBACK` are stdcall where that exists.
pub(super) type Callback = unsafe extern "system" fn(*mut c_void) -> u32;

/// HDErrorInfo, returned by value.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub(super) struct ErrorInfo {
    /// One of the numbers below.
    pub(super) code: u32,
    /// The maker's own.
    pub(super) internal: i32,
    /// Current device when it happened.
    pub(super) device: Device,
}

/// `hdGetString` and error texts.
pub(super) type Text = *const c_char;

/// HD_INVALID_HANDLE.
pub(super) const NO_DEVICE: Device = 0xFFFF_FFFF;

/// HD_CALLBACK_DONE: the scheduler forgets the callback. Several public programs have the two the
/// wrong way round.
pub(super) const CALLBACK_DONE: u32 = 0;
/// HD_CALLBACK_CONTINUE: the scheduler calls again in its next tick.
pub(super) const CALLBACK_CONTINUE: u32 = 1;
/// HD_MAX_SCHEDULER_PRIORITY (USHRT_MAX): first among the callbacks of a tick.
pub(super) const FIRST_IN_TICK: u16 = u16::MAX;

// Errors. 01xx: how a function was called; 02xx: forces; 03xx: device; 04xx: frames; 05xx:
// scheduler; 06xx: licence.
/// HD_SUCCESS.
pub(super) const SUCCESS: u32 = 0x0000;
/// HD_DEVICE_FAULT.
pub(super) const DEVICE_FAULT: u32 = 0x0300;
/// HD_DEVICE_ALREADY_INITIATED.
pub(super) const ALREADY_INITIATED: u32 = 0x0301;
/// HD_INVALID_LICENSE.
pub(super) const INVALID_LICENSE: u32 = 0x0600;

// What is read in a frame.
/// HD_CURRENT_BUTTONS: int, button n is bit n - 1.
pub(super) const CURRENT_BUTTONS: Name = 0x2000;
/// HD_CURRENT_TRANSFORM: double[16], column-major, device base from end effector, translation mm.
pub(super) const CURRENT_TRANSFORM: Name = 0x2052;
/// HD_MOTOR_TEMPERATURE: double for each motor, an estimate from 0 (cold) to 1 (too warm).
pub(super) const MOTOR_TEMPERATURE: Name = 0x2605;

// What is set in a frame.
/// HD_CURRENT_FORCE: double[3], N, device base.
pub(super) const CURRENT_FORCE: Name = 0x2700;
/// HD_CURRENT_TORQUE: double[3], mN m, device base. The 3.0 header calls it deprecated in favour of
/// torques of single joints; it is the only Cartesian one, and the guide still lists it.
pub(super) const CURRENT_TORQUE: Name = 0x2701;

// What a device is.
/// HD_VERSION, text.
pub(super) const VERSION: Name = 0x2500;
/// HD_DEVICE_MODEL_TYPE, text.
pub(super) const MODEL_TYPE: Name = 0x2501;
/// HD_DEVICE_DRIVER_VERSION, text.
pub(super) const DRIVER_VERSION: Name = 0x2502;
/// HD_DEVICE_VENDOR, text.
pub(super) const VENDOR: Name = 0x2503;
/// HD_DEVICE_SERIAL_NUMBER, text.
pub(super) const SERIAL_NUMBER: Name = 0x2504;
/// HD_USABLE_WORKSPACE_DIMENSIONS: double[6], lowest x, y, z and highest x, y, z, mm.
pub(super) const USABLE_WORKSPACE: Name = 0x2551;
/// HD_INPUT_DOF, int.
pub(super) const INPUT_DOF: Name = 0x2553;
/// HD_OUTPUT_DOF, int.
pub(super) const OUTPUT_DOF: Name = 0x2554;
/// HD_CALIBRATION_STYLE, int mask of the styles below.
pub(super) const CALIBRATION_STYLE: Name = 0x2555;
/// HD_NOMINAL_MAX_STIFFNESS: double, N/mm.
pub(super) const MAX_STIFFNESS: Name = 0x2602;
/// HD_NOMINAL_MAX_FORCE: double, N, with motors at room temperature.
pub(super) const MAX_FORCE: Name = 0x2603;
/// HD_NOMINAL_MAX_CONTINUOUS_FORCE: double, N.
pub(super) const MAX_CONTINUOUS_FORCE: Name = 0x2604;
/// HD_NOMINAL_MAX_DAMPING: double, N s/mm.
pub(super) const MAX_DAMPING: Name = 0x2609;

// Capabilities.
/// HD_FORCE_OUTPUT: motors on.
pub(super) const FORCE_OUTPUT: Name = 0x4000;
/// HD_MAX_FORCE_CLAMPING: too large a force is shortened instead of refused.
pub(super) const MAX_FORCE_CLAMPING: Name = 0x4001;
/// HD_FORCE_RAMPING: forces come in slowly after the scheduler starts and after an error.
pub(super) const FORCE_RAMPING: Name = 0x4002;

// Calibration.
/// HD_CALIBRATION_OK.
pub(super) const CALIBRATED: Name = 0x5000;
/// HD_CALIBRATION_NEEDS_UPDATE.
pub(super) const NEEDS_UPDATE: Name = 0x5001;
/// HD_CALIBRATION_ENCODER_RESET: the arm is held at right angles.
pub(super) const STYLE_ENCODER_RESET: Name = 1;
/// HD_CALIBRATION_AUTO: the device learns while it is moved.
pub(super) const STYLE_AUTO: Name = 1 << 1;
/// HD_CALIBRATION_INKWELL: the stylus stands in its holder.
pub(super) const STYLE_INKWELL: Name = 1 << 2;
