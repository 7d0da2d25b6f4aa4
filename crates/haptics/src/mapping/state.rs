//! The clutch: lets go of the tool while a button is held, as one lifts a mouse from its pad.
//!
//! While it is held the tool stays where it was in the tick before; in the tick in which it is let
//! go the tool is still exactly there, and from then on moves as the hand moves from there. No
//! pair of ticks differs by more than the hand moved between them, whatever the button does.
//!
//! Turns, with [`Mapping::clutch_turns`]: frozen and taken up again in the same way, so that the
//! tool turns about the world's axes as the hand does. Without it the tool is turned like the
//! handle in every tick, held or not: an instrument through a trocar stays turned as it is held.

use softbody::Pose;

use super::{Mapping, MappingError};
use crate::device::Sample;
use crate::rotation::{conjugate, multiply, nearer, normalised, rotate, rotate_back};
use crate::vector::{add, finite, scale, sub};

/// A [`Mapping`] and where the clutch has left it. The same samples give the same bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MappingState {
    mapping: Mapping,
    /// Point of the device frame that lies at `anchor_world` since the last release, m.
    anchor_device: [f64; 3],
    anchor_world: [f64; 3],
    /// [`Mapping::tool_turn`] as it is since the last release.
    tool_turn: [f64; 4],
    pose: Option<Pose>,
    held: bool,
}

impl MappingState {
    /// The mapping before the first sample.
    ///
    /// # Errors
    /// Where a field is out of range.
    pub fn new(mapping: Mapping) -> Result<Self, MappingError> {
        let mapping = mapping.checked()?;
        Ok(Self {
            anchor_device: mapping.origin_device,
            anchor_world: mapping.origin_world,
            tool_turn: mapping.tool_turn,
            mapping,
            pose: None,
            held: false,
        })
    }

    /// The mapping as it was given, with unit quaternions.
    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Where the tool is for the device's `sample`, and whether the clutch is held: then the hand
    /// has to get no force. Call it once for each sample, in their order.
    ///
    /// A sample that is no pose (not a number, no quaternion) changes nothing: the tool and the
    /// clutch stay as they were.
    pub fn to_world(&mut self, sample: &Sample) -> (Pose, bool) {
        let rot = normalised(sample.rot).filter(|_| finite(sample.pos));
        let Some(rot) = rot else {
            return (self.pose.unwrap_or_else(|| self.at_anchor()), self.held);
        };
        let held = self.clutch_in(sample.buttons);
        let released = self.held && !held;
        self.held = held;
        let free = self.free(sample.pos, rot);
        let pose = match self.pose {
            Some(kept) if held || released => self.kept(kept, free),
            _ => free,
        };
        if released {
            self.anchor(sample.pos, rot, pose);
        }
        self.pose = Some(pose);
        (pose, held)
    }

    /// Where the hand has to be for the tool to be at `world`, m, as the clutch has left it: for
    /// pointers and scripts, which aim in the world.
    #[must_use]
    pub fn to_device(&self, world: [f64; 3]) -> [f64; 3] {
        let way = rotate_back(self.mapping.rotation, sub(world, self.anchor_world));
        add(self.anchor_device, scale(way, 1.0 / self.mapping.scale))
    }

    fn clutch_in(&self, buttons: u32) -> bool {
        self.mapping
            .clutch
            .is_some_and(|bit| buttons & (1 << bit) != 0)
    }

    /// The tool's pose with the clutch open.
    fn free(&self, pos: [f64; 3], rot: [f64; 4]) -> Pose {
        let Mapping {
            rotation, scale: s, ..
        } = self.mapping;
        let way = scale(rotate(rotation, sub(pos, self.anchor_device)), s);
        let orientation = multiply(multiply(rotation, rot), self.tool_turn);
        let before = self.pose.map_or(orientation, |pose| pose.orientation);
        Pose {
            position: add(self.anchor_world, way),
            orientation: nearer(normalised(orientation).unwrap_or(before), before),
        }
    }

    /// `kept`, but for what the clutch does not part.
    fn kept(&self, kept: Pose, free: Pose) -> Pose {
        let orientation = if self.mapping.clutch_turns {
            kept.orientation
        } else {
            free.orientation
        };
        Pose {
            position: kept.position,
            orientation,
        }
    }

    /// From now on the handle at `pos`, turned by `rot`, means the tool at `pose`.
    fn anchor(&mut self, pos: [f64; 3], rot: [f64; 4], pose: Pose) {
        self.anchor_device = pos;
        self.anchor_world = pose.position;
        if self.mapping.clutch_turns {
            let handle = multiply(self.mapping.rotation, rot);
            let turn = multiply(conjugate(handle), pose.orientation);
            self.tool_turn = normalised(turn).unwrap_or(self.tool_turn);
        }
    }

    /// Where the tool is while no sample has said anything.
    fn at_anchor(&self) -> Pose {
        Pose {
            position: self.anchor_world,
            orientation: multiply(self.mapping.rotation, self.tool_turn),
        }
    }
}
