//! Laws that hold without a reference solution: small strains, similarity, balance.

mod common;

use common::{Vec3, assert_close, nearest, select, settled};
use softbody::{Law, Material, TetMesh, ToolShape, World};

fn sum(forces: &[Vec3]) -> Vec3 {
    forces
        .iter()
        .fold([0.0; 3], |s, f| [s[0] + f[0], s[1] + f[1], s[2] + f[2]])
}

#[test]
fn doubling_the_modulus_halves_small_sags() {
    let mesh = TetMesh::boxed([0.06, 0.02, 0.02], [12, 4, 4]).unwrap();
    let clamp = select(&mesh, |p| p[0] == 0.0);
    let tip = nearest(&mesh, [0.06, 0.01, 0.02]);
    for law in [Law::StableNeoHookean, Law::NeoHookean] {
        let sag = |young_modulus: f64| {
            let material = Material {
                law,
                ..Material::soft(young_modulus, 0.45, 1000.0)
            };
            let world = settled(&mesh, material, &clamp, [0.0, 0.0, -9.81]);
            world.body(0).displacement(tip)[2]
        };
        let (soft, stiff) = (sag(1e6), sag(2e6));
        println!("{law:?}: {soft:.3e} and {stiff:.3e} m");
        assert_close(
            "sag at E over twice the sag at 2 E",
            soft,
            2.0 * stiff,
            0.01,
        );
    }
}

