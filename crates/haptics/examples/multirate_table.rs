//! The figures of "Tissue that is too large for the tick" in docs/haptics.md, as JSON:
//!
//! ```text
//! cargo run --release -p haptics --example multirate_table
//! ```

#[path = "../tests/multirate/block.rs"]
mod block;
#[path = "../tests/multirate/lump.rs"]
mod lump;

use block::{KINDS, Score, Truth};
use haptics::TOUCH;
use lump::{EVERY, Push, Way, press, pushes, stiffest, sweep};
use serde_json::{Value, json};

/// As far as stiffness is swept, N/m.
const TOP: f64 = 4_658.0;
/// Cells over the block's height, encoder step (m), and substeps in a step of the tissue.
const BLOCKS: [(usize, f64, Option<u32>); 4] = [
    (8, 0.0, None),
    (8, 0.0, Some(12)),
    (8, TOUCH.step_m, None),
    (12, 0.0, None),
];

fn hz(every: u32) -> f64 {
    (1e4 / f64::from(every)).round() / 10.0
}

fn main() {
    let stiffness: Vec<Value> = EVERY.iter().map(|every| of_lump(*every)).collect();
    let forces: Vec<Value> = BLOCKS.iter().flat_map(|block| of_block(*block)).collect();
    let table = json!({ "model_problem": stiffness, "block_of_liver": forces });
    println!("{table:#}");
}

fn of_lump(every: u32) -> Value {
    let [force, place, local] =
        [Way::ForceHeld, Way::PlaceHeld, Way::Local].map(|way| stiffest(way, every, TOP).round());
    let (mut worst, mut step, mut share) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (k, push) in sweep(2_000.0).flat_map(|k| pushes().map(move |push| (k, push))) {
        let out = press(Way::Local, k, push, every);
        worst = worst.min(out.worst_j);
        step = step.max(out.counts.largest_step_n);
        if let Push::Leaning(_) = push {
            share = share.max(out.counts.largest_step_share);
        }
    }
    json!({
        "slow_hz": hz(every),
        "force_held_n_per_m": force,
        "place_held_n_per_m": place,
        "local_model_n_per_m": local,
        "worst_energy_mj": 1e3 * worst,
        "largest_step_n": step,
        "largest_step_share_leaning": share,
    })
}

fn of_block((cells, step_m, substeps): (usize, f64, Option<u32>)) -> Vec<Value> {
    let truth = Truth::new(cells, step_m, 2);
    let slow = EVERY.into_iter().filter(|every| *every > 1);
    let row = |every: u32| {
        let each = KINDS.map(|kind| truth.score(kind, every, substeps));
        let mut all = Score::default();
        each.iter().for_each(|score| all.merge(score));
        json!({
            "slow_hz": hz(every),
            "tetrahedra": 24 * cells.pow(3),
            "encoder_step_um": 1e6 * step_m,
            "substeps": substeps,
            "error_tap": each[0].error(),
            "error_press": each[1].error(),
            "error_slide": each[2].error(),
            "error": all.error(),
            "largest_step_n": all.step_n,
            "largest_step_share": all.step_share,
        })
    };
    slow.map(row).collect()
}
