//! Boxes and triangle meshes as tools: forces against closed forms and against round tools.

mod common;

use common::{Vec3, assert_close, select};
use softbody::{Material, Pose, TetMesh, ToolShape, World};
use std::f64::consts::PI;

const NONE: Vec3 = [0.0; 3];
/// Young's modulus, Pa.
const YOUNG: f64 = 5e3;
/// Poisson's ratio.
const POISSON: f64 = 0.3;

/// The eight points and twelve triangles of a box, as anyone would write them.
fn box_mesh(half: Vec3) -> (Vec<Vec3>, Vec<[u32; 3]>) {
    let [x, y, z] = half;
    let points = vec![
        [-x, -y, -z],
        [x, -y, -z],
        [x, y, -z],
        [-x, y, -z],
        [-x, -y, z],
        [x, -y, z],
        [x, y, z],
        [-x, y, z],
    ];
    let quads: [[u32; 4]; 6] = [
        [3, 2, 1, 0],
        [4, 5, 6, 7],
        [0, 1, 5, 4],
        [1, 2, 6, 5],
        [2, 3, 7, 6],
        [3, 0, 4, 7],
    ];
    let halves = |[a, b, c, d]: [u32; 4]| [[a, b, c], [a, c, d]];
    (points, quads.into_iter().flat_map(halves).collect())
}

/// A cylinder of `sides` sides around z, from -half to half.
fn cylinder(radius: f64, half: f64, sides: u32) -> (Vec<Vec3>, Vec<[u32; 3]>) {
    let ring = |z: f64| {
        (0..sides).map(move |i| {
            let angle = 2.0 * PI * f64::from(i) / f64::from(sides);
            [radius * angle.cos(), radius * angle.sin(), z]
        })
    };
    let mut points: Vec<Vec3> = ring(-half).chain(ring(half)).collect();
    points.extend([[0.0, 0.0, -half], [0.0, 0.0, half]]);
    let (n, low, high) = (sides, 2 * sides, 2 * sides + 1);
    let side = |i: u32| {
        let j = (i + 1) % n;
        [
            [i, j, n + j],
            [i, n + j, n + i],
            [low, j, i],
            [high, n + i, n + j],
        ]
    };
    (points, (0..n).flat_map(side).collect())
}

/// Displacement of a half space z < 0 under a force `p` along -z at the origin (Boussinesq 1885).
fn boussinesq(p: f64, [x, y, z]: Vec3) -> Vec3 {
    let shear = YOUNG / (2.0 * (1.0 + POISSON));
    let depth = -z;
    let r = (x * x + y * y).sqrt();
    let distance = (r * r + depth * depth).sqrt();
    let scale = p / (4.0 * PI * shear);
    let out = scale
        * (depth / distance.powi(3) - (1.0 - 2.0 * POISSON) / (distance * (distance + depth)));
    let down = scale * (depth * depth / distance.powi(3) + 2.0 * (1.0 - POISSON) / distance);
    [out * x, out * y, -down]
}

/// Half edge of the block that stands for the half space, m.
const HALF: f64 = 0.025;

/// Where the punch presses on it: nowhere special in the mesh.
const ASIDE: [f64; 2] = [0.00023, 0.00011];

/// A block below z = 0 around the origin, of even cells around the punch, growing outwards.
fn half_space(cells: usize) -> TetMesh {
    let block = TetMesh::boxed([2.0, 2.0, 1.0], [cells, cells, cells / 2]).unwrap();
    let (even, inner) = (0.6, 0.0065);
    let grow = |t: f64| {
        let out = (t.abs() - even).max(0.0) / (1.0 - even);
        let way = inner * t.abs().min(even) / even + (HALF - inner) * out * (0.4 + 0.6 * out);
        way.copysign(t)
    };
    let place = |p: &Vec3| {
        let (x, y) = (grow(p[0] - 1.0) - ASIDE[0], grow(p[1] - 1.0) - ASIDE[1]);
        [x, y, -grow(1.0 - p[2])]
    };
    let points: Vec<Vec3> = block.points().iter().map(place).collect();
    TetMesh::new(&points, block.tetrahedra()).unwrap()
}

