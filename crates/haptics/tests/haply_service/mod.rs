//! The Haply Inverse Service as its documentation describes it, with one Inverse3 and perhaps a
//! VerseGrip whose hand is the test: everything connected in the first message, then one state for
//! each message, `GET /version` on the same port, events on another.
//!
//! Kept from the real one: a force holds only while messages come, forces of all sessions add up,
//! fields that equal their default are left out (3.5), settings are told only when asked for.

// Not every test uses all of it.
#![allow(dead_code)]

mod wire;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Without messages for so long the device idles.
const IDLE_AFTER: Duration = Duration::from_millis(200);

/// How the force of a command has to be spelt; other spellings are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    Values,
    Vector,
    Neither,
}

/// Everything a test may set or look at. Haply's axes.
pub struct World {
    /// What is answered to `GET /version`.
    pub version: String,
    pub spelling: Spelling,
    /// Ids of the grips, each listed as wireless.
    pub grips: Vec<&'static str>,
    /// The device is plugged in.
    pub present: bool,
    pub pos: [f64; 3],
    pub rot: [f64; 4],
    pub buttons: u32,
    /// Of the device's `status`.
    pub calibrated: bool,
    pub powered: bool,
    /// Beside what the device tells of its settings.
    pub config: Value,
    /// What the device makes of a force.
    pub scale: f64,
    /// Answers are held back.
    pub mute: bool,
    /// Sent instead of the next state.
    pub instead: Option<&'static [u8]>,
    /// A message comes in two fragments with a ping between them.
    pub fragments: bool,
    /// Events told so far.
    pub events: Vec<String>,
    /// Messages taken, and the largest force in any.
    pub messages: u64,
    pub largest: f64,
    /// The force of the last command, whatever has become of it.
    pub commanded: [f64; 3],
    /// Pongs taken.
    pub pongs: u64,
    /// Sessions so far; of each still open the force, and when it came.
    pub sessions: u64,
    forces: Vec<(u64, [f64; 3], Instant)>,
    /// The force that a session had when it ended, of the last one that did.
    pub parting: Option<[f64; 3]>,
}

impl World {
    /// The force the device plays.
    pub fn played(&self) -> [f64; 3] {
        let mut sum = [0.0; 3];
        for (_, force, at) in &self.forces {
            if self.present && at.elapsed() < IDLE_AFTER {
                for axis in 0..3 {
                    sum[axis] += self.scale * force[axis];
                }
            }
        }
        sum
    }

    fn command(&mut self, session: u64, message: &Value) {
        self.messages += 1;
        let spelt = match self.spelling {
            Spelling::Values => "values",
            Spelling::Vector => "vector",
            Spelling::Neither => return,
        };
        let path = format!("/inverse3/0/commands/set_cursor_force/{spelt}");
        let id = message.pointer("/inverse3/0/device_id");
        let at = |axis| message.pointer(&format!("{path}/{axis}"))?.as_f64();
        let force = ["x", "y", "z"].map(|axis| at(axis).unwrap_or(0.0));
        if id.and_then(Value::as_str) != Some(wire::DEVICE) {
            return;
        }
        self.largest = force.iter().fold(self.largest, |most, x| most.max(x.abs()));
        self.commanded = force;
        self.forces.retain(|(other, _, _)| *other != session);
        self.forces.push((session, force, Instant::now()));
    }

    fn part(&mut self, session: u64) {
        let ours = self.forces.iter().find(|(other, _, _)| *other == session);
        self.parting = ours.map(|(_, force, _)| *force);
        self.forces.retain(|(other, _, _)| *other != session);
    }
}

/// A running service; it ends with this.
pub struct Service {
    pub port: u16,
    pub events_port: u16,
    world: Arc<Mutex<World>>,
    over: Arc<AtomicBool>,
}

impl Service {
    /// One that calls itself `version`, understands `spelling` and sees `grips`.
    pub fn start(version: &str, spelling: Spelling, grips: &[&'static str]) -> Self {
        let world = Arc::new(Mutex::new(World {
            version: version.to_owned(),
            spelling,
            grips: grips.to_vec(),
            present: true,
            pos: [0.0; 3],
            rot: [1.0, 0.0, 0.0, 0.0],
            buttons: 0,
            calibrated: true,
            powered: true,
            config: serde_json::json!({}),
            scale: 1.0,
            mute: false,
            instead: None,
            fragments: false,
            events: Vec::new(),
            messages: 0,
            largest: 0.0,
            commanded: [0.0; 3],
            pongs: 0,
            sessions: 0,
            forces: Vec::new(),
            parting: None,
        }));
        let over = Arc::new(AtomicBool::new(false));
        let port = serve(&world, &over, wire::simulation);
        let events_port = serve(&world, &over, wire::events);
        Self {
            port,
            events_port,
            world,
            over,
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// What to open: `which` of this service.
    pub fn name(&self, which: &str) -> String {
        format!("haply:{which}@{}/{}", self.port, self.events_port)
    }

    /// Waits until `done` holds, for a few seconds.
    pub fn until(&self, done: impl Fn(&World) -> bool) {
        let since = Instant::now();
        while !done(&self.world()) {
            assert!(since.elapsed() < Duration::from_secs(10), "waited in vain");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Serves each connection in a thread of its own; the port.
fn serve(world: &Arc<Mutex<World>>, over: &Arc<AtomicBool>, talk: wire::Talk) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (world, over) = (Arc::clone(world), Arc::clone(over));
    std::thread::spawn(move || {
        while !over.load(Ordering::Relaxed) {
            match listener.accept() {
                Ok((stream, _)) => {
                    let (world, over) = (Arc::clone(&world), Arc::clone(&over));
                    std::thread::spawn(move || talk(stream, &world, &over));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    });
    port
}
