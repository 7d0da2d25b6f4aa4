//! Interaction profiles: which binding paths each kind of controller has.
//!
//! Source: OpenXR 1.1 specification, sections "Interaction Profile Paths" and the extensions named.

use crate::instance::Instance;

/// One kind of controller.
pub(crate) struct Profile {
    pub(crate) path: &'static str,
    /// Its extension; none for those of OpenXR 1.0.
    extension: Option<&'static str>,
    /// Whether it is part of OpenXR 1.1.
    in_1_1: bool,
    both: &'static [&'static str],
    left: &'static [&'static str],
    right: &'static [&'static str],
}

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
const PROFILES: &[Profile] = &[
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
            "input/menu/click",
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

const HANDS_BARE: &str = "/interaction_profiles/ext/hand_interaction_ext";

/// What a binding path is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Vector,
    Pose,
    Haptic,
}

/// A profile that this instance may use.
pub(crate) fn find(instance: &Instance, path: &str) -> Option<&'static Profile> {
    let may = |profile: &&Profile| match profile.extension {
        None => true,
        Some(name) => instance.has(name) || (profile.in_1_1 && instance.is_1_1()),
    };
    PROFILES
        .iter()
        .find(|profile| profile.path == path)
        .filter(may)
}

/// Whether there is such a profile at all.
pub(crate) fn is_known(path: &str) -> bool {
    PROFILES.iter().any(|profile| profile.path == path)
}

impl Profile {
    /// What a full binding path is made for, or none if the profile does not have it.
    pub(crate) fn kind(&self, instance: &Instance, path: &str) -> Option<Kind> {
        let (side, rest) = match path.strip_prefix("/user/hand/left/") {
            Some(rest) => (self.left, rest),
            None => (self.right, path.strip_prefix("/user/hand/right/")?),
        };
        if rest == "output/haptic" {
            return (self.path != HANDS_BARE).then_some(Kind::Haptic);
        }
        let components = || self.both.iter().chain(side).copied();
        let named = |name: &str| {
            rest.strip_prefix(name)
                .is_some_and(|r| r.is_empty() || r == "/pose")
        };
        if poses(instance).iter().any(|name| named(name)) || rest == "input/tip_logitech/pose" {
            let tip = rest == "input/tip_logitech/pose";
            return (!tip || components().any(|own| own == rest)).then_some(Kind::Pose);
        }
        if components().any(|own| own == rest) {
            return Some(Kind::Scalar);
        }
        // Without its component a path means the whole stick, or the one value that there is.
        let below = |end: &str| components().any(|own| own.strip_prefix(rest) == Some(end));
        if below("/x") && below("/y") {
            return Some(Kind::Vector);
        }
        ["/value", "/force", "/click"]
            .iter()
            .any(|end| below(end))
            .then_some(Kind::Scalar)
    }
}

/// Poses that every controller has.
fn poses(instance: &Instance) -> Vec<&'static str> {
    let mut known = vec!["input/grip", "input/aim"];
    if instance.is_1_1() || instance.has("XR_KHR_maintenance1") {
        known.push("input/grip_surface");
    }
    if instance.has("XR_EXT_palm_pose") {
        known.push("input/palm_ext");
    }
    if instance.has(crate::extension::HAND_INTERACTION) {
        known.extend(["input/pinch_ext", "input/poke_ext"]);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use openxr_sys as xr;

    fn instance(minor: u16, extensions: &[&str]) -> Instance {
        let names = extensions.iter().map(|&name| name.to_owned()).collect();
        Instance::new(xr::Version::new(1, minor, 0), names)
    }

    fn kind(profile: &str, path: &str) -> Option<Kind> {
        let instance = instance(1, &["XR_EXT_hand_interaction"]);
        let profile = find(&instance, &format!("/interaction_profiles/{profile}")).unwrap();
        profile.kind(&instance, &format!("/user/hand/{path}"))
    }

    #[test]
    fn paths_that_a_controller_has_are_known_with_what_they_are_for() {
        let touch = "oculus/touch_controller";
        assert_eq!(kind(touch, "right/input/trigger/value"), Some(Kind::Scalar));
        assert_eq!(kind(touch, "right/input/trigger"), Some(Kind::Scalar));
        assert_eq!(kind(touch, "left/input/thumbstick"), Some(Kind::Vector));
        assert_eq!(kind(touch, "left/input/grip/pose"), Some(Kind::Pose));
        assert_eq!(kind(touch, "left/output/haptic"), Some(Kind::Haptic));
        assert_eq!(
            kind("ext/hand_interaction_ext", "left/input/pinch_ext/pose"),
            Some(Kind::Pose)
        );
    }

    #[test]
    fn paths_that_a_controller_does_not_have_are_refused() {
        let touch = "oculus/touch_controller";
        for path in [
            "left/input/a/click",
            "right/input/x/click",
            "right/input/trigger/click",
            "right/input/trackpad",
            "right/input/trig",
            "right/input/gripper/pose",
            "right/input/tip_logitech/pose",
        ] {
            assert_eq!(kind(touch, path), None, "{path}");
        }
        assert_eq!(
            kind("khr/simple_controller", "left/input/trigger/value"),
            None
        );
        assert_eq!(kind("ext/hand_interaction_ext", "left/output/haptic"), None);
    }

    #[test]
    fn a_profile_of_an_extension_needs_it_or_1_1() {
        let pico = "/interaction_profiles/bytedance/pico4_controller";
        let ink = "/interaction_profiles/logitech/mx_ink_stylus_logitech";
        assert!(find(&instance(0, &[]), pico).is_none());
        assert!(find(&instance(0, &["XR_BD_controller_interaction"]), pico).is_some());
        assert!(find(&instance(1, &[]), pico).is_some());
        assert!(find(&instance(1, &[]), ink).is_none());
        assert!(is_known(ink) && !is_known("/interaction_profiles/nobody/nothing"));
    }

    #[test]
    fn no_profile_is_listed_twice() {
        let mut paths: Vec<&str> = PROFILES.iter().map(|profile| profile.path).collect();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), PROFILES.len());
    }
}
