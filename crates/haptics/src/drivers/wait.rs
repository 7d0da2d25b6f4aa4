//! Waiting a fraction of a millisecond for bytes. A socket's own receive timeout is counted in the
//! kernel's ticks (4 ms at 250 Hz), far too coarse for a loop of one millisecond.

#[cfg(target_os = "linux")]
mod system {
    use std::os::fd::AsRawFd;
    use std::time::Duration;

    /// What can be waited for.
    pub trait Source: AsRawFd {}
    impl<T: AsRawFd> Source for T {}

    /// Returns when `source` has something to read, or has ended, or `within` has passed.
    pub fn readable(source: &impl Source, within: Duration) {
        let mut poll = libc::pollfd {
            fd: source.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        let timeout = libc::timespec {
            tv_sec: within.as_secs() as libc::time_t,
            tv_nsec: libc::c_long::from(within.subsec_nanos()),
        };
        // SAFETY: one valid pollfd, a valid timespec, no signal mask; the descriptor is open for as
        // long as `source` is borrowed. Whatever comes back, the caller reads and finds out.
        unsafe { libc::ppoll(&raw mut poll, 1, &raw const timeout, std::ptr::null()) };
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::time::Duration;

    /// What can be waited for.
    pub trait Source {}
    impl<T> Source for T {}

    /// Gives the processor away once; the caller asks again until its time is over.
    pub fn readable(_source: &impl Source, _within: Duration) {
        std::thread::yield_now();
    }
}

pub(super) use system::readable;
