//! How well this machine keeps a 1 kHz loop: `cargo run --release -p haptics --example loop_timing`
//! `[seconds] [normal]`.

use std::error::Error;
use std::time::Duration;

use haptics::{
    Command, Distribution, HandModel, Live, LiveOptions, SimulatedHand, Tick, TickOptions,
};
use softbody::{Material, TetMesh, ToolShape, World};

const DT: f64 = 1e-3;
const START: [f64; 3] = [0.05, 0.12, 0.05];

fn tick() -> Result<Tick, Box<dyn Error>> {
    let mut world = World::new(DT, [0.0; 3])?;
    let mesh = TetMesh::boxed([0.1; 3], [8; 3])?;
    let nodes = 0..mesh.points().len() as u32;
    let bottom: Vec<u32> = nodes
        .filter(|n| mesh.points()[*n as usize][1] == 0.0)
        .collect();
    world.add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)?;
    world.add_tool(ToolShape::Sphere { radius: 0.01 }, START, 0.1)?;
    let hand = SimulatedHand::new(HandModel::hand(), START, DT)?;
    Ok(Tick::new(world, Box::new(hand), TickOptions::default())?)
}

fn print(name: &str, times: &Distribution) {
    let tail = times.percentiles();
    let us = |ns: u64| ns as f64 * 1e-3;
    println!(
        "{name}  p50 {:.1}  p99 {:.1}  p99.9 {:.1}  p99.99 {:.1}  max {:.1} us",
        us(tail.p50_ns),
        us(tail.p99_ns),
        us(tail.p99_9_ns),
        us(tail.p99_99_ns),
        us(tail.max_ns)
    );
}

fn main() -> Result<(), Box<dyn Error>> {
    let seconds: u32 = std::env::args()
        .nth(1)
        .map_or(Ok(10), |text| text.parse())?;
    let mut options = LiveOptions::default();
    if std::env::args().nth(2).is_some_and(|word| word == "normal") {
        options.priority = None;
    }
    let mut live = Live::start(tick()?, options)?;
    let mut trace = Vec::new();
    for i in 0..seconds * 50 {
        let depth = 0.012 * (1.0 - (f64::from(i) * 0.06).cos());
        let point = [START[0], START[1] - depth, START[2]];
        live.send(Command::Aim { point })?;
        std::thread::sleep(Duration::from_millis(20));
        live.drain_trace(&mut trace);
    }
    let stats = live.stop()?.stats;
    println!("scheduler   {}", stats.placement.scheduler);
    let memory = stats.placement.memory_unlocked.as_deref();
    println!("memory      {}", memory.unwrap_or("locked"));
    println!(
        "ticks       {} at {:.1} Hz",
        stats.ticks,
        stats.achieved_hz()
    );
    println!(
        "missed      {} dropped, {} late by more than 1 ms",
        stats.counters.dropped, stats.counters.late
    );
    print("lateness  ", &stats.lateness);
    print("processor ", &stats.cpu);
    Ok(())
}
