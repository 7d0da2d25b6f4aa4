//! Patterns without energy: where energy is taken from means, some motion might meet no force. The
//! stiffness of a small block is measured force by force, and its whole spectrum is looked at.

mod common;

use common::{Vec3, select};
use softbody::{Averaging, Material, TetMesh, World};

const CELLS: usize = 4;
const SIZE: f64 = 0.04;
const YOUNG: f64 = 5e3;
const DENSITY: f64 = 1060.0;
/// Share of the median eigenvalue below which one counts as zero; rounding leaves 1e-6.
const NOTHING: f64 = 1e-4;
/// At least this share of plain shear energy stays (`own` of the element).
const OWN: f64 = 0.4;

/// A block, settled under `gravity`, then with all nodes held, so that reactions are the forces of
/// any displacement.
struct Held {
    mesh: TetMesh,
    world: World,
    nodes: Vec<u32>,
    base: Vec<Vec3>,
}

impl Held {
    fn new(averaging: Averaging, poisson_ratio: f64, gravity: f64) -> Self {
        let mesh = TetMesh::boxed([SIZE; 3], [CELLS; 3]).unwrap();
        let material = Material::soft(YOUNG, poisson_ratio, DENSITY);
        let bottom = select(&mesh, |p| p[2] == 0.0);
        let mut world = World::new(1e-3, [0.0, 0.0, -gravity]).unwrap();
        world
            .add_soft_body_with(&mesh, &[material], &bottom, averaging)
            .unwrap();
        world.settle(1e-6, 60.0).unwrap();
        let nodes: Vec<u32> = (0..mesh.points().len() as u32).collect();
        let base = nodes.iter().map(|n| world.body(0).displacement(*n));
        Self {
            base: base.collect(),
            mesh,
            world,
            nodes,
        }
    }

    fn put(&mut self, field: &[Vec3]) {
        let body = self.world.body_mut(0);
        body.prescribe(&self.nodes, field).unwrap();
        self.world.step();
    }

    /// Stiffness (N/m) between all degrees of freedom of `nodes`, by central differences of 0.1 mm.
    fn stiffness(&mut self, nodes: &[u32]) -> Vec<Vec<f64>> {
        let step = 1e-4;
        let mut columns = Vec::new();
        for &node in nodes {
            for axis in 0..3 {
                let mut side = |way: f64| {
                    let mut field = self.base.clone();
                    field[node as usize][axis] += way;
                    self.put(&field);
                    self.world.reaction(0, nodes).unwrap()
                };
                let (plus, minus) = (side(step), side(-step));
                let slope =
                    |(p, m): (&Vec3, &Vec3)| [0, 1, 2].map(|i| (p[i] - m[i]) / (2.0 * step));
                columns.push(plus.iter().zip(&minus).flat_map(slope).collect());
            }
        }
        columns
    }

    /// Elastic energy, J, of displacements from rest.
    fn energy(&mut self, field: &[Vec3]) -> f64 {
        self.put(field);
        self.world.body(0).energy([0.0; 3]).elastic
    }
}

/// Largest |a_ij - a_ji| over the largest |a_ij|; takes the mean of both.
fn make_symmetric(a: &mut [Vec<f64>]) -> f64 {
    let (mut odd, mut most) = (0.0f64, 0.0f64);
    for i in 0..a.len() {
        for j in 0..=i {
            odd = odd.max((a[i][j] - a[j][i]).abs());
            most = most.max(a[i][j].abs());
            let mean = 0.5 * (a[i][j] + a[j][i]);
            (a[i][j], a[j][i]) = (mean, mean);
        }
    }
    odd / most
}

/// Eigenvalues of a symmetric matrix, ascending, by cyclic Jacobi rotations (Golub, Van Loan).
fn eigenvalues(mut a: Vec<Vec<f64>>) -> Vec<f64> {
    let n = a.len();
    let whole: f64 = a.iter().flatten().map(|x| x * x).sum();
    for _sweep in 0..30 {
        let off: f64 = (0..n)
            .map(|i| a[i][..i].iter().map(|x| x * x).sum::<f64>())
            .sum();
        if off < 1e-20 * whole {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, p, q);
            }
        }
    }
    let mut values: Vec<f64> = (0..n).map(|i| a[i][i]).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Makes a_pq zero; rows are kept whole, so that a row is one run of memory.
fn rotate(a: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    let (low, high) = a.split_at_mut(q);
    for (x, y) in low[p].iter_mut().zip(high[0].iter_mut()) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
}

/// Spectrum (N/m) of the free block, or of the settled one with its bottom held.
fn spectrum(averaging: Averaging, poisson_ratio: f64, gravity: Option<f64>) -> Vec<f64> {
    let mut held = Held::new(averaging, poisson_ratio, gravity.unwrap_or(0.0));
    let free = gravity.map_or_else(
        || held.nodes.clone(),
        |_| select(&held.mesh, |p| p[2] > 0.0),
    );
    let mut stiffness = held.stiffness(&free);
    let odd = make_symmetric(&mut stiffness);
    assert!(odd < 1e-3, "not symmetric by {odd}");
    eigenvalues(stiffness)
}

