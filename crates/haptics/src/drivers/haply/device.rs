//! A device behind the Inverse Service, as the tick sees it.
//!
//! The service answers each message with one state and speaks only then, so a tick is: take the
//! answer to the last force (it came while the tick slept), compute, send the new force. The pose
//! is that of the last send, hence one tick old.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::axes::{from_haply, to_haply, turn_from_haply};
use super::echo::EchoWatch;
use super::events::Events;
use super::link::{Broken, Link};
use super::models::bearable;
use super::request::Request;
use super::state::{self, GripState};
use crate::device::{DevErr, DeviceInfo, HapticDevice, Sample, Status, Wrench, WriteStatus};
use crate::drivers::silence::Silence;

/// How long a tick waits for an answer that has not come yet.
const ANSWER_WITHIN: Duration = Duration::from_micros(500);
/// How long leaving waits for the answer to the last, empty force.
const FAREWELL: Duration = Duration::from_millis(20);
/// How long an alarm of the device's own protection stays reported, answers.
const ALARMED: u32 = 1_000;
/// Code of [`DevErr::Fault`] for an answer that could not be read ("JS").
pub(super) const GARBLED: u32 = 0x4a53;

/// A connected device.
pub(super) struct ServiceDevice {
    pub(super) info: DeviceInfo,
    link: Link,
    request: Request,
    /// The grip's id, empty for none.
    grip: String,
    pub(super) events: Option<Events>,
    pub(super) echo: EchoWatch,
    /// The force it told with the last answer, Haply's axes, N.
    pub(super) echoed: [f64; 3],
    sample: Sample,
    /// The force sent last, Haply's axes, N.
    force: [f64; 3],
    /// Messages without an answer: one, or two where no force had to go out in between.
    asked: u32,
    silence: Silence,
    /// Alarms heard of, and for how many answers the last is still reported.
    alarms: u32,
    alarmed: u32,
    lost: bool,
}

impl ServiceDevice {
    pub(super) fn new(info: DeviceInfo, link: Link, request: Request, grip: String) -> Self {
        Self {
            info,
            link,
            request,
            grip,
            events: None,
            echo: EchoWatch::default(),
            echoed: [0.0; 3],
            sample: Sample::default(),
            force: [0.0; 3],
            asked: 0,
            silence: Silence::new(),
            alarms: 0,
            alarmed: 0,
            lost: false,
        }
    }

    /// Sends `force` (Haply's axes, N).
    pub(super) fn send(&mut self, force: [f64; 3]) -> Result<(), DevErr> {
        let (buffer, len) = self.request.force(force).map_err(|_| DevErr::Lost)?;
        let sent = self.link.send(buffer, len);
        self.force = force;
        self.echo.sent(force);
        if self.asked == 0 {
            self.silence = Silence::new();
        }
        self.asked += 1;
        sent.map_err(|Broken| self.lose())
    }

    /// Takes what has come; waits up to `within` until nothing is unanswered. Whether there was
    /// anything.
    pub(super) fn gather(&mut self, within: Duration) -> Result<bool, DevErr> {
        let until = Instant::now() + within;
        let mut fresh = false;
        loop {
            while let Some(len) = self.link.poll().map_err(|Broken| self.lose())? {
                self.take(len)?;
                fresh = true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if self.asked == 0 || left.is_zero() {
                return Ok(fresh);
            }
            self.link.wait(left);
        }
    }

    /// Takes an answer of `len` bytes.
    fn take(&mut self, len: usize) -> Result<(), DevErr> {
        self.asked = self.asked.saturating_sub(1);
        self.silence = Silence::new();
        let message = self.link.message(len);
        let answer = state::read(message, self.request.id().as_bytes(), self.grip.as_bytes());
        let answer = answer.map_err(|_| DevErr::Fault { code: GARBLED })?;
        let Some(device) = answer.device else {
            return Err(self.lose());
        };
        self.echoed = device.force;
        let mut status = self.signalled();
        if self.echo.heard(device.force) {
            status = status.with(Status::ECHO_DIFFERS);
        }
        if !device.calibrated {
            status = status.with(Status::UNCALIBRATED);
        }
        if !device.able {
            status = status.with(Status::FORCE_OFF);
        }
        self.sample.seq += 1;
        self.sample.pos = from_haply(device.pos);
        self.sample.status = status.with(self.hold(answer.grip));
        Ok(())
    }

    /// Takes the grip's part. A grip that is not there any more leaves the orientation as it was.
    fn hold(&mut self, grip: Option<GripState>) -> Status {
        if self.grip.is_empty() {
            return Status::OK;
        }
        let Some(grip) = grip else {
            return Status::TRACKING_LOST;
        };
        self.sample.buttons = grip.buttons;
        match turn_from_haply(grip.rot) {
            Some(rot) => {
                self.sample.rot = rot;
                Status::OK
            }
            None => Status::TRACKING_LOST,
        }
    }

    /// What the events channel has told.
    fn signalled(&mut self) -> Status {
        let Some(events) = &self.events else {
            return Status::OK;
        };
        let alarms = events.signals.alarms.load(Ordering::Relaxed);
        self.alarmed = self.alarmed.saturating_sub(1);
        if alarms != self.alarms {
            self.alarms = alarms;
            self.alarmed = ALARMED;
        }
        let mut status = Status::OK;
        if self.alarmed > 0 {
            status = status.with(Status::OVERLOAD);
        }
        if events.signals.braked.load(Ordering::Relaxed) {
            status = status.with(Status::FORCE_OFF);
        }
        status
    }

    fn unplugged(&self) -> bool {
        let events = self.events.as_ref();
        events.is_some_and(|events| events.signals.gone.load(Ordering::Relaxed))
    }

    /// It is over; the force goes as far as that can still be told.
    fn lose(&mut self) -> DevErr {
        if !self.lost {
            self.lost = true;
            self.zero();
        }
        DevErr::Lost
    }

    /// Nothing has come in time.
    fn missed(&mut self) -> DevErr {
        if self.silence.is_too_long() {
            self.lose()
        } else {
            DevErr::Late
        }
    }
}

impl HapticDevice for ServiceDevice {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        if self.lost || self.unplugged() {
            return Err(self.lose());
        }
        if self.asked == 0 {
            // Nobody has written: ask, with the force that holds.
            self.send(self.force)?;
        }
        match self.gather(ANSWER_WITHIN)? {
            true => Ok(self.sample),
            false => Err(self.missed()),
        }
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        if self.lost {
            return Err(DevErr::Lost);
        }
        let (force, status) = bearable(wrench, self.info.max_force_n);
        let force = to_haply(force);
        if self.asked > 0 {
            self.gather(Duration::ZERO)?;
        }
        let urgent = force == [0.0; 3] && self.force != force;
        if self.asked > 0 && !urgent {
            return Ok(WriteStatus::TimeGuard);
        }
        self.send(force)?;
        Ok(status)
    }

    fn zero(&mut self) {
        if self.force != [0.0; 3] {
            // Also to a service that has been silent: it may wake up.
            let _ = self.send([0.0; 3]);
        }
    }

    fn echo_errors(&self) -> u64 {
        self.echo.errors()
    }
}

impl Drop for ServiceDevice {
    fn drop(&mut self) {
        self.zero();
        if self.asked > 0 && !self.lost {
            let _ = self.gather(FAREWELL);
        }
        self.link.close();
    }
}
