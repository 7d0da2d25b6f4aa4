//! How the loader finds the runtime's functions.

use std::ffi::c_char;

use openxr_sys as xr;
use xr::pfn;
use xr::{Handle, Result as R};

use crate::{
    abi, action, binding, debug, extension, frame, hand, haptic, input, instance, path, refresh,
    session, space, swapchain, sync, system, view,
};

const VERSION: u32 = 1;

/// The first thing that the loader calls.
///
/// # Safety
///
/// Both pointers are null or point at the structures that the loader's interface says.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn xrNegotiateLoaderRuntimeInterface(
    info: *const xr::NegotiateLoaderInfo,
    request: *mut xr::NegotiateRuntimeRequest,
) -> R {
    // SAFETY: null or live, by the loader's promise.
    let (info, request) = unsafe { (info.as_ref(), request.as_mut()) };
    let (Some(info), Some(request)) = (info, request) else {
        return R::ERROR_INITIALIZATION_FAILED;
    };
    let sound = info.struct_type == xr::NegotiateLoaderInfo::TYPE
        && request.struct_type == xr::NegotiateRuntimeRequest::TYPE
        && request.struct_size == size_of::<xr::NegotiateRuntimeRequest>()
        && (info.min_interface_version..=info.max_interface_version).contains(&VERSION);
    if !sound {
        return R::ERROR_INITIALIZATION_FAILED;
    }
    request.runtime_interface_version = VERSION;
    request.runtime_api_version = xr::CURRENT_API_VERSION;
    request.get_instance_proc_addr = Some(get_instance_proc_addr);
    R::SUCCESS
}

pub(crate) extern "system" fn get_instance_proc_addr(
    instance: xr::Instance,
    name: *const c_char,
    function: *mut Option<pfn::VoidFunction>,
) -> R {
    let (Ok(name), Ok(out)) = (abi::text(name), abi::place(function)) else {
        return R::ERROR_VALIDATION_FAILURE;
    };
    *out = before_instance(name);
    if out.is_none() {
        // Also for an instance that is gone: the loader asks for xrDestroyInstance once more then.
        *out = (instance != xr::Instance::NULL)
            .then(|| core(name))
            .flatten();
    }
    if out.is_some() {
        return R::SUCCESS;
    }
    let Ok((is_1_1, enabled)) = instance::enabled_extensions(instance) else {
        return R::ERROR_HANDLE_INVALID;
    };
    let has = |name: &str| enabled.contains(name) || (is_1_1 && name == VERSION_1_1);
    *out = extended(name).and_then(|(needed, function)| has(needed).then_some(function));
    if out.is_some() {
        R::SUCCESS
    } else {
        R::ERROR_FUNCTION_UNSUPPORTED
    }
}

/// Stands where an extension's name stands, for functions that are part of 1.1.
const VERSION_1_1: &str = "XR_VERSION_1_1";

/// Turns functions, checked against their types, into the type that the loader wants.
macro_rules! table {
    ($name:expr, $($text:literal: $kind:ident = $function:expr),* $(,)?) => {
        match $name {
            $($text => {
                let function: pfn::$kind = $function;
                // SAFETY: a function pointer; the loader turns it back into the same type.
                Some(unsafe { std::mem::transmute::<pfn::$kind, pfn::VoidFunction>(function) })
            })*
            _ => None,
        }
    };
}

fn before_instance(name: &str) -> Option<pfn::VoidFunction> {
    table!(name,
        "xrGetInstanceProcAddr": GetInstanceProcAddr = get_instance_proc_addr,
        "xrEnumerateInstanceExtensionProperties": EnumerateInstanceExtensionProperties =
            instance::enumerate_extensions,
        "xrCreateInstance": CreateInstance = instance::create_instance,
    )
}

