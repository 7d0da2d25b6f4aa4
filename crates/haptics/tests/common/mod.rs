//! A soft block, a ball above it, and devices that watch or misbehave.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use haptics::{
    Clock, DevErr, DeviceInfo, HandModel, HapticDevice, MonotonicClock, Sample, SimulatedHand,
    Tick, TickOptions, Wrench, WriteStatus,
};
use softbody::{Material, TetMesh, ToolShape, World};

pub const DT: f64 = 1e-3;
pub const RADIUS: f64 = 0.012;
/// Centre of the ball when it touches the block's top.
pub const TOP: f64 = 0.06 + RADIUS;
pub const START: [f64; 3] = [0.05, TOP + 0.01, 0.05];

/// A block of 0.1 x 0.06 x 0.1 m, 5 kPa, held at the bottom, and a ball at [`START`].
pub fn world() -> World {
    let mut world = World::new(DT, [0.0; 3]).unwrap();
    let mesh = TetMesh::boxed([0.1, 0.06, 0.1], [6, 4, 6]).unwrap();
    let bottom: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][1] < 1e-9)
        .collect();
    let tissue = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[tissue], &bottom).unwrap();
    world
        .add_tool(ToolShape::Sphere { radius: RADIUS }, START, 0.1)
        .unwrap();
    world
}

pub fn hand() -> SimulatedHand {
    SimulatedHand::new(HandModel::hand(), START, DT).unwrap()
}

pub fn tick(device: impl HapticDevice + 'static, options: TickOptions) -> Tick {
    Tick::new(world(), Box::new(device), options).unwrap()
}

pub fn clock() -> Box<dyn Clock + Send> {
    Box::new(MonotonicClock::default())
}

/// What a [`Watched`] device was told, readable from outside while it is in use.
#[derive(Clone, Default)]
pub struct Watch {
    /// Magnitude of the force it plays, bits of an f64.
    force: Arc<AtomicU64>,
    writes: Arc<AtomicU64>,
    zeros: Arc<AtomicU64>,
}

impl Watch {
    pub fn force_n(&self) -> f64 {
        f64::from_bits(self.force.load(Ordering::SeqCst))
    }

    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    pub fn zeros(&self) -> u64 {
        self.zeros.load(Ordering::SeqCst)
    }
}

/// A simulated hand that is watched and whose readings may be spoilt.
pub struct Watched {
    pub hand: SimulatedHand,
    pub watch: Watch,
    /// Called with each reading.
    pub spoil: fn(Sample) -> Result<Sample, DevErr>,
    /// Called with the number of each write.
    pub refuse: fn(u64) -> Result<(), DevErr>,
}

impl Watched {
    pub fn new(watch: &Watch) -> Self {
        Self {
            hand: hand(),
            watch: watch.clone(),
            spoil: Ok,
            refuse: |_| Ok(()),
        }
    }
}

impl HapticDevice for Watched {
    fn info(&self) -> &DeviceInfo {
        self.hand.info()
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.hand.read().and_then(self.spoil)
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        let n = self.watch.writes.fetch_add(1, Ordering::SeqCst) + 1;
        (self.refuse)(n)?;
        let norm = wrench.f.iter().map(|x| x * x).sum::<f64>().sqrt();
        self.watch.force.store(norm.to_bits(), Ordering::SeqCst);
        self.hand.write(wrench)
    }

    fn zero(&mut self) {
        self.watch.zeros.fetch_add(1, Ordering::SeqCst);
        self.watch.force.store(0, Ordering::SeqCst);
        self.hand.zero();
    }

    fn aim(&mut self, point: [f64; 3]) {
        self.hand.aim(point);
    }

    fn press(&mut self, buttons: u32) {
        self.hand.press(buttons);
    }
}
