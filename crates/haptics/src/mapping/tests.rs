//! What a mapping promises: places, turns, forces and energy.

mod clutch;

use std::f64::consts::{FRAC_PI_2, PI};

use super::*;
use crate::device::Sample;
use crate::rotation::{difference, from_vector, multiply, rotate};
use crate::vector::{add, dot, sub};

const CLUTCH: u32 = 3;

/// Turned, scaled, shifted, with a tool that sits askew.
fn askew() -> Mapping {
    Mapping {
        rotation: from_vector([0.3, -1.1, 0.7]),
        scale: 2.5,
        origin_device: [0.01, 0.08, -0.02],
        origin_world: [-0.3, 0.9, 0.4],
        force_scale: 0.4,
        tool_turn: from_vector([-0.2, 0.5, 1.9]),
        clutch: Some(CLUTCH),
        clutch_turns: true,
    }
}

/// A hand on a smooth way, turning all the time.
fn hand(tick: usize, held: bool) -> Sample {
    let t = tick as f64 * 1e-3;
    let pos = [
        0.05 * (3.0 * t).sin(),
        0.1 * (2.0 * t).cos(),
        0.04 * (5.0 * t).sin(),
    ];
    Sample {
        seq: tick as u64 + 1,
        pos,
        rot: from_vector([0.9 * (2.0 * t).sin(), 1.7 * t, 0.5 * (3.0 * t).cos()]),
        buttons: if held { 1 << CLUTCH } else { 0 },
        ..Sample::default()
    }
}

fn state(mapping: Mapping) -> MappingState {
    MappingState::new(mapping).unwrap()
}

#[test]
fn the_identity_is_exact() {
    let mut identity = state(Mapping::identity());
    for tick in 0..500 {
        let sample = hand(tick, true); // a button that clutches nothing
        let (pose, held) = identity.to_world(&sample);
        assert_eq!(pose.position, sample.pos);
        assert!(norm(difference(pose.orientation, sample.rot)) < 1e-15);
        assert!(!held);
    }
    let wrench = Mapping::identity().force_to_device([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    assert_eq!(
        (wrench.f, wrench.t, wrench.grip),
        ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0], 0.0)
    );
}

#[test]
fn a_quarter_turn_about_the_vertical_at_2_to_1_by_hand() {
    let mapping = Mapping {
        rotation: from_vector([0.0, FRAC_PI_2, 0.0]),
        scale: 2.0,
        origin_device: [0.0, 0.1, 0.0],
        origin_world: [1.0, 0.0, 0.0],
        force_scale: 0.5,
        ..Mapping::identity()
    };
    let away = Sample {
        pos: [0.0, 0.1, -0.03],
        ..Sample::default()
    };
    let (pose, _) = state(mapping).to_world(&away);
    // -z is turned into -x; three centimetres become six.
    assert!(
        norm(sub(pose.position, [0.94, 0.0, 0.0])) < 1e-15,
        "{pose:?}"
    );
    // A push of the world along +x reaches the hand along +z: towards the person, halved.
    let wrench = mapping.force_to_device([3.0, 0.0, 0.0], [0.0, 0.0, 0.2]);
    assert!(norm(sub(wrench.f, [0.0, 0.0, 1.5])) < 1e-15, "{wrench:?}");
    assert!(norm(sub(wrench.t, [-0.05, 0.0, 0.0])) < 1e-15, "{wrench:?}");
}

#[test]
fn the_tool_is_turned_as_the_handle_and_sits_in_it_as_told() {
    let mapping = askew();
    let sample = hand(123, false);
    let (pose, _) = state(mapping).to_world(&sample);
    let tip = [0.0, 0.0, -0.2];
    let in_handle = rotate(mapping.tool_turn, tip);
    let in_device = rotate(sample.rot, in_handle);
    let in_world = rotate(mapping.rotation, in_device);
    assert!(norm(sub(rotate(pose.orientation, tip), in_world)) < 1e-15);
}

#[test]
fn device_and_world_are_inverse_before_and_after_the_clutch() {
    let mut state = state(askew());
    for tick in 0..900 {
        let held = (300..600).contains(&tick);
        let sample = hand(tick, held);
        let (pose, _) = state.to_world(&sample);
        if !held {
            assert!(norm(sub(state.to_device(pose.position), sample.pos)) < 1e-15);
        }
    }
}

/// Energy between two ticks, by force and by torque, is scaled by the same share everywhere.
#[test]
fn scaling_makes_no_energy() {
    for (s, f) in [(2.5, 0.4), (0.2, 3.0), (1.0, 1.0), (3.0, 3.0), (4.0, 0.0)] {
        let mapping = Mapping {
            scale: s,
            force_scale: f,
            ..askew()
        };
        let mut state = state(mapping);
        let (force, torque) = ([1.0, -2.0, 0.5], [0.03, 0.01, -0.02]);
        let wrench = mapping.force_to_device(force, torque);
        let (a, b) = (hand(100, false), hand(101, false));
        let (before, after) = (state.to_world(&a).0, state.to_world(&b).0);
        let world = dot(force, sub(after.position, before.position))
            + dot(torque, difference(before.orientation, after.orientation));
        let device = dot(wrench.f, sub(b.pos, a.pos)) + dot(wrench.t, difference(a.rot, b.rot));
        assert!((device - mapping.energy_share() * world).abs() < 1e-14 * world.abs().max(1.0));
        assert!(world.abs() > 1e-5);
    }
}

