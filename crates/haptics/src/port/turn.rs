//! Turns between directions, as unit quaternions (w, x, y, z): what a port needs beyond `rotation`.

use crate::rotation::{NO_TURN, normalised};
use crate::vector::{cross, dot, norm, scale};

/// Below this, one plus the cosine between two directions means that they are opposite.
const OPPOSITE: f64 = 1e-12;

/// The shortest turn from direction `a` to direction `b`, about an arbitrary square axis where they
/// are opposite.
pub(super) fn between(a: [f64; 3], b: [f64; 3]) -> [f64; 4] {
    let w = 1.0 + dot(a, b);
    let [x, y, z] = if w > OPPOSITE { cross(a, b) } else { square(a) };
    let w = if w > OPPOSITE { w } else { 0.0 };
    normalised([w, x, y, z]).unwrap_or(NO_TURN)
}

/// The turn about the unit vector `axis` by `angle` (rad).
pub(super) fn about(axis: [f64; 3], angle: f64) -> [f64; 4] {
    let [x, y, z] = scale(axis, libm::sin(0.5 * angle));
    [libm::cos(0.5 * angle), x, y, z]
}

/// The angle by which `q` turns about `axis`, from -pi to pi (the twist of swing and twist).
pub(super) fn twist([w, x, y, z]: [f64; 4], axis: [f64; 3]) -> f64 {
    let sine = dot([x, y, z], axis);
    let (sine, w) = if w < 0.0 { (-sine, -w) } else { (sine, w) };
    2.0 * libm::atan2(sine, w)
}

/// A unit vector square to the unit vector `a`.
pub(super) fn square(a: [f64; 3]) -> [f64; 3] {
    let other = if a[0].abs() < 0.6 {
        [1.0, 0.0, 0.0]
    } else {
        [0.0, 1.0, 0.0]
    };
    let v = cross(a, other);
    scale(v, 1.0 / norm(v))
}
