//! A rigid instrument through a fixed point.
//!
//! Symbols: pivot p, handle h, length L from handle to tip, `l = |p - h|` outside, depth `s = L - l`
//! inside, shaft direction d (unit, from the handle to the tip):
//!
//! `d = (p - h) / l`, `tip = p + s d = h + L d`.
//!
//! **Orientation.** The tool's own axis a is -z: away from the person in the device frame, forward
//! in the world's. Where the handle is turned by R, its axis points along `u = R a`; the tool gets
//! the orientation nearest to R whose axis lies along d, `Q = M R` with M the shortest turn from u
//! to d. So the roll is the handle's, a handle held along the shaft is followed exactly, a device
//! without orientation has R = 1, and there is no memory: the same handle gives the same tool. M is
//! the half-turn H_u and then the half-turn H_m about the bisector `m = (u + d) / |u + d|`; since
//! `H_u R = R H_a`, `Q = H_m R H_a`.
//!
//! **Singular directions.** Where u points back along the shaft (within 10 degrees of -d) the
//! shortest turn has no certain axis: the tool is carried along with the shaft without spin and does
//! not roll with the handle until u is out of there; then it takes the nearest orientation at once.
//! The tip's position does not depend on any of this.
//!
//! **At the hub** (l below `min_outside_m`) the direction of the shaft holds, and the tool moves only
//! along it, by the handle's projection and no deeper than L. Leaving, the shaft swings to the
//! handle's direction by at most [`CATCH_UP_RAD`] per tick, so that the tip does not jump, wherever
//! the handle comes out.

use super::model::PortModel;
use super::turn::{about, between, square, twist};
use crate::rotation::{conjugate, multiply, normalised, rotate};
use crate::vector::{add, cross, dot, finite, norm, scale, sub};

/// The tool's own axis, from the handle to the tip.
pub(super) const AXIS: [f64; 3] = [0.0, 0.0, -1.0];
/// Largest swing per tick after the hub has left the port, rad.
const CATCH_UP_RAD: f64 = 0.01;
/// One plus the cosine of 170 degrees: least value of `1 + u d` with a certain roll.
const LEAST_ALIKE: f64 = 0.015_192_246_987_791_98;

/// Pose of the instrument and what its motion depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shaft {
    /// d
    pub direction: [f64; 3],
    /// s, m; negative where the tip is out of the port.
    pub depth: f64,
    /// Lateral motion of the tip per lateral motion of the handle, with its sign: -s / l, or 0 where
    /// the direction holds.
    pub lateral: f64,
    /// 1 / l, or 0 where the direction holds.
    pub swing: f64,
    /// Motion of the tip along the shaft per motion of the handle: 1, or 0 where it is at its end.
    pub slide: f64,
    /// u where the tool rolls with the handle.
    pub handle_axis: Option<[f64; 3]>,
    /// Whether the direction holds or is on its way back to the handle's.
    pub at_hub: bool,
    pub tip: [f64; 3],
    pub orientation: [f64; 4],
}

impl Shaft {
    /// Before anything was read: straight down, the tip in the port.
    pub fn start(pivot: [f64; 3]) -> Self {
        let direction = [0.0, -1.0, 0.0];
        Self {
            direction,
            depth: 0.0,
            lateral: 0.0,
            swing: 0.0,
            slide: 0.0,
            handle_axis: None,
            at_hub: false,
            tip: pivot,
            orientation: between(AXIS, direction),
        }
    }

    /// Where the handle takes it; nothing where the handle's pose is no number.
    pub fn moved(&self, model: &PortModel, pos: [f64; 3], rot: [f64; 4]) -> Option<Self> {
        let rot = normalised(rot)?;
        let way = sub(model.pivot, pos);
        let outside = norm(way);
        if !(finite(way) && outside.is_finite()) {
            return None;
        }
        let (direction, at_hub) = self.directed(model, way, outside);
        let placed = if at_hub {
            let outside = dot(way, direction);
            Self {
                depth: model.length_m - outside.max(0.0),
                lateral: 0.0,
                swing: 0.0,
                slide: if outside > 0.0 { 1.0 } else { 0.0 },
                ..*self
            }
        } else {
            let depth = model.length_m - outside;
            Self {
                depth,
                lateral: -depth / outside,
                swing: 1.0 / outside,
                slide: 1.0,
                ..*self
            }
        };
        let tip = add(model.pivot, scale(direction, placed.depth));
        let (orientation, handle_axis) = self.oriented(direction, rot);
        Some(Self {
            direction,
            at_hub,
            tip,
            orientation,
            handle_axis,
            ..placed
        })
    }

    /// The handle itself as the tool.
    pub fn without_port(&self, pos: [f64; 3], rot: [f64; 4]) -> Self {
        Self {
            depth: 0.0,
            lateral: 1.0,
            tip: pos,
            orientation: rot,
            ..*self
        }
    }

    /// The new direction, and whether it is not the handle's.
    fn directed(&self, model: &PortModel, way: [f64; 3], outside: f64) -> ([f64; 3], bool) {
        if outside < model.min_outside_m {
            return (self.direction, true);
        }
        let aim = scale(way, 1.0 / outside);
        if !self.at_hub {
            return (aim, false);
        }
        let across = cross(self.direction, aim);
        let (sine, cosine) = (norm(across), dot(self.direction, aim));
        if libm::atan2(sine, cosine) <= CATCH_UP_RAD {
            return (aim, false);
        }
        let axis = if sine > 1e-9 {
            scale(across, 1.0 / sine)
        } else {
            square(self.direction)
        };
        let turned = rotate(about(axis, CATCH_UP_RAD), self.direction);
        (scale(turned, 1.0 / norm(turned)), true)
    }

    /// The tool's orientation with its axis along `direction`, and the handle's axis if it rolls with
    /// the handle.
    fn oriented(&self, direction: [f64; 3], rot: [f64; 4]) -> ([f64; 4], Option<[f64; 3]>) {
        let axis = rotate(rot, AXIS);
        let (turn, from, axis) = if 1.0 + dot(axis, direction) >= LEAST_ALIKE {
            (between(axis, direction), rot, Some(axis))
        } else {
            (between(self.direction, direction), self.orientation, None)
        };
        (normalised(multiply(turn, from)).unwrap_or(from), axis)
    }

    /// Whether it has swung since `before` on its own, from the hub back to the handle's direction.
    pub fn swings_back(&self, before: &Self) -> bool {
        (self.at_hub || before.at_hub) && self.direction != before.direction
    }

    /// How far the handle has turned it about itself since `before`, rad.
    pub fn roll_since(&self, before: &Self) -> f64 {
        if self.handle_axis.is_none() || before.handle_axis.is_none() {
            return 0.0;
        }
        let carried = multiply(
            between(before.direction, self.direction),
            before.orientation,
        );
        twist(
            multiply(self.orientation, conjugate(carried)),
            self.direction,
        )
    }
}
