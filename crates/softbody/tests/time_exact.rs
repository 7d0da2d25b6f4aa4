//! The chosen substeps against time that is cut ever finer: contact force and motion of a block that
//! a sphere presses and drags.

mod common;

use common::{Vec3, select};
use softbody::mesh::min_dihedral_deg;
use softbody::{Material, StepStats, TetMesh, ToolShape, World};

const CELLS: usize = 12;
const SIZE: f64 = 0.1;
const TICKS: u32 = 400;
/// Bars for the relative L2 errors of force and displacements.
const FORCE: f64 = 0.02;
const FIELD: f64 = 0.03;

/// Tissue of 5 kPa, nu .45; `stiffer` times that within 15 mm of the middle.
fn materials(mesh: &TetMesh, stiffer: f64) -> Vec<Material> {
    let inside = |t: &[u32; 4]| {
        let middle = |i: usize| {
            let sum: f64 = t.iter().map(|n| mesh.points()[*n as usize][i]).sum();
            0.25 * sum - 0.5 * SIZE
        };
        [0, 1, 2].map(|i| middle(i).powi(2)).iter().sum::<f64>() < 0.015f64.powi(2)
    };
    let each = mesh.tetrahedra().iter().map(|t| {
        let factor = if inside(t) { stiffer } else { 1.0 };
        Material::soft(5e3 * factor, 0.45, 1060.0)
    });
    each.collect()
}

/// What happened: force on the tool and displacements, every tick.
struct Run {
    force: Vec<Vec3>,
    field: Vec<Vec<Vec3>>,
    /// Most of each in the run.
    most: StepStats,
}

/// The sphere of 20 mm presses 15 mm in 0.3 s, then is dragged by 20 mm in 0.1 s.
fn run(mesh: &TetMesh, materials: &[Material], substeps: Option<u32>) -> Run {
    let bottom = select(mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    world.add_soft_body(mesh, materials, &bottom).unwrap();
    world.force_substeps(substeps).unwrap();
    let at = |x: f64, depth: f64| [0.04 + x, 0.05, SIZE + 0.02 - depth];
    let ball = ToolShape::Sphere { radius: 0.02 };
    let tool = world.add_tool(ball, at(0.0, 0.0), 0.3).unwrap();
    let mut run = Run {
        force: Vec::new(),
        field: Vec::new(),
        most: StepStats::default(),
    };
    for tick in 1..=TICKS {
        let t = f64::from(tick);
        let (pressed, dragged) = ((t / 300.0).min(1.0), ((t - 300.0) / 100.0).max(0.0));
        world.move_tool(tool, at(0.02 * dragged, 0.015 * pressed));
        world.step();
        run.force.push(world.tool(tool).force);
        let body = world.body(0);
        let nodes = 0..body.node_count() as u32;
        run.field
            .push(nodes.map(|n| body.displacement(n)).collect());
        let s = *world.stats();
        let m = &mut run.most;
        m.substeps = m.substeps.max(s.substeps);
        m.floored_fraction = m.floored_fraction.max(s.floored_fraction);
        m.added_mass_kg = m.added_mass_kg.max(s.added_mass_kg);
        m.guard |= s.guard;
    }
    run
}

/// |a - b| / |b| over all numbers.
fn relative<'a>(a: impl Iterator<Item = &'a Vec3>, b: impl Iterator<Item = &'a Vec3>) -> f64 {
    let (mut difference, mut whole) = (0.0, 0.0);
    for (p, q) in a.zip(b) {
        difference += (0..3).map(|i| (p[i] - q[i]).powi(2)).sum::<f64>();
        whole += q.iter().map(|x| x * x).sum::<f64>();
    }
    f64::sqrt(difference / whole)
}

fn errors(run: &Run, truth: &Run) -> [f64; 2] {
    let force = relative(run.force.iter(), truth.force.iter());
    let field = relative(run.field.iter().flatten(), truth.field.iter().flatten());
    [force, field]
}

