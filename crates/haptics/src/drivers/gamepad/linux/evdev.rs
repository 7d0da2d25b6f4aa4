//! An event node: events are read, effects uploaded and played.
//!
//! The kernel's calls for effects take what they are given and return; the pad is told later, from
//! a queue of the kernel (drivers/input/ff-memless.c). What a closed or killed program had playing
//! is stopped by the kernel (input_ff_flush).

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::super::events::{
    ABS_RY, ABS_RZ, ABS_X, ABS_Y, Axis, BUTTONS, EV_FF, EVENT_SIZE, Held, SHOULDERS,
};
use super::super::pad::{Controls, Pad};
use super::{NAME, RIGHTS, ioctl};
use crate::device::{DevErr, OpenError};
use crate::drivers::node::{is_pipe, opened, read_now, refusal};
use crate::effects::{Effect, EffectSink};

/// Events read at once.
const EVENTS: usize = 64;
/// Times that a full buffer is read in one tick.
const READS_PER_TICK: u32 = 4;
/// Longest time that the kernel takes for an effect, ms (input.h: "Values above 32767 ms ... should
/// not be used").
const LONGEST_MS: u32 = 32_767;

/// An open event node, or a named pipe that carries events.
pub(super) struct Evdev {
    file: File,
    held: Held,
    buffer: [u8; EVENTS * EVENT_SIZE],
    effect: Option<libc::ff_effect>,
}

impl Evdev {
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        let pipe = is_pipe(path);
        // Without the right to write there is no rumble (the kernel would take an effect, but not
        // the event that plays it); the sticks work all the same.
        let (file, writable) = opened(path, !pipe)
            .map(|file| (file, true))
            .or_else(|_| opened(path, false).map(|file| (file, false)))
            .map_err(|why| refusal(NAME, path, &why, RIGHTS))?;
        if !pipe && let Err(why) = ioctl::version(&file) {
            return Err(OpenError::Refused {
                device: NAME.to_owned(),
                why: format!("{} is no input device: {why}", path.display()),
                todo: "give its number, as `surgisim devices` lists it",
            });
        }
        let mut pad = Self {
            held: Held::new(axes(&file)),
            effect: uploaded(&file).filter(|_| writable),
            file,
            buffer: [0; EVENTS * EVENT_SIZE],
        };
        pad.ask();
        Ok(pad)
    }

    pub(super) fn rumbles(&self) -> bool {
        self.effect.is_some()
    }

    /// Asks what is held now. Nothing, where that cannot be told.
    fn ask(&mut self) {
        self.held.let_go();
        for axis in &mut self.held.axes {
            if let Ok((_, value)) = ioctl::axis(&self.file, axis.code) {
                axis.value = value;
            }
        }
        let codes = [
            BUTTONS[0],
            BUTTONS[1],
            BUTTONS[2],
            BUTTONS[3],
            SHOULDERS[0],
            SHOULDERS[1],
        ];
        if let Ok(held) = ioctl::keys(&self.file, codes) {
            for (code, held) in codes.into_iter().zip(held) {
                self.held.key(code, held);
            }
        }
    }

    fn play(&mut self, id: i16, times: i32) -> Result<(), DevErr> {
        (&self.file)
            .write_all(&play_event(id, times))
            .map_err(|why| refused(&why))
    }
}

/// The axes that are listened to: see [`ABS_RY`].
fn axes(file: &File) -> [Axis; 3] {
    let range = |code| ioctl::axis(file, code).ok().map(|(range, _)| range);
    let plain = range(ABS_RY).is_none() && range(ABS_RZ).is_some();
    let lift = if plain { ABS_RZ } else { ABS_RY };
    [ABS_X, ABS_Y, lift].map(|code| Axis::new(code, range(code).unwrap_or_default()))
}

/// A silent effect in the device, to be changed later; None where it plays none.
fn uploaded(file: &File) -> Option<libc::ff_effect> {
    if !ioctl::rumbles(file) {
        return None;
    }
    let mut effect = silent();
    ioctl::upload(file, &mut effect).ok()?;
    Some(effect)
}

fn silent() -> libc::ff_effect {
    // SAFETY: a struct of numbers; all zero is a value of it.
    let mut effect: libc::ff_effect = unsafe { std::mem::zeroed() };
    effect.type_ = ioctl::FF_RUMBLE;
    effect.id = -1;
    effect
}