/// The half space, its far sides displaced as a force `expected` at its middle would.
fn far_held(mesh: &TetMesh, expected: f64) -> World {
    let beside = |p: Vec3| (0..2).any(|i| (p[i] + ASIDE[i]).abs() > HALF - 1e-6);
    let far = |p: Vec3| p[2] < 1e-6 - HALF || beside(p);
    let far = select(mesh, far);
    let mut world = World::new(1e-3, NONE).unwrap();
    let tissue = Material::soft(YOUNG, POISSON, 1000.0);
    world.add_soft_body(mesh, &[tissue], &far).unwrap();
    let places: Vec<Vec3> = far
        .iter()
        .map(|n| boussinesq(expected, mesh.points()[*n as usize]))
        .collect();
    world.body_mut(0).prescribe(&far, &places).unwrap();
    world
}

/// E / (1 - nu^2)
fn plane_modulus() -> f64 {
    YOUNG / (1.0 - POISSON * POISSON)
}

/// Half the side of the square punch and radius of the round one, and how deep they press, m.
const PUNCH: f64 = 0.005;
const PRESSED: f64 = 0.0001;

/// Force on a punch that `add` puts over a half space of `cells`, N.
fn punched(cells: usize, expected: f64, add: &dyn Fn(&mut World, Pose) -> usize) -> f64 {
    let mut world = far_held(&half_space(cells), expected);
    let tool = add(&mut world, Pose::from([0.0, 0.0, 0.002 - PRESSED]));
    let found = world.settle(1e-5, 2.0);
    let tool = world.tool(tool);
    let (contacts, force) = (tool.contact_count, tool.force[2]);
    println!("{found:?}, {contacts} contacts, {force:.6} N");
    force
}

fn square_box(world: &mut World, pose: Pose) -> usize {
    let shape = ToolShape::Box {
        half_extents: [PUNCH, PUNCH, 0.002],
        rounding: 0.0,
    };
    world.add_tool(shape, pose, 0.0).unwrap()
}

/// Holds forces on 12 and 24 cells, and what they tend to, to `theory`: the stress at the rim is
/// singular, so the error falls like the size of the cells.
fn hold_to_theory(what: &str, [coarse, fine]: [f64; 2], theory: f64, bar: f64) {
    println!(
        "{what}: {:.3} and {:.3} times theory",
        coarse / theory,
        fine / theory
    );
    assert_close(what, 2.0 * fine - coarse, theory, bar);
}

/// By the capacity of a square plate (Read 1997), F = 0.3667874 pi s E* d for a side of s.
fn square_theory() -> f64 {
    0.366_787_4 * PI * 2.0 * PUNCH * plane_modulus() * PRESSED
}

/// A frictionless flat punch of radius a on a half space: F = 2 a E* d.
#[test]
fn a_round_flat_punch_is_as_stiff_as_theory_says() {
    let theory = 2.0 * PUNCH * plane_modulus() * PRESSED;
    let (points, triangles) = cylinder(PUNCH, 0.002, 48);
    let add = |world: &mut World, pose: Pose| {
        let added = world.add_mesh_tool(&points, &triangles, 0.0, pose, 0.0);
        added.unwrap()
    };
    let forces = [12, 24].map(|cells| punched(cells, theory, &add));
    hold_to_theory("round punch, to cells of no size", forces, theory, 0.03);
}

#[test]
fn a_box_is_the_mesh_of_a_box() {
    let (points, triangles) = box_mesh([PUNCH, PUNCH, 0.002]);
    let add = |world: &mut World, pose: Pose| {
        let added = world.add_mesh_tool(&points, &triangles, 0.0, pose, 0.0);
        added.unwrap()
    };
    let of_box = punched(12, square_theory(), &square_box);
    let of_mesh = punched(12, square_theory(), &add);
    assert_close("square punch, mesh against box", of_mesh, of_box, 1e-3);
}

#[test]
#[ignore = "Fault: nodes that hang at the sharp rim flicker, settle stops with 1.5 % (12 cells) and 0.4 % \
            (24) unbalanced; found: 1.30 and 1.12 times theory, 7 % too low in the limit"]
fn a_square_flat_punch_is_as_stiff_as_theory_says() {
    let theory = square_theory();
    let forces = [12, 24].map(|cells| punched(cells, theory, &square_box));
    hold_to_theory("square punch, to cells of no size", forces, theory, 0.04);
}

