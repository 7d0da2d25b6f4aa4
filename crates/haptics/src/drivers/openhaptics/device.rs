//! The device as the loop sees it.
//!
//! Readings come from the servo's frames and orders go to them through latest-value buffers, so
//! every call returns at once from whichever thread. Inside a beat both lie in the frame that the
//! beat is called from: the pose is this frame's and the force leaves with its end. Outside, a pose
//! is up to a frame old and a force acts with the next one.

use std::time::{Duration, Instant};

use super::calls::Hd;
use super::frame::{Order, Reading};
use super::opening::close;
use super::servo::TouchServo;
use super::station::Station;
use crate::device::{
    DevErr, DeviceInfo, HapticDevice, SERVO_SILENCE_MS, Sample, Servo, Status, Wrench, WriteStatus,
};
use crate::triple_buffer::{Reader, Writer};
use crate::vector::limited;

/// An open Touch or Phantom.
pub(super) struct Touch {
    pub(super) hd: &'static Hd,
    pub(super) station: &'static Station,
    pub(super) info: DeviceInfo,
    pub(super) readings: Reader<Reading>,
    pub(super) orders: Writer<Order>,
    pub(super) state: TouchState,
}

/// What is carried from call to call.
pub(super) struct TouchState {
    /// The last frame whose reading was used, and when it came.
    seen: u64,
    heard: Instant,
    samples: u64,
    last_order: u64,
    trouble: Option<DevErr>,
    status: Status,
}

impl TouchState {
    pub(super) fn new() -> Self {
        Self {
            seen: 0,
            heard: Instant::now(),
            samples: 0,
            last_order: 0,
            trouble: None,
            status: Status::OK,
        }
    }
}

impl Touch {
    fn order(&mut self, f: [f64; 3], t: [f64; 3]) {
        self.state.last_order += 1;
        *self.orders.slot() = Order {
            number: self.state.last_order,
            f,
            t,
        };
        self.orders.publish();
    }

    /// No reading since the last call: late, or gone.
    fn unheard(&self) -> DevErr {
        if self.state.heard.elapsed() > Duration::from_millis(SERVO_SILENCE_MS) {
            self.station.lose();
        }
        if self.station.is_lost() {
            DevErr::Lost
        } else {
            DevErr::Late
        }
    }
}

impl HapticDevice for Touch {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        let reading = *self.readings.latest();
        if reading.frame == self.state.seen {
            let why = self.unheard();
            self.state.trouble = (why == DevErr::Lost).then_some(why);
            return Err(why);
        }
        self.state.seen = reading.frame;
        self.state.heard = Instant::now();
        self.state.trouble = reading.trouble;
        self.state.status = reading.status;
        if let Some(trouble) = reading.trouble {
            return Err(trouble);
        }
        self.state.samples += 1;
        Ok(Sample {
            seq: self.state.samples,
            pos: reading.pos,
            rot: reading.rot,
            grip: 0.0,
            buttons: reading.buttons,
            status: reading.status,
        })
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        if let Some(trouble) = self.state.trouble {
            self.zero();
            return Err(trouble);
        }
        let (f, cut) = limited(wrench.f, self.info.max_force_n);
        let (t, twisted) = limited(wrench.t, self.info.max_torque_nm);
        self.order(f, t);
        let held_back = cut || twisted || self.state.status != Status::OK;
        Ok(if held_back {
            WriteStatus::Saturated
        } else {
            WriteStatus::Taken
        })
    }

    /// In a beat with the end of its frame, otherwise with the end of the next one.
    fn zero(&mut self) {
        self.order([0.0; 3], [0.0; 3]);
    }

    /// The servo's frames drop the force where no order came for so long. False: it is the maker's
    /// thread that does it, not the hardware, and a beat that hangs holds up that thread too.
    fn set_watchdog(&mut self, us: u32) -> bool {
        let frames = us.div_ceil(1_000_000 / u32::from(super::info::RATE_HZ));
        let patience = &self.station.patience;
        patience.store(frames, std::sync::atomic::Ordering::Relaxed);
        false
    }

    /// One at a time: it can be taken again after the former was dropped.
    fn take_servo(&mut self) -> Option<Box<dyn Servo>> {
        let servo = TouchServo::take(self.station)?;
        Some(Box::new(servo))
    }
}

impl Drop for Touch {
    fn drop(&mut self) {
        self.zero();
        close(self.hd, self.station);
    }
}
