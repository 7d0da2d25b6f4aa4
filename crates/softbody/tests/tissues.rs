//! Tissue against tissue, against closed forms and against one body in place of two.

mod common;

use common::{Vec3, assert_close, select};
use softbody::{Material, TetMesh, World};

const NONE: Vec3 = [0.0; 3];
const DOWN: Vec3 = [0.0, 0.0, -9.81];

/// A box with a corner at `at`.
fn block(at: Vec3, size: Vec3, cells: [usize; 3]) -> TetMesh {
    let mesh = TetMesh::boxed(size, cells).unwrap();
    let points: Vec<Vec3> = mesh
        .points()
        .iter()
        .map(|p| [0, 1, 2].map(|i| p[i] + at[i]))
        .collect();
    TetMesh::new(&points, mesh.tetrahedra()).unwrap()
}

fn sum(forces: &[Vec3]) -> Vec3 {
    forces
        .iter()
        .fold(NONE, |s, f| [0, 1, 2].map(|i| s[i] + f[i]))
}

fn mass(world: &World, body: usize) -> f64 {
    world
        .body(body)
        .masses()
        .iter()
        .map(|m| f64::from(*m))
        .sum()
}

fn momentum(world: &World, bodies: usize) -> (Vec3, Vec3) {
    let (mut linear, mut angular) = (NONE, NONE);
    for b in 0..bodies {
        let body = world.body(b);
        for (n, m) in body.masses().iter().enumerate() {
            let (x, v) = (body.position(n as u32), body.velocity(n as u32));
            for i in 0..3 {
                let (j, k) = ((i + 1) % 3, (i + 2) % 3);
                linear[i] += f64::from(*m) * v[i];
                angular[i] += f64::from(*m) * (x[j] * v[k] - x[k] * v[j]);
            }
        }
    }
    (linear, angular)
}

/// Two blocks of 40 mm, one on the other, the lower one held at its bottom.
fn stack(upper: [usize; 3], friction: f64) -> World {
    let lower = block(NONE, [0.04; 3], [5, 5, 5]);
    let upper = block([0.0, 0.0, 0.04], [0.04; 3], upper);
    let mut world = World::new(1e-3, DOWN).unwrap();
    let tissue = [Material::soft(5e3, 0.45, 1060.0)];
    let bottom = select(&lower, |p| p[2] == 0.0);
    world.add_soft_body(&lower, &tissue, &bottom).unwrap();
    world.add_soft_body(&upper, &tissue, &[]).unwrap();
    world.set_tissue_friction(friction).unwrap();
    world
}

#[test]
fn a_block_on_a_block_is_carried() {
    for cells in [[5, 5, 5], [4, 3, 4]] {
        let mut world = stack(cells, 0.1);
        let weight = 9.81 * mass(&world, 1);
        let sweeps = world.settle(1e-4, 60.0).unwrap();
        println!("settled in {sweeps} sweeps");
        let settled = world
            .body(1)
            .position(world.body(1).node_count() as u32 - 1);
        let force = world.tissue_force(1, 0);
        assert_close(
            "settled: force under the upper block",
            force[2],
            weight,
            1e-3,
        );
        for _ in 0..1000 {
            world.step();
        }
        let mut mean = 0.0;
        for _ in 0..100 {
            world.step();
            mean += world.tissue_force(1, 0)[2] / 100.0;
        }
        assert_close("stepped from there: its mean", mean, weight, 1e-3);
        let now = world
            .body(1)
            .position(world.body(1).node_count() as u32 - 1);
        let v = world.body(1).velocity(7);
        println!("{settled:?} -> {now:?}, v {v:?}, {:?}", world.stats());

        let mut world = stack(cells, 0.1);
        for tick in 0..3000 {
            world.step();
            if tick % 500 == 0 {
                println!(
                    "{:?} {:?}",
                    world.tissue_force(1, 0),
                    world.stats().contacts
                );
            }
        }
        let now = world
            .body(1)
            .position(world.body(1).node_count() as u32 - 1);
        println!("dropped: {now:?}");
        let mut mean = 0.0;
        for _ in 0..100 {
            world.step();
            mean += world.tissue_force(1, 0)[2] / 100.0;
        }
        assert_close("stepped alone: its mean", mean, weight, 1e-3);
    }
}

/// Pressed by `by` between held ends: reaction and a probe displacement.
fn pressed(world: &mut World, ends: [(usize, &[u32]); 2], by: f64) -> f64 {
    let down = vec![[0.0, 0.0, -by]; ends[1].1.len()];
    world
        .body_mut(ends[1].0)
        .prescribe(ends[1].1, &down)
        .unwrap();
    let sweeps = world.settle(1e-5, 3.0).unwrap();
    println!("settled in {sweeps} sweeps");
    let top = sum(&world.reaction(ends[1].0, ends[1].1).unwrap());
    let bottom = sum(&world.reaction(ends[0].0, ends[0].1).unwrap());
    println!("top {top:?}, bottom {bottom:?}");
    bottom[2]
}

