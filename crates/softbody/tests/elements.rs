//! The element code against its slow twin, and the exactness that it owes.

mod common;
mod oracle;

use common::{Vec3, select};
use oracle::Oracle;
use softbody::{Averaging, Law, Material, TetMesh, World};

const LAWS: [Law; 3] = [
    Law::StableNeoHookean,
    Law::NeoHookean,
    Law::MooneyRivlin { ratio: 0.4 },
];

const AVERAGINGS: [Averaging; 2] = [Averaging::Strain, Averaging::Pressure];

fn material(law: Law, young_modulus: f64, poisson_ratio: f64) -> Material {
    Material {
        law,
        ..Material::soft(young_modulus, poisson_ratio, 1060.0)
    }
}

/// A number in [-1, 1] that depends on its arguments in no simple way.
fn scatter(n: usize, axis: usize) -> f64 {
    let x = (12.9898 * n as f64 + 78.233 * axis as f64 + 1.0).sin() * 43758.5453;
    2.0 * (x - x.floor()) - 1.0
}

/// A box whose inner nodes are off their lattice by up to `share` of a cell.
fn irregular(size: Vec3, cells: [usize; 3], share: f64) -> TetMesh {
    let regular = TetMesh::boxed(size, cells).unwrap();
    let inside = |p: Vec3| (0..3).all(|i| p[i] > 0.0 && p[i] < size[i]);
    let shift = |(n, p): (usize, &Vec3)| {
        let off = |i: usize| share * size[i] / cells[i] as f64 * scatter(n, i);
        if inside(*p) {
            [p[0] + off(0), p[1] + off(1), p[2] + off(2)]
        } else {
            *p
        }
    };
    let points: Vec<Vec3> = regular.points().iter().enumerate().map(shift).collect();
    TetMesh::new(&points, regular.tetrahedra()).unwrap()
}

/// A world with all nodes of `mesh` held at `u`; returns minus the reactions: elastic forces.
fn forces(
    mesh: &TetMesh,
    materials: &[Material],
    averaging: Averaging,
    u: &[Vec3],
) -> (World, Vec<Vec3>) {
    let all: Vec<u32> = (0..mesh.points().len() as u32).collect();
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    world
        .add_soft_body_with(mesh, materials, &all, averaging)
        .unwrap();
    world.body_mut(0).prescribe(&all, u).unwrap();
    world.step(); // brings them there,
    world.step(); // measures the bound there
    let reactions = world.reaction(0, &all).unwrap();
    (world, reactions.iter().map(|r| r.map(|x| -x)).collect())
}

fn compare(what: &str, mesh: &TetMesh, materials: Vec<Material>, averaging: Averaging, size: f64) {
    let u: Vec<Vec3> = (0..mesh.points().len())
        .map(|n| [0, 1, 2].map(|i| size * scatter(n + 99, i)))
        .collect();
    // what the fast code sees is rounded to f32
    let u: Vec<Vec3> = u.iter().map(|u| u.map(|x| f64::from(x as f32))).collect();
    let (_, fast) = forces(mesh, &materials, averaging, &u);
    let oracle = Oracle {
        rest: mesh.points().to_vec(),
        tetrahedra: mesh.tetrahedra().to_vec(),
        materials,
        averaging,
    };
    let slow = oracle.forces(&u, 1e-7);
    let largest = slow.iter().flatten().fold(0.0, |a: f64, x| a.max(x.abs()));
    let pairs = fast.iter().flatten().zip(slow.iter().flatten());
    let worst = pairs.fold(0.0, |a: f64, (x, y)| a.max((x - y).abs()));
    println!(
        "{what}, {averaging:?}: largest force {largest:.4} N, worst difference {:.1e} of it",
        worst / largest
    );
    assert!(worst < 2e-5 * largest, "{what}: {worst} of {largest}");
}

#[test]
fn forces_are_the_slope_of_the_energy() {
    let mesh = irregular([0.05, 0.04, 0.03], [3, 2, 2], 0.2);
    let count = mesh.tetrahedra().len();
    for averaging in AVERAGINGS {
        for law in LAWS {
            for nu in [0.3, 0.49] {
                let what = format!("{law:?} nu {nu}");
                let materials = vec![material(law, 5e3, nu); count];
                compare(&what, &mesh, materials, averaging, 1.5e-3);
            }
        }
        let mixed = |t: usize| {
            let young_modulus = if t.is_multiple_of(3) { 5e4 } else { 5e3 };
            material(LAWS[t % 3], young_modulus, 0.45)
        };
        let what = "mixed laws and stiffnesses";
        let materials = (0..count).map(mixed).collect();
        compare(what, &mesh, materials, averaging, 1.5e-3);
    }
}

