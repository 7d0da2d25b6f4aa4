//! Attachments: what they carry, how what hangs on them swings, when they break.

mod common;

use common::{Vec3, assert_close, nearest, select};
use softbody::{Anchor, Material, Spring, TetMesh, TissuePoint, ToolShape, World, WorldError};

const NONE: Vec3 = [0.0; 3];
const DOWN: Vec3 = [0.0, 0.0, -9.81];
const SIZE: Vec3 = [0.06, 0.05, 0.04];
const DENSITY: f64 = 1060.0;
/// Of a block, kg.
const MASS: f64 = DENSITY * SIZE[0] * SIZE[1] * SIZE[2];

fn mesh() -> TetMesh {
    TetMesh::boxed(SIZE, [6, 4, 4]).unwrap()
}

fn tissue(young_modulus: f64, damping: f64) -> Material {
    Material {
        damping,
        ..Material::soft(young_modulus, 0.4, DENSITY)
    }
}

fn world_with(material: Material, gravity: Vec3) -> World {
    let mut world = World::new(1e-3, gravity).unwrap();
    world.add_soft_body(&mesh(), &[material], &[]).unwrap();
    world
}

/// Hangs the block's upper side, at `nodes`, from points `length` above.
fn hang(world: &mut World, nodes: &[u32], length: f64, spring: Spring) {
    for &node in nodes {
        let mut above = world.body(0).position(node);
        above[2] += length;
        let from = TissuePoint::node(0, node);
        world.attach(from, Anchor::World(above), spring).unwrap();
    }
}

/// Four nodes of the upper side, in the middle of its quarters.
fn four() -> [u32; 4] {
    [
        [0.02, 0.0125],
        [0.04, 0.0125],
        [0.02, 0.0375],
        [0.04, 0.0375],
    ]
    .map(|[x, y]| nearest(&mesh(), [x, y, SIZE[2]]))
}

fn one() -> u32 {
    nearest(&mesh(), [0.03, 0.025, SIZE[2]])
}

fn pulls(world: &World) -> Vec3 {
    let each = world.attachments().iter().map(|a| a.force_vector);
    each.fold(NONE, |s, f| [s[0] + f[0], s[1] + f[1], s[2] + f[2]])
}

fn energy(world: &World) -> f64 {
    let bodies = world.bodies().iter();
    let of_bodies: f64 = bodies.map(|b| b.energy(world.gravity()).total()).sum();
    of_bodies + world.attachment_energy()
}

fn heights(world: &World) -> f64 {
    let body = world.body(0);
    let masses = body.masses().iter().enumerate();
    let sum: f64 = masses
        .map(|(n, m)| f64::from(*m) * body.displacement(n as u32)[2])
        .sum();
    sum / MASS
}

#[test]
fn springs_carry_the_weight() {
    for nodes in [vec![one()], four().to_vec()] {
        let mut world = world_with(tissue(1e5, 10.0), DOWN);
        let k = 200.0;
        hang(&mut world, &nodes, 0.1, Spring::new(k));
        let sweeps = world.settle(1e-6, 60.0).unwrap();
        println!("{} springs, {sweeps} sweeps", nodes.len());
        assert_close("pull over weight", pulls(&world)[2], MASS * 9.81, 1e-4);
        for a in world.attachments() {
            assert_close("extension", a.length - a.rest_length(), a.force / k, 1e-6);
        }
        world.step();
        assert_close("after a step", pulls(&world)[2], MASS * 9.81, 1e-4);
        assert!(world.settle(1e-4, 60.0).unwrap() == 0, "settled is settled");
    }
}

