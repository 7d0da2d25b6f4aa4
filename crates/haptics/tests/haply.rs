//! Haply devices through the Inverse Service, against a service that the test runs itself.

mod conformance;
mod counting;
mod haply_service;

use std::time::{Duration, Instant};

use conformance::Fixture;
use counting::allocations;
use haply_service::{Service, Spelling};
use haptics::{
    ClockOwner, DevErr, HapticDevice, OpenError, Sample, Status, Wrench, WriteStatus, drivers,
};

struct Far {
    service: Service,
    name: &'static str,
}

impl Fixture for Far {
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError> {
        drivers::open(&self.service.name(self.name))
    }

    /// Right, forward, up: +x, -z, +y.
    fn place(&mut self, pos: [f64; 3], rot: [f64; 4], buttons: u32) {
        let mut world = self.service.world();
        world.pos = [pos[0], -pos[2], pos[1]];
        world.rot = [rot[0], rot[1], -rot[3], rot[2]];
        world.buttons = buttons;
    }

    fn played(&mut self) -> [f64; 3] {
        let [right, forward, up] = self.service.world().played();
        [right, up, -forward]
    }

    fn unplug(&mut self) {
        self.service.world().present = false;
    }

    fn plug(&mut self) {
        self.service.world().present = true;
    }

    fn buttons(&self) -> u32 {
        match self.service.world().grips.len() {
            0 => 0,
            _ => 0b111,
        }
    }
}

