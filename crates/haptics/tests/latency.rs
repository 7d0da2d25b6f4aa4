//! T6: contact that appears in a reading is felt in that reading's own tick, and what lies between
//! reading and writing costs microseconds.

mod handled;
mod tissue;

use haptics::{
    Clock, ControlOptions, DEVICE_MODELS, DevErr, DeviceInfo, HapticDevice, MonotonicClock, Sample,
    Tick, TickOptions, Wrench, WriteStatus,
};

use tissue::{CLEAR, RADIUS, block};

/// Stands still above the block for a while, then is inside it from one reading to the next, no
/// further than a hand moves in a tick.
struct Step {
    info: DeviceInfo,
    readings: u64,
    at: u64,
    depth: f64,
}

impl HapticDevice for Step {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.readings += 1;
        let y = if self.readings < self.at {
            -CLEAR + 1e-6 // touching nothing yet, by a micrometre
        } else {
            -CLEAR - self.depth
        };
        Ok(Sample {
            seq: self.readings,
            pos: [0.0, y, 0.0],
            ..Sample::default()
        })
    }

    fn write(&mut self, _: &Wrench) -> Result<WriteStatus, DevErr> {
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {}
}

const CONTACT_AT: u64 = 1_500;

/// Ticks from the reading with contact to the first force written.
fn delay_of(info: DeviceInfo) -> u64 {
    let step = Step {
        info,
        readings: 0,
        at: CONTACT_AT,
        depth: 1e-3,
    };
    let mut tick = Tick::new(block(5e3), Box::new(step), TickOptions::default()).unwrap();
    loop {
        let row = tick.advance([], 0);
        if row.device_force != [0.0; 3] {
            assert!(row.device_force[1] > 0.0);
            return row.tick - CONTACT_AT;
        }
        assert!(row.tick < CONTACT_AT + 20, "no force");
    }
}

#[test]
fn contact_is_felt_in_its_own_tick() {
    for model in DEVICE_MODELS {
        let coupled = delay_of(model.info());
        let direct = delay_of(DeviceInfo {
            max_stiffness: f64::INFINITY,
            ..model.info()
        });
        println!(
            "T6 {:8}: force {coupled} ticks after the contact with a coupling, {direct} without",
            model.name
        );
        assert_eq!((coupled, direct), (0, 0));
    }
}

#[test]
fn from_reading_to_writing_costs_microseconds() {
    let mut hand = tissue::InTissue::with(block(5e3), DEVICE_MODELS[0], ControlOptions::default());
    hand.device(|device| device.set_arm(haptics::Arm::pushing([0.0, -1.0, 0.0], 2.0)));
    let mut clock = MonotonicClock::default();
    let mut costs = Vec::with_capacity(4_000);
    for _ in 0..4_000 {
        let before = clock.cpu_ns();
        hand.ticks(1);
        if let (Some(before), Some(after)) = (before, clock.cpu_ns()) {
            costs.push(after - before);
        }
    }
    if costs.is_empty() {
        println!("T6: this system does not tell a thread's processor time");
        return;
    }
    costs.sort_unstable();
    let p99 = costs[costs.len() * 99 / 100];
    println!(
        "T6: a tick with device, control and 864 tetrahedra, CPU p50 {} us, p99 {} us",
        costs[costs.len() / 2] / 1_000,
        p99 / 1_000
    );
    assert!(RADIUS > 0.0 && p99 <= 200_000, "{p99} ns");
}
