//! Contact of tissue with tissue after cuts, after long ways and in clones: only what touches pushes.

mod common;

use common::{Vec3, select};
use softbody::{Material, Room, TetMesh, World};
use std::time::Instant;

const NONE: Vec3 = [0.0; 3];
const ROOM: Room = Room {
    nodes: 100,
    tetrahedra: 100,
    triangles: 1000,
};

fn block(at: Vec3, size: Vec3, cells: [usize; 3]) -> TetMesh {
    let mesh = TetMesh::boxed(size, cells).unwrap();
    let moved = |p: &Vec3| [p[0] + at[0], p[1] + at[1], p[2] + at[2]];
    let points: Vec<Vec3> = mesh.points().iter().map(moved).collect();
    TetMesh::new(&points, mesh.tetrahedra()).unwrap()
}

/// Blocks that stand on their lowest nodes; the first has room for cuts.
fn standing(blocks: &[TetMesh]) -> World {
    let mut world = World::new(1e-3, NONE).unwrap();
    let tissue = Material::soft(5e3, 0.45, 1060.0);
    for mesh in blocks {
        let heights = mesh.points().iter().map(|p| p[2]);
        let lowest = heights.fold(f64::INFINITY, f64::min);
        let bottom = select(mesh, |p| p[2] == lowest);
        world.add_soft_body(mesh, &[tissue], &bottom).unwrap();
    }
    world.reserve_for_cutting(0, ROOM).unwrap();
    world
}

/// All bodies glide together by `way` in 0.3 s, and come to rest.
fn carry(world: &mut World, way: Vec3, ticks: u32) {
    for body in 0..world.bodies().len() {
        world.move_supports(body, way, 300);
    }
    (0..ticks).for_each(|_| world.step());
}

fn split_somewhere(world: &mut World) {
    let [a, b, ..] = world.body(0).tetrahedra()[0];
    world.split(0, [a, b], 0.5).unwrap();
}

/// Unlike blocks, coarse and fine, 20 mm apart.
fn neighbours() -> impl Iterator<Item = [TetMesh; 2]> {
    let cells = [[1, 1, 1], [1, 2, 1], [2, 2, 2]];
    let pairs = cells
        .into_iter()
        .flat_map(|a| [[1, 1, 1], [1, 1, 2]].map(|b| (a, b)));
    pairs.flat_map(|(a, b)| {
        [0.06, -0.06].map(|x| {
            [
                block(NONE, [0.04, 0.06, 0.04], a),
                block([x, 0.021, -0.011], [0.04, 0.017, 0.067], b),
            ]
        })
    })
}

#[test]
fn a_cut_does_not_bring_distant_tissue_into_contact() {
    for blocks in neighbours() {
        let mut world = standing(&blocks);
        carry(&mut world, [0.0, 0.3, 0.0], 1000);
        split_somewhere(&mut world);
        world.step();
        assert_eq!(world.tissue_force(0, 1), NONE);
    }
}

#[test]
fn contact_switched_on_late_finds_only_what_touches() {
    for blocks in neighbours() {
        let mut world = standing(&blocks);
        world.set_tissue_contact(0, 1, false).unwrap();
        carry(&mut world, [0.0, 0.3, 0.0], 1000);
        world.set_tissue_contact(0, 1, true).unwrap();
        world.step();
        assert_eq!(world.tissue_force(0, 1), NONE);
    }
}

#[test]
fn strips_carried_fast_side_by_side_do_not_touch() {
    for speed in [0.5, 1.0, 2.0] {
        let strips = [
            block(NONE, [0.002, 0.02, 0.010], [1, 5, 5]),
            block([0.003, 0.0021, -0.0009], [0.002, 0.0158, 0.0123], [1, 5, 5]),
        ];
        let mut world = World::new(1e-3, NONE).unwrap();
        let tissue = Material::soft(20e3, 0.45, 1060.0);
        for mesh in &strips {
            let held: Vec<u32> = (0..mesh.points().len() as u32).step_by(2).collect();
            world.add_soft_body(mesh, &[tissue], &held).unwrap();
        }
        for body in 0..2 {
            world.move_supports(body, [0.0, speed * 0.2 / 1.875, 0.0], 200);
        }
        for tick in 0..200 {
            world.step();
            assert_eq!(world.tissue_force(0, 1), NONE, "{speed} m/s, tick {tick}");
        }
    }
}

