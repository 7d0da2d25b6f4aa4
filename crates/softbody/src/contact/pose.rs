//! Where a tool is and how it is turned.

use crate::vec3::{Vec3, add, axpy, cross, dot, norm, scale, sub};

/// Position and orientation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// m
    pub position: Vec3,
    /// Unit quaternion (w, x, y, z) that turns the tool's own axes into the world's.
    pub orientation: [f64; 4],
}

/// No rotation.
pub const UPRIGHT: [f64; 4] = [1.0, 0.0, 0.0, 0.0];

impl From<Vec3> for Pose {
    fn from(position: Vec3) -> Self {
        Self {
            position,
            orientation: UPRIGHT,
        }
    }
}

impl Pose {
    /// Whether all numbers are finite and the quaternion can be made a unit one.
    pub(crate) fn is_valid(&self) -> bool {
        let length = length(self.orientation);
        crate::vec3::finite(self.position) && length.is_finite() && length > 0.0
    }

    /// With a unit quaternion.
    pub(crate) fn normalised(self) -> Self {
        let length = length(self.orientation);
        let orientation = self.orientation.map(|x| x / length);
        Self {
            orientation,
            ..self
        }
    }

    /// From the tool's own frame to the world.
    pub(crate) fn place(&self, local: Vec3) -> Vec3 {
        add(self.position, self.turn(local))
    }

    /// From the world to the tool's own frame.
    pub(crate) fn local(&self, world: Vec3) -> Vec3 {
        self.turn_back(sub(world, self.position))
    }

    /// Turns a direction of the tool's own frame into the world.
    pub(crate) fn turn(&self, local: Vec3) -> Vec3 {
        rotate(self.orientation, local)
    }

    /// Turns a direction of the world into the tool's own frame.
    pub(crate) fn turn_back(&self, world: Vec3) -> Vec3 {
        rotate(conjugate(self.orientation), world)
    }

    /// The rotation from here to `other` as a vector in the world: axis times angle (rad).
    pub(crate) fn spin_to(&self, other: &Self) -> Vec3 {
        if self.orientation == other.orientation {
            return [0.0; 3];
        }
        let [w, x, y, z] = multiply(other.orientation, conjugate(self.orientation));
        // q and -q are one rotation; the shorter way has w >= 0.
        let (w, axis) = if w < 0.0 {
            (-w, [-x, -y, -z])
        } else {
            (w, [x, y, z])
        };
        let sine = norm(axis);
        if sine == 0.0 {
            return [0.0; 3];
        }
        scale(axis, 2.0 * libm::atan2(sine, w) / sine)
    }

    /// At `share` of the way to `other`, at even speed and turning rate.
    pub(crate) fn toward(&self, other: &Self, share: f64) -> Self {
        let way = sub(other.position, self.position);
        let spin = self.spin_to(other);
        Self {
            position: axpy(self.position, share, way),
            orientation: if spin == [0.0; 3] {
                self.orientation
            } else {
                multiply(rotation(scale(spin, share)), self.orientation)
            },
        }
    }
}

/// The quaternion that turns about the axis `spin` by its length (rad).
fn rotation(spin: Vec3) -> [f64; 4] {
    let angle = norm(spin);
    if angle == 0.0 {
        return UPRIGHT;
    }
    let [x, y, z] = scale(spin, libm::sin(0.5 * angle) / angle);
    [libm::cos(0.5 * angle), x, y, z]
}

fn length(q: [f64; 4]) -> f64 {
    q.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn conjugate([w, x, y, z]: [f64; 4]) -> [f64; 4] {
    [w, -x, -y, -z]
}

fn multiply([aw, ax, ay, az]: [f64; 4], [bw, bx, by, bz]: [f64; 4]) -> [f64; 4] {
    let (a, b) = ([ax, ay, az], [bx, by, bz]);
    let [x, y, z] = add(add(scale(b, aw), scale(a, bw)), cross(a, b));
    [aw * bw - dot(a, b), x, y, z]
}

/// q v q*
fn rotate([w, x, y, z]: [f64; 4], v: Vec3) -> Vec3 {
    let u = [x, y, z];
    let uv = cross(u, v);
    axpy(axpy(v, 2.0 * w, uv), 2.0, cross(u, uv))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::FRAC_PI_2;

    #[test]
    fn halfway_of_a_quarter_turn_is_an_eighth() {
        let start = Pose::from([1.0, 0.0, 0.0]);
        let end = Pose {
            position: [3.0, 0.0, 0.0],
            orientation: rotation([0.0, 0.0, FRAC_PI_2]),
        };
        let half = start.toward(&end, 0.5);
        let x = half.turn([1.0, 0.0, 0.0]);
        assert!((x[0] - x[1]).abs() < 1e-15 && x[0] > 0.7 && half.position[0] == 2.0);
        let back = half.local(half.place([0.3, -0.2, 0.1]));
        assert!(norm(sub(back, [0.3, -0.2, 0.1])) < 1e-15);
        let minus = Pose {
            orientation: end.orientation.map(|x| -x),
            ..end
        };
        assert_eq!(start.spin_to(&end), start.spin_to(&minus));
    }
}
