//! What a tick costs: a sphere pressed 15 mm into a 0.10 m block (5 kPa) and dragged, dt 1 ms, by mesh,
//! Poisson's ratio, law, element and kernel. Then what cutting costs: 20 tetrahedra of 10 368 removed, or
//! split (edge by edge until 20 have been), each cut after a tick of a fresh copy.
//!
//! Criterion with thread CPU time instead of wall time, because machines are shared; it says what has
//! changed since the last run, or since `-- --save-baseline NAME`. `surgisim bench` prints percentiles and
//! errors beside times.
//!
//! Run with `cargo bench -p softbody --bench step`; takes two minutes.

mod clock;
mod cpu_time;

use cpu_time::CpuTime;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use softbody::{Averaging, Kernel, Law, Material, Room, TetMesh, ToolShape, World};
use std::time::Duration;

/// A block that is poked. None: what is chosen.
#[derive(Clone, Copy)]
struct Case {
    cells: usize,
    poisson_ratio: f64,
    law: Law,
    averaging: Averaging,
    substeps: Option<u32>,
}

const fn case(cells: usize, poisson_ratio: f64) -> Case {
    Case {
        cells,
        poisson_ratio,
        law: Law::StableNeoHookean,
        averaging: Averaging::Strain,
        substeps: None,
    }
}

const CASES: [Case; 7] = [
    case(6, 0.45),
    case(12, 0.45),
    case(12, 0.49),
    Case {
        law: Law::NeoHookean,
        ..case(12, 0.45)
    },
    case(20, 0.45),
    Case {
        substeps: Some(1),
        ..case(20, 0.45)
    },
    Case {
        averaging: Averaging::Pressure,
        substeps: Some(1),
        ..case(20, 0.45)
    },
];

impl Case {
    fn tetrahedra(&self) -> usize {
        6 * self.cells.pow(3)
    }

    fn name(&self) -> String {
        let substeps = self.substeps.map(|n| format!(" {n} forced"));
        format!(
            "{} nu {} {:?} {:?}{}",
            self.tetrahedra(),
            self.poisson_ratio,
            self.law,
            self.averaging,
            substeps.unwrap_or_default()
        )
    }

    /// The sphere has reached its depth.
    fn pressed(&self, kernel: Kernel) -> (World, usize) {
        let mesh = TetMesh::boxed([0.1; 3], [self.cells; 3]).expect("a box");
        let bottom: Vec<u32> = (0..mesh.points().len() as u32)
            .filter(|n| mesh.points()[*n as usize][2] == 0.0)
            .collect();
        let mut world = World::new(1e-3, [0.0; 3]).expect("a world");
        world.set_kernel(kernel);
        let tissue = Material {
            law: self.law,
            ..Material::soft(5e3, self.poisson_ratio, 1060.0)
        };
        world
            .add_soft_body_with(&mesh, &[tissue], &bottom, self.averaging)
            .expect("a body");
        world.force_substeps(self.substeps).expect("from 1 to 1000");
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
}

/// A tick while the sphere is dragged to and fro.
fn ticks(c: &mut Criterion<CpuTime>) {
    let mut group = c.benchmark_group("tick");
    for case in CASES {
        group.throughput(Throughput::Elements(case.tetrahedra() as u64));
        for kernel in Kernel::ALL.into_iter().filter(|k| k.is_available()) {
            let id = BenchmarkId::new(case.name(), kernel.name());
            group.bench_function(id, |bencher| {
                let (mut world, tool) = case.pressed(kernel);
                let mut tick = 0.0;
                bencher.iter(|| {
                    let way = 0.02 * f64::sin(0.01 * tick).abs();
                    tick += 1.0;
                    world.move_tool(tool, [0.04 + way, 0.05, 0.105]);
                    world.step();
                });
            });
        }
    }
    group.finish();
}

/// Tetrahedra in a cut.
const CUT: usize = 20;

/// Every `spread`-th tetrahedron from the first on.
fn remove(world: &mut World, spread: usize) {
    let doomed: [u32; CUT] = std::array::from_fn(|i| (i * spread) as u32);
    world.remove(0, &doomed).expect("they are there");
}

fn split(world: &mut World) {
    let before = world.body(0).tetrahedra().len();
    for t in 0.. {
        let [a, b, ..] = world.body(0).tetrahedra()[t];
        world.split(0, [a, b], 0.4).expect("there is room");
        if world.body(0).tetrahedra().len() >= before + CUT {
            break;
        }
    }
}

fn cuts(c: &mut Criterion<CpuTime>) {
    let (mut world, _) = CASES[1].pressed(Kernel::detect());
    let room = Room {
        nodes: 100,
        tetrahedra: 500,
        triangles: 1000,
    };
    world.reserve_for_cutting(0, room).expect("a body");
    let fresh = || {
        let mut copy = world.clone();
        copy.step();
        copy
    };
    let mut group = c.benchmark_group("cut of 20 tetrahedra");
    let mut measure = |name: &str, cut: &dyn Fn(&mut World)| {
        group.bench_function(name, |b| {
            b.iter_batched_ref(fresh, cut, BatchSize::PerIteration)
        });
    };
    measure("neighbours removed", &|world| remove(world, 1));
    measure("removed here and there", &|world| remove(world, 501));
    measure("split edge by edge", &split);
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(50)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = ticks, cuts
}
criterion_main!(benches);
