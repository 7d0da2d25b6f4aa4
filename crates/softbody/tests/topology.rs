//! Bodies that are cut while they live: at rest, in motion, under tools and attachments.

mod common;

use common::{Vec3, nearest, select};
use softbody::{
    Anchor, Averaging, Kernel, Law, Material, Room, SoftBody, Spring, TetMesh, TissuePoint,
    ToolShape, World,
};
use std::collections::BTreeMap;

const TISSUE: Material = Material::soft(5e3, 0.45, 1060.0);
const ROOM: Room = Room {
    nodes: 3000,
    tetrahedra: 9000,
    triangles: 9000,
};

fn block(cells: usize, material: Material, gravity: Vec3) -> (TetMesh, World) {
    let mesh = TetMesh::boxed([0.1; 3], [cells; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, gravity).unwrap();
    world.add_soft_body(&mesh, &[material], &bottom).unwrap();
    world.reserve_for_cutting(0, ROOM).unwrap();
    (mesh, world)
}

/// Of a tetrahedron at rest, m.
fn centre(body: &SoftBody, t: usize) -> Vec3 {
    let p = body.tetrahedra()[t].map(|n| body.rest_position(n));
    [0, 1, 2].map(|i| 0.25 * (p[0][i] + p[1][i] + p[2][i] + p[3][i]))
}

fn live(body: &SoftBody) -> Vec<usize> {
    let all = 0..body.tetrahedra().len();
    all.filter(|t| !body.removed()[*t]).collect()
}

/// Removes a notch at the middle of the top and splits every edge that crosses x = 0.03.
fn carve(world: &mut World) {
    let body = world.body(0);
    let notch = |c: Vec3| (c[0] - 0.05).abs() < 0.01 && c[2] > 0.07;
    let doomed: Vec<u32> = (0..body.tetrahedra().len())
        .filter(|t| notch(centre(body, *t)))
        .map(|t| t as u32)
        .collect();
    world.remove(0, &doomed).unwrap();
    let mut splits = 0;
    while let Some((edge, fraction)) = crossing(world.body(0), 0.031) {
        world.split(0, edge, fraction).unwrap();
        splits += 1;
    }
    println!("{} tetrahedra removed, {splits} edges split", doomed.len());
}

/// An edge that crosses the plane x = `at`, well inside, and where.
fn crossing(body: &SoftBody, at: f64) -> Option<([u32; 2], f64)> {
    for t in live(body) {
        let nodes = body.tetrahedra()[t];
        for (i, j) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
            let [x, y] = [nodes[i], nodes[j]].map(|n| body.rest_position(n)[0]);
            let fraction = (at - x) / (y - x);
            if fraction > 1e-6 && fraction < 1.0 - 1e-6 {
                return Some(([nodes[i], nodes[j]], fraction));
            }
        }
    }
    None
}

/// A world with one body, newly built from what the body of `world` has become; ids of its nodes in
/// the old one.
fn rebuilt(world: &World, material: Material) -> (World, Vec<u32>) {
    let body = world.body(0);
    let mut names = BTreeMap::new();
    let mut nodes = Vec::new();
    let mut name = |n: u32| {
        *names.entry(n).or_insert_with(|| {
            nodes.push(n);
            nodes.len() as u32 - 1
        })
    };
    let ids: Vec<[u32; 4]> = live(body)
        .into_iter()
        .map(|t| body.tetrahedra()[t].map(&mut name))
        .collect();
    let held: Vec<u32> = body.supports().iter().map(|n| name(*n)).collect();
    let points: Vec<Vec3> = nodes.iter().map(|n| body.rest_position(*n)).collect();
    let mesh = TetMesh::new(&points, &ids).unwrap();
    let mut twin = World::new(world.dt(), world.gravity()).unwrap();
    twin.add_soft_body(&mesh, &[material], &held).unwrap();
    (twin, nodes)
}

