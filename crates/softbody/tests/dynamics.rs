//! Motion: what is conserved, what must not grow, what must repeat, and what survives.

mod common;

use common::{assert_close, nearest, select};
use softbody::{Kernel, Law, Material, TetMesh, ToolShape, World};

const NONE: [f64; 3] = [0.0; 3];

fn undamped(law: Law, young_modulus: f64) -> Material {
    Material {
        law,
        damping: 0.0,
        ..Material::soft(young_modulus, 0.45, 1060.0)
    }
}

/// A block stretched and sheared by its two ends, then let go; free or held at one end.
fn let_go(material: Material, free: bool) -> World {
    let mesh = TetMesh::boxed([0.06, 0.03, 0.03], [8, 4, 4]).unwrap();
    let left = select(&mesh, |p| p[0] == 0.0);
    let right = select(&mesh, |p| p[0] == 0.06);
    let mut world = World::new(1e-3, NONE).unwrap();
    world.add_soft_body(&mesh, &[material], &left).unwrap();
    world
        .body_mut(0)
        .prescribe(&right, &vec![[0.012, 0.004, 0.0]; right.len()])
        .unwrap();
    world.settle(1e-6, 60.0).unwrap();
    world.body_mut(0).release(&right).unwrap();
    if free {
        world.body_mut(0).release(&left).unwrap();
    }
    world
}

/// Largest energy in each of `periods` periods of `seconds`, over the energy at the start.
fn peaks(world: &mut World, periods: usize, seconds: f64) -> Vec<f64> {
    let start = world.body(0).energy(NONE).total();
    let ticks = (seconds / world.dt()) as usize;
    let mut peak = || {
        let energy = (0..ticks).map(|_| {
            world.step();
            world.body(0).energy(NONE).total() / start
        });
        energy.fold(0.0, f64::max)
    };
    (0..periods).map(|_| peak()).collect()
}

/// Symplectic: conserved is an energy that differs from W + T by O(w h), so W + T swings about it
/// (by more with the floor, where w h is near its limit), and must not drift.
#[test]
fn energy_does_not_grow() {
    for law in [Law::StableNeoHookean, Law::NeoHookean] {
        for (young_modulus, what) in [(5e3, "no floor"), (200e3, "floored")] {
            let mut world = let_go(undamped(law, young_modulus), false);
            if young_modulus > 1e5 {
                world.force_substeps(Some(2)).unwrap();
            }
            let peaks = peaks(&mut world, 4, 1.0);
            let share = world.stats().floored_fraction;
            println!("{law:?} {what}: peaks of 4 s over the start {peaks:.4?}; floored {share:.2}");
            assert!((share > 0.5) == (young_modulus > 1e5));
            assert!(peaks[0] < if share > 0.5 { 1.25 } else { 1.05 });
            assert!(peaks[1..].iter().all(|p| *p < 1.02 * peaks[0]), "grows");
        }
    }
}

