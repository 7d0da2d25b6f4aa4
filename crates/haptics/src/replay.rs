//! A device that plays recorded readings: the input side of a replay.

use crate::device::{DevErr, DeviceInfo, HapticDevice, Sample, Status, Wrench, WriteStatus};
use crate::event::Fault;
use crate::trace::{FORCE_KEPT, TraceRow};

/// Plays recorded readings, one a tick, and the failures of the recorded device with them. Forces
/// written to it move nothing, since the recorded hand has already yielded to them.
#[derive(Clone, Debug)]
pub struct ReplayDevice {
    info: DeviceInfo,
    played: Vec<Played>,
    next: usize,
}

/// What a device did in one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Played {
    sample: Sample,
    faults: u32,
    missed: u64,
}

impl ReplayDevice {
    /// Plays the inputs of a recorded trace whose first row is tick 1. `info` is that of the
    /// recorded device: what lies between hand and tool depends on it.
    #[must_use]
    pub fn from_trace(rows: &[TraceRow], info: DeviceInfo) -> Self {
        let played = |row: &TraceRow| Played {
            sample: Sample {
                seq: row.tick,
                pos: row.hand,
                rot: row.hand_rot,
                grip: 0.0,
                buttons: row.buttons,
                status: Status(row.status),
            },
            faults: row.faults,
            missed: row.missed,
        };
        Self {
            info,
            played: rows.iter().map(played).collect(),
            next: 0,
        }
    }

    /// The tick that is being played had this fault.
    fn had(&self, fault: Fault) -> bool {
        self.faults() & fault.bit() != 0
    }

    /// The faults of the tick that is being played.
    fn faults(&self) -> u32 {
        let now = self.next.checked_sub(1).and_then(|i| self.played.get(i));
        now.map_or(0, |played| played.faults)
    }
}

impl HapticDevice for ReplayDevice {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        let played = self.played.get(self.next).ok_or(DevErr::Exhausted)?;
        let mut sample = played.sample;
        self.next += 1;
        if self.had(Fault::DeviceRead(DevErr::Lost)) {
            return Err(DevErr::Lost);
        }
        if self.had(Fault::PoseNotFinite) {
            sample.pos = [f64::NAN; 3];
        }
        Ok(sample)
    }

    fn write(&mut self, _wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        if self.had(Fault::DeviceWrite(DevErr::Lost)) {
            return Err(DevErr::Lost);
        }
        if self.faults() & FORCE_KEPT != 0 {
            return Ok(WriteStatus::TimeGuard);
        }
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {}

    fn missed_before(&self) -> u64 {
        self.played.get(self.next).map_or(0, |played| played.missed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plays_each_reading_once_and_then_says_that_it_ended() {
        let row = |tick, x, faults| TraceRow {
            tick,
            hand: [x, 0.0, 0.0],
            buttons: tick as u32,
            faults,
            missed: 3 * tick,
            ..TraceRow::default()
        };
        let lost = Fault::DeviceRead(DevErr::Lost).bit();
        let unwritten = Fault::DeviceWrite(DevErr::Lost).bit();
        let rows = [row(1, 0.1, 0), row(2, 0.2, lost), row(3, 0.3, unwritten)];
        let mut device = ReplayDevice::from_trace(&rows, DeviceInfo::default());
        let zero = Wrench::default();
        assert_eq!(device.missed_before(), 3);
        let first = device.read().unwrap();
        assert_eq!((first.seq, first.pos[0], first.buttons), (1, 0.1, 1));
        assert_eq!(device.write(&zero), Ok(WriteStatus::Taken));
        assert_eq!(device.read(), Err(DevErr::Lost));
        assert_eq!(device.write(&zero), Ok(WriteStatus::Taken));
        assert_eq!(device.read().unwrap().seq, 3);
        assert_eq!(device.write(&zero), Err(DevErr::Lost));
        assert_eq!(device.read(), Err(DevErr::Exhausted));
        assert_eq!(device.read(), Err(DevErr::Exhausted));
        assert_eq!(device.missed_before(), 0);
    }
}
