//! How the loop kept its time: distributions, never means alone.

use hdrhistogram::Histogram;

use crate::control::{ControlCounts, TissueCounts};
use crate::pacer::Wake;
use crate::realtime::{MachineTime, Placement, ThreadUsage};

/// A tick that wakes later than this counts as late, ns.
pub const LATE_NS: u64 = 1_000_000;

/// Largest value told apart, ns; what lies above is counted there.
const TOP_NS: u64 = 60_000_000_000;
/// Significant digits of the histograms.
const DIGITS: u8 = 3;

/// Counts that may be looked at while the loop runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoopCounters {
    /// Whole ticks missed and not made up for. The wall clock is ahead of simulated time by them.
    pub dropped: u64,
    /// Ticks that woke more than [`LATE_NS`] after their deadline.
    pub late: u64,
    /// Largest lateness, ns.
    pub longest_late_ns: u64,
    /// Most ticks in a row of which none was on time: dropped, or begun more than [`LATE_NS`]
    /// after their deadline.
    pub longest_burst: u64,
}

/// The tail of a distribution, ns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percentiles {
    /// Values counted.
    pub count: u64,
    /// Median.
    pub p50_ns: u64,
    /// 99 %.
    pub p99_ns: u64,
    /// 99.9 %.
    pub p99_9_ns: u64,
    /// 99.99 %.
    pub p99_99_ns: u64,
    /// Largest.
    pub max_ns: u64,
}

/// One bar of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Values up to this one, ns; the bucket before ends where this one begins.
    pub to_ns: u64,
    /// How many.
    pub count: u64,
}

/// Times of one kind. Recording neither allocates nor fails.
#[derive(Clone, Debug)]
pub struct Distribution(Histogram<u64>);

impl Default for Distribution {
    fn default() -> Self {
        // The bounds are constants that the library accepts (1 <= low, 2 low <= high, digits <= 5).
        let mut histogram = Histogram::new_with_bounds(1, TOP_NS, DIGITS).expect("constant bounds");
        // Writes to every page, so that recording meets no page fault.
        std::hint::black_box(&mut histogram).clear();
        Self(histogram)
    }
}

impl Distribution {
    /// Counts one time, ns.
    pub fn record(&mut self, ns: u64) {
        self.0.saturating_record(ns);
    }

    /// Median, tail and largest.
    #[must_use]
    pub fn percentiles(&self) -> Percentiles {
        let at = |quantile| self.0.value_at_quantile(quantile);
        Percentiles {
            count: self.0.len(),
            p50_ns: at(0.5),
            p99_ns: at(0.99),
            p99_9_ns: at(0.999),
            p99_99_ns: at(0.9999),
            max_ns: self.0.max(),
        }
    }

    /// Bars for a plot with a logarithmic axis: from 1 us, twenty for each decade.
    #[must_use]
    pub fn buckets(&self) -> Vec<Bucket> {
        let bars = self.0.iter_log(1_000, 10_f64.powf(0.05));
        bars.map(|bar| Bucket {
            to_ns: bar.value_iterated_to(),
            count: bar.count_since_last_iteration(),
        })
        .collect()
    }
}

/// Ticks at the start of a run in which faults and waits do not count.
pub const WARM_UP_TICKS: u64 = 100;

/// What the system did to the ticking thread after [`WARM_UP_TICKS`], or since another thread took
/// over. Looked up every hundredth tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disturbance {
    /// Ticks that were watched.
    pub ticks: u64,
    /// Page faults answered without a disk.
    pub minor_faults: u64,
    /// Page faults that read a disk.
    pub major_faults: u64,
    /// Times the thread waited for anything but its deadline: a lock that another thread held, a
    /// file, a device.
    pub waits: u64,
    /// Times the processor was taken from it.
    pub preemptions: u64,
}

