//! A device that plays recorded readings: the input side of a replay.

use crate::device::{DevErr, DeviceInfo, HapticDevice, Sample, Wrench, WriteStatus};
use crate::trace::TraceRow;

/// Plays the recorded positions and buttons, one reading a tick. Forces written to it move nothing,
/// since the recorded hand has already yielded to them.
#[derive(Clone, Debug)]
pub struct ReplayDevice {
    info: DeviceInfo,
    samples: Vec<Sample>,
    next: usize,
}

impl ReplayDevice {
    /// Plays `samples` from the first. `max_force_n` (N) is that of the recorded device.
    #[must_use]
    pub fn new(samples: Vec<Sample>, max_force_n: f64) -> Self {
        Self {
            info: DeviceInfo {
                model: "replay".to_owned(),
                max_force_n,
                ..DeviceInfo::default()
            },
            samples,
            next: 0,
        }
    }

    /// Plays the inputs of a recorded trace whose first row is tick 1.
    #[must_use]
    pub fn from_trace(rows: &[TraceRow], max_force_n: f64) -> Self {
        let sample = |row: &TraceRow| Sample {
            seq: row.tick,
            pos: row.hand,
            buttons: row.buttons,
            ..Sample::default()
        };
        Self::new(rows.iter().map(sample).collect(), max_force_n)
    }
}

impl HapticDevice for ReplayDevice {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        let sample = self.samples.get(self.next).ok_or(DevErr::Exhausted)?;
        self.next += 1;
        Ok(*sample)
    }

    fn write(&mut self, _wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plays_each_reading_once_and_then_says_that_it_ended() {
        let sample = |seq, x| Sample {
            seq,
            pos: [x, 0.0, 0.0],
            buttons: seq as u32,
            ..Sample::default()
        };
        let mut device = ReplayDevice::new(vec![sample(1, 0.1), sample(2, 0.2)], 10.0);
        assert_eq!(device.read(), Ok(sample(1, 0.1)));
        assert_eq!(device.read(), Ok(sample(2, 0.2)));
        assert_eq!(device.read(), Err(DevErr::Exhausted));
        assert_eq!(device.read(), Err(DevErr::Exhausted));
    }
}
