//! What happens in a servo tick between `hdBeginFrame` and `hdEndFrame`.
//!
//! One frame is one tick of the loop: the pose is read, the beat computes and writes, and the force
//! leaves with the end of the same frame. There is a frame in every servo tick, whether a loop runs
//! or not, and every frame sets the force: the device goes on playing whatever was set last, so a
//! frame without a force of its own would leave the former one in the hand.

use std::sync::atomic::Ordering;

use super::abi::{
    CALIBRATED, CURRENT_BUTTONS, CURRENT_FORCE, CURRENT_TORQUE, CURRENT_TRANSFORM, Device,
    MOTOR_TEMPERATURE, NEEDS_UPDATE, Name, STYLE_AUTO, STYLE_ENCODER_RESET, STYLE_INKWELL,
};
use super::calls::{Hd, graver, meaning};
use super::pose::pose;
use super::servo::Beaten;
use super::station::Station;
use crate::device::{DevErr, NO_TURN, Status};
use crate::triple_buffer::{Reader, Writer};

/// Frames from one look at calibration and motor temperatures to the next.
const SLOW_LOOK: u64 = 100;
/// Motors count as too warm from here on (the library's own estimate, 1 is its limit), before the
/// library drops the force by itself.
const HOT: f64 = 0.9;
/// And until they have cooled down to this.
const COOLED: f64 = 0.8;
/// mN m in a N m.
const MILLI: f64 = 1e3;

/// What a frame found, for [`Touch::read`](super::device::Touch).
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// Counts the frames, from 1; 0 before the first.
    pub(super) frame: u64,
    pub(super) pos: [f64; 3],
    pub(super) rot: [f64; 4],
    pub(super) buttons: u32,
    pub(super) status: Status,
    /// Why this frame plays no force, and its pose is not to be used.
    pub(super) trouble: Option<DevErr>,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            frame: 0,
            pos: [0.0; 3],
            rot: NO_TURN,
            buttons: 0,
            status: Status::UNCALIBRATED,
            trouble: None,
        }
    }
}

/// What [`Touch::write`](super::device::Touch) asks for. All are numbers within the device's limits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Order {
    /// Counts the orders, from 1.
    pub(super) number: u64,
    /// Force, N.
    pub(super) f: [f64; 3],
    /// Torque, N m.
    pub(super) t: [f64; 3],
}

/// The servo thread's side of an open device.
pub(super) struct Frame {
    pub(super) hd: &'static Hd,
    pub(super) device: Device,
    /// Whether it has motors for torque.
    pub(super) six: bool,
    /// Whether it measures orientation.
    pub(super) turns: bool,
    /// Supported calibration styles, mask.
    pub(super) styles: Name,
    pub(super) readings: Writer<Reading>,
    pub(super) orders: Reader<Order>,
    pub(super) state: FrameState,
}

/// What is carried from frame to frame.
pub(super) struct FrameState {
    count: u64,
    held: Order,
    /// Frames since the last order.
    age: u32,
    /// What went wrong after the reading of the last frame.
    pending: Option<DevErr>,
    status: Status,
    /// Whether the library tells motor temperatures.
    tells_temperature: bool,
}

impl Default for FrameState {
    fn default() -> Self {
        Self {
            count: 0,
            held: Order::default(),
            age: 0,
            pending: None,
            status: Status::UNCALIBRATED,
            tells_temperature: true,
        }
    }
}

impl Frame {
    /// One servo tick.
    pub(super) fn run(&mut self, station: &Station) {
        let slow = self.state.count.is_multiple_of(SLOW_LOOK) && !station.is_lost();
        self.state.count += 1;
        if slow {
            self.look_at_calibration();
        }
        self.hd.begin_frame(self.device);
        if slow {
            self.look_at_motors();
        }
        let silenced = self.publish(station);
        let beaten = station.beat.call();
        self.take_order(station.patience.load(Ordering::Relaxed));
        if silenced || beaten == Beaten::Panicked {
            self.state.held = Order {
                number: self.state.held.number,
                ..Order::default()
            };
        }
        self.play();
        self.hd.end_frame(self.device);
        let trouble = self.trouble();
        self.state.pending = graver(self.state.pending, trouble);
    }

