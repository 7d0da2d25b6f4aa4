//! The strain of the surface is that of the tissue, whatever the mesh.

mod common;

use common::{assert_close, select};
use softbody::{Material, TetMesh, World};

const NONE: [f64; 3] = [0.0; 3];
const REACH: f64 = 0.010;

/// A body all of whose nodes sit where `displacement` has them.
fn displaced(mesh: &TetMesh, displacement: impl Fn([f64; 3]) -> [f64; 3]) -> World {
    let mut world = World::new(1e-3, NONE).unwrap();
    let nodes = select(mesh, |_| true);
    world
        .add_soft_body(mesh, &[Material::soft(5e3, 0.45, 1060.0)], &nodes)
        .unwrap();
    let moved: Vec<_> = mesh.points().iter().map(|p| displacement(*p)).collect();
    world.body_mut(0).prescribe(&nodes, &moved).unwrap();
    world.step();
    world
}

/// A block whose inner nodes lie by up to `share` of an edge beside their lattice.
fn jittered(divisions: [usize; 3], size: [f64; 3], share: f64, seed: u64) -> TetMesh {
    let block = TetMesh::boxed(size, divisions).unwrap();
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1 << 24) - 0.5
    };
    let mut beside = |p: &[f64; 3]| {
        let mut moved = *p;
        for i in 0..3 {
            let by = 2.0 * share * next() * size[i] / divisions[i] as f64;
            if p[i] > 1e-9 && p[i] < size[i] - 1e-9 {
                moved[i] += by;
            }
        }
        moved
    };
    let points: Vec<_> = block.points().iter().map(&mut beside).collect();
    TetMesh::new(&points, block.tetrahedra()).unwrap()
}

fn centre(world: &World, triangle: u32) -> [f64; 3] {
    let nodes = world.body(0).surface().triangles[triangle as usize];
    let corners = nodes.map(|n| world.body(0).rest_position(n));
    [0, 1, 2].map(|i| corners.iter().map(|p| p[i]).sum::<f64>() / 3.0)
}

#[test]
fn an_even_stretch_is_shown_by_every_triangle() {
    let mesh = jittered([6, 6, 3], [0.06, 0.06, 0.03], 0.25, 1);
    // In each face of the block, the root of the larger eigenvalue of its part of C = F^T F.
    let f = [[1.25, 0.10, 0.0], [0.0, 0.90, 0.05], [0.0, 0.0, 1.10]];
    let world = displaced(&mesh, |p| {
        [0, 1, 2].map(|i| (0..3).map(|j| f[i][j] * p[j]).sum::<f64>() - p[i])
    });
    let c = |a: usize, b: usize| (0..3).map(|i| f[i][a] * f[i][b]).sum::<f64>();
    let size = [0.06, 0.06, 0.03];
    let mut seen = [0; 3];
    for triangle in 0..world.body(0).surface().triangles.len() as u32 {
        let middle = centre(&world, triangle);
        let across = (0..3).find(|i| middle[*i] < 1e-9 || (middle[*i] - size[*i]).abs() < 1e-9);
        let across = across.unwrap();
        let (a, b) = ((across + 1) % 3, (across + 2) % 3);
        let half = 0.5 * (c(a, a) + c(b, b));
        let apart = (0.25 * (c(a, a) - c(b, b)).powi(2) + c(a, b).powi(2)).sqrt();
        let strain = world.body(0).surface_strain(triangle);
        let truth = (half + apart).sqrt() - 1.0;
        assert!((strain - truth).abs() < 1e-5, "{strain} beside {truth}");
        seen[across] += 1;
    }
    assert!(seen.iter().all(|n| *n > 30));
}

/// A dimple u_z = -d exp(-r^2 / 2 s^2).
const DEPTH: f64 = 0.006;
const WIDTH: f64 = 0.006;
const MIDDLE: [f64; 2] = [0.0301, 0.0297];

fn dimple(p: [f64; 3]) -> [f64; 3] {
    let r2 = (p[0] - MIDDLE[0]).powi(2) + (p[1] - MIDDLE[1]).powi(2);
    [0.0, 0.0, -DEPTH * (-0.5 * r2 / (WIDTH * WIDTH)).exp()]
}

/// The strain at x by quadrature: C = I + grad u grad u^T under the bell.
fn quadrature(x: [f64; 2]) -> f64 {
    let n = 200;
    let (mut c, mut weights) = ([0.0; 3], 0.0);
    for i in 0..n {
        for j in 0..n {
            let at = |k: usize| REACH * ((2 * k + 1) as f64 / n as f64 - 1.0);
            let (dx, dy) = (at(i), at(j));
            let w = (1.0 - (dx * dx + dy * dy) / (REACH * REACH))
                .max(0.0)
                .powi(2);
            let q = [x[0] + dx - MIDDLE[0], x[1] + dy - MIDDLE[1]];
            let u = dimple([x[0] + dx, x[1] + dy, 0.0])[2];
            let slope = q.map(|q| -q / (WIDTH * WIDTH) * u);
            let here = [
                slope[0] * slope[0],
                slope[1] * slope[1],
                slope[0] * slope[1],
            ];
            (0..3).for_each(|k| c[k] += w * here[k]);
            weights += w;
        }
    }
    let [a, b, s] = c.map(|c| c / weights);
    (1.0 + 0.5 * (a + b) + (0.25 * (a - b).powi(2) + s * s).sqrt()).sqrt() - 1.0
}

