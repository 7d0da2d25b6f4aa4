//! Making an opened device ready: what it has, its limits, its calibration, its motors.

use std::ffi::c_int;

use super::abi;
use super::device::ForceDimension;
use super::finding::Handle;
use super::library::text;
use super::models::{self, Model};
use super::{DEVICE, frame};
use crate::device::{
    Ball, ClockOwner, DeviceInfo, HapticDevice, OpenError, Sample, Status, Wrench,
};

/// Time guard, us. The calls of one tick are a few tens of microseconds apart and are to be
/// answered from one exchange over USB: pose and gripper of one moment, for the price of one. The
/// write of the last tick is at least this long ago when the loop, at 1 kHz, reads again.
const TIME_GUARD_US: c_int = 250;

/// What the device has beside the three axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub wrist: bool,
    pub wrist_motors: bool,
    pub gripper: bool,
    pub gripper_motor: bool,
    /// -1 for the left hand: its gripper's angle and force count the other way (CHAI3D).
    pub hand: f64,
}

impl ForceDimension {
    /// Makes an opened device ready; its motors are on afterwards if it is calibrated.
    pub(super) fn start(
        handle: Handle,
        software: &str,
        calibrate: bool,
    ) -> Result<Self, OpenError> {
        // SAFETY: the device is open.
        let system_type = unsafe { (handle.api.system_type)(handle.id) };
        let model = models::model(system_type).ok_or_else(|| OpenError::Refused {
            device: DEVICE.to_owned(),
            why: "it is a controller without an arm that is known".to_owned(),
            todo: "connect an omega, delta, sigma, lambda or Falcon",
        })?;
        let parts = parts(&handle);
        let unborne_kg = prepare(&handle, &model)?;
        let info = info(&handle, &model, parts, software, unborne_kg);
        let mut device = Self {
            max_grip_n: if parts.gripper_motor {
                model.max_grip_n
            } else {
                0.0
            },
            handle,
            parts,
            info,
            last: Sample::default(),
            reads: 0,
            late_calls: 0,
            gone: false,
            arm: false,
            watchdog_before: None,
        };
        device.switch_on(calibrate)?;
        Ok(device)
    }

    fn switch_on(&mut self, calibrate: bool) -> Result<(), OpenError> {
        let refused = |device: &Self| device.refused("switch it off and on again");
        self.ask_status().map_err(|_| refused(self))?;
        if self.last.status.has(Status::UNCALIBRATED) && calibrate {
            self.drive_to_stops()?;
            self.ask_status().map_err(|_| refused(self))?;
        }
        self.arm = !self.last.status.has(Status::UNCALIBRATED);
        self.write(&Wrench::default()).map_err(|_| refused(self))?;
        self.ask_status().map_err(|_| refused(self))
    }

    /// Lets a motorised arm find its end stops; asked for by a person, takes seconds.
    fn drive_to_stops(&mut self) -> Result<(), OpenError> {
        let (api, id) = (&self.handle.api, self.handle.id);
        // SAFETY: the device was opened by the half of the library that moves arms. Stopping with
        // `true` ends its regulation without the brakes.
        let result = unsafe { (api.robot_calibrate)(id).min((api.robot_stop)(true, id)) };
        if result < 0 {
            return Err(self.refused("calibrate it by hand: put the handle into its rest position"));
        }
        Ok(())
    }

    fn refused(&self, todo: &'static str) -> OpenError {
        OpenError::Refused {
            device: DEVICE.to_owned(),
            why: self.handle.api.why(),
            todo,
        }
    }
}

fn parts(handle: &Handle) -> Parts {
    let (api, id) = (&handle.api, handle.id);
    // SAFETY: the device is open.
    unsafe {
        Parts {
            wrist: (api.has_wrist)(id),
            wrist_motors: (api.has_active_wrist)(id),
            gripper: (api.has_gripper)(id),
            gripper_motor: (api.has_active_gripper)(id),
            hand: if (api.left_handed)(id) { -1.0 } else { 1.0 },
        }
    }
}

/// Limits, time guard and the arm's weight; what of it the library does not carry, kg. The limits
/// are a second fence behind our own, so a device that knows none of torque or grip does without.
fn prepare(handle: &Handle, model: &Model) -> Result<f64, OpenError> {
    let (api, id) = (&handle.api, handle.id);
    // SAFETY: numbers only; the device is open.
    let (limited, carried) = unsafe {
        let limited = (api.max_force)(model.max_force_n, id);
        (api.max_torque)(model.max_torque_nm, id);
        (api.max_grip)(model.max_grip_n, id);
        (api.expert_on)();
        (api.time_guard)(TIME_GUARD_US, id);
        (api.expert_off)();
        (
            limited,
            (api.gravity_compensation)(c_int::from(abi::ON), id),
        )
    };
    if limited < 0 {
        return Err(OpenError::Refused {
            device: DEVICE.to_owned(),
            why: format!("it takes no limit on its force ({})", api.why()),
            todo: "switch it off and on again",
        });
    }
    Ok(if carried >= 0 { 0.0 } else { handle_kg(handle) })
}

/// No handle is heavier, kg: those of the maker weigh a few hundred grams.
const HEAVIEST_KG: f64 = 1.0;

/// Mass of the handle as the maker has set it, kg; nothing where it is not told, or cannot be: the
/// loop would push the handle up by it.
fn handle_kg(handle: &Handle) -> f64 {
    let mut kg = 0.0;
    // SAFETY: a place for the number; the device is open.
    let told = unsafe { (handle.api.handle_mass)(&mut kg, handle.id) };
    if told >= 0 && (0.0..=HEAVIEST_KG).contains(&kg) {
        kg
    } else {
        0.0
    }
}

fn info(
    handle: &Handle,
    model: &Model,
    parts: Parts,
    software: &str,
    unborne_kg: f64,
) -> DeviceInfo {
    let (api, id) = (&handle.api, handle.id);
    let mut firmware = 0.0;
    // SAFETY: a place for the number; the device is open.
    let (name, told) = unsafe { ((api.system_name)(id), (api.firmware)(&mut firmware, id)) };
    let name = text(name).unwrap_or_else(|| model.name.to_owned());
    let with_torque = if parts.wrist_motors { 1.0 } else { 0.0 };
    let max_torque_nm = with_torque * model.max_torque_nm;
    DeviceInfo {
        model: format!("{} {name}", model.maker),
        serial: if handle.serial == 0 {
            String::new()
        } else {
            handle.serial.to_string()
        },
        software: if told >= 0 {
            format!("{software}, controller {firmware:.2}")
        } else {
            software.to_owned()
        },
        input_dof: if parts.wrist { 6 } else { 3 },
        output_dof: if max_torque_nm > 0.0 { 6 } else { 3 },
        max_force_n: model.max_force_n,
        continuous_force_n: model.max_force_n,
        max_torque_nm,
        max_stiffness: model.max_stiffness,
        max_damping: model.max_damping,
        max_rotational_stiffness: with_torque * model.max_rotational_stiffness,
        resolution_m: model.resolution_m,
        mass_kg: model.mass_kg,
        damping: model.damping,
        friction_n: 0.0,
        workspace: Ball {
            center: frame::ours(model.middle),
            radius: model.workspace_m,
        },
        rate_hz: model.rate_hz,
        clock: ClockOwner::Host,
        delay_ticks: 0,
        unborne_kg,
    }
}
