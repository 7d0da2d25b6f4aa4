//! Rotations as unit quaternions (w, x, y, z), Hamilton's product: `multiply(a, b)` turns by `b`
//! first. A pose's quaternion turns the body's own axes into those of the frame it is told in.
//!
//! Nothing here depends on the platform: sums, products, square roots, and `libm` for angles, so
//! the same inputs give the same bits everywhere. Nothing fails or allocates.

use crate::vector::{add, cross, dot, norm, scale};

pub use crate::device::NO_TURN;

/// `a b`: the turn `b`, then the turn `a`.
#[must_use]
pub fn multiply(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    let ([aw, av @ ..], [bw, bv @ ..]) = (a, b);
    let [x, y, z] = add(add(scale(bv, aw), scale(av, bw)), cross(av, bv));
    [aw * bw - dot(av, bv), x, y, z]
}

/// The turn back.
#[must_use]
pub fn conjugate([w, x, y, z]: [f64; 4]) -> [f64; 4] {
    [w, -x, -y, -z]
}

/// `v`, turned: `q v q*`, written as v + 2 w (u x v) + 2 u x (u x v).
#[must_use]
pub fn rotate([w, u @ ..]: [f64; 4], v: [f64; 3]) -> [f64; 3] {
    let uv = cross(u, v);
    add(add(v, scale(uv, 2.0 * w)), scale(cross(u, uv), 2.0))
}

/// `v`, turned back: `q* v q`.
#[must_use]
pub fn rotate_back(q: [f64; 4], v: [f64; 3]) -> [f64; 3] {
    rotate(conjugate(q), v)
}

/// Length of a quaternion.
#[must_use]
pub fn length(q: [f64; 4]) -> f64 {
    (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]).sqrt()
}

/// `q` with length 1; nothing where it is not a number, zero, or out of the range of numbers.
#[must_use]
pub fn normalised(q: [f64; 4]) -> Option<[f64; 4]> {
    let length = length(q);
    (length.is_finite() && length > f64::MIN_POSITIVE).then(|| q.map(|x| x / length))
}

/// Of `q` and `-q`, which are one rotation, the one nearer to `near`: keeps a stream of quaternions
/// free of jumps.
#[must_use]
pub fn nearer(q: [f64; 4], near: [f64; 4]) -> [f64; 4] {
    let cosine = q[0] * near[0] + q[1] * near[1] + q[2] * near[2] + q[3] * near[3];
    if cosine < 0.0 { q.map(|x| -x) } else { q }
}

/// The turn about the direction of `vector` by its length (rad): the exponential map.
#[must_use]
pub fn from_vector(vector: [f64; 3]) -> [f64; 4] {
    let angle = norm(vector);
    // sin(a/2)/a is 1/2 to the last bit where a^2/24 is below the resolution of numbers.
    let share = if angle < 1e-8 {
        0.5
    } else {
        libm::sin(0.5 * angle) / angle
    };
    let [x, y, z] = scale(vector, share);
    [libm::cos(0.5 * angle), x, y, z]
}

/// Axis times angle (rad) of a unit quaternion, the shorter way round: the inverse of
/// [`from_vector`] for angles up to half a turn.
#[must_use]
pub fn to_vector(q: [f64; 4]) -> [f64; 3] {
    let [w, axis @ ..] = nearer(q, NO_TURN);
    let sine = norm(axis);
    // Near no turn the angle is 2 sine; atan2 keeps all digits near half a turn, where acos loses
    // half of them.
    let share = if sine < 1e-8 {
        2.0
    } else {
        2.0 * libm::atan2(sine, w) / sine
    };
    scale(axis, share)
}

/// The turn that leads from `from` to `to`, as axis times angle (rad) in the frame both are told
/// in: a rotational spring's deflection, and over a tick's time its angular velocity.
#[must_use]
pub fn difference(from: [f64; 4], to: [f64; 4]) -> [f64; 3] {
    to_vector(multiply(to, conjugate(from)))
}

/// The rows of the rotation matrix: `rotate(q, v)` is matrix times `v`.
#[must_use]
pub fn to_matrix(q: [f64; 4]) -> [[f64; 3]; 3] {
    let [x, y, z] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|axis| rotate(q, axis));
    [[x[0], y[0], z[0]], [x[1], y[1], z[1]], [x[2], y[2], z[2]]]
}

/// The unit quaternion of a rotation matrix given by its rows, with w >= 0; by the largest of its
/// components, so that no digits are lost (Shepperd 1978). A matrix that is slightly off gives a
/// rotation near it; nothing where a number is not finite.
///
/// The matrix has to be right-handed: mirrored axes are no rotation, and the driver that reads
/// them has to turn them first.
#[must_use]
pub fn from_matrix(m: [[f64; 3]; 3]) -> Option<[f64; 4]> {
    let trace = m[0][0] + m[1][1] + m[2][2];
    // The candidates are 4 w q, 4 x q, 4 y q and 4 z q.
    let (wx, wy, wz) = (m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]);
    let (xy, xz, yz) = (m[0][1] + m[1][0], m[0][2] + m[2][0], m[1][2] + m[2][1]);
    let of = |i: usize| 1.0 + 2.0 * m[i][i] - trace;
    let candidates = [
        [1.0 + trace, wx, wy, wz],
        [wx, of(0), xy, xz],
        [wy, xy, of(1), yz],
        [wz, xz, yz, of(2)],
    ];
    let mut best = 0;
    for i in 1..4 {
        if candidates[i][i] > candidates[best][best] {
            best = i;
        }
    }
    normalised(candidates[best]).map(|q| nearer(q, NO_TURN))
}

#[cfg(test)]
mod tests;
