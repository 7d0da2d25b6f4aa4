//! The peer that `benches/peers.rs` measures is a sound solver, not a straw man.

mod common;
#[path = "../benches/twin/mod.rs"]
mod twin;

use common::{Vec3, assert_close, nearest, select};
use softbody::{Material, TetMesh, World};
use twin::Twin;

/// Far below the strains at which any law bends.
const TINY: f64 = 1e-6;

fn tissue(poisson_ratio: f64) -> Material {
    Material::soft(5e3, poisson_ratio, 1060.0)
}

/// A box whose inner nodes are off their places by up to a fifth of a cell.
fn irregular(cells: usize) -> TetMesh {
    let even = TetMesh::boxed([0.1; 3], [cells; 3]).unwrap();
    let inner = |p: &Vec3| p.iter().all(|x| *x > 1e-9 && *x < 0.1 - 1e-9);
    let points: Vec<Vec3> = even
        .points()
        .iter()
        .enumerate()
        .map(|(n, p)| {
            let off = |i: usize| 0.2 * 0.1 / cells as f64 * (7.0 * n as f64 + i as f64).sin();
            if inner(p) {
                [0, 1, 2].map(|i| p[i] + off(i))
            } else {
                *p
            }
        })
        .collect();
    TetMesh::new(&points, even.tetrahedra()).unwrap()
}

