//! Events of the Linux input system, without any I/O.
//!
//! Numbers from the kernel's include/uapi/linux/input-event-codes.h, their meaning from
//! Documentation/input/gamepad.rst and event-codes.rst.

use super::pad::Controls;

pub(super) const EV_KEY: u16 = 0x01;
pub(super) const EV_FF: u16 = 0x15;
const EV_SYN: u16 = 0x00;
const EV_ABS: u16 = 0x03;
const SYN_REPORT: u16 = 0;
const SYN_DROPPED: u16 = 3;

pub(super) const ABS_X: u16 = 0x00;
pub(super) const ABS_Y: u16 = 0x01;
/// Right stick, up and down. Plain HID pads have it on [`ABS_RZ`] and have no [`ABS_RY`]; where
/// both are, `ABS_RZ` is a trigger.
pub(super) const ABS_RY: u16 = 0x04;
pub(super) const ABS_RZ: u16 = 0x05;

/// Also called `BTN_GAMEPAD`: every gamepad has it, and nothing else does.
pub(super) const BTN_SOUTH: u16 = 0x130;
/// Keys A, B, X, Y by the names of the header, in the order of the buttons. On pads of the Xbox
/// kind that is what is printed on them; others report by place, with X (north) above, Y (west) left.
pub(super) const BUTTONS: [u16; 4] = [BTN_SOUTH, 0x131, 0x133, 0x134];
/// Upper shoulder buttons, left and right (`BTN_TL`, `BTN_TR`).
pub(super) const SHOULDERS: [u16; 2] = [0x136, 0x137];

/// Size of `struct input_event`, bytes; the last eight are type, code and value on every machine.
pub(super) const EVENT_SIZE: usize = size_of::<libc::input_event>();

/// Least and greatest value of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) min: i32,
    pub(super) max: i32,
}

impl Default for Range {
    /// What the kernel's driver xpad gives its sticks.
    fn default() -> Self {
        Self {
            min: -32_768,
            max: 32_767,
        }
    }
}

impl Range {
    /// -1 to 1. Each side by its own length, so that the middle is exactly 0.
    fn part(self, value: i32) -> f64 {
        let middle = f64::from(self.middle());
        let out = f64::from(value) - middle;
        let end = if out < 0.0 { self.min } else { self.max };
        let way = (f64::from(end) - middle).abs();
        if way > 0.0 {
            (out / way).clamp(-1.0, 1.0)
        } else {
            0.0
        }
    }

    /// Of an even count of values the upper one: 0 of -32768 to 32767, 128 of 0 to 255.
    fn middle(self) -> i32 {
        let (min, max) = (i64::from(self.min), i64::from(self.max));
        (min + max + 1).div_euclid(2) as i32
    }
}

/// An axis that is listened to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) code: u16,
    pub(super) range: Range,
    pub(super) value: i32,
}

impl Axis {
    /// In its middle.
    pub(super) fn new(code: u16, range: Range) -> Self {
        Self {
            code,
            range,
            value: range.middle(),
        }
    }

    fn part(&self) -> f64 {
        self.range.part(self.value)
    }
}

/// What is held, gathered from events.
#[derive(Clone, Debug)]
pub(super) struct Held {
    /// Left stick's x and y, right stick's y.
    pub(super) axes: [Axis; 3],
    /// Bits as in [`BUTTONS`].
    pub(super) buttons: u32,
    /// Bits as in [`SHOULDERS`].
    pub(super) shoulders: u32,
    /// Events were dropped: nothing counts until the next report's end.
    gap: bool,
}

impl Held {
    pub(super) fn new(axes: [Axis; 3]) -> Self {
        Self {
            axes,
            buttons: 0,
            shoulders: 0,
            gap: false,
        }
    }

    /// Takes whole events one after the other; true where some were dropped before, so that the
    /// state has to be asked for.
    pub(super) fn take(&mut self, bytes: &[u8]) -> bool {
        let mut incomplete = false;
        for event in bytes.chunks_exact(EVENT_SIZE) {
            let tail = &event[EVENT_SIZE - 8..];
            let kind = u16::from_ne_bytes([tail[0], tail[1]]);
            let code = u16::from_ne_bytes([tail[2], tail[3]]);
            let value = i32::from_ne_bytes([tail[4], tail[5], tail[6], tail[7]]);
            incomplete |= self.take_one(kind, code, value);
        }
        incomplete
    }

    fn take_one(&mut self, kind: u16, code: u16, value: i32) -> bool {
        match (kind, code) {
            (EV_SYN, SYN_DROPPED) => self.gap = true,
            (EV_SYN, SYN_REPORT) if self.gap => {
                self.gap = false;
                return true;
            }
            _ if self.gap => {}
            (EV_ABS, _) => {
                if let Some(axis) = self.axes.iter_mut().find(|axis| axis.code == code) {
                    axis.value = value;
                }
            }
            (EV_KEY, _) => self.key(code, value != 0),
            _ => {}
        }
        false
    }

    /// A key is held or not.
    pub(super) fn key(&mut self, code: u16, held: bool) {
        set(&mut self.buttons, &BUTTONS, code, held);
        set(&mut self.shoulders, &SHOULDERS, code, held);
    }

    /// Everything in its middle, nothing pressed.
    pub(super) fn let_go(&mut self) {
        *self = Self::new(self.axes.map(|axis| Axis::new(axis.code, axis.range)));
    }

    /// In the device frame.
    pub(super) fn controls(&self) -> Controls {
        let [x, y, lift] = self.axes.each_ref().map(Axis::part);
        Controls {
            right: x,
            near: y,
            up: -lift,
            buttons: self.buttons,
            fine: self.shoulders != 0,
        }
    }
}

fn set(bits: &mut u32, keys: &[u16], code: u16, held: bool) {
    if let Some(bit) = keys.iter().position(|&key| key == code) {
        *bits = *bits & !(1 << bit) | u32::from(held) << bit;
    }
}

/// Whether bit `n` is set in a bitmap as sysfs prints it: words of the kernel's `long`, hexadecimal,
/// the highest first.
pub(super) fn has(bitmap: &str, n: u16) -> bool {
    let (word, bit) = (n as usize / usize::BITS as usize, n as u32 % usize::BITS);
    bitmap
        .split_whitespace()
        .rev()
        .nth(word)
        .and_then(|hex| usize::from_str_radix(hex, 16).ok())
        .is_some_and(|word| word >> bit & 1 == 1)
}

#[cfg(test)]
mod tests;
