//! The Inverse3 on its serial port, against a device at the other end of a pseudo-terminal.
#![cfg(target_os = "linux")]

mod conformance;
mod counting;
mod haply_port;

use std::time::{Duration, Instant};

use conformance::Fixture;
use haply_port::{Device, SerialPort};
use haptics::{ClockOwner, DevErr, HapticDevice, OpenError, Wrench, drivers};

struct Far(SerialPort);

impl Fixture for Far {
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError> {
        drivers::open(&self.0.name())
    }

    /// Right, forward, up: +x, -z, +y.
    fn place(&mut self, pos: [f64; 3], _rot: [f64; 4], _buttons: u32) {
        self.0.device().pos = [pos[0], -pos[2], pos[1]].map(|x| x as f32);
    }

    fn played(&mut self) -> [f64; 3] {
        let [right, forward, up] = self.0.device().latched.map(f64::from);
        [right, up, 0.0 - forward]
    }

    fn unplug(&mut self) {
        self.0.unplug();
    }

    fn plug(&mut self) {
        self.0.plug();
    }

    fn buttons(&self) -> u32 {
        0
    }
}

fn conforms(device: Device) {
    conformance::conforms(&mut Far(SerialPort::new(device)));
}

#[test]
fn without_heartbeats_it_conforms() {
    conforms(Device::default());
}

#[test]
fn with_heartbeats_it_conforms() {
    conforms(Device {
        heartbeats: true,
        long_id: true,
        deaf: 2,
        ..Device::default()
    });
}

#[test]
fn on_a_noisy_line_it_conforms() {
    conforms(Device {
        heartbeats: true,
        noise: true,
        ..Device::default()
    });
}

fn open(port: &SerialPort) -> Result<Box<dyn HapticDevice>, OpenError> {
    drivers::open(&port.name())
}

fn up(newtons: f64) -> Wrench {
    Wrench {
        f: [0.0, newtons, 0.0],
        ..Wrench::default()
    }
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let since = Instant::now();
    while !done() {
        assert!(since.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn what_is_told_of_the_device() {
    for (long_id, serial) in [
        (false, "049D".to_owned()),
        (true, format!("049D {}", "cd".repeat(16))),
    ] {
        let port = SerialPort::new(Device {
            long_id,
            ..Device::default()
        });
        let device = open(&port).unwrap();
        let info = device.info();
        assert_eq!(info.serial, serial);
        assert_eq!(
            info.software,
            "HardwareAPI protocol, model 4, hardware 7, firmware 5"
        );
        assert_eq!((info.clock, info.delay_ticks), (ClockOwner::Host, 0));
        assert_eq!((info.input_dof, info.output_dof), (3, 3));
    }
}

/// The reading of a tick is of this tick: a handle that has moved since the last write is seen
/// where it is.
#[test]
fn a_pose_is_no_tick_old() {
    let port = SerialPort::new(Device::default());
    let mut device = open(&port).unwrap();
    let mut seen = 0;
    for step in 1..=50_u8 {
        let x = f32::from(step) * 1e-3;
        let taken = port.device().taken;
        device.write(&up(0.5)).unwrap();
        until("no force arrived", || port.device().taken > taken);
        std::thread::sleep(Duration::from_millis(1));
        port.device().pos = [x, 0.0, 0.0];
        if let Ok(sample) = device.read() {
            seen += u32::from((sample.pos[0] - f64::from(x)).abs() < 1e-9);
        }
    }
    assert!(seen > 25, "{seen} of 50");
}

#[test]
fn a_hanging_loop_does_not_leave_the_device_pushing() {
    let port = SerialPort::new(Device::default());
    let mut device = open(&port).unwrap();
    assert!(!device.set_watchdog(20_000));
    device.write(&up(2.0)).unwrap();
    until("no force arrived", || {
        port.device().latched == [0.0, 0.0, 2.0]
    });
    until("the force stayed", || port.device().latched == [0.0; 3]);
    // Reading does not bring it back; the next write does.
    for _ in 0..20 {
        let _ = device.read();
    }
    assert_eq!(port.device().latched, [0.0; 3]);
    device.write(&up(1.0)).unwrap();
    until("no force arrived", || {
        port.device().latched == [0.0, 0.0, 1.0]
    });
}

#[test]
fn a_silent_device_is_late_and_then_lost() {
    let port = SerialPort::new(Device::default());
    let mut device = open(&port).unwrap();
    device.write(&up(2.0)).unwrap();
    until("no answer", || device.read().is_ok());
    port.device().mute = true;
    std::thread::sleep(Duration::from_millis(5));
    let _ = device.read();
    let mut late = 0;
    until("never lost", || match device.read() {
        Err(DevErr::Late) => {
            late += 1;
            false
        }
        told => told == Err(DevErr::Lost),
    });
    assert!(late >= 10, "{late}");
    // It was told to stop all the same.
    until("the force stayed", || port.device().latched == [0.0; 3]);
}

/// Two loops on one port would take each other's answers and overwrite each other's forces.
#[test]
fn a_port_that_is_in_use_is_not_opened_twice() {
    let port = SerialPort::new(Device::default());
    let mut device = open(&port).unwrap();
    let why = open(&port).err().map(|why| why.to_string());
    assert!(
        why.as_ref().is_some_and(|why| why.contains("in use")),
        "{why:?}"
    );
    until("no answer", || device.read().is_ok());
    drop(device);
    drop(open(&port).unwrap());
}

#[test]
fn who_does_not_answer_is_refused_without_a_force() {
    let port = SerialPort::new(Device {
        deaf: u32::MAX,
        ..Device::default()
    });
    let why = open(&port).err().unwrap();
    assert!(matches!(why, OpenError::Refused { .. }), "{why}");
    assert_eq!(port.device().taken, 0);
    let mute = SerialPort::new(Device {
        mute: true,
        ..Device::default()
    });
    let why = open(&mute).err().unwrap();
    assert!(why.to_string().contains("force of zero"), "{why}");
    let why = drivers::open("haply-serial:/nowhere/at/all").err().unwrap();
    assert!(matches!(why, OpenError::NotConnected { .. }), "{why}");
}
