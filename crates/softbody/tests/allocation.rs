//! A step never allocates, whatever happens in it. (The guard only exists in builds with debug
//! assertions.)
#![cfg(debug_assertions)]

mod common;

use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use common::select;
use softbody::fine::Tissue;
use softbody::{
    Anchor, FineSurface, Material, Pose, Prony, Room, Spring, TetMesh, TissuePoint, ToolShape,
    World,
};

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

/// A slab, its capsule weak, between a ball and a rod that do not touch it yet.
fn slab() -> World {
    let mesh = TetMesh::boxed([0.06, 0.06, 0.03], [6, 6, 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
    let ball = ToolShape::Sphere { radius: 0.008 };
    world.add_tool(ball, [0.02, 0.02, 0.04], 0.3).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
        .unwrap();
    let rod = ToolShape::Capsule {
        radius: 0.005,
        half_length: 0.02,
        axis: [1.0, 0.0, 0.0],
    };
    world.add_tool(rod, [0.03, 0.04, 0.04], 0.3).unwrap();
    world.body_mut(0).set_capsule(Some(0.1));
    world
}

/// Presses and drags both tools until the surface tears, then pushes one through everything.
fn abuse(world: &mut World) {
    let (first, second) = (0, 1);
    let (mut torn, mut contacts) = (0, 0);
    assert_no_alloc(|| {
        world.move_supports(0, [0.0, 0.0, 0.004], 100);
        for tick in 0..300 {
            let down = 0.02 * f64::from(tick) / 300.0;
            world.move_tool(first, [0.02, 0.02 + down, 0.04 - down]);
            world.move_tool(second, [0.03 + down, 0.04, 0.04 - down]);
            world.step();
            torn += world.ruptures().len();
            contacts = contacts.max(world.stats().contacts);
        }
        world.move_tool(first, [0.03, 0.03, -0.05]); // through everything in one tick
        world.step();
    });
    println!("{torn} triangles torn, at most {contacts} contacts");
    assert!(torn > 0 && contacts > 8);
}

#[test]
fn a_step_does_not_allocate() {
    abuse(&mut slab());
}

#[test]
fn a_step_with_boxes_and_meshes_does_not_allocate() {
    let mut world = slab();
    let block = ToolShape::Box {
        half_extents: [0.006, 0.004, 0.002],
        rounding: 0.0,
    };
    world.add_tool(block, [0.04, 0.02, 0.035], 0.3).unwrap();
    let points = [
        [0.0; 3],
        [0.01, 0.0, 0.0],
        [0.0, 0.01, 0.0],
        [0.0, 0.0, 0.01],
    ];
    let triangles = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]];
    world
        .add_mesh_tool(&points, &triangles, 0.001, [0.02, 0.04, 0.035], 0.3)
        .unwrap();
    let mut contacts = 0;
    assert_no_alloc(|| {
        for tick in 0..300 {
            let way = 0.03 * f64::from(tick) / 300.0;
            let orientation = [1.0, way, 10.0 * way, 0.0];
            for (tool, x, y) in [(2, 0.04, 0.02), (3, 0.02, 0.04)] {
                let position = [x - way, y, 0.035 - way];
                world.pose_tool(
                    tool,
                    Pose {
                        position,
                        orientation,
                    },
                );
            }
            world.step();
            contacts = contacts.max(world.stats().contacts);
        }
        world.move_tool(2, [0.03, 0.03, -0.05]); // through everything in one tick
        world.step();
    });
    println!("at most {contacts} contacts");
    assert!(contacts > 8);
}

#[test]
fn a_step_of_a_cloned_world_does_not_allocate() {
    let world = slab();
    abuse(&mut world.clone());
    let mut used = world;
    abuse(&mut used);
    let mut again = used.clone();
    assert_no_alloc(|| (0..100).for_each(|_| again.step()));
}

#[test]
fn a_step_in_which_attachments_break_does_not_allocate() {
    let mut world = slab();
    let spring = Spring {
        breaking_force: Some(0.05),
        ..Spring::new(500.0)
    };
    let first = world.tissue_point(0, [0.05, 0.05, 0.03]).unwrap();
    for node in [1, 100, 150] {
        let up = Anchor::World([0.05, 0.05, 0.06]);
        let from = TissuePoint::node(0, node);
        world.attach(from, Anchor::Tissue(first), spring).unwrap();
        world.attach(from, up, spring).unwrap();
    }
    for mut world in [world.clone(), world] {
        let mut broken = 0;
        assert_no_alloc(|| {
            for tick in 0..300 {
                let up = 0.02 * f64::from(tick) / 300.0;
                for attachment in 0..6 {
                    world.move_anchor(attachment, [0.05, 0.05, 0.06 + up]);
                }
                world.move_tool(0, [0.02 + up, 0.02 + up, 0.04 - up]);
                world.step();
                broken += world.broken().len();
            }
        });
        println!("{broken} attachments broke");
        assert!(broken > 2);
    }
}

