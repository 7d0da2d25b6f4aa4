//! Signals, `exit` and `abort` on systems with POSIX signals.
//!
//! A handler is put in front of the one that was there, and hands on to it; where there was none,
//! it puts the usual action back and raises the signal again, so that the process ends (or stops)
//! with the status that its parent expects. A signal that the program ignores stays ignored.

use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::sync::{Mutex, Once};
use std::time::Duration;

use libc::{c_int, c_void, sigaction, siginfo_t, sigset_t};

use super::{ARMED, disarm_all};

/// Asked from outside: these are kept away from threads that tick.
const ASKED: [c_int; 6] = [
    libc::SIGHUP,
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGTERM,
    libc::SIGTSTP, // Ctrl-Z: every thread stops, and the device would play its last force on
    libc::SIGXCPU, // a real-time thread that has used up RLIMIT_RTTIME
];
/// Something broke. They go to the thread that did it.
const BROKEN: [c_int; 6] = [
    libc::SIGABRT,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGILL,
    libc::SIGSEGV,
    libc::SIGSYS,
];

/// What was there before us for one signal.
struct Before {
    signal: c_int,
    /// Address of the handler, or SIG_DFL.
    handler: AtomicUsize,
    flags: AtomicI32,
}

impl Before {
    const fn new(signal: c_int) -> Self {
        Self {
            signal,
            handler: AtomicUsize::new(libc::SIG_DFL),
            flags: AtomicI32::new(0),
        }
    }
}

static BEFORE: [Before; 12] = [
    Before::new(ASKED[0]),
    Before::new(ASKED[1]),
    Before::new(ASKED[2]),
    Before::new(ASKED[3]),
    Before::new(ASKED[4]),
    Before::new(ASKED[5]),
    Before::new(BROKEN[0]),
    Before::new(BROKEN[1]),
    Before::new(BROKEN[2]),
    Before::new(BROKEN[3]),
    Before::new(BROKEN[4]),
    Before::new(BROKEN[5]),
];

/// One thread at a time sets handlers. Never taken in a handler.
static SETTING: Mutex<()> = Mutex::new(());

/// Puts our handler in front wherever it is not, and asks to be called when the process exits.
pub(super) fn watch() {
    static EXITS: Once = Once::new();
    EXITS.call_once(|| {
        // SAFETY: both functions may be called from anywhere, and do not unwind.
        unsafe {
            libc::atexit(at_exit);
            libc::pthread_atfork(None, None, Some(in_child));
        }
    });
    let _setting = SETTING.lock();
    BEFORE.iter().for_each(put_in_front);
}

extern "C" fn at_exit() {
    disarm_all();
}

/// A forked child has none of its parent's loops.
unsafe extern "C" fn in_child() {
    ARMED.store(0, Ordering::SeqCst);
}

fn put_in_front(before: &Before) {
    let Some(old) = exchange(before.signal, None) else {
        return;
    };
    if old.sa_sigaction == ours() || old.sa_sigaction == libc::SIG_IGN {
        return;
    }
    before.handler.store(old.sa_sigaction, Ordering::SeqCst);
    before.flags.store(old.sa_flags, Ordering::SeqCst);
    // Whether calls into the system are taken up again stays as it was.
    let restart = match old.sa_sigaction {
        libc::SIG_DFL => libc::SA_RESTART,
        _ => old.sa_flags & libc::SA_RESTART,
    };
    let new = sigaction {
        sa_sigaction: ours(),
        sa_flags: libc::SA_SIGINFO | libc::SA_ONSTACK | restart,
        ..old
    };
    exchange(before.signal, Some(&new));
}

fn ours() -> usize {
    on_signal as extern "C" fn(c_int, *mut siginfo_t, *mut c_void) as usize
}

/// The action for `signal` as it was; `new` takes its place. Safe in a handler.
fn exchange(signal: c_int, new: Option<&sigaction>) -> Option<sigaction> {
    // SAFETY: a structure of plain integers, for which all bits zero is a value.
    let mut old: sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: reads a live action or null, writes into a live local.
    let failed = unsafe { libc::sigaction(signal, new.map_or(null(), |n| n), &raw mut old) };
    (failed == 0).then_some(old)
}

