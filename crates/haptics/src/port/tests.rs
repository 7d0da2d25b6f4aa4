use super::kinematics::AXIS;
use super::turn::about;
use super::*;
use crate::rotation::{conjugate, multiply, rotate};
use crate::vector::{add, cross, dot, norm, sub};

/// Small reproducible numbers in -1 .. 1 (xorshift64, Marsaglia 2003).
pub(super) fn noise(state: &mut u64) -> f64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

fn random(state: &mut u64) -> [f64; 3] {
    [0; 3].map(|_| noise(state))
}

const PIVOT: [f64; 3] = [0.05, 0.12, -0.03];

fn port() -> Port {
    Port::new(PortModel {
        on: true,
        pivot: PIVOT,
        ..PortModel::default()
    })
    .unwrap()
}

/// A handle above the pivot, anywhere from near the hub to far outside, turned anyhow.
fn handle(seed: &mut u64) -> ([f64; 3], [f64; 4]) {
    let aside = scale(random(seed), 0.1);
    let pos = add(PIVOT, [aside[0], 0.22 + aside[1], aside[2]]);
    let [x, y, z] = random(seed);
    (pos, normalised([noise(seed), x, y, z]).unwrap())
}

fn turned(rot: [f64; 4], spin: [f64; 3]) -> [f64; 4] {
    let angle = norm(spin);
    if angle == 0.0 {
        return rot;
    }
    multiply(about(scale(spin, 1.0 / angle), angle), rot)
}

/// The small rotation between two orientations as a vector.
fn spin_between(from: [f64; 4], to: [f64; 4]) -> [f64; 3] {
    let [w, x, y, z] = multiply(to, conjugate(from));
    scale([x, y, z], 2.0 * w.signum())
}

/// Velocity and turning rate of the tool, written down a second time: `w = 2 m x m' + H_m w_h`.
fn twin(
    port: &Port,
    pos: [f64; 3],
    rot: [f64; 4],
    v: [f64; 3],
    w: [f64; 3],
) -> ([f64; 3], [f64; 3]) {
    let way = sub(port.model.pivot, pos);
    let l = norm(way);
    let d = scale(way, 1.0 / l);
    let d_dot = scale(sub(v, scale(d, dot(d, v))), -1.0 / l);
    let v_tip = add(v, scale(d_dot, port.model.length_m));
    let u = rotate(rot, AXIS);
    let sum = add(u, d);
    let m = scale(sum, 1.0 / norm(sum));
    let m_dot = scale(add(cross(w, u), d_dot), 1.0 / norm(sum));
    let half_turn = sub(scale(m, 2.0 * dot(m, w)), w);
    (v_tip, add(scale(cross(m, m_dot), 2.0), half_turn))
}

#[test]
fn power_at_the_tip_is_power_at_the_handle() {
    let mut seed = 7;
    let mut tested = 0;
    while tested < 1_000 {
        let (pos, rot) = handle(&mut seed);
        let mut port = port();
        let pose = port.to_tip(pos, rot);
        let d = rotate(pose.orientation, AXIS);
        if 1.0 + dot(d, rotate(rot, AXIS)) < 0.1 {
            continue;
        }
        tested += 1;
        let [force, torque, v, w] = [(); 4].map(|()| random(&mut seed));
        let (v_tip, w_tool) = twin(&port, pos, rot, v, w);
        let (f, t) = port.to_handle(force, torque);
        let inside = dot(force, v_tip) + dot(torque, w_tool);
        let outside = dot(f, v) + dot(t, w);
        let size = norm(force) * norm(v_tip) + norm(torque) * norm(w_tool);
        assert!((inside - outside).abs() < 1e-12 * size);
    }
}

