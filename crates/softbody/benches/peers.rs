//! A tick beside what most open simulators do in theirs (`twin`), in one run on one core: a sphere
//! pressed 15 mm into a 0.10 m block (5 kPa) and dragged, dt 1 ms, on the same meshes.
//!
//! The two take turns, ten ticks here and one there, so that whatever else the machine does meets
//! both. Thread CPU time of whole ticks, contact included; ratios are those of the medians, by turns on
//! the same twin: for all 25 iterations, with elements as SOFA keeps them and lean ones, and for as many
//! lean ones as the tolerance 1e-5 asks for (25 and 1e-5 are SOFA's defaults).
//!
//! Beside the speed stands the answer: the sphere's force when it reaches its depth, and that of the
//! converged block at rest. The twin's force is too low at this depth: only its nodes meet the sphere, and its law is
//! linear in the turned frame, so it yields where it is squeezed. (At small depths it is Hertz's,
//! see `tests/twin.rs`.)
//!
//! Run with `cargo bench -p softbody --bench peers`; takes under a minute.

mod clock;
mod twin;

use clock::cpu_seconds;
use softbody::{Material, TetMesh, ToolShape, World};
use twin::{Solved, Twin};

const DT: f64 = 1e-3;
const YOUNG_MODULUS: f64 = 5e3;
/// Of the sphere, m, and how deep it is pressed, m.
const RADIUS: f64 = 0.02;
const DEPTH: f64 = 0.015;
/// Ticks in which it is pressed.
const PRESS: u32 = 150;
/// Ticks of softbody for one of the twin's.
const TURNS: u32 = 10;
/// Where SOFA's conjugate gradients end.
const TOLERANCE: f64 = 1e-5;

/// A mesh, its Poisson's ratio, how many ticks of the twin are worth the time there.
struct Case {
    cells: usize,
    poisson_ratio: f64,
    twin_ticks: u32,
}

const CASES: [Case; 4] = [
    Case {
        cells: 6,
        poisson_ratio: 0.45,
        twin_ticks: 200,
    },
    Case {
        cells: 12,
        poisson_ratio: 0.45,
        twin_ticks: 100,
    },
    Case {
        cells: 12,
        poisson_ratio: 0.49,
        twin_ticks: 100,
    },
    Case {
        cells: 20,
        poisson_ratio: 0.45,
        twin_ticks: 40,
    },
];

/// Where the sphere is after `tick` ticks of pressing, then of being dragged to and fro.
fn way(tick: u32) -> [f64; 3] {
    let depth = DEPTH * f64::from(tick.min(PRESS)) / f64::from(PRESS);
    let drag = 0.02 * (0.01 * f64::from(tick.saturating_sub(PRESS))).sin().abs();
    [0.04 + drag, 0.05, 0.1 + RADIUS - depth]
}

/// Force of the sphere at its depth and at rest on the converged block, N, within 1 % (the reference
/// of `tests/reference.rs`).
fn converged(poisson_ratio: f64) -> f64 {
    if poisson_ratio < 0.47 { 1.952 } else { 1.988 }
}

/// Times of ticks.
#[derive(Default)]
struct Ticks(Vec<f64>);

impl Ticks {
    fn time(&mut self, work: impl FnOnce()) {
        let start = cpu_seconds();
        work();
        self.0.push(cpu_seconds() - start);
    }

    /// ms
    fn quantile(&self, q: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        1e3 * sorted[((sorted.len() - 1) as f64 * q).round() as usize]
    }

    fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    fn columns(&self) -> String {
        let [least, median, p99] = [0.0, 0.5, 0.99].map(|q| self.quantile(q));
        format!("{least:>8.3} {median:>8.3} {p99:>8.3}")
    }
}

/// The same poke for both.
struct Scene {
    world: World,
    tool: usize,
    twin: Twin,
}