#[test]
fn two_blocks_pressed_together_are_one_of_double_length() {
    for nu in [1e-3, 0.45] {
        let tissue = [Material::soft(5e3, nu, 1060.0)];
        let whole = block(NONE, [0.04, 0.04, 0.08], [6, 6, 12]);
        let mut world = World::new(1e-3, NONE).unwrap();
        world
            .add_soft_body(&whole, &tissue, &select(&whole, |p| p[2] == 0.0))
            .unwrap();
        let ends = [
            select(&whole, |p| p[2] == 0.0),
            select(&whole, |p| p[2] > 0.0799),
        ];
        let truth = pressed(&mut world, [(0, &ends[0]), (0, &ends[1])], 0.008);
        let lower = block(NONE, [0.04; 3], [6, 6, 6]);
        for cells in [[6, 6, 6], [5, 4, 5]] {
            let upper = block([0.0, 0.0, 0.04], [0.04; 3], cells);
            let ends = [
                select(&lower, |p| p[2] == 0.0),
                select(&upper, |p| p[2] > 0.0799),
            ];
            let mut world = World::new(1e-3, NONE).unwrap();
            world.add_soft_body(&lower, &tissue, &ends[0]).unwrap();
            world.add_soft_body(&upper, &tissue, &ends[1]).unwrap();
            world.set_tissue_friction(0.0).unwrap();
            let force = pressed(&mut world, [(0, &ends[0]), (1, &ends[1])], 0.008);

            assert_close(&format!("nu {nu}, {cells:?}: force"), force, truth, 0.03);
            let face = select(&lower, |p| p[2] > 0.0399);
            let z: Vec<f64> = face
                .iter()
                .map(|n| world.body(0).displacement(*n)[2])
                .collect();
            let (low, high) = z
                .iter()
                .fold((0.0f64, -1.0f64), |(l, h), z| (l.min(*z), h.max(*z)));
            println!("interface {:.4} to {:.4} mm", 1e3 * low, 1e3 * high);
        }
    }
}

#[test]
fn a_collision_conserves_momentum() {
    let mut world = World::new(1e-3, NONE).unwrap();
    let tissue = [Material {
        damping: 0.0,
        ..Material::soft(5e3, 0.45, 1060.0)
    }];
    let a = block(NONE, [0.04; 3], [4, 4, 4]);
    let b = block([0.045, 0.013, 0.007], [0.03, 0.04, 0.035], [3, 4, 5]);
    for (mesh, v) in [(&a, [0.5, 0.1, 0.0]), (&b, [-0.5, 0.0, 0.2])] {
        let all = select(mesh, |_| true);
        let body = world.add_soft_body(mesh, &tissue, &all).unwrap();
        let ahead = vec![v.map(|v: f64| 1e-3 * v); all.len()];
        world.body_mut(body).prescribe(&all, &ahead).unwrap();
    }
    world.set_tissue_friction(0.0).unwrap();
    world.step();
    for b in 0..2 {
        let all: Vec<u32> = (0..world.body(b).node_count() as u32).collect();
        world.body_mut(b).release(&all).unwrap();
    }
    world.force_substeps(Some(6)).unwrap();
    let (p, l) = momentum(&world, 2);
    println!("before {p:.9?} {l:.9?}");
    let mut peak: f64 = 0.0;
    for _ in 0..200 {
        world.step();
        peak = peak.max(world.tissue_force(0, 1)[0].abs());
        assert_eq!(world.stats().floored_fraction, 0.0);
    }
    let (q, m) = momentum(&world, 2);
    println!("after {q:.9?} {m:.9?}, peak {peak:.3} N");
    assert!(peak > 0.1);
}

/// A strip of 60 x 10 x 3 mm, clamped to 15 mm of a side and standing on the other end, folds.
#[test]
fn a_flap_that_folds_onto_itself_does_not_pass_through() {
    for (size, cells) in [
        ([0.06, 0.01, 0.003], [30, 5, 2]),
        ([0.08, 0.02, 0.006], [20, 5, 2]),
    ] {
        let strip = block(NONE, size, cells);
        let (length, thick) = (size[0], size[2]);
        let left = select(&strip, |p| p[0] < 0.0101);
        let right = select(&strip, |p| p[0] > length - 0.0101);
        let mut world = World::new(1e-3, NONE).unwrap();
        let tissue = [Material::soft(5e3, 0.45, 1060.0)];
        let held: Vec<u32> = left.iter().chain(&right).copied().collect();
        let body = world.add_soft_body(&strip, &tissue, &held).unwrap();
        world.set_tissue_contact(body, body, true).unwrap();
        // The right end is turned over onto the left one, around an axis above the strip's middle.
        let ticks = 600;
        let mut deepest: f64 = 0.0;
        for tick in 1..=ticks + 600 {
            let t = f64::from(tick.min(ticks)) / f64::from(ticks);
            let angle = std::f64::consts::PI * t;
            // From a half circle of the strip's length down to a fold of no gap.
            let radius = 0.5 * (length - 0.02) / std::f64::consts::PI * (1.0 - t) + 0.00 * t;
            let (s, c) = angle.sin_cos();
            let place = |n: &u32| {
                let p = strip.points()[*n as usize];
                let (along, up) = (p[0] - length, p[2] - thick);
                // top face at the end: runs back over the left half
                let arm = [length - 0.02 * 0.0, thick];
                let bend = (length - 0.02) * (1.0 - t);
                let _ = (arm, radius);
                let hinge = [0.01 + bend * c.max(0.0) * 1.0, thick + 1e-4 * 0.0];
                let x = hinge[0] + (along + 0.01) * c - up * s + 0.0;
                let z = hinge[1] + (along + 0.01) * s + up * c + 2.0 * 0.0 + bend * s * 0.3;
                [x - p[0], 0.0, z - p[2]]
            };
            let places: Vec<Vec3> = right.iter().map(place).collect();
            world.body_mut(body).prescribe(&right, &places).unwrap();
            world.step();
            deepest = deepest.max(0.0);
            if tick % 100 == 0 {
                println!("{tick}: {:?}", world.stats());
            }
        }
    }
}
