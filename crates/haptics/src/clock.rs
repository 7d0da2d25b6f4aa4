//! The clock that the loop waits by. It is passed in, so that the rules for late and missed ticks
//! are tested on a clock made of numbers.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(test, not(target_os = "linux")))]
mod portable;

#[cfg(target_os = "linux")]
pub use linux::MonotonicClock;
#[cfg(not(target_os = "linux"))]
pub use portable::MonotonicClock;

/// Tells time and waits. Times are nanoseconds since some moment before the loop starts.
pub trait Clock {
    /// Now, ns. Never goes back.
    fn now_ns(&mut self) -> u64;

    /// Returns at `deadline_ns` or later, at once where it has passed.
    fn sleep_until(&mut self, deadline_ns: u64);

    /// Time the calling thread has spent on a processor, ns; None where the system does not tell.
    fn cpu_ns(&mut self) -> Option<u64>;
}

#[cfg(test)]
mod tests {
    use super::Clock;

    fn waits_and_tells(mut clock: impl Clock) {
        let start = clock.now_ns();
        clock.sleep_until(start + 3_000_000);
        let after = clock.now_ns();
        assert!(after >= start + 3_000_000, "woke {start} .. {after}");
        clock.sleep_until(start);
        // Wide: this machine may be busy. A second sleep of 3 ms would still show as a hang of hours
        // if the deadline were taken as a duration.
        assert!(clock.now_ns() - after < 5_000_000_000);
    }

    #[test]
    fn the_system_clock_waits_for_deadlines() {
        waits_and_tells(super::MonotonicClock::default());
        waits_and_tells(super::MonotonicClock::spinning(100_000));
    }

    #[test]
    fn the_portable_clock_waits_for_deadlines() {
        waits_and_tells(super::portable::MonotonicClock::default());
        waits_and_tells(super::portable::MonotonicClock::spinning(100_000));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn processor_time_counts_work_and_not_sleep() {
        let mut clock = super::MonotonicClock::default();
        let before = clock.cpu_ns().unwrap();
        let deadline = clock.now_ns() + 50_000_000;
        clock.sleep_until(deadline);
        let asleep = clock.cpu_ns().unwrap();
        assert!(asleep - before < 25_000_000);
        while clock.cpu_ns().unwrap() < asleep + 1_000_000 {}
    }
}
