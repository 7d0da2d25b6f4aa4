//! The display's refresh rate (XR_FB_display_refresh_rate).

use openxr_sys as xr;
use xr::Result as R;

use crate::abi::{self, fault};
use crate::event::Event;
use crate::runtime::call;

/// The rate of a period in nanoseconds, in Hz, as close as the list has it.
fn rate(period: i64) -> f32 {
    (1e9 / period as f64).round() as f32
}

pub(crate) extern "system" fn rates(
    session: xr::Session,
    capacity: u32,
    count: *mut u32,
    rates: *mut f32,
) -> R {
    call("xrEnumerateDisplayRefreshRatesFB", |runtime| {
        let live = runtime.live(session)?;
        abi::two_calls(capacity, count, rates, &live.script.refresh_rates)
    })
}

pub(crate) extern "system" fn get(session: xr::Session, out: *mut f32) -> R {
    call("xrGetDisplayRefreshRateFB", |runtime| {
        let live = runtime.live(session)?;
        *abi::place(out)? = rate(live.script.period);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn request(session: xr::Session, wanted: f32) -> R {
    call("xrRequestDisplayRefreshRateFB", |runtime| {
        let live = runtime.live(session)?;
        if wanted == 0.0 {
            return Ok(R::SUCCESS); // no wish
        }
        if !live.script.refresh_rates.contains(&wanted) {
            let text = format!("{wanted} Hz is not among the rates offered");
            return fault(R::ERROR_DISPLAY_REFRESH_RATE_UNSUPPORTED_FB, text);
        }
        let before = rate(live.script.period);
        live.script.period = (1e9 / f64::from(wanted)) as i64;
        if before != wanted {
            live.instance
                .events
                .push(Event::RefreshRate(before, wanted));
        }
        Ok(R::SUCCESS)
    })
}
