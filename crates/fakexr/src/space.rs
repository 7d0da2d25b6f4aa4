//! Spaces, and where they are.
//!
//! The test speaks in the tracking frame: origin on the floor, +y up. STAGE is that frame.

use openxr_sys as xr;
use xr::{Handle, ReferenceSpaceType as Reference, Result as R};

use crate::abi::{self, Answer, fault, invalid};
use crate::extension::LOCAL_FLOOR;
use crate::pose::{Motion, Pose, vector};
use crate::runtime::{Live, Runtime, bad_handle, call, fresh_handle};
use crate::script::{Tracked, all_flags};

/// What a space is fixed to, and how it lies there.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    pub(crate) anchor: Anchor,
    pub(crate) offset: Pose,
}

/// What a space is fixed to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Anchor {
    Reference(Reference),
    /// The pose action, and the hand that was asked for or none.
    Action(u64, Option<String>),
}

/// Where something is in the tracking frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) motion: Motion,
    pub(crate) moves: bool,
    pub(crate) flags: xr::SpaceLocationFlags,
}

impl Place {
    fn fixed(pose: Pose) -> Self {
        Self {
            motion: Motion::still(pose),
            moves: true,
            flags: all_flags(),
        }
    }

    pub(crate) fn of(tracked: &Tracked, time: i64) -> Self {
        Self {
            motion: tracked.at(time),
            moves: tracked.moves,
            flags: tracked.flags,
        }
    }

    fn nowhere() -> Self {
        Self {
            flags: xr::SpaceLocationFlags::EMPTY,
            moves: false,
            ..Self::fixed(Pose::IDENTITY)
        }
    }

    /// As it is seen from another place. What is not known of one is not known of both.
    pub(crate) fn seen_from(self, base: Self) -> Self {
        Self {
            motion: self.motion.seen_from(base.motion),
            moves: self.moves,
            flags: self.flags & base.flags,
        }
    }

    /// The velocities that are known.
    fn velocity_flags(self) -> xr::SpaceVelocityFlags {
        let mut flags = xr::SpaceVelocityFlags::EMPTY;
        if self.moves && self.flags.contains(xr::SpaceLocationFlags::POSITION_VALID) {
            flags |= xr::SpaceVelocityFlags::LINEAR_VALID;
        }
        if self.moves
            && self
                .flags
                .contains(xr::SpaceLocationFlags::ORIENTATION_VALID)
        {
            flags |= xr::SpaceVelocityFlags::ANGULAR_VALID;
        }
        flags
    }
}

impl Live<'_> {
    /// Where a space is at a time.
    pub(crate) fn place(&self, space: xr::Space, time: i64) -> Answer<Place> {
        let Some(space) = self.session.spaces.get(&space.into_raw()) else {
            return bad_handle("space");
        };
        let origins = &self.script.origins;
        let anchor = match &space.anchor {
            Anchor::Reference(Reference::VIEW) => Place::of(self.script.head(), time),
            Anchor::Reference(Reference::LOCAL) => Place::fixed(origins.local_at(time)),
            Anchor::Reference(Reference::LOCAL_FLOOR) => Place::fixed(origins.floor_at(time)),
            Anchor::Reference(_) => Place::fixed(Pose::IDENTITY),
            Anchor::Action(action, hand) => match self.session.inputs.pose_path(*action, hand) {
                Some(path) => match self.script.tracked(path) {
                    Some(tracked) => Place::of(tracked, time),
                    None => Place::nowhere(),
                },
                None => Place::nowhere(),
            },
        };
        let motion = anchor.motion.carrying(space.offset);
        Ok(Place { motion, ..anchor })
    }

    /// Where a space is in another at a time.
    pub(crate) fn locate(&self, space: xr::Space, base: xr::Space, time: i64) -> Answer<Place> {
        check_time(time)?;
        Ok(self.place(space, time)?.seen_from(self.place(base, time)?))
    }
}

/// Checks that a time can be one.
pub(crate) fn check_time(time: i64) -> Answer<()> {
    if time > 0 {
        return Ok(());
    }
    fault(
        R::ERROR_TIME_INVALID,
        format!("{time} is no time; use the predicted display time"),
    )
}

fn check_pose(pose: xr::Posef) -> Answer<Pose> {
    let pose = Pose::from(pose);
    if pose.is_unit() {
        return Ok(pose);
    }
    fault(
        R::ERROR_POSE_INVALID,
        format!("the quaternion {:?} is not of length one", pose.q),
    )
}

impl Runtime {
    fn references(&self) -> Vec<Reference> {
        let mut offered = vec![Reference::VIEW, Reference::LOCAL, Reference::STAGE];
        if self
            .instance
            .as_ref()
            .is_some_and(|i| i.is_1_1() || i.has(LOCAL_FLOOR))
        {
            offered.push(Reference::LOCAL_FLOOR);
        }
        offered
    }

    fn add_space(&mut self, session: xr::Session, new: Space, out: *mut xr::Space) -> Answer {
        let out = abi::place(out)?;
        let handle = fresh_handle();
        self.live(session)?.session.spaces.insert(handle, new);
        *out = xr::Space::from_raw(handle);
        Ok(R::SUCCESS)
    }
}

