//! The system's monotonic clock and OpenXR's (XR_KHR_convert_timespec_time).
//!
//! With the real clock they are the same. With a virtual one the present of both is the same, and
//! what lies before or after it lies as far.
#![cfg(unix)]

use libc::timespec;
use openxr_sys as xr;
use xr::Result as R;

use crate::abi::{self, Answer, fault};
use crate::clock::monotonic;
use crate::runtime::{Runtime, call};
use crate::space::check_time;

const SECOND: i64 = 1_000_000_000;

impl Runtime {
    /// What OpenXR's time is ahead of the system's.
    fn ahead(&mut self, instance: xr::Instance) -> Answer<i64> {
        self.instance(instance)?;
        Ok(match self.clock {
            crate::clock::Clock::Real => 0,
            crate::clock::Clock::Virtual(now) => now - monotonic(),
        })
    }
}

pub(crate) extern "system" fn from_timespec(
    instance: xr::Instance,
    system: *const timespec,
    time: *mut xr::Time,
) -> R {
    call("xrConvertTimespecTimeToTimeKHR", |runtime| {
        let ahead = runtime.ahead(instance)?;
        let Some(system) = abi::list(system, 1)?.first() else {
            return Ok(R::SUCCESS);
        };
        let converted = system.tv_sec * SECOND + system.tv_nsec + ahead;
        if !(0..SECOND).contains(&system.tv_nsec) || converted <= 0 {
            return fault(R::ERROR_TIME_INVALID, "the system's time is none");
        }
        *abi::place(time)? = xr::Time::from_nanos(converted);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn to_timespec(
    instance: xr::Instance,
    time: xr::Time,
    system: *mut timespec,
) -> R {
    call("xrConvertTimeToTimespecTimeKHR", |runtime| {
        let ahead = runtime.ahead(instance)?;
        check_time(time.as_nanos())?;
        let converted = time.as_nanos() - ahead;
        let out = abi::place(system)?;
        out.tv_sec = converted.div_euclid(SECOND);
        out.tv_nsec = converted.rem_euclid(SECOND);
        Ok(R::SUCCESS)
    })
}