fn conforms(version: &str, spelling: Spelling, grips: &[&'static str], name: &'static str) {
    let service = Service::start(version, spelling, grips);
    conformance::conforms(&mut Far { service, name });
}

#[test]
fn service_3_1_without_a_grip_conforms() {
    conforms("3.1.3.0", Spelling::Values, &[], "");
}

#[test]
fn service_3_1_with_a_grip_conforms() {
    conforms("3.1.3.0", Spelling::Values, &["61576"], "049D");
}

#[test]
fn service_3_5_without_a_grip_conforms() {
    conforms("3.5.0.0", Spelling::Vector, &[], "049D");
}

#[test]
fn service_3_5_with_two_grips_conforms() {
    conforms("3.5.0.0", Spelling::Vector, &["A14", "61576"], "049D+61576");
}

fn open(service: &Service) -> Result<Box<dyn HapticDevice>, OpenError> {
    drivers::open(&service.name(""))
}

fn started(version: &str, spelling: Spelling) -> (Service, Box<dyn HapticDevice>) {
    let service = Service::start(version, spelling, &["61576"]);
    let device = open(&service).unwrap();
    (service, device)
}

fn up(newtons: f64) -> Wrench {
    Wrench {
        f: [0.0, newtons, 0.0],
        ..Wrench::default()
    }
}

/// The next reading, however long the machine takes.
fn reading(device: &mut dyn HapticDevice) -> Sample {
    let since = Instant::now();
    loop {
        match device.read() {
            Ok(sample) => return sample,
            Err(why) => assert_eq!(why, DevErr::Late),
        }
        assert!(since.elapsed() < Duration::from_secs(10));
    }
}

/// `count` ticks with a force upward; the last reading.
fn push(device: &mut dyn HapticDevice, newtons: f64, count: u32) -> Sample {
    let mut last = Sample::default();
    for _ in 0..count {
        last = reading(device);
        device.write(&up(newtons)).unwrap();
    }
    last
}

#[test]
fn what_is_told_of_the_device() {
    let (_service, device) = started("3.5.0.0", Spelling::Vector);
    let info = device.info();
    assert_eq!((&*info.model, &*info.serial), ("Haply Inverse3", "049D"));
    assert_eq!((info.input_dof, info.output_dof), (6, 3));
    assert_eq!(info.clock, ClockOwner::RequestResponse);
    assert_eq!(
        info.software,
        "Inverse Service 3.5.0.0, vector, firmware 7.4, force_gate 0.3, damping 0, events heard"
    );
}

#[test]
fn no_force_goes_to_a_version_that_nobody_knows() {
    for version in ["4.0.0.0", "2.2.0", "3.0.7", "new", ""] {
        let service = Service::start(version, Spelling::Vector, &[]);
        let why = open(&service).err().unwrap();
        assert!(matches!(why, OpenError::Version { .. }), "{version}: {why}");
        let world = service.world();
        assert_eq!((world.messages, world.sessions), (0, 0), "{version}");
    }
}

#[test]
fn a_dialect_that_is_not_understood_is_noticed_and_the_other_taken() {
    for (version, spelling, taken) in [
        ("3.4.1.0", Spelling::Vector, "vector"),
        ("3.5.0.0", Spelling::Values, "values"),
    ] {
        let (service, mut device) = started(version, spelling);
        assert!(device.info().software.contains(taken));
        push(device.as_mut(), 0.7, 8);
        assert!((service.world().played()[2] - 0.7).abs() < 1e-6);
        assert_eq!(device.echo_errors(), 0);
    }
}

#[test]
fn a_service_that_does_not_tell_the_force_back_is_refused() {
    let service = Service::start("3.5.0.0", Spelling::Neither, &[]);
    let why = open(&service).err().unwrap();
    assert!(matches!(why, OpenError::Refused { .. }), "{why}");
    assert!(why.to_string().contains("(0, 0, 0) N came back"), "{why}");
    // A scale of ten is noticed by the same test.
    let service = Service::start("3.5.0.0", Spelling::Vector, &[]);
    service.world().scale = 10.0;
    assert!(matches!(
        open(&service).err().unwrap(),
        OpenError::Refused { .. }
    ));
    assert!(service.world().largest <= 0.051);
}

#[test]
fn what_cannot_be_used_as_it_is_gets_refused_without_a_force() {
    type Spoil = fn(&mut haply_service::World);
    let spoils: [Spoil; 4] = [
        |world| world.calibrated = false,
        |world| world.powered = false,
        |world| world.config = serde_json::json!({"basis": {"permutation": "XZY"}}),
        |world| world.grips = vec!["1", "2"],
    ];
    for spoil in spoils {
        let service = Service::start("3.5.0.0", Spelling::Vector, &[]);
        spoil(&mut service.world());
        let why = open(&service).err().unwrap();
        assert!(matches!(why, OpenError::Refused { .. }), "{why}");
        assert_eq!(service.world().largest, 0.0);
    }
    let service = Service::start("3.5.0.0", Spelling::Vector, &[]);
    let why = drivers::open(&service.name("FFFF")).err().unwrap();
    assert!(why.to_string().contains("049D, 04BA"), "{why}");
    let port = service.port;
    drop(service);
    std::thread::sleep(Duration::from_millis(20));
    let why = drivers::open(&format!("haply:@{port}")).err().unwrap();
    assert!(matches!(why, OpenError::NotConnected { .. }), "{why}");
}

#[test]
fn a_force_that_comes_back_different_is_reported_and_counted() {
    let (service, mut device) = started("3.5.0.0", Spelling::Vector);
    assert!(push(device.as_mut(), 2.0, 30).status.is_ok());
    assert_eq!(device.echo_errors(), 0);
    service.world().scale = 0.5;
    let mut told = None;
    for tick in 0..100 {
        let status = push(device.as_mut(), 2.0, 1).status;
        if status.has(Status::ECHO_DIFFERS) {
            told = told.or(Some(tick));
        }
    }
    assert!((15..40).contains(&told.unwrap()), "{told:?}");
    assert!(device.echo_errors() > 50);
    // No force has no difference; for a while it is still remembered.
    assert!(
        push(device.as_mut(), 0.0, 100)
            .status
            .has(Status::ECHO_DIFFERS)
    );
}

/// While no answer comes nothing waits for it and nothing more is sent; the answer is taken when it
/// has come.
#[test]
fn a_slow_service_is_late_and_no_stall() {
    let (service, mut device) = started("3.1.3.0", Spelling::Values);
    let before = push(device.as_mut(), 1.0, 5).seq;
    reading(device.as_mut());
    let messages = {
        let mut world = service.world();
        world.mute = true;
        world.messages + 1
    };
    device.write(&up(1.0)).unwrap();
    service.until(|world| world.messages == messages);
    let (before_allocations, mut late, mut kept) = (allocations(), 0, 0);
    for _ in 0..15 {
        late += u32::from(device.read() == Err(DevErr::Late));
        kept += u32::from(device.write(&up(2.0)) == Ok(WriteStatus::TimeGuard));
    }
    assert_eq!(allocations(), before_allocations);
    assert_eq!((late, kept), (15, 15));
    assert_eq!(
        service.world().messages,
        messages,
        "one message on its way at a time"
    );
    service.world().mute = false;
    let after = reading(device.as_mut());
    assert_eq!(after.seq, before + 2);
    assert!(push(device.as_mut(), 2.0, 8).status.is_ok());
    assert!((service.world().played()[2] - 2.0).abs() < 1e-6);
}

#[test]
fn no_force_gets_through_even_while_an_answer_is_due() {
    let (service, mut device) = started("3.5.0.0", Spelling::Vector);
    push(device.as_mut(), 1.0, 8);
    device.zero();
    service.until(|world| world.commanded == [0.0; 3]);
    push(device.as_mut(), 1.0, 8);
    reading(device.as_mut());
    service.world().mute = true;
    assert_eq!(device.write(&up(1.0)), Ok(WriteStatus::Taken));
    assert_eq!(device.write(&up(2.0)), Ok(WriteStatus::TimeGuard));
    assert_eq!(device.write(&up(f64::NAN)), Ok(WriteStatus::Saturated));
    service.world().mute = false;
    service.until(|world| world.commanded == [0.0; 3]);
}

#[test]
fn a_silent_or_ended_service_is_lost() {
    let (service, mut device) = started("3.5.0.0", Spelling::Vector);
    push(device.as_mut(), 1.0, 3);
    service.world().mute = true;
    let since = Instant::now();
    while device.read() != Err(DevErr::Lost) {
        assert!(since.elapsed() < Duration::from_secs(10), "never lost");
    }
    assert!(since.elapsed() > Duration::from_millis(90));
    assert_eq!(device.write(&up(1.0)), Err(DevErr::Lost));
    // And it stays lost, with the force taken away as soon as the service hears again.
    service.world().mute = false;
    service.until(|world| world.commanded == [0.0; 3]);
    assert_eq!(device.read(), Err(DevErr::Lost));

    let (service, mut device) = started("3.5.0.0", Spelling::Vector);
    push(device.as_mut(), 1.0, 3);
    drop(service);
    let since = Instant::now();
    while device.read() != Err(DevErr::Lost) {
        assert!(since.elapsed() < Duration::from_secs(10), "never lost");
    }
}

#[test]
fn the_last_words_are_no_force() {
    let (service, mut device) = started("3.5.0.0", Spelling::Vector);
    push(device.as_mut(), 3.0, 8);
    service.world().parting = None;
    drop(device);
    service.until(|world| world.parting.is_some());
    assert_eq!(service.world().parting, Some([0.0; 3]));
}

#[test]
fn a_garbled_answer_is_a_fault_and_the_next_one_is_read() {
    let rubbish: [&'static [u8]; 4] = [
        b"{\"inverse3\":[",
        b"[1,2,3]",
        b"\xff\xfe\x00",
        b"{\"inverse3\":[{\"device_id\":\"049D\",\"state\":{\"cursor_position\":{\"x\":1e999}}}]}",
    ];
    let (service, mut device) = started("3.5.0.0", Spelling::Vector);
    for bytes in rubbish {
        push(device.as_mut(), 0.5, 3);
        reading(device.as_mut());
        service.world().instead = Some(bytes);
        let _ = device.write(&up(0.5));
        let since = Instant::now();
        let before = allocations();
        let mut told = device.read();
        while told == Err(DevErr::Late) && since.elapsed() < Duration::from_secs(10) {
            told = device.read();
        }
        assert!(matches!(told, Err(DevErr::Fault { .. })), "{told:?}");
        assert_eq!(allocations(), before);
        assert!(reading(device.as_mut()).status.is_ok());
    }
}

#[test]
fn fragments_and_pings_are_part_of_the_protocol() {
    let (service, mut device) = started("3.5.0.0", Spelling::Vector);
    {
        let mut world = service.world();
        world.fragments = true;
        world.pos = [0.01, 0.02, 0.03];
    }
    let before = allocations();
    let sample = push(device.as_mut(), 0.3, 20);
    assert_eq!(allocations(), before);
    let gap = |i: usize, wanted: f64| (sample.pos[i] - wanted).abs() < 1e-6;
    assert!(gap(0, 0.01) && gap(1, 0.03) && gap(2, -0.02), "{sample:?}");
    service.until(|world| world.pongs >= 18);
}

#[test]
fn the_state_of_the_device_becomes_flags() {
    let (service, mut device) = started("3.1.3.0", Spelling::Values);
    let mut after = |change: fn(&mut haply_service::World)| {
        change(&mut service.world());
        push(device.as_mut(), 0.0, 4).status
    };
    assert_eq!(after(|_| ()), Status::OK);
    assert_eq!(
        after(|world| world.calibrated = false),
        Status::UNCALIBRATED
    );
    let calibrated = after(|world| (world.calibrated, world.powered) = (true, false));
    assert_eq!(calibrated, Status::FORCE_OFF);
    let powered = after(|world| {
        world.powered = true;
        world.grips.clear();
    });
    assert_eq!(powered, Status::TRACKING_LOST);
    let back = after(|world| world.grips.push("61576"));
    assert_eq!(back, Status::OK);
}

#[test]
fn events_reach_the_tick() {
    let (service, mut device) = started("3.5.0.0", Spelling::Vector);
    let tell = |name: &str, safety: &str| {
        let event = serde_json::json!({"name": name, "category": "device", "level": "error",
            "data": {"device_family": "inverse", "device_id": "049D", "safety_type": safety}});
        service.world().events.push(event.to_string());
    };
    let mut until = |wanted: Status| {
        let since = Instant::now();
        while push(device.as_mut(), 0.0, 1).status != wanted {
            assert!(
                since.elapsed() < Duration::from_secs(10),
                "{wanted:?} did not come"
            );
        }
    };
    tell("device-safety-triggered", "ebrake_triggered");
    until(Status::FORCE_OFF);
    tell("device-safety-triggered", "ebrake_released");
    until(Status::OK);
    tell("device-safety-triggered", "stall_detected");
    until(Status::OVERLOAD);
    until(Status::OK);
    tell("device-disconnected", "");
    let since = Instant::now();
    while device.read() != Err(DevErr::Lost) {
        let _ = device.write(&up(0.0));
        assert!(since.elapsed() < Duration::from_secs(10), "never lost");
    }
}
