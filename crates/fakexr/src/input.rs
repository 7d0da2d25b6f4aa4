//! The states of actions, as of the last sync.

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault};
use crate::runtime::{Runtime, bad_handle, call};
use crate::sync::State;

impl Runtime {
    fn action_state(
        &mut self,
        session: xr::Session,
        info: *const xr::ActionStateGetInfo,
        kind: xr::ActionType,
    ) -> Answer<State> {
        let live = self.live(session)?;
        let info = abi::input(info, xr::ActionStateGetInfo::TYPE)?;
        let id = info.action.into_raw();
        let Some(action) = live.instance.actions.get(&id) else {
            return bad_handle("action");
        };
        if action.kind != kind {
            let text = format!("the action {} is {:?}", action.name, action.kind);
            return fault(R::ERROR_ACTION_TYPE_MISMATCH, text);
        }
        live.need_attached(action.set)?;
        let hand = action.subaction(info.subaction_path, &live.instance.paths)?;
        Ok(live.session.inputs.state(id, hand))
    }
}

pub(crate) extern "system" fn boolean(
    session: xr::Session,
    info: *const xr::ActionStateGetInfo,
    out: *mut xr::ActionStateBoolean,
) -> R {
    call("xrGetActionStateBoolean", |runtime| {
        let out = abi::output(out, xr::ActionStateBoolean::TYPE)?;
        let state = runtime.action_state(session, info, xr::ActionType::BOOLEAN_INPUT)?;
        out.current_state = (state.value[0] != 0.0).into();
        out.changed_since_last_sync = state.changed.into();
        out.last_change_time = xr::Time::from_nanos(state.since);
        out.is_active = state.active.into();
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn float(
    session: xr::Session,
    info: *const xr::ActionStateGetInfo,
    out: *mut xr::ActionStateFloat,
) -> R {
    call("xrGetActionStateFloat", |runtime| {
        let out = abi::output(out, xr::ActionStateFloat::TYPE)?;
        let state = runtime.action_state(session, info, xr::ActionType::FLOAT_INPUT)?;
        out.current_state = state.value[0] as f32;
        out.changed_since_last_sync = state.changed.into();
        out.last_change_time = xr::Time::from_nanos(state.since);
        out.is_active = state.active.into();
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn vector(
    session: xr::Session,
    info: *const xr::ActionStateGetInfo,
    out: *mut xr::ActionStateVector2f,
) -> R {
    call("xrGetActionStateVector2f", |runtime| {
        let out = abi::output(out, xr::ActionStateVector2f::TYPE)?;
        let state = runtime.action_state(session, info, xr::ActionType::VECTOR2F_INPUT)?;
        let [x, y] = state.value.map(|value| value as f32);
        out.current_state = xr::Vector2f { x, y };
        out.changed_since_last_sync = state.changed.into();
        out.last_change_time = xr::Time::from_nanos(state.since);
        out.is_active = state.active.into();
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn pose(
    session: xr::Session,
    info: *const xr::ActionStateGetInfo,
    out: *mut xr::ActionStatePose,
) -> R {
    call("xrGetActionStatePose", |runtime| {
        let out = abi::output(out, xr::ActionStatePose::TYPE)?;
        let state = runtime.action_state(session, info, xr::ActionType::POSE_INPUT)?;
        out.is_active = state.active.into();
        Ok(R::SUCCESS)
    })
}
