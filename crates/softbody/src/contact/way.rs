//! How a tool gets to where it is moved, without going through tissue.
//!
//! Contact is made by a proxy of the tool (Zilles and Salisbury 1995). It stands where the tool is,
//! unless the tool moves far in a substep, or tissue could not make way for it: then the proxy goes
//! there in parts, with a contact search before each, as in conservative advancement (Mirtich 1996).
//! A part is at most
//!
//!   share = min((D + L) / way,  (L - d_c) / -(n_c . delta_c) over contacts c that it approaches)
//!
//! with the clearance D, the way that the fastest point of the tool has before it, the contact's depth
//! d_c, normal n_c (from tissue to tool) and way delta_c. So the proxy never sinks in by more than L,
//! a share of the tool's thickness, and always has the tissue on the side where it was. What is left
//! of the way it makes up for in the substeps that follow, as fast as tissue makes way.

use super::find::find;
use super::pose::Pose;
use super::tissue::Tissue;
use super::tool::Tool;
use crate::vec3::{Vec3, add, cross, dot, norm, sub};

/// How far a tool moves without a look, and how deep its proxy may sink in, as a share of its gauge.
const STRIDE: f64 = 0.25;
/// Most contact searches in a substep.
const SEARCHES: usize = 16;
/// Shares of the way below this are none.
const LEAST: f64 = 1e-6;

/// Moves the proxy to where the tool is, or as near as it may come, and finds its contacts there.
pub(crate) fn follow(tool: &mut Tool, bodies: &[impl Tissue]) {
    let goal = tool.pose();
    tool.before = tool.proxy;
    let slow = Way::new(&tool.proxy, &goal).most(tool.arm) <= STRIDE * tool.gauge;
    if slow && !tool.careful {
        tool.proxy = goal;
    } else {
        creep(tool, bodies, &goal);
    }
    tool.careful = tool.proxy != goal;
    find(tool, bodies);
}

fn creep(tool: &mut Tool, bodies: &[impl Tissue], goal: &Pose) {
    if tool.candidates.is_empty() {
        tool.proxy = *goal;
    }
    for _ in 0..SEARCHES {
        let way = Way::new(&tool.proxy, goal);
        let most = way.most(tool.arm);
        if most == 0.0 {
            return;
        }
        find(tool, bodies);
        let stride = STRIDE * tool.gauge;
        let clear = (tool.clearance(bodies) + stride) / most;
        let shares = tool.contacts.iter().map(|c| {
            let approach = -dot(c.normal, way.at(sub(c.on_core, tool.proxy.position)));
            if approach > 0.0 {
                let depth = c.depth_in(&bodies[c.body as usize], tool.radius);
                (stride - depth).max(0.0) / approach
            } else {
                f64::INFINITY
            }
        });
        let share = shares.fold(clear, f64::min);
        if share >= 1.0 {
            tool.proxy = *goal;
            return;
        }
        if share < LEAST {
            return;
        }
        tool.proxy = tool.proxy.toward(goal, share);
    }
}

/// How far the tool has come in a substep.
#[derive(Debug, Clone, Copy)]
pub(super) enum Motion {
    /// All of it alike, m.
    Straight(Vec3),
    Turning {
        before: Pose,
        after: Pose,
    },
}

impl Motion {
    /// The way of the tool's material that is now at `point`, m.
    pub fn of(&self, point: Vec3) -> Vec3 {
        match self {
            Self::Straight(way) => *way,
            Self::Turning { before, after } => sub(point, before.place(after.local(point))),
        }
    }
}

/// A motion from one pose to another, small enough to be linear.
struct Way {
    /// m
    shift: Vec3,
    /// rad
    spin: Vec3,
}

impl Way {
    fn new(from: &Pose, to: &Pose) -> Self {
        Self {
            shift: sub(to.position, from.position),
            spin: from.spin_to(to),
        }
    }

    /// Of a point at `lever` from the tool's position, m.
    fn at(&self, lever: Vec3) -> Vec3 {
        add(self.shift, cross(self.spin, lever))
    }

    /// Of the fastest point within `arm` of the tool's position, m.
    fn most(&self, arm: f64) -> f64 {
        norm(self.shift) + arm * norm(self.spin)
    }
}
