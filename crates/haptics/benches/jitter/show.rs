//! Tables in Markdown, for people and for the documentation.

use haptics::{Percentiles, Wish};

use crate::bars::{Bar, us};
use crate::options::{self, Options};
use crate::run::{BURNERS, Outcome, run};

/// All that one run says.
pub fn one(outcome: &Outcome, seed: u64) {
    let stats = &outcome.stats;
    let (ticks, tetrahedra) = (stats.ticks, outcome.tetrahedra);
    println!(
        "\nSeed {seed}: {ticks} ticks, {tetrahedra} tetrahedra, {BURNERS} burners, {}, steal {}\n",
        stats.placement.scheduler,
        steal(outcome)
    );
    refusals(outcome);
    println!("| us | p50 | p99 | p99.9 | p99.99 | max |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    let (ours, theirs) = (
        stats.lateness.percentiles(),
        outcome.reference.lateness.percentiles(),
    );
    row("lateness", &ours);
    row("lateness of the reference", &theirs);
    ratio(&ours, &theirs);
    row("CPU time of a tick", &stats.cpu.percentiles());
    let d = stats.disturbance.unwrap_or_default();
    println!(
        "\n{:.1} Hz; {} ticks dropped, at most {} in a row without one on time (reference: {} \
         dropped); {} allocations; after warm-up {} minor and {} major faults, {} waits beside \
         the deadline, {} preemptions in {} ticks\n",
        stats.achieved_hz(),
        stats.counters.dropped,
        stats.counters.longest_burst,
        outcome.reference.dropped,
        outcome.allocations,
        d.minor_faults,
        d.major_faults,
        d.waits,
        d.preemptions,
        d.ticks
    );
}

fn refusals(outcome: &Outcome) {
    let placement = &outcome.stats.placement;
    for why in [
        &placement.passed_over,
        &placement.memory_unlocked,
        &placement.memory_untouched,
        &placement.deep_sleep,
    ]
    .into_iter()
    .flatten()
    {
        println!("refused: {why}\n");
    }
}

fn steal(outcome: &Outcome) -> String {
    let steal = outcome.stats.steal;
    steal.map_or("unknown".to_owned(), |s| format!("{:.2} %", 100.0 * s))
}

fn row(name: &str, tail: &Percentiles) {
    let values = values(tail).map(|ns| format!("{:.1}", us(ns)));
    println!("| {name} | {} |", values.join(" | "));
}

fn values(tail: &Percentiles) -> [u64; 5] {
    [
        tail.p50_ns,
        tail.p99_ns,
        tail.p99_9_ns,
        tail.p99_99_ns,
        tail.max_ns,
    ]
}

fn ratio(ours: &Percentiles, theirs: &Percentiles) {
    let pairs = values(ours).into_iter().zip(values(theirs));
    let ratios: Vec<String> = pairs
        .map(|(a, b)| format!("{:.2}", a as f64 / b.max(1) as f64))
        .collect();
    println!("| ratio | {} |", ratios.join(" | "));
}

/// Each bar, and whether it holds.
pub fn bars(bars: &[Bar]) {
    for bar in bars {
        let word = if bar.holds() { "ok    " } else { "MISSED" };
        let sense = if bar.least { "at least" } else { "at most" };
        println!(
            "{word} {}: {:.1}, {sense} {:.1}",
            bar.name, bar.value, bar.limit
        );
    }
}

/// A row for each mode, one after the other, lateness of loop / reference in microseconds.
pub fn modes(options: &Options) {
    println!("\nLateness in us, of the loop / of the reference beside it.\n");
    println!(
        "| mode | Hz | p50 | p99 | p99.9 | p99.99 | max | dropped | longest burst | CPU p50 | CPU \
         p99.99 | steal |"
    );
    println!(
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    );
    for mode in options::modes() {
        let outcome = run(options, mode, *options.seeds.start());
        let (ours, theirs) = (
            outcome.stats.lateness.percentiles(),
            outcome.reference.lateness.percentiles(),
        );
        let pairs = values(&ours).into_iter().zip(values(&theirs));
        let tail: Vec<String> = pairs
            .map(|(a, b)| format!("{:.0} / {:.0}", us(a), us(b)))
            .collect();
        let cpu = outcome.stats.cpu.percentiles();
        println!(
            "| {} | {:.1} | {} | {} / {} | {} | {:.0} | {:.0} | {} |",
            name(&mode, &outcome),
            outcome.stats.achieved_hz(),
            tail.join(" | "),
            outcome.stats.counters.dropped,
            outcome.reference.dropped,
            outcome.stats.counters.longest_burst,
            us(cpu.p50_ns),
            us(cpu.p99_99_ns),
            steal(&outcome)
        );
    }
}

/// With a word where the system refused what was asked for.
fn name(mode: &options::Mode, outcome: &Outcome) -> String {
    let got = outcome.stats.placement.scheduler.name();
    let asked = match mode.scheduler {
        Wish::Normal => "normal",
        Wish::Fifo { .. } => "fifo",
        Wish::Deadline(_) => "deadline",
    };
    if got == asked {
        mode.name.to_owned()
    } else {
        format!("{} (refused: {got})", mode.name)
    }
}
