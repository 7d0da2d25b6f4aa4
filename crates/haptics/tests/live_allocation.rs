//! The whole loop - ring, tick, snapshot, clock - neither allocates nor frees once it runs.
//!
//! Alone in its file: the counting allocator is that of the whole program. Each thread has its own
//! count; the device, which the loop calls once a tick, looks at the loop's.

mod common;
mod counting;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::{START, TOP, hand, tick};
use counting::allocations as counted;
use haptics::{
    Command, DevErr, DeviceInfo, HapticDevice, Live, LiveOptions, Sample, SimulatedHand,
    TickOptions, Wrench, WriteStatus,
};

/// A hand that adds up what its thread allocates from one reading to the next.
struct Counted {
    hand: SimulatedHand,
    before: Option<u64>,
    allocations: Arc<AtomicU64>,
}

impl HapticDevice for Counted {
    fn info(&self) -> &DeviceInfo {
        self.hand.info()
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        let now = counted();
        let new = self.before.map_or(0, |before| now - before);
        self.allocations.fetch_add(new, Ordering::Relaxed);
        self.before = Some(now);
        self.hand.read()
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.hand.write(wrench)
    }

    fn zero(&mut self) {
        self.hand.zero();
    }

    fn aim(&mut self, point: [f64; 3]) {
        self.hand.aim(point);
    }
}

#[test]
fn the_running_loop_allocates_nothing() {
    run_with(1);
}

#[test]
fn nor_does_one_with_tissue_beside_it() {
    run_with(16);
}

fn run_with(tissue_every: u32) {
    let allocations = Arc::new(AtomicU64::new(0));
    let device = Counted {
        hand: hand(),
        before: None,
        allocations: Arc::clone(&allocations),
    };
    let options = TickOptions {
        force_limit_n: 0.2,
        tissue_every,
        ..TickOptions::default()
    };
    let mut live = Live::start(tick(device, options), LiveOptions::default()).unwrap();
    let (mut trace, mut events, mut commands) = (Vec::new(), Vec::new(), Vec::new());
    let start = Instant::now();
    for i in 0_u32.. {
        let depth = 0.012 * (1.0 - (f64::from(i) * 0.1).cos());
        let point = [START[0], TOP - depth, START[2]];
        live.send(Command::Aim { point }).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        live.drain_trace(&mut trace);
        live.drain_events(&mut events);
        live.drain_commands(&mut commands);
        if live.snapshot().tick > 1_500 {
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "too slow");
    }
    live.stop().unwrap();
    assert!(counted() > 0, "the allocator does not count");
    assert!(!events.is_empty(), "nothing happened");
    assert_eq!(allocations.load(Ordering::Relaxed), 0);
}