/// One tetrahedron in ten a thousand times stiffer; a support moved by 1 um must not start a blast.
#[test]
fn energy_does_not_grow_with_stiff_grains() {
    let mesh = TetMesh::boxed([0.03; 3], [5; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let grain = |t: usize| Material {
        damping: 0.0,
        ..Material::soft(if t.is_multiple_of(10) { 5e6 } else { 5e3 }, 0.49, 1060.0)
    };
    let materials: Vec<_> = (0..mesh.tetrahedra().len()).map(grain).collect();
    let mut world = World::new(1e-3, NONE).unwrap();
    world.add_soft_body(&mesh, &materials, &bottom).unwrap();
    world.move_supports(0, [0.0, 0.0, 1e-6], 1);
    world.step();
    let most = peaks(&mut world, 4, 0.5);
    println!("stiff grains, supports moved by 1 um: peaks of 2 s over the start {most:.3?}");
    // The grains vibrate at the limit of stability: W + T swings.
    assert!(
        most[0] < 1.4 && most.iter().all(|p| *p < 1.02 * most[0]),
        "grows"
    );
    assert!(!world.stats().guard);
}

#[test]
fn energy_does_not_grow_against_a_still_tool() {
    let mesh = TetMesh::boxed([0.05, 0.05, 0.04], [6, 6, 5]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[undamped(Law::StableNeoHookean, 5e3)], &bottom)
        .unwrap();
    let at = |depth: f64| [0.025, 0.025, 0.05 - depth];
    let tool = world
        .add_tool(ToolShape::Sphere { radius: 0.01 }, at(0.0), 0.3)
        .unwrap();
    for tick in 1..=20 {
        world.move_tool(tool, at(0.006 * f64::from(tick) / 20.0));
        world.step();
    }
    let most = peaks(&mut world, 1, 2.0)[0];
    println!("still tool, hit at 0.3 m/s: at most {most:.4} of the energy at the hit in 2 s");
    assert!(most < 1.02);
}

#[test]
fn a_free_body_keeps_its_momentum() {
    let mut world = let_go(undamped(Law::StableNeoHookean, 5e3), true);
    let mass: f32 = world.body(0).masses().iter().sum();
    let mut fastest: f64 = 0.0;
    for _ in 0..1000 {
        world.step();
        let p = world.body(0).momentum();
        fastest = p
            .iter()
            .fold(fastest, |m, x| m.max(x.abs() / f64::from(mass)));
    }
    println!("free body after 1 s of vibration: its centre moved with at most {fastest:.1e} m/s");
    assert!(fastest < 1e-5);
}

#[test]
fn a_hit_gives_the_momentum_that_the_tool_felt() {
    let mesh = TetMesh::boxed([0.04; 3], [5; 3]).unwrap();
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[undamped(Law::StableNeoHookean, 5e3)], &[])
        .unwrap();
    let at = |depth: f64| [0.021, 0.019, 0.05 - depth];
    let tool = world
        .add_tool(ToolShape::Sphere { radius: 0.01 }, at(0.0), 0.0)
        .unwrap();
    let mut felt = 0.0;
    for tick in 1..=60 {
        world.move_tool(tool, at(0.2e-3 * f64::from(tick)));
        world.step();
        felt += world.tool(tool).force[2] * world.dt();
    }
    assert_close(
        "momentum against impulse",
        world.body(0).momentum()[2],
        -felt,
        1e-3,
    );
}

/// Where the floor carries most nodes, tissue that is pressed deep must not start to tremble: its
/// stiffness has grown, and the floor has to follow.
#[test]
fn tissue_under_a_deep_sphere_is_calm_at_one_substep() {
    let mesh = TetMesh::boxed([0.1; 3], [20; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    let tissue = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[tissue], &bottom).unwrap();
    let ball = ToolShape::Sphere { radius: 0.02 };
    let tool = world.add_tool(ball, [0.04, 0.05, 0.12], 0.2).unwrap();
    world.force_substeps(Some(1)).unwrap();
    for tick in 1..=400 {
        let depth = 0.1e-3 * f64::from(tick.min(150));
        let drag = 0.1e-3 * f64::from((tick - 150).max(0));
        world.move_tool(tool, [0.04 + drag, 0.05, 0.12 - depth]);
        world.step();
        assert!(!world.stats().guard, "violent at tick {tick}");
    }
    let floored = world.stats().floored_fraction;
    println!("{floored:.2} floored, never violent");
    assert!(floored > 0.5);
}

/// Contact with friction, a moving tool, gliding supports: everything at once.
fn busy(kernel: Kernel) -> Option<u64> {
    let mesh = TetMesh::boxed([0.05, 0.05, 0.03], [5, 5, 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
    if !world.set_kernel(kernel) {
        return None;
    }
    let mixed = |t: usize| {
        let law = if t.is_multiple_of(2) {
            Law::StableNeoHookean
        } else {
            Law::NeoHookean
        };
        Material {
            law,
            ..Material::soft(if t.is_multiple_of(5) { 4e4 } else { 5e3 }, 0.45, 1060.0)
        }
    };
    let materials: Vec<_> = (0..mesh.tetrahedra().len()).map(mixed).collect();
    world.add_soft_body(&mesh, &materials, &bottom).unwrap();
    let shape = ToolShape::Capsule {
        radius: 0.006,
        half_length: 0.01,
        axis: [1.0, 1.0, 0.2],
    };
    let tool = world.add_tool(shape, [0.02, 0.02, 0.04], 0.4).unwrap();
    world.move_supports(0, [0.0, 0.002, 0.003], 200);
    for tick in 0..300 {
        let t = f64::from(tick) * 1e-3;
        world.move_tool(
            tool,
            [0.02 + 0.03 * t, 0.02 + 0.01 * (20.0 * t).sin(), 0.034],
        );
        world.step();
    }
    Some(world.digest())
}

#[test]
fn same_inputs_same_bits_on_every_kernel() {
    let once = busy(Kernel::Portable);
    assert_eq!(once, busy(Kernel::Portable), "two runs differ");
    for kernel in [Kernel::Avx2, Kernel::Avx512] {
        match busy(kernel) {
            Some(bits) => assert_eq!(Some(bits), once, "{} differs", kernel.name()),
            None => println!("{} is not available here", kernel.name()),
        }
    }
}

#[test]
fn supports_glide_as_asked() {
    let mesh = TetMesh::boxed([0.03; 3], [3; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
        .unwrap();
    world.move_supports(0, [0.0, 0.0, 0.01], 400);
    world.move_supports(0, [f64::NAN, 0.0, 0.0], 10); // ignored
    let (mut before, mut fastest) = (0.0, 0.0);
    for tick in 1..=400 {
        world.step();
        let z = world.body(0).displacement(bottom[0])[2];
        if tick == 200 {
            assert_close("halfway", z, 0.005, 1e-5);
        }
        fastest = f64::max(fastest, (z - before) / world.dt());
        before = z;
    }
    assert_close("the end", before, 0.01, 1e-6);
    // Minimum jerk: peak speed 15/8 of the mean.
    assert_close("fastest", fastest, 1.875 * 0.01 / 0.4, 1e-3);
}

fn all_finite(world: &World) -> bool {
    let body = world.body(0);
    (0..body.node_count() as u32).all(|n| {
        body.position(n)
            .iter()
            .chain(&body.velocity(n))
            .all(|x| x.is_finite())
    })
}

#[test]
fn teleports_and_nonsense_are_survived() {
    let mesh = TetMesh::boxed([0.05; 3], [5; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let top = nearest(&mesh, [0.02, 0.03, 0.05]);
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
        .unwrap();
    let tool = world
        .add_tool(ToolShape::Sphere { radius: 0.01 }, [0.0, 0.0, 0.2], 0.3)
        .unwrap();
    // A node torn 50 mm away in one tick, shaken there, then let go.
    for tick in 0..100 {
        let sign = if tick / 5 % 2 == 0 { 1.0 } else { -1.0 };
        world
            .body_mut(0)
            .prescribe(&[top], &[[0.05 * sign, 0.0, 0.02]])
            .unwrap();
        world.step();
        assert!(all_finite(&world));
    }
    world.body_mut(0).release(&[top]).unwrap();
    // A tool that appears in the middle of the tissue, and one that is moved to nowhere.
    world.move_tool(tool, [0.025, 0.025, 0.03]);
    world.step();
    world.move_tool(tool, [f64::NAN, 0.0, 0.0]);
    world.step();
    assert!(all_finite(&world) && world.tool(tool).position == [0.025, 0.025, 0.03]);
    world.move_tool(tool, [0.0, 0.0, 0.2]);
    for _ in 0..1500 {
        world.step();
    }
    let left = world.body(0).energy(NONE).total();
    println!("1.5 s after the abuse {left:.1e} J are left");
    assert!(all_finite(&world) && left < 1e-4);
    assert_eq!(world.stats().faults, 0);
}

#[test]
fn a_state_beyond_numbers_is_taken_back_and_counted() {
    let mesh = TetMesh::boxed([0.05; 3], [3; 3]).unwrap();
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &[0])
        .unwrap();
    world
        .body_mut(0)
        .prescribe(&[0], &[[1e300, 0.0, 0.0]])
        .unwrap();
    for _ in 0..3 {
        world.step();
        assert_eq!(world.stats().faults, 1);
        assert!(all_finite(&world));
    }
    world.body_mut(0).prescribe(&[0], &[NONE]).unwrap();
    world.step();
    assert_eq!((world.stats().faults, world.tick()), (0, 4));
}

/// Two worlds that differ in something that only shows later.
#[test]
fn the_digest_sees_what_the_future_depends_on() {
    let mesh = TetMesh::boxed([0.05; 3], [3; 3]).unwrap();
    let mut world = World::new(1e-3, NONE).unwrap();
    let soft = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[soft], &[0]).unwrap();
    world.add_soft_body(&mesh, &[soft], &[0]).unwrap();
    let ball = ToolShape::Sphere { radius: 0.01 };
    world.add_tool(ball, [0.0, 0.0, 0.2], 0.3).unwrap();
    world.step();
    let changed = |change: fn(&mut World)| {
        let mut other = world.clone();
        change(&mut other);
        other.digest()
    };
    let digests = [
        changed(|_| ()),
        changed(|w| w.body_mut(0).prescribe(&[1], &[NONE]).unwrap()),
        changed(|w| w.body_mut(1).prescribe(&[1], &[NONE]).unwrap()),
        changed(|w| w.body_mut(0).prescribe(&[0], &[[1e-3, 0.0, 0.0]]).unwrap()),
        changed(|w| w.body_mut(0).release(&[0]).unwrap()),
        changed(|w| w.body_mut(0).set_capsule(Some(0.3))),
        changed(|w| w.body_mut(1).set_capsule(Some(0.3))),
        changed(|w| w.move_tool(0, [0.0, 0.0, 0.1])),
        changed(|w| w.force_substeps(Some(2)).unwrap()),
    ];
    assert_eq!(digests[0], world.digest());
    for (i, digest) in digests.iter().enumerate() {
        assert!(!digests[..i].contains(digest), "change {i} is not seen");
    }
}

#[test]
fn a_fault_leaves_no_contact_behind() {
    let mesh = TetMesh::boxed([0.05; 3], [3; 3]).unwrap();
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &[0])
        .unwrap();
    let ball = ToolShape::Sphere { radius: 0.01 };
    let tool = world.add_tool(ball, [0.025, 0.025, 0.059], 0.3).unwrap();
    world.step();
    assert!(world.stats().contacts > 0);
    world
        .body_mut(0)
        .prescribe(&[0], &[[1e300, 0.0, 0.0]])
        .unwrap();
    world.step();
    assert_eq!((world.stats().faults, world.stats().contacts), (1, 0));
    assert_eq!(world.tool(tool).force, NONE);
}