impl Scene {
    fn new(cells: usize, poisson_ratio: f64) -> Self {
        let mesh = TetMesh::boxed([0.1; 3], [cells; 3]).expect("a box");
        let bottom: Vec<u32> = (0..mesh.points().len() as u32)
            .filter(|n| mesh.points()[*n as usize][2] == 0.0)
            .collect();
        let tissue = Material::soft(YOUNG_MODULUS, poisson_ratio, 1060.0);
        let mut world = World::new(DT, [0.0; 3]).expect("a world");
        world
            .add_soft_body(&mesh, &[tissue], &bottom)
            .expect("a body");
        let ball = ToolShape::Sphere { radius: RADIUS };
        let tool = world.add_tool(ball, way(0), 0.2).expect("a tool");
        let twin = Twin::new(&mesh, &tissue, &bottom, RADIUS);
        Self { world, tool, twin }
    }

    fn ours(&mut self, tick: u32) {
        self.world.move_tool(self.tool, way(tick));
        self.world.step();
    }

    /// `tolerance` 0: all 25 iterations.
    fn theirs(&mut self, tick: u32, with_matrices: bool, tolerance: f64) -> Solved {
        self.twin.sphere.centre = way(tick);
        (self.twin.with_matrices, self.twin.tolerance) = (with_matrices, tolerance);
        self.twin.step(DT)
    }

    /// Forces on the spheres, N, as both are now.
    fn forces(&mut self) -> [f64; 2] {
        self.twin.forces();
        [
            self.world.tool(self.tool).force[2],
            self.twin.sphere.force()[2],
        ]
    }
}

fn measure(case: &Case) {
    let mut scene = Scene::new(case.cells, case.poisson_ratio);
    for tick in 1..=PRESS {
        scene.ours(tick);
        scene.theirs(tick, false, TOLERANCE);
    }
    let [our_force, their_force] = scene.forces();
    let [mut ours, mut kept, mut lean, mut early] = <[Ticks; 4]>::default();
    let [mut iterations, mut most] = [0; 2];
    for turn in 1..=case.twin_ticks {
        for tick in TURNS * (turn - 1)..TURNS * turn {
            ours.time(|| scene.ours(PRESS + tick + 1));
        }
        let (tick, solved) = (PRESS + turn, &mut iterations);
        match turn % 3 {
            0 => kept.time(|| *solved = scene.theirs(tick, true, 0.0).iterations),
            1 => lean.time(|| *solved = scene.theirs(tick, false, 0.0).iterations),
            _ => early.time(|| *solved = scene.theirs(tick, false, TOLERANCE).iterations),
        }
        if turn % 3 == 2 {
            most = most.max(iterations);
        }
    }
    let nu = case.poisson_ratio;
    println!(
        "{:>6} {nu:>4} | {:>8} {} {} {our_force:>6.2} | {} {their_force:>6.2} | {:>6.2} | {:>6.1} | \
         {:>7.3} {:>5.1} | {most:>2} {:>7.3} {:>5.1}",
        6 * case.cells.pow(3),
        scene.world.kernel().name(),
        scene.world.stats().substeps,
        ours.columns(),
        kept.columns(),
        converged(nu),
        kept.median() / ours.median(),
        lean.median(),
        lean.median() / ours.median(),
        early.median(),
        early.median() / ours.median(),
    );
}

/// The processor's name and the load average of the last minute.
fn machine() -> String {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(':').nth(1))
        .map_or(std::env::consts::ARCH, str::trim);
    let mut load = [0.0];
    // SAFETY: room for the one number asked for.
    unsafe { libc::getloadavg(load.as_mut_ptr(), 1) };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{name}, {cores} cores, load {:.1}", load[0])
}

fn main() {
    println!("{}", machine());
    println!("thread CPU time of a tick, ms: least, median, 99th percentile; force, N");
    println!(
        "{:>11} | {:^44} | {:^33} | {:>6} | {:>6} | {:^13} | to {TOLERANCE:e}",
        "", "softbody: kernel, substeps", "25 iterations, SOFA's matrices", "", "", "lean elements"
    );
    println!(
        "{:>6} {:>4} | {:>10} {:>8} {:>8} {:>8} {:>6} | {:>8} {:>8} {:>8} {:>6} | {:>6} | {:>6} | \
         {:>7} {:>5} | {:>2} {:>7} {:>5}",
        "tets",
        "nu",
        "",
        "least",
        "median",
        "p99",
        "force",
        "least",
        "median",
        "p99",
        "force",
        "theory",
        "ratio",
        "median",
        "ratio",
        "n",
        "median",
        "ratio"
    );
    CASES.iter().for_each(measure);
    println!("{}", machine());
}
