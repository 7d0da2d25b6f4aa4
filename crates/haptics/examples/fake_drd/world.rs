//! The devices and their time.

use std::ffi::{CStr, c_char, c_int};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub const OK: c_int = 0;
const FAILED: c_int = -1;
/// Numbers of errors, `DHD_ERROR_...`.
pub const COM: c_int = 2;
pub const NO_DEVICE_FOUND: c_int = 5;
pub const NOT_AVAILABLE: c_int = 6;
pub const EXPERT_MODE_DISABLED: c_int = 9;
pub const INVALID_INDEX: c_int = 15;
const DEVICE_IN_USE: c_int = 20;

/// Causes that the motors are off, `DHD_FORCE_OFF_...`.
pub const OFF_BY_BUTTON: c_int = 1;
pub const OFF_BY_VELOCITY: c_int = 2;
const OFF_BY_WATCHDOG: c_int = 3;
pub const OFF_BY_SOFTWARE: c_int = 4;

/// Ways to call that a test can let fail.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Pose = 0,
    Play = 1,
    Status = 2,
    Other = 3,
}

/// An answer that a test has prepared: it replaces the next `times` of one kind of call.
#[derive(Clone, Copy)]
pub struct Scripted {
    pub answer: Result<c_int, c_int>,
    pub times: u32,
}

/// Everything that is.
pub struct World {
    pub version: [c_int; 3],
    pub devices: Vec<Device>,
    pub error: c_int,
    pub expert: bool,
    pub now_us: u64,
    /// What goes by with each reading of a pose.
    pub step_us: u64,
    pub script: [Option<Scripted>; 4],
}

impl World {
    pub const fn new() -> Self {
        Self {
            version: [3, 17, 5],
            devices: Vec::new(),
            error: 0,
            expert: false,
            now_us: 0,
            step_us: 1000,
            script: [None; 4],
        }
    }

    /// The answer that a test has prepared for this call.
    pub fn scripted(&mut self, call: Call) -> Option<Result<c_int, c_int>> {
        let slot = &mut self.script[call as usize];
        let scripted = slot.as_mut().filter(|scripted| scripted.times > 0)?;
        scripted.times -= 1;
        Some(scripted.answer)
    }

    /// What a call returns; the number of its error is kept.
    pub fn answer(&mut self, result: Result<c_int, c_int>) -> c_int {
        result.unwrap_or_else(|error| {
            self.error = error;
            FAILED
        })
    }

    /// Devices that are plugged in, with the numbers that the library gives them.
    pub fn plugged(&mut self) -> impl Iterator<Item = &mut Device> {
        self.devices.iter_mut().filter(|device| device.plugged)
    }

    pub fn open_device(&mut self, id: c_char) -> Option<&mut Device> {
        let device = self.devices.get_mut(usize::try_from(id).ok()?)?;
        (device.opened > 0).then_some(device)
    }

    pub fn open(&mut self, id: c_char, as_robot: bool) -> Result<c_int, c_int> {
        let device = self
            .devices
            .get_mut(usize::try_from(id).map_err(|_| INVALID_INDEX)?);
        let device = device
            .filter(|device| device.plugged)
            .ok_or(NO_DEVICE_FOUND)?;
        if device.elsewhere {
            return Err(DEVICE_IN_USE);
        }
        device.opened += 1;
        device.open_as_robot = as_robot;
        Ok(c_int::from(id))
    }

    pub fn close(&mut self, id: c_char, as_robot: bool) -> Result<c_int, c_int> {
        let device = self.open_device(id).ok_or(INVALID_INDEX)?;
        if device.open_as_robot != as_robot {
            return Err(NOT_AVAILABLE);
        }
        device.opened -= 1;
        Ok(0)
    }
}

/// What a reading tells, in the maker's axes.
#[derive(Clone, Copy)]
pub struct Pose {
    pub pos: [f64; 3],
    pub turn: [[f64; 3]; 3],
    pub angle: f64,
    pub buttons: u32,
}

impl Pose {
    pub const REST: Self = Self {
        pos: [0.0; 3],
        turn: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        angle: 0.0,
        buttons: 0,
    };
}

/// A device.
pub struct Device {
    pub system_type: c_int,
    pub serial: u16,
    pub plugged: bool,
    pub opened: u32,
    pub open_as_robot: bool,
    /// Another program has it.
    pub elsewhere: bool,
    pub calibrated: bool,
    pub controller_error: bool,
    /// Where the hand is, and what was told by the last exchange.
    pub there: Pose,
    pub seen: Pose,
    pub exchanged_us: Option<u64>,
    pub guard_us: u64,
    pub watchdog: u8,
    pub commanded_us: u64,
    pub carried: bool,
    pub cannot_carry: bool,
    /// What it tells of its handle, kg.
    pub handle_mass: f64,
    /// Its status says so, while its pose still comes.
    pub not_connected: bool,
    /// Force, torque, grip; 0 is no limit.
    pub limits: [f64; 3],
    /// Largest force that the motors can give, N.
    pub strength_n: f64,
    pub motors_on: bool,
    pub off_cause: c_int,
    sent: [f64; 7],
    pub moved_by_itself: u32,
    /// Numbers that were none.
    pub not_numbers: u32,
    /// Forces that were sent while the motors were off.
    pub sent_in_vain: u32,
}