#[test]
fn held_nodes_feel_what_is_tied_to_them() {
    let mesh = mesh();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, DOWN).unwrap();
    let material = [tissue(1e4, 10.0)];
    world.add_soft_body(&mesh, &material, &bottom).unwrap();
    let spring = Spring {
        rest_length: Some(0.05),
        ..Spring::new(20.0)
    };
    let from = TissuePoint::node(0, bottom[3]);
    let mut aside = world.body(0).position(bottom[3]);
    aside[0] -= 0.1;
    world.attach(from, Anchor::World(aside), spring).unwrap();
    world.settle(1e-6, 60.0).unwrap();
    for what in ["settled", "stepped"] {
        let push = world.reaction(0, &bottom).unwrap();
        let sum = push
            .iter()
            .fold([0.0; 2], |s, f| [s[0] + f[0], s[1] + f[2]]);
        println!("{what}: reaction {sum:.5?} N");
        assert_close("against the spring", sum[0], 20.0 * 0.05, 1e-4);
        assert_close("against the weight", sum[1], MASS * 9.81, 1e-4);
        (0..10).for_each(|_| world.step());
    }
}

#[test]
fn a_block_swings_with_the_period_of_its_mass() {
    for k in [40.0, 400.0] {
        let mut world = world_with(tissue(3e5, 0.0), DOWN);
        let top = select(&mesh(), |p| p[2] == SIZE[2]); // by all, so that it hardly stretches
        let each = Spring::new(k / top.len() as f64);
        hang(&mut world, &top, 0.2, each);
        let sag = -MASS * 9.81 / k;
        let mut crossings = Vec::new();
        let mut before = 0.0;
        for _ in 0..4000 {
            world.step();
            let now = heights(&world) - sag;
            if before < 0.0 && now >= 0.0 {
                crossings.push(world.time() - world.dt() * now / (now - before));
            }
            before = now;
        }
        let periods = crossings.len() - 1;
        let period = (crossings[periods] - crossings[0]) / periods as f64;
        let truth = std::f64::consts::TAU * (MASS / k).sqrt();
        println!(
            "{periods} periods, added {:.4}",
            world.stats().added_mass_kg / MASS
        );
        assert_close("period, s", period, truth, 0.01);
    }
}

/// The block on a spring loses little, whatever the spring does at the nodes.
#[test]
fn energy_does_not_grow() {
    for (k, tension_only) in [(20.0, true), (200.0, false), (2e3, true), (1e5, true)] {
        let mut world = world_with(tissue(2e4, 0.0), DOWN);
        let spring = Spring {
            tension_only,
            ..Spring::new(k)
        };
        hang(&mut world, &four(), 0.1, spring);
        // Energies count from the lowest point that it could reach, so that a share means something.
        let scale = MASS * 9.81 * (MASS * 9.81 / (4.0 * k)).max(1e-3);
        let start = energy(&world);
        let mut peaks = [f64::NEG_INFINITY; 4];
        for peak in &mut peaks {
            for _ in 0..500 {
                world.step();
                *peak = peak.max((energy(&world) - start) / scale);
            }
        }
        println!(
            "k {k:.0e}: highest gain in each half second, over m g max(sag, 1 mm): {peaks:.4?}"
        );
        assert!(peaks.iter().all(|p| *p < 0.05));
    }
}

/// Springs that go slack and taut again, undamped: the energy of the flights does not grow.
#[test]
fn slack_and_taut_does_not_gain() {
    for k in [50.0, 500.0, 5e3, 1e5, 1e7] {
        let mut world = world_with(tissue(2e4, 0.0), DOWN);
        hang(&mut world, &four(), 0.1, Spring::new(k));
        for a in 0..4 {
            let Anchor::World(mut p) = world.attachments()[a].to() else {
                unreachable!()
            };
            p[2] -= 0.02; // slack by 20 mm, which it falls
            world.move_anchor(a, p);
        }
        world.step();
        let fall = MASS * 9.81 * 0.02;
        let start = energy(&world);
        let mut highest = [0.0; 4];
        for highest in &mut highest {
            for _ in 0..500 {
                world.step();
                *highest = f64::max(*highest, (energy(&world) - start) / fall);
            }
        }
        println!("k {k:.0e}: highest gain over the energy of the fall {highest:.4?}");
        assert!(highest.iter().all(|g| *g < 0.05), "{highest:?}");
    }
}

