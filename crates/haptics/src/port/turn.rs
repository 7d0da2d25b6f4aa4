//! Unit quaternions (w, x, y, z), as few operations as the port needs.

use crate::vector::{add, cross, dot, norm, scale};

/// Below this, one plus the cosine between two directions means that they are opposite.
const OPPOSITE: f64 = 1e-12;

/// First `b`, then `a`.
pub(super) fn multiply([aw, ax, ay, az]: [f64; 4], [bw, bx, by, bz]: [f64; 4]) -> [f64; 4] {
    let (a, b) = ([ax, ay, az], [bx, by, bz]);
    let [x, y, z] = add(add(scale(b, aw), scale(a, bw)), cross(a, b));
    [aw * bw - dot(a, b), x, y, z]
}

pub(super) fn conjugate([w, x, y, z]: [f64; 4]) -> [f64; 4] {
    [w, -x, -y, -z]
}

/// q v q*
pub(super) fn rotate([w, x, y, z]: [f64; 4], v: [f64; 3]) -> [f64; 3] {
    let u = [x, y, z];
    let uv = cross(u, v);
    add(add(v, scale(uv, 2.0 * w)), scale(cross(u, uv), 2.0))
}

/// With length one; nothing where it has no length or is not a number.
pub(super) fn unit(q: [f64; 4]) -> Option<[f64; 4]> {
    let length = q.iter().map(|x| x * x).sum::<f64>().sqrt();
    (length.is_finite() && length > 0.0).then(|| q.map(|x| x / length))
}

/// The shortest turn from direction `a` to direction `b`, about an arbitrary square axis where they
/// are opposite.
pub(super) fn between(a: [f64; 3], b: [f64; 3]) -> [f64; 4] {
    let w = 1.0 + dot(a, b);
    let [x, y, z] = if w > OPPOSITE { cross(a, b) } else { square(a) };
    let w = if w > OPPOSITE { w } else { 0.0 };
    unit([w, x, y, z]).unwrap_or([1.0, 0.0, 0.0, 0.0])
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