/// Splits edges, lets faces go and removes tetrahedra, between steps with a tool in the tissue.
fn cut(world: &mut World) {
    let (mut splits, mut parted, mut removed) = (0, 0, 0);
    assert_no_alloc(|| {
        for tick in 0..120 {
            let down = 0.012 * f64::from(tick) / 120.0;
            world.move_tool(0, [0.02, 0.02 + down, 0.038 - down]);
            world.step();
            let t = (37 * tick as usize) % 600;
            if world.body(0).removed()[t] {
                continue;
            }
            let [a, b, ..] = world.body(0).tetrahedra()[t];
            splits += u32::from(world.split(0, [a, b], 0.4).is_ok());
            for face in 0..4 {
                parted += world.unglue(0, &[4 * t as u32 + face]).unwrap_or(0);
            }
            removed += u32::from(world.remove(0, &[t as u32]).is_ok());
        }
        world.remove(0, &[5, 700_000]).unwrap_err();
    });
    println!("{splits} splits, {parted} nodes parted, {removed} tetrahedra removed");
    assert!(splits > 60 && parted > 10 && removed > 60);
}

#[test]
fn cutting_does_not_allocate() {
    for term in [&[][..], &[[0.3, 0.1]]] {
        let tissue = Material {
            prony: Prony::new(term).unwrap(),
            ..Material::soft(5e3, 0.45, 1060.0)
        };
        let mesh = TetMesh::boxed([0.06, 0.06, 0.03], [6, 6, 3]).unwrap();
        let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
        let bottom = select(&mesh, |p| p[2] == 0.0);
        world.add_soft_body(&mesh, &[tissue], &bottom).unwrap();
        let room = Room {
            nodes: 600,
            tetrahedra: 900,
            triangles: 2000,
        };
        world.reserve_for_cutting(0, room).unwrap();
        let ball = ToolShape::Sphere { radius: 0.008 };
        world.add_tool(ball, [0.02, 0.02, 0.04], 0.3).unwrap();
        let inside = world.tissue_point(0, [0.011, 0.012, 0.013]).unwrap();
        let up = Anchor::World([0.01, 0.01, 0.06]);
        world.attach(inside, up, Spring::new(50.0)).unwrap();
        cut(&mut world.clone());
        cut(&mut world);
    }
}

/// A strip that is folded onto itself, a block that falls onto it and is thrown about, and a ball that
/// presses on it.
#[test]
fn a_step_in_which_tissue_touches_tissue_does_not_allocate() {
    let strip = TetMesh::boxed([0.06, 0.02, 0.004], [18, 4, 1]).unwrap();
    let shift = |p: &[f64; 3]| [p[0] + 0.003, p[1] + 0.002, p[2] + 0.0045];
    let small = TetMesh::boxed([0.02, 0.015, 0.01], [4, 3, 2]).unwrap();
    let points: Vec<_> = small.points().iter().map(shift).collect();
    let small = TetMesh::new(&points, small.tetrahedra()).unwrap();
    let left = select(&strip, |p| p[0] < 0.02 && p[2] == 0.0);
    let right = select(&strip, |p| p[0] > 0.055);
    let held: Vec<u32> = left.iter().chain(&right).copied().collect();
    let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
    let material = [Material::soft(2e3, 0.45, 1060.0)];
    world.add_soft_body(&strip, &material, &held).unwrap();
    world.add_soft_body(&small, &material, &[]).unwrap();
    world.set_tissue_contact(0, 0, true).unwrap();
    let ball = ToolShape::Sphere { radius: 0.004 };
    world.add_tool(ball, [0.012, 0.01, 0.02], 0.3).unwrap();
    let over = |n: u32, angle: f64| {
        let [x, _, z] = strip.points()[n as usize];
        let (s, c) = angle.sin_cos();
        let turned = [
            0.03 + c * (x - 0.03) - s * (z - 0.004),
            0.004 + s * (x - 0.03) + c * (z - 0.004),
        ];
        [turned[0] - x, 0.0, turned[1] - z]
    };
    let turns: Vec<Vec<[f64; 3]>> = (0..300)
        .map(|tick| {
            right
                .iter()
                .map(|n| over(*n, 0.0105 * f64::from(tick)))
                .collect()
        })
        .collect();
    for mut world in [world.clone(), world] {
        let (mut contacts, mut felt) = (0, false);
        assert_no_alloc(|| {
            for places in &turns {
                world.body_mut(0).prescribe(&right, places).unwrap();
                let [x, y, z] = world.tool(0).position;
                world.move_tool(0, [x, y, z - 2e-5]); // onto both
                world.step();
                felt |= world.tool(0).contact_count > 0;
                contacts = contacts.max(world.stats().contacts);
            }
        });
        println!("at most {contacts} contacts");
        assert!(felt && contacts > 20);
    }
}

#[test]
fn a_frame_of_the_displayed_surface_does_not_allocate() {
    let mesh = TetMesh::boxed([0.06, 0.06, 0.03], [6, 6, 3]).unwrap();
    let (triangles, points) = (&mesh.surface().triangles, mesh.points());
    let tissue = Tissue {
        points,
        tetrahedra: mesh.tetrahedra(),
        removed: &vec![false; mesh.tetrahedra().len()],
    };
    let blood = vec![0.5; points.len()];
    for mut surface in [
        FineSurface::smooth(triangles, points.len(), 2).unwrap(),
        FineSurface::embedded(&tissue, points, triangles).unwrap(),
    ] {
        let mut packed = vec![[0.0; 8]; surface.vertices()];
        assert_no_alloc(|| surface.frame(points, Some(&blood), &mut packed).unwrap());
        assert!(packed.iter().all(|v| (v[7] - 0.5).abs() < 1e-6));
    }
}
