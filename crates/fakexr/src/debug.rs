//! XR_EXT_debug_utils: taken and, having nothing to say, answered.

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi;
use crate::runtime::{bad_handle, call, fresh_handle};

pub(crate) extern "system" fn create_messenger(
    instance: xr::Instance,
    info: *const xr::DebugUtilsMessengerCreateInfoEXT,
    messenger: *mut xr::DebugUtilsMessengerEXT,
) -> R {
    call("xrCreateDebugUtilsMessengerEXT", |runtime| {
        let instance = runtime.instance(instance)?;
        abi::input(info, xr::DebugUtilsMessengerCreateInfoEXT::TYPE)?;
        let handle = fresh_handle();
        instance.messengers.insert(handle);
        *abi::place(messenger)? = xr::DebugUtilsMessengerEXT::from_raw(handle);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn destroy_messenger(messenger: xr::DebugUtilsMessengerEXT) -> R {
    call("xrDestroyDebugUtilsMessengerEXT", |runtime| {
        let instance = runtime.instance.as_mut();
        let known = instance.is_some_and(|i| i.messengers.remove(&messenger.into_raw()));
        if known {
            Ok(R::SUCCESS)
        } else {
            bad_handle("messenger")
        }
    })
}

pub(crate) extern "system" fn submit_message(
    instance: xr::Instance,
    _severity: xr::DebugUtilsMessageSeverityFlagsEXT,
    _kinds: xr::DebugUtilsMessageTypeFlagsEXT,
    data: *const xr::DebugUtilsMessengerCallbackDataEXT,
) -> R {
    call("xrSubmitDebugUtilsMessageEXT", |runtime| {
        runtime.instance(instance)?;
        abi::input(data, xr::DebugUtilsMessengerCallbackDataEXT::TYPE)?;
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn set_object_name(
    instance: xr::Instance,
    info: *const xr::DebugUtilsObjectNameInfoEXT,
) -> R {
    call("xrSetDebugUtilsObjectNameEXT", |runtime| {
        runtime.instance(instance)?;
        abi::input(info, xr::DebugUtilsObjectNameInfoEXT::TYPE)?;
        Ok(R::SUCCESS)
    })
}

fn label(function: &'static str, session: xr::Session, info: *const xr::DebugUtilsLabelEXT) -> R {
    call(function, |runtime| {
        runtime.live(session)?;
        abi::input(info, xr::DebugUtilsLabelEXT::TYPE)?;
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn begin_label(
    session: xr::Session,
    info: *const xr::DebugUtilsLabelEXT,
) -> R {
    label("xrSessionBeginDebugUtilsLabelRegionEXT", session, info)
}

pub(crate) extern "system" fn insert_label(
    session: xr::Session,
    info: *const xr::DebugUtilsLabelEXT,
) -> R {
    label("xrSessionInsertDebugUtilsLabelEXT", session, info)
}

pub(crate) extern "system" fn end_label(session: xr::Session) -> R {
    call("xrSessionEndDebugUtilsLabelRegionEXT", |runtime| {
        runtime.live(session)?;
        Ok(R::SUCCESS)
    })
}