#[test]
fn momentum_is_conserved() {
    let mut world = World::new(1e-3, NONE).unwrap();
    world.force_substeps(Some(6)).unwrap(); // no added mass, which may change
    let material = [tissue(5e3, 0.0)];
    for _ in 0..2 {
        world.add_soft_body(&mesh(), &material, &[]).unwrap();
    }
    // Both lie in the same place; ties of different nodes pull them apart and turn them.
    for (i, k, rest_length) in [(3, 2.0, 0.01), (40, 5.0, 0.01), (77, 5.0, 0.0)] {
        let (a, b) = (TissuePoint::node(0, i), TissuePoint::node(1, 100 - i));
        let spring = Spring {
            rest_length: Some(rest_length),
            ..Spring::new(k)
        };
        world.attach(a, Anchor::Tissue(b), spring).unwrap();
    }
    let mut fastest = 0.0;
    let mut drift: f64 = 0.0;
    for _ in 0..500 {
        world.step();
        let momenta = [0, 1].map(|b| world.body(b).momentum());
        for axis in 0..3 {
            fastest = f64::max(fastest, momenta[0][axis].abs());
            drift = drift.max((momenta[0][axis] + momenta[1][axis]).abs());
        }
    }
    println!("added mass {:.1e} kg", world.stats().added_mass_kg);
    println!("each up to {fastest:.3e} N s, their sum up to {drift:.1e} N s");
    assert!(fastest > 1e-3 && drift < 1e-4 * fastest);
}

#[test]
fn it_breaks_at_its_limit_once() {
    let mesh = mesh();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    let material = [tissue(5e4, 10.0)];
    world.add_soft_body(&mesh, &material, &bottom).unwrap();
    let limit = 0.8;
    let spring = Spring {
        breaking_force: Some(limit),
        ..Spring::new(100.0)
    };
    hang(&mut world, &[one()], 0.02, spring);
    hang(&mut world, &[one() + 1], 0.02, Spring::new(100.0));
    let start = world.body(0).position(one());
    let (mut last, mut load, mut events) = (0.0, 0.0, Vec::new());
    for tick in 1..=1000 {
        let up = start[2] + 0.02 + 0.02 * f64::from(tick) / 1000.0;
        world.move_anchor(0, [start[0], start[1], up]);
        world.step();
        let a = &world.attachments()[0];
        if !a.broken {
            load = f64::max(load, a.force - last);
            last = a.force;
        }
        events.extend(world.broken().iter().map(|b| (world.tick(), *b)));
    }
    println!("{events:?}, load rose by at most {load:.5} N a tick");
    let [(_, event)] = events[..] else {
        panic!("{} events", events.len())
    };
    assert!(event.attachment == 0 && event.force > limit && event.force < limit + load);
    assert!(last <= limit);
    let a = &world.attachments()[0];
    assert!(a.broken && a.force == 0.0 && a.force_vector == NONE && a.length > 0.02);
    assert!(!world.attachments()[1].broken);
}

#[test]
fn a_ligament_does_not_push_and_a_rod_does() {
    for tension_only in [true, false] {
        let mesh = mesh();
        let bottom = select(&mesh, |p| p[2] == 0.0);
        let mut world = World::new(1e-3, NONE).unwrap();
        let material = [tissue(5e4, 10.0)];
        world.add_soft_body(&mesh, &material, &bottom).unwrap();
        let spring = Spring {
            tension_only,
            damping: 0.1,
            ..Spring::new(100.0)
        };
        hang(&mut world, &[one()], 0.03, spring);
        let Anchor::World(mut p) = world.attachments()[0].to() else {
            unreachable!()
        };
        p[2] -= 0.005;
        world.move_anchor(0, p);
        (0..2000).for_each(|_| world.step());
        let stepped = world.attachments()[0].force;
        world.settle(1e-6, 20.0).unwrap();
        let force = world.attachments()[0].force;
        println!("tension only {tension_only}: {stepped:.6}, settled {force:.6} N");
        if tension_only {
            assert!(force == 0.0 && stepped == 0.0 && world.attachment_energy() == 0.0);
        } else {
            assert!((-0.5..-0.2).contains(&force));
            assert_close("stepped over settled", stepped, force, 1e-3);
        }
    }
}

