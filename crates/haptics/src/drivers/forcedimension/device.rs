//! A device in a hand.
//!
//! Motors are on only while the device is calibrated, and every way to switch them on plays no
//! force first. Whenever the device says that its force is off, or that it is not calibrated, it is
//! sent no force until it says otherwise, and [`Status`] tells the tick, whose ramp then leads in
//! again. What turned the motors off decides who turns them on: after its watchdog the driver does,
//! since that was our lateness; after the force button, the dead-man's switch or too fast a handle
//! the person does, with the button on the device's base.

use std::ffi::{c_int, c_uchar};

use super::abi::{self, cause, status};
use super::finding::Handle;
use super::library::text;
use super::models::{self, Model};
use super::{DEVICE, frame};
use crate::device::{
    Ball, ClockOwner, DevErr, DeviceInfo, HapticDevice, OpenError, Sample, Status, Wrench,
    WriteStatus,
};
use crate::vector::{finite, limited};

/// The status is asked for in one tick of this many: nothing public tells whether the library
/// answers from its last exchange or makes another over USB, and 8 ms are soon enough, because the
/// hardware has dropped the force already when the status tells so.
const STATUS_EVERY: u64 = 8;

/// Calls in a row without an answer that count as late; with one more the device is gone. A tick
/// makes two, so this is about 10 ms, half of the time after which the hardware's watchdog lets go.
const LATE_CALLS: u32 = 20;

/// Time guard, us. The calls of one tick are a few tens of microseconds apart and are to be
/// answered from one exchange over USB: pose and gripper of one moment, for the price of one. The
/// write of the last tick is at least this long ago when the loop, at 1 kHz, reads again.
const TIME_GUARD_US: c_int = 250;

/// What one count of the hardware's watchdog is, us (forcedimension-core, `setWatchdog`).
const WATCHDOG_UNIT_US: u32 = 125;

/// What the device has beside the three axes.
#[derive(Clone, Copy, Debug)]
struct Parts {
    wrist: bool,
    wrist_motors: bool,
    gripper: bool,
    gripper_motor: bool,
    /// -1 for the left hand: its gripper's angle and force count the other way (CHAI3D).
    hand: f64,
}

