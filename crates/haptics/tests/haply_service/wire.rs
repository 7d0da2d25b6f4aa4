//! What goes over the wire: HTTP, the handshake and the messages.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::{Message, WebSocket};

use super::World;

/// The device's id.
pub const DEVICE: &str = "049D";

/// Speaks with one client until one of the two has had enough.
pub type Talk = fn(TcpStream, &Mutex<World>, &AtomicBool);

/// The simulation channel and `GET /version`.
pub fn simulation(stream: TcpStream, world: &Mutex<World>, over: &AtomicBool) {
    stream.set_nonblocking(false).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut first = [0; 12];
    let _ = stream.peek(&mut first);
    if &first == b"GET /version" {
        tell_version(stream, &world.lock().unwrap().version);
        return;
    }
    let Ok(socket) = tungstenite::accept(stream) else {
        return;
    };
    let session = {
        let mut world = world.lock().unwrap();
        world.sessions += 1;
        world.sessions
    };
    converse(socket, session, world, over);
    world.lock().unwrap().part(session);
}

fn tell_version(mut stream: TcpStream, version: &str) {
    let mut request = [0; 512];
    let _ = stream.read(&mut request);
    let body = json!({"project_name": "haply-inverse-service", "project_version": version});
    let body = if version.is_empty() { json!({}) } else { body }.to_string();
    let len = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len}\r\n\r\n{body}"
    );
}

/// One state for each message, after the first.
fn converse(
    mut socket: WebSocket<TcpStream>,
    session: u64,
    world: &Mutex<World>,
    over: &AtomicBool,
) {
    let inventory = state(&world.lock().unwrap(), true);
    if socket.send(Message::text(inventory)).is_err() {
        return;
    }
    let patience = Some(Duration::from_millis(50));
    socket.get_ref().set_read_timeout(patience).unwrap();
    while !over.load(Ordering::Relaxed) {
        let message = match socket.read() {
            Ok(Message::Text(text)) => text,
            Ok(Message::Pong(payload)) => {
                assert_eq!(&payload[..], b"still there?");
                world.lock().unwrap().pongs += 1;
                continue;
            }
            Ok(Message::Close(_)) => return,
            Ok(_) => continue,
            Err(tungstenite::Error::Io(why)) if why.kind() == std::io::ErrorKind::WouldBlock => {
                continue;
            }
            Err(_) => return,
        };
        let message: Value = serde_json::from_str(message.as_str()).unwrap();
        world.lock().unwrap().command(session, &message);
        while world.lock().unwrap().mute && !over.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_micros(200));
        }
        let full = message
            .pointer("/session/force_render_full_state")
            .is_some();
        if answer(&mut socket, &mut world.lock().unwrap(), full).is_err() {
            return;
        }
    }
}

fn answer(
    socket: &mut WebSocket<TcpStream>,
    world: &mut World,
    full: bool,
) -> tungstenite::Result<()> {
    if let Some(bytes) = world.instead.take() {
        return socket.send(Message::binary(bytes));
    }
    let text = state(world, full);
    if !world.fragments {
        return socket.send(Message::text(text));
    }
    let (head, tail) = text.as_bytes().split_at(text.len() / 2);
    let part = |bytes: &[u8], opcode, is_final| {
        Message::Frame(Frame::message(
            bytes.to_vec(),
            OpCode::Data(opcode),
            is_final,
        ))
    };
    socket.write(part(head, Data::Text, false))?;
    socket.write(Message::Ping(b"still there?".as_slice().into()))?;
    socket.write(part(tail, Data::Continue, true))?;
    socket.flush()
}

/// Numbers are single on the real wire too.
fn vector(names: &[&str], values: &[f64], defaults: &[f64], terse: bool) -> Value {
    let mut object = Map::new();
    for ((name, value), default) in names.iter().zip(values).zip(defaults) {
        if !terse || value != default {
            object.insert((*name).to_owned(), json!(*value as f32));
        }
    }
    Value::Object(object)
}

/// The state of everything; with the settings where it is `full`.
fn state(world: &World, full: bool) -> String {
    let terse = world.version.starts_with("3.5") && !full;
    let xyz = |values: [f64; 3]| vector(&["x", "y", "z"], &values, &[0.0; 3], terse);
    let mut device = json!({
        "device_id": DEVICE,
        "state": {
            "angular_position": {"a0": -30.927_332, "a1": 53.878_685, "a2": -6.642_623},
            "body_orientation": {"w": 0.698_852_54, "x": 0.0, "y": 0.715_271, "z": 0.0},
            "control_domain": "cartesian",
            "control_mode": "force",
            "current_cursor_force": xyz(world.played()),
            "cursor_position": xyz(world.pos),
            "cursor_velocity": xyz([0.0; 3]),
            "transform": {"position": {}, "rotation": {"w": 1}, "scale": {"x": 1, "y": 1, "z": 1}}
        },
        "status": {"calibrated": world.calibrated, "in_use": false, "started": true,
            "power_supply": world.powered, "ready": world.powered}
    });
    if full {
        device["config"] = config(world);
    }
    let other =
        json!({"device_id": "04BA", "state": {"cursor_position": {"x": 9, "y": 9, "z": 9}}});
    let devices = if world.present {
        vec![device, other]
    } else {
        vec![]
    };
    let grips: Vec<Value> = world
        .grips
        .iter()
        .map(|id| grip(world, id, terse))
        .collect();
    json!({"session_id": 7, "inverse3": devices, "verse_grip": [], "wireless_verse_grip": grips,
        "custom_verse_grip": []})
    .to_string()
}

fn config(world: &World) -> Value {
    let mut config = json!({
        "type": "inverse3", "port": "\\\\.\\COM12", "handedness": "right", "preset": "defaults",
        "device_info": {"major_version": 7, "minor_version": 4, "id": DEVICE, "device_type": 4},
        "gravity_compensation": {"enabled": true, "scaling_factor": 1.0},
        "basis": {"permutation": "XYZ"},
        "filters": {"force_gate": {"gain": 0.3}, "damping": {"scalar": 0.0}}
    });
    if world.version.starts_with("3.1") {
        config.as_object_mut().unwrap().remove("filters");
    }
    for (name, value) in world.config.as_object().unwrap() {
        config[name] = value.clone();
    }
    config
}

fn grip(world: &World, id: &str, terse: bool) -> Value {
    let rot = vector(
        &["w", "x", "y", "z"],
        &world.rot,
        &[1.0, 0.0, 0.0, 0.0],
        terse,
    );
    let pressed = |bit: u32| world.buttons & (1 << bit) != 0;
    let buttons = json!({"a": pressed(0), "b": pressed(1), "c": pressed(2)});
    json!({"device_id": id, "state": {"orientation": rot, "buttons": buttons,
        "battery_level": 0.9}})
}

/// The events channel: what is told is told to all.
pub fn events(stream: TcpStream, world: &Mutex<World>, over: &AtomicBool) {
    stream.set_nonblocking(false).unwrap();
    let Ok(mut socket) = tungstenite::accept(stream) else {
        return;
    };
    let mut told = world.lock().unwrap().events.len();
    while !over.load(Ordering::Relaxed) {
        let next = world.lock().unwrap().events.get(told).cloned();
        match next {
            Some(event) => {
                told += 1;
                if socket.send(Message::text(event)).is_err() {
                    return;
                }
            }
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}