/// A closed surface around the segment along x of `half_length` on both sides: rings of points at
/// `radius`. A sphere where the length is 0.
fn round_mesh(radius: f64, half_length: f64, rings: u32, sides: u32) -> (Vec<Vec3>, Vec<[u32; 3]>) {
    let mut points = vec![[-half_length - radius, 0.0, 0.0]];
    for ring in 1..rings {
        let latitude = PI * f64::from(ring) / f64::from(rings);
        let (shift, r) = (
            if 2 * ring < rings {
                -half_length
            } else {
                half_length
            },
            radius * latitude.sin(),
        );
        for side in 0..sides {
            // every other ring is turned by half a side
            let angle = 2.0 * PI * (f64::from(side) + 0.5 * f64::from(ring % 2)) / f64::from(sides);
            points.push([
                shift - radius * latitude.cos(),
                r * angle.cos(),
                r * angle.sin(),
            ]);
        }
    }
    points.push([half_length + radius, 0.0, 0.0]);
    let last = points.len() as u32 - 1;
    let at = |ring: u32, side: u32| 1 + (ring - 1) * sides + side % sides;
    let mut triangles = Vec::new();
    for side in 0..sides {
        triangles.push([0, at(1, side + 1), at(1, side)]);
        triangles.push([last, at(rings - 1, side), at(rings - 1, side + 1)]);
        for ring in 1..rings - 1 {
            let turned = ring % 2 == 1; // this ring is ahead of the next one
            let (a, b) = (at(ring, side), at(ring, side + 1));
            let (c, d) = (at(ring + 1, side), at(ring + 1, side + 1));
            if turned {
                triangles.extend([[a, d, c], [a, b, d]]);
            } else {
                triangles.extend([[a, b, c], [b, d, c]]);
            }
        }
    }
    (points, triangles)
}

/// A slab of 60 x 50 x 25 mm, 5 kPa, held at its bottom; its top is at z = 0.
fn slab(cells: [usize; 3]) -> (World, Vec<u32>) {
    let block = TetMesh::boxed([0.06, 0.05, 0.025], cells).unwrap();
    let lowered = |p: &Vec3| [p[0] - 0.03, p[1] - 0.025, p[2] - 0.025];
    let points: Vec<Vec3> = block.points().iter().map(lowered).collect();
    let mesh = TetMesh::new(&points, block.tetrahedra()).unwrap();
    let bottom = select(&mesh, |p| p[2] < 1e-6 - 0.025);
    let mut world = World::new(1e-3, NONE).unwrap();
    let tissue = Material::soft(YOUNG, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[tissue], &bottom).unwrap();
    (world, bottom)
}

/// Settled force of a tool over the middle of the slab, added by `add` at a height above its top.
fn settled(height: f64, add: &dyn Fn(&mut World, Pose) -> usize) -> f64 {
    let (mut world, _) = slab([12, 10, 5]);
    let tool = add(&mut world, Pose::from([0.0013, 0.0007, height]));
    world.settle(1e-5, 20.0).unwrap();
    world.tool(tool).force[2]
}

/// A surface of facets lies between two round ones: that of its points, and the one inside.
#[test]
fn fine_meshes_press_like_the_round_tools_that_they_stand_for() {
    let (radius, depth) = (0.008, 0.003);
    for half_length in [0.0, 0.01] {
        let round = |radius: f64| {
            let shape = if half_length == 0.0 {
                ToolShape::Sphere { radius }
            } else {
                let axis = [1.0, 0.0, 0.0];
                ToolShape::Capsule {
                    radius,
                    half_length,
                    axis,
                }
            };
            let height = 0.008 - depth;
            settled(height, &|w, pose| w.add_tool(shape, pose, 0.0).unwrap())
        };
        for (rings, sides) in [(9, 18), (19, 40)] {
            let (points, triangles) = round_mesh(radius, half_length, rings, sides);
            let facets = settled(radius - depth, &|w, pose| {
                w.add_mesh_tool(&points, &triangles, 0.0, pose, 0.0)
                    .unwrap()
            });
            let inner = radius * (PI / f64::from(rings)).cos();
            let (least, most) = (round(inner), round(radius));
            println!(
                "half length {half_length}, {} triangles: {facets:.4} N; round {least:.4} to {most:.4} N",
                triangles.len()
            );
            assert!(facets > least * 0.995 && facets < most * 1.005);
        }
    }
}

/// Quaternion of a turn by `angle` about the unit vector `axis`.
fn turn(axis: Vec3, angle: f64) -> [f64; 4] {
    let [x, y, z] = axis.map(|x| x * (0.5 * angle).sin());
    [(0.5 * angle).cos(), x, y, z]
}

/// Adds a tool with a friction at a pose.
type Add = dyn Fn(&mut World, Pose, f64) -> usize;

