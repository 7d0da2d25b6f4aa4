//! Every way out of the process that a process can see takes the force off first.
//!
//! A loop is [`Armed`] while its device may play a force. When the process is asked to end - by a
//! signal, a crash in some other thread, `abort`, `exit` - every armed loop is told; it writes zero
//! to its device within a tick and ends. The thread that wants to end waits for that, at most
//! [`PATIENCE_MS`], and then ends as it would have done: the usual exit status, the handler that
//! was there before.
//!
//! What no process can see is left to the device's own watchdog: SIGKILL, SIGSTOP, `_exit`, a crash
//! inside the loop's own thread, loss of power.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use portable as platform;
#[cfg(unix)]
use unix as platform;

/// Longest wait for the loops of a process that is about to end, ms. A real-time loop takes one;
/// one of normal priority on a busy machine some tens.
pub(crate) const PATIENCE_MS: u32 = 100;

/// Calls to end so far. A loop ends where there was one since it began, so that a program that
/// survives one (Ctrl-C in an interpreter) may start another loop.
static CALLS: AtomicU32 = AtomicU32::new(0);
/// Loops whose device may play a force.
static ARMED: AtomicUsize = AtomicUsize::new(0);

/// Held by a loop's thread from before its first force until after its last.
#[derive(Debug)]
pub(crate) struct Armed {
    calls: u32,
    _ticking: Ticking,
}

/// Held as long as a thread ticks, if it is not the one that is [`Armed`]: the servo thread of a
/// device's maker.
#[derive(Debug)]
pub(crate) struct Ticking {
    thread: usize,
}

impl Ticking {
    /// Call it in the thread that ticks: signals go to other threads from now on, and a crash in
    /// it does not wait for itself. May be dropped in any thread.
    pub(crate) fn here() -> Self {
        Self {
            thread: platform::shield_thread(),
        }
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        platform::forget_thread(self.thread);
    }
}

impl Armed {
    /// Call it in the thread that will tick.
    pub(crate) fn new() -> Self {
        let armed = Self {
            _ticking: Ticking::here(),
            calls: CALLS.load(Ordering::SeqCst),
        };
        if ARMED.fetch_add(1, Ordering::SeqCst) == 0 {
            platform::watch();
        }
        armed
    }

    /// Whether the process wants to end: write zero, and let go of this.
    pub(crate) fn must_end(&self) -> bool {
        CALLS.load(Ordering::Acquire) != self.calls
    }
}

impl Drop for Armed {
    fn drop(&mut self) {
        ARMED.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Watches again for what other parts of the program have taken over meanwhile (an interpreter that
/// sets a handler of its own). Called by the slow side now and then while it looks at a loop.
pub(crate) fn watch_again() {
    if ARMED.load(Ordering::SeqCst) > 0 {
        platform::watch();
    }
}

/// Tells all armed loops, and waits until they have let go or patience ends. Safe in a signal
/// handler: atomics and sleep only.
fn disarm_all() {
    if ARMED.load(Ordering::SeqCst) == 0 {
        return;
    }
    CALLS.fetch_add(1, Ordering::SeqCst);
    let mut rounds = PATIENCE_MS * ROUNDS_A_MS;
    while rounds > 0 && ARMED.load(Ordering::SeqCst) > 0 {
        platform::pause(Duration::from_micros(1_000 / u64::from(ROUNDS_A_MS)));
        rounds -= 1;
    }
}

const ROUNDS_A_MS: u32 = 5;
