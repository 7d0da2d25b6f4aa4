//! Rigid poses and their motion, in double precision.

use openxr_sys as xr;

/// A vector in metres, or metres or radians a second.
pub(crate) type Vector = [f64; 3];

/// Where a frame lies in another: turned by the unit quaternion `q` (x, y, z, w), then moved by `p`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pose {
    pub(crate) q: [f64; 4],
    pub(crate) p: Vector,
}

impl Pose {
    pub(crate) const IDENTITY: Self = Self {
        q: [0.0, 0.0, 0.0, 1.0],
        p: [0.0; 3],
    };

    /// A pose that does not turn.
    pub(crate) const fn at(p: Vector) -> Self {
        Self {
            q: Self::IDENTITY.q,
            p,
        }
    }

    /// A pose from x, y, z, w of its quaternion and its position.
    pub(crate) fn from_array(a: [f64; 7]) -> Self {
        Self {
            q: [a[0], a[1], a[2], a[3]],
            p: [a[4], a[5], a[6]],
        }
    }

    /// `self` after `inner`: the pose of `inner` seen from where `self` is seen from.
    pub(crate) fn then(self, inner: Self) -> Self {
        let p = add(self.p, rotate(self.q, inner.p));
        Self {
            q: multiply(self.q, inner.q),
            p,
        }
    }

    /// The same relation seen from the other side.
    pub(crate) fn inverse(self) -> Self {
        let q = conjugate(self.q);
        Self {
            q,
            p: scale(rotate(q, self.p), -1.0),
        }
    }

    /// Whether the quaternion has length one, within what single precision and the specification
    /// (one per cent) allow.
    pub(crate) fn is_unit(self) -> bool {
        let length = self.q.iter().map(|x| x * x).sum::<f64>().sqrt();
        (length - 1.0).abs() < 0.01 && self.p.iter().all(|x| x.is_finite())
    }
}

impl From<xr::Posef> for Pose {
    fn from(pose: xr::Posef) -> Self {
        let (q, p) = (pose.orientation, pose.position);
        Self {
            q: [q.x, q.y, q.z, q.w].map(f64::from),
            p: [p.x, p.y, p.z].map(f64::from),
        }
    }
}

impl From<Pose> for xr::Posef {
    fn from(pose: Pose) -> Self {
        let [x, y, z, w] = pose.q.map(|value| value as f32);
        Self {
            orientation: xr::Quaternionf { x, y, z, w },
            position: vector(pose.p),
        }
    }
}

/// In single precision.
pub(crate) fn vector(v: Vector) -> xr::Vector3f {
    let [x, y, z] = v.map(|value| value as f32);
    xr::Vector3f { x, y, z }
}

/// A pose that moves; both velocities in the frame that the pose is given in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Motion {
    pub(crate) pose: Pose,
    pub(crate) linear: Vector,
    pub(crate) angular: Vector,
}

impl Motion {
    /// A frame that stands still.
    pub(crate) const fn still(pose: Pose) -> Self {
        Self {
            pose,
            linear: [0.0; 3],
            angular: [0.0; 3],
        }
    }

    /// Where it is `seconds` later with velocities that do not change.
    pub(crate) fn after(self, seconds: f64) -> Self {
        let turn = from_rotation_vector(scale(self.angular, seconds));
        let pose = Pose {
            q: multiply(turn, self.pose.q),
            p: add(self.pose.p, scale(self.linear, seconds)),
        };
        Self { pose, ..self }
    }

    /// A frame fixed to this one at `offset`.
    pub(crate) fn carrying(self, offset: Pose) -> Self {
        let pose = self.pose.then(offset);
        let lever = add(pose.p, scale(self.pose.p, -1.0));
        let linear = add(self.linear, cross(self.angular, lever));
        Self {
            pose,
            linear,
            ..self
        }
    }

    /// This motion as it is seen from `base`, which moves too.
    pub(crate) fn seen_from(self, base: Self) -> Self {
        let lever = add(self.pose.p, scale(base.pose.p, -1.0));
        let carried = add(base.linear, cross(base.angular, lever));
        let back = conjugate(base.pose.q);
        Self {
            pose: base.pose.inverse().then(self.pose),
            linear: rotate(back, add(self.linear, scale(carried, -1.0))),
            angular: rotate(back, add(self.angular, scale(base.angular, -1.0))),
        }
    }
}

fn add(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

fn scale(a: Vector, s: f64) -> Vector {
    a.map(|x| x * s)
}

fn cross(a: Vector, b: Vector) -> Vector {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn conjugate(q: [f64; 4]) -> [f64; 4] {
    [-q[0], -q[1], -q[2], q[3]]
}

fn multiply(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    let [ax, ay, az, aw] = a;
    let [bx, by, bz, bw] = b;
    [
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    ]
}

fn rotate(q: [f64; 4], v: Vector) -> Vector {
    // v + 2 w (u x v) + 2 u x (u x v), with q = (u, w)
    let u = [q[0], q[1], q[2]];
    let once = cross(u, v);
    add(v, add(scale(once, 2.0 * q[3]), scale(cross(u, once), 2.0)))
}

fn from_rotation_vector(r: Vector) -> [f64; 4] {
    let angle = r.iter().map(|x| x * x).sum::<f64>().sqrt();
    if angle == 0.0 {
        return Pose::IDENTITY.q;
    }
    let s = (angle / 2.0).sin() / angle;
    [r[0] * s, r[1] * s, r[2] * s, (angle / 2.0).cos()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUARTER: f64 = std::f64::consts::FRAC_PI_2;

    fn close(a: Vector, b: Vector) -> bool {
        a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-12)
    }

    fn turned_left(p: Vector) -> Pose {
        Pose {
            q: from_rotation_vector([0.0, QUARTER, 0.0]),
            p,
        }
    }

    #[test]
    fn a_pose_after_its_inverse_is_no_pose() {
        let pose = turned_left([1.0, 2.0, 3.0]);
        assert!(close(pose.then(pose.inverse()).p, [0.0; 3]));
        assert!(close(
            pose.then(Pose::at([0.0, 0.0, -1.0])).p,
            [0.0, 2.0, 3.0]
        ));
        assert!(
            pose.is_unit()
                && !Pose {
                    q: [0.0; 4],
                    ..pose
                }
                .is_unit()
        );
    }

    #[test]
    fn what_is_held_moves_with_the_hand_that_turns() {
        let hand = Motion {
            angular: [0.0, 2.0, 0.0],
            ..Motion::still(Pose::IDENTITY)
        };
        let tip = hand.carrying(Pose::at([0.0, 0.0, -0.5]));
        assert!(close(tip.linear, [-1.0, 0.0, 0.0]));
        // seen from the hand itself the tip stands still
        let seen = tip.seen_from(hand);
        assert!(close(seen.linear, [0.0; 3]) && close(seen.angular, [0.0; 3]));
    }

    #[test]
    fn prediction_follows_the_velocities() {
        let hand = Motion {
            linear: [1.0, 0.0, 0.0],
            angular: [0.0, QUARTER, 0.0],
            ..Motion::still(Pose::IDENTITY)
        };
        let later = hand.after(1.0).pose;
        assert!(close(later.p, [1.0, 0.0, 0.0]));
        assert!(close(rotate(later.q, [0.0, 0.0, -1.0]), [-1.0, 0.0, 0.0]));
    }
}
