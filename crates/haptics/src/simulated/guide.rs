//! The point that an arm pulls its hand to: it follows an aim smoothly.
//!
//! The guide `r` follows the aim `a` with three equal real poles at rate w (rad/s),
//! `r''' = w^3 (a - r) - 3 w^2 r' - 3 w r''`, speed limited to `v_max`. From rest it starts with
//! zero speed and zero acceleration and stops without overshoot, the bell-shaped speed of a reaching
//! movement (Flash and Hogan 1985, J. Neurosci. 5:1688, describe it by minimum jerk). A staircase of
//! aims at angular rate W comes out attenuated by about `(w / W)^3`; a steady movement is followed
//! `3 / w` seconds late. Entering the limit at `|a - r| = 3 v_max / w` the linear response is
//! `(3/w + 2 t + w t^2 / 2) v_max exp(-w t) > 0`: no overshoot there either.

use crate::vector::{add, dot, limited, scale, sub};

/// Position, velocity, acceleration of the point that the arm pulls to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guide {
    pub(crate) position: [f64; 3],
    pub(crate) velocity: [f64; 3],
    pub(crate) acceleration: [f64; 3],
}

impl Guide {
    /// At rest at `position` (m).
    pub(crate) fn at(position: [f64; 3]) -> Self {
        Self {
            position,
            velocity: [0.0; 3],
            acceleration: [0.0; 3],
        }
    }

    /// One step; returns the change of velocity, m/s.
    pub(crate) fn step(&mut self, aim: [f64; 3], w: f64, max_speed: f64, dt: f64) -> [f64; 3] {
        let before = self.velocity;
        let pull = scale(sub(aim, self.position), w * w * w);
        let brake = add(
            scale(self.velocity, 3.0 * w * w),
            scale(self.acceleration, 3.0 * w),
        );
        self.acceleration = add(self.acceleration, scale(sub(pull, brake), dt));
        let (velocity, over) = limited(add(self.velocity, scale(self.acceleration, dt)), max_speed);
        self.velocity = velocity;
        if over {
            // At the limit only turning and braking are left of the acceleration.
            let along = dot(self.acceleration, velocity) / (max_speed * max_speed);
            if along > 0.0 {
                self.acceleration = sub(self.acceleration, scale(velocity, along));
            }
        }
        self.position = add(self.position, scale(self.velocity, dt));
        sub(velocity, before)
    }
}
