//! The table of controllers.

use super::Profile;

const fn part_of_1_0(path: &'static str, both: &'static [&'static str]) -> Profile {
    Profile {
        path,
        extension: None,
        in_1_1: true,
        both,
        left: &[],
        right: &[],
    }
}

const XY: &[&str] = &[
    "input/x/click",
    "input/x/touch",
    "input/y/click",
    "input/y/touch",
];
const XY_MENU: &[&str] = &[
    "input/x/click",
    "input/x/touch",
    "input/y/click",
    "input/y/touch",
    "input/menu/click",
];
const AB: &[&str] = &[
    "input/a/click",
    "input/a/touch",
    "input/b/click",
    "input/b/touch",
];
const AB_SYSTEM: &[&str] = &[
    "input/a/click",
    "input/a/touch",
    "input/b/click",
    "input/b/touch",
    "input/system/click",
];

/// All that are known here.
pub(super) const PROFILES: &[Profile] = &[
    part_of_1_0(
        "/interaction_profiles/khr/simple_controller",
        &["input/select/click", "input/menu/click"],
    ),
    Profile {
        left: XY_MENU,
        right: AB_SYSTEM,
        ..part_of_1_0(
            "/interaction_profiles/oculus/touch_controller",
            &[
                "input/squeeze/value",
                "input/trigger/value",
                "input/trigger/touch",
                "input/thumbstick/x",
                "input/thumbstick/y",
                "input/thumbstick/click",
                "input/thumbstick/touch",
                "input/thumbrest/touch",
            ],
        )
    },
    part_of_1_0(
        "/interaction_profiles/valve/index_controller",
        &[
            "input/system/click",
            "input/system/touch",
            "input/a/click",
            "input/a/touch",
            "input/b/click",
            "input/b/touch",
            "input/squeeze/value",
            "input/squeeze/force",
            "input/trigger/click",
            "input/trigger/value",
            "input/trigger/touch",
            "input/thumbstick/x",
            "input/thumbstick/y",
            "input/thumbstick/click",
            "input/thumbstick/touch",
            "input/trackpad/x",
            "input/trackpad/y",
            "input/trackpad/force",
            "input/trackpad/touch",
        ],
    ),
    part_of_1_0(
        "/interaction_profiles/htc/vive_controller",
        &[
            "input/system/click",
            "input/squeeze/click",
            "input/menu/click",
            "input/trigger/click",
            "input/trigger/value",
            "input/trackpad/x",
            "input/trackpad/y",
            "input/trackpad/click",
            "input/trackpad/touch",
        ],
    ),
    part_of_1_0(
        "/interaction_profiles/microsoft/motion_controller",
        &[
            "input/menu/click",
            "input/squeeze/click",
            "input/trigger/value",
            "input/thumbstick/x",
            "input/thumbstick/y",
            "input/thumbstick/click",
            "input/trackpad/x",
            "input/trackpad/y",
            "input/trackpad/click",
            "input/trackpad/touch",
        ],
    ),
    Profile {
        path: "/interaction_profiles/bytedance/pico_neo3_controller",
        extension: Some("XR_BD_controller_interaction"),
        in_1_1: true,
        both: &[
            "input/menu/click",
            "input/system/click",
            "input/trigger/click",
            "input/trigger/value",
            "input/trigger/touch",
            "input/thumbstick/x",
            "input/thumbstick/y",
            "input/thumbstick/click",
            "input/thumbstick/touch",
            "input/squeeze/click",
            "input/squeeze/value",
        ],
        left: XY,
        right: AB,
    },
    Profile {
        path: "/interaction_profiles/bytedance/pico4_controller",
        extension: Some("XR_BD_controller_interaction"),
        in_1_1: true,
        both: &[
            "input/system/click",
            "input/trigger/click",
            "input/trigger/value",
            "input/trigger/touch",
            "input/thumbstick/x",
            "input/thumbstick/y",
            "input/thumbstick/click",
            "input/thumbstick/touch",
            "input/squeeze/click",
            "input/squeeze/value",
        ],
        left: XY_MENU,
        right: AB,
    },
    Profile {
        path: "/interaction_profiles/hp/mixed_reality_controller",
        extension: Some("XR_EXT_hp_mixed_reality_controller"),
        in_1_1: true,
        both: &[
            "input/menu/click",
            "input/squeeze/value",
            "input/trigger/value",
            "input/thumbstick/x",
            "input/thumbstick/y",
            "input/thumbstick/click",
        ],
        left: &["input/x/click", "input/y/click"],
        right: &["input/a/click", "input/b/click"],
    },
    Profile {
        path: "/interaction_profiles/logitech/mx_ink_stylus_logitech",
        extension: Some("XR_LOGITECH_mx_ink_stylus_interaction"),
        in_1_1: false,
        both: &[
            "input/tip_logitech/force",
            "input/tip_logitech/pose",
            "input/cluster_front_logitech/click",
            "input/cluster_front_logitech/double_tap_logitech",
            "input/cluster_middle_logitech/force",
            "input/cluster_back_logitech/click",
            "input/cluster_back_logitech/double_tap_logitech",
            "input/system/click",
            "input/dock_logitech/docked_logitech",
        ],
        left: &[],
        right: &[],
    },
    Profile {
        path: "/interaction_profiles/khr/generic_controller",
        extension: Some("XR_KHR_generic_controller"),
        in_1_1: false,
        both: &[
            "input/primary/click",
            "input/secondary/click",
            "input/grip_surface/pose",
            "input/thumbstick/x",
            "input/thumbstick/y",
            "input/thumbstick/click",
            "input/squeeze/value",
            "input/trigger/value",
        ],
        left: &[],
        right: &[],
    },
    Profile {
        path: HANDS_BARE,
        extension: Some("XR_EXT_hand_interaction"),
        in_1_1: false,
        both: &[
            "input/pinch_ext/value",
            "input/pinch_ext/ready_ext",
            "input/aim_activate_ext/value",
            "input/aim_activate_ext/ready_ext",
            "input/grasp_ext/value",
            "input/grasp_ext/ready_ext",
        ],
        left: &[],
        right: &[],
    },
];

/// Bare hands, which feel no vibration.
pub(super) const HANDS_BARE: &str = "/interaction_profiles/ext/hand_interaction_ext";
