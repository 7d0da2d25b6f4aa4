//! Sizes of structures as the C compiler lays them out on 64-bit systems, so that a change of the
//! bindings is noticed when this is built. From `openxr.h` 1.1 through a C compiler's rules.

use openxr_sys as xr;

macro_rules! sizes {
    ($($type:ident $size:literal,)*) => {
        #[cfg(target_pointer_width = "64")]
        const _: () = { $(assert!(size_of::<xr::$type>() == $size);)* };
    };
}
sizes! {
    ActionCreateInfo 224,
    ActionSetCreateInfo 216,
    ActionSpaceCreateInfo 64,
    ActionStateBoolean 40,
    ActionStateFloat 40,
    ActionStateGetInfo 32,
    ActionStatePose 24,
    ActionStateVector2f 48,
    ActionSuggestedBinding 16,
    ActionsSyncInfo 32,
    ActiveActionSet 16,
    ApplicationInfo 272,
    CompositionLayerDepthInfoKHR 64,
    CompositionLayerProjection 48,
    CompositionLayerProjectionView 96,
    CompositionLayerQuad 112,
    EventDataBuffer 4016,
    EventDataDisplayRefreshRateChangedFB 24,
    EventDataReferenceSpaceChangePending 72,
    EventDataSessionStateChanged 40,
    EventDataUserPresenceChangedEXT 32,
    ExtensionProperties 152,
    FrameEndInfo 40,
    FrameState 40,
    GraphicsBindingEGLMNDX 48,
    GraphicsBindingOpenGLXlibKHR 56,
    GraphicsRequirementsOpenGLKHR 32,
    HandJointLocationEXT 40,
    HandJointLocationsEXT 32,
    HandJointsLocateInfoEXT 32,
    HandTrackerCreateInfoEXT 24,
    HandTrackingDataSourceStateEXT 24,
    HapticActionInfo 32,
    HapticVibration 32,
    InstanceCreateInfo 328,
    InstanceProperties 152,
    InteractionProfileSuggestedBinding 40,
    ReferenceSpaceCreateInfo 48,
    SessionBeginInfo 24,
    SessionCreateInfo 32,
    SpaceLocation 56,
    SpaceLocationData 40,
    SpaceLocations 32,
    SpaceVelocity 48,
    SpacesLocateInfo 48,
    SwapchainCreateInfo 64,
    SwapchainImageOpenGLKHR 24,
    SwapchainImageWaitInfo 24,
    SystemGetInfo 24,
    SystemProperties 304,
    View 64,
    ViewConfigurationView 40,
    ViewLocateInfo 40,
    ViewState 24,
    VisibilityMaskKHR 48,
}
