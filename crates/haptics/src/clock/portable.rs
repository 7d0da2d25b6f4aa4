//! The standard library's clock, for systems without absolute deadlines.

use std::time::{Duration, Instant};

use super::Clock;

/// The system's steady clock. Sleeps what is left until the deadline, so errors do not add up.
#[derive(Clone, Copy, Debug)]
pub struct MonotonicClock {
    start: Instant,
    spin_ns: u64,
}

impl MonotonicClock {
    /// Sleeps until `spin_ns` before a deadline and then keeps asking for the time.
    #[must_use]
    pub fn spinning(spin_ns: u64) -> Self {
        Self {
            start: Instant::now(),
            spin_ns,
        }
    }
}

impl Default for MonotonicClock {
    fn default() -> Self {
        Self::spinning(0)
    }
}

impl Clock for MonotonicClock {
    fn now_ns(&mut self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }

    fn sleep_until(&mut self, deadline_ns: u64) {
        loop {
            let left = deadline_ns.saturating_sub(self.now_ns());
            match left {
                0 => return,
                left if left <= self.spin_ns => std::hint::spin_loop(),
                left => std::thread::sleep(Duration::from_nanos(left - self.spin_ns)),
            }
        }
    }

    fn cpu_ns(&mut self) -> Option<u64> {
        None
    }
}
