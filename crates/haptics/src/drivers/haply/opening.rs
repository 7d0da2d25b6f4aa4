//! From a name to a device that may be given a force: version, inventory, settings, echo.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::device::ServiceDevice;
use super::events::Events;
use super::inventory::{self, Chosen};
use super::link::{Broken, Link};
use super::models;
use super::request::{Dialect, Request};
use super::target::{self, Target};
use super::version::{self, NoVersion, Version};
use crate::device::{DeviceInfo, HapticDevice, OpenError};

/// How long the service may take for a message while opening.
const PATIENCE: Duration = Duration::from_secs(2);
/// The test force, Haply's axes, N: half the friction of such a device, so the handle does not
/// move, and far below what a hand feels; straight up, against the weight.
const TEST: [f64; 3] = [0.0, 0.0, 0.05];
/// A force told back is the one sent up to this, N.
const TEST_SLACK_N: f64 = 0.01;
/// Messages with the test force and after it without, one each [`TEST_EVERY`]; the last few of
/// each have to be told back.
const TEST_MESSAGES: usize = 20;
const TEST_AGREE: usize = 3;
const TEST_EVERY: Duration = Duration::from_millis(2);

/// Why one dialect did not work.
enum Failed {
    /// Another would not either.
    For(OpenError),
    /// The force was not told back; perhaps in another.
    Echo(String),
}

/// Opens what `which` says.
pub(super) fn open(which: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    let target = target::parse(which)?;
    let version = known_version(&target)?;
    let mut told = Vec::new();
    for dialect in Dialect::to_try(version.minor) {
        match attempt(&target, &version, dialect) {
            Ok(device) => return Ok(Box::new(device)),
            Err(Failed::For(why)) => return Err(why),
            Err(Failed::Echo(why)) => told.push(format!("'{}': {why}", dialect.name())),
        }
    }
    Err(OpenError::Refused {
        device: name(&target),
        why: format!(
            "a test force of 0.05 N is not told back ({})",
            told.join("; ")
        ),
        todo: "set the service's force scale to 1, and close other programs that push",
    })
}

/// The version, if it is one whose forces we know how to send.
pub(super) fn known_version(target: &Target) -> Result<Version, OpenError> {
    let unknown = |found: String| OpenError::Version {
        device: name(target),
        found,
        known: "Inverse Service 3.1 to 3.x",
    };
    match version::ask(target.address) {
        Ok(version) if version.major == 3 && version.minor >= 1 => Ok(version),
        Ok(version) => Err(unknown(format!("Inverse Service {}", version.text))),
        Err(NoVersion::Untold(said)) => Err(unknown(format!(
            "a service that says '{said}' when asked for its version"
        ))),
        Err(NoVersion::Unreachable(why)) => Err(unreachable(target, &why)),
    }
}

fn name(target: &Target) -> String {
    match target.device.as_str() {
        "" => "haply".to_owned(),
        id => format!("haply:{id}"),
    }
}

fn unreachable(target: &Target, why: &str) -> OpenError {
    OpenError::NotConnected {
        device: name(target),
        why: format!("no Inverse Service at {}: {why}", target.address),
        todo: "install and start the Haply Inverse Service",
    }
}

/// Connects, and takes the first message: everything that is connected.
pub(super) fn introduced(target: &Target) -> Result<(Link, Value), OpenError> {
    let mut link = Link::open(target.address).map_err(|why| unreachable(target, &why))?;
    let inventory = next(&mut link).map_err(|why| unreachable(target, why))?;
    Ok((link, inventory))
}

/// The next message, as a document.
fn next(link: &mut Link) -> Result<Value, &'static str> {
    let until = Instant::now() + PATIENCE;
    loop {
        let come = link.poll().map_err(|Broken| "it ended the connection")?;
        if let Some(len) = come {
            return serde_json::from_slice(link.message(len)).map_err(|_| "it does not speak JSON");
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err("it does not answer");
        }
        link.wait(left);
    }
}

fn attempt(target: &Target, version: &Version, dialect: Dialect) -> Result<ServiceDevice, Failed> {
    let (mut link, inventory) = introduced(target).map_err(Failed::For)?;
    let chosen = inventory::choose(&inventory, target).map_err(Failed::For)?;
    let mut request = Request::new(&chosen.device, dialect);
    let full = greet(&mut link, &mut request).map_err(|why| Failed::Echo(why.to_owned()))?;
    let settings = inventory::settings(&full, &inventory, &chosen);
    settings.acceptable(&chosen).map_err(Failed::For)?;
    let (events, heard) = listen(target, &chosen);
    let mut info = models::info(&settings.kind);
    info.serial.clone_from(&chosen.device);
    info.software = format!(
        "Inverse Service {}, {}, {}, {heard}",
        version.text,
        dialect.name(),
        settings.text()
    );
    if settings.centered {
        info.workspace.center = [0.0; 3];
    }
    finish(info, &chosen, link, request, events)
}

fn listen(target: &Target, chosen: &Chosen) -> (Option<Events>, &'static str) {
    let heard = target.events.map(|to| Events::listen(to, &chosen.device));
    match heard {
        Some(Ok(events)) => (Some(events), "events heard"),
        _ => (None, "events not heard"),
    }
}

fn finish(
    mut info: DeviceInfo,
    chosen: &Chosen,
    link: Link,
    request: Request,
    events: Option<Events>,
) -> Result<ServiceDevice, Failed> {
    if !chosen.grip.is_empty() {
        info.input_dof = 6;
    }
    let mut device = ServiceDevice::new(info, link, request, chosen.grip.clone());
    device.events = events;
    test(&mut device).map_err(Failed::Echo)?;
    device.echo = Default::default();
    Ok(device)
}

/// Says who we are; the service answers with everything once more.
fn greet(link: &mut Link, request: &mut Request) -> Result<Value, &'static str> {
    let (buffer, len) = request.hello().map_err(|_| "its id is too long")?;
    let sent = link.send(buffer, len);
    sent.map_err(|Broken| "it ended the connection")?;
    next(link)
}

/// Sends a small force and none again; each has to be told back.
fn test(device: &mut ServiceDevice) -> Result<(), String> {
    for force in [TEST, [0.0; 3]] {
        let mut agree = 0;
        for _ in 0..TEST_MESSAGES {
            let answered = device.send(force).and_then(|()| device.gather(PATIENCE));
            match answered {
                Ok(true) => {}
                Ok(false) => return Err("no answer".to_owned()),
                Err(why) => return Err(why.to_string()),
            }
            let close = |i: usize| (device.echoed[i] - force[i]).abs() <= TEST_SLACK_N;
            agree = if (0..3).all(close) { agree + 1 } else { 0 };
            std::thread::sleep(TEST_EVERY);
        }
        if agree < TEST_AGREE {
            let [x, y, z] = device.echoed;
            return Err(format!("({x}, {y}, {z}) N came back"));
        }
    }
    Ok(())
}
