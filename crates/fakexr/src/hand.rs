//! Joints of hands (XR_EXT_hand_tracking).

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault, invalid};
use crate::extension::DATA_SOURCE;
use crate::pose::{Motion, Pose};
use crate::runtime::{bad_handle, call, fresh_handle};
use crate::space::{Place, check_time};

/// Joints of a hand, from the palm to the tip of the little finger.
pub(crate) const JOINTS: usize = 26;

/// One joint in the tracking frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joint {
    pub(crate) pose: Pose,
    pub(crate) radius: f64,
    pub(crate) flags: xr::SpaceLocationFlags,
}

/// All joints of a hand.
pub(crate) type Joints = [Joint; JOINTS];

/// A hand that the application follows, and the sources of joints that it allows.
#[derive(Debug)]
pub(crate) struct Tracker {
    side: usize,
    allowed: Option<Vec<xr::HandTrackingDataSourceEXT>>,
}

pub(crate) extern "system" fn create_tracker(
    session: xr::Session,
    info: *const xr::HandTrackerCreateInfoEXT,
    tracker: *mut xr::HandTrackerEXT,
) -> R {
    call("xrCreateHandTrackerEXT", |runtime| {
        let live = runtime.live(session)?;
        let info = abi::input(info, xr::HandTrackerCreateInfoEXT::TYPE)?;
        let out = abi::place(tracker)?;
        if info.hand_joint_set != xr::HandJointSetEXT::DEFAULT {
            return invalid("only the default set of joints is known");
        }
        let side = match info.hand {
            xr::HandEXT::LEFT => 0,
            xr::HandEXT::RIGHT => 1,
            other => return invalid(format!("{other:?} is no hand")),
        };
        type Sources = xr::HandTrackingDataSourceInfoEXT;
        let chained = abi::chained::<Sources>(info.next, Sources::TYPE);
        if chained.is_some() && !live.instance.has(DATA_SOURCE) {
            return invalid(format!("data sources were named without {DATA_SOURCE}"));
        }
        let allowed = chained
            .map(|s| abi::list(s.requested_data_sources, s.requested_data_source_count))
            .transpose()?
            .map(<[_]>::to_vec);
        let handle = fresh_handle();
        live.session
            .trackers
            .insert(handle, Tracker { side, allowed });
        *out = xr::HandTrackerEXT::from_raw(handle);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn destroy_tracker(tracker: xr::HandTrackerEXT) -> R {
    call("xrDestroyHandTrackerEXT", |runtime| {
        let session = runtime.session.as_mut();
        match session.and_then(|s| s.trackers.remove(&tracker.into_raw())) {
            Some(_) => Ok(R::SUCCESS),
            None => bad_handle("hand tracker"),
        }
    })
}

pub(crate) extern "system" fn locate_joints(
    tracker: xr::HandTrackerEXT,
    info: *const xr::HandJointsLocateInfoEXT,
    locations: *mut xr::HandJointLocationsEXT,
) -> R {
    call("xrLocateHandJointsEXT", |runtime| {
        let live = runtime.live_owner()?;
        let Some(tracker) = live.session.trackers.get(&tracker.into_raw()) else {
            return bad_handle("hand tracker");
        };
        let info = abi::input(info, xr::HandJointsLocateInfoEXT::TYPE)?;
        let out = abi::output(locations, xr::HandJointLocationsEXT::TYPE)?;
        if out.joint_count as usize != JOINTS {
            return invalid(format!(
                "there is room for {} joints, not 26",
                out.joint_count
            ));
        }
        let time = info.time.as_nanos();
        check_time(time)?;
        let base = live.place(info.base_space, time)?;
        let source = live.script.hand_source;
        let allowed = tracker
            .allowed
            .as_ref()
            .is_none_or(|list| list.contains(&source));
        let joints = live.script.joints[tracker.side]
            .as_ref()
            .filter(|_| allowed);
        out.is_active = joints.is_some().into();
        write_joints(out, joints, base)?;
        write_chain(out, joints.is_some(), source)
    })
}

fn write_joints(
    out: &xr::HandJointLocationsEXT,
    joints: Option<&Joints>,
    base: Place,
) -> Answer<()> {
    for (index, place) in abi::room(out.joint_locations, out.joint_count)?
        .iter_mut()
        .enumerate()
    {
        place.location_flags = xr::SpaceLocationFlags::EMPTY;
        if let Some(joint) = joints.map(|joints| joints[index]) {
            let seen = Place {
                motion: Motion::still(joint.pose),
                moves: false,
                flags: joint.flags,
            };
            let seen = seen.seen_from(base);
            place.location_flags = seen.flags;
            place.pose = seen.motion.pose.into();
            place.radius = joint.radius as f32;
        }
    }
    Ok(())
}

/// What is not known of the joints: their velocities; and what they come from.
fn write_chain(
    out: &xr::HandJointLocationsEXT,
    active: bool,
    source: xr::HandTrackingDataSourceEXT,
) -> Answer {
    type Velocities = xr::HandJointVelocitiesEXT;
    if let Some(chained) = abi::chained_mut::<Velocities>(out.next, Velocities::TYPE) {
        if chained.joint_count as usize != JOINTS {
            return fault(
                R::ERROR_VALIDATION_FAILURE,
                "there must be room for 26 velocities",
            );
        }
        for velocity in abi::room(chained.joint_velocities, chained.joint_count)? {
            velocity.velocity_flags = xr::SpaceVelocityFlags::EMPTY;
        }
    }
    type Source = xr::HandTrackingDataSourceStateEXT;
    if let Some(chained) = abi::chained_mut::<Source>(out.next, Source::TYPE) {
        chained.is_active = active.into();
        chained.data_source = source;
    }
    Ok(R::SUCCESS)
}