/// Rest by stepping: the same for all substeps, and as settled, also under a tool on a tied node.
#[test]
fn rest_does_not_depend_on_substeps() {
    for (k, depth) in [(300.0, 0.0), (1e4, 0.0), (300.0, 4e-3), (1e4, 3e-4)] {
        let pressed = depth > 0.0;
        let rest = |substeps: Option<u32>| {
            let mut world = world_with(tissue(2e4, 20.0), DOWN);
            if pressed && k > 1e3 {
                let bottom = select(&mesh(), |p| p[2] == 0.0); // else it would be pushed aside
                let still = vec![NONE; bottom.len()];
                world.body_mut(0).prescribe(&bottom, &still).unwrap();
            }
            let spring = Spring {
                damping: 0.2,
                ..Spring::new(k)
            };
            // Lines shorter than the radius of the ball: else the tied node slips out from under it.
            hang(
                &mut world,
                &four(),
                if pressed { 0.005 } else { 0.1 },
                spring,
            );
            hang(&mut world, &four()[..2], 0.03, spring);
            if pressed {
                let ball = ToolShape::Sphere { radius: 0.008 };
                let tip = world.body(0).position(four()[2]);
                let above = [tip[0] + 0.002, tip[1] + 0.002, tip[2] + 0.008];
                world.add_tool(ball, above, 0.0).unwrap();
                world.move_tool(0, [above[0], above[1], above[2] - depth]);
            }
            if let Some(n) = substeps {
                world.force_substeps(Some(n)).unwrap();
                (0..4000).for_each(|_| world.step());
            } else {
                let tolerance = if pressed { 1e-6 } else { 1e-7 };
                let sweeps = world.settle(tolerance, 60.0).unwrap();
                println!("{sweeps} sweeps");
            }
            let tool = world.tools().first().map_or(0.0, |t| t.force[2]);
            let forces: Vec<f64> = world.attachments().iter().map(|a| a.force).collect();
            (world.body(0).displacement(four()[2])[2], forces, tool)
        };
        let truth = rest(None);
        println!(
            "k {k:.0e}: settled {:.8} m, {:.6?} N, tool {:.6} N",
            truth.0, truth.1, truth.2
        );
        let weight = MASS * 9.81;
        for substeps in [1, 2, 5] {
            let found = rest(Some(substeps));
            let forces = found
                .1
                .iter()
                .zip(&truth.1)
                .map(|(a, b)| (a - b).abs() / weight);
            let force = forces.fold((found.2 - truth.2).abs() / weight, f64::max);
            let place = (found.0 - truth.0).abs();
            println!("  {substeps} substeps: {place:.1e} m, forces by {force:.1e} of the weight");
            assert!(place < 1e-4 * 0.1 && force < if pressed { 1e-3 } else { 1e-4 });
        }
    }
}