impl Device {
    pub fn new(system_type: c_int, serial: u16) -> Self {
        Self {
            system_type,
            serial,
            plugged: true,
            opened: 0,
            open_as_robot: false,
            elsewhere: false,
            calibrated: true,
            controller_error: false,
            there: Pose::REST,
            seen: Pose::REST,
            exchanged_us: None,
            guard_us: 0,
            watchdog: 0,
            commanded_us: 0,
            carried: false,
            cannot_carry: false,
            handle_mass: 0.19,
            not_connected: false,
            limits: [0.0; 3],
            strength_n: f64::INFINITY,
            motors_on: false,
            off_cause: 0,
            sent: [0.0; 7],
            moved_by_itself: 0,
            not_numbers: 0,
            sent_in_vain: 0,
        }
    }

    pub fn name(&self) -> Option<&'static CStr> {
        match self.system_type {
            33 => Some(c"omega.3"),
            35 | 37 => Some(c"omega.7"),
            104 | 105 => Some(c"sigma.7"),
            _ => None,
        }
    }

    pub fn left_handed(&self) -> bool {
        [36, 37, 105, 109, 132].contains(&self.system_type)
    }

    pub fn wrist(&self) -> bool {
        [34, 36, 35, 37].contains(&self.system_type) || self.wrist_motors()
    }

    pub fn wrist_motors(&self) -> bool {
        [104, 105, 108, 109].contains(&self.system_type)
    }

    pub fn gripper(&self) -> bool {
        [35, 37].contains(&self.system_type) || self.wrist_motors()
    }

    /// Switches the motors; they play what was sent last.
    pub fn switch(&mut self, on: bool, cause: c_int) {
        if self.motors_on && !on {
            self.off_cause = cause;
        }
        self.motors_on = on;
    }

    /// The controller lets go where no command came for too long.
    pub fn let_watchdog_see(&mut self, now_us: u64) {
        let bound_us = u64::from(self.watchdog) * 125;
        if self.motors_on && bound_us > 0 && now_us > self.commanded_us + bound_us {
            self.switch(false, OFF_BY_WATCHDOG);
        }
    }

    /// Whether the pose is asked for anew, or is that of the last exchange.
    pub fn exchange(&mut self, now_us: u64) -> bool {
        let fresh = self
            .exchanged_us
            .is_none_or(|then| now_us - then >= self.guard_us);
        if fresh && self.plugged {
            self.seen = self.there;
            self.exchanged_us = Some(now_us);
        }
        fresh
    }

    pub fn play(&mut self, wrench: [f64; 7], now_us: u64) -> c_int {
        self.not_numbers += u32::from(wrench.iter().any(|x| !x.is_finite()));
        self.sent_in_vain += u32::from(!self.motors_on && wrench != [0.0; 7]);
        self.commanded_us = now_us;
        let force = wrench[..3].iter().map(|x| x * x).sum::<f64>().sqrt();
        let gain = (self.strength_n / force).min(1.0);
        self.sent = wrench;
        for axis in 0..3 {
            self.sent[axis] *= if force > 0.0 { gain } else { 1.0 };
        }
        if force > self.strength_n { 2 } else { 0 }
    }

    /// What the hand feels: force, torque, grip.
    pub fn played(&self) -> [f64; 7] {
        if self.motors_on && self.plugged {
            self.sent
        } else {
            [0.0; 7]
        }
    }

    /// The 17 numbers of `dhdGetStatus`.
    pub fn status(&self) -> [c_int; 17] {
        let mut all = [0; 17];
        all[0] = 1;
        all[1] = c_int::from(!self.not_connected);
        all[2] = 1;
        all[3] = c_int::from(!self.calibrated);
        all[5] = c_int::from(self.motors_on);
        all[6] = c_int::from(!self.motors_on);
        all[8] = c_int::from(self.wrist());
        all[9] = c_int::from(self.controller_error);
        all[10] = c_int::from(self.carried);
        all[11] = c_int::from(self.guard_us > 0);
        all[12] = c_int::from(self.wrist() && self.calibrated);
        all[14] = self.off_cause;
        all
    }
}

static WORLD: Mutex<World> = Mutex::new(World::new());

pub fn locked() -> MutexGuard<'static, World> {
    WORLD.lock().unwrap_or_else(PoisonError::into_inner)
}