/// The energy that the world reports is the oracle's.
#[test]
fn energies_agree() {
    let mesh = irregular([0.05, 0.04, 0.03], [3, 2, 2], 0.2);
    let count = mesh.tetrahedra().len();
    let u: Vec<Vec3> = (0..mesh.points().len())
        .map(|n| [0, 1, 2].map(|i| f64::from((1.5e-3 * scatter(n + 99, i)) as f32)))
        .collect();
    for averaging in AVERAGINGS {
        let mixed = |t: usize| material(LAWS[t % 3], 5e3 + 100.0 * (t % 7) as f64, 0.45);
        let materials: Vec<Material> = (0..count).map(mixed).collect();
        let (world, _) = forces(&mesh, &materials, averaging, &u);
        let oracle = Oracle {
            rest: mesh.points().to_vec(),
            tetrahedra: mesh.tetrahedra().to_vec(),
            materials,
            averaging,
        };
        let (fast, slow) = (world.body(0).energy([0.0; 3]).elastic, oracle.energy(&u));
        println!("{averaging:?}: {fast:.6e} and {slow:.6e} J");
        assert!((fast / slow - 1.0).abs() < 1e-6); // mean C of f32 positions
    }
}

/// Largest w^2 h^2 where every node carries exactly the floor's mass, m = h^2 k with h = 1 s.
fn stability(mesh: &TetMesh, materials: Vec<Material>, averaging: Averaging, size: f64) -> f64 {
    let u: Vec<Vec3> = (0..mesh.points().len())
        .map(|n| [0, 1, 2].map(|i| size * scatter(n + 7, i)))
        .collect();
    let (world, _) = forces(mesh, &materials, averaging, &u);
    let m: Vec<f64> = world
        .body(0)
        .stiffness_bounds()
        .iter()
        .map(|k| f64::from(*k))
        .collect();
    let oracle = Oracle {
        rest: mesh.points().to_vec(),
        tetrahedra: mesh.tetrahedra().to_vec(),
        materials,
        averaging,
    };
    oracle.largest_eigenvalue(&u, &m, 40)
}

/// Symplectic Euler is stable up to w^2 h^2 = 4.
#[test]
fn the_stiffness_bound_bounds() {
    let corners = [
        [0.0; 3],
        [0.01, 0.01, 0.0],
        [0.01, 0.0, 0.01],
        [0.0, 0.01, 0.01],
    ];
    let meshes = [
        (
            "one regular tetrahedron",
            TetMesh::new(&corners, &[[0, 1, 2, 3]]).unwrap(),
        ),
        (
            "one cell",
            TetMesh::boxed([0.03, 0.03, 0.02], [1, 1, 1]).unwrap(),
        ),
        ("irregular", irregular([0.03, 0.03, 0.03], [2, 2, 2], 0.3)),
    ];
    for (name, mesh) in meshes {
        for law in LAWS {
            for (nu, size) in [(0.3, 0.0), (0.49, 0.0), (0.45, 1.5e-3)] {
                for averaging in AVERAGINGS {
                    let materials = vec![material(law, 5e3, nu); mesh.tetrahedra().len()];
                    let square = stability(&mesh, materials, averaging, size);
                    println!(
                        "{name}, {law:?}, nu {nu}, {averaging:?}, off by {size} m: \
                         w^2 h^2 = {square:.3} <= 4"
                    );
                    assert!(square > 0.4 && square <= 4.0);
                }
            }
        }
    }
}

/// An element feels its stiff neighbours through the pressure of the nodes that they share.
#[test]
fn the_stiffness_bound_bounds_beside_stiff_neighbours() {
    let mesh = irregular([0.03, 0.03, 0.03], [3, 3, 3], 0.2);
    for law in LAWS {
        for every in [5, 10] {
            let stiff = |t: usize| if t.is_multiple_of(every) { 5e6 } else { 5e3 };
            let count = mesh.tetrahedra().len();
            for averaging in AVERAGINGS {
                let materials = (0..count).map(|t| material(law, stiff(t), 0.49)).collect();
                let square = stability(&mesh, materials, averaging, 0.0);
                println!(
                    "{law:?}, {averaging:?}, every {every}th 1000 times stiffer: \
                     w^2 h^2 = {square:.3} <= 4"
                );
                assert!(square > 0.4 && square <= 4.0);
            }
        }
    }
}

