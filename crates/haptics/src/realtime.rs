//! How the loop's thread is placed: real-time scheduling and locked memory where the system
//! permits, and the reason on record where it does not.

use std::fmt;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(not(target_os = "linux"))]
use portable as platform;

/// How the system schedules the loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheduler {
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
    /// `"fifo"` or `"normal"`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fifo { .. } => "fifo",
            Self::Normal { .. } => "normal",
        }
    }

    /// Why the loop is not real time; None where it is.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Fifo { .. } => None,
            Self::Normal { why } => Some(why),
        }
    }
}

impl fmt::Display for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fifo { priority } => write!(f, "SCHED_FIFO {priority}"),
            Self::Normal { why } => write!(f, "normal scheduling ({why})"),
        }
    }
}

/// What the thread was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Scheduling class.
    pub scheduler: Scheduler,
    /// Why memory may be paged out under the loop; None where it is locked.
    pub memory_unlocked: Option<String>,
}

impl Default for Placement {
    fn default() -> Self {
        Self {
            scheduler: Scheduler::Normal {
                why: "not asked for".to_owned(),
            },
            memory_unlocked: Some("not asked for".to_owned()),
        }
    }
}

/// Places the calling thread. With `priority` None nothing of the process is changed but the
/// thread's timer slack.
pub(crate) fn enter(priority: Option<i32>) -> Placement {
    platform::sharpen_timer();
    prefault_stack();
    let Some(priority) = priority else {
        return Placement::default();
    };
    Placement {
        memory_unlocked: platform::lock_memory().err(),
        scheduler: match platform::set_fifo(priority) {
            Ok(()) => Scheduler::Fifo { priority },
            Err(why) => Scheduler::Normal { why },
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