fn core(name: &str) -> Option<pfn::VoidFunction> {
    table!(name,
        "xrDestroyInstance": DestroyInstance = instance::destroy_instance,
        "xrGetInstanceProperties": GetInstanceProperties = instance::instance_properties,
        "xrPollEvent": PollEvent = instance::poll_event,
        "xrResultToString": ResultToString = instance::result_to_string,
        "xrStructureTypeToString": StructureTypeToString = instance::structure_type_to_string,
        "xrStringToPath": StringToPath = path::string_to_path,
        "xrPathToString": PathToString = path::path_to_string,
        "xrGetSystem": GetSystem = system::get_system,
        "xrGetSystemProperties": GetSystemProperties = system::system_properties,
        "xrEnumerateEnvironmentBlendModes": EnumerateEnvironmentBlendModes = system::blend_modes,
        "xrEnumerateViewConfigurations": EnumerateViewConfigurations = system::configurations,
        "xrGetViewConfigurationProperties": GetViewConfigurationProperties =
            system::configuration_properties,
        "xrEnumerateViewConfigurationViews": EnumerateViewConfigurationViews =
            system::configuration_views,
        "xrCreateSession": CreateSession = session::create_session,
        "xrDestroySession": DestroySession = session::destroy_session,
        "xrBeginSession": BeginSession = session::begin_session,
        "xrEndSession": EndSession = session::end_session,
        "xrRequestExitSession": RequestExitSession = session::request_exit,
        "xrEnumerateReferenceSpaces": EnumerateReferenceSpaces = space::reference_spaces,
        "xrCreateReferenceSpace": CreateReferenceSpace = space::create_reference_space,
        "xrGetReferenceSpaceBoundsRect": GetReferenceSpaceBoundsRect = space::bounds,
        "xrCreateActionSpace": CreateActionSpace = space::create_action_space,
        "xrLocateSpace": LocateSpace = space::locate_space,
        "xrDestroySpace": DestroySpace = space::destroy_space,
        "xrEnumerateSwapchainFormats": EnumerateSwapchainFormats = swapchain::formats,
        "xrCreateSwapchain": CreateSwapchain = swapchain::create_swapchain,
        "xrDestroySwapchain": DestroySwapchain = swapchain::destroy_swapchain,
        "xrEnumerateSwapchainImages": EnumerateSwapchainImages = swapchain::images,
        "xrAcquireSwapchainImage": AcquireSwapchainImage = swapchain::acquire,
        "xrWaitSwapchainImage": WaitSwapchainImage = swapchain::wait,
        "xrReleaseSwapchainImage": ReleaseSwapchainImage = swapchain::release,
        "xrWaitFrame": WaitFrame = frame::wait_frame,
        "xrBeginFrame": BeginFrame = frame::begin_frame,
        "xrEndFrame": EndFrame = frame::end_frame,
        "xrLocateViews": LocateViews = view::locate_views,
        "xrCreateActionSet": CreateActionSet = action::create_action_set,
        "xrDestroyActionSet": DestroyActionSet = action::destroy_action_set,
        "xrCreateAction": CreateAction = action::create_action,
        "xrDestroyAction": DestroyAction = action::destroy_action,
        "xrSuggestInteractionProfileBindings": SuggestInteractionProfileBindings =
            binding::suggest,
        "xrAttachSessionActionSets": AttachSessionActionSets = binding::attach,
        "xrGetCurrentInteractionProfile": GetCurrentInteractionProfile = binding::current_profile,
        "xrEnumerateBoundSourcesForAction": EnumerateBoundSourcesForAction = binding::bound_sources,
        "xrGetInputSourceLocalizedName": GetInputSourceLocalizedName = binding::localized_name,
        "xrSyncActions": SyncActions = sync::sync_actions,
        "xrGetActionStateBoolean": GetActionStateBoolean = input::boolean,
        "xrGetActionStateFloat": GetActionStateFloat = input::float,
        "xrGetActionStateVector2f": GetActionStateVector2f = input::vector,
        "xrGetActionStatePose": GetActionStatePose = input::pose,
        "xrApplyHapticFeedback": ApplyHapticFeedback = haptic::apply,
        "xrStopHapticFeedback": StopHapticFeedback = haptic::stop,
    )
}

