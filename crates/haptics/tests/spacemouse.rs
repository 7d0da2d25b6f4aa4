//! The SpaceMouse driver from open to unplugging, fed with HID reports through a named pipe: the
//! same reads as from a hidraw node. (A virtual HID device would need /dev/uhid and the rights of
//! root.)
#![cfg(target_os = "linux")]

mod conformance;
mod counting;
mod pipe;

use conformance::rate::{Deflection, RateFixture, conforms_as_rate_device};
use haptics::{HapticDevice, OpenError, drivers};
use pipe::Pipe;

/// Which reports the fake sends.
#[derive(Clone, Copy)]
enum Kind {
    Apart,
    Together,
}

struct Cap {
    pipe: Pipe,
    kind: Kind,
}

impl Cap {
    fn new(name: &str, kind: Kind) -> Self {
        Self {
            pipe: Pipe::new(name),
            kind,
        }
    }
}

/// Three axes of the reports, +x right, +y toward the person, +z down, from those of the device
/// frame, +y up, -z away.
fn axes([x, y, z]: [f64; 3]) -> Vec<u8> {
    [x, z, -y]
        .into_iter()
        .flat_map(|part| ((part * 350.0).round() as i16).to_le_bytes())
        .collect()
}

impl RateFixture for Cap {
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError> {
        drivers::open(&format!("spacemouse:{}", self.pipe.path()))
    }

    fn hold(&mut self, deflection: Deflection) {
        let (push, twist) = (axes(deflection.along), axes(deflection.about));
        match self.kind {
            Kind::Apart => {
                self.pipe.send(&[&[1], &push[..]].concat());
                self.pipe.send(&[&[2], &twist[..]].concat());
            }
            Kind::Together => self.pipe.send(&[&[1], &push[..], &twist[..]].concat()),
        }
        self.pipe.send(&[3, deflection.buttons as u8, 0]);
    }

    fn unplug(&mut self) {
        self.pipe.unplug();
    }

    fn plug(&mut self) {
        self.pipe.plug();
    }
}

#[test]
fn a_cap_with_reports_apart_conforms() {
    conforms_as_rate_device(&mut Cap::new("cap-apart", Kind::Apart));
}

#[test]
fn a_cap_with_all_in_one_report_conforms() {
    conforms_as_rate_device(&mut Cap::new("cap-together", Kind::Together));
}

#[test]
fn a_cap_that_falls_silent_counts_as_let_go() {
    let mut cap = Cap::new("cap-silent", Kind::Together);
    let mut device = cap.open().unwrap();
    cap.hold(Deflection {
        along: [0.0, 0.5, 0.0],
        ..Deflection::default()
    });
    let mut read = |count: u32| {
        for _ in 1..count {
            device.read().unwrap();
        }
        device.read().unwrap().pos
    };
    let (early, later) = (read(100), read(100));
    assert!(later[1] > early[1], "a quarter of a second is waited");
    let stopped = read(400);
    assert_eq!(read(400), stopped);
}

#[test]
fn the_record_can_name_the_device() {
    let mut cap = Cap::new("cap-named", Kind::Together);
    let device = cap.open().unwrap();
    let info = device.info();
    assert!(info.model.starts_with("3Dconnexion"), "{}", info.model);
    assert_eq!((info.input_dof, info.output_dof), (6, 0));
    assert_eq!(info.rate_hz, 1000.0);
}

#[test]
fn a_device_that_is_not_there_is_told_with_what_to_do() {
    let why = drivers::open("spacemouse:/dev/hidraw999").err().unwrap();
    assert!(matches!(why, OpenError::NotConnected { .. }), "{why:?}");
    assert!(why.to_string().contains("/dev/hidraw999"), "{why}");
}

#[test]
fn the_survey_always_has_a_line_for_it() {
    let lines = drivers::survey();
    let line = lines
        .iter()
        .find(|line| line.name.starts_with("spacemouse"));
    assert!(!line.unwrap().why.is_empty());
}
