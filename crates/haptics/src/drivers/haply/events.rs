//! What the service tells unasked: its events channel, read by a thread beside the tick that sets
//! flags. Without it everything works; a brake or a stall is then seen only in what it does to the
//! force.
//!
//! Names and fields: docs.haply.co, Events & Monitoring.

use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;

use serde_json::Value;
use tungstenite::protocol::{Role, WebSocket};

use super::link;

/// What the tick looks at.
#[derive(Debug, Default)]
pub(super) struct Signals {
    /// The device was unplugged.
    pub(super) gone: AtomicBool,
    /// Its emergency brake holds.
    pub(super) braked: AtomicBool,
    /// How often its own protection stepped in.
    pub(super) alarms: AtomicU32,
}

/// The thread that listens; it ends with this.
pub(super) struct Events {
    pub(super) signals: Arc<Signals>,
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
}

impl Events {
    /// Listens for what concerns `device`.
    pub(super) fn listen(address: SocketAddr, device: &str) -> Result<Self, String> {
        let failed = |why: std::io::Error| why.to_string();
        let (stream, rest) = link::connected(address)?;
        stream.set_read_timeout(None).map_err(failed)?;
        let ours = stream.try_clone().map_err(failed)?;
        let signals = Arc::new(Signals::default());
        let (theirs, device) = (Arc::clone(&signals), device.to_owned());
        let mut socket = WebSocket::from_partially_read(stream, rest, Role::Client, None);
        let listening = move || {
            while let Ok(message) = socket.read() {
                if let Ok(text) = message.to_text() {
                    heed(text, &device, &theirs);
                }
            }
        };
        let named = std::thread::Builder::new().name("haply-events".to_owned());
        Ok(Self {
            signals,
            stream: ours,
            thread: Some(named.spawn(listening).map_err(failed)?),
        })
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn heed(text: &str, device: &str, signals: &Signals) {
    let Ok(event) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let at = |path| event.pointer(path).and_then(Value::as_str);
    if at("/data/device_id") != Some(device) {
        return;
    }
    let alarm = || {
        signals.alarms.fetch_add(1, Ordering::Relaxed);
    };
    match (at("/name"), at("/data/safety_type")) {
        (Some("device-disconnected"), _) => signals.gone.store(true, Ordering::Relaxed),
        (Some("device-safety-triggered"), Some(kind)) => match kind {
            "ebrake_triggered" => signals.braked.store(true, Ordering::Relaxed),
            "ebrake_released" => signals.braked.store(false, Ordering::Relaxed),
            // Reported on the way back to safety too, then as information.
            "fod_stage_changed" if at("/level") == Some("info") => {}
            _ => alarm(),
        },
        (Some("device-safety-triggered"), None) => alarm(),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_set_flags_for_our_device_only() {
        let signals = Signals::default();
        let tell = |name: &str, data: &str, level: &str| {
            let text = format!(r#"{{"name":"{name}","level":"{level}","data":{{{data}}}}}"#);
            heed(&text, "049D", &signals);
        };
        let safety = |kind: &str, level: &str| {
            let data = format!(r#""device_id":"049D","safety_type":"{kind}""#);
            tell("device-safety-triggered", &data, level);
        };
        tell("device-disconnected", r#""device_id":"04BA""#, "warning");
        heed("{", "049D", &signals);
        assert!(!signals.gone.load(Ordering::Relaxed));
        safety("ebrake_triggered", "error");
        assert!(signals.braked.load(Ordering::Relaxed));
        safety("ebrake_released", "notice");
        assert!(!signals.braked.load(Ordering::Relaxed));
        safety("fod_stage_changed", "info");
        assert_eq!(signals.alarms.load(Ordering::Relaxed), 0);
        safety("fod_stage_changed", "warning");
        safety("stall_detected", "warning");
        assert_eq!(signals.alarms.load(Ordering::Relaxed), 2);
        tell("device-disconnected", r#""device_id":"049D""#, "warning");
        assert!(signals.gone.load(Ordering::Relaxed));
    }
}
