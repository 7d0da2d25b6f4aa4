//! Rate control: how far a stick is held out says how fast the tool goes. Shared by the devices
//! whose handle springs back: the SpaceMouse and the gamepad.
//!
//! A deflection d (part of the full one) becomes a speed in three steps:
//!
//! 1. **Dead zone**, radial: with `m = |d|`, `s = (m - dead) / (1 - dead)`, from 0 to 1. Radial, so
//!    that small movements keep their direction and a diagonal is no faster than an axis.
//! 2. **Curve**: `(1 - e) s + e s^3`, flat around the middle where one palpates, steep outside where
//!    one travels.
//! 3. **Smoothing**, first order with time constant tau, implicit Euler: `v += dt / (tau + dt) (c - v)`.
//!
//! Integrating gives the position, kept inside the workspace's ball, and the orientation
//! `q <- exp(w dt) q`, turned about the axes of the device frame. No clock: one step is
//! [`DT`], the loop's millisecond.

use crate::device::{Ball, NO_TURN};
use crate::rotation::{from_vector, multiply, normalised};
use crate::vector::{add, limited, norm, scale, sub};

/// Readings a second that the integration takes for granted.
pub(super) const RATE_HZ: f64 = 1_000.0;
/// Time that passes with a reading, s.
pub(super) const DT: f64 = 1.0 / RATE_HZ;
/// Speed at full deflection, m/s.
pub(super) const TOP_SPEED: f64 = 0.15;
/// Rotation at full deflection, rad/s.
pub(super) const TOP_SPIN: f64 = 1.5;
/// What is left of the speed in the fine mode.
pub(super) const FINE: f64 = 0.2;

/// Time constant of the smoothing, s: too short to be felt as delay, long enough to take the steps
/// out of reports that come every 8 to 16 ms.
const SMOOTHING_S: f64 = 0.03;
/// Speeds below this are standing still, m/s or rad/s.
const STILL: f64 = 1e-5;

/// From deflection to the part of the top speed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Response {
    /// Deflection up to which nothing moves.
    pub(super) dead: f64,
    /// Share of the cubic in the curve, 0 to 1.
    pub(super) expo: f64,
}

impl Response {
    /// Of one to three axes that belong together; the length of the result is at most 1.
    pub(super) fn of(self, deflection: [f64; 3]) -> [f64; 3] {
        let length = norm(deflection);
        if length <= self.dead {
            return [0.0; 3];
        }
        let s = ((length - self.dead) / (1.0 - self.dead)).min(1.0);
        let speed = (1.0 - self.expo) * s + self.expo * s * s * s;
        scale(deflection, speed / length)
    }
}

/// Where the handle has got to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handle {
    workspace: Ball,
    velocity: [f64; 3],
    spin: [f64; 3],
    /// Position, m.
    pub(super) pos: [f64; 3],
    /// Orientation, unit quaternion (w, x, y, z).
    pub(super) rot: [f64; 4],
}

impl Handle {
    /// At rest in the middle of `workspace`.
    pub(super) fn new(workspace: Ball) -> Self {
        Self {
            workspace,
            velocity: [0.0; 3],
            spin: [0.0; 3],
            pos: workspace.center,
            rot: NO_TURN,
        }
    }

    /// One reading: toward a velocity (m/s) and an angular velocity (rad/s).
    pub(super) fn step(&mut self, velocity: [f64; 3], spin: [f64; 3]) {
        self.velocity = smoothed(self.velocity, velocity);
        self.spin = smoothed(self.spin, spin);
        let moved = add(self.pos, scale(self.velocity, DT));
        let from_center = sub(moved, self.workspace.center);
        let (inside, left) = limited(from_center, self.workspace.radius);
        self.pos = if left {
            add(self.workspace.center, inside)
        } else {
            moved
        };
        self.rot = turned(self.rot, self.spin);
    }
}

fn smoothed(now: [f64; 3], toward: [f64; 3]) -> [f64; 3] {
    if toward == [0.0; 3] && norm(now) < STILL {
        return toward;
    }
    let gap = sub(toward, now);
    add(now, scale(gap, DT / (SMOOTHING_S + DT)))
}

