//! The tick's side of the device: what is read, what is written, and a device that is lost and comes
//! back.

use super::Tick;
use crate::control::{Control, ControlCounts, ControlOptions, WATCHDOG_TICKS};
use crate::device::{DevErr, DeviceInfo, Sample, Servo, SilencedOnDrop, Wrench, WriteStatus};
use crate::event::Fault;
use crate::trace::FORCE_KEPT;
use crate::vector::finite;

/// Ticks in a row that a device may leave unanswered, or go on with an old force, before it counts as
/// a fault.
const LONGEST_LATE: u32 = 20;

/// Ticks in a row without a device, after which it is opened anew.
const LOST_AFTER: u32 = 100;

impl Tick {
    pub(super) fn read_device(&mut self) {
        let read = self.device.0.read();
        self.note_loss(matches!(read, Err(DevErr::Lost)));
        match read {
            Ok(sample) if is_pose(&sample) => self.take(sample),
            Ok(_) => self.fault(Fault::PoseNotFinite),
            Err(DevErr::Late) if self.unanswered < LONGEST_LATE => {
                self.unanswered += 1;
                self.take(self.sample);
            }
            Err(why) => self.fault(Fault::DeviceRead(why)),
        }
    }

    /// Counts the ticks for which the device has been lost.
    fn note_loss(&mut self, lost: bool) {
        self.lost_for = if lost {
            self.lost_for.saturating_add(1)
        } else {
            0
        };
    }

    fn take(&mut self, sample: Sample) {
        if sample.seq != self.sample.seq {
            self.unanswered = 0;
        }
        self.sample = sample;
        if !sample.status.is_ok() {
            self.fault(Fault::DeviceStatus(sample.status));
        }
        if self.control.take(&sample) {
            self.fault(Fault::HandLeapt);
        }
    }

    pub(super) fn write_device(&mut self) {
        if !finite(self.probe.force) {
            self.fault(Fault::ForceNotFinite);
        }
        if self.tissue.is_faulty() {
            self.fault(Fault::TissueReset);
        }
        let untrusted = self.faults & !Fault::CommandRefused.bit() != 0;
        let on_tool = Wrench {
            f: self.probe.force,
            t: self.probe.torque,
            grip: 0.0,
        };
        self.probe.device = if untrusted {
            self.control.silence(&on_tool)
        } else {
            self.control.answer(&on_tool)
        };
        let said = self.device.0.write(&self.probe.device);
        self.take_answer(said, untrusted);
    }

    /// Takes in what the device said to the force that it was given. One that goes on with an old
    /// force for too long is silenced.
    fn take_answer(&mut self, said: Result<WriteStatus, DevErr>, untrusted: bool) {
        let kept = matches!(said, Ok(WriteStatus::TimeGuard) | Err(DevErr::Late));
        self.untaken = if kept {
            self.untaken.saturating_add(1)
        } else {
            0
        };
        if kept && self.untaken <= LONGEST_LATE {
            self.probe.device = self.control.kept();
            self.faults |= FORCE_KEPT;
            return;
        }
        let why = match said {
            Ok(_) if !kept => return,
            Ok(_) => DevErr::Late,
            Err(why) => why,
        };
        self.fault(Fault::DeviceWrite(why));
        self.device.0.zero();
        self.probe.device = self.control.unwritten(untrusted);
    }

    /// Whether the device has been lost for long enough to be opened anew.
    pub(crate) fn device_is_lost(&self) -> bool {
        self.lost_for >= LOST_AFTER
    }

    /// Goes on with another device of the same kind; the tool glides to where its hand is. Returns
    /// the one before.
    pub(crate) fn change_device(&mut self, device: SilencedOnDrop) -> SilencedOnDrop {
        self.lost_for = 0;
        self.unanswered = 0;
        self.untaken = 0;
        self.device_is_back = true;
        self.lay_aside(device)
    }

    /// The device, whose place `absent` takes; for the run it goes on being lost.
    pub(crate) fn lay_aside(&mut self, absent: SilencedOnDrop) -> SilencedOnDrop {
        std::mem::replace(&mut self.device, absent)
    }

    /// No force from now until the next tick.
    pub fn zero(&mut self) {
        self.device.0.zero();
        self.probe.device = self.control.pause();
    }

    /// How often safety chain, passivity controller and watchdog stepped in.
    #[must_use]
    pub fn control_counts(&self) -> ControlCounts {
        self.control.counts()
    }

    /// What lies between hand and tool.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// What lies between hand and tool, the gains as they are now.
    #[must_use]
    pub fn control_options(&self) -> ControlOptions {
        ControlOptions {
            mapping: Some(*self.control.mapping()),
            gains: Some(self.control.coupling().gains()),
            ..self.options.control
        }
    }

    /// Keeps `share` (0 to 1) of the stiffness between hand and tool: for a loop that is not
    /// scheduled in real time, whose missed ticks cost stability.
    pub fn limit_stiffness(&mut self, share: f64) {
        self.control.limit_stiffness(share);
    }

    /// Answers in which the device said that it plays another force than it was given.
    #[must_use]
    pub fn echo_errors(&self) -> u64 {
        self.device.0.echo_errors()
    }

    /// Asks the device to drop its force where the loop hangs for [`WATCHDOG_TICKS`]; whether it can.
    pub(crate) fn arm_watchdog(&mut self) -> bool {
        self.device.0.set_watchdog(self.watchdog_us())
    }

    /// [`WATCHDOG_TICKS`] in microseconds.
    pub(crate) fn watchdog_us(&self) -> u32 {
        (WATCHDOG_TICKS as f64 * self.dt_s() * 1e6).round() as u32
    }

    /// The maker's servo thread, where the device's clock is its own; given away once.
    pub(crate) fn take_servo(&mut self) -> Option<Box<dyn Servo>> {
        self.device.0.take_servo()
    }

    /// What the device is.
    #[must_use]
    pub fn device_info(&self) -> &DeviceInfo {
        self.device.0.info()
    }
}

/// Whether a reading can be a pose: numbers, and a quaternion near length one.
fn is_pose(sample: &Sample) -> bool {
    let length2: f64 = sample.rot.iter().map(|x| x * x).sum();
    finite(sample.pos) && (0.5..2.0).contains(&length2)
}