/// How one run kept its time.
#[derive(Clone, Debug, Default)]
pub struct TickStats {
    /// From a tick's deadline to its waking. Empty in lockstep, which has no deadlines.
    pub lateness: Distribution,
    /// Processor time of the thread in one tick, exchange with the slow side included. Empty where
    /// the system does not tell.
    pub cpu: Distribution,
    /// Ticks done.
    pub ticks: u64,
    /// Missed and late ticks.
    pub counters: LoopCounters,
    /// Answers in which the device said that it plays another force than it was given.
    pub echo_errors: u64,
    /// Whether the device drops its force by itself where the loop hangs.
    pub device_watchdog: bool,
    /// What safety chain, passivity controller and watchdog had to do.
    pub control: ControlCounts,
    /// What became of the models of tissue that is computed beside the loop.
    pub tissue: Option<TissueCounts>,
    /// Wall time of its steps. Empty where the tissue is in the tick, and in lockstep.
    pub tissue_steps: Distribution,
    /// Wall time from the first deadline to the end, ns.
    pub elapsed_ns: u64,
    /// How the thread was placed.
    pub placement: Placement,
    /// Faults and waits of the thread. None in the first ticks, and where the system does not
    /// tell.
    pub disturbance: Option<Disturbance>,
    /// Share of the machine's processor time that the host gave to others while this virtual
    /// machine had work. None before the end, and where the system does not tell.
    pub steal: Option<f64>,
    burst: u64,
    warm: Option<(ThreadUsage, u64)>,
    machine: Option<MachineTime>,
}

impl TickStats {
    /// Of a run that is about to begin on a thread placed like this.
    pub(crate) fn starting(placement: Placement) -> Self {
        Self {
            placement,
            machine: MachineTime::now(),
            ..Self::default()
        }
    }

    /// The last words of a run.
    pub(crate) fn ended(&mut self, control: ControlCounts, echo_errors: u64) {
        self.control = control;
        self.echo_errors = echo_errors;
        let now = MachineTime::now().zip(self.machine);
        self.steal = now.and_then(|(now, before)| now.steal_since(before));
    }

    /// Ticks a second of wall time; 0 before the first tick.
    #[must_use]
    pub fn achieved_hz(&self) -> f64 {
        if self.elapsed_ns == 0 {
            0.0
        } else {
            self.ticks as f64 / (self.elapsed_ns as f64 * 1e-9)
        }
    }

    pub(crate) fn woke(&mut self, wake: &Wake) {
        self.lateness.record(wake.lateness_ns);
        self.counters.dropped += wake.dropped;
        self.counters.late += u64::from(wake.lateness_ns > LATE_NS);
        self.counters.longest_late_ns = self.counters.longest_late_ns.max(wake.lateness_ns);
        if wake.dropped == 0 && wake.lateness_ns <= LATE_NS {
            self.burst = 0;
        } else {
            self.burst += wake.dropped + 1;
            self.counters.longest_burst = self.counters.longest_burst.max(self.burst);
        }
    }

    pub(crate) fn worked(&mut self, before: Option<u64>, after: Option<u64>) {
        self.ticks += 1;
        if let (Some(before), Some(after)) = (before, after) {
            self.cpu.record(after.saturating_sub(before));
        }
        if self.ticks.is_multiple_of(WARM_UP_TICKS) {
            self.look_at_thread();
        }
    }

