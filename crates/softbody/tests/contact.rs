//! Contact and friction against closed-form answers.

mod common;

use common::{assert_close, select};
use softbody::{Material, TetMesh, ToolShape, World};

const NONE: [f64; 3] = [0.0; 3];

/// A flat slab with a sphere pressed `depth` into its top.
fn pressed(cells: [usize; 3], radius: f64, depth: f64, friction: f64) -> (World, usize) {
    let mesh = TetMesh::boxed([0.08, 0.06, 0.03], cells).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
        .unwrap();
    let at = |depth: f64| [0.025, 0.031, 0.03 + radius - depth];
    let tool = world
        .add_tool(ToolShape::Sphere { radius }, at(0.0), friction)
        .unwrap();
    for tick in 1..=300 {
        world.move_tool(tool, at(depth * f64::from(tick) / 300.0));
        world.step();
    }
    (world, tool)
}

/// Moves the tool along x by `way` at `speed` and returns (Fx, Fz) of every tick.
fn drag(world: &mut World, tool: usize, way: f64, speed: f64) -> Vec<[f64; 2]> {
    let mut p = world.tool(tool).position;
    let ticks = (way / speed / world.dt()) as usize;
    let mut forces = Vec::with_capacity(ticks);
    for _ in 0..ticks {
        p[0] += speed * world.dt();
        world.move_tool(tool, p);
        world.step();
        forces.push([world.tool(tool).force[0], world.tool(tool).force[2]]);
    }
    forces
}

fn mean(forces: &[[f64; 2]], i: usize) -> f64 {
    forces.iter().map(|f| f[i]).sum::<f64>() / forces.len() as f64
}

/// Sliding friction: drag opposes the motion; the part that friction adds is mu N, up to the
/// slope of the dent, on which a Coulomb force is mu N for small slopes.
#[test]
fn a_sliding_tool_feels_coulomb_friction() {
    for mu in [0.1, 0.2, 0.4] {
        let (mut world, tool) = pressed([16, 12, 5], 0.05, 0.0008, mu);
        let forces = drag(&mut world, tool, 0.016, 0.03);
        let steady = &forces[forces.len() / 2..];
        let ratio = -mean(steady, 0) / mean(steady, 1);
        assert_close(&format!("sliding at mu {mu}: Ft / Fn"), ratio, mu, 0.06);
    }
}

/// While the surface sticks it moves with the tool, and the force stays inside the cone; beyond,
/// it slides at mu N.
#[test]
fn a_tool_sticks_up_to_the_threshold() {
    let mu = 0.3;
    let (mut world, tool) = pressed([16, 12, 5], 0.05, 0.0008, mu);
    let forces = drag(&mut world, tool, 0.004, 0.008);
    let ratio: Vec<f64> = forces.iter().map(|f| -f[0] / f[1]).collect();
    let peak = ratio.iter().copied().fold(0.0, f64::max);
    assert_close("threshold: largest Ft / Fn", peak, mu, 0.06);
    // Below it the force grows with the way (ever less, as the rim of the contact slips), after
    // the jerk of the first tick.
    println!(
        "Ft / Fn after 0.12 mm {:.4}, 0.24 mm {:.4}",
        ratio[14], ratio[29]
    );
    assert!(ratio[1..30].windows(2).all(|w| w[1] > w[0]) && ratio[29] < 0.95 * mu);
    // Held still below the threshold, it does not creep.
    let (mut world, tool) = pressed([16, 12, 5], 0.05, 0.0008, mu);
    drag(&mut world, tool, 0.0002, 0.008);
    (0..300).for_each(|_| world.step()); // the vibration of the stop dies away
    let before = world.tool(tool).force[0];
    (0..600).for_each(|_| world.step());
    assert_close(
        "held still for 0.6 s: Ft",
        world.tool(tool).force[0],
        before,
        0.04,
    );
}

