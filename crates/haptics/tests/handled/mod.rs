//! A hand, a device and what lies between it and a scene, tick by tick on a virtual clock.
#![allow(dead_code, reason = "each test binary uses its own part")]

use haptics::{
    Arm, Control, ControlOptions, DeviceModel, Gains, HapticDevice, Mapping, SimulatedDevice,
    Wrench,
};
use softbody::Pose;

pub const DT: f64 = 1e-3;
/// Where the device starts and the tool with it.
pub const HOME: Pose = Pose {
    position: [0.0; 3],
    orientation: [1.0, 0.0, 0.0, 0.0],
};

/// What the tool meets: its pose at the end of the tick in, force on it out.
pub trait Scene {
    fn push(&mut self, tool: Pose) -> Wrench;
}

/// Nothing at all.
pub struct FreeSpace;

impl Scene for FreeSpace {
    fn push(&mut self, _: Pose) -> Wrench {
        Wrench::default()
    }
}

/// A spring without mass or friction below y = `top`.
pub struct Spring {
    pub top: f64,
    pub stiffness: f64,
}

impl Scene for Spring {
    fn push(&mut self, tool: Pose) -> Wrench {
        force([
            0.0,
            self.stiffness * (self.top - tool.position[1]).max(0.0),
            0.0,
        ])
    }
}

pub fn force(f: [f64; 3]) -> Wrench {
    Wrench {
        f,
        ..Wrench::default()
    }
}

/// Options that map the device one to one.
pub fn options(gains: Option<Gains>) -> ControlOptions {
    ControlOptions {
        mapping: Some(Mapping::identity()),
        gains,
        ..ControlOptions::default()
    }
}

/// The loop without tissue: the same calls as in `Tick`, in the same order.
pub struct Handled {
    pub device: SimulatedDevice,
    pub control: Control,
}

impl Handled {
    pub fn new(model: DeviceModel, options: ControlOptions) -> Self {
        let device = SimulatedDevice::new(model, Arm::pushing([0.0; 3], 2.0), DT).unwrap();
        let control = Control::new(device.info(), &options, HOME, DT).unwrap();
        Self { device, control }
    }

    /// A tick; returns what the device was given.
    pub fn tick(&mut self, scene: &mut dyn Scene) -> Wrench {
        let sample = self.device.read().unwrap();
        self.control.take(&sample);
        let on_tool = scene.push(self.control.tool());
        let wrench = self.control.answer(&on_tool);
        self.device.write(&wrench).unwrap();
        wrench
    }

    /// A tick with a fault that leaves the reading as it is: no force.
    pub fn faulty_tick(&mut self, scene: &mut dyn Scene) {
        let sample = self.device.read().unwrap();
        self.control.take(&sample);
        let on_tool = scene.push(self.control.tool());
        let wrench = self.control.silence(&on_tool);
        self.device.write(&wrench).unwrap();
    }

    /// Past the start ramp, in free space.
    pub fn started(mut self) -> Self {
        for _ in 0..1_100 {
            self.tick(&mut FreeSpace);
        }
        self
    }
}

/// Small reproducible numbers in 0 .. 1 (xorshift64*, Vigna 2016).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.roll()
    }
}