fn farthest(world: &World, twin: &World, nodes: &[u32]) -> f64 {
    let apart = |(n, old): (usize, &u32)| {
        let (a, b) = (
            world.body(0).position(*old),
            twin.body(0).position(n as u32),
        );
        (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
    };
    nodes.iter().enumerate().map(apart).fold(0.0, f64::max)
}

#[test]
fn a_carved_block_settles_like_a_newly_built_one() {
    for law in [Law::StableNeoHookean, Law::NeoHookean] {
        let tissue = Material { law, ..TISSUE };
        let (_, mut world) = block(6, tissue, [0.0, 0.0, -9.81]);
        world.settle(1e-5, 60.0).unwrap();
        carve(&mut world);
        let (mut twin, nodes) = rebuilt(&world, tissue);
        for _ in 0..300 {
            world.step();
            assert_eq!(world.stats().faults, 0);
        }
        let moving = world.stats();
        println!(
            "{law:?}: {} substeps, {:.1} % of the nodes floored, {:.2} g added",
            moving.substeps,
            100.0 * moving.floored_fraction,
            1e3 * moving.added_mass_kg
        );
        world.settle(1e-6, 60.0).unwrap();
        twin.settle(1e-6, 60.0).unwrap();
        let apart = farthest(&world, &twin, &nodes);
        println!(
            "{law:?}: {:.1e} m from the newly built one, sagged 9 mm",
            apart
        );
        assert!(apart < 1e-6);
        for _ in 0..2000 {
            world.step();
        }
        let left = farthest(&world, &twin, &nodes);
        println!("{law:?}: {left:.1e} m after 2 s more in motion");
        assert!(left < 2e-5);
    }
}

/// Carved in motion, the block comes to rest where the newly built one does.
#[test]
fn a_block_that_is_carved_in_motion_comes_to_rest_there() {
    let (_, mut world) = block(6, TISSUE, [0.0, 0.0, -9.81]);
    (0..20).for_each(|_| world.step());
    carve(&mut world);
    (0..3000).for_each(|_| world.step());
    let (mut twin, nodes) = rebuilt(&world, TISSUE);
    twin.settle(1e-6, 60.0).unwrap();
    let apart = farthest(&world, &twin, &nodes);
    println!("{apart:.1e} m from rest after 3 s");
    assert!(apart < 5e-5);
}

#[test]
fn all_kernels_give_the_same_bits_through_cuts() {
    let mut found = Vec::new();
    for kernel in Kernel::ALL.into_iter().filter(|k| k.is_available()) {
        let (_, mut world) = block(4, TISSUE, [0.0, 0.0, -9.81]);
        world.set_kernel(kernel);
        (0..10).for_each(|_| world.step());
        let before = world.digest();
        carve(&mut world);
        assert_ne!(world.digest(), before);
        (0..50).for_each(|_| world.step());
        found.push(world.digest());
        println!("{}: {:016x}", kernel.name(), world.digest());
    }
    assert!(found.windows(2).all(|w| w[0] == w[1]));
}

/// The digest tells two bodies apart that so far only differ in what hangs together.
#[test]
fn the_digest_knows_the_topology() {
    let (_, world) = block(3, TISSUE, [0.0; 3]);
    let [mut a, mut b] = [world.clone(), world.clone()];
    assert_eq!(a.digest(), b.digest());
    a.unglue(0, &[4 * 80]).unwrap();
    b.unglue(0, &[4 * 80 + 1]).unwrap();
    assert_eq!(
        (a.body(0).topology_version(), b.body(0).topology_version()),
        (1, 1)
    );
    assert_ne!(a.digest(), b.digest());
    assert_ne!(a.digest(), world.digest());
    let digest = a.digest();
    a.remove(0, &[]).unwrap();
    assert_eq!((a.body(0).topology_version(), a.digest()), (1, digest));
}

/// A cube that is cut off on all sides and removed piece by piece under a pressing ball.
#[test]
fn nothing_is_met_where_tissue_is_gone() {
    let (_, mut world) = block(5, TISSUE, [0.0, 0.0, -9.81]);
    let ball = ToolShape::Sphere { radius: 0.012 };
    world.add_tool(ball, [0.05, 0.05, 0.13], 0.3).unwrap();
    let everything = live(world.body(0));
    for (tick, part) in everything.chunks(10).enumerate() {
        world.move_tool(0, [0.05, 0.05, 0.108 - 1e-4 * tick as f64]);
        world.step();
        let part: Vec<u32> = part.iter().map(|t| *t as u32).collect();
        world.remove(0, &part).unwrap();
    }
    let before = world.body(0).positions_of_all();
    for _ in 0..150 {
        world.step(); // after violence, fewer substeps are made only after a while
    }
    let body = world.body(0);
    assert!(body.surface().triangles.is_empty());
    assert!((0..body.node_count() as u32).all(|n| body.is_dead(n)));
    assert!(body.masses().iter().all(|m| *m == 0.0));
    assert_eq!(body.positions_of_all(), before, "the dead moved");
    assert!(before.iter().flatten().all(|x| x.is_finite()));
    let stats = world.stats();
    assert_eq!((stats.contacts, stats.faults, stats.substeps), (0, 0, 1));
    assert_eq!(world.tool(0).force, [0.0; 3]);
    assert_eq!((body.volume(), body.energy([0.0; 3]).total()), (0.0, 0.0));
    println!("{:?}", world.settle(1e-5, 1.0));
}

trait All {
    fn positions_of_all(&self) -> Vec<Vec3>;
}

impl All for SoftBody {
    fn positions_of_all(&self) -> Vec<Vec3> {
        (0..self.node_count() as u32)
            .map(|n| self.position(n))
            .collect()
    }
}

/// A block cut through falls apart: its upper half falls freely, the lower one stays.
#[test]
fn a_block_that_is_cut_through_falls_apart() {
    let (mesh, mut world) = block(4, TISSUE, [0.0, 9.81, 0.0]);
    let body = world.body(0);
    let upper = |t: usize| centre(body, t)[2] > 0.05;
    let mut seam = Vec::new();
    for t in live(body).into_iter().filter(|t| upper(*t)) {
        for face in 0..4 {
            let other = body.glue()[t][face];
            if other != softbody::mesh::FREE_FACE && !upper(other as usize / 4) {
                seam.push((4 * t + face) as u32);
            }
        }
    }
    let parted = world.unglue(0, &seam).unwrap();
    let top = nearest(&mesh, [0.05, 0.05, 0.1]);
    for _ in 0..200 {
        world.step();
    }
    let (fallen, free) = (world.body(0).displacement(top)[1], 0.5 * 9.81 * 0.2 * 0.2);
    let base = world
        .body(0)
        .displacement(nearest(&mesh, [0.05, 0.05, 0.025]))[1];
    println!("{parted} nodes parted; {fallen:.4} m fallen, freely {free:.4} m; base {base:.4} m");
    assert_eq!(parted, 25);
    // Damping of 10 / s slows the fall.
    let damped = 9.81 / 10.0 * (0.2 - (1.0 - (-2.0f64).exp()) / 10.0);
    assert!((fallen / damped - 1.0).abs() < 0.02 && base < 0.02);
}

#[test]
fn attachments_follow_the_cut() {
    let (mesh, mut world) = block(4, TISSUE, [0.0; 3]);
    let inside = world.tissue_point(0, [0.052, 0.053, 0.052]).unwrap();
    let at = |world: &World, a: usize| {
        let point = world.attachments()[a].from();
        let mut sum = [0.0; 3];
        for (n, w) in point.nodes.into_iter().zip(point.weights) {
            let p = world.body(0).position(n);
            (0..3).for_each(|i| sum[i] += w * p[i]);
        }
        (sum, point)
    };
    let up = Anchor::World([0.05, 0.05, 0.2]);
    world.attach(inside, up, Spring::new(1.0)).unwrap();
    let corner = TissuePoint::node(0, nearest(&mesh, [0.1; 3]));
    world.attach(corner, up, Spring::new(1.0)).unwrap();
    let (before, point) = at(&world, 0);
    for (i, j, fraction) in [(0, 1, 0.2), (2, 3, 0.5), (3, 0, 0.9)] {
        let nodes = at(&world, 0).1.nodes;
        world.split(0, [nodes[i], nodes[j]], fraction).unwrap();
        println!("{:?}", at(&world, 0).1);
    }
    let (after, moved) = at(&world, 0);
    assert_ne!(moved, point);
    assert!(
        (0..3).all(|i| (after[i] - before[i]).abs() < 1e-9),
        "{before:?} {after:?}"
    );
    // All around the tetrahedra that have it lets go: the point stays in one.
    let parts = |point: TissuePoint| {
        let weighted = point.nodes.into_iter().zip(point.weights);
        let parts = weighted.filter(|(_, w)| *w > 0.0).map(|(n, _)| n);
        parts.collect::<Vec<u32>>()
    };
    let has = |world: &World, t: usize, point| {
        let nodes = world.body(0).tetrahedra()[t];
        parts(point).iter().all(|n| nodes.contains(n))
    };
    let homes = |world: &World, point| {
        let all = live(world.body(0)).into_iter();
        all.filter(|t| has(world, *t, point)).collect::<Vec<_>>()
    };
    for home in homes(&world, moved) {
        for face in 0..4 {
            let _ = world.unglue(0, &[4 * home as u32 + face]);
        }
    }
    let home = homes(&world, at(&world, 0).1);
    assert_eq!(home.len(), 1);
    let home = home[0];
    assert!(!world.attachments()[0].broken);
    world.remove(0, &[home as u32]).unwrap();
    assert!(world.attachments()[0].broken, "it holds on to nothing");
    assert!(!world.attachments()[1].broken);
    (0..20).for_each(|_| world.step());
    assert_eq!(
        (world.stats().faults, world.attachments()[0].force),
        (0, 0.0)
    );
}

#[test]
fn bare_tissue_has_no_capsule() {
    let (_, mut world) = block(4, TISSUE, [0.0; 3]);
    let whole = world.body(0).surface().triangles.len() as u32;
    let inner = live(world.body(0))
        .into_iter()
        .find(|t| !world.body(0).glue()[*t].contains(&softbody::mesh::FREE_FACE))
        .unwrap();
    world.remove(0, &[inner as u32]).unwrap();
    let body = world.body(0);
    let bare =
        (0..body.surface().triangles.len() as u32).filter(|t| body.surface_strain(*t) == -1.0);
    assert_eq!(bare.collect::<Vec<_>>(), [0, 1, 2, 3].map(|i| whole + i));
}

/// What is split in the middle is held where both ends are.
#[test]
fn supports_follow_the_cut() {
    let (mesh, mut world) = block(2, TISSUE, [0.0; 3]);
    let [a, b] = [[0.0; 3], [0.05, 0.05, 0.0]].map(|p| nearest(&mesh, p));
    world
        .body_mut(0)
        .prescribe(&[b], &[[0.0, 0.0, -0.002]])
        .unwrap();
    let held = world.split(0, [a, b], 0.25).unwrap();
    let top = nearest(&mesh, [0.05, 0.05, 0.05]);
    let free = world.split(0, [b, top], 0.5).unwrap();
    assert!(world.body(0).supports().contains(&held) && !world.body(0).supports().contains(&free));
    world.step();
    let down = world.body(0).displacement(held)[2];
    assert!((down + 0.0005).abs() < 1e-8, "{down}");
}

/// Around every seventeenth node all edges are split at `near`.
fn ring(world: &mut World, count: u32, near: f64) {
    for node in (100..count).step_by(17) {
        let body = world.body(0);
        let all = live(body).into_iter().map(|t| body.tetrahedra()[t]);
        let mut ends: Vec<u32> = all.filter(|t| t.contains(&node)).flatten().collect();
        ends.sort_unstable();
        ends.dedup();
        for end in ends.into_iter().filter(|n| *n != node) {
            world.split(0, [node, end], near).unwrap();
        }
    }
}

/// Root mean square of the distances of nodes that both have at the same place, m.
fn apart(world: &World, fine: &World) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for n in 0..world.body(0).node_count() as u32 {
        let p = world.body(0).rest_position(n);
        let same = |m: &u32| {
            let q = fine.body(0).rest_position(*m);
            (0..3).all(|i| (p[i] - q[i]).abs() < 1e-9)
        };
        let Some(m) = (0..fine.body(0).node_count() as u32).find(same) else {
            continue;
        };
        let (a, b) = (world.body(0).position(n), fine.body(0).position(m));
        sum += (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>();
        count += 1;
    }
    (sum / f64::from(count)).sqrt()
}

/// Where all edges around nodes are split close by, these are left with patches of 1e-4 of their
/// neighbours' volume, whose means are taken over next to nothing. The block is not further from the
/// truth (a mesh twice as fine) for it than for splits in the middle.
#[test]
fn tiny_patches_do_not_disturb() {
    for averaging in [Averaging::Strain, Averaging::Pressure] {
        let leaning = |cells: usize| {
            let mesh = TetMesh::boxed([0.1; 3], [cells; 3]).unwrap();
            let bottom = select(&mesh, |p| p[2] == 0.0);
            let mut world = World::new(1e-3, [0.0, 3.0, -9.81]).unwrap();
            let tissue = Material::soft(5e3, 0.49, 1060.0);
            world
                .add_soft_body_with(&mesh, &[tissue], &bottom, averaging)
                .unwrap();
            world.reserve_for_cutting(0, ROOM).unwrap();
            world
        };
        let mut fine = leaning(10);
        fine.settle(1e-5, 60.0).unwrap();
        let mut errors = [0.0; 3];
        for (error, near) in errors.iter_mut().zip([0.0, 0.5, 0.05]) {
            let mut world = leaning(5);
            let count = world.body(0).node_count() as u32;
            if near > 0.0 {
                ring(&mut world, count, near);
            }
            (0..300).for_each(|_| world.step());
            let stats = *world.stats();
            world.settle(1e-6, 120.0).unwrap();
            *error = apart(&world, &fine);
            println!(
                "{averaging:?}, {} nodes, split at {near}: {:.0} um RMS from the truth; {} substeps",
                world.body(0).node_count(),
                1e6 * *error,
                stats.substeps
            );
            assert_eq!(stats.faults, 0);
        }
        let [_, middle, close] = errors;
        assert!(close < 1.2 * middle);
    }
}

/// A slab on a block whose upper layer is removed comes to rest on what is left.
#[test]
fn tissue_falls_onto_what_a_cut_has_left() {
    let lower = TetMesh::boxed([0.04; 3], [4; 3]).unwrap();
    let slab = TetMesh::boxed([0.03, 0.03, 0.01], [3, 3, 1]).unwrap();
    let lifted: Vec<Vec3> = slab
        .points()
        .iter()
        .map(|p| [p[0] + 0.005, p[1] + 0.005, p[2] + 0.04])
        .collect();
    let upper = TetMesh::new(&lifted, slab.tetrahedra()).unwrap();
    let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
    let bottom = select(&lower, |p| p[2] == 0.0);
    world.add_soft_body(&lower, &[TISSUE], &bottom).unwrap();
    world.add_soft_body(&upper, &[TISSUE], &[]).unwrap();
    (0..500).for_each(|_| world.step());
    let height = |n: &u32| lower.points()[*n as usize][2];
    let layer = lower.tetrahedra().iter().enumerate();
    let layer: Vec<u32> = layer
        .filter(|(_, t)| t.iter().all(|n| height(n) > 0.029))
        .map(|(t, _)| t as u32)
        .collect();
    let room = softbody::Room {
        triangles: 4 * layer.len(),
        ..Default::default()
    };
    world.reserve_for_cutting(0, room).unwrap();
    world.remove(0, &layer).unwrap();
    (0..2500).for_each(|_| world.step());
    let fallen = -world.body(1).displacement(0)[2];
    let weight = 9.81 * f64::from(world.body(1).masses().iter().sum::<f32>());
    let carried = world.tissue_force(1, 0)[2];
    println!(
        "fallen by {:.2} mm, carried {carried:.5} N of {weight:.5} N",
        1e3 * fallen
    );
    assert!(fallen > 0.009 && fallen < 0.012);
    assert!((carried / weight - 1.0).abs() < 0.02);
}

/// A box is met by the nodes of the tissue, those that a cut has laid bare, too.
#[test]
fn a_box_meets_what_a_cut_has_left() {
    let mesh = TetMesh::boxed([0.04; 3], [4; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    world.add_soft_body(&mesh, &[TISSUE], &bottom).unwrap();
    world.reserve_for_cutting(0, ROOM).unwrap();
    let height = |n: &u32| mesh.points()[*n as usize][2];
    let layer = mesh.tetrahedra().iter().enumerate();
    let layer: Vec<u32> = layer
        .filter(|(_, t)| t.iter().all(|n| height(n) > 0.029))
        .map(|(t, _)| t as u32)
        .collect();
    world.remove(0, &layer).unwrap();
    let pressed = |world: &mut World| {
        let shape = ToolShape::Box {
            half_extents: [0.03, 0.03, 0.005],
            rounding: 0.0,
        };
        let tool = world.add_tool(shape, [0.02, 0.02, 0.0352], 0.0).unwrap();
        world.move_tool(tool, [0.02, 0.02, 0.034]);
        (0..50).for_each(|_| world.step());
        world.settle(1e-5, 20.0).unwrap();
        world.tool(tool).force[2]
    };
    let cut = pressed(&mut world);
    let whole = TetMesh::boxed([0.04, 0.04, 0.03], [4, 4, 3]).unwrap();
    let bottom = select(&whole, |p| p[2] == 0.0);
    let mut built = World::new(1e-3, [0.0; 3]).unwrap();
    built.add_soft_body(&whole, &[TISSUE], &bottom).unwrap();
    let expected = pressed(&mut built);
    println!("a plate on what a cut has left: {cut:.5} N, on the same as built {expected:.5} N");
    assert!(expected > 0.1 && (cut / expected - 1.0).abs() < 1e-3);
}

/// Nodes that were cut out are no tissue: nothing can be tied to them, and nothing moves them.
#[test]
fn what_was_cut_out_is_no_tissue() {
    let (mesh, mut world) = block(3, TISSUE, [0.0; 3]);
    let corner = (mesh.points().len() - 1) as u32;
    let has_corner = |t: &u32| mesh.tetrahedra()[*t as usize].contains(&corner);
    let doomed: Vec<u32> = (0..mesh.tetrahedra().len() as u32)
        .filter(has_corner)
        .collect();
    world.remove(0, &doomed).unwrap();
    assert!(world.body(0).is_dead(corner));
    let (dead, alive) = (
        TissuePoint::node(0, corner),
        TissuePoint::node(0, corner - 1),
    );
    for (from, to) in [(dead, alive), (alive, dead)] {
        let error = world
            .attach(from, Anchor::Tissue(to), Spring::new(1e3))
            .unwrap_err();
        let told = format!(
            "node {corner} has no tissue left since a cut; name a node that still has some"
        );
        assert_eq!(error.to_string(), told);
    }
    let place = world.body(0).position(corner);
    world.body_mut(0).prescribe(&[corner], &[[0.1; 3]]).unwrap();
    world.step();
    assert_eq!(world.body(0).position(corner), place);
    let rest: Vec<u32> = live(world.body(0)).into_iter().map(|t| t as u32).collect();
    world.remove(0, &rest).unwrap();
    assert!(world.tissue_point(0, [0.0; 3]).is_err());
    world.step();
}
