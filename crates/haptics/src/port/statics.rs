//! Forces through the port by virtual work: what the hand feels of a wrench at the tip.
//!
//! With the symbols of [`kinematics`](super::kinematics), velocity v and turning rate w of the
//! handle, `P = 1 - d d^T`, `c = 1 + u d`, and T the torque about the tip:
//!
//! - tip: `v_tip = d d^T v - (s / l) P v`
//! - direction: `d' = -(1 / l) P v`
//! - tool: `w_tool = d x d' + r d`, with the spin `r = ((u + d) w + (d x u) d') / c`
//!
//! (the last from `w_tool = 2 m x m' + H_m w`). `F v_tip + T w_tool = f v + t w` for all v and w gives
//!
//! - force on the handle: `f = d d^T F - (s / l) P F - (1 / l) (T x d + (d T / c) (d x u))`
//! - torque on the handle about itself: `t = (d T / c) (u + d)`
//!
//! The axial force passes, the lateral force comes back reversed and times the lever s / l, the roll
//! torque passes (`t = d d^T T` with the handle along the shaft), and a bending torque at the tip
//! is felt as a lateral force. What is missing to a balance is borne by the abdominal wall.

use super::kinematics::Shaft;
use crate::vector::{add, cross, dot, scale, sub};

impl Shaft {
    /// Force and torque felt at the handle for force and torque about the tip.
    pub fn felt(&self, force: [f64; 3], torque: [f64; 3]) -> ([f64; 3], [f64; 3]) {
        let d = self.direction;
        let along = scale(d, dot(d, force));
        let across = sub(force, along);
        let passed = add(scale(along, self.slide), scale(across, self.lateral));
        let (spin, roll) = match self.handle_axis {
            Some(u) => {
                let share = dot(d, torque) / (1.0 + dot(u, d));
                (scale(cross(d, u), share), scale(add(u, d), share))
            }
            None => ([0.0; 3], [0.0; 3]),
        };
        let bent = add(cross(torque, d), spin);
        (sub(passed, scale(bent, self.swing)), roll)
    }
}