#[test]
fn no_spring_is_too_stiff_or_too_soft() {
    let p = [
        [0.0, 0.0, 0.0],
        [0.01, 0.0, 0.0],
        [0.0, 0.01, 0.0],
        [0.003, 0.003, 1e-7], // a sliver
        [0.003, 0.003, -0.01],
    ];
    let sliver = TetMesh::new(&p, &[[0, 1, 2, 3], [0, 2, 1, 4]]).unwrap();
    for k in [1e-3, 1.0, 1e3, 1e6, 1e9] {
        for substeps in [1, 2, 5] {
            let mut world = World::new(1e-3, DOWN).unwrap();
            let material = [tissue(5e3, 0.0)];
            world.add_soft_body(&sliver, &material, &[]).unwrap();
            world.add_soft_body(&mesh(), &material, &[]).unwrap();
            world.force_substeps(Some(substeps)).unwrap();
            let top = TissuePoint::node(0, 3);
            let node = TissuePoint::node(1, one());
            world
                .attach(top, Anchor::World([0.003, 0.01, 0.05]), Spring::new(k))
                .unwrap();
            for (rest_length, n) in [(None, 0), (Some(0.0), 1), (Some(0.001), 2)] {
                let spring = Spring {
                    rest_length,
                    ..Spring::new(k)
                };
                let to = Anchor::Tissue(TissuePoint::node(1, n));
                world.attach(TissuePoint::node(0, n), to, spring).unwrap();
            }
            let up = Anchor::World([0.03, 0.025, 0.1]);
            world.attach(node, up, Spring::new(k)).unwrap();
            let mut fastest: f64 = 0.0;
            for tick in 0..500 {
                world.step();
                assert_eq!(world.stats().faults, 0, "k {k}, tick {tick}");
                if tick >= 400 {
                    let speeds = (0..world.body(1).node_count() as u32)
                        .flat_map(|n| world.body(1).velocity(n));
                    fastest = speeds.fold(fastest, |a, b| a.max(b.abs()));
                }
            }
            let force = pulls(&world)[2];
            let guard = world.stats().guard;
            println!("k {k:.0e}, {substeps}: up to {fastest:.3} m/s, pull {force:.3} N, {guard}");
            assert!(fastest < if k < 1e2 { 10.0 } else { 3.0 });
        }
    }
}

#[test]
fn same_inputs_same_bits() {
    let run = || {
        let mut world = world_with(tissue(2e4, 10.0), DOWN);
        let spring = Spring {
            breaking_force: Some(0.5),
            damping: 0.3,
            ..Spring::new(400.0)
        };
        hang(&mut world, &four(), 0.05, spring);
        world.move_anchor(1, [0.04, 0.0125, 0.12]);
        (0..200).for_each(|_| world.step());
        (world.digest(), world)
    };
    let ((first, mut world), (second, _)) = (run(), run());
    assert_eq!(first, second);
    assert!(world.attachments().iter().any(|a| a.broken));
    let mut copy = world.clone();
    for w in [&mut world, &mut copy] {
        (0..50).for_each(|_| w.step());
    }
    assert_eq!(world.digest(), copy.digest());
    let whole = world.attachments().iter().position(|a| !a.broken);
    if let Some(whole) = whole {
        copy.detach(whole);
        assert_ne!(world.digest(), copy.digest());
    }
    copy.move_anchor(0, NONE);
    assert_ne!(world.digest(), copy.digest());
}

#[test]
fn a_point_of_space_finds_its_tissue() {
    let world = world_with(tissue(2e4, 10.0), DOWN);
    for (point, expected) in [
        ([0.011, 0.022, 0.033], [0.011, 0.022, 0.033]),
        ([0.011, 0.022, 0.05], [0.011, 0.022, 0.04]),
        ([-1.0, -1.0, -1.0], [0.0, 0.0, 0.0]),
    ] {
        let found = world.tissue_point(0, point).unwrap();
        let mut place = NONE;
        for (n, w) in found.nodes.iter().zip(found.weights) {
            let p = world.body(0).position(*n);
            place = [0, 1, 2].map(|i| place[i] + w * p[i]);
        }
        let error = (0..3)
            .map(|i| (place[i] - expected[i]).abs())
            .fold(0.0, f64::max);
        assert!(error < 1e-12, "{place:?}");
    }
}

#[test]
fn a_body_hangs_by_a_point_between_nodes() {
    let mut world = world_with(tissue(1e5, 10.0), DOWN);
    let from = world.tissue_point(0, [0.031, 0.024, 0.035]).unwrap();
    let up = Anchor::World([0.031, 0.024, 0.1]);
    world.attach(from, up, Spring::new(1e4)).unwrap();
    world.settle(1e-5, 60.0).unwrap();
    assert_close("pull", world.attachments()[0].force, MASS * 9.81, 1e-4);
}

