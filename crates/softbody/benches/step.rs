//! What a tick costs: a sphere pressed 15 mm into a 0.10 m block (5 kPa, nu 0.45) and dragged,
//! dt 1 ms. Thread CPU time, not wall time, because machines are shared; least, median and 99th
//! percentile of 600 ticks.
//!
//! Then what cutting costs: 20 tetrahedra removed, or split (edge by edge until 20 have been), on the
//! finer block; between any two cuts a tick is made.
//!
//! Run with `cargo bench -p softbody`.

mod clock;

use clock::cpu_seconds;
use softbody::{Kernel, Law, Material, Room, TetMesh, ToolShape, World};

const TICKS: usize = 600;

fn block(cells: usize, law: Law, kernel: Kernel) -> (World, usize) {
    let mesh = TetMesh::boxed([0.1; 3], [cells; 3]).expect("a box");
    let bottom: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][2] == 0.0)
        .collect();
    let mut world = World::new(1e-3, [0.0; 3]).expect("a world");
    world.set_kernel(kernel);
    let tissue = Material {
        law,
        ..Material::soft(5e3, 0.45, 1060.0)
    };
    world
        .add_soft_body(&mesh, &[tissue], &bottom)
        .expect("a body");
    let ball = ToolShape::Sphere { radius: 0.02 };
    let tool = world
        .add_tool(ball, [0.04, 0.05, 0.12], 0.2)
        .expect("a tool");
    for tick in 1..=150 {
        world.move_tool(tool, [0.04, 0.05, 0.12 - 0.1e-3 * f64::from(tick)]);
        world.step();
    }
    (world, tool)
}

/// Seconds of each tick while the sphere is dragged to and fro, sorted.
fn drag(world: &mut World, tool: usize) -> Vec<f64> {
    let mut ticks: Vec<f64> = (0..TICKS)
        .map(|tick| {
            let way = 0.02 * (0.01 * tick as f64).sin().abs();
            world.move_tool(tool, [0.04 + way, 0.05, 0.105]);
            let start = cpu_seconds();
            world.step();
            cpu_seconds() - start
        })
        .collect();
    ticks.sort_by(f64::total_cmp);
    ticks
}

/// Tetrahedra in a cut.
const CUT: usize = 20;
const CUTS: usize = 100;

/// Seconds that `work` takes, sorted, a tick before each; it is given the number of the cut.
fn cuts(world: &mut World, mut work: impl FnMut(&mut World, usize)) -> Vec<f64> {
    let mut times: Vec<f64> = (0..CUTS)
        .map(|cut| {
            world.step();
            let start = cpu_seconds();
            work(world, cut);
            cpu_seconds() - start
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn cutting() {
    let remove = |spread: usize| {
        move |world: &mut World, cut: usize| {
            let doomed: [u32; CUT] =
                std::array::from_fn(|i| ((CUT * cut + i) * spread % 10_368) as u32);
            world.remove(0, &doomed).expect("they are there");
        }
    };
    let split = |world: &mut World, cut: usize| {
        let before = world.body(0).tetrahedra().len();
        for t in 97 * cut.. {
            let [a, b, ..] = world.body(0).tetrahedra()[t];
            world.split(0, [a, b], 0.4).expect("there is room");
            if world.body(0).tetrahedra().len() >= before + CUT {
                break;
            }
        }
    };
    let report = |what: &str, times: Vec<f64>| {
        let [least, median, p99] = [0, CUTS / 2, CUTS * 99 / 100].map(|i| 1e6 * times[i]);
        println!("{what:>36}: {least:>6.1} {median:>6.1} {p99:>6.1}");
    };
    println!("\nus for a cut of {CUT} tetrahedra of 10368: least, median, p99");
    let fresh = || {
        let (mut world, _) = block(12, Law::StableNeoHookean, Kernel::detect());
        let room = Room {
            nodes: 2000,
            tetrahedra: 10_000,
            triangles: 20_000,
        };
        world.reserve_for_cutting(0, room).expect("a body");
        world
    };
    report("neighbours removed", cuts(&mut fresh(), remove(1)));
    report("removed here and there", cuts(&mut fresh(), remove(101)));
    report("split", cuts(&mut fresh(), split));
}

fn main() {
    println!(
        "{:>6} {:>18} {:>9} {:>9} {:>26} {:>14}",
        "tets", "law", "kernel", "substeps", "us a tick: least, median, p99", "ns a tet a substep"
    );
    for cells in [6, 12] {
        for law in [Law::StableNeoHookean, Law::NeoHookean] {
            for kernel in Kernel::ALL {
                if !kernel.is_available() {
                    continue;
                }
                let (mut world, tool) = block(cells, law, kernel);
                let ticks = drag(&mut world, tool);
                let (tets, substeps) = (6 * cells.pow(3), world.stats().substeps);
                let [least, median, p99] = [0, TICKS / 2, TICKS * 99 / 100].map(|i| 1e6 * ticks[i]);
                let per_tet = 1e3 * median / tets as f64 / f64::from(substeps);
                println!(
                    "{tets:>6} {:>18} {:>9} {substeps:>9} {least:>9.0} {median:>8.0} {p99:>7.0} \
                     {per_tet:>18.1}",
                    format!("{law:?}"),
                    kernel.name(),
                );
            }
        }
    }
    cutting();
}