/// Inner nodes of an irregular mesh follow an affine boundary, and the stress is uniform.
#[test]
fn patch_test() {
    let size = [0.05, 0.04, 0.03];
    let mesh = irregular(size, [5, 4, 3], 0.2);
    let boundary = select(&mesh, |p| (0..3).any(|i| p[i] == 0.0 || p[i] == size[i]));
    let h = [[0.15, 0.04, 0.02], [-0.03, -0.08, 0.05], [0.01, 0.06, 0.10]];
    let affine = |p: Vec3| [0, 1, 2].map(|i| (0..3).map(|j| h[i][j] * p[j]).sum::<f64>());
    for law in LAWS {
        let mut world = World::new(1e-3, [0.0; 3]).unwrap();
        world
            .add_soft_body(&mesh, &[material(law, 5e3, 0.45)], &boundary)
            .unwrap();
        let u: Vec<Vec3> = boundary
            .iter()
            .map(|n| affine(mesh.points()[*n as usize]))
            .collect();
        world.body_mut(0).prescribe(&boundary, &u).unwrap();
        world.settle(1e-8, 20.0).unwrap();
        let off = |n: u32| {
            let (u, a) = (
                world.body(0).displacement(n),
                affine(mesh.points()[n as usize]),
            );
            (0..3).map(|i| (u[i] - a[i]).abs()).fold(0.0, f64::max)
        };
        let worst = (0..mesh.points().len() as u32).map(off).fold(0.0, f64::max);
        println!("patch {law:?}: worst node {worst:.1e} m off the affine map");
        assert!(worst < 2e-9, "{worst}");
        uniform_traction(&mut world, &mesh, law, h, size);
    }
}

/// Total forces on the faces x = 0 and x = L must be P N A with the P of the law, by differences
/// of its energy density.
fn uniform_traction(world: &mut World, mesh: &TetMesh, law: Law, h: [[f64; 3]; 3], size: Vec3) {
    let m = material(law, 5e3, 0.45);
    let (mu, lambda) = (m.mu(), m.lambda());
    let psi = |f: [[f64; 3]; 3]| {
        let i_c: f64 = f.iter().flatten().map(|x| x * x).sum();
        let minor = |a: usize, b: usize| f[1][a] * f[2][b] - f[1][b] * f[2][a];
        let j = f[0][0] * minor(1, 2) - f[0][1] * minor(0, 2) + f[0][2] * minor(0, 1);
        match law {
            Law::StableNeoHookean => {
                0.5 * mu * (i_c - 3.0) - mu * (j - 1.0) + 0.5 * (lambda + mu) * (j - 1.0).powi(2)
            }
            Law::NeoHookean => 0.5 * mu * (i_c - 3.0) - mu * j.ln() + 0.5 * lambda * j.ln().powi(2),
            Law::MooneyRivlin { ratio: r } => {
                let c = |a: usize, b: usize| (0..3).map(|k| f[k][a] * f[k][b]).sum::<f64>();
                let square: f64 = (0..9).map(|i| c(i / 3, i % 3).powi(2)).sum();
                let second = 0.5 * (i_c * i_c - square);
                0.5 * mu * ((1.0 - r) * (i_c - 3.0) + r * (second - 3.0)) - mu * (1.0 + r) * j.ln()
                    + 0.5 * (lambda - 2.0 * r * mu) * j.ln().powi(2)
            }
        }
    };
    let stress = |i: usize, j: usize| {
        let at = |d: f64| {
            let mut f = h;
            (0..3).for_each(|k| f[k][k] += 1.0);
            f[i][j] += d;
            psi(f)
        };
        (at(1e-6) - at(-1e-6)) / 2e-6
    };
    let left = select(mesh, |p| p[0] == 0.0);
    let right = select(mesh, |p| p[0] == size[0]);
    let total = |world: &mut World, nodes: &[u32]| {
        let r = world.reaction(0, nodes).unwrap();
        [0, 1, 2].map(|i| r.iter().map(|r| r[i]).sum::<f64>())
    };
    // The edges also carry the tractions of the four other faces, which cancel in each sum because
    // opposite faces have opposite normals.
    let (a, b) = (total(world, &left), total(world, &right));
    for i in 0..3 {
        let pull = 0.5 * (b[i] - a[i]);
        let truth = stress(i, 0) * size[1] * size[2];
        println!("traction {i} {law:?}: {pull:.6} against {truth:.6} N");
        assert!((pull - truth).abs() < 1e-5 * stress(0, 0) * size[1] * size[2]);
    }
}