pub(crate) extern "system" fn reference_spaces(
    session: xr::Session,
    capacity: u32,
    count: *mut u32,
    spaces: *mut Reference,
) -> R {
    call("xrEnumerateReferenceSpaces", |runtime| {
        runtime.live(session)?;
        abi::two_calls(capacity, count, spaces, &runtime.references())
    })
}

pub(crate) extern "system" fn create_reference_space(
    session: xr::Session,
    info: *const xr::ReferenceSpaceCreateInfo,
    space: *mut xr::Space,
) -> R {
    call("xrCreateReferenceSpace", |runtime| {
        runtime.live(session)?;
        let info = abi::input(info, xr::ReferenceSpaceCreateInfo::TYPE)?;
        let kind = info.reference_space_type;
        if !runtime.references().contains(&kind) {
            let text = format!("{kind:?} is not among the reference spaces offered");
            return fault(R::ERROR_REFERENCE_SPACE_UNSUPPORTED, text);
        }
        let offset = check_pose(info.pose_in_reference_space)?;
        let anchor = Anchor::Reference(kind);
        runtime.add_space(session, Space { anchor, offset }, space)
    })
}

pub(crate) extern "system" fn bounds(
    session: xr::Session,
    kind: Reference,
    bounds: *mut xr::Extent2Df,
) -> R {
    call("xrGetReferenceSpaceBoundsRect", |runtime| {
        let live = runtime.live(session)?;
        let out = abi::place(bounds)?;
        let known = live.script.bounds.filter(|_| kind == Reference::STAGE);
        let [width, height] = known.unwrap_or([0.0; 2]).map(|side| side as f32);
        *out = xr::Extent2Df { width, height };
        Ok(if known.is_some() {
            R::SUCCESS
        } else {
            R::SPACE_BOUNDS_UNAVAILABLE
        })
    })
}

pub(crate) extern "system" fn create_action_space(
    session: xr::Session,
    info: *const xr::ActionSpaceCreateInfo,
    space: *mut xr::Space,
) -> R {
    call("xrCreateActionSpace", |runtime| {
        let live = runtime.live(session)?;
        let info = abi::input(info, xr::ActionSpaceCreateInfo::TYPE)?;
        let id = info.action.into_raw();
        let Some(action) = live.instance.actions.get(&id) else {
            return bad_handle("action");
        };
        if action.kind != xr::ActionType::POSE_INPUT {
            let text = format!("the action {} is no pose", action.name);
            return fault(R::ERROR_ACTION_TYPE_MISMATCH, text);
        }
        let hand = action.subaction(info.subaction_path, &live.instance.paths)?;
        let anchor = Anchor::Action(id, hand);
        let offset = check_pose(info.pose_in_action_space)?;
        runtime.add_space(session, Space { anchor, offset }, space)
    })
}

pub(crate) extern "system" fn destroy_space(space: xr::Space) -> R {
    call("xrDestroySpace", |runtime| {
        let removed = runtime
            .session
            .as_mut()
            .and_then(|s| s.spaces.remove(&space.into_raw()));
        if removed.is_some() {
            Ok(R::SUCCESS)
        } else {
            bad_handle("space")
        }
    })
}

pub(crate) extern "system" fn locate_space(
    space: xr::Space,
    base: xr::Space,
    time: xr::Time,
    location: *mut xr::SpaceLocation,
) -> R {
    call("xrLocateSpace", |runtime| {
        let live = runtime.live_owner()?;
        let out = abi::output(location, xr::SpaceLocation::TYPE)?;
        let place = live.locate(space, base, time.as_nanos())?;
        out.location_flags = place.flags;
        out.pose = place.motion.pose.into();
        type Velocity = xr::SpaceVelocity;
        if let Some(velocity) = abi::chained_mut::<Velocity>(out.next, Velocity::TYPE) {
            velocity.velocity_flags = place.velocity_flags();
            velocity.linear_velocity = vector(place.motion.linear);
            velocity.angular_velocity = vector(place.motion.angular);
        }
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn locate_spaces(
    session: xr::Session,
    info: *const xr::SpacesLocateInfo,
    locations: *mut xr::SpaceLocations,
) -> R {
    call("xrLocateSpaces", |runtime| {
        let live = runtime.live(session)?;
        let info = abi::input(info, xr::SpacesLocateInfo::TYPE)?;
        let out = abi::output(locations, xr::SpaceLocations::TYPE)?;
        let spaces = abi::list(info.spaces, info.space_count)?;
        if spaces.is_empty() || out.location_count != info.space_count {
            return invalid("there must be as many places as spaces, and at least one");
        }
        type Velocities = xr::SpaceVelocities;
        let mut velocities = abi::chained_mut::<Velocities>(out.next, Velocities::TYPE)
            .map(|chained| abi::room(chained.velocities, chained.velocity_count))
            .transpose()?;
        let places = abi::room(out.locations, out.location_count)?;
        for (index, &space) in spaces.iter().enumerate() {
            let place = live.locate(space, info.base_space, info.time.as_nanos())?;
            places[index].location_flags = place.flags;
            places[index].pose = place.motion.pose.into();
            if let Some(velocity) = velocities.as_mut().and_then(|list| list.get_mut(index)) {
                velocity.velocity_flags = place.velocity_flags();
                velocity.linear_velocity = vector(place.motion.linear);
                velocity.angular_velocity = vector(place.motion.angular);
            }
        }
        Ok(R::SUCCESS)
    })
}
