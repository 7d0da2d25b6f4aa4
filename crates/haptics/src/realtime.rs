//! How the loop's thread is placed: real-time scheduling, memory that is present and stays, a
//! processor that does not fall asleep; and the reason on record for whatever the system refuses.

use std::fmt;
use std::fs::File;

mod wish;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use portable as platform;

pub(crate) use platform::{MachineTime, ThreadUsage};
pub use wish::{DeadlineShares, Wish};

/// How the system schedules the loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheduler {
    /// Earliest deadline first, with a budget of processor time in every period.
    Deadline(DeadlineShares),
    /// First in, first out, ahead of every normal thread.
    Fifo {
        /// 1 to 99.
        priority: i32,
    },
    /// Among all others: ticks come late whenever the machine is busy.
    Normal {
        /// Why it is not real time, and what to do.
        why: String,
    },
}

impl Scheduler {
    /// `"deadline"`, `"fifo"` or `"normal"`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deadline(_) => "deadline",
            Self::Fifo { .. } => "fifo",
            Self::Normal { .. } => "normal",
        }
    }

    /// Why the loop is not real time; None where it is.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Deadline(_) | Self::Fifo { .. } => None,
            Self::Normal { why } => Some(why),
        }
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deadline(shares) => write!(f, "SCHED_DEADLINE {shares}"),
            Self::Fifo { priority } => write!(f, "SCHED_FIFO {priority}"),
            Self::Normal { why } => write!(f, "normal scheduling ({why})"),
        }
    }
}

/// Share of its stiffness that a coupling keeps where the loop is not real time. Ticks that come
/// late now and then cost 10 to 25 % of the stiffest stable spring (measured on a sampled model
/// with 1 to 5 % of the ticks held for 5 to 10 ms); at half the limit they cost nothing.
pub const LATE_STIFFNESS_SHARE: f64 = 0.5;

/// What the thread was granted. Each reason is a sentence for a person; None means granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Scheduling class.
    pub scheduler: Scheduler,
    /// Why it is not the class that was asked for first, where another real-time class took its
    /// place.
    pub passed_over: Option<String>,
    /// Why memory may be paged out under the loop.
    pub memory_unlocked: Option<String>,
    /// Why pages may be touched for the first time in a tick.
    pub memory_untouched: Option<String>,
    /// Why the processor may fall into deep sleep between two ticks and wake slowly.
    pub deep_sleep: Option<String>,
}

const NOT_ASKED: &str = "not asked for";

impl Default for Placement {
    fn default() -> Self {
        let not_asked = || Some(NOT_ASKED.to_owned());
        Self {
            scheduler: Scheduler::Normal {
                why: NOT_ASKED.to_owned(),
            },
            passed_over: None,
            memory_unlocked: not_asked(),
            memory_untouched: not_asked(),
            deep_sleep: not_asked(),
        }
    }
}

impl Placement {
    /// Whether the loop runs ahead of every normal thread. Where it does not, say so loudly, and
    /// render no more than [`stiffness_share`](Self::stiffness_share).
    #[must_use]
    pub fn is_real_time(&self) -> bool {
        self.scheduler.why().is_none()
    }

    /// What a coupling may keep of its stiffness: 1, or [`LATE_STIFFNESS_SHARE`] without real
    /// time.
    #[must_use]
    pub fn stiffness_share(&self) -> f64 {
        if self.is_real_time() {
            1.0
        } else {
            LATE_STIFFNESS_SHARE
        }
    }
}

/// What is given back to the system when the loop ends, by dropping it.
#[derive(Debug, Default)]
pub struct Held {
    /// The request not to sleep deeply stands while this is open.
    _awake: Option<File>,
}

/// Places the calling thread as `wish` says, or as near to it as the system permits. Keep what is
/// [`Held`] as long as the thread ticks. With [`Wish::Normal`] nothing of the process is changed
/// but the thread's timer slack.
pub fn enter(wish: Wish) -> (Placement, Held) {
    platform::sharpen_timer();
    prefault_stack();
    if wish == Wish::Normal {
        return (Placement::default(), Held::default());
    }
    // Present first, then locked, so that locking finds everything there.
    let memory_untouched = platform::populate().err();
    let memory_unlocked = platform::lock_memory().err();
    let (awake, deep_sleep) = apart(platform::stay_awake());
    let (scheduler, passed_over) = schedule(wish);
    let placement = Placement {
        scheduler,
        passed_over,
        memory_unlocked,
        memory_untouched,
        deep_sleep,
    };
    (placement, Held { _awake: awake })
}

fn apart<T>(result: Result<T, String>) -> (Option<T>, Option<String>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(why) => (None, Some(why)),
    }
}

/// The class, and why it is not the first one asked for.
fn schedule(wish: Wish) -> (Scheduler, Option<String>) {
    let fifo = |priority| match platform::set_fifo(priority) {
        Ok(()) => Scheduler::Fifo { priority },
        Err(why) => Scheduler::Normal { why },
    };
    match wish {
        Wish::Normal => (Placement::default().scheduler, None),
        Wish::Fifo { priority } => (fifo(priority), None),
        Wish::Deadline(shares) => match platform::set_deadline(&shares) {
            Ok(()) => (Scheduler::Deadline(shares), None),
            Err(why) => (fifo(wish::USUAL_PRIORITY), Some(why)),
        },
    }
}

/// Stack that the tick may use without a page fault, bytes.
const STACK_BYTES: usize = 256 * 1024;
const PAGE_BYTES: usize = 4096;

#[inline(never)]
fn prefault_stack() {
    let mut stack = [0_u8; STACK_BYTES];
    for page in stack.chunks_mut(PAGE_BYTES) {
        page[0] = std::hint::black_box(1);
    }
    std::hint::black_box(&stack);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_normal_loop_gives_up_stiffness() {
        let with = |scheduler| Placement {
            scheduler,
            ..Placement::default()
        };
        let normal = Placement::default();
        assert!(!normal.is_real_time());
        assert_eq!(normal.stiffness_share(), LATE_STIFFNESS_SHARE);
        for scheduler in [
            Scheduler::Fifo { priority: 75 },
            Scheduler::Deadline(DeadlineShares::default()),
        ] {
            let granted = with(scheduler);
            assert!(granted.is_real_time());
            assert_eq!(granted.stiffness_share(), 1.0);
        }
    }

    #[test]
    fn a_thread_that_asks_for_nothing_is_told_so() {
        let (placement, _held) = std::thread::spawn(|| enter(Wish::Normal)).join().unwrap();
        assert_eq!(placement, Placement::default());
        assert_eq!(placement.scheduler.name(), "normal");
        assert_eq!(placement.scheduler.why(), Some("not asked for"));
    }

    #[test]
    fn whatever_is_refused_has_a_reason_that_says_what_to_do() {
        for wish in [Wish::default(), Wish::Deadline(DeadlineShares::default())] {
            let (placement, _held) = std::thread::spawn(move || enter(wish)).join().unwrap();
            let reasons = [
                placement.scheduler.why(),
                placement.passed_over.as_deref(),
                placement.memory_unlocked.as_deref(),
                placement.memory_untouched.as_deref(),
                placement.deep_sleep.as_deref(),
            ];
            for why in reasons.into_iter().flatten() {
                assert!(why.len() > 20 && why != NOT_ASKED, "{why:?}");
            }
        }
    }
}
