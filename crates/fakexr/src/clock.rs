//! Time as the headset has it: nanoseconds, and the beat of the display.

use std::time::Duration;

/// Where time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The system's monotonic clock.
    Real,
    /// A number of nanoseconds that only frames and the test move.
    Virtual(i64),
}

impl Clock {
    /// Virtual time begins here: times that are not positive are invalid in OpenXR.
    pub(crate) const START: i64 = 1_000_000_000;

    /// The present time in nanoseconds.
    pub(crate) fn now(self) -> i64 {
        match self {
            Clock::Real => monotonic(),
            Clock::Virtual(now) => now,
        }
    }

    /// Moves virtual time on to `time`, and says how long to sleep for that in real time.
    pub(crate) fn go_to(&mut self, time: i64) -> Option<Duration> {
        match self {
            Clock::Virtual(now) => {
                *now = (*now).max(time);
                None
            }
            Clock::Real => {
                let ahead = time - monotonic();
                u64::try_from(ahead)
                    .ok()
                    .filter(|&ns| ns > 0)
                    .map(Duration::from_nanos)
            }
        }
    }
}

/// The system's monotonic clock in nanoseconds.
#[cfg(unix)]
pub(crate) fn monotonic() -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is writable, and this clock exists on every system that Rust supports.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// The system's monotonic clock in nanoseconds.
#[cfg(not(unix))]
pub(crate) fn monotonic() -> i64 {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    Clock::START + i64::try_from(START.elapsed().as_nanos()).expect("292 years")
}

/// When the next frame wakes the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Beat {
    /// The time at which `xrWaitFrame` returns.
    pub(crate) wake: i64,
    /// The time at which the frame is shown.
    pub(crate) display: i64,
    /// Refreshes that went by without a frame since the last one.
    pub(crate) missed: u64,
}

/// The display's beat: it refreshes at multiples of `period` after the first frame.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pacer {
    last: Option<i64>,
}

impl Pacer {
    /// The beat that an application which asks at `now` has to wait for.
    ///
    /// A frame is shown one period after it was woken for.
    pub(crate) fn next(&mut self, now: i64, period: i64) -> Beat {
        let (wake, missed) = match self.last {
            None => (now, 0),
            Some(last) => {
                let due = last + period;
                let late = (now - due).max(0);
                let missed = late / period + i64::from(late % period != 0);
                (due + missed * period, missed.unsigned_abs())
            }
        };
        self.last = Some(wake);
        Beat {
            wake,
            display: wake + period,
            missed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_in_time_come_one_period_apart() {
        let mut pacer = Pacer::default();
        let first = pacer.next(1000, 10);
        let second = pacer.next(1004, 10);
        assert_eq!((first.wake, first.display, first.missed), (1000, 1010, 0));
        assert_eq!(
            (second.wake, second.display, second.missed),
            (1010, 1020, 0)
        );
    }

    #[test]
    fn a_late_frame_waits_for_the_next_refresh_and_the_missed_are_counted() {
        let mut pacer = Pacer::default();
        pacer.next(1000, 10);
        let late = pacer.next(1031, 10);
        assert_eq!((late.wake, late.missed), (1040, 3));
        assert_eq!(pacer.next(1040, 10).missed, 0);
    }

    #[test]
    fn virtual_time_only_goes_forward_and_real_time_is_slept_for() {
        let mut clock = Clock::Virtual(50);
        assert_eq!(clock.go_to(70), None);
        assert_eq!(clock.go_to(60), None);
        assert_eq!(clock.now(), 70);
        let mut real = Clock::Real;
        assert!(real.go_to(monotonic() + 1_000_000_000).is_some());
        assert!(real.go_to(0).is_none());
    }
}
