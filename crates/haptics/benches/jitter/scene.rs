//! A ball on a block of soft tissue, in a simulated hand that counts.

use std::f64::consts::TAU;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use haptics::{
    Clock, DevErr, DeviceInfo, HandModel, HapticDevice, MonotonicClock, Sample, SimulatedHand,
    Tick, TickOptions, Wrench, WriteStatus,
};
use softbody::{Material, TetMesh, ToolShape, World};

use crate::counting::allocations;

pub const DT: f64 = 1e-3;
/// Edge of the block, m.
const EDGE: f64 = 0.1;
const RADIUS: f64 = 0.02;
/// Centre of the ball when it touches the middle of the block's top.
const TOUCH: [f64; 3] = [0.05, EDGE + RADIUS, 0.05];

/// What the hand saw of its thread.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Allocations and frees from one tick to the next, all ticks together.
    pub allocations: Arc<AtomicU64>,
    /// When the latest tick began, ns of the system's steady clock.
    pub began_ns: Arc<AtomicU64>,
}

struct Counted {
    hand: SimulatedHand,
    clock: MonotonicClock,
    before: Option<u64>,
    seen: Seen,
}

impl HapticDevice for Counted {
    fn info(&self) -> &DeviceInfo {
        self.hand.info()
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        let began = self.clock.now_ns();
        self.seen.began_ns.store(began, Ordering::Relaxed);
        let now = allocations();
        let new = self.before.map_or(0, |before| now - before);
        self.seen.allocations.fetch_add(new, Ordering::Relaxed);
        self.before = Some(now);
        self.hand.read()
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.hand.write(wrench)
    }

    fn zero(&mut self) {
        self.hand.zero();
    }

    fn aim(&mut self, point: [f64; 3]) {
        self.hand.aim(point);
    }
}

/// The block, `cells` a side, 5 kPa, held at the bottom; and how many tetrahedra it has.
pub fn tick(cells: usize, seen: &Seen) -> (Tick, usize) {
    let mut world = World::new(DT, [0.0; 3]).unwrap();
    let mesh = TetMesh::boxed([EDGE; 3], [cells; 3]).unwrap();
    let bottom: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][1] == 0.0)
        .collect();
    let tissue = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[tissue], &bottom).unwrap();
    let above = [TOUCH[0], TOUCH[1] + 0.01, TOUCH[2]];
    world
        .add_tool(ToolShape::Sphere { radius: RADIUS }, above, 0.1)
        .unwrap();
    let device = Counted {
        hand: SimulatedHand::new(HandModel::hand(), above, DT).unwrap(),
        clock: MonotonicClock::default(),
        before: None,
        seen: seen.clone(),
    };
    let tick = Tick::new(world, Box::new(device), TickOptions::default()).unwrap();
    (tick, mesh.tetrahedra().len())
}

/// Where the hand aims `time_s` after the start: dips up to 15 mm deep while it wanders up to
/// 20 mm to all sides, with rates and phases by the seed.
pub fn aim(seed: u64, time_s: f64) -> [f64; 3] {
    let wave = |n: u64| {
        let rate = 0.2 + 0.8 * chance(seed, 2 * n);
        (TAU * (rate * time_s + chance(seed, 2 * n + 1))).sin()
    };
    let depth = 0.005 - 0.01 * wave(0);
    [
        TOUCH[0] + 0.02 * wave(1),
        TOUCH[1] - depth,
        TOUCH[2] + 0.02 * wave(2),
    ]
}

/// A number from 0 to 1 for each seed and place: splitmix64 (Steele, Lea, Flood 2014).
fn chance(seed: u64, place: u64) -> f64 {
    let mut z = (seed * 1_000 + place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as f64 / u64::MAX as f64
}
