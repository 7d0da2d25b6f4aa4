//! The driver proper, for any pad that tells its sticks and plays effects.
#![cfg_attr(not(target_os = "linux"), allow(dead_code))]

use crate::device::{DevErr, DeviceInfo, HapticDevice, Sample, Wrench, WriteStatus};
use crate::drivers::rate::{DT, FINE, Handle, RATE_HZ, Response, TOP_SPEED};
use crate::effects::{Effect, EffectSink, Rumble};
use crate::vector::{limited, scale};

/// What is held, in the device frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Controls {
    /// Left stick to the right, part of the full deflection.
    pub(super) right: f64,
    /// Left stick toward the person.
    pub(super) near: f64,
    /// Right stick up.
    pub(super) up: f64,
    /// A, B, X, Y: bits 0 to 3.
    pub(super) buttons: u32,
    /// A shoulder button is held.
    pub(super) fine: bool,
}

/// A pad.
pub(super) trait Pad: EffectSink {
    /// What is held now.
    fn controls(&mut self) -> Result<Controls, DevErr>;
}

/// Worn sticks rest up to a quarter out of their middle (XInput.h recommends 7849 and 8689 of
/// 32767 for the two); a fifth with a curve that starts flat keeps more of the way.
const STICK: Response = Response {
    dead: 0.2,
    expo: 0.6,
};

/// An open gamepad.
pub(super) struct Gamepad {
    info: DeviceInfo,
    pad: Box<dyn Pad>,
    handle: Handle,
    rumble: Rumble,
    seq: u64,
    lost: bool,
}

impl Gamepad {
    pub(super) fn new(model: String, serial: String, pad: Box<dyn Pad>) -> Self {
        let info = DeviceInfo {
            model,
            serial,
            rate_hz: RATE_HZ,
            ..DeviceInfo::default()
        };
        Self {
            handle: Handle::new(info.workspace),
            info,
            pad,
            rumble: Rumble::new(DT),
            seq: 0,
            lost: false,
        }
    }

    /// Remembers a loss: a pad that is gone is not asked again.
    fn noted<T>(&mut self, result: Result<T, DevErr>) -> Result<T, DevErr> {
        self.lost |= matches!(result, Err(DevErr::Lost));
        result
    }
}

/// Velocity that the sticks ask for, m/s.
fn velocity(held: &Controls) -> [f64; 3] {
    let flat = STICK.of([held.right, 0.0, held.near]);
    let lift = STICK.of([0.0, held.up, 0.0]);
    let (part, _) = limited([flat[0], lift[1], flat[2]], 1.0);
    scale(
        part,
        if held.fine {
            FINE * TOP_SPEED
        } else {
            TOP_SPEED
        },
    )
}

impl HapticDevice for Gamepad {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        if self.lost {
            return Err(DevErr::Lost);
        }
        let held = self.pad.controls();
        let held = self.noted(held)?;
        self.handle.step(velocity(&held), [0.0; 3]);
        self.seq += 1;
        Ok(Sample {
            seq: self.seq,
            pos: self.handle.pos,
            buttons: held.buttons,
            ..Sample::default()
        })
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        if self.lost {
            return Err(DevErr::Lost);
        }
        if let Some(effect) = self.rumble.tick(wrench.f) {
            let played = self.pad.effect(effect);
            self.noted(played)?;
        }
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {
        self.rumble.silence();
        if !self.lost {
            // A pad that cannot be told is gone or out of time by itself (Effect::duration_ms).
            let played = self.pad.effect(Effect::NONE);
            let _ = self.noted(played);
        }
    }
}

impl Drop for Gamepad {
    fn drop(&mut self) {
        self.zero();
    }
}

#[cfg(test)]
mod tests;
