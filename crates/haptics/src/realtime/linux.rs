//! Linux: SCHED_FIFO, mlockall, timer slack.

use std::io;

/// Waking up is no longer rounded to 50 us; matters for normal scheduling only.
pub(super) fn sharpen_timer() {
    // SAFETY: changes a number of the calling thread; the unused arguments are ignored.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1, 0, 0, 0) };
}

/// SCHED_FIFO for the calling thread.
pub(super) fn set_fifo(priority: i32) -> Result<(), String> {
    let parameters = libc::sched_param {
        sched_priority: priority,
    };
    // SAFETY: the calling thread exists, the parameters are a live local.
    let code = unsafe {
        libc::pthread_setschedparam(
            libc::pthread_self(),
            libc::SCHED_FIFO,
            &raw const parameters,
        )
    };
    match code {
        0 => Ok(()),
        libc::EPERM => Err(format!(
            "SCHED_FIFO {priority} not permitted; raise RLIMIT_RTPRIO (rtprio in \
             /etc/security/limits.d) or grant CAP_SYS_NICE"
        )),
        code => Err(format!(
            "SCHED_FIFO {priority}: {}",
            io::Error::from_raw_os_error(code)
        )),
    }
}

/// Locks the process's memory: what is present now, what comes later once it is touched.
///
/// Not under a finite RLIMIT_MEMLOCK: it would let later allocations anywhere in the process fail
/// instead of this call.
pub(super) fn lock_memory() -> Result<(), String> {
    if !memory_may_be_locked() {
        return Err(
            "RLIMIT_MEMLOCK is finite; set memlock to unlimited in /etc/security/limits.d \
             or grant CAP_IPC_LOCK"
                .to_owned(),
        );
    }
    let all = libc::MCL_CURRENT | libc::MCL_FUTURE | libc::MCL_ONFAULT;
    // SAFETY: changes how the process's pages are kept, not what is in them.
    if unsafe { libc::mlockall(all) } == 0 {
        Ok(())
    } else {
        Err(format!("mlockall: {}", io::Error::last_os_error()))
    }
}

fn memory_may_be_locked() -> bool {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: writes into a live local of the right type.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &raw mut limit) } == 0;
    (known && limit.rlim_cur == libc::RLIM_INFINITY) || has_ipc_lock()
}

/// Bit of CAP_IPC_LOCK in the capability mask (capabilities(7)); such a process has no limit.
const CAP_IPC_LOCK: u32 = 14;

fn has_ipc_lock() -> bool {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> CAP_IPC_LOCK & 1 == 1)
}