/// Writes amplitudes and duration into a rumble effect.
fn shape(kernels: &mut libc::ff_effect, effect: Effect) {
    let level = |part: f64| (part.clamp(0.0, 1.0) * f64::from(u16::MAX)) as u16;
    let rumble = libc::ff_rumble_effect {
        strong_magnitude: level(effect.low),
        weak_magnitude: level(effect.high),
    };
    kernels.replay.length = effect.duration_ms.min(LONGEST_MS) as u16;
    // SAFETY: `u` stands for the union of the header, which is larger than this part of it and
    // aligned at least as strictly.
    unsafe {
        (&raw mut kernels.u)
            .cast::<libc::ff_rumble_effect>()
            .write(rumble)
    };
}

/// `struct input_event` that plays an effect so many times; 0 stops it.
fn play_event(id: i16, times: i32) -> [u8; EVENT_SIZE] {
    let mut event = [0; EVENT_SIZE];
    let tail = &mut event[EVENT_SIZE - 8..];
    tail[0..2].copy_from_slice(&EV_FF.to_ne_bytes());
    tail[2..4].copy_from_slice(&id.to_ne_bytes());
    tail[4..8].copy_from_slice(&times.to_ne_bytes());
    event
}

fn refused(why: &std::io::Error) -> DevErr {
    match why.raw_os_error() {
        Some(libc::ENODEV) | None => DevErr::Lost,
        Some(code) => DevErr::Fault { code: code as u32 },
    }
}

impl EffectSink for Evdev {
    fn effect(&mut self, effect: Effect) -> Result<(), DevErr> {
        let Some(mut kernels) = self.effect else {
            return Ok(());
        };
        if !effect.is_felt() {
            return self.play(kernels.id, 0);
        }
        shape(&mut kernels, effect);
        ioctl::upload(&self.file, &mut kernels).map_err(|why| refused(&why))?;
        // Uploading changes an effect that is playing; one that has ended has to be started again.
        self.play(kernels.id, 1)
    }
}

impl Pad for Evdev {
    fn controls(&mut self) -> Result<Controls, DevErr> {
        for _ in 0..READS_PER_TICK {
            let length = read_now(&self.file, &mut self.buffer)?;
            if self.held.take(&self.buffer[..length]) {
                self.ask();
            }
            if length < self.buffer.len() {
                break;
            }
        }
        Ok(self.held.controls())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn an_effect_has_the_bytes_of_the_header() {
        let mut kernels = silent();
        kernels.id = 3;
        let effect = Effect {
            low: 1.0,
            high: 0.5,
            duration_ms: 1_000,
        };
        shape(&mut kernels, effect);
        assert_eq!((kernels.type_, kernels.id), (0x50, 3));
        assert_eq!(kernels.replay.length, 1_000);
        let [s0, s1, w0, w1, ..] = kernels.u[0].to_ne_bytes();
        assert_eq!(u16::from_ne_bytes([s0, s1]), 0xffff);
        assert_eq!(u16::from_ne_bytes([w0, w1]), 0x7fff);
        assert_eq!(size_of::<libc::ff_effect>(), 48);
        assert_eq!(std::mem::offset_of!(libc::ff_effect, replay), 10);
        assert_eq!(std::mem::offset_of!(libc::ff_effect, u), 16);
    }

    #[test]
    fn amplitudes_and_times_out_of_range_are_cut() {
        let mut kernels = silent();
        let effect = Effect {
            low: f64::NAN,
            high: 7.0,
            duration_ms: 1_000_000,
        };
        shape(&mut kernels, effect);
        assert_eq!(kernels.replay.length, 32_767);
        // SAFETY: the part of the union that was written.
        let rumble = unsafe {
            (&raw const kernels.u)
                .cast::<libc::ff_rumble_effect>()
                .read()
        };
        assert_eq!(
            (rumble.strong_magnitude, rumble.weak_magnitude),
            (0, 0xffff)
        );
    }

    #[test]
    fn playing_is_an_event_of_its_own() {
        let event = play_event(3, 1);
        let tail = &event[EVENT_SIZE - 8..];
        assert_eq!(
            tail[..4],
            [EV_FF.to_ne_bytes(), 3_u16.to_ne_bytes()].concat()
        );
        assert_eq!(tail[4..], 1_i32.to_ne_bytes());
    }

    #[test]
    fn a_pad_that_is_gone_is_lost_and_another_error_is_a_fault() {
        let error = std::io::Error::from_raw_os_error;
        assert_eq!(refused(&error(libc::ENODEV)), DevErr::Lost);
        assert_eq!(refused(&error(libc::ENOSPC)), DevErr::Fault { code: 28 });
    }
}