/// Tools of every kind, and the height at which they touch the slab.
fn all_kinds() -> Vec<(&'static str, f64, Box<Add>)> {
    let shape = |shape: ToolShape| {
        move |w: &mut World, pose: Pose, mu: f64| w.add_tool(shape, pose, mu).unwrap()
    };
    let flat = |rounding| ToolShape::Box {
        half_extents: [0.008, 0.006, 0.003],
        rounding,
    };
    let (points, triangles) = round_mesh(0.005, 0.008, 8, 14);
    let mesh = move |w: &mut World, pose: Pose, mu: f64| {
        w.add_mesh_tool(&points, &triangles, 0.0, pose, mu).unwrap()
    };
    let rod = ToolShape::Capsule {
        radius: 0.004,
        half_length: 0.01,
        axis: [1.0, 0.0, 0.0],
    };
    vec![
        (
            "sphere",
            0.008,
            Box::new(shape(ToolShape::Sphere { radius: 0.008 })),
        ),
        ("capsule", 0.004, Box::new(shape(rod))),
        ("box", 0.003, Box::new(shape(flat(0.0)))),
        ("rounded box", 0.003, Box::new(shape(flat(0.002)))),
        ("mesh", 0.005, Box::new(mesh)),
    ]
}

fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [0, 1, 2].map(|i| a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3])
}

/// Pressed straight, or deeper and turned first: the same rest, in which the supports carry force and
/// torque.
#[test]
fn round_kinds_settle_to_one_rest_that_balances() {
    for (name, height, add) in all_kinds() {
        if name != "box" {
            rests(name, height, &*add);
        }
    }
}

#[test]
#[ignore = "Limit: where nodes of the tissue hang at sharp edges that are pressed in deep, the direction of \
            the contact force jumps from sweep to sweep, and settle stops at an unbalanced force of 1e-2; \
            rounded by a third of its thickness the box settles"]
fn a_sharp_box_settles_to_one_rest_that_balances() {
    let kinds = all_kinds();
    let (name, height, add) = kinds.iter().find(|kind| kind.0 == "box").unwrap();
    rests(name, *height, &**add);
}

/// Settles twice, from pressing straight and from deeper and turned.
fn rests(name: &str, height: f64, add: &Add) {
    {
        let mut forces = Vec::new();
        for detour in [false, true] {
            let (mut world, bottom) = slab([12, 10, 5]);
            let mut pose = Pose {
                position: [0.0013, 0.0007, height + 0.001],
                orientation: turn([0.0, 0.6, 0.8], 0.05),
            };
            let tool = add(&mut world, pose, 0.0);
            for tick in 1..=100 {
                let t = f64::from(tick) / 100.0;
                pose.position[2] = height + 0.001 - t * if detour { 0.006 } else { 0.004 };
                if detour {
                    pose.orientation = turn([0.0, 0.6, 0.8], 0.05 + 0.4 * t);
                }
                world.pose_tool(tool, pose);
                world.step();
            }
            pose.position[2] = height - 0.003;
            pose.orientation = turn([0.0, 0.6, 0.8], 0.05);
            world.pose_tool(tool, pose);
            if detour {
                (0..20).for_each(|_| world.step());
            }
            let sweeps = world.settle(1e-5, 10.0).unwrap();
            let (force, torque) = (world.tool(tool).force, world.tool(tool).torque);
            let reactions = world.reaction(0, &bottom).unwrap();
            let (mut carried, mut moment) = (NONE, NONE);
            for (n, r) in bottom.iter().zip(&reactions) {
                let x = world.body(0).position(*n);
                let m = cross([0, 1, 2].map(|i| x[i] - pose.position[i]), *r);
                for i in 0..3 {
                    carried[i] += r[i];
                    moment[i] += m[i];
                }
            }
            println!(
                "{name}, detour {detour}: {sweeps} sweeps, {force:.4?} N and {torque:.7?} N m, supports \
                 {carried:.4?} N and {moment:.7?} N m"
            );
            for i in 0..3 {
                assert!((force[i] - carried[i]).abs() < 1e-3 * force[2]);
                assert!((torque[i] - moment[i]).abs() < 1e-3 * force[2] * 0.01);
            }
            forces.push(force);
        }
        for i in 0..3 {
            assert!(
                (forces[0][i] - forces[1][i]).abs() < 2e-3 * forces[0][2],
                "the path matters"
            );
        }
    }
}

