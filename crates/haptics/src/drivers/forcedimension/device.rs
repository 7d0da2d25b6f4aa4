//! A device in a hand.
//!
//! Motors are on only while the device is calibrated, and every way to switch them on plays no
//! force first. Whenever the device says that its force is off, or that it is not calibrated, it is
//! sent no force until it says otherwise, and [`Status`] tells the tick, whose ramp then leads in
//! again. What turned the motors off decides who turns them on: after its watchdog the driver does,
//! since that was our lateness; after the force button, the dead-man's switch or too fast a handle
//! the person does, with the button on the device's base.

use std::ffi::{c_int, c_uchar};

use super::abi::{self, status};
use super::finding::Handle;
use super::setup::Parts;
use super::{frame, health};
use crate::device::{DevErr, DeviceInfo, HapticDevice, Sample, Status, Wrench, WriteStatus};
use crate::vector::{finite, limited};

/// The status is asked for in one tick of this many: nothing public tells whether the library
/// answers from its last exchange or makes another over USB, and 8 ms are soon enough, because the
/// hardware has dropped the force already when the status tells so.
const STATUS_EVERY: u64 = 8;

/// Calls in a row without an answer that count as late; with one more the device is gone. A tick
/// makes two, so this is about 10 ms, half of the time after which the hardware's watchdog lets go.
const LATE_CALLS: u32 = 20;

/// What one count of the hardware's watchdog is, us (forcedimension-core, `setWatchdog`).
const WATCHDOG_UNIT_US: u32 = 125;

/// An open device.
pub(super) struct ForceDimension {
    pub(super) handle: Handle,
    pub(super) parts: Parts,
    pub(super) info: DeviceInfo,
    pub(super) max_grip_n: f64,
    pub(super) last: Sample,
    pub(super) reads: u64,
    pub(super) late_calls: u32,
    /// The status says that the device is not connected, whatever its pose says.
    pub(super) gone: bool,
    /// The motors are to be switched on once no force has been played.
    pub(super) arm: bool,
    pub(super) watchdog_before: Option<c_uchar>,
}

impl ForceDimension {
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
    pub(super) fn ask_status(&mut self) -> Result<(), DevErr> {
        let mut all = [0; abi::STATUS_ROOM];
        // SAFETY: more room than any known version needs; the device is open.
        let result = unsafe { (self.handle.api.status)(all.as_mut_ptr(), self.handle.id) };
        self.checked(result)?;
        self.gone = all[status::CONNECTED] == 0;
        if self.gone {
            return Err(DevErr::Lost);
        }
        let was_uncalibrated = self.last.status.has(Status::UNCALIBRATED);
        let now = health::flags(&all, self.parts.wrist);
        if now.has(Status::UNCALIBRATED) && all[status::FORCE] != 0 {
            self.enable_force(abi::OFF);
        }
        self.last.status = now;
        self.arm = health::may_switch_on(&all, now, was_uncalibrated);
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
        if !numbers || !self.last.status.is_ok() {
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
        if self.gone {
            self.ask_status()?;
        }
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
