//! Haptics: every pulse is written down.

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault, invalid};
use crate::log::Haptic;
use crate::runtime::{Live, bad_handle, call};

pub(crate) extern "system" fn apply(
    session: xr::Session,
    info: *const xr::HapticActionInfo,
    pulse: *const xr::HapticBaseHeader,
) -> R {
    call("xrApplyHapticFeedback", |runtime| {
        let live = runtime.live(session)?;
        let pulse = pulse.cast::<xr::HapticVibration>();
        let pulse = abi::input(pulse, xr::HapticVibration::TYPE)?;
        if !(0.0..=1.0).contains(&pulse.amplitude) {
            return invalid(format!(
                "the amplitude {} is not from 0 to 1",
                pulse.amplitude
            ));
        }
        let duration = pulse.duration.as_nanos();
        if duration <= 0 && pulse.duration != xr::Duration::MIN_HAPTIC {
            return invalid(format!("{duration} ns is no duration"));
        }
        live.haptic(info, |haptic| Haptic {
            duration,
            frequency: pulse.frequency,
            amplitude: pulse.amplitude,
            ..haptic
        })
    })
}

pub(crate) extern "system" fn stop(session: xr::Session, info: *const xr::HapticActionInfo) -> R {
    call("xrStopHapticFeedback", |runtime| {
        let live = runtime.live(session)?;
        live.haptic(info, |haptic| Haptic {
            stop: true,
            ..haptic
        })
    })
}

impl Live<'_> {
    fn haptic(
        self,
        info: *const xr::HapticActionInfo,
        fill: impl FnOnce(Haptic) -> Haptic,
    ) -> Answer {
        let info = abi::input(info, xr::HapticActionInfo::TYPE)?;
        let id = info.action.into_raw();
        let Some(action) = self.instance.actions.get(&id) else {
            return bad_handle("action");
        };
        if action.kind != xr::ActionType::VIBRATION_OUTPUT {
            let text = format!("the action {} is no vibration", action.name);
            return fault(R::ERROR_ACTION_TYPE_MISMATCH, text);
        }
        self.need_attached(action.set)?;
        let hand = action.subaction(info.subaction_path, &self.instance.paths)?;
        if !self.session.life.is_focused() {
            return Ok(R::SESSION_NOT_FOCUSED);
        }
        let written = fill(Haptic {
            time: self.clock.now(),
            action: action.name.clone(),
            paths: self.sources(id, hand.as_deref()),
            stop: false,
            duration: 0,
            frequency: 0.0,
            amplitude: 0.0,
        });
        self.log.haptics.push(written);
        Ok(R::SUCCESS)
    }
}