fn boundary(mesh: &TetMesh) -> Vec<u32> {
    let mut nodes: Vec<u32> = mesh.surface().triangles.iter().flatten().copied().collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

fn pull(forces: &[Vec3], mesh: &TetMesh) -> f64 {
    let top = select(mesh, |p| p[2] == 0.1);
    top.iter().map(|n| -forces[*n as usize][2]).sum()
}

/// Stretched by `TINY` along z, narrowed by nu `TINY`: pulls with E `TINY` on every unit of area.
#[test]
fn patch_test_of_stretching() {
    let mesh = irregular(4);
    let nu = 0.3;
    let strain = [-nu * TINY, -nu * TINY, TINY];
    let placed = |p: &Vec3| [0, 1, 2].map(|i| p[i] * (1.0 + strain[i]));
    let outside = boundary(&mesh);
    let mut twin = Twin::new(&mesh, &tissue(nu), &outside, 0.02);
    for &n in &outside {
        twin.x[n as usize] = placed(&mesh.points()[n as usize]);
    }
    twin.settle(1.0, 1e-14, 20).expect("settles");
    let far = twin.x.iter().zip(mesh.points()).map(|(x, p)| {
        let p = placed(p);
        (0..3).fold(0.0, |far: f64, i| far.max((x[i] - p[i]).abs()))
    });
    let far = far.fold(0.0, f64::max);
    println!(
        "farthest from the linear field: {far:.1e} m of {:.1e} m",
        0.1 * TINY
    );
    assert!(far < 1e-5 * 0.1 * TINY, "{far}");
    assert_close(
        "pull, N",
        pull(twin.forces(), &mesh),
        5e3 * TINY * 0.01,
        1e-5,
    );
}

/// Both solvers are linear elasticity where strains are small and uniform.
#[test]
fn pulls_like_softbody_where_both_are_exact() {
    let (mesh, nu, strain) = (TetMesh::boxed([0.1; 3], [4; 3]).unwrap(), 0.3, 1e-3);
    let ends = select(&mesh, |p| p[2] == 0.0 || p[2] == 0.1);
    let moved = |p: Vec3| [-nu * strain * p[0], -nu * strain * p[1], strain * p[2]];
    let mut twin = Twin::new(&mesh, &tissue(nu), &ends, 0.02);
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    world.add_soft_body(&mesh, &[tissue(nu)], &ends).unwrap();
    let displacements: Vec<Vec3> = ends
        .iter()
        .map(|n| moved(mesh.points()[*n as usize]))
        .collect();
    for (&n, u) in ends.iter().zip(&displacements) {
        (0..3).for_each(|i| twin.x[n as usize][i] += u[i]);
    }
    world.body_mut(0).prescribe(&ends, &displacements).unwrap();
    world.settle(1e-6, 60.0).unwrap();
    twin.settle(1.0, 1e-13, 20).expect("settles");
    let top = select(&mesh, |p| p[2] == 0.1);
    let ours: f64 = world.reaction(0, &top).unwrap().iter().map(|f| f[2]).sum();
    assert_close("pull, N", pull(twin.forces(), &mesh), ours.abs(), 5e-3);
}

/// K u = f of linear elasticity, assembled from B^T C B with Voigt's six strains and solved by
/// elimination: the textbook, sharing nothing with the twin.
fn textbook(mesh: &TetMesh, material: &Material, fixed: &[u32], load: Vec3) -> Vec<f64> {
    let (p, n) = (mesh.points(), 3 * mesh.points().len());
    let (mu, lambda) = (material.mu(), material.lambda());
    let mut k = vec![vec![0.0; n + 1]; n]; // the last column is f
    for t in mesh.tetrahedra() {
        let e = |i: usize, j: usize| p[t[i] as usize][j] - p[t[0] as usize][j];
        let minor = |a: usize, b: usize, i: usize, j: usize| e(a, i) * e(b, j) - e(a, j) * e(b, i);
        let cofactors = |a, b| [minor(a, b, 1, 2), minor(a, b, 2, 0), minor(a, b, 0, 1)];
        let c = [cofactors(2, 3), cofactors(3, 1), cofactors(1, 2)];
        let six_v: f64 = (0..3).map(|j| e(1, j) * c[0][j]).sum();
        let grads = [1, 2, 3].map(|a: usize| c[a - 1].map(|x| x / six_v));
        let first = [0, 1, 2].map(|j| -grads[0][j] - grads[1][j] - grads[2][j]);
        let g = [first, grads[0], grads[1], grads[2]];
        let strain = |a: usize, i: usize| -> [f64; 6] {
            let mut s = [0.0; 6];
            s[i] = g[a][i];
            for (row, (x, y)) in [(0, 1), (1, 2), (2, 0)].into_iter().enumerate() {
                if i == x {
                    s[3 + row] = g[a][y];
                } else if i == y {
                    s[3 + row] = g[a][x];
                }
            }
            s
        };
        for a in 0..12 {
            let sa = strain(a / 3, a % 3);
            k[3 * t[a / 3] as usize + a % 3][n] += material.density * six_v / 24.0 * load[a % 3];
            for b in 0..12 {
                let sb = strain(b / 3, b % 3);
                let trace = (sa[0] + sa[1] + sa[2]) * (sb[0] + sb[1] + sb[2]);
                let normal: f64 = (0..3).map(|i| 2.0 * mu * sa[i] * sb[i]).sum();
                let shear: f64 = (3..6).map(|i| mu * sa[i] * sb[i]).sum();
                k[3 * t[a / 3] as usize + a % 3][3 * t[b / 3] as usize + b % 3] +=
                    six_v / 6.0 * (lambda * trace + normal + shear);
            }
        }
    }
    for row in fixed
        .iter()
        .flat_map(|f| [0, 1, 2].map(|i| 3 * *f as usize + i))
    {
        k.iter_mut().for_each(|r| r[row] = 0.0);
        k[row].fill(0.0);
        k[row][row] = 1.0;
    }
    for i in 0..n {
        let pivot = k[i].clone();
        for row in &mut k[i + 1..] {
            let factor = row[i] / pivot[i];
            if factor != 0.0 {
                (i..=n).for_each(|j| row[j] -= factor * pivot[j]);
            }
        }
    }
    let mut u = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| k[i][j] * u[j]).sum();
        u[i] = (k[i][n] - known) / k[i][i];
    }
    u
}

#[test]
fn small_sag_of_a_beam_is_the_textbook_s() {
    let mesh = TetMesh::boxed([0.1, 0.02, 0.02], [10, 2, 2]).unwrap();
    let fixed = select(&mesh, |p| p[0] == 0.0);
    let load = [0.0, 0.0, -1e-4]; // weak enough that the beam stays straight
    let end = nearest(&mesh, [0.1, 0.01, 0.01]) as usize;
    for nu in [0.3, 0.45] {
        let u = textbook(&mesh, &tissue(nu), &fixed, load);
        let mut twin = Twin::new(&mesh, &tissue(nu), &fixed, 0.02);
        twin.gravity = load;
        twin.settle(1.0, 1e-14, 50).expect("settles");
        let sag = twin.x[end][2] - mesh.points()[end][2];
        assert_close("sag, m", sag, u[3 * end + 2], 1e-4);
    }
}