/// Functions of extensions, each with the name of its extension.
fn extended(name: &str) -> Option<(&'static str, pfn::VoidFunction)> {
    let function = table!(name,
        "xrGetOpenGLGraphicsRequirementsKHR": GetOpenGLGraphicsRequirementsKHR =
            session::opengl_requirements,
        "xrGetVisibilityMaskKHR": GetVisibilityMaskKHR = view::visibility_mask,
        "xrLocateSpacesKHR": LocateSpaces = space::locate_spaces,
        "xrLocateSpaces": LocateSpaces = space::locate_spaces,
        "xrCreateHandTrackerEXT": CreateHandTrackerEXT = hand::create_tracker,
        "xrDestroyHandTrackerEXT": DestroyHandTrackerEXT = hand::destroy_tracker,
        "xrLocateHandJointsEXT": LocateHandJointsEXT = hand::locate_joints,
        "xrEnumerateDisplayRefreshRatesFB": EnumerateDisplayRefreshRatesFB = refresh::rates,
        "xrGetDisplayRefreshRateFB": GetDisplayRefreshRateFB = refresh::get,
        "xrRequestDisplayRefreshRateFB": RequestDisplayRefreshRateFB = refresh::request,
        "xrCreateDebugUtilsMessengerEXT": CreateDebugUtilsMessengerEXT = debug::create_messenger,
        "xrDestroyDebugUtilsMessengerEXT": DestroyDebugUtilsMessengerEXT = debug::destroy_messenger,
        "xrSubmitDebugUtilsMessageEXT": SubmitDebugUtilsMessageEXT = debug::submit_message,
        "xrSetDebugUtilsObjectNameEXT": SetDebugUtilsObjectNameEXT = debug::set_object_name,
        "xrSessionBeginDebugUtilsLabelRegionEXT": SessionBeginDebugUtilsLabelRegionEXT =
            debug::begin_label,
        "xrSessionEndDebugUtilsLabelRegionEXT": SessionEndDebugUtilsLabelRegionEXT =
            debug::end_label,
        "xrSessionInsertDebugUtilsLabelEXT": SessionInsertDebugUtilsLabelEXT = debug::insert_label,
    );
    let function = function.or_else(|| timespec(name))?;
    let needed = match name {
        "xrGetOpenGLGraphicsRequirementsKHR" => extension::OPENGL,
        "xrGetVisibilityMaskKHR" => extension::VISIBILITY_MASK,
        "xrLocateSpacesKHR" => "XR_KHR_locate_spaces",
        "xrLocateSpaces" => VERSION_1_1,
        _ if name.contains("Hand") => extension::HAND_TRACKING,
        _ if name.ends_with("FB") => extension::REFRESH,
        _ if name.contains("Timespec") => "XR_KHR_convert_timespec_time",
        _ => "XR_EXT_debug_utils",
    };
    Some((needed, function))
}

#[cfg(unix)]
fn timespec(name: &str) -> Option<pfn::VoidFunction> {
    table!(name,
        "xrConvertTimespecTimeToTimeKHR": ConvertTimespecTimeToTimeKHR = crate::time::from_timespec,
        "xrConvertTimeToTimespecTimeKHR": ConvertTimeToTimespecTimeKHR = crate::time::to_timespec,
    )
}

#[cfg(not(unix))]
fn timespec(_name: &str) -> Option<pfn::VoidFunction> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiate(min: u32, max: u32, size: usize) -> (R, Option<pfn::GetInstanceProcAddr>) {
        let info = xr::NegotiateLoaderInfo {
            struct_type: xr::NegotiateLoaderInfo::TYPE,
            struct_version: 1,
            struct_size: size_of::<xr::NegotiateLoaderInfo>(),
            min_interface_version: min,
            max_interface_version: max,
            min_api_version: xr::Version::new(1, 0, 0),
            max_api_version: xr::Version::new(1, 0xfff, 0xfff),
        };
        let mut request = xr::NegotiateRuntimeRequest {
            struct_type: xr::NegotiateRuntimeRequest::TYPE,
            struct_version: 1,
            struct_size: size,
            runtime_interface_version: 0,
            runtime_api_version: xr::Version::new(0, 0, 0),
            get_instance_proc_addr: None,
        };
        // SAFETY: both are live structures of the types that are asked for.
        let result =
            unsafe { xrNegotiateLoaderRuntimeInterface(&raw const info, &raw mut request) };
        (result, request.get_instance_proc_addr)
    }

    #[test]
    fn a_loader_of_the_same_interface_gets_the_way_to_all_functions() {
        let size = size_of::<xr::NegotiateRuntimeRequest>();
        let (result, function) = negotiate(1, 1, size);
        assert!(result == R::SUCCESS && function.is_some());
        for (min, max, size) in [(2, 3, size), (1, 1, size - 8)] {
            let (result, function) = negotiate(min, max, size);
            assert!(result == R::ERROR_INITIALIZATION_FAILED && function.is_none());
        }
    }

    #[test]
    fn functions_have_an_instance_but_for_the_first_three() {
        assert!(before_instance("xrCreateInstance").is_some());
        assert!(before_instance("xrWaitFrame").is_none());
        assert!(core("xrWaitFrame").is_some());
        assert!(core("xrNoSuchFunction").is_none());
    }

    #[test]
    fn functions_of_extensions_are_known_with_their_extension() {
        for (name, extension) in [
            ("xrLocateHandJointsEXT", extension::HAND_TRACKING),
            ("xrGetDisplayRefreshRateFB", extension::REFRESH),
            ("xrLocateSpaces", VERSION_1_1),
            ("xrLocateSpacesKHR", "XR_KHR_locate_spaces"),
            ("xrSubmitDebugUtilsMessageEXT", "XR_EXT_debug_utils"),
        ] {
            assert_eq!(extended(name).unwrap().0, extension);
        }
        assert!(extended("xrWaitFrame").is_none());
    }
}