/// The relation that the docs give is what a spring in the world feels like.
#[test]
fn a_spring_of_the_world_has_the_stiffness_that_was_told() {
    let mapping = askew();
    let (k, rest) = (800.0, [-0.2, 0.8, 0.5]);
    let mut state = state(mapping);
    let mut felt = |pos| {
        let sample = Sample {
            pos,
            ..Sample::default()
        };
        let (pose, _) = state.to_world(&sample);
        mapping
            .force_to_device(scale(sub(rest, pose.position), k), [0.0; 3])
            .f
    };
    let (a, step) = ([0.02, 0.1, 0.0], [1e-3, -2e-3, 5e-4]);
    let change = sub(felt(add(a, step)), felt(a));
    let told = scale(step, -mapping.device_stiffness(k));
    assert!(norm(sub(change, told)) < 1e-12, "{change:?} {told:?}");
    assert!((mapping.device_stiffness(k) - 800.0).abs() < 1e-12); // 2.5 x 0.4

    let deflection = [1e-3, -2e-3, 5e-4];
    let torque = scale(rotate(mapping.rotation, deflection), -0.5); // 0.5 N m/rad
    let in_hand = mapping.force_to_device([0.0; 3], torque).t;
    let told = scale(deflection, -mapping.device_rotational_stiffness(0.5));
    assert!(norm(sub(in_hand, told)) < 1e-18);
}

/// Whatever the button does, the tool moves no further in a tick than the hand, scaled.
#[test]
fn every_wrong_field_is_told_in_a_sentence() {
    let good = askew();
    assert!(good.checked().is_ok());
    assert!(
        Mapping {
            force_scale: 0.0,
            ..good
        }
        .checked()
        .is_ok()
    );
    for (mapping, told) in [
        (Mapping { scale: 0.0, ..good }, "scale is 0; give metres"),
        (
            Mapping {
                scale: f64::NAN,
                ..good
            },
            "scale is NaN; give metres",
        ),
        (
            Mapping {
                scale: 101.0,
                ..good
            },
            "scale is 101; give metres",
        ),
        (
            Mapping {
                force_scale: -1.0,
                ..good
            },
            "force_scale is -1; give 0.01 to 100, or 0",
        ),
        (
            Mapping {
                force_scale: f64::INFINITY,
                ..good
            },
            "force_scale is inf",
        ),
        (
            Mapping {
                rotation: [1.0, 0.0, 0.0, 0.5],
                ..good
            },
            "rotation has length 1.118",
        ),
        (
            Mapping {
                tool_turn: [0.0; 4],
                ..good
            },
            "tool_turn has length 0",
        ),
        (
            Mapping {
                tool_turn: [f64::NAN; 4],
                ..good
            },
            "tool_turn has length NaN",
        ),
        (
            Mapping {
                origin_world: [0.0, f64::NAN, 0.0],
                ..good
            },
            "origin_world is [0.0, NaN, 0.0]",
        ),
        (
            Mapping {
                origin_device: [2e3, 0.0, 0.0],
                ..good
            },
            "origin_device is [2000.0, 0.0",
        ),
        (
            Mapping {
                clutch: Some(32),
                ..good
            },
            "clutch is button 32",
        ),
    ] {
        let error = MappingState::new(mapping).unwrap_err().to_string();
        assert!(
            error.starts_with("mapping: ") && error.contains(told),
            "{error}"
        );
    }
    let rounded = Mapping {
        rotation: [0.9659, 0.0, 0.2588, 0.0], // a twelfth of a turn, to four digits
        ..good
    };
    let turn = rounded.checked().unwrap().rotation;
    assert!((length(turn) - 1.0).abs() < 1e-15);
    assert!(norm(difference(turn, from_vector([0.0, PI / 6.0, 0.0]))) < 1e-4);
}

#[test]
fn a_field_within_reach_is_laid_one_to_one_and_a_larger_one_to_its_corners() {
    let reach = Ball {
        center: [0.01, 0.02, 0.03],
        radius: 0.08,
    };
    let small = Mapping::fitted(&reach, [0.0; 3], [0.05, 0.05, 0.05]);
    assert_eq!((small.scale, small.force_scale), (1.0, 1.0));
    let low = [-0.1, 0.0, -0.08];
    let large = Mapping::fitted(&reach, low, [0.14, 0.1, 0.08]);
    let handle = Sample {
        pos: reach.center,
        ..Sample::default()
    };
    let (middle, _) = MappingState::new(large).unwrap().to_world(&handle);
    assert!(norm(sub(middle.position, [0.02, 0.05, 0.0])) < 1e-12);
    let corner = norm(sub(low, middle.position));
    assert!((large.scale * reach.radius - corner).abs() < 1e-12);
    let huge = Mapping::fitted(&reach, [-1.0; 3], [1.0; 3]);
    assert_eq!(huge.scale, LARGEST_FIT);
}
