//! A block of tissue, a ball above it, and a simulated device that can be looked into while the tick
//! owns it.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::sync::{Arc, Mutex};

use haptics::{
    Arm, ControlOptions, DevErr, DeviceInfo, DeviceModel, HapticDevice, Sample, SimulatedDevice,
    Tick, TickOptions, TraceRow, Wrench, WriteStatus,
};
use softbody::{Material, TetMesh, ToolShape, World};

pub const DT: f64 = 1e-3;
pub const RADIUS: f64 = 0.01;
const TOP: f64 = 0.06;
/// Between ball and block at the start, m.
pub const CLEAR: f64 = 0.003;

/// A block of 0.1 x 0.06 x 0.1 m with Young's modulus `young` (Pa), held at the bottom.
pub fn block(young: f64) -> World {
    let mut world = World::new(DT, [0.0; 3]).unwrap();
    let mesh = TetMesh::boxed([0.1, TOP, 0.1], [6, 4, 6]).unwrap();
    let bottom: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][1] < 1e-9)
        .collect();
    let tissue = Material::soft(young, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[tissue], &bottom).unwrap();
    let above = [0.05, TOP + RADIUS + CLEAR, 0.05];
    world
        .add_tool(ToolShape::Sphere { radius: RADIUS }, above, 0.1)
        .unwrap();
    world
}

/// The device, shared with the test. A lock is fine on a virtual clock.
struct Shared {
    device: Arc<Mutex<SimulatedDevice>>,
    info: DeviceInfo,
}

impl HapticDevice for Shared {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.device.lock().unwrap().read()
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.device.lock().unwrap().write(wrench)
    }

    fn zero(&mut self) {
        self.device.lock().unwrap().zero();
    }
}

/// A tick with a simulated device over tissue, past its start.
pub struct InTissue {
    device: Arc<Mutex<SimulatedDevice>>,
    pub tick: Tick,
}

impl InTissue {
    pub fn new(world: World, model: DeviceModel) -> Self {
        Self::with(world, model, ControlOptions::default())
    }

    pub fn with(world: World, model: DeviceModel, control: ControlOptions) -> Self {
        let arm = Arm::pushing([0.0; 3], 2.0);
        let device = SimulatedDevice::new(model, arm, DT).unwrap();
        let info = device.info().clone();
        let device = Arc::new(Mutex::new(device));
        let shared = Shared {
            device: Arc::clone(&device),
            info,
        };
        let options = TickOptions {
            control,
            ..TickOptions::default()
        };
        let tick = Tick::new(world, Box::new(shared), options).unwrap();
        let mut hand = Self { device, tick };
        hand.ticks(1_100);
        hand
    }

    /// Looks into the device, or tells its hand what to do.
    pub fn device<T>(&self, look: impl FnOnce(&mut SimulatedDevice) -> T) -> T {
        look(&mut self.device.lock().unwrap())
    }

    /// `count` ticks; the last row.
    pub fn ticks(&mut self, count: u32) -> TraceRow {
        let mut row = TraceRow::default();
        for _ in 0..count {
            row = self.tick.advance([], 0);
        }
        row
    }
}
