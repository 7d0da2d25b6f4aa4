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

/// A block below z = 0, cells growing from the middle of its top outwards.
fn half_space(cells: usize) -> TetMesh {
    let block = TetMesh::boxed([2.0, 2.0, 1.0], [cells, cells, cells / 2]).unwrap();
    let grow = |t: f64| HALF * t * (0.35 + 0.65 * t * t);
    let points = block
        .points()
        .iter()
        .map(|p| [grow(p[0] - 1.0), grow(p[1] - 1.0), -grow(1.0 - p[2])]);
    TetMesh::new(&points.collect::<Vec<_>>(), block.tetrahedra()).unwrap()
}

/// The half space, its far sides displaced as a force `expected` at its middle would.
fn far_held(mesh: &TetMesh, expected: f64) -> World {
    let far = |p: Vec3| p[2] < 1e-6 - HALF || p[0].abs().max(p[1].abs()) > HALF - 1e-6;
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

/// A frictionless flat punch on a half space: F = 2 a E* d (circle, radius a); for a square of side s,
/// by the capacity of a square plate (Read 1997), F = 0.3667874 pi s E* d.
#[test]
fn flat_punches_are_as_stiff_as_theory_says() {
    let (a, depth) = (0.005, 0.0001);
    let square = 0.366_787_4 * PI * 2.0 * a * plane_modulus() * depth;
    let circle = 2.0 * a * plane_modulus() * depth;
    for cells in [16, 24] {
        let mesh = half_space(cells);
        let press = |expected: f64, add: &dyn Fn(&mut World, Pose) -> usize| {
            let mut world = far_held(&mesh, expected);
            let tool = add(&mut world, Pose::from([0.0, 0.0, 0.002 - depth]));
            let sweeps = world.settle(1e-5, 20.0).unwrap();
            println!(
                "{sweeps} sweeps, {} contacts",
                world.tool(tool).contact_count
            );
            world.tool(tool).force
        };
        let half_extents = [a, a, 0.002];
        let shape = ToolShape::Box {
            half_extents,
            rounding: 0.0,
        };
        let of_box = press(square, &|w, pose| w.add_tool(shape, pose, 0.0).unwrap());
        let (points, triangles) = box_mesh(half_extents);
        let of_mesh = press(square, &|w, pose| {
            w.add_mesh_tool(&points, &triangles, 0.0, pose, 0.0)
                .unwrap()
        });
        let (points, triangles) = cylinder(a, 0.002, 48);
        let of_cylinder = press(circle, &|w, pose| {
            w.add_mesh_tool(&points, &triangles, 0.0, pose, 0.0)
                .unwrap()
        });
        println!("{cells} cells");
        assert_close("square punch, box", of_box[2], square, 0.06);
        assert_close("square punch, mesh", of_mesh[2], of_box[2], 1e-3);
        assert_close("circular punch", of_cylinder[2], circle, 0.06);
    }
}