#[test]
fn a_fine_mesh_shows_the_mean_under_the_bell() {
    let mesh = jittered([40, 40, 2], [0.06, 0.06, 0.01], 0.2, 2);
    let world = displaced(&mesh, dimple);
    let mut seen = 0;
    for triangle in 0..world.body(0).surface().triangles.len() as u32 {
        let x = centre(&world, triangle);
        let near = (0..2).all(|i| (x[i] - MIDDLE[i]).abs() < 0.008);
        if x[2] > 0.0099 && near {
            let truth = quadrature([x[0], x[1]]);
            assert_close(
                "strain",
                world.body(0).surface_strain(triangle),
                truth,
                0.05,
            );
            seen += 1;
        }
    }
    assert!(seen > 100);
}

/// The strain of one triangle, from the lengths of its edges before and after (Heron's metric).
fn alone(world: &World, triangle: u32) -> f64 {
    let nodes = world.body(0).surface().triangles[triangle as usize];
    let sub = |a: [f64; 3], b: [f64; 3]| [0, 1, 2].map(|i| a[i] - b[i]);
    let dot = |a: [f64; 3], b: [f64; 3]| (0..3).map(|i| a[i] * b[i]).sum::<f64>();
    let metric = |p: [[f64; 3]; 3]| {
        let (a, b) = (sub(p[1], p[0]), sub(p[2], p[0]));
        [dot(a, a), dot(a, b), dot(b, b)]
    };
    let [r11, r12, r22] = metric(nodes.map(|n| world.body(0).rest_position(n)));
    let [e11, e12, e22] = metric(nodes.map(|n| world.body(0).position(n)));
    // Eigenvalues of R^-1 e, which are those of C.
    let area = r11 * r22 - r12 * r12;
    let half = 0.5 * (r22 * e11 - 2.0 * r12 * e12 + r11 * e22) / area;
    let product = (e11 * e22 - e12 * e12) / area;
    (half + (half * half - product).max(0.0).sqrt()).sqrt() - 1.0
}

/// Meshes as coarse as an organ's: the largest strain there is hardly another where the mesh lies
/// otherwise, as that of single triangles is.
#[test]
fn the_strain_does_not_depend_on_how_a_coarse_mesh_lies() {
    let spread = |strain: fn(&World, u32) -> f64| {
        let most: Vec<f64> = (0..24)
            .map(|seed| {
                let mesh = jittered([8, 8, 2], [0.06, 0.06, 0.02], 0.3, seed);
                let world = displaced(&mesh, dimple);
                let triangles = 0..world.body(0).surface().triangles.len() as u32;
                let on_top = triangles.filter(|t| centre(&world, *t)[2] > 0.0199);
                on_top.map(|t| strain(&world, t)).fold(0.0, f64::max)
            })
            .collect();
        let mean = most.iter().sum::<f64>() / most.len() as f64;
        let high = most.iter().copied().fold(0.0, f64::max);
        println!("mean {mean:.3}, largest {high:.3}");
        (mean, high / mean - 1.0)
    };
    let (mean, own) = spread(|world, t| world.body(0).surface_strain(t));
    let (_, single) = spread(alone);
    let truth = (0..60)
        .map(|i| quadrature([MIDDLE[0] + 0.0002 * f64::from(i), MIDDLE[1]]))
        .fold(0.0, f64::max);
    println!("under the bell at most {truth:.3}");
    assert_close("mean of the largest", mean, truth, 0.15);
    assert!(own < 0.5 * single);
}

#[test]
fn the_two_faces_of_a_thin_edge_stay_apart() {
    let mesh = TetMesh::boxed([0.06, 0.06, 0.001], [12, 12, 1]).unwrap();
    // The upper face stretches, the lower one does not.
    let world = displaced(&mesh, |p| [0.3 * p[0] * p[2] / 0.001, 0.0, 0.0]);
    for triangle in 0..world.body(0).surface().triangles.len() as u32 {
        let z = centre(&world, triangle)[2];
        let strain = world.body(0).surface_strain(triangle);
        if z < 1e-9 {
            assert!(strain.abs() < 1e-5, "{strain} below");
        } else if z > 0.000_999 {
            assert!((strain - 0.3).abs() < 1e-5, "{strain} above");
        }
    }
}
