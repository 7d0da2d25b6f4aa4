//! One device.

use std::ffi::CStr;

use crate::NO_DEVICE;

/// HD_CALIBRATION_OK.
pub(crate) const CALIBRATED: u32 = 0x5000;
/// HD_CALIBRATION_NEEDS_UPDATE.
pub(crate) const NEEDS_UPDATE: u32 = 0x5001;
/// HD_CALIBRATION_INKWELL: the one style it has.
pub(crate) const INKWELL: u32 = 1 << 2;
/// What it bears, N.
pub(crate) const MAX_FORCE_N: f64 = 3.3;

const UNTURNED: [f64; 16] = [
    1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0,
];

pub(crate) struct Unit {
    pub(crate) name: &'static CStr,
    pub(crate) plugged: bool,
    /// `NO_DEVICE` while it is not initialised.
    pub(crate) handle: u32,
    /// Disablings that a handle left behind survives.
    pub(crate) sticky: u32,
    /// Whether it tells what it is and bears.
    pub(crate) tells: bool,
    /// Whether it has motors for torque.
    pub(crate) six: bool,
    pub(crate) transform: [f64; 16],
    pub(crate) buttons: i32,
    pub(crate) temperature: f64,
    pub(crate) calibration: u32,
    pub(crate) calibrated: u32,
    /// Errors that the next ends of frames raise, last first.
    pub(crate) to_come: Vec<u32>,
    pub(crate) output: bool,
    pub(crate) clamping: bool,
    pub(crate) in_frame: bool,
    pub(crate) framed: bool,
    pub(crate) frames: u64,
    /// Force (N) and torque (mN m) set in this frame, or left from an earlier one.
    pub(crate) set: [f64; 6],
    /// Force and torque that the motors play.
    pub(crate) played: [f64; 6],
}

impl Unit {
    pub(crate) const fn new(name: &'static CStr) -> Self {
        Self {
            name,
            plugged: true,
            handle: NO_DEVICE,
            sticky: 0,
            tells: true,
            six: false,
            transform: UNTURNED,
            buttons: 0,
            temperature: 0.2,
            calibration: CALIBRATED,
            calibrated: 0,
            to_come: Vec::new(),
            output: false,
            clamping: false,
            in_frame: false,
            framed: false,
            frames: 0,
            set: [0.0; 6],
            played: [0.0; 6],
        }
    }

    /// Forgets what a program has set; poses and states stay.
    pub(crate) fn switch_off(&mut self) {
        self.handle = NO_DEVICE;
        self.output = false;
        self.clamping = false;
        self.in_frame = false;
        self.set = [0.0; 6];
        self.played = [0.0; 6];
    }

    /// Sends what was set to the motors; false where it was more than they bear.
    pub(crate) fn send(&mut self) -> bool {
        let norm = self.set[..3].iter().map(|x| x * x).sum::<f64>().sqrt();
        let over = norm > MAX_FORCE_N * (1.0 + 1e-9);
        if over && !self.clamping {
            self.played = [0.0; 6];
            return false;
        }
        self.played = self.set;
        if over {
            for x in &mut self.played[..3] {
                *x *= MAX_FORCE_N / norm;
            }
        }
        true
    }
}