#[test]
fn supports_carry_the_weight() {
    let mesh = TetMesh::boxed([0.06, 0.05, 0.04], [6, 5, 4]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = settled(
        &mesh,
        Material::soft(5e3, 0.45, 1060.0),
        &bottom,
        [0.0, 0.0, -9.81],
    );
    let carried = sum(&world.reaction(0, &bottom).unwrap());
    assert_close(
        "reaction against weight",
        carried[2],
        1060.0 * 9.81 * 0.06 * 0.05 * 0.04,
        1e-4,
    );
    assert!(carried[0].abs() + carried[1].abs() < 1e-4);
}

#[test]
fn tool_force_is_the_reaction_of_the_supports() {
    let mesh = TetMesh::boxed([0.06, 0.06, 0.04], [8, 8, 5]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let shapes = [
        ToolShape::Sphere { radius: 0.01 },
        ToolShape::Capsule {
            radius: 0.006,
            half_length: 0.012,
            axis: [1.0, 0.3, 0.0],
        },
    ];
    for shape in shapes {
        let mut world = World::new(1e-3, [0.0; 3]).unwrap();
        world
            .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
            .unwrap();
        let radius = match shape {
            ToolShape::Sphere { radius } | ToolShape::Capsule { radius, .. } => radius,
            ToolShape::Box { .. } => unreachable!(),
        };
        let at = |depth: f64| [0.031, 0.028, 0.04 + radius - depth];
        let tool = world.add_tool(shape, at(0.0), 0.0).unwrap();
        for tick in 1..=600 {
            world.move_tool(tool, at(0.005 * f64::from(tick.min(200)) / 200.0));
            world.step();
        }
        let dynamic = world.tool(tool).force[2];
        let carried = sum(&world.reaction(0, &bottom).unwrap())[2];
        assert_close(
            "tool force against supports, after 0.6 s",
            dynamic,
            carried,
            0.01,
        );
        world.settle(1e-6, 20.0).unwrap();
        let force = world.tool(tool).force;
        let carried = sum(&world.reaction(0, &bottom).unwrap());
        (0..3).for_each(|i| assert!((force[i] - carried[i]).abs() < 1e-4 * force[2]));
        assert_close("the same, settled", force[2], carried[2], 1e-4);
        assert_close("dynamic against settled", dynamic, force[2], 0.01);
    }
}

/// What one run gives, in lengths and forces.
struct Run {
    settled: f64,
    dynamic: f64,
    force: f64,
}

/// A block under its weight and a pressing sphere; all lengths times `length`, stiffness times
/// `stiffness`, times (of ticks too) such that the problem is the same.
fn scaled(length: f64, stiffness: f64) -> Run {
    let l = |x: f64| x * length;
    // Density stays; gravity ~ E / (rho L), time ~ L sqrt(rho / E).
    let time = length / stiffness.sqrt();
    let gravity = 9.81 * stiffness / length;
    let mesh = TetMesh::boxed([l(0.05), l(0.05), l(0.04)], [5, 5, 4]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let damping = 10.0 / time;
    let material = Material {
        damping,
        ..Material::soft(5e3 * stiffness, 0.45, 1060.0)
    };
    let mut world = World::new(1e-3 * time, [0.0, 0.0, -gravity]).unwrap();
    world.add_soft_body(&mesh, &[material], &bottom).unwrap();
    let shape = ToolShape::Sphere { radius: l(0.012) };
    let at = |depth: f64| [l(0.026), l(0.024), l(0.052 - depth)];
    let tool = world.add_tool(shape, at(0.0), 0.2).unwrap();
    let top = nearest(&mesh, [l(0.05), l(0.05), l(0.04)]);
    for tick in 1..=100 {
        world.move_tool(tool, at(0.006 * f64::from(tick) / 100.0));
        world.step();
    }
    let dynamic = world.body(0).displacement(top)[2] / length;
    world.settle(1e-6, 60.0 * time).unwrap();
    Run {
        settled: world.body(0).displacement(top)[2] / length,
        dynamic,
        force: world.tool(tool).force[2] / (stiffness * length * length),
    }
}

#[test]
fn units_change_nothing() {
    let one = scaled(1.0, 1.0);
    for (length, stiffness) in [
        (0.1, 1.0),
        (10.0, 1.0),
        (1.0, 0.1),
        (1.0, 10.0),
        (10.0, 0.1),
    ] {
        let other = scaled(length, stiffness);
        println!("lengths x {length}, stiffness x {stiffness}:");
        assert_close("  dynamic displacement", other.dynamic, one.dynamic, 1e-3);
        assert_close("  settled displacement", other.settled, one.settled, 1e-3);
        assert_close("  contact force", other.force, one.force, 1e-3);
    }
}

#[test]
fn a_body_at_rest_is_settled_at_once() {
    let mesh = TetMesh::boxed([0.05; 3], [3; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let soft = Material::soft(5e3, 0.45, 1060.0);
    // Nothing acts.
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    world.add_soft_body(&mesh, &[soft], &[]).unwrap();
    assert_eq!(world.settle(1e-6, 1.0), Ok(0));
    // Weight acts, and it is settled already.
    let mut world = settled(&mesh, soft, &bottom, [0.0, 0.0, -9.81]);
    let before = world.digest();
    assert_eq!(world.settle(1e-4, 1.0), Ok(0));
    assert_eq!(world.digest(), before);
}

#[test]
fn a_body_without_load_settles() {
    let mesh = TetMesh::boxed([0.05; 3], [3; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let top = select(&mesh, |p| p[2] == 0.05);
    for held in [&bottom[..], &[]] {
        let mut world = World::new(1e-3, [0.0; 3]).unwrap();
        let soft = Material::soft(5e3, 0.45, 1060.0);
        world.add_soft_body(&mesh, &[soft], &bottom).unwrap();
        let body = world.body_mut(0);
        body.prescribe(&top, &vec![[0.002, 0.0, 0.01]; top.len()])
            .unwrap();
        world.settle(1e-5, 20.0).unwrap();
        world.body_mut(0).release(&top).unwrap();
        world.body_mut(0).release(&bottom).unwrap();
        let back = vec![[0.0; 3]; held.len()];
        world.body_mut(0).prescribe(held, &back).unwrap();
        println!("{} held: {:?} sweeps", held.len(), world.settle(1e-5, 20.0));
        assert!(world.body(0).energy([0.0; 3]).elastic < 1e-12);
    }
}
