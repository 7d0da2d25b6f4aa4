//! T5: tissue at a slow rate, the hand at 1 kHz.

#[path = "multirate/block.rs"]
mod block;
#[path = "multirate/lump.rs"]
mod lump;

use block::{KINDS, Score, Truth, lean};
use haptics::LARGEST_STEP_N;
use lump::{EVERY, Push, Way, press, pushes, stiffest, sweep};

fn hz(every: u32) -> f64 {
    1e3 / f64::from(every)
}

#[test]
fn a_local_model_stays_calm_and_passive_at_every_slow_rate() {
    for every in EVERY {
        let (mut worst, mut step, mut leaning, mut falling) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
        for (k, push) in sweep(2_000.0).flat_map(|k| pushes().map(move |push| (k, push))) {
            let out = press(Way::Local, k, push, every);
            assert!(
                out.is_calm(),
                "{:.0} Hz, {k:.0} N/m, {push:?}: {:.0} um",
                hz(every),
                1e6 * out.swing_m
            );
            // Friction holds the hand within 0.1 N of its push.
            assert!((out.force_share - 1.0).abs() < 0.21, "{k} {push:?} {out:?}");
            worst = worst.min(out.worst_j);
            step = step.max(out.counts.largest_step_n);
            let share = out.counts.largest_step_share;
            match push {
                Push::Leaning(_) => leaning = leaning.max(share),
                Push::Falling(_) => falling = falling.max(share),
            }
        }
        println!(
            "{:4.0} Hz: no cycle; energy {:.3} mJ; a swap changes at most {step:.3} N in a tick, \
             {:.1} % of the force of a hand that leans, {:.1} % of one that falls",
            hz(every),
            1e3 * worst,
            1e2 * leaning,
            1e2 * falling
        );
        assert!(worst >= -1e-4, "{worst} J");
        assert!(step <= LARGEST_STEP_N * (1.0 + 1e-9));
    }
}

/// The figures that the local model is measured against: what is held from step to step becomes
/// unstable, a force in proportion to the period, a place below 100 Hz.
#[test]
fn forces_and_places_that_are_held_collapse() {
    let ways = [Way::ForceHeld, Way::PlaceHeld, Way::Local];
    let table = EVERY.map(|every| ways.map(|way| stiffest(way, every, 4_658.0)));
    for (every, [force, place, local]) in EVERY.iter().zip(&table) {
        println!(
            "{:4.0} Hz: force held {force:5.0}, place held {place:5.0}, local model {local:5.0} N/m",
            hz(*every)
        );
    }
    let [force, place, local] = [0, 1, 2].map(|way| table.map(|row| row[way]));
    assert!(
        force.windows(2).all(|pair| pair[1] < 0.7 * pair[0]),
        "{force:?}"
    );
    assert!(force[0] > 4_000.0 && force[4] < 200.0, "{force:?}");
    assert!(
        place[2] > 4_000.0 && place[3] == 0.0 && place[4] == 0.0,
        "{place:?}"
    );
    assert!(local.iter().all(|k| *k > 4_000.0), "{local:?}");
}

#[test]
fn a_block_of_liver_feels_as_it_does_in_the_tick() {
    let truth = Truth::new(8, 0.0, 2);
    for every in EVERY.into_iter().filter(|every| *every > 1) {
        let mut all = Score::default();
        for kind in KINDS {
            let score = truth.score(kind, every, None);
            print!(
                "{:4.0} Hz {kind:?} {:.2} %, ",
                hz(every),
                1e2 * score.error()
            );
            if every <= 16 {
                assert!(score.error() < 0.05, "{kind:?}: {score:?}");
            }
            all.merge(&score);
        }
        println!(
            "all {:.2} %, a swap changes at most {:.4} N, {:.1} %",
            1e2 * all.error(),
            all.step_n,
            1e2 * all.step_share
        );
        assert!(
            all.step_n <= LARGEST_STEP_N && all.step_share <= 0.05,
            "{all:?}"
        );
        assert_eq!(all.fell_behind, 0);
        assert!(all.error() < if every <= 16 { 0.03 } else { 0.10 });
    }
}

/// The whole loop closed through the tissue: nothing swings, and no energy comes from the slow rate.
#[test]
fn a_loose_hand_that_leans_on_liver_is_at_rest_and_given_no_energy() {
    for every in EVERY {
        for push in [0.3, 1.0] {
            let leant = lean(8, push, every);
            let (um, mj) = (1e6 * leant.swing_m(), 1e3 * leant.worst_j);
            println!("{:4.0} Hz, {push} N: {um:.0} um, {mj:.4} mJ", hz(every));
            assert!(leant.swing_m() <= 220e-6, "{every} {push} {leant:?}");
            assert!(leant.worst_j >= -1e-4, "{every} {push} {leant:?}");
        }
    }
}
