//! What an answer at rest must not depend on: the length of a tick, the substeps, the kernel, whether
//! it is stepped to or settled to, and the way that led there.

mod common;

use common::{Vec3, nearest, select};
use softbody::{Kernel, Law, Material, TetMesh, ToolShape, World};

/// Largest difference of two answers over the largest displacement.
const SAME: f64 = 1e-3;
const GRAVITY: Vec3 = [0.0, 0.0, -9.81];

fn beam_mesh() -> TetMesh {
    TetMesh::boxed([0.1, 0.02, 0.02], [20, 4, 4]).unwrap()
}

/// Beam of 50 kPa, nu .45, clamped at x = 0, its slowest mode about critically damped.
fn beam(dt: f64) -> World {
    let mesh = beam_mesh();
    let clamp = select(&mesh, |p| p[0] == 0.0);
    let material = Material {
        law: Law::NeoHookean,
        damping: 25.0,
        ..Material::soft(50e3, 0.45, 1000.0)
    };
    let mut world = World::new(dt, GRAVITY).unwrap();
    world.add_soft_body(&mesh, &[material], &clamp).unwrap();
    world
}

fn field(world: &World) -> Vec<Vec3> {
    let body = world.body(0);
    let nodes = 0..body.node_count() as u32;
    nodes.map(|n| body.displacement(n)).collect()
}

fn length(v: Vec3) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn apart(a: &[Vec3], b: &[Vec3]) -> f64 {
    let each = a.iter().zip(b);
    let most = each.map(|(p, q)| length([0, 1, 2].map(|i| p[i] - q[i])));
    let whole = b.iter().map(|q| length(*q)).fold(0.0, f64::max);
    most.fold(0.0, f64::max) / whole
}

/// Steps until nothing has moved by more than 1e-5 of the largest displacement in 0.2 s.
fn step_to_rest(world: &mut World) -> Vec<Vec3> {
    let mut before = field(world);
    while world.time() < 30.0 {
        (0..(0.2 / world.dt()) as u32).for_each(|_| world.step());
        let now = field(world);
        if apart(&before, &now) < 1e-5 {
            return now;
        }
        before = now;
    }
    panic!("not at rest after {} s", world.time());
}

/// Displacements of the settled beam, and where its tip is.
fn settled_beam() -> (Vec<Vec3>, usize) {
    let mut world = beam(1e-3);
    let sweeps = world.settle(1e-6, 60.0).unwrap();
    println!("settled in {sweeps} sweeps");
    (
        field(&world),
        nearest(&beam_mesh(), [0.1, 0.01, 0.01]) as usize,
    )
}

fn hold(what: &str, world: &World, found: &[Vec3], truth: &[Vec3], tip: usize) {
    let (s, error) = (world.stats(), apart(found, truth));
    println!(
        "{what}: {} substeps, {:.0} % floored, at rest after {:.1} s; tip {:.3} mm against {:.3} mm, a \
         node at most {:.4} % off",
        s.substeps,
        100.0 * s.floored_fraction,
        world.time(),
        1e3 * found[tip][2],
        1e3 * truth[tip][2],
        100.0 * error
    );
    assert!(error < SAME);
}

#[test]
fn ticks_and_substeps_change_nothing() {
    let (truth, tip) = settled_beam();
    for dt in [0.5e-3, 1e-3, 2e-3] {
        for substeps in [None, Some(1), Some(2), Some(3), Some(4), Some(5)] {
            let mut world = beam(dt);
            world.force_substeps(substeps).unwrap();
            let found = step_to_rest(&mut world);
            let what = format!("dt {} ms, forced {substeps:?}", 1e3 * dt);
            hold(&what, &world, &found, &truth, tip);
        }
        let mut world = beam(dt);
        world.settle(1e-6, 1e4 * dt).unwrap();
        hold("  settled", &world, &field(&world), &truth, tip);
    }
}

#[test]
fn kernels_change_nothing() {
    let (truth, tip) = settled_beam();
    for kernel in Kernel::ALL {
        let mut world = beam(1e-3);
        if !world.set_kernel(kernel) {
            println!("{} is not available here", kernel.name());
            continue;
        }
        let found = step_to_rest(&mut world);
        hold(kernel.name(), &world, &found, &truth, tip);
        world.settle(1e-6, 60.0).unwrap();
        hold("  settled", &world, &field(&world), &truth, tip);
    }
}

/// A block under its weight; a ball of 12 mm over it.
fn block() -> (World, usize, TetMesh) {
    let mesh = TetMesh::boxed([0.05; 3], [6; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, GRAVITY).unwrap();
    let material = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[material], &bottom).unwrap();
    let ball = ToolShape::Sphere { radius: 0.012 };
    let tool = world.add_tool(ball, [0.024, 0.026, 0.08], 0.3).unwrap();
    (world, tool, mesh)
}

#[test]
fn pressed_dragged_and_let_go() {
    let (mut world, ..) = block();
    world.settle(1e-6, 60.0).unwrap();
    let truth = field(&world);
    for settle in [true, false] {
        let (mut world, tool, _) = block();
        for tick in 1..=300 {
            let t = f64::from(tick) / 300.0;
            let down = 0.08 - 0.04 * (4.0 * t).min(1.0);
            world.move_tool(tool, [0.024, 0.026 + 0.015 * t, down]);
            world.step();
        }
        let pressed = apart(&field(&world), &truth);
        world.move_tool(tool, [0.0, 0.0, 0.2]);
        let found = if settle {
            world.step();
            world.settle(1e-6, 60.0).unwrap();
            field(&world)
        } else {
            step_to_rest(&mut world)
        };
        let error = apart(&found, &truth);
        println!(
            "pressed (then {pressed:.1} times the sag away) and let go, {}: {:.4} % off",
            if settle { "settled" } else { "stepped" },
            100.0 * error
        );
        assert!(pressed > 1.0 && error < SAME);
    }
}

/// Two corners are pulled by 15 mm, in either order, together, or by way of twice as far.
#[test]
fn loads_in_any_order() {
    let pulls: [(Vec3, Vec3); 2] = [
        ([0.0, 0.0, 0.05], [-0.010, 0.0, 0.011]),
        ([0.05, 0.05, 0.05], [0.0, 0.008, -0.012]),
    ];
    let orders: [(&str, &[(usize, f64)]); 4] = [
        ("one, two", &[(0, 1.0), (1, 1.0)]),
        ("two, one", &[(1, 1.0), (0, 1.0)]),
        (
            "by way of the opposite",
            &[(0, -0.7), (1, -0.7), (0, 1.0), (1, 1.0)],
        ),
        (
            "by way of twice as far",
            &[(0, 2.0), (1, 2.0), (0, 1.0), (1, 1.0)],
        ),
    ];
    let mut truth = None;
    for (what, order) in orders {
        for settle in [true, false] {
            let (mut world, _, mesh) = block();
            for (pull, share) in order {
                let (corner, away) = pulls[*pull];
                let node = nearest(&mesh, corner);
                let away = away.map(|x| x * share);
                world.body_mut(0).prescribe(&[node], &[away]).unwrap();
                if settle {
                    world.settle(1e-6, 60.0).unwrap();
                } else {
                    (0..200).for_each(|_| world.step());
                }
            }
            let found = if settle {
                field(&world)
            } else {
                step_to_rest(&mut world)
            };
            let truth = truth.get_or_insert_with(|| found.clone());
            let error = apart(&found, truth);
            let how = if settle { "settled" } else { "stepped" };
            println!("{what}, {how}: {:.4} % off", 100.0 * error);
            assert!(error < SAME);
        }
    }
}
