//! The stability map of T4 as JSON, for the picture in docs/haptics.md: for each device model and
//! delay, the largest stiffness without a limit cycle at each damping, with the passivity controller
//! and without, and the gains that are advertised.
//!
//! `cargo bench -p haptics --bench stability` prints it; half a minute.

#[path = "../../tests/stability/map.rs"]
mod map;

use haptics::{DEVICE_MODELS, DeviceModel, Gains};
use serde_json::{Value, json};

use map::{DT, allowed, gains, worst_cycle};

/// Stiffness from 100 N/m upwards, in steps of 15 %.
const STEPS: i32 = 40;
const DAMPINGS: [f64; 11] = [0.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0, 26.0, 32.0, 40.0];

/// The largest stiffness below which there is no cycle, N/m; None where the least has one.
fn bears(model: DeviceModel, damping: f64, passivity: bool) -> Option<f64> {
    let rising = (0..STEPS).map(|i| 100.0 * 1.15_f64.powi(i));
    let calm = |k: &f64| worst_cycle(model, gains(*k, damping), passivity) <= allowed(model);
    rising.take_while(calm).last()
}

fn line(model: DeviceModel) -> Value {
    let info = model.info();
    let top = Gains::for_device(&info, DT);
    let limits =
        |passivity| -> Vec<Option<f64>> { DAMPINGS.map(|b| bears(model, b, passivity)).to_vec() };
    json!({
        "model": model.name,
        "delay_ticks": model.delay_ticks,
        "damping": DAMPINGS,
        "limit": limits(false),
        "limit_with_controller": limits(true),
        "advertised": {"stiffness": top.stiffness, "damping": top.damping},
    })
}

fn main() {
    let models = DEVICE_MODELS.into_iter();
    let lines = models.flat_map(|model| (0..=3).map(move |delay| line(model.delayed(delay))));
    let lines: Vec<Value> = lines.collect();
    println!(
        "{}",
        json!({"test": "T4", "pushes_n": map::PUSHES, "lines": lines})
    );
}