/// `q` turned for one step with the angular velocity `w`, rad/s.
fn turned(q: [f64; 4], w: [f64; 3]) -> [f64; 4] {
    if w == [0.0; 3] {
        return q;
    }
    let turn = from_vector(scale(w, DT));
    normalised(multiply(turn, q)).unwrap_or(q)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVE: Response = Response {
        dead: 0.1,
        expo: 0.5,
    };

    #[test]
    fn the_dead_zone_is_round_and_the_top_is_one() {
        assert_eq!(CURVE.of([0.06, -0.06, 0.05]), [0.0; 3]);
        assert_eq!(CURVE.of([0.0; 3]), [0.0; 3]);
        assert!((CURVE.of([0.0, 0.0, -1.0])[2] + 1.0).abs() < 1e-12);
        assert!((norm(CURVE.of([1.0, 1.0, 1.0])) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_curve_starts_at_zero_is_flat_first_and_keeps_the_direction() {
        assert!(CURVE.of([0.1001, 0.0, 0.0])[0] < 1e-3);
        let half = CURVE.of([0.55, 0.0, 0.0])[0];
        assert!((half - (0.5 * 0.5 + 0.5 * 0.125)).abs() < 1e-12, "{half}");
        let slanted = CURVE.of([0.3, -0.4, 0.0]);
        assert!((slanted[1] / slanted[0] + 4.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_handle_gathers_speed_smoothly_and_stops_where_it_is_let_go() {
        let mut handle = Handle::new(Ball::default());
        handle.step([0.1, 0.0, 0.0], [0.0; 3]);
        assert!(handle.velocity[0] < 0.005);
        for _ in 0..299 {
            handle.step([0.1, 0.0, 0.0], [0.0; 3]);
        }
        // 0.3 s at 0.1 m/s less the lag of the smoothing.
        assert!((handle.pos[0] - (0.03 - 0.1 * SMOOTHING_S)).abs() < 1e-4);
        for _ in 0..1_000 {
            handle.step([0.0; 3], [0.0; 3]);
        }
        let rest = handle.pos;
        assert!((rest[0] - 0.03).abs() < 1e-4, "{rest:?}");
        handle.step([0.0; 3], [0.0; 3]);
        assert_eq!(handle.pos, rest);
    }

    #[test]
    fn the_workspace_holds_the_handle_and_lets_it_come_back_at_once() {
        let mut handle = Handle::new(Ball {
            center: [0.0, 0.2, 0.0],
            radius: 0.05,
        });
        for _ in 0..5_000 {
            handle.step([0.1, 0.1, 0.0], [0.0; 3]);
        }
        let out = norm(sub(handle.pos, [0.0, 0.2, 0.0]));
        assert!((out - 0.05).abs() < 1e-12, "{out}");
        for _ in 0..200 {
            handle.step([-0.1, -0.1, 0.0], [0.0; 3]);
        }
        assert!(norm(sub(handle.pos, [0.0, 0.2, 0.0])) < 0.035);
    }

    #[test]
    fn spinning_turns_about_the_axis_by_the_time() {
        for axis in 0..3 {
            let mut handle = Handle::new(Ball::default());
            let mut spin = [0.0; 3];
            spin[axis] = 1.0;
            for _ in 0..1_000 {
                handle.step([0.0; 3], spin);
            }
            let angle = 2.0 * handle.rot[axis + 1].atan2(handle.rot[0]);
            assert!((angle - (1.0 - SMOOTHING_S)).abs() < 2e-3, "{angle} rad");
            let length: f64 = handle.rot.iter().map(|part| part * part).sum();
            assert!((length - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn turns_follow_one_another_in_the_device_frame() {
        let quarter = std::f64::consts::FRAC_PI_2 / DT;
        let about_x = turned(NO_TURN, [quarter, 0.0, 0.0]);
        let then_y = turned(about_x, [0.0, quarter, 0.0]);
        for (part, expected) in then_y.iter().zip([0.5, 0.5, 0.5, -0.5]) {
            assert!((part - expected).abs() < 1e-12, "{then_y:?}");
        }
    }
}