/// Contact acts on triangles: a sphere smaller than the mesh never falls between nodes.
#[test]
fn a_small_sphere_drags_smoothly_over_a_coarse_mesh() {
    let (mut world, tool) = pressed([8, 6, 3], 0.005, 0.003, 0.0);
    let forces = drag(&mut world, tool, 0.03, 0.05);
    let (low, high) = forces
        .iter()
        .fold((f64::MAX, f64::MIN), |(l, h), f| (l.min(f[1]), h.max(f[1])));
    let jump = forces
        .windows(2)
        .map(|w| (w[1][1] - w[0][1]).abs())
        .fold(0.0, f64::max);
    let mean = mean(&forces, 1);
    println!(
        "5 mm sphere over 10 mm cells: {low:.4} to {high:.4} N, largest jump {jump:.4} N a tick"
    );
    assert!(low > 0.3 * mean && high < 2.0 * mean);
    assert!(jump < 0.1 * mean);
}

#[test]
fn nothing_is_felt_without_touch() {
    let (mut world, tool) = pressed([8, 6, 3], 0.005, -0.004, 0.5);
    drag(&mut world, tool, 0.01, 0.05);
    let tool = world.tool(tool);
    assert_eq!(
        (tool.force, tool.torque, tool.contact_count),
        (NONE, NONE, 0)
    );
    assert!(tool.touch.is_none());
}

