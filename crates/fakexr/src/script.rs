//! What the test says of the world: where head and hands are, what is pressed, what is offered.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openxr_sys as xr;

use crate::extension;
use crate::hand::Joints;
use crate::lifecycle::Wish;
use crate::pose::{Motion, Pose, Vector};

/// The path of the head, whose pose is the view's.
pub(crate) const HEAD: &str = "/user/head";
/// The hands' top-level paths.
pub(crate) const HANDS: [&str; 2] = ["/user/hand/left", "/user/hand/right"];

/// A thing that is tracked, as it was said at the time `since`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tracked {
    pub(crate) motion: Motion,
    /// Whether velocities were given; without, none are reported.
    pub(crate) moves: bool,
    pub(crate) flags: xr::SpaceLocationFlags,
    pub(crate) since: i64,
}

impl Tracked {
    /// A thing that stands still where it is seen.
    pub(crate) fn still(pose: Pose) -> Self {
        Self {
            motion: Motion::still(pose),
            moves: false,
            flags: all_flags(),
            since: 0,
        }
    }

    /// Where it is at `time`, with the velocities that were given.
    pub(crate) fn at(&self, time: i64) -> Motion {
        if self.moves {
            self.motion.after((time - self.since) as f64 * 1e-9)
        } else {
            self.motion
        }
    }
}

/// Orientation and position valid and tracked.
pub(crate) fn all_flags() -> xr::SpaceLocationFlags {
    xr::SpaceLocationFlags::ORIENTATION_VALID
        | xr::SpaceLocationFlags::POSITION_VALID
        | xr::SpaceLocationFlags::ORIENTATION_TRACKED
        | xr::SpaceLocationFlags::POSITION_TRACKED
}

/// A lens: half angles in radians (left, right, up, down).
pub(crate) type Fov = [f64; 4];

/// Everything that a test sets. It outlives sessions and instances.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) offered: BTreeSet<String>,
    pub(crate) api_minor: u16,
    pub(crate) headset: bool,
    pub(crate) present: bool,
    pub(crate) period: i64,
    pub(crate) refresh_rates: Vec<f32>,
    pub(crate) views: usize,
    pub(crate) eye: [u32; 2],
    pub(crate) ipd: f64,
    pub(crate) fov: Fov,
    pub(crate) mask_corner: f64,
    pub(crate) blend: Vec<xr::EnvironmentBlendMode>,
    pub(crate) should_render: bool,
    pub(crate) wish: Wish,
    pub(crate) tracked: BTreeMap<String, Tracked>,
    pub(crate) inputs: BTreeMap<String, [f64; 2]>,
    pub(crate) profiles: BTreeMap<String, String>,
    pub(crate) joints: [Option<Joints>; 2],
    pub(crate) hand_source: xr::HandTrackingDataSourceEXT,
    pub(crate) origins: Origins,
    pub(crate) bounds: Option<[f64; 2]>,
    pub(crate) keep_pictures: bool,
    pub(crate) patience_ms: u64,
    pub(crate) failures: BTreeMap<String, VecDeque<xr::Result>>,
    pub(crate) unavailable: bool,
}

/// Where the reference spaces lie in the tracking frame, whose origin is on the floor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origins {
    pub(crate) local: Pose,
    /// The pose before, and the time from which on `local` holds.
    pub(crate) before: Pose,
    pub(crate) since: i64,
}

impl Origins {
    /// LOCAL's origin at `time`.
    pub(crate) fn local_at(&self, time: i64) -> Pose {
        if time >= self.since {
            self.local
        } else {
            self.before
        }
    }

    /// LOCAL_FLOOR's origin: below LOCAL's, on the floor.
    pub(crate) fn floor_at(&self, time: i64) -> Pose {
        on_floor(self.local_at(time))
    }
}

/// The same pose at the floor's height.
pub(crate) fn on_floor(pose: Pose) -> Pose {
    let p: Vector = [pose.p[0], 0.0, pose.p[2]];
    Pose { p, ..pose }
}

/// Height of the head over the floor until the test says otherwise: a person who stands.
const HEAD_HEIGHT: f64 = 1.6;
const SIMPLE: &str = "/interaction_profiles/khr/simple_controller";

impl Default for Script {
    fn default() -> Self {
        let head = Pose::at([0.0, HEAD_HEIGHT, 0.0]);
        let side = |x| Tracked::still(Pose::at([x, 1.2, -0.4]));
        Self {
            offered: extension::ALL
                .iter()
                .map(|&(name, _)| name.to_owned())
                .collect(),
            api_minor: 1,
            headset: true,
            present: true,
            period: 1_000_000_000 / 90,
            refresh_rates: vec![72.0, 90.0, 120.0],
            views: 2,
            eye: [256, 256],
            ipd: 0.064,
            fov: [-0.9, 0.8, 0.85, -0.85],
            mask_corner: 0.3,
            blend: vec![xr::EnvironmentBlendMode::OPAQUE],
            should_render: true,
            wish: Wish::Focused,
            tracked: BTreeMap::from([
                (HEAD.to_owned(), Tracked::still(head)),
                (HANDS[0].to_owned(), side(-0.2)),
                (HANDS[1].to_owned(), side(0.2)),
            ]),
            inputs: BTreeMap::new(),
            profiles: HANDS
                .map(|hand| (hand.to_owned(), SIMPLE.to_owned()))
                .into(),
            joints: [None, None],
            hand_source: xr::HandTrackingDataSourceEXT::UNOBSTRUCTED,
            origins: Origins {
                local: head,
                before: head,
                since: 0,
            },
            bounds: Some([2.0, 2.0]),
            keep_pictures: false,
            patience_ms: 1000,
            failures: BTreeMap::new(),
            unavailable: false,
        }
    }
}

impl Script {
    /// What is tracked at a path: its own pose, or that of the hand that it belongs to.
    pub(crate) fn tracked(&self, path: &str) -> Option<&Tracked> {
        let hand = || HANDS.iter().find(|hand| path.starts_with(**hand));
        self.tracked
            .get(path)
            .or_else(|| self.tracked.get(*hand()?))
    }

    /// The head, which is always somewhere.
    pub(crate) fn head(&self) -> &Tracked {
        &self.tracked[HEAD]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pose_without_words_of_its_own_is_the_hands() {
        let mut script = Script::default();
        let aim = "/user/hand/right/input/aim/pose";
        assert_eq!(script.tracked(aim).unwrap().motion.pose.p, [0.2, 1.2, -0.4]);
        script
            .tracked
            .insert(aim.to_owned(), Tracked::still(Pose::at([1.0; 3])));
        assert_eq!(script.tracked(aim).unwrap().motion.pose.p, [1.0; 3]);
        assert_eq!(
            script.tracked("/user/hand/right").unwrap().motion.pose.p,
            [0.2, 1.2, -0.4]
        );
        assert!(script.tracked("/user/gamepad").is_none());
    }

    #[test]
    fn a_recentred_origin_holds_from_its_time_on() {
        let origins = Origins {
            local: Pose::at([1.0, 1.5, 0.0]),
            before: Pose::IDENTITY,
            since: 100,
        };
        assert_eq!(origins.local_at(99), Pose::IDENTITY);
        assert_eq!(origins.floor_at(100), Pose::at([1.0, 0.0, 0.0]));
    }
}