#[test]
fn a_cut_does_not_kick_tissue_that_collides_with_itself() {
    let mut world = standing(&[block(NONE, [0.04, 0.06, 0.04], [3, 4, 3])]);
    world.set_tissue_contact(0, 0, true).unwrap();
    carry(&mut world, [0.0, 0.3, 0.0], 2000);
    split_somewhere(&mut world);
    world.step();
    let body = world.body(0);
    let speeds = (0..body.node_count() as u32).flat_map(|n| body.velocity(n));
    let fastest = speeds.fold(0.0, |a: f64, v| a.max(v.abs()));
    println!(
        "fastest node after a cut {fastest:.1e} m/s, {} contacts",
        world.stats().contacts
    );
    assert!(world.stats().contacts == 0 && fastest < 1e-3);
}

/// Blocks that lie on each other go on doing so when one is cut: what was known is carried over.
#[test]
fn contact_outlives_a_cut() {
    let blocks = [
        block(NONE, [0.1, 0.1, 0.05], [8, 8, 4]),
        block([0.0, 0.0, 0.05], [0.1, 0.1, 0.05], [8, 8, 4]),
    ];
    let mut world = standing(&blocks);
    let top = select(&blocks[1], |p| p[2] > 0.0999);
    let bottom = select(&blocks[1], |p| p[2] == 0.05);
    world.body_mut(1).release(&bottom).unwrap();
    let down = vec![[0.0, 0.0, -2e-3]; top.len()];
    world.body_mut(1).prescribe(&top, &down).unwrap();
    carry(&mut world, [0.3, 0.0, 0.0], 1500);
    let before = world.tissue_force(1, 0)[2];
    world.remove(0, &[0]).unwrap();
    let mut least = f64::INFINITY;
    for _ in 0..5 {
        world.step();
        least = least.min(world.tissue_force(1, 0)[2]);
    }
    println!("carried {before:.4} N before a cut far below, {least:.4} N at least after it");
    assert!(least > 0.98 * before);
}

/// The first look after a cut costs about what any other does. Least of several cuts, by turns.
#[test]
fn the_tick_after_a_cut_is_like_others() {
    let blocks = [
        block(NONE, [0.1, 0.1, 0.05], [14, 14, 7]),
        block([0.0, 0.0, 0.05], [0.1, 0.1, 0.05], [14, 14, 7]),
    ];
    let mut world = standing(&blocks);
    carry(&mut world, [0.05, 0.0, 0.0], 500);
    let timed = |world: &mut World| {
        let start = Instant::now();
        world.step();
        start.elapsed().as_secs_f64()
    };
    let (mut before, mut after) = (f64::INFINITY, f64::INFINITY);
    for cut in 0..10 {
        before = before.min(timed(&mut world));
        world.remove(0, &[40 * cut]).unwrap();
        after = after.min(timed(&mut world));
        (0..3).for_each(|_| world.step());
    }
    println!(
        "tick before a cut {:.2} ms, after it {:.2} ms",
        1e3 * before,
        1e3 * after
    );
    assert!(after < 4.0 * before);
}

/// Cut so that there are more crossing ridges than are looked after: which of them must not depend on
/// what memory the lists happen to have.
#[test]
fn a_clone_goes_the_same_way_after_cuts() {
    let blocks = [
        block(NONE, [0.04, 0.06, 0.04], [4, 6, 4]),
        block([0.06, 0.021, -0.011], [0.04, 0.017, 0.067], [4, 2, 7]),
    ];
    let mut world = standing(&blocks);
    carry(&mut world, [0.0, 0.3, 0.0], 500);
    let doomed: Vec<u32> = (0..blocks[0].tetrahedra().len() as u32)
        .step_by(17)
        .collect();
    world.remove(0, &doomed).unwrap();
    let mut twin = world.clone();
    for tick in 0..20 {
        world.step();
        twin.step();
        assert_eq!(world.digest(), twin.digest(), "tick {tick}");
    }
}