    fn look_at_thread(&mut self) {
        let Some(now) = ThreadUsage::now() else {
            return;
        };
        // A device's maker may tick in a thread of its own: counting begins anew with it.
        let same = self.warm.filter(|(warm, _)| warm.thread == now.thread);
        let (warm, since) = *self.warm.insert(same.unwrap_or((now, self.ticks)));
        let ticks = self.ticks - since;
        self.disturbance = Some(Disturbance {
            ticks,
            minor_faults: now.minor_faults - warm.minor_faults,
            major_faults: now.major_faults - warm.major_faults,
            // Each tick sleeps once, but for those that begin at once because they are late.
            waits: (now.waits - warm.waits).saturating_sub(ticks),
            preemptions: now.preemptions - warm.preemptions,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_within_the_histograms_digits() {
        let mut times = Distribution::default();
        (1..=100_000).for_each(|us| times.record(us * 1_000));
        let tail = times.percentiles();
        assert_eq!(tail.count, 100_000);
        for (got, expected) in [
            (tail.p50_ns, 50_000_000_f64),
            (tail.p99_ns, 99_000_000.0),
            (tail.p99_9_ns, 99_900_000.0),
            (tail.p99_99_ns, 99_990_000.0),
            (tail.max_ns, 100_000_000.0),
        ] {
            assert!(
                (got as f64 / expected - 1.0).abs() < 1e-3,
                "{got} {expected}"
            );
        }
    }

    #[test]
    fn an_enormous_time_is_counted_at_the_top() {
        let mut times = Distribution::default();
        times.record(u64::MAX);
        assert_eq!(times.percentiles().count, 1);
        assert!(times.percentiles().max_ns >= TOP_NS);
    }

    #[test]
    fn buckets_hold_every_value_once() {
        let mut times = Distribution::default();
        for ns in [0, 500, 1_500, 3_000, 3_100, 9_000_000] {
            times.record(ns);
        }
        let buckets = times.buckets();
        assert_eq!(buckets.iter().map(|bar| bar.count).sum::<u64>(), 6);
        assert_eq!(buckets[0].count, 2);
        assert!(buckets.windows(2).all(|pair| pair[0].to_ns < pair[1].to_ns));
        assert!(
            Distribution::default()
                .buckets()
                .iter()
                .all(|bar| bar.count == 0)
        );
    }

    #[test]
    fn a_burst_is_what_passed_between_two_ticks_on_time() {
        let mut stats = TickStats::default();
        let mut burst_after = |lateness_ns, dropped| {
            stats.woke(&Wake {
                lateness_ns,
                dropped,
            });
            stats.counters.longest_burst
        };
        assert_eq!(burst_after(900_000, 0), 0);
        // Three dropped and the one that began late, then a late one in a period of 2 ms.
        assert_eq!(burst_after(3_200_000, 3), 4);
        assert_eq!(burst_after(LATE_NS + 1, 0), 5);
        assert_eq!(burst_after(0, 0), 5);
        assert_eq!(burst_after(1_100_000, 1), 5);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn faults_of_the_warm_up_do_not_count_and_later_ones_do() {
        let touch = |bytes: usize| {
            // Larger than what the allocator keeps at hand: its pages are new.
            let mut fresh = vec![0_u8; bytes];
            fresh.chunks_mut(4096).for_each(|page| page[0] = 1);
            std::hint::black_box(&fresh);
        };
        std::thread::spawn(move || {
            let mut stats = TickStats::default();
            touch(64 << 20);
            (0..WARM_UP_TICKS).for_each(|_| stats.worked(None, None));
            assert_eq!(stats.disturbance.unwrap().minor_faults, 0);
            touch(96 << 20);
            (0..WARM_UP_TICKS).for_each(|_| stats.worked(None, None));
            let disturbance = stats.disturbance.unwrap();
            assert_eq!(disturbance.ticks, WARM_UP_TICKS);
            assert!(disturbance.minor_faults > 0);
        })
        .join()
        .unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn another_thread_begins_its_own_count() {
        let mut stats = TickStats::default();
        let mut tick_in_a_thread = || {
            std::thread::scope(|scope| {
                let ticks = || (0..2 * WARM_UP_TICKS).for_each(|_| stats.worked(None, None));
                scope.spawn(ticks);
            });
            stats.disturbance.unwrap()
        };
        for _ in 0..3 {
            let disturbance = tick_in_a_thread();
            assert_eq!(disturbance.ticks, WARM_UP_TICKS);
            assert!(disturbance.minor_faults < 1_000, "{disturbance:?}");
        }
    }

    #[test]
    fn an_empty_run_has_no_rate() {
        assert_eq!(TickStats::default().achieved_hz(), 0.0);
    }
}