#[test]
fn what_cannot_be_attached_is_told() {
    let mut world = world_with(tissue(2e4, 10.0), DOWN);
    let (node, up) = (TissuePoint::node(0, 0), Anchor::World([0.0, 0.0, 1.0]));
    let good = Spring::new(1.0);
    let mut refuse = |from, to, spring, part: &str| {
        let error: WorldError = world.attach(from, to, spring).unwrap_err();
        println!("{error}");
        assert!(error.to_string().contains(part), "{error}");
    };
    refuse(
        TissuePoint::node(3, 0),
        up,
        good,
        "body 3 does not exist; the world has 1",
    );
    refuse(
        TissuePoint::node(0, 9999),
        up,
        good,
        "node 9999 does not exist",
    );
    let far = Anchor::Tissue(TissuePoint::node(0, 500));
    refuse(node, far, good, "node 500 does not exist");
    let heavy = TissuePoint {
        weights: [0.6, 0.6, 0.0, 0.0],
        ..node
    };
    refuse(heavy, up, good, "weights is 1.2, but it must be 1");
    let nowhere = Anchor::World([f64::NAN, 0.0, 0.0]);
    refuse(
        node,
        nowhere,
        good,
        "the point of an attachment is not finite",
    );
    for k in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        refuse(node, up, Spring::new(k), "stiffness is");
    }
    let rest_length = Some(-0.1);
    refuse(
        node,
        up,
        Spring {
            rest_length,
            ..good
        },
        "rest_length is -0.1",
    );
    refuse(
        node,
        up,
        Spring {
            damping: -1.0,
            ..good
        },
        "damping is -1",
    );
    let breaking_force = Some(0.0);
    refuse(
        node,
        up,
        Spring {
            breaking_force,
            ..good
        },
        "breaking_force is 0",
    );
    assert!(world.attachments().is_empty());
    assert!(world.tissue_point(1, NONE).is_err());
}

/// Contacts that are foretold for one attachment do not get lost when another one is tied.
#[test]
fn a_new_attachment_does_not_jolt_the_others() {
    let mesh = TetMesh::boxed([0.06, 0.06, 0.03], [6, 6, 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let at = |p| TissuePoint::node(0, nearest(&mesh, p));
    let mut world = World::new(1e-3, NONE).unwrap();
    let soft = [Material::soft(5e3, 0.45, 1060.0)];
    world.add_soft_body(&mesh, &soft, &bottom).unwrap();
    let ball = ToolShape::Sphere { radius: 0.01 };
    world.add_tool(ball, [0.03, 0.03, 0.0402], 0.3).unwrap();
    let up = Anchor::World([0.03, 0.03, 0.06]);
    let stiff = Spring::new(1e4);
    world.attach(at([0.03, 0.03, 0.03]), up, stiff).unwrap();
    for tick in 0..1500 {
        let depth = 0.004 * f64::min(1.0, f64::from(tick) / 500.0);
        world.move_tool(0, [0.03, 0.03, 0.0402 - depth]);
        world.step();
    }
    let range = |world: &mut World| {
        (0..40).fold([f64::INFINITY, 0.0], |[low, high], _| {
            world.step();
            let force = world.attachments()[0].force;
            [force.min(low), force.max(high)]
        })
    };
    let alone = range(&mut world);
    let far = Anchor::World([0.0, 0.0, 0.05]);
    let weak = Spring::new(1.0);
    world.attach(at([0.0, 0.0, 0.03]), far, weak).unwrap();
    let beside = range(&mut world);
    println!("a stiff tie under a ball: {alone:.3?} N, with a weak one in a corner {beside:.3?} N");
    assert!(beside[0] > 0.99 * alone[0] && beside[1] < 1.01 * alone[1]);
}
