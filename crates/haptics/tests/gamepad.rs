//! The gamepad driver from open to unplugging, fed with input events through a named pipe: the same
//! reads as from an event node. A pipe has no motors; what they are told is tested in the crate
//! (`drivers/gamepad/pad`) and, as bytes for the kernel, in `drivers/gamepad/linux`. A virtual pad of
//! the kernel's needs /dev/uinput.
#![cfg(target_os = "linux")]

mod conformance;
mod counting;
mod pipe;

use conformance::rate::{Deflection, RateFixture, conforms_as_rate_device};
use counting::allocations;
use haptics::effects::Rumble;
use haptics::{HapticDevice, OpenError, drivers};
use pipe::Pipe;

/// linux/input-event-codes.h.
const EV_SYN: u16 = 0;
const EV_KEY: u16 = 1;
const EV_ABS: u16 = 3;
const ABS_X: u16 = 0;
const ABS_Y: u16 = 1;
const ABS_RY: u16 = 4;
const BTN_A: u16 = 0x130;
const BTN_B: u16 = 0x131;
const BTN_TL: u16 = 0x136;

struct Pad {
    pipe: Pipe,
}

impl Pad {
    fn new(name: &str) -> Self {
        Self {
            pipe: Pipe::new(name),
        }
    }

    /// Events in one piece, closed by a report, as the kernel gives them out.
    fn send(&mut self, events: &[(u16, u16, i32)]) {
        let mut bytes = Vec::new();
        for &(kind, code, value) in events.iter().chain(&[(EV_SYN, 0, 0)]) {
            bytes.extend([0; size_of::<libc::timeval>()]);
            bytes.extend(kind.to_ne_bytes());
            bytes.extend(code.to_ne_bytes());
            bytes.extend(value.to_ne_bytes());
        }
        self.pipe.send(&bytes);
    }
}

/// Of a stick, negative left and up, -32768 to 32767.
fn stick(part: f64) -> i32 {
    let way = if part < 0.0 { 32_768.0 } else { 32_767.0 };
    (part * way).round() as i32
}

impl RateFixture for Pad {
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError> {
        drivers::open(&format!("gamepad:{}", self.pipe.path()))
    }

    fn hold(&mut self, deflection: Deflection) {
        let [x, y, z] = deflection.along;
        self.send(&[
            (EV_ABS, ABS_X, stick(x)),
            (EV_ABS, ABS_Y, stick(z)),
            (EV_ABS, ABS_RY, stick(-y)),
            (EV_KEY, BTN_A, (deflection.buttons & 1) as i32),
            (EV_KEY, BTN_B, (deflection.buttons >> 1 & 1) as i32),
        ]);
    }

    fn unplug(&mut self) {
        self.pipe.unplug();
    }

    fn plug(&mut self) {
        self.pipe.plug();
    }
}

#[test]
fn a_gamepad_conforms() {
    conforms_as_rate_device(&mut Pad::new("pad"));
}

#[test]
fn a_stick_that_is_held_still_keeps_moving_the_tool() {
    let mut pad = Pad::new("pad-still");
    let mut device = pad.open().unwrap();
    pad.send(&[(EV_ABS, ABS_X, -32_768)]);
    let mut read = |count: u32| {
        for _ in 1..count {
            device.read().unwrap();
        }
        device.read().unwrap().pos[0]
    };
    // Event nodes tell changes only: no event for half a second is no release.
    let (early, late) = (read(100), read(400));
    assert!((early - late - 0.06).abs() < 1e-3, "{early} {late}");
}

#[test]
fn a_shoulder_button_is_the_fine_mode() {
    let way = |shoulder: i32| {
        let mut pad = Pad::new(&format!("pad-fine-{shoulder}"));
        let mut device = pad.open().unwrap();
        pad.send(&[(EV_KEY, BTN_TL, shoulder), (EV_ABS, ABS_Y, 32_767)]);
        for _ in 0..299 {
            device.read().unwrap();
        }
        let last = device.read().unwrap();
        assert_eq!(last.buttons, 0);
        last.pos[2]
    };
    assert!((way(1) / way(0) - 0.2).abs() < 1e-9);
}

#[test]
fn events_that_were_dropped_let_go_what_cannot_be_asked_for() {
    let mut pad = Pad::new("pad-dropped");
    let mut device = pad.open().unwrap();
    pad.send(&[(EV_KEY, BTN_A, 1)]);
    assert_eq!(device.read().unwrap().buttons, 1);
    let dropped = 3;
    pad.send(&[(EV_SYN, dropped, 0), (EV_KEY, BTN_B, 1)]);
    assert_eq!(device.read().unwrap().buttons, 0);
    pad.send(&[(EV_KEY, BTN_B, 1)]);
    assert_eq!(device.read().unwrap().buttons, 2);
}

#[test]
fn the_rumble_does_not_allocate() {
    let mut rumble = Rumble::new(1e-3);
    let before = allocations();
    let played = (0..2_000)
        .filter(|tick| {
            rumble
                .tick([0.0, f64::from(tick % 70) * 0.02, 0.0])
                .is_some()
        })
        .count();
    assert_eq!(allocations(), before);
    assert!(played > 20);
}

#[test]
fn a_pad_that_is_not_there_is_told_with_what_to_do() {
    let why = drivers::open("gamepad:99").err().unwrap();
    assert!(matches!(why, OpenError::NotConnected { .. }), "{why:?}");
    assert!(why.to_string().contains("'99'"), "{why}");
    let info = Pad::new("pad-info").open().unwrap().info().clone();
    assert_eq!((info.input_dof, info.output_dof), (3, 0));
    assert!(info.model.contains("gamepad"));
}

#[test]
fn the_survey_always_has_a_line_for_it() {
    let lines = drivers::survey();
    let line = lines.iter().find(|line| line.name.starts_with("gamepad"));
    assert!(!line.unwrap().why.is_empty());
}
