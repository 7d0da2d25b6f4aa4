//! What the loop is held to. Where the machine itself is worse than an absolute bar, the bar is
//! three times what the reference loop met in the same minute.

use haptics::{Disturbance, Percentiles};

use crate::run::Outcome;
use crate::scene::DT;

/// One quantity and its limit.
pub struct Bar {
    pub name: &'static str,
    pub value: f64,
    pub limit: f64,
    /// More is better.
    pub least: bool,
    /// Has to hold in every try, since no other program can spoil it.
    pub always: bool,
}

impl Bar {
    pub fn holds(&self) -> bool {
        if self.least {
            self.value >= self.limit
        } else {
            self.value <= self.limit
        }
    }
}

/// How much later than the reference the loop may be.
const RATIO: f64 = 3.0;

pub fn bars(outcome: &Outcome) -> Vec<Bar> {
    let mut bars = vec![rate(outcome)];
    bars.extend(lateness(outcome));
    bars.extend(cpu(&outcome.stats.cpu.percentiles()));
    bars.extend(nothing(outcome));
    bars
}

fn rate(outcome: &Outcome) -> Bar {
    let reference = &outcome.reference;
    let share = reference.ticks as f64 / (reference.ticks + reference.dropped) as f64;
    Bar {
        name: "rate, Hz",
        value: outcome.stats.achieved_hz(),
        limit: (0.99 / DT).min(0.99 * share / DT),
        least: true,
        always: false,
    }
}

fn lateness(outcome: &Outcome) -> [Bar; 4] {
    let (ours, theirs) = (
        outcome.stats.lateness.percentiles(),
        outcome.reference.lateness.percentiles(),
    );
    let bar = |name, ours, theirs, floor: f64| Bar {
        name,
        value: us(ours),
        limit: floor.max(RATIO * us(theirs)),
        least: false,
        always: false,
    };
    [
        bar("lateness p50, us", ours.p50_ns, theirs.p50_ns, 30.0),
        bar("lateness p99, us", ours.p99_ns, theirs.p99_ns, 500.0),
        bar("lateness p99.9, us", ours.p99_9_ns, theirs.p99_9_ns, 500.0),
        bar(
            "lateness p99.99, us",
            ours.p99_99_ns,
            theirs.p99_99_ns,
            500.0,
        ),
    ]
}

/// 200 and 300 us, or what the physics takes anyway times two and three: the tail belongs to the
/// loop, the median to the size of the tissue.
fn cpu(cpu: &Percentiles) -> [Bar; 2] {
    let bar = |name, value, floor: f64, times: f64| Bar {
        name,
        value: us(value),
        limit: floor.max(times * us(cpu.p50_ns)),
        least: false,
        always: false,
    };
    [
        bar("CPU time p99.9, us", cpu.p99_9_ns, 200.0, 2.0),
        bar("CPU time p99.99, us", cpu.p99_99_ns, 300.0, 3.0),
    ]
}

fn nothing(outcome: &Outcome) -> [Bar; 3] {
    let Disturbance {
        minor_faults,
        major_faults,
        waits,
        ..
    } = outcome.stats.disturbance.unwrap_or_default();
    let zero = |name, count: u64| Bar {
        name,
        value: count as f64,
        limit: 0.0,
        least: false,
        always: true,
    };
    [
        zero("allocations and frees", outcome.allocations),
        zero("page faults after warm-up", minor_faults + major_faults),
        zero("waits for anything but the deadline", waits),
    ]
}

pub fn us(ns: u64) -> f64 {
    ns as f64 * 1e-3
}
