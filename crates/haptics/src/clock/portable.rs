//! The standard library's clock, for systems without absolute deadlines.

use std::time::{Duration, Instant};

use super::Clock;

/// The system's steady clock. Sleeps what is left until the deadline, so errors do not add up.
#[derive(Clone, Copy, Debug)]
pub struct MonotonicClock {
    start: Instant,
}

impl Default for MonotonicClock {
    fn default() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Clock for MonotonicClock {
    fn now_ns(&mut self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }

    fn sleep_until(&mut self, deadline_ns: u64) {
        loop {
            let left = deadline_ns.saturating_sub(self.now_ns());
            if left == 0 {
                return;
            }
            std::thread::sleep(Duration::from_nanos(left));
        }
    }

    fn cpu_ns(&mut self) -> Option<u64> {
        None
    }
}
