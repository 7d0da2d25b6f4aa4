//! A wall that never yields, pressed by a loose hand through a coupling (K, B): does it come to rest?
#![allow(dead_code, reason = "test and picture use their own parts")]

use haptics::{
    Arm, Control, ControlOptions, DeviceModel, Gains, HapticDevice, LocalModel, Mapping, Rendering,
    Row, SimulatedDevice, Wrench,
};
use softbody::Pose;

pub const DT: f64 = 1e-3;
/// What the hand presses with, N.
pub const PUSHES: [f64; 3] = [0.5, 1.0, 2.5];
/// How much it brakes, N s/m: a loose hand is the hardest case.
const HAND: f64 = 0.5;
const WALL_Y: f64 = -0.005;
/// Start ramp, then the press, then what is looked at, ticks.
const STARTED: u64 = 1_100;
const PRESSED: u64 = 1_500;
const WATCHED: u64 = 700;

const HOME: Pose = Pose {
    position: [0.0; 3],
    orientation: [1.0, 0.0, 0.0, 0.0],
};

fn wall() -> LocalModel {
    let mut model = LocalModel::empty(HOME, 0, u32::MAX);
    assert!(model.push(Row::wall(
        [0.0, 1.0, 0.0],
        [0.0, WALL_Y, 0.0],
        HOME.position
    )));
    model
}

/// Peak-to-peak motion of the handle after a press of `push_n`, m. `passivity`: with the controller.
pub fn cycle(model: DeviceModel, gains: Gains, push_n: f64, passivity: bool) -> f64 {
    let mut device = SimulatedDevice::new(model, Arm::pushing([0.0; 3], 2.0), DT).unwrap();
    let options = ControlOptions {
        mapping: Some(Mapping::identity()),
        gains: Some(gains),
        passivity,
        ..ControlOptions::default()
    };
    let control = Control::new(device.info(), &options, HOME, DT).unwrap();
    let mut control = control.by_model();
    let mut rendering = Rendering::new(wall(), DT);
    let (mut low, mut high) = (f64::MAX, f64::MIN);
    for tick in 1..=STARTED + PRESSED + WATCHED {
        if tick == STARTED {
            device.set_arm(Arm::pushing([0.0, -push_n, 0.0], HAND));
        }
        let sample = device.read().unwrap();
        control.take(&sample);
        let felt = control.feel(tick, &mut rendering, HOME.orientation);
        let on_tool = Wrench {
            f: felt.force,
            t: felt.torque,
            grip: 0.0,
        };
        device.write(&control.answer(&on_tool)).unwrap();
        if tick > STARTED + PRESSED {
            low = low.min(device.position()[1]);
            high = high.max(device.position()[1]);
        }
    }
    high - low
}

/// The largest cycle over all pushes, m.
pub fn worst_cycle(model: DeviceModel, gains: Gains, passivity: bool) -> f64 {
    let cycles = PUSHES.map(|push_n| cycle(model, gains, push_n, passivity));
    cycles.into_iter().fold(0.0, f64::max)
}

/// What counts as a limit cycle of a device, m.
pub fn allowed(model: DeviceModel) -> f64 {
    (4.0 * model.step_m).max(100e-6)
}

/// A spring and a damper for place alone.
pub fn gains(stiffness: f64, damping: f64) -> Gains {
    Gains {
        stiffness,
        damping,
        rotational_stiffness: f64::INFINITY,
    }
}