/// Both spectra; prints how many vanish and how they compare.
fn compare(poisson_ratio: f64, gravity: Option<f64>, rigid: usize) {
    let averaged = spectrum(Averaging::Strain, poisson_ratio, gravity);
    let plain = spectrum(Averaging::Pressure, poisson_ratio, gravity);
    let median = averaged[averaged.len() / 2];
    let zeros = averaged.iter().filter(|x| **x < NOTHING * median).count();
    let pairs = averaged[rigid..].iter().zip(&plain[rigid..]);
    let least = pairs.map(|(a, b)| a / b).fold(f64::INFINITY, f64::min);
    let first = averaged[rigid];
    println!(
        "nu {poisson_ratio}, gravity {gravity:?}: {zeros} of {} eigenvalues vanish (largest of them \
         {:.0e} of the median); the smallest elastic one is {:.4} of the median, {:.3} of that with \
         plain shear; least ratio of all {least:.3}",
        averaged.len(),
        averaged[..rigid]
            .iter()
            .map(|x| x.abs() / median)
            .fold(0.0, f64::max),
        first / median,
        first / plain[rigid]
    );
    assert_eq!(zeros, rigid);
    assert!(first > 0.3 * plain[rigid] && first > 10.0 * NOTHING * median);
    // Small strains: the energy is at least `own` of the plain one, so every eigenvalue is.
    assert!(least > if gravity.is_none() { 0.99 * OWN } else { 0.3 });
}

#[test]
fn only_the_six_rigid_motions_of_a_free_block_have_no_energy() {
    for poisson_ratio in [0.30, 0.45, 0.49] {
        compare(poisson_ratio, None, 6);
    }
}

#[test]
fn no_motion_of_a_settled_block_is_without_energy() {
    for gravity in [9.81, 40.0] {
        compare(0.45, Some(gravity), 0);
    }
}

/// Displacements +-+- from node to node, in every direction and along every set of axes, against smooth
/// fields of the same amplitude. Means around nodes see little of a +-+- volume, so near
/// incompressibility it is softer than a smooth compression; its shear has to be there.
#[test]
fn checkerboards_have_energy() {
    let amplitude = 0.05 * SIZE / CELLS as f64;
    for (averaging, poisson_ratio) in [
        (Averaging::Strain, 0.30),
        (Averaging::Strain, 0.45),
        (Averaging::Strain, 0.49),
        (Averaging::Pressure, 0.49),
    ] {
        let mut held = Held::new(averaging, poisson_ratio, 0.0);
        let points = held.mesh.points().to_vec();
        let mut energy = |axis: usize, value: &dyn Fn(Vec3) -> f64| {
            let field = |p: &Vec3| {
                let mut u = [0.0; 3];
                u[axis] = amplitude * value(*p);
                u
            };
            held.energy(&points.iter().map(field).collect::<Vec<_>>())
        };
        let wave = |x: f64| (std::f64::consts::PI * x / SIZE).cos();
        let shear = energy(0, &|p| wave(p[2]));
        let compression = energy(2, &|p| wave(p[2]));
        let (mut least, mut least_volume) = (f64::INFINITY, f64::INFINITY);
        for axes in 1..8usize {
            for axis in 0..3 {
                let sign = |p: Vec3| {
                    let cell = |i: usize| (p[i] * CELLS as f64 / SIZE).round() as usize;
                    let sum: usize = (0..3).filter(|i| axes >> i & 1 == 1).map(cell).sum();
                    if sum.is_multiple_of(2) { 1.0 } else { -1.0 }
                };
                let energy = energy(axis, &sign);
                least = least.min(energy);
                if axes >> axis & 1 == 1 {
                    least_volume = least_volume.min(energy);
                }
            }
        }
        println!(
            "{averaging:?}, nu {poisson_ratio}: the softest +-+- pattern has {:.1}, the softest of those \
             that change volumes {:.1} times the energy of a smooth shear; the latter {:.2} times that of a \
             smooth compression",
            least / shear,
            least_volume / shear,
            least_volume / compression
        );
        assert!(least > shear);
    }
}

/// The softest motion is the same however incompressible the tissue is: no pattern that pressure does
/// not see is softer than the block's own bending and twisting (h: a cell's size).
#[test]
fn the_softest_motion_does_not_depend_on_the_pressure() {
    for poisson_ratio in [0.45, 0.4999] {
        let averaged = spectrum(Averaging::Strain, poisson_ratio, None);
        let mu = YOUNG / (2.0 * (1.0 + poisson_ratio));
        let softest = averaged[6] / (mu * SIZE / CELLS as f64);
        println!("nu {poisson_ratio}: smallest elastic eigenvalue {softest:.4} mu h");
        assert!((softest - 0.131).abs() < 0.001);
    }
}