#[test]
fn forces_on_the_hand_are_the_transposed_finite_differences() {
    const H: f64 = 1e-6;
    let mut seed = 11;
    for _ in 0..200 {
        let (pos, rot) = handle(&mut seed);
        let mut port = port();
        let pose = port.to_tip(pos, rot);
        let d = rotate(pose.orientation, AXIS);
        if 1.0 + dot(d, rotate(rot, AXIS)) < 0.1 {
            continue;
        }
        let (force, torque) = (random(&mut seed), random(&mut seed));
        let (f, t) = port.to_handle(force, torque);
        for i in 0..3 {
            let mut step = [0.0; 3];
            step[i] = H;
            let work = |a: PortPose, b: PortPose| {
                let spin = spin_between(a.orientation, b.orientation);
                (dot(force, sub(b.tip, a.tip)) + dot(torque, spin)) / (2.0 * H)
            };
            let mut at = |pos, rot| port.to_tip(pos, rot);
            let moved = work(at(sub(pos, step), rot), at(add(pos, step), rot));
            let spun = work(
                at(pos, turned(rot, scale(step, -1.0))),
                at(pos, turned(rot, step)),
            );
            let close = |a: f64, b: f64| (a - b).abs() < 1e-7 * (1.0 + a.abs());
            assert!(close(moved, f[i]), "{moved} {}", f[i]);
            assert!(close(spun, t[i]), "{spun} {}", t[i]);
        }
    }
}

#[test]
fn the_tool_lies_along_the_shaft_and_rolls_with_the_handle() {
    let mut seed = 3;
    for _ in 0..500 {
        let (pos, rot) = handle(&mut seed);
        let pose = port().to_tip(pos, rot);
        let d = rotate(pose.orientation, AXIS);
        let shaft = sub(pose.tip, pos);
        assert!((norm(shaft) - 0.33).abs() < 1e-15);
        assert!(norm(sub(scale(d, 0.33), shaft)) < 1e-14);
    }
    // Along the shaft the handle's orientation is the tool's, and so is its roll.
    let down = between([0.0, -1.0, 0.0]);
    let rolled = multiply(about([0.0, -1.0, 0.0], 0.7), down);
    let mut port = port();
    let pos = add(PIVOT, [0.0, 0.2, 0.0]);
    let plain = port.to_tip(pos, down).orientation;
    assert!(norm(spin_between(plain, down)) < 1e-15);
    port.friction(1e-3);
    let before = port.shaft;
    port.to_tip(pos, rolled);
    assert!((port.shaft.roll_since(&before) - 0.7).abs() < 1e-14);
}

fn between(direction: [f64; 3]) -> [f64; 4] {
    super::turn::between(AXIS, direction)
}

#[test]
fn swinging_in_a_plane_does_not_spin_the_tool() {
    let mut port = port();
    let upright = between([0.0, -1.0, 0.0]);
    port.to_tip(add(PIVOT, [-0.1, 0.15, 0.0]), upright);
    let start = port.shaft;
    for i in 0..=200 {
        let x = -0.1 + 1e-3 * f64::from(i);
        port.to_tip(add(PIVOT, [x, 0.15, 0.0]), upright);
        assert!(port.shaft.roll_since(&start).abs() < 1e-14);
    }
}

#[test]
fn pointing_back_along_the_shaft_costs_the_roll_and_nothing_else() {
    let mut port = port();
    let back = between([0.0, 1.0, 0.0]);
    let above = add(PIVOT, [0.0, 0.2, 0.0]);
    port.to_tip(above, between([1.0, 0.0, 0.0]));
    let pose = port.to_tip(above, back);
    assert!(pose.orientation.iter().all(|x| x.is_finite()));
    assert_eq!(port.shaft.handle_axis, None);
    assert_eq!(pose.tip, add(PIVOT, [0.0, 0.2 - 0.33, 0.0]));
    let (_, t) = port.to_handle([0.0; 3], [0.0, -1.0, 0.0]);
    assert_eq!(t, [0.0; 3]);
    // Swinging through the singular direction, the tool turns no faster than the shaft.
    let mut before = pose;
    for i in 1..=60 {
        let next = port.to_tip(add(PIVOT, [1e-4 * f64::from(i), 0.2, 5e-5]), back);
        assert!(norm(spin_between(before.orientation, next.orientation)) < 6e-4);
        before = next;
    }
}

