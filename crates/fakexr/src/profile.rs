//! Interaction profiles: which binding paths each kind of controller has.
//!
//! Source: OpenXR 1.1 specification, sections "Interaction Profile Paths" and the extensions named.

mod table;

use crate::instance::Instance;
use table::{HANDS_BARE, PROFILES};

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
        if poses(instance).iter().any(|name| named(name)) {
            return Some(Kind::Pose);
        }
        if components().any(|own| own == rest) {
            let is_pose = rest.ends_with("/pose");
            return Some(if is_pose { Kind::Pose } else { Kind::Scalar });
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
            kind(touch, "left/input/grip_surface/pose"),
            Some(Kind::Pose)
        );
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
    fn poses_of_one_controller_alone_need_no_extension() {
        let names = [
            "XR_KHR_generic_controller",
            "XR_LOGITECH_mx_ink_stylus_interaction",
        ];
        let instance = instance(0, &names);
        for (path, pose) in [
            ("khr/generic_controller", "grip_surface/pose"),
            ("logitech/mx_ink_stylus_logitech", "tip_logitech/pose"),
        ] {
            let profile = find(&instance, &format!("/interaction_profiles/{path}")).unwrap();
            let known = |pose| profile.kind(&instance, &format!("/user/hand/left/input/{pose}"));
            assert_eq!(known(pose), Some(Kind::Pose), "{path}");
            assert_eq!(known("pinch_ext/pose"), None);
        }
    }

    #[test]
    fn no_profile_is_listed_twice() {
        let mut paths: Vec<&str> = PROFILES.iter().map(|profile| profile.path).collect();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), PROFILES.len());
    }
}
