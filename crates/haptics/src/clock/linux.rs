//! CLOCK_MONOTONIC with absolute deadlines, so that a late tick does not shift the ones after it.

use super::Clock;

/// The system's steady clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct MonotonicClock {
    spin_ns: u64,
}

impl MonotonicClock {
    /// Sleeps until `spin_ns` before a deadline and then keeps asking for the time. That spares
    /// the tens of microseconds a sleeper takes to wake, costs as much processor time in every
    /// tick, and does nothing for the tail.
    #[must_use]
    pub fn spinning(spin_ns: u64) -> Self {
        Self { spin_ns }
    }
}

const NS: u64 = 1_000_000_000;

fn read(clock: libc::clockid_t) -> Option<u64> {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes into a live local of the right type.
    let failed = unsafe { libc::clock_gettime(clock, &raw mut time) };
    (failed == 0).then_some(time.tv_sec as u64 * NS + time.tv_nsec as u64)
}

fn sleep(until_ns: u64) {
    let deadline = libc::timespec {
        tv_sec: (until_ns / NS) as libc::time_t,
        tv_nsec: (until_ns % NS) as libc::c_long,
    };
    loop {
        // SAFETY: reads a live local; with an absolute deadline no rest is written back.
        let woken = unsafe {
            libc::clock_nanosleep(
                libc::CLOCK_MONOTONIC,
                libc::TIMER_ABSTIME,
                &raw const deadline,
                std::ptr::null_mut(),
            )
        };
        // A signal handler ran: the deadline still stands.
        if woken != libc::EINTR {
            return;
        }
    }
}

impl Clock for MonotonicClock {
    fn now_ns(&mut self) -> u64 {
        // CLOCK_MONOTONIC exists on every Linux.
        read(libc::CLOCK_MONOTONIC).unwrap_or(0)
    }

    fn sleep_until(&mut self, deadline_ns: u64) {
        sleep(deadline_ns.saturating_sub(self.spin_ns));
        while self.spin_ns > 0 && self.now_ns() < deadline_ns {
            std::hint::spin_loop();
        }
    }

    fn cpu_ns(&mut self) -> Option<u64> {
        read(libc::CLOCK_THREAD_CPUTIME_ID)
    }
}
