//! SCHED_FIFO and SCHED_DEADLINE for the calling thread.

use std::io;

use crate::realtime::DeadlineShares;

/// SCHED_FIFO for the calling thread.
pub(crate) fn set_fifo(priority: i32) -> Result<(), String> {
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

/// include/uapi/linux/sched.h
const SCHED_DEADLINE: u32 = 6;
/// Threads started from this one are normal; without it they could not be started at all.
const SCHED_FLAG_RESET_ON_FORK: u64 = 0x01;

/// `struct sched_attr` as it was first published (include/uapi/linux/sched/types.h, 48 bytes); the
/// kernel goes by its size.
#[repr(C)]
struct Attributes {
    size: u32,
    policy: u32,
    flags: u64,
    nice: i32,
    priority: u32,
    runtime_ns: u64,
    deadline_ns: u64,
    period_ns: u64,
}

/// SCHED_DEADLINE for the calling thread.
pub(crate) fn set_deadline(shares: &DeadlineShares) -> Result<(), String> {
    let attributes = Attributes {
        size: size_of::<Attributes>() as u32,
        policy: SCHED_DEADLINE,
        flags: SCHED_FLAG_RESET_ON_FORK,
        nice: 0,
        priority: 0,
        runtime_ns: shares.runtime_ns,
        deadline_ns: shares.deadline_ns,
        period_ns: shares.period_ns,
    };
    // SAFETY: reads a live local of the size that it states; 0 is the calling thread, no flags.
    let code = unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const attributes, 0) };
    if code == 0 {
        return Ok(());
    }
    let why = io::Error::last_os_error();
    Err(match why.raw_os_error() {
        Some(libc::EPERM) => format!(
            "SCHED_DEADLINE {shares} not permitted; grant CAP_SYS_NICE, and let the thread run on \
             every processor (no pinning, no cpuset)"
        ),
        Some(libc::EBUSY) => format!(
            "SCHED_DEADLINE {shares} does not fit beside the others of its class; ask for less or \
             end them"
        ),
        _ => format!("SCHED_DEADLINE {shares}: {why}; use SCHED_FIFO"),
    })
}
