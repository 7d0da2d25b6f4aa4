//! What a loop asks of the system's scheduler.

use std::fmt;

/// Ahead of normal threads, below the kernel's own at 99.
pub(super) const USUAL_PRIORITY: i32 = 75;

/// Which scheduling the loop asks for. What is refused falls back: deadline to FIFO, FIFO to
/// normal; [`Placement`](crate::Placement) has the outcome and the reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// SCHED_FIFO. The default, because an ordinary user can be given the right to it.
    Fifo {
        /// 1 to 99.
        priority: i32,
    },
    /// SCHED_DEADLINE: the kernel admits the thread only where its budget fits beside that of all
    /// others, and stops it for the rest of a period in which it overran, so that a runaway tick
    /// cannot freeze the machine. It takes CAP_SYS_NICE, the thread must be allowed on every
    /// processor of its domain (no pinning, no cpuset), and cannot be pinned afterwards.
    Deadline(DeadlineShares),
    /// Among all other threads, without locked memory. For tests and trials.
    Normal,
}

impl Default for Wish {
    fn default() -> Self {
        Self::Fifo {
            priority: USUAL_PRIORITY,
        }
    }
}

/// The three times of SCHED_DEADLINE (sched(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineShares {
    /// Processor time in every period, ns.
    pub runtime_ns: u64,
    /// By when it is given, counted from the start of the period, ns.
    pub deadline_ns: u64,
    /// From one tick to the next, ns.
    pub period_ns: u64,
}

impl Default for DeadlineShares {
    /// For a tick of 1 ms that takes up to 600 us of it. Twice what a tick takes is about right: a
    /// thread that overruns its budget waits for the next period, which costs a tick each time.
    fn default() -> Self {
        Self {
            runtime_ns: 600_000,
            deadline_ns: 900_000,
            period_ns: 1_000_000,
        }
    }
}

impl fmt::Display for DeadlineShares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = [self.runtime_ns, self.deadline_ns, self.period_ns].map(|ns| ns / 1_000);
        write!(f, "{}/{}/{} us", us[0], us[1], us[2])
    }
}

impl Wish {
    /// What is out of range: name, value, and what it may be.
    pub(crate) fn wrong(self) -> Option<(&'static str, i64, &'static str)> {
        match self {
            Self::Fifo { priority } if !(1..=99).contains(&priority) => {
                Some(("scheduler.priority", i64::from(priority), "1 to 99"))
            }
            Self::Deadline(shares) => shares.wrong(),
            Self::Fifo { .. } | Self::Normal => None,
        }
    }
}

/// Shortest of the three times, ns: the kernel's own resolution (sched(7)).
const SHORTEST_NS: u64 = 1_024;

impl DeadlineShares {
    fn wrong(self) -> Option<(&'static str, i64, &'static str)> {
        if self.runtime_ns < SHORTEST_NS {
            let value = self.runtime_ns as i64;
            return Some(("scheduler.runtime_ns", value, "at least 1024"));
        }
        if self.deadline_ns < self.runtime_ns {
            let value = self.deadline_ns as i64;
            return Some(("scheduler.deadline_ns", value, "at least the runtime"));
        }
        if self.period_ns < self.deadline_ns || self.period_ns > i64::MAX as u64 {
            let value = i64::try_from(self.period_ns).unwrap_or(i64::MAX);
            return Some(("scheduler.period_ns", value, "at least the deadline"));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_wishes_are_in_range() {
        for wish in [
            Wish::default(),
            Wish::Deadline(DeadlineShares::default()),
            Wish::Normal,
        ] {
            assert_eq!(wish.wrong(), None);
        }
    }

    #[test]
    fn times_out_of_order_are_refused_by_name() {
        let usual = DeadlineShares::default();
        for (shares, name) in [
            (
                DeadlineShares {
                    runtime_ns: 0,
                    ..usual
                },
                "scheduler.runtime_ns",
            ),
            (
                DeadlineShares {
                    deadline_ns: 500_000,
                    ..usual
                },
                "scheduler.deadline_ns",
            ),
            (
                DeadlineShares {
                    period_ns: 800_000,
                    ..usual
                },
                "scheduler.period_ns",
            ),
        ] {
            let wrong = Wish::Deadline(shares).wrong();
            assert_eq!(wrong.map(|(name, ..)| name), Some(name));
        }
        let urgent = Wish::Fifo { priority: 100 }.wrong();
        assert_eq!(urgent, Some(("scheduler.priority", 100, "1 to 99")));
    }
}