#[test]
fn at_the_hub_the_shaft_slides_and_never_jumps() {
    let mut port = port();
    // Straight through the pivot, a little aside, and out on the other side.
    let mut before = port.to_tip(add(PIVOT, [1e-3, 0.1, 0.0]), [1.0, 0.0, 0.0, 0.0]);
    let mut states = [false; 2];
    for i in 1..=700 {
        let y = 0.1 - 5e-4 * f64::from(i.min(400));
        let pose = port.to_tip(add(PIVOT, [1e-3, y, 0.0]), [1.0, 0.0, 0.0, 0.0]);
        let moved = norm(sub(pose.tip, before.tip));
        assert!(moved < 4e-3, "{i}: {moved}");
        assert!(pose.depth_m <= 0.33 && pose.lever >= 0.0 && pose.lever <= 10.0 + 1e-9);
        if pose.state == PortState::Hub {
            states[0] = true;
            // Sideways nothing passes, along it what the tip can give way to.
            let d = port.shaft.direction;
            let (f, _) = port.to_handle([1.0, 2.0, 3.0], [0.0; 3]);
            let along = dot(f, d);
            assert!(norm(sub(f, scale(d, along))) < 1e-12);
            let given = if pose.depth_m < 0.33 {
                dot([1.0, 2.0, 3.0], d)
            } else {
                0.0
            };
            assert!((along - given).abs() < 1e-12, "{i}");
        } else {
            states[1] |= i > 400;
        }
        before = pose;
    }
    assert_eq!(states, [true; 2], "held at the hub, then followed again");
}

#[test]
fn a_pose_that_is_no_number_holds_everything() {
    let mut port = port();
    let good = port.to_tip(add(PIVOT, [0.01, 0.2, 0.0]), [1.0, 0.0, 0.0, 0.0]);
    let bad = [
        ([f64::NAN, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]),
        ([f64::INFINITY, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]),
        ([1e200, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]),
        ([0.0; 3], [0.0; 4]),
        ([0.0; 3], [f64::NAN, 0.0, 0.0, 1.0]),
    ];
    for (pos, rot) in bad {
        let pose = port.to_tip(pos, rot);
        assert_eq!(pose.state, PortState::Lost);
        assert_eq!((pose.tip, pose.orientation), (good.tip, good.orientation));
        assert!(finite(port.friction(1e-3).0));
    }
    // Before anything good came as well.
    let pose = super::Port::new(*port.model())
        .unwrap()
        .to_tip(bad[0].0, bad[0].1);
    assert_eq!((pose.tip, pose.state), (PIVOT, PortState::Lost));
}

/// Tick by tick, with the force held: what the hand has put in, and what a Touch's own damping takes,
/// is at least what the seal stores. For hands that wander from far outside to beyond the hub, with
/// the handle turned anyhow.
#[test]
fn in_no_tick_energy_is_made() {
    const DAMPING: f64 = 0.2;
    let mut states = [0_u32; 5];
    for start in 1..=100_u64 {
        let mut seed = start * 104_729;
        let mut port = port();
        let ([x, y, z], rot) = handle(&mut seed);
        let (mut pos, mut v) = ([x, y, z], [0.0; 3]);
        let (mut stored, mut put_in) = (0.0, 0.0);
        for _ in 0..5_000 {
            let state = port.to_tip(pos, rot).state;
            states[state as usize] += 1;
            let (f, _) = port.friction(1e-3);
            let now = port.seal.stored(&port.model.friction);
            assert!(put_in - (now - stored) > -1e-15, "{start} {state:?}");
            stored = now;
            let pull = sub(add(PIVOT, [0.0, 0.13, 0.0]), pos);
            let push = sub(scale(pull, 20e-3), scale(v, 2e-3));
            v = add(v, add(push, scale(random(&mut seed), 0.06)));
            let way = scale(v, 1e-3);
            put_in = DAMPING * dot(way, way) / 1e-3 - dot(f, way);
            pos = add(pos, way);
        }
    }
    for state in [PortState::Inside, PortState::Hub, PortState::Outside] {
        assert!(states[state as usize] > 1_000, "{states:?}");
    }
}
