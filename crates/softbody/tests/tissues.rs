//! Tissue against tissue, against closed forms and against one body in place of two.

mod common;

use std::time::Instant;

use common::{Vec3, assert_close, select};
use softbody::{Kernel, Material, TetMesh, World};

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

/// Mean force under the upper block over 0.1 s, N.
fn carried(world: &mut World) -> f64 {
    let each = (0..100).map(|_| {
        world.step();
        world.tissue_force(1, 0)[2]
    });
    each.sum::<f64>() / 100.0
}

#[test]
fn a_block_on_a_block_is_carried() {
    for cells in [[5, 5, 5], [4, 3, 4]] {
        let mut world = stack(cells, 0.1);
        let weight = 9.81 * mass(&world, 1);
        let sweeps = world.settle(1e-4, 20.0).unwrap();
        println!("{cells:?} on 5 cells: settled in {sweeps} sweeps");
        let settled = world.tissue_force(1, 0)[2];
        assert_close("settled: force under it", settled, weight, 1e-3);
        let mut place = top(&world);
        (0..1000).for_each(|_| world.step());
        assert_close(
            "stepped from there: its mean",
            carried(&mut world),
            weight,
            1e-3,
        );
        println!("came up by {:.3} mm", 1e3 * (top(&world) - place));
        assert!((top(&world) - place).abs() < 1e-4);

        let mut world = stack(cells, 0.1);
        (0..3000).for_each(|_| world.step());
        place = top(&world);
        assert_close("stepped alone: its mean", carried(&mut world), weight, 1e-3);
        assert!((top(&world) - place).abs() < 1e-6, "not at rest");
        assert!(world.stats().contacts >= 20 && fastest(&world, 2) < 1e-4);
    }
}

/// Height of the upper block's last corner, m.
fn top(world: &World) -> f64 {
    let upper = world.body(1);
    upper.position(upper.node_count() as u32 - 1)[2]
}

/// Largest speed of a node, m/s.
fn fastest(world: &World, bodies: usize) -> f64 {
    let mut most: f64 = 0.0;
    for b in 0..bodies {
        let body = world.body(b);
        for n in 0..body.node_count() as u32 {
            most = most.max(length(body.velocity(n)));
        }
    }
    most
}