/// An open device.
pub(super) struct ForceDimension {
    handle: Handle,
    parts: Parts,
    info: DeviceInfo,
    max_grip_n: f64,
    last: Sample,
    reads: u64,
    late_calls: u32,
    /// The motors are to be switched on once no force has been played.
    arm: bool,
    watchdog_before: Option<c_uchar>,
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
        let carried = prepare(&handle, &model)?;
        let info = info(&handle, &model, parts, software, carried);
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
            arm: false,
            watchdog_before: None,
        };
        device.switch_on(calibrate)?;
        Ok(device)
    }

    fn switch_on(&mut self, calibrate: bool) -> Result<(), OpenError> {
        let refused = |device: &Self| device.refused("see the code in the maker's manual");
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

    /// What a call's answer means; an error is looked up.
    fn checked(&mut self, result: c_int) -> Result<c_int, DevErr> {
        if result >= 0 {
            self.late_calls = 0;
            return Ok(result);
        }
        // SAFETY: takes nothing.
        let why = abi::meaning(unsafe { (self.handle.api.last_error)() });
        if why != DevErr::Late {
            return Err(why);
        }
        self.late_calls = self.late_calls.saturating_add(1);
        Err(if self.late_calls > LATE_CALLS {
            DevErr::Lost
        } else {
            why
        })
    }

    fn read_pose(&mut self) -> Result<(), DevErr> {
        let (api, id) = (&self.handle.api, self.handle.id);
        let ([mut x, mut y, mut z], mut turn) = ([0.0; 3], [[0.0; 3]; 3]);
        // SAFETY: places for all that is written; the device is open. The call with orientation is
        // documented for devices with a wrist only.
        let result = unsafe {
            if self.parts.wrist {
                (api.pose)(&mut x, &mut y, &mut z, turn.as_mut_ptr(), id)
            } else {
                (api.position)(&mut x, &mut y, &mut z, id)
            }
        };
        let result = self.checked(result)?;
        self.last.seq += u64::from(result != abi::TIMEGUARD);
        self.last.pos = frame::ours([x, y, z]);
        if self.parts.wrist {
            self.last.rot = frame::quaternion(&turn);
        }
        Ok(())
    }

    fn read_fingers(&mut self) -> Result<(), DevErr> {
        let (api, id) = (&self.handle.api, self.handle.id);
        // SAFETY: the device is open.
        self.last.buttons = unsafe { (api.buttons)(id) };
        if self.parts.gripper {
            let mut angle = 0.0;
            // SAFETY: a place for the angle; the device is open.
            let result = unsafe { (api.grip_angle)(&mut angle, id) };
            self.checked(result)?;
            self.last.grip = (self.parts.hand * angle).max(0.0);
        }
        Ok(())
    }

    /// Asks the device how it is, and decides whether its motors are to be switched on again.
    fn ask_status(&mut self) -> Result<(), DevErr> {
        let mut all = [0; abi::STATUS_ROOM];
        // SAFETY: more room than any known version needs; the device is open.
        let result = unsafe { (self.handle.api.status)(all.as_mut_ptr(), self.handle.id) };
        self.checked(result)?;
        if all[status::CONNECTED] == 0 {
            return Err(DevErr::Lost);
        }
        let was_uncalibrated = self.last.status.has(Status::UNCALIBRATED);
        let now = flags(&all, self.parts.wrist);
        if now.has(Status::UNCALIBRATED) && all[status::FORCE] != 0 {
            self.enable_force(abi::OFF);
        }
        self.last.status = now;
        let ours = [cause::NONE, cause::WATCHDOG, cause::SOFTWARE];
        self.arm = now.has(Status::FORCE_OFF)
            && !now.has(Status::UNCALIBRATED)
            && (was_uncalibrated || ours.contains(&all[status::FORCE_OFF_CAUSE]));
        Ok(())
    }

    /// Sends a wrench as it is.
    fn play(&self, wrench: &Wrench) -> c_int {
        let [fx, fy, fz] = frame::theirs(wrench.f);
        let [tx, ty, tz] = frame::theirs(wrench.t);
        let grip = self.parts.hand * wrench.grip;
        // SAFETY: numbers only; the device is open.
        unsafe { (self.handle.api.play)(fx, fy, fz, tx, ty, tz, grip, self.handle.id) }
    }

    fn enable_force(&self, on: c_uchar) -> c_int {
        // SAFETY: the device is open.
        unsafe { (self.handle.api.enable_force)(on, self.handle.id) }
    }

    /// What may be played of `wrench`, and whether that is less.
    fn borne(&self, wrench: &Wrench) -> (Wrench, bool) {
        let numbers = finite(wrench.f) && finite(wrench.t) && wrench.grip.is_finite();
        if !numbers || self.last.status != Status::OK {
            return (Wrench::default(), !numbers);
        }
        let (f, less_force) = limited(wrench.f, self.info.max_force_n);
        let (t, less_torque) = if self.parts.wrist_motors {
            limited(wrench.t, self.info.max_torque_nm)
        } else {
            ([0.0; 3], false)
        };
        let grip = wrench.grip.clamp(-self.max_grip_n, self.max_grip_n);
        let less_grip = self.parts.gripper_motor && grip != wrench.grip;
        (
            Wrench { f, t, grip },
            less_force || less_torque || less_grip,
        )
    }
}