#[test]
fn the_touch_names_what_is_touched() {
    let (world, tool) = pressed([8, 6, 3], 0.01, 0.002, 0.0);
    let touch = world.tool(tool).touch.unwrap();
    assert!((touch.rest_point[2] - 0.03).abs() < 1e-6);
    assert!((touch.rest_point[0] - 0.025).abs() < 0.004 && touch.normal[2] > 0.9);
    assert!((touch.weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn pressing_too_deep_tears_the_capsule_once() {
    let mesh = TetMesh::boxed([0.06, 0.06, 0.03], [8, 8, 4]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
        .unwrap();
    world.body_mut(0).set_capsule(Some(0.35));
    let at = |depth: f64| [0.031, 0.029, 0.035 - depth];
    let tool = world
        .add_tool(ToolShape::Sphere { radius: 0.005 }, at(0.0), 0.0)
        .unwrap();
    let mut torn = Vec::new();
    for tick in 1..=400 {
        world.move_tool(tool, at(0.012 * f64::from(tick) / 400.0));
        world.step();
        for r in world.ruptures() {
            println!(
                "tick {tick}: triangle {} torn at strain {:.3}",
                r.triangle, r.strain
            );
            assert!(r.strain > 0.35 && r.strain < 0.45, "noticed late");
            assert!(world.body(0).is_torn(r.triangle) && (r.rest_point[2] - 0.03).abs() < 1e-9);
            assert!(!torn.contains(&r.triangle), "reported twice");
            torn.push(r.triangle);
        }
        if tick == 60 {
            assert!(torn.is_empty() && world.tool(tool).surface_strain < 0.35);
        }
    }
    assert!(!torn.is_empty());
}

/// Presses a sphere `radius` at 0.5 m/s for 5 mm down onto `mesh` over (x, z) = `over`, from where it
/// touches the height `top`, then waits. Returns the largest force in 0.1 s and the largest
/// displacement of a node.
fn struck(mesh: &TetMesh, held: &[u32], radius: f64, over: [f64; 2], top: f64) -> (f64, f64) {
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(mesh, &[Material::soft(5e3, 0.45, 1060.0)], held)
        .unwrap();
    let at = |depth: f64| [over[0], over[1], top + radius - depth];
    let tool = world
        .add_tool(ToolShape::Sphere { radius }, at(0.0), 0.2)
        .unwrap();
    let (mut force, mut way): (f64, f64) = (0.0, 0.0);
    for tick in 1..=100 {
        world.move_tool(tool, at(0.5e-3 * f64::from(tick.min(10))));
        world.step();
        let length = |v: [f64; 3]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        force = force.max(length(world.tool(tool).force));
        for n in 0..mesh.points().len() as u32 {
            way = way.max(length(world.body(0).displacement(n)));
        }
    }
    println!(
        "struck at 0.5 m/s for 5 mm: at most {force:.3} N, a node moved by {:.2} mm",
        1e3 * way
    );
    (force, way)
}

/// The far side of thin tissue is behind the tool's core as seen from there, but the core is
/// outside; it must not be pulled through.
#[test]
fn the_far_side_of_a_thin_plate_is_not_pulled_through() {
    let mesh = TetMesh::boxed([0.04, 0.04, 0.001], [20, 20, 1]).unwrap();
    let rim = select(&mesh, |p| (0..2).any(|i| p[i] == 0.0 || p[i] == 0.04));
    let (force, way) = struck(&mesh, &rim, 0.012, [0.021, 0.019], 0.001);
    assert!(force > 0.01 && force < 10.0 && way < 0.008);
}

#[test]
fn the_far_side_of_a_wedge_is_not_pulled_through() {
    // 30 degrees between the faces; thin at x = 0, where the tool strikes.
    let block = TetMesh::boxed([0.04, 0.04, 1.0], [12, 12, 4]).unwrap();
    let slope = 30f64.to_radians().tan();
    let wedge = |p: &[f64; 3]| [p[0] + 1e-3, p[1], slope * (p[0] + 1e-3) * (p[2] - 1.0)];
    let points: Vec<_> = block.points().iter().map(wedge).collect();
    let mesh = TetMesh::new(&points, block.tetrahedra()).unwrap();
    let back = select(&mesh, |p| p[0] > 0.0409);
    for (radius, x) in [
        (0.012, 0.002),
        (0.012, 0.006),
        (0.006, 0.002),
        (0.006, 0.006),
    ] {
        let (force, way) = struck(&mesh, &back, radius, [x, 0.02], 0.0);
        assert!(force > 0.01 && force < 10.0 && way < 0.012);
    }
}

/// A core that starts inside thin tissue is not between two sides that both push.
#[test]
fn a_core_inside_thin_tissue_does_not_blow_it_up() {
    let mesh = TetMesh::boxed([0.04, 0.04, 0.004], [16, 16, 2]).unwrap();
    let rim = select(&mesh, |p| (0..2).any(|i| p[i] == 0.0 || p[i] == 0.04));
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &rim)
        .unwrap();
    let ball = ToolShape::Sphere { radius: 0.004 };
    let tool = world.add_tool(ball, [0.0201, 0.0199, 0.003], 0.0).unwrap();
    (0..200).for_each(|_| world.step());
    let way = |n: u32| {
        world
            .body(0)
            .displacement(n)
            .iter()
            .map(|x| x.abs())
            .fold(0.0, f64::max)
    };
    let most = (0..mesh.points().len() as u32).map(way).fold(0.0, f64::max);
    let force = world.tool(tool).force[2];
    println!(
        "core 1 mm under the top: {force:.3} N, a node moved by {:.2} mm",
        1e3 * most
    );
    assert!(force.abs() < 1.0 && most < 0.01);
}

#[test]
fn a_capsule_limit_that_is_no_number_bears_any_strain() {
    let (mut world, tool) = pressed([8, 6, 3], 0.005, 0.003, 0.0);
    world.body_mut(0).set_capsule(Some(f64::NAN));
    world.step();
    assert!(world.ruptures().is_empty() && world.tool(tool).surface_strain > 0.0);
}

/// A triangle with two held corners, touched close to them, could follow a rigid tool only if its
/// third corner flew far away.
#[test]
fn a_triangle_that_is_almost_held_does_not_throw_its_free_corner() {
    let mesh = TetMesh::boxed([0.05, 0.05, 0.05], [5, 5, 5]).unwrap();
    let held = select(&mesh, |p| p[0] < 0.0201);
    for beyond in [0.0001, 0.0005, 0.002] {
        let over = [0.02 + beyond, 0.0247];
        let (force, way) = struck(&mesh, &held, 0.008, over, 0.05);
        assert!(force > 0.05 && force < 50.0 && way < 0.010);
    }
}

/// A block of 3 cm whose top is held, and a sphere of 4 mm over (x, y) that reaches `depth` into it.
fn on_held_nodes(over: [f64; 2], depth: f64, friction: f64, substeps: u32) -> (World, usize) {
    let mesh = TetMesh::boxed([0.03, 0.03, 0.03], [3, 3, 3]).unwrap();
    let mut world = World::new(1e-3, NONE).unwrap();
    let held = select(&mesh, |p| p[2] > 0.0299);
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &held)
        .unwrap();
    world.force_substeps(Some(substeps)).unwrap();
    let ball = ToolShape::Sphere { radius: 0.004 };
    let at = [over[0], over[1], 0.034 - depth];
    let tool = world.add_tool(ball, at, friction).unwrap();
    (0..50).for_each(|_| world.step());
    (world, tool)
}

#[test]
fn held_nodes_push_straight_back() {
    let (face, edge, corner) = ([0.0143, 0.0157], [0.015, 0.01], [0.01, 0.01]);
    for over in [face, edge, corner] {
        let force = |depth, substeps| on_held_nodes(over, depth, 0.0, substeps).0.tool(0).force;
        let (shallow, deep, finer) = (force(0.5e-3, 1), force(1e-3, 1), force(1e-3, 5));
        let (mut world, tool) = on_held_nodes(over, 1e-3, 0.0, 1);
        world.settle(1e-6, 10.0).unwrap();
        let settled = world.tool(tool).force;
        let nodes: Vec<u32> = (0..world.body(0).node_count() as u32).collect();
        let held = world.reaction(0, &nodes).unwrap();
        let support: f64 = held.iter().map(|f| f[2]).sum();
        println!("1 mm into held nodes at {over:?}: {deep:.3?} N, supports {support:.3} N");
        assert!(deep[2] > 0.1 && deep[2] < 10.0);
        assert!(deep[0].abs() < 0.02 * deep[2] && deep[1].abs() < 0.02 * deep[2]);
        assert!((deep[2] / shallow[2] - 2.0).abs() < 0.05);
        assert!((finer[2] / deep[2] - 1.0).abs() < 1e-3);
        assert!((settled[2] / deep[2] - 1.0).abs() < 1e-3);
        assert!((support / settled[2] - 1.0).abs() < 1e-3);
    }
}

/// Where a triangle has nothing that could stick and spring back.
#[test]
fn friction_on_held_nodes_is_that_of_coulomb() {
    for substeps in [1, 5] {
        for speed in [0.002, 0.02] {
            let (mut world, tool) = on_held_nodes([0.0143, 0.0157], 1e-3, 0.3, substeps);
            for _ in 0..20 {
                let [x, y, z] = world.tool(tool).position;
                world.move_tool(tool, [x + 1e-3 * speed, y, z]);
                world.step();
            }
            let [fx, _, fz] = world.tool(tool).force;
            assert!(
                (-fx / fz / 0.3 - 1.0).abs() < 0.03,
                "{} at {speed} m/s",
                fx / fz
            );
        }
    }
}

/// The way from the surface to the core is nothing but rounding there.
#[test]
fn a_core_on_the_surface_is_pushed_straight_out() {
    let mesh = TetMesh::boxed([0.03, 0.03, 0.03], [3, 3, 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    for over in [
        [0.0143, 0.0157],
        [0.0121, 0.0163],
        [0.015, 0.01],
        [0.01, 0.01],
    ] {
        let mut world = World::new(1e-3, NONE).unwrap();
        world
            .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
            .unwrap();
        let ball = ToolShape::Sphere { radius: 0.003 };
        let tool = world.add_tool(ball, [over[0], over[1], 0.03], 0.0).unwrap();
        world.step();
        let [fx, fy, fz] = world.tool(tool).force;
        println!("core on the surface at {over:?}: ({fx:.3}, {fy:.3}, {fz:.3}) N");
        assert!(fz > 0.1 && fx.hypot(fy) < fz);
    }
}

/// Squeezed flat, the held far side is nearer to the core than the near side, which is pushed away.
#[test]
fn a_tool_that_was_outside_stays_there() {
    let mesh = TetMesh::boxed([0.05, 0.05, 0.006], [10, 10, 2]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
        .unwrap();
    let ball = ToolShape::Sphere { radius: 0.008 };
    let at = |depth: f64| [0.0243, 0.0257, 0.014 - depth];
    let tool = world.add_tool(ball, at(0.0), 0.0).unwrap();
    let mut least = f64::INFINITY;
    let mut most: f64 = 0.0;
    for tick in 1..=150 {
        world.move_tool(tool, at(0.1e-3 * f64::from(tick.min(90)))); // 0.1 m/s to 9 mm
        world.step();
        let [fx, fy, fz] = world.tool(tool).force;
        least = least.min(fz - fx.hypot(fy));
        most = most.max(fz);
    }
    println!("pressed 9 mm into 6 mm: up to {most:.1} N");
    assert!(least > -0.05 * most && most > 1.0 && most < 100.0);
}