/// Prints the errors and holds them to the bars; the exact runs have `fine` and twice as many
/// substeps, and their own difference has to be far below the bars.
fn hold(what: &str, mesh: &TetMesh, materials: &[Material], fine: u32) {
    let chosen = run(mesh, materials, None);
    let coarse = run(mesh, materials, Some(fine));
    let exact = run(mesh, materials, Some(2 * fine));
    let mass: f64 = 1060.0 * mesh.report().volume;
    let (m, [force, field]) = (chosen.most, errors(&chosen, &exact));
    let [own_force, own_field] = errors(&coarse, &exact);
    println!(
        "{what}: {} tetrahedra, {} substeps, at most {:.2} % of nodes floored, {:.1} g added to {:.0} g, \
         guard {}; force {:.2} %, field {:.2} % (exact runs: {fine} and {} substeps, {:.2} % of nodes \
         floored, differ by {:.2} and {:.2} %)",
        mesh.tetrahedra().len(),
        m.substeps,
        100.0 * m.floored_fraction,
        1e3 * m.added_mass_kg,
        1e3 * mass,
        m.guard,
        100.0 * force,
        100.0 * field,
        2 * fine,
        100.0 * exact.most.floored_fraction,
        100.0 * own_force,
        100.0 * own_field,
    );
    assert!(
        own_force < 0.5 * FORCE && own_field < 0.5 * FIELD,
        "not exact"
    );
    assert!(force < FORCE && field < FIELD);
}

fn block() -> TetMesh {
    TetMesh::boxed([SIZE; 3], [CELLS; 3]).unwrap()
}

#[test]
fn pressed_and_dragged() {
    let mesh = block();
    hold("even block", &mesh, &materials(&mesh, 1.0), 8);
}

#[test]
fn with_a_stiff_ball_inside() {
    let mesh = block();
    hold("10x stiff ball", &mesh, &materials(&mesh, 10.0), 8);
}

/// Six times the signed volume.
fn volume6(p: [Vec3; 4]) -> f64 {
    let [u, v, w] = [1, 2, 3].map(|i| [0, 1, 2].map(|k| p[i][k] - p[0][k]));
    u[0] * (v[1] * w[2] - v[2] * w[1])
        + u[1] * (v[2] * w[0] - v[0] * w[2])
        + u[2] * (v[0] * w[1] - v[1] * w[0])
}

/// Moves inner nodes almost onto the opposite face of one of their tetrahedra, none that share a
/// tetrahedron, until `count` have an angle below 2 degrees.
fn with_slivers(mesh: &TetMesh, count: usize) -> TetMesh {
    let mut points = mesh.points().to_vec();
    let tetrahedra = mesh.tetrahedra();
    let mut moved = vec![false; points.len()];
    let mut slivers = 0;
    for t in tetrahedra.iter().step_by(37) {
        let n = t[0] as usize;
        let inner = |x: &f64| *x > 1e-9 && *x < SIZE - 1e-9;
        let around: Vec<_> = tetrahedra.iter().filter(|s| s.contains(&t[0])).collect();
        let taken = around.iter().any(|s| s.iter().any(|m| moved[*m as usize]));
        if slivers >= count || taken || !points[n].iter().all(inner) {
            continue;
        }
        let before = points[n];
        // Towards a point of the opposite face, off its middle, down to a fiftieth of the height.
        let [a, b, c] = [1, 2, 3].map(|i| points[t[i] as usize]);
        points[n] = [0, 1, 2].map(|i| {
            let foot = 0.4 * a[i] + 0.35 * b[i] + 0.25 * c[i];
            foot + 0.02 * (before[i] - foot)
        });
        let flat = |s: &&[u32; 4]| volume6(s.map(|m| points[m as usize])) <= 0.0;
        if around.iter().any(flat) {
            points[n] = before;
            continue;
        }
        moved[n] = true;
        let thin = |s: &&&[u32; 4]| min_dihedral_deg(&points, ***s) < 2.0;
        slivers += around.iter().filter(thin).count();
    }
    assert!(slivers >= count, "only {slivers} slivers");
    let mesh = TetMesh::new(&points, tetrahedra).unwrap();
    assert_eq!(mesh.report().flipped, 0);
    println!(
        "{slivers} slivers, smallest angle {:.3} degrees, shortest edge {:.2} mm",
        mesh.report().min_dihedral_deg,
        1e3 * mesh.report().edge_range[0]
    );
    mesh
}

#[test]
fn with_sixty_slivers() {
    let mesh = with_slivers(&block(), 60);
    hold("slivers", &mesh, &materials(&mesh, 1.0), 8);
}