impl HapticDevice for ForceDimension {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.read_pose()?;
        self.read_fingers()?;
        self.reads += 1;
        if self.reads.is_multiple_of(STATUS_EVERY) {
            self.ask_status()?;
        }
        Ok(self.last)
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        let (borne, less) = self.borne(wrench);
        let result = self.play(&borne);
        let result = self.checked(result)?;
        if self.arm && result != abi::TIMEGUARD {
            // What is played now is no force: `arm` is set only together with a status that allows
            // none.
            self.arm = false;
            let result = self.enable_force(abi::ON);
            self.checked(result)?;
        }
        Ok(match result {
            abi::TIMEGUARD => WriteStatus::TimeGuard,
            abi::MOTOR_SATURATED => WriteStatus::Saturated,
            _ if less => WriteStatus::Saturated,
            _ => WriteStatus::Taken,
        })
    }

    /// Plays no force; the library goes on carrying the arm. Where it does not take that, the
    /// motors go off, which brakes the arm.
    fn zero(&mut self) {
        let result = self.play(&Wrench::default());
        if result != abi::OK && result != abi::MOTOR_SATURATED {
            self.enable_force(abi::OFF);
            self.last.status = self.last.status.with(Status::FORCE_OFF);
        }
    }

    /// The controller switches the motors off by itself, at the latest after 31.9 ms whatever is
    /// asked for: it counts up to 255 times 125 us.
    fn set_watchdog(&mut self, us: u32) -> bool {
        let count = us.div_ceil(WATCHDOG_UNIT_US).clamp(1, 255) as c_uchar;
        let (api, id) = (&self.handle.api, self.handle.id);
        let mut before = 0;
        // SAFETY: a place for the number; the device is open.
        let (had, result) = unsafe {
            (api.expert_on)();
            let had = (api.get_watchdog)(&mut before, id);
            let result = (api.set_watchdog)(count, id);
            (api.expert_off)();
            (had, result)
        };
        if had == abi::OK && result == abi::OK {
            self.watchdog_before.get_or_insert(before);
        }
        result == abi::OK
    }
}

impl Drop for ForceDimension {
    /// Leaves the arm braked, with the watchdog as it was for the next program.
    fn drop(&mut self) {
        self.zero();
        self.enable_force(abi::OFF);
        if let Some(before) = self.watchdog_before {
            let (api, id) = (&self.handle.api, self.handle.id);
            // SAFETY: the device is open.
            unsafe {
                (api.expert_on)();
                (api.set_watchdog)(before, id);
                (api.expert_off)();
            }
        }
    }
}

/// What a status says.
fn flags(all: &[c_int; abi::STATUS_ROOM], wrist: bool) -> Status {
    let on = |place: usize| all[place] != 0;
    let mut flags = Status::OK;
    if on(status::RESET) || (wrist && !on(status::WRIST_INIT)) {
        flags = flags.with(Status::UNCALIBRATED);
    }
    if !on(status::FORCE) || !on(status::POWER) || on(status::ERROR) {
        flags = flags.with(Status::FORCE_OFF);
    }
    if !on(status::FORCE) && all[status::FORCE_OFF_CAUSE] == cause::VELOCITY {
        flags = flags.with(Status::OVERLOAD);
    }
    flags
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

/// Limits, time guard and the arm's weight; whether the library carries it. The limits are a second
/// fence behind our own, so a device that knows none of torque or grip does without.
fn prepare(handle: &Handle, model: &Model) -> Result<bool, OpenError> {
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
    Ok(carried >= 0)
}

fn info(handle: &Handle, model: &Model, parts: Parts, software: &str, carried: bool) -> DeviceInfo {
    let (api, id) = (&handle.api, handle.id);
    let mut firmware = 0.0;
    // SAFETY: a place for the number; the device is open.
    let (name, told) = unsafe { ((api.system_name)(id), (api.firmware)(&mut firmware, id)) };
    let name = text(name).unwrap_or_else(|| model.name.to_owned());
    let with_torque = if parts.wrist_motors { 1.0 } else { 0.0 };
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
        output_dof: if parts.wrist_motors { 6 } else { 3 },
        max_force_n: model.max_force_n,
        continuous_force_n: model.max_force_n,
        max_torque_nm: with_torque * model.max_torque_nm,
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
        bears_own_weight: carried,
    }
}
