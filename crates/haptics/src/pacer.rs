//! When the next tick is due, and what happens to the ones that were missed.
//!
//! Deadlines lie on a fixed grid. A tick that wakes late by less than a period runs late; whole
//! periods that have gone by are dropped, counted, and never made up for by a burst: the hand would
//! feel time run faster. Simulated time falls behind the wall clock by one tick for each dropped.

/// The grid of deadlines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pacer {
    period_ns: u64,
    deadline_ns: u64,
}

/// How late a tick woke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wake {
    /// After its deadline, ns.
    pub(crate) lateness_ns: u64,
    /// Whole periods that had gone by.
    pub(crate) dropped: u64,
}

impl Wake {
    /// For a beat that came `gap_ns` after the one before, from a clock that is not ours.
    pub(crate) fn after(gap_ns: u64, period_ns: u64) -> Self {
        let lateness_ns = gap_ns.saturating_sub(period_ns);
        Self {
            lateness_ns,
            dropped: lateness_ns / period_ns,
        }
    }
}

impl Pacer {
    /// The first tick is due one period after `now_ns`.
    pub(crate) fn new(now_ns: u64, period_ns: u64) -> Self {
        Self {
            period_ns,
            deadline_ns: now_ns + period_ns,
        }
    }

    /// When to wake.
    pub(crate) fn deadline_ns(&self) -> u64 {
        self.deadline_ns
    }

    /// Called on waking at `now_ns`; moves on to the next deadline of the grid.
    pub(crate) fn woke(&mut self, now_ns: u64) -> Wake {
        let lateness_ns = now_ns.saturating_sub(self.deadline_ns);
        let dropped = lateness_ns / self.period_ns;
        self.deadline_ns += (dropped + 1) * self.period_ns;
        Wake {
            lateness_ns,
            dropped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    fn wake(lateness_ns: u64, dropped: u64) -> Wake {
        Wake {
            lateness_ns,
            dropped,
        }
    }

    #[test]
    fn punctual_and_slightly_late_ticks_keep_the_phase() {
        let mut pacer = Pacer::new(7, MS);
        assert_eq!(pacer.deadline_ns(), MS + 7);
        assert_eq!(pacer.woke(MS + 7), wake(0, 0));
        assert_eq!(pacer.woke(2 * MS + 907), wake(900, 0));
        assert_eq!(pacer.deadline_ns(), 3 * MS + 7);
    }

    #[test]
    fn whole_missed_ticks_are_dropped_without_a_burst() {
        for hold in [1, 2, 5, 10, 50, 200] {
            let mut pacer = Pacer::new(0, MS);
            let now = MS + hold * MS + 300;
            assert_eq!(pacer.woke(now), wake(hold * MS + 300, hold));
            // The next one is due in the future, on the grid.
            assert_eq!(pacer.deadline_ns(), (hold + 2) * MS);
            assert!(pacer.deadline_ns() > now);
        }
    }

    #[test]
    fn a_clock_that_wakes_early_is_not_late() {
        let mut pacer = Pacer::new(0, MS);
        assert_eq!(pacer.woke(MS - 5), wake(0, 0));
        assert_eq!(pacer.deadline_ns(), 2 * MS);
    }
}
