//! The device on its port, as the tick sees it.
//!
//! Every force is answered with a position at once (the device does up to 8 000 a second), so a
//! tick first sends the force that holds once more and computes with the fresh answer: no tick of
//! delay between pose and force.

use std::time::{Duration, Instant};

use super::port::{Gone, Port};
use super::protocol::{self, Inbox, Info, WAKE_UP};
use super::watchdog::Watchdog;
use crate::device::{
    ClockOwner, DevErr, DeviceInfo, HapticDevice, OpenError, Sample, Wrench, WriteStatus,
};
use crate::drivers::haply::axes::{from_haply, to_haply};
use crate::drivers::haply::models::{self, bearable};
use crate::drivers::silence::Silence;

/// How long a tick waits for an answer.
const ANSWER_WITHIN: Duration = Duration::from_micros(500);
/// How long leaving waits until the device has answered the empty force.
const FAREWELL: Duration = Duration::from_millis(20);
/// The first wake-up often goes unheard (public field note): this long for each, this many.
const WAKE_WITHIN: Duration = Duration::from_millis(150);
const WAKE_TRIES: u32 = 6;

/// An open device.
pub(super) struct SerialDevice {
    info: DeviceInfo,
    inbox: Inbox,
    watchdog: Watchdog,
    sample: Sample,
    /// The force written last, Haply's axes, N.
    force: [f64; 3],
    silence: Silence,
    lost: bool,
}

/// Opens the port at `path`, wakes the device and has it answer an empty force.
pub(super) fn open(path: &str) -> Result<SerialDevice, OpenError> {
    let failed = |why: std::io::Error| OpenError::NotConnected {
        device: format!("haply-serial:{path}"),
        why: why.to_string(),
        todo: "plug the device in, stop the Inverse Service, and see that you may use the port",
    };
    let port = Port::open(path).map_err(failed)?;
    let mut inbox = Inbox::new();
    let who = wake(&port, &mut inbox).map_err(|why| mute(path, why))?;
    let mut device = SerialDevice {
        info: info(&who),
        inbox,
        watchdog: Watchdog::over(port).map_err(failed)?,
        sample: Sample::default(),
        force: [0.0; 3],
        silence: Silence::new(),
        lost: false,
    };
    let answered = device
        .ask([0.0; 3])
        .and_then(|()| device.gather(WAKE_WITHIN));
    if answered != Ok(true) {
        return Err(mute(path, "it does not answer a force of zero"));
    }
    Ok(device)
}

fn mute(path: &str, why: &str) -> OpenError {
    OpenError::Refused {
        device: format!("haply-serial:{path}"),
        why: why.to_owned(),
        todo: "see that this is an Inverse3, that it is powered, and that nobody else uses it",
    }
}

fn info(who: &Info) -> DeviceInfo {
    let mut info = models::info("inverse3");
    info.clock = ClockOwner::Host;
    info.delay_ticks = 0;
    info.serial.clone_from(&who.id);
    info.software = format!(
        "HardwareAPI protocol, model {}, hardware {}, firmware {}",
        who.model, who.hardware, who.firmware
    );
    if !who.long_id.is_empty() {
        info.serial = format!("{} {}", who.id, who.long_id);
    }
    info
}

/// Asks who is there until it says so.
fn wake(port: &Port, inbox: &mut Inbox) -> Result<Info, &'static str> {
    let gone = |Gone| "the port went away";
    for _ in 0..WAKE_TRIES {
        inbox.clear();
        port.write(&WAKE_UP).map_err(gone)?;
        let until = Instant::now() + WAKE_WITHIN;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if let Some(info) = inbox.info(left.is_zero()) {
                return Ok(info);
            }
            if left.is_zero() {
                break;
            }
            port.wait(left);
            let count = port.read(inbox.room()).map_err(gone)?;
            inbox.arrived(count);
        }
    }
    Err("it does not answer a wake-up")
}

impl SerialDevice {
    fn port(&self) -> &Port {
        &self.watchdog.shared.port
    }

    /// Sends `force` without telling the watchdog: the loop has not written.
    fn ask(&mut self, force: [f64; 3]) -> Result<(), DevErr> {
        let sent = self.port().write(&protocol::force(force));
        sent.map_err(|Gone| self.lose())
    }

    /// Takes what has come, and waits up to `within` if that was nothing. Whether there is a new
    /// position.
    fn gather(&mut self, within: Duration) -> Result<bool, DevErr> {
        let until = Instant::now() + within;
        let mut fresh = false;
        loop {
            let port = &self.watchdog.shared.port;
            let read = port.read(self.inbox.room());
            let count = read.map_err(|Gone| self.lose())?;
            self.inbox.arrived(count);
            while let Some(pos) = self.inbox.state() {
                self.sample.seq += 1;
                self.sample.pos = from_haply(pos);
                self.silence = Silence::new();
                fresh = true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if count == 0 && (fresh || left.is_zero()) {
                return Ok(fresh);
            }
            if !fresh {
                self.port().wait(left);
            }
        }
    }

    fn lose(&mut self) -> DevErr {
        if !self.lost {
            self.lost = true;
            self.zero();
        }
        DevErr::Lost
    }

    fn missed(&mut self) -> DevErr {
        if self.silence.is_too_long() {
            self.lose()
        } else {
            DevErr::Late
        }
    }
}

impl HapticDevice for SerialDevice {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        if self.lost {
            return Err(DevErr::Lost);
        }
        // What answered the last write is old by now.
        let earlier = self.gather(Duration::ZERO)?;
        if self.watchdog.shared.tripped() {
            self.force = [0.0; 3];
        }
        self.ask(self.force)?;
        let fresh = self.gather(ANSWER_WITHIN)?;
        if fresh || earlier {
            Ok(self.sample)
        } else {
            Err(self.missed())
        }
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        if self.lost {
            return Err(DevErr::Lost);
        }
        let (force, status) = bearable(wrench, self.info.max_force_n);
        self.force = to_haply(force);
        self.watchdog.shared.written(self.force != [0.0; 3]);
        self.ask(self.force)?;
        Ok(status)
    }

    fn zero(&mut self) {
        self.force = [0.0; 3];
        self.watchdog.shared.written(false);
        let _ = self.port().write(&protocol::force([0.0; 3]));
    }

    /// Heeded by a thread of ours, so it holds while this process lives; the hardware itself keeps
    /// its force for ever.
    fn set_watchdog(&mut self, us: u32) -> bool {
        self.watchdog.shared.set_patience(u64::from(us));
        false
    }
}

impl Drop for SerialDevice {
    fn drop(&mut self) {
        if self.lost {
            self.zero();
            return;
        }
        // The answer shows that the empty force has arrived; answers before it are taken first.
        let _ = self.gather(Duration::ZERO);
        self.zero();
        let _ = self.gather(FAREWELL);
    }
}