fn length(v: Vec3) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Reaction to pressing two held ends `by` (m) together.
fn pressed(world: &mut World, ends: [(usize, &[u32]); 2], by: f64) -> f64 {
    let down = vec![[0.0, 0.0, -by]; ends[1].1.len()];
    world
        .body_mut(ends[1].0)
        .prescribe(ends[1].1, &down)
        .unwrap();
    world.settle(1e-5, 20.0).unwrap();
    let top = sum(&world.reaction(ends[1].0, ends[1].1).unwrap());
    let bottom = sum(&world.reaction(ends[0].0, ends[0].1).unwrap());
    assert!(length([0, 1, 2].map(|i| top[i] + bottom[i])) < 1e-3 * bottom[2]);
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

/// Adds a body all of whose nodes move with `v` (m/s) after the next step, when `released`.
fn thrown(world: &mut World, mesh: &TetMesh, tissue: Material, v: Vec3) -> usize {
    let all = select(mesh, |_| true);
    let body = world.add_soft_body(mesh, &[tissue], &all).unwrap();
    let ahead = vec![v.map(|v| v * world.dt()); all.len()];
    world.body_mut(body).prescribe(&all, &ahead).unwrap();
    body
}

/// Steps once and lets all nodes go.
fn released(world: &mut World) {
    world.step();
    for b in 0..world.bodies().len() {
        let all: Vec<u32> = (0..world.body(b).node_count() as u32).collect();
        world.body_mut(b).release(&all).unwrap();
    }
}

#[test]
fn a_collision_conserves_momentum() {
    for friction in [0.0, 0.3] {
        let mut world = World::new(1e-3, NONE).unwrap();
        let tissue = Material {
            damping: 0.0,
            ..Material::soft(5e3, 0.45, 1060.0)
        };
        let a = block(NONE, [0.04; 3], [4, 4, 4]);
        let b = block([0.045, 0.013, 0.007], [0.03, 0.04, 0.035], [3, 4, 5]);
        thrown(&mut world, &a, tissue, [0.5, 0.1, 0.0]);
        thrown(&mut world, &b, tissue, [-0.5, 0.0, 0.2]);
        world.set_tissue_friction(friction).unwrap();
        released(&mut world);
        world.force_substeps(Some(6)).unwrap();
        let (p, l) = momentum(&world, 2);
        let (mut peak, mut contacts) = (0.0, 0);
        for _ in 0..200 {
            world.step();
            peak = f64::max(peak, length(world.tissue_force(0, 1)));
            contacts = contacts.max(world.stats().contacts);
            assert_eq!(world.stats().floored_fraction, 0.0);
        }
        let (q, m) = momentum(&world, 2);
        let (lost, turned) = (length(difference(p, q)), length(difference(l, m)));
        println!(
            "friction {friction}: peak {peak:.2} N, {contacts} contacts; momentum {:.2e} of {:.2e} kg m/s, \
             angular {:.2e} of {:.2e} kg m^2/s",
            lost,
            length(p),
            turned,
            length(l)
        );
        assert!(peak > 1.0 && world.stats().contacts == 0);
        assert!(lost < 2e-6 * length(p));
        assert!(turned < if friction > 0.0 { 2e-3 } else { 2e-5 } * length(l));
    }
}

fn difference(a: Vec3, b: Vec3) -> Vec3 {
    [0, 1, 2].map(|i| a[i] - b[i])
}

/// A flat block at rest on a slab whose slope is `slope`: how far it then slides down in 1 s, m, and the
/// ratio of the forces along and normal to the slab.
fn on_slope(slope: f64, friction: f64, damping: f64) -> (f64, f64) {
    let slab = block(NONE, [0.10, 0.05, 0.01], [12, 6, 2]);
    let flat = block([0.02, 0.007, 0.01], [0.037, 0.036, 0.015], [5, 4, 2]);
    let angle = slope.atan();
    let gravity = [9.81 * angle.sin(), 0.0, -9.81 * angle.cos()];
    let mut world = World::new(1e-3, gravity).unwrap();
    let tissue = [Material {
        damping,
        ..Material::soft(20e3, 0.45, 1060.0)
    }];
    let bottom = select(&slab, |p| p[2] == 0.0);
    world.add_soft_body(&slab, &tissue, &bottom).unwrap();
    world.add_soft_body(&flat, &tissue, &[]).unwrap();
    world.set_tissue_friction(friction).unwrap();
    world.settle(1e-2, 20.0).unwrap();
    (0..200).for_each(|_| world.step());
    let count = world.body(1).node_count() as u32;
    let x = |world: &World| -> f64 {
        let each = (0..count).map(|n| world.body(1).position(n)[0]);
        each.sum::<f64>() / f64::from(count)
    };
    let before = x(&world);
    let (mut along, mut normal) = (0.0, 0.0);
    for _ in 0..1000 {
        world.step();
        let f = world.tissue_force(1, 0);
        (along, normal) = (along - f[0], normal + f[2]);
    }
    (x(&world) - before, along / normal)
}

/// Below the slope mu a block sticks, above it slides against mu N. (With little damping a block that
/// slides at mu 0.3 begins to bounce, as elastic bodies under Coulomb friction do (Adams 1995): the
/// same with 2 and with 8 substeps. Then the forces' means are no longer in the ratio mu.)
#[test]
fn friction_holds_a_block_up_to_the_slope_mu() {
    for mu in [0.1, 0.2, 0.3] {
        let damping = 60.0;
        let (stuck, _) = on_slope(0.98 * mu, mu, damping);
        let (slid, ratio) = on_slope(1.02 * mu, mu, damping);
        println!(
            "mu {mu}: in 1 s {:.4} mm at 0.98 mu, {:.4} mm at 1.02 mu",
            1e3 * stuck,
            1e3 * slid
        );
        assert_close("while it slides: Ft / Fn", ratio, mu, 0.002);
        // Terminal speed against the damping: g (sin - mu cos) / 60.
        let angle = (1.02 * mu).atan();
        let way = 9.81 * (angle.sin() - mu * angle.cos()) / damping;
        assert_close("way in 1 s at its terminal speed, m", slid, way, 0.05);
        assert!(stuck.abs() < 1e-6);
    }
}

/// Sheets that come together at 1 m/s in ticks of 1 ms part again on the side they came from.
#[test]
fn sheets_do_not_pass_through_each_other() {
    for (thick, cells) in [(0.008, [6, 6, 1]), (0.003, [9, 9, 1]), (0.003, [9, 9, 2])] {
        for shift in [[0.0, 0.0], [0.0031, 0.0017], [0.017, 0.021]] {
            let mut world = World::new(1e-3, NONE).unwrap();
            let tissue = Material::soft(5e3, 0.45, 1060.0);
            let lower = block(NONE, [0.05, 0.05, thick], cells);
            let upper = block(
                [shift[0], shift[1], thick + 0.0023],
                [0.05, 0.05, thick],
                cells,
            );
            thrown(&mut world, &lower, tissue, [0.0, 0.0, 0.5]);
            thrown(&mut world, &upper, tissue, [0.0, 0.0, -0.5]);
            released(&mut world);
            let middle = |world: &World, b: usize| -> f64 {
                let body = world.body(b);
                let n = body.node_count();
                (0..n as u32).map(|i| body.position(i)[2]).sum::<f64>() / n as f64
            };
            let (mut nearest, mut contacts, mut inside) = (f64::INFINITY, 0, 0);
            for _ in 0..150 {
                world.step();
                nearest = nearest.min(middle(&world, 1) - middle(&world, 0));
                contacts = contacts.max(world.stats().contacts);
                inside = inside.max(nodes_inside(&world, [&lower, &upper]));
            }
            println!(
                "{:.0} mm sheets shifted by {shift:?}: middles at least {:.2} mm apart, {contacts} contacts, \
                 at most {inside} nodes inside, at the end {:.1} mm apart",
                1e3 * thick,
                1e3 * nearest,
                1e3 * (middle(&world, 1) - middle(&world, 0))
            );
            assert!(contacts > 10 && inside < 10);
            // Those that only meet with their corners turn out of each other's way.
            let apart = middle(&world, 1) - middle(&world, 0);
            assert!(shift[0] > 0.01 || (nearest > 0.5 * thick && apart > 1.5 * thick));
        }
    }
}

/// Nodes of two bodies that are inside tetrahedra of the other by more than rounding, by brute force.
fn nodes_inside(world: &World, meshes: [&TetMesh; 2]) -> usize {
    let count = |a: usize, b: usize| {
        let (a, mesh, b) = (world.body(a), meshes[b], world.body(b));
        let inside = |n: &u32| {
            let p = a.position(*n);
            let around = |t: &[u32; 4]| is_inside(p, t.map(|n| b.position(n)));
            mesh.tetrahedra().iter().any(around)
        };
        (0..a.node_count() as u32).filter(inside).count()
    };
    count(0, 1) + count(1, 0)
}

/// Whether all four volumes that `p` makes with the corners are more than 1 % of the whole.
fn is_inside(p: Vec3, q: [Vec3; 4]) -> bool {
    let volume = |q: [Vec3; 4]| {
        let [a, b, c] = [1, 2, 3].map(|i| difference(q[i], q[0]));
        a[0] * (b[1] * c[2] - b[2] * c[1])
            + a[1] * (b[2] * c[0] - b[0] * c[2])
            + a[2] * (b[0] * c[1] - b[1] * c[0])
    };
    let whole = volume(q);
    (0..4).all(|i| {
        let mut part = q;
        part[i] = p;
        volume(part) > 0.01 * whole
    })
}

/// A roof of `length` along x, its ridge at the origin, 1 mm wide; mirrored, it hangs down.
fn roof(cells: [usize; 3], mirrored: bool, turned: bool) -> TetMesh {
    let box_ = TetMesh::boxed([0.04, 1.0, 1.0], cells).unwrap();
    let place = |p: &Vec3| {
        let (x, y, z) = (
            p[0] - 0.0187,
            (p[1] - 0.5) * (0.02 - 0.019 * p[2]),
            0.01 * (p[2] - 1.0),
        );
        let z = if mirrored { -z } else { z };
        if turned { [y, x, z] } else { [x, y, z] }
    };
    let points: Vec<Vec3> = box_.points().iter().map(place).collect();
    TetMesh::new(&points, box_.tetrahedra()).unwrap()
}

/// Nothing but edges meets where two wedges cross on coarse meshes.
#[test]
fn crossing_wedges_do_not_cut_each_other() {
    let (lower, upper) = (roof([3, 2, 2], false, false), roof([3, 2, 2], true, true));
    let mut world = World::new(1e-3, NONE).unwrap();
    let tissue = [Material::soft(5e3, 0.45, 1060.0)];
    let bottom = select(&lower, |p| p[2] < -0.0099);
    let top = select(&upper, |p| p[2] > 0.0099);
    world.add_soft_body(&lower, &tissue, &bottom).unwrap();
    world.add_soft_body(&upper, &tissue, &top).unwrap();
    let mut forces = Vec::new();
    for tick in 1..=400 {
        let down = -0.004 * f64::from(tick.min(200)) / 200.0;
        let places = vec![[0.0, 0.0, down]; top.len()];
        world.body_mut(1).prescribe(&top, &places).unwrap();
        world.step();
        if tick % 50 == 0 {
            forces.push(world.tissue_force(1, 0)[2]);
        }
    }
    println!(
        "wedges pressed 1, 2, 3, 4 mm and held: {forces:.4?} N, {:?}",
        world.stats()
    );
    assert!(forces[..4].windows(2).all(|f| f[1] > f[0]) && forces[0] > 0.0);
    assert!((forces[7] / forces[3] - 1.0).abs() < 0.2);
}

/// Thrown into each other at 20 m/s where they already overlap by half.
#[test]
fn overlapping_bodies_are_parted() {
    for shift in [[0.0, 0.0], [0.007, 0.011]] {
        for speed in [0.0, 10.0] {
            let mut world = World::new(1e-3, NONE).unwrap();
            let tissue = Material::soft(5e3, 0.45, 1060.0);
            let a = block(NONE, [0.04; 3], [5, 5, 5]);
            let b = block([0.02, shift[0], shift[1]], [0.04; 3], [5, 5, 5]);
            thrown(&mut world, &a, tissue, [speed, 0.0, 0.0]);
            thrown(&mut world, &b, tissue, [-speed, 0.0, 0.0]);
            released(&mut world);
            let mut most: f64 = 0.0;
            for tick in 0..1500 {
                world.step();
                assert_eq!(world.stats().faults, 0);
                if tick > 20 {
                    most = most.max(fastest(&world, 2));
                }
            }
            let inside = nodes_inside(&world, [&a, &b]);
            println!(
                "half overlapping, shifted {shift:?}, {speed} m/s each: later at most {most:.2} m/s, \
                 {inside} nodes inside at the end, {} contacts, then {:.3} m/s",
                world.stats().contacts,
                fastest(&world, 2)
            );
            assert!(inside == 0 && most < 30.0 && fastest(&world, 2) < 1.0);
        }
    }
}

#[test]
fn a_slight_overlap_is_pushed_out_gently() {
    let mut world = World::new(1e-3, NONE).unwrap();
    let tissue = [Material::soft(5e3, 0.45, 1060.0)];
    let a = block(NONE, [0.04; 3], [5, 5, 5]);
    let b = block([0.004, 0.003, 0.0395], [0.04; 3], [5, 5, 5]);
    world.add_soft_body(&a, &tissue, &[]).unwrap();
    world.add_soft_body(&b, &tissue, &[]).unwrap();
    let mut most: f64 = 0.0;
    for _ in 0..300 {
        world.step();
        most = most.max(fastest(&world, 2));
    }
    let inside = nodes_inside(&world, [&a, &b]);
    println!("0.5 mm overlap: at most {most:.3} m/s, {inside} nodes inside after 0.3 s");
    assert!(most < 0.3 && inside == 0);
}

#[test]
fn bodies_that_are_told_not_to_collide_pass() {
    let mut world = stack([4, 4, 4], 0.1);
    world.set_tissue_contact(0, 1, false).unwrap();
    (0..80).for_each(|_| world.step());
    assert!(world.stats().contacts == 0 && top(&world) < 0.065);
    assert!(world.set_tissue_contact(0, 2, true).is_err());
    assert!(
        world.set_tissue_friction(-0.1).is_err() && world.set_tissue_friction(f64::NAN).is_err()
    );
}

/// Same inputs, same bits, whatever the kernel, also of a clone half way.
#[test]
fn contact_of_tissue_repeats_to_the_bit() {
    let run = |kernel: Kernel, cloned: bool| {
        let mut world = stack([4, 3, 4], 0.2);
        world.set_tissue_contact(1, 1, true).unwrap();
        world.set_kernel(kernel).then(|| {
            (0..150).for_each(|_| world.step());
            if cloned {
                world = world.clone();
            }
            (0..150).for_each(|_| world.step());
            assert!(world.stats().contacts > 0);
            world.digest()
        })
    };
    let truth = run(Kernel::Portable, false);
    for kernel in [Kernel::Portable, Kernel::Avx2, Kernel::Avx512] {
        for cloned in [false, true] {
            if let Some(digest) = run(kernel, cloned) {
                println!("{kernel:?}, cloned {cloned}: {digest:016x}");
                assert_eq!(Some(digest), truth);
            }
        }
    }
}

/// A ball of radius 20 mm around the origin, finest at its upper pole.
fn ball(cells: usize) -> TetMesh {
    let cube = TetMesh::boxed([2.0; 3], [cells; 3]).unwrap();
    let place = |p: &Vec3| {
        let grade = |s: f64| (s - 1.0).abs().powf(1.5).copysign(s - 1.0);
        let (x, y, z) = (
            grade(p[0]),
            grade(p[1]),
            1.0 - 2.0 * (1.0 - 0.5 * p[2]).powf(1.5),
        );
        // The cube onto the ball (Nowell 2005)
        let onto = |x: f64, y: f64, z: f64| {
            let (y, z) = (y * y, z * z);
            0.02 * x * (1.0 - 0.5 * y - 0.5 * z + y * z / 3.0).sqrt()
        };
        [onto(x, y, z), onto(y, z, x), onto(z, x, y)]
    };
    let points: Vec<Vec3> = cube.points().iter().map(place).collect();
    TetMesh::new(&points, cube.tetrahedra()).unwrap()
}

/// A soft ball pressed on its mirror image feels what it feels on a rigid plane, and what Hertz says.
#[test]
fn two_balls_press_on_each_other_as_on_a_plane() {
    let (radius, depth, e, nu): (f64, f64, f64, f64) = (0.02, 0.0004, 5e3, 0.45);
    let tissue = [Material::soft(e, nu, 1060.0)];
    let mesh = ball(16);
    let core = select(&mesh, |p| p[2] < 1e-6);
    let up = vec![[0.0, 0.0, depth]; core.len()];

    // The plane: a slab a thousand times as stiff.
    let slab = block([-0.012, -0.012, radius], [0.024, 0.024, 0.006], [6, 6, 2]);
    let top = select(&slab, |p| p[2] > radius + 0.0059);
    let mut alone = World::new(1e-3, NONE).unwrap();
    alone.add_soft_body(&mesh, &tissue, &core).unwrap();
    let stiff = [Material::soft(1e3 * e, nu, 1060.0)];
    alone.add_soft_body(&slab, &stiff, &top).unwrap();
    alone.set_tissue_friction(0.0).unwrap();
    alone.body_mut(0).prescribe(&core, &up).unwrap();
    let sweeps = alone.settle(1e-4, 20.0).unwrap();
    let truth = alone.tissue_force(1, 0)[2];
    println!("on a plane {truth:.5} N after {sweeps} sweeps");

    // Mirrored in the plane, and, so that its mesh does not match, turned by 30 degrees.
    for angle in [0.0, 30f64.to_radians()] {
        let (s, c) = angle.sin_cos();
        let turned = |p: &Vec3| {
            [
                c * p[0] - s * p[1],
                s * p[0] + c * p[1],
                2.0 * radius - p[2],
            ]
        };
        let points: Vec<Vec3> = mesh.points().iter().map(turned).collect();
        let image = TetMesh::new(&points, mesh.tetrahedra()).unwrap();
        let mut world = World::new(1e-3, NONE).unwrap();
        world.add_soft_body(&mesh, &tissue, &core).unwrap();
        world.add_soft_body(&image, &tissue, &core).unwrap();
        world.set_tissue_friction(0.0).unwrap();
        world.body_mut(0).prescribe(&core, &up).unwrap();
        let down = vec![[0.0, 0.0, -depth]; core.len()];
        world.body_mut(1).prescribe(&core, &down).unwrap();
        let sweeps = world.settle(1e-4, 20.0).unwrap();
        let force = world.tissue_force(1, 0)[2];
        println!("settled in {sweeps} sweeps");
        assert_close(
            "ball on its image, against ball on plane",
            force,
            truth,
            0.03,
        );
        // Hertz 1881; the flat middle is not infinitely far, which makes the ball harder.
        let hertz = 4.0 / 3.0 * e / (1.0 - nu * nu) * radius.sqrt() * depth.powf(1.5);
        assert_close("against Hertz", force, hertz, 0.1);
    }
}

/// What it costs that two blocks of 10 368 tetrahedra lie on each other. The least times are compared, by
/// turns: whatever else the machine does is not in them.
#[test]
fn two_large_blocks_in_contact_cost_a_few_times_as_much_at_most() {
    let mesh = |z: f64| block([0.0, 0.0, z], [0.1; 3], [12; 3]);
    let run = |on: bool, gap: f64| {
        let mut world = World::new(1e-3, DOWN).unwrap();
        let tissue = [Material::soft(20e3, 0.45, 1060.0)];
        let (lower, upper) = (mesh(0.0), mesh(0.1 + gap));
        let bottom = select(&lower, |p| p[2] == 0.0);
        world.add_soft_body(&lower, &tissue, &bottom).unwrap();
        world.add_soft_body(&upper, &tissue, &[]).unwrap();
        world.set_tissue_contact(0, 1, on).unwrap();
        world.force_substeps(Some(2)).unwrap();
        (0..100).for_each(|_| world.step());
        world
    };
    let mut worlds = [run(false, 0.0), run(true, 0.0), run(true, 2.0)];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..150 {
        for (world, times) in worlds.iter_mut().zip(&mut times) {
            let start = Instant::now();
            world.step();
            times.push(start.elapsed().as_secs_f64());
        }
    }
    let least = times.map(|t| 1e3 * t.into_iter().fold(f64::INFINITY, f64::min));
    let contacts = worlds.each_ref().map(|w| w.stats().contacts);
    println!("tick without contact, in it, far apart: {least:.3?} ms, {contacts:?} contacts");
    assert!(contacts[1] > 100 && least[1] < 4.0 * least[0] && least[2] < 1.5 * least[0]);
}