/// A plate larger than the slab sticks up to mu N, and slides at mu N; a sphere that turns on the spot feels the
/// torque mu N R.
#[test]
fn flat_contact_sticks_and_slides_and_turning_rubs() {
    let mu = 0.3;
    let (mut world, _) = slab([12, 10, 5]);
    let shape = ToolShape::Box {
        half_extents: [0.05, 0.04, 0.003],
        rounding: 0.0,
    };
    let mut at = [-0.004, 0.0007, 0.003];
    let tool = world.add_tool(shape, at, mu).unwrap();
    for _ in 0..300 {
        at[2] -= 0.0005 / 300.0;
        world.move_tool(tool, at);
        world.step();
    }
    let mut ratios = Vec::new();
    (0..300).for_each(|_| world.step()); // the vibration of pressing dies away
    for _ in 0..900 {
        at[0] += 0.012e-3;
        world.move_tool(tool, at);
        world.step();
        let [fx, _, fz] = world.tool(tool).force;
        ratios.push(-fx / fz);
    }
    let peak = ratios.iter().copied().fold(0.0, f64::max);
    println!(
        "Ft / Fn after 0.12 mm {:.4}, 0.24 mm {:.4}",
        ratios[9], ratios[19]
    );
    assert!(ratios[9].max(ratios[19]) < 0.5 * mu);
    assert_close("threshold, largest Ft / Fn", peak, mu, 0.02);
    let steady = ratios[700..].iter().sum::<f64>() / 200.0;
    println!("sliding, mean Ft / Fn with its stick-slip: {steady:.4}");
    assert!(steady > 0.9 * mu);

    let (mut world, _) = slab([12, 10, 5]);
    let ball = ToolShape::Sphere { radius: 0.008 };
    let mut pose = Pose::from([0.0013, 0.0007, 0.0075]);
    let tool = world.add_tool(ball, pose, mu).unwrap();
    for tick in 1..=900 {
        pose.orientation = turn([0.0, 1.0, 0.0], 2e-3 * f64::from(tick));
        world.pose_tool(tool, pose);
        world.step();
    }
    let (force, torque) = (world.tool(tool).force, world.tool(tool).torque);
    println!("turning sphere: {force:.4?} N, {torque:.7?} N m");
    // Everywhere the friction is mu times what presses, square to it.
    let pressing = force.iter().map(|x| x * x).sum::<f64>().sqrt() / (1.0 + mu * mu).sqrt();
    assert_close(
        "turning sphere, torque",
        -torque[1],
        mu * pressing * 0.008,
        0.02,
    );
}

/// What a body gains is what the tool felt, while the guard does not clip.
#[test]
fn a_hit_with_a_box_gives_the_momentum_that_it_felt() {
    let mesh = TetMesh::boxed([0.04; 3], [5; 3]).unwrap();
    let mut world = World::new(1e-3, NONE).unwrap();
    let tissue = Material::soft(YOUNG, 0.45, 1060.0);
    let tissue = Material {
        damping: 0.0,
        ..tissue
    };
    world.add_soft_body(&mesh, &[tissue], &[]).unwrap();
    let shape = ToolShape::Box {
        half_extents: [0.009, 0.007, 0.005],
        rounding: 0.0,
    };
    let pose = |tick: i32| Pose {
        position: [0.021, 0.019, 0.048 - 0.2e-3 * f64::from(tick)],
        orientation: turn([0.6, 0.8, 0.0], 0.3),
    };
    let tool = world.add_tool(shape, pose(0), 0.2).unwrap();
    let mut felt = NONE;
    for tick in 1..=60 {
        world.pose_tool(tool, pose(tick));
        world.step();
        for i in 0..3 {
            felt[i] += world.tool(tool).force[i] * world.dt();
        }
    }
    let momentum = world.body(0).momentum();
    println!("momentum {momentum:.7?}, impulse {felt:.7?}");
    for i in 0..3 {
        assert!((momentum[i] + felt[i]).abs() < 1e-3 * felt[2].abs());
    }
}

/// Dragged, turned and thrust, twice, to the bit.
#[test]
fn same_inputs_same_bits() {
    let run = || {
        let (mut world, _) = slab([8, 7, 3]);
        let tools: Vec<_> = all_kinds()
            .into_iter()
            .enumerate()
            .map(|(i, (_, height, add))| {
                let x = 0.008 * i as f64 - 0.016;
                let pose = Pose::from([x, 0.002 * i as f64, height]);
                (add(&mut world, pose, 0.3), pose)
            })
            .collect();
        for tick in 1..=120 {
            let t = f64::from(tick) / 120.0;
            for (tool, mut pose) in tools.clone() {
                pose.position[2] -= 0.006 * (9.0 * t).sin();
                pose.orientation = turn([0.8, 0.0, 0.6], 2.0 * t);
                world.pose_tool(tool, pose);
            }
            world.step();
        }
        world.digest()
    };
    assert_eq!(run(), run());
}