#[test]
fn forces_turn_with_the_body() {
    let mesh = irregular(3);
    let mut twin = Twin::new(&mesh, &tissue(0.45), &[], 0.02);
    let turned = |p: Vec3| [0.6 * p[0] - 0.8 * p[1], 0.8 * p[0] + 0.6 * p[1], p[2]];
    let deformed = |p: Vec3| [p[0] * (1.0 + p[1]), p[1] + 0.3 * p[2], p[2] * (1.0 - p[0])];
    twin.x = mesh.points().iter().map(|p| turned(*p)).collect();
    let still = twin
        .forces()
        .iter()
        .flatten()
        .fold(0.0, |a: f64, f| a.max(f.abs()));
    assert!(still < 1e-12, "a turned body bears {still} N");
    twin.x = mesh.points().iter().map(|p| deformed(*p)).collect();
    let before: Vec<Vec3> = twin.forces().iter().map(|f| turned(*f)).collect();
    twin.x = mesh.points().iter().map(|p| turned(deformed(*p))).collect();
    let off = twin.forces().iter().zip(&before);
    let off = off.flat_map(|(a, b)| (0..3).map(|i| (a[i] - b[i]).abs()).collect::<Vec<_>>());
    let largest = before
        .iter()
        .flatten()
        .fold(0.0, |a: f64, f| a.max(f.abs()));
    assert!(off.fold(0.0, f64::max) < 1e-12 * largest);
}

/// The sphere feels after 25 iterations a tick what it feels after 400, and at SOFA's tolerance.
/// At rest the supports bear it.
#[test]
fn twenty_five_iterations_are_enough() {
    let mesh = TetMesh::boxed([0.1; 3], [6; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let pressed = |iterations: usize, tolerance: f64| {
        let mut twin = Twin::new(&mesh, &tissue(0.45), &bottom, 0.02);
        (twin.iterations, twin.tolerance) = (iterations, tolerance);
        let (mut left, mut most): (f64, _) = (0.0, 0);
        for tick in 1..=150 {
            twin.sphere.centre = [0.04, 0.05, 0.12 - 1e-4 * f64::from(tick)];
            let solved = twin.step(1e-3);
            (left, most) = (left.max(solved.left), most.max(solved.iterations));
        }
        twin.forces();
        let force = twin.sphere.force()[2];
        println!("{most} iterations leave {left:.1e}: {force} N");
        twin
    };
    let [mut twin, well, early] = [(25, 0.0), (400, 0.0), (25, 1e-5)].map(|(n, t)| pressed(n, t));
    let force = well.sphere.force()[2];
    assert_close("push after 25, N", twin.sphere.force()[2], force, 1e-6);
    assert_close("push at 1e-5, N", early.sphere.force()[2], force, 1e-4);
    let ticks = twin.settle(0.02, 1e-6, 200);
    println!("{ticks:?} ticks to rest");
    let borne: f64 = bottom.iter().map(|n| twin.forces()[*n as usize][2]).sum();
    assert_close("borne below, N", -borne, twin.sphere.force()[2], 1e-3);
}

/// A shallow press is Hertz's: F = 4/3 E/(1 - nu^2) R^(1/2) d^(3/2).
#[test]
fn a_shallow_press_is_hertz_s() {
    let (nu, radius, depth): (f64, f64, f64) = (0.3, 0.02, 5e-3);
    let mesh = TetMesh::boxed([0.1; 3], [12; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut twin = Twin::new(&mesh, &tissue(nu), &bottom, radius);
    twin.sphere.centre = [0.05, 0.05, 0.1 + radius - depth];
    twin.settle(0.02, 1e-5, 60).expect("settles");
    twin.forces();
    let hertz = 4.0 / 3.0 * 5e3 / (1.0 - nu * nu) * radius.sqrt() * depth.powf(1.5);
    assert_close("push, N", twin.sphere.force()[2], hertz, 0.12);
}

/// Both ways to keep elements are one solver.
#[test]
fn matrices_and_lean_elements_agree() {
    let mesh = irregular(4);
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let pressed = |with_matrices| {
        let mut twin = Twin::new(&mesh, &tissue(0.45), &bottom, 0.02);
        twin.with_matrices = with_matrices;
        for tick in 0..40 {
            twin.sphere.centre = [0.05, 0.05, 0.12 - 2e-4 * f64::from(tick)];
            twin.step(1e-3);
        }
        twin.x
    };
    let (lean, matrices) = (pressed(false), pressed(true));
    let differences = lean.iter().flatten().zip(matrices.iter().flatten());
    let largest = differences.fold(0.0, |a: f64, (x, y)| a.max((x - y).abs()));
    println!("largest difference {largest:.1e} m");
    assert!(largest < 1e-12);
}
