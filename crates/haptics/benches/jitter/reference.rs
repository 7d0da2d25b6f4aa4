//! A loop that wakes on the same grid and does nothing: what the machine alone does to a thread.

use std::sync::atomic::{AtomicBool, Ordering};

use haptics::{Clock, Distribution, MonotonicClock};

use crate::options::Mode;
use crate::scene::{DT, Seen};

/// How late it woke, and how many whole periods it missed.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    pub lateness: Distribution,
    pub ticks: u64,
    pub dropped: u64,
}

/// Placed like the loop, half a period after each of its ticks, until `stop`.
pub fn keep(mode: Mode, seen: &Seen, stop: &AtomicBool) -> Reference {
    let (_, _held) = haptics::enter(mode.scheduler);
    let mut clock = MonotonicClock::spinning(mode.spin_ns);
    let mut reference = Reference::default();
    let period = (DT * 1e9) as u64;
    let mut deadline = seen.began_ns.load(Ordering::Relaxed) + period / 2;
    while !stop.load(Ordering::Acquire) {
        clock.sleep_until(deadline);
        let late = clock.now_ns().saturating_sub(deadline);
        let missed = late / period;
        reference.lateness.record(late);
        reference.ticks += 1;
        reference.dropped += missed;
        deadline += (missed + 1) * period;
    }
    reference
}