    /// Reads the device and hands the reading over; true where no force may be played.
    fn publish(&mut self, station: &Station) -> bool {
        let state = &mut self.state;
        let mut reading = Reading {
            frame: state.count,
            ..Reading::default()
        };
        if !station.is_lost() {
            let (pos, rot) = pose(&self.hd.doubles(CURRENT_TRANSFORM));
            reading.pos = pos;
            reading.rot = if self.turns { rot } else { NO_TURN };
            reading.buttons = self.hd.integer(CURRENT_BUTTONS).cast_unsigned();
        }
        let trouble = self.hd.gravest_error().map(|error| meaning(error.code));
        reading.trouble = graver(state.pending.take(), trouble);
        if reading.trouble == Some(DevErr::Lost) {
            station.lose();
        } else if station.is_lost() {
            reading.trouble = Some(DevErr::Lost);
        }
        reading.status = state.status;
        *self.readings.slot() = reading;
        self.readings.publish();
        reading.trouble.is_some() || reading.status != Status::OK
    }

    fn take_order(&mut self, patience: u32) {
        let order = *self.orders.latest();
        let state = &mut self.state;
        if order.number != state.held.number {
            state.held = order;
            state.age = 0;
        } else {
            state.age = state.age.saturating_add(1);
        }
        if patience > 0 && state.age > patience {
            state.held.f = [0.0; 3];
            state.held.t = [0.0; 3];
        }
    }

    fn play(&self) {
        self.hd.set_vector(CURRENT_FORCE, &self.state.held.f);
        if self.six {
            let t = self.state.held.t.map(|x| x * MILLI);
            self.hd.set_vector(CURRENT_TORQUE, &t);
        }
    }

    /// Empties the error stack.
    fn trouble(&self) -> Option<DevErr> {
        self.hd.gravest_error().map(|error| meaning(error.code))
    }

    /// Ahead of the frame, as in the maker's examples. Devices that calibrate themselves want to be
    /// asked from time to time while they are moved. A new calibration may move the handle's place
    /// under a force, so it takes the force away until the next look; before the first frame nobody
    /// feels one.
    fn look_at_calibration(&mut self) {
        self.hd.make_current(self.device);
        let mut answer = self.hd.check_calibration();
        let moved = answer == NEEDS_UPDATE && self.state.count > 1;
        if answer == NEEDS_UPDATE {
            self.hd.update_calibration(style(self.styles));
            answer = self.hd.check_calibration();
        }
        self.flag(Status::UNCALIBRATED, moved || answer != CALIBRATED);
        let trouble = self.trouble();
        self.state.pending = graver(self.state.pending, trouble);
    }

    fn look_at_motors(&mut self) {
        if !self.state.tells_temperature {
            return;
        }
        let trouble = self.trouble();
        let motors = self.hd.doubles(MOTOR_TEMPERATURE);
        // A library that does not know the question is not asked again.
        self.state.tells_temperature = self.hd.gravest_error().is_none();
        self.state.pending = graver(self.state.pending, trouble);
        let warmest = motors.iter().copied().fold(0.0, f64::max);
        let was_hot = self.state.status.has(Status::OVERLOAD);
        let hot = warmest > if was_hot { COOLED } else { HOT };
        self.flag(Status::OVERLOAD, hot && self.state.tells_temperature);
    }

    fn flag(&mut self, flag: Status, set: bool) {
        let others = Status(self.state.status.0 & !flag.0);
        self.state.status = if set { others.with(flag) } else { others };
    }
}

/// The style to calibrate by: what needs least of the person first.
fn style(supported: Name) -> Name {
    [STYLE_AUTO, STYLE_INKWELL, STYLE_ENCODER_RESET]
        .into_iter()
        .find(|style| supported & style != 0)
        .unwrap_or(STYLE_INKWELL)
}