/// The handler. Nothing in it allocates, locks or unwinds.
extern "C" fn on_signal(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    /// The signal being handed on. A handler that was once put in front of ours hands on to it,
    /// and may have become the one before ours: the round ends here. Taken out on the way, so that
    /// a handler that never returns to us (by longjmp) costs no more than the next such signal.
    static HANDED_ON: AtomicI32 = AtomicI32::new(0);
    if HANDED_ON.swap(0, Ordering::SeqCst) == signal {
        return;
    }
    let errno = std::io::Error::last_os_error().raw_os_error();
    if !is_shielded() {
        disarm_all();
    }
    if let Some(before) = BEFORE.iter().find(|b| b.signal == signal) {
        HANDED_ON.store(signal, Ordering::SeqCst);
        hand_on(before, info, context);
        HANDED_ON.store(0, Ordering::SeqCst);
    }
    set_errno(errno.unwrap_or(0));
}

fn hand_on(before: &Before, info: *mut siginfo_t, context: *mut c_void) {
    let handler = before.handler.load(Ordering::SeqCst);
    if handler == libc::SIG_DFL {
        // SAFETY: a structure of plain integers, for which all bits zero is the usual action.
        let usual: sigaction = unsafe { std::mem::zeroed() };
        exchange(before.signal, Some(&usual));
        // SAFETY: the signal is held back until this handler has returned.
        unsafe { libc::raise(before.signal) };
    } else if before.flags.load(Ordering::SeqCst) & libc::SA_SIGINFO != 0 {
        // SAFETY: the kernel would have called this address with these arguments.
        let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) =
            unsafe { std::mem::transmute(handler) };
        handler(before.signal, info, context);
    } else {
        // SAFETY: the kernel would have called this address with this argument.
        let handler: extern "C" fn(c_int) = unsafe { std::mem::transmute(handler) };
        handler(before.signal);
    }
}

#[cfg(target_os = "linux")]
fn set_errno(errno: c_int) {
    // SAFETY: the address of the calling thread's own number.
    unsafe { *libc::__errno_location() = errno };
}

#[cfg(not(target_os = "linux"))]
fn set_errno(_errno: c_int) {}

/// Threads that tick, by pthread_self. There are hardly ever more than one.
static TICKING: [AtomicUsize; 8] = [const { AtomicUsize::new(0) }; 8];

fn this_thread() -> usize {
    // SAFETY: always succeeds.
    unsafe { libc::pthread_self() as usize }
}

fn is_shielded() -> bool {
    let this = this_thread();
    TICKING.iter().any(|t| t.load(Ordering::SeqCst) == this)
}

fn replace_in_list(old: usize, new: usize) {
    let taken = |slot: &AtomicUsize| {
        slot.compare_exchange(old, new, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    };
    TICKING.iter().any(taken);
}

/// Signals from outside go to other threads; a crash in this one does not wait for itself. The
/// thread's number in the list.
pub(super) fn shield_thread() -> usize {
    // SAFETY: a structure of plain integers, which sigemptyset sets.
    let mut set: sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: live locals and signals that exist.
    unsafe {
        libc::sigemptyset(&raw mut set);
        for signal in ASKED {
            libc::sigaddset(&raw mut set, signal);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, null_mut());
    }
    replace_in_list(0, this_thread());
    this_thread()
}

/// Signals stay with other threads: this one has nothing more to do.
pub(super) fn forget_thread(thread: usize) {
    replace_in_list(thread, 0);
}

/// Sleep that is allowed in a handler.
pub(super) fn pause(time: Duration) {
    let time = libc::timespec {
        tv_sec: time.as_secs() as libc::time_t,
        tv_nsec: time.subsec_nanos() as libc::c_long,
    };
    // SAFETY: reads a live local; what is left of it after a signal is not asked for.
    unsafe { libc::nanosleep(&raw const time, null_mut()) };
}
