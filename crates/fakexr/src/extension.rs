//! The extensions that this runtime can offer; which it does offer, the test says.

/// Name and version of every extension.
pub(crate) const ALL: &[(&str, u32)] = &[
    ("XR_KHR_opengl_enable", 11),
    ("XR_MNDX_egl_enable", 2),
    ("XR_MND_headless", 3),
    ("XR_KHR_composition_layer_depth", 6),
    ("XR_KHR_convert_timespec_time", 1),
    ("XR_KHR_visibility_mask", 2),
    ("XR_KHR_locate_spaces", 1),
    ("XR_KHR_generic_controller", 1),
    ("XR_EXT_debug_utils", 5),
    ("XR_EXT_hand_tracking", 4),
    ("XR_EXT_hand_tracking_data_source", 1),
    ("XR_EXT_hand_interaction", 2),
    ("XR_EXT_local_floor", 1),
    ("XR_EXT_palm_pose", 3),
    ("XR_EXT_user_presence", 1),
    ("XR_EXT_hp_mixed_reality_controller", 1),
    ("XR_FB_display_refresh_rate", 1),
    ("XR_BD_controller_interaction", 2),
    ("XR_LOGITECH_mx_ink_stylus_interaction", 1),
    ("XR_VARJO_quad_views", 1),
];

/// Whether an extension makes an instance able to draw with OpenGL.
pub(crate) const OPENGL: &str = "XR_KHR_opengl_enable";
/// An OpenGL context of EGL may be given.
pub(crate) const EGL: &str = "XR_MNDX_egl_enable";
/// A session needs no graphics.
pub(crate) const HEADLESS: &str = "XR_MND_headless";
/// Depth goes with each view.
pub(crate) const DEPTH: &str = "XR_KHR_composition_layer_depth";
/// Joints of bare hands.
pub(crate) const HAND_TRACKING: &str = "XR_EXT_hand_tracking";
/// Pinch and grasp of bare hands as inputs.
pub(crate) const HAND_INTERACTION: &str = "XR_EXT_hand_interaction";
/// What joints come from: a bare hand or a controller.
pub(crate) const DATA_SOURCE: &str = "XR_EXT_hand_tracking_data_source";
/// A seated origin on the floor.
pub(crate) const LOCAL_FLOOR: &str = "XR_EXT_local_floor";
/// Whether somebody wears the headset.
pub(crate) const PRESENCE: &str = "XR_EXT_user_presence";
/// The display's refresh rate.
pub(crate) const REFRESH: &str = "XR_FB_display_refresh_rate";
/// What the lenses hide.
pub(crate) const VISIBILITY_MASK: &str = "XR_KHR_visibility_mask";
/// A wide and a sharp view for each eye, before it became part of 1.1.
pub(crate) const QUAD_VIEWS: &str = "XR_VARJO_quad_views";

/// The position in [`ALL`], or nothing.
pub(crate) fn version(name: &str) -> Option<u32> {
    ALL.iter()
        .find(|(known, _)| *known == name)
        .map(|&(_, version)| version)
}
