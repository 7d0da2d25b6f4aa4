//! The rules for time, on a clock made of numbers.

use std::sync::atomic::AtomicU64;

use softbody::{Material, TetMesh, ToolShape, World};

use super::*;
use crate::device::{DevErr, DeviceInfo, HapticDevice, Sample, Wrench, WriteStatus};
use crate::tick::TickOptions;

const MS: u64 = 1_000_000;

/// Time that passes only while something sleeps or works.
#[derive(Clone, Default)]
struct VirtualTime(Arc<AtomicU64>);

impl VirtualTime {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn pass(&self, ns: u64) {
        self.0.fetch_add(ns, Ordering::Relaxed);
    }
}

/// Wakes exactly on time, but for the sleeps listed: (which, how late in ns).
struct VirtualClock {
    time: VirtualTime,
    oversleeps: Vec<(usize, u64)>,
    sleeps: usize,
}

impl Clock for VirtualClock {
    fn now_ns(&mut self) -> u64 {
        self.time.now()
    }

    fn sleep_until(&mut self, deadline_ns: u64) {
        self.sleeps += 1;
        self.time.pass(deadline_ns.saturating_sub(self.time.now()));
        for (sleep, late) in &self.oversleeps {
            if *sleep == self.sleeps {
                self.time.pass(*late);
            }
        }
    }

    fn cpu_ns(&mut self) -> Option<u64> {
        Some(self.time.now())
    }
}

/// Stays in one place, notes when it was read, and stops the loop after the last reading. A reading
/// takes `cost(n)` nanoseconds.
struct Probe {
    info: DeviceInfo,
    time: VirtualTime,
    cost: fn(u64) -> u64,
    last: u64,
    stop: Arc<AtomicBool>,
    read_at: Arc<std::sync::Mutex<Vec<u64>>>,
}

impl HapticDevice for Probe {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        let mut reads = self.read_at.lock().unwrap();
        reads.push(self.time.now());
        let seq = reads.len() as u64;
        self.time.pass((self.cost)(seq));
        self.stop.store(seq == self.last, Ordering::Release);
        Ok(Sample {
            seq,
            pos: [0.05, 0.2, 0.05],
            ..Sample::default()
        })
    }

    fn write(&mut self, _wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {}
}

/// A soft block, and a ball above it.
fn block() -> World {
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    let mesh = TetMesh::boxed([0.1; 3], [2; 3]).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1e3)], &[])
        .unwrap();
    world
        .add_tool(ToolShape::Sphere { radius: 0.01 }, [0.05, 0.2, 0.05], 0.0)
        .unwrap();
    world
}

/// Runs `ticks` ticks; returns the statistics, when the device was read, and the slow end.
fn run_virtually(
    ticks: u64,
    oversleeps: &[(usize, u64)],
    cost: fn(u64) -> u64,
    room: Capacities,
) -> (TickStats, Vec<u64>, SlowEnd) {
    let (time, stop) = (VirtualTime::default(), Arc::new(AtomicBool::new(false)));
    let read_at = Arc::default();
    let device = Probe {
        info: DeviceInfo {
            model: "probe".to_owned(),
            max_force_n: 1.0,
            ..DeviceInfo::default()
        },
        time: time.clone(),
        cost,
        last: ticks,
        stop: Arc::clone(&stop),
        read_at: Arc::clone(&read_at),
    };
    let mut tick = Tick::new(block(), Box::new(device), TickOptions::default()).unwrap();
    let (mut fast, slow) = exchange(&tick, room);
    let mut clock = VirtualClock {
        time,
        oversleeps: oversleeps.to_vec(),
        sleeps: 0,
    };
    let mut stats = TickStats::default();
    let over = || stop.load(Ordering::Acquire);
    let start_ns = clock.now_ns();
    let mut pulse = Pulse {
        tick: &mut tick,
        fast: &mut fast,
        clock: &mut clock,
        stats: &mut stats,
        spares: &mut TickSide::default(),
        snapshot_every: 5,
        start_ns,
    };
    pulse.run(&over);
    let reads = read_at.lock().unwrap().clone();
    (stats, reads, slow)
}

#[test]
fn on_time_every_millisecond_has_its_tick() {
    let (stats, reads, mut slow) = run_virtually(100, &[], |_| 200_000, Capacities::default());
    assert_eq!(reads, (1..=100).map(|i| i * MS).collect::<Vec<_>>());
    assert_eq!(
        (stats.ticks, stats.counters.dropped, stats.counters.late),
        (100, 0, 0)
    );
    assert_eq!(stats.achieved_hz(), 1_000.0);
    assert_eq!(stats.lateness.percentiles().max_ns, 0);
    let cpu = stats.cpu.percentiles();
    assert!(cpu.count == 100 && cpu.p50_ns.abs_diff(200_000) < 200);
    assert_eq!(slow.snapshot().tick, 100);
}

#[test]
fn a_hold_drops_its_ticks_and_keeps_the_phase() {
    for hold in [1, 2, 5, 10, 50, 200] {
        // The tenth sleep, to the deadline at 10 ms, lasts `hold` and a bit too long.
        let late = hold * MS + 300_000;
        let room = Capacities::default();
        let (stats, reads, mut slow) = run_virtually(20, &[(10, late)], |_| 100_000, room);
        let before = (1..10).map(|i| i * MS);
        let after = (11..=20).map(|i| (i + hold) * MS);
        let expected: Vec<u64> = before.chain([10 * MS + late]).chain(after).collect();
        assert_eq!(reads, expected, "hold of {hold} ms");
        assert_eq!(stats.counters.dropped, hold);
        assert_eq!(stats.counters.late, 1);
        assert_eq!(stats.counters.longest_late_ns, late);
        assert_eq!(stats.counters.longest_burst, hold + 1);
        // Simulated time lags by what was dropped, and the trace has no hole.
        assert_eq!(slow.snapshot().tick, 20);
        let mut trace = Vec::new();
        slow.drain_trace(&mut trace);
        assert!(trace.iter().map(|row| row.tick).eq(1..=20));
    }
}

#[test]
fn a_slow_tick_makes_the_next_one_late_and_no_more() {
    let cost = |n| if n == 5 { 1_400_000 } else { 100_000 };
    let (stats, reads, _) = run_virtually(8, &[], cost, Capacities::default());
    let expected = [1, 2, 3, 4, 5].map(|i| i * MS);
    assert_eq!(reads[..5], expected);
    assert_eq!(reads[5..], [6 * MS + 400_000, 7 * MS, 8 * MS]);
    assert_eq!(stats.counters.dropped, 0);
    assert_eq!(stats.counters.late, 0);
}

#[test]
fn ticks_that_always_take_too_long_halve_the_rate_without_piling_up() {
    let (stats, reads, _) = run_virtually(50, &[], |_| 2 * MS, Capacities::default());
    // Due at 1, done at 3: the tick of 2 is a whole period late and dropped, that of 3 is on time.
    assert!(reads.windows(2).all(|pair| pair[1] - pair[0] == 2 * MS));
    assert_eq!(stats.counters.dropped, 49);
    assert_eq!(stats.ticks, 50);
}

#[test]
fn what_finds_no_room_is_counted() {
    let room = Capacities {
        trace: 30,
        ..Capacities::default()
    };
    let (_, _, mut slow) = run_virtually(100, &[], |_| 0, room);
    let mut trace = Vec::new();
    slow.drain_trace(&mut trace);
    assert_eq!(trace.len(), 30);
    let expected = Lost {
        trace: 70,
        ..Lost::default()
    };
    assert_eq!(slow.lost(), expected);
}

#[test]
fn options_out_of_range_are_refused() {
    let name = |options| match check(&options) {
        Err(LiveError::Option { name, .. }) => name,
        other => panic!("{other:?}"),
    };
    let options = LiveOptions::default();
    let urgent = LiveOptions {
        scheduler: Wish::Fifo { priority: 100 },
        ..options
    };
    assert_eq!(name(urgent), "scheduler.priority");
    let restless = LiveOptions {
        spin_ns: LONGEST_SPIN_NS + 1,
        ..options
    };
    assert_eq!(name(restless), "spin_ns");
    let blind = LiveOptions {
        snapshot_every: 0,
        ..options
    };
    assert_eq!(name(blind), "snapshot_every");
}

/// Hangs in its second reading until it is let go.
struct Hanging {
    info: DeviceInfo,
    reads: u32,
    let_go: std::sync::mpsc::Receiver<()>,
    zeros: Arc<AtomicU64>,
}

impl HapticDevice for Hanging {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.reads += 1;
        if self.reads == 2 {
            let _ = self.let_go.recv();
        }
        Err(DevErr::Late)
    }

    fn write(&mut self, _wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {
        self.zeros.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_device_that_hangs_does_not_hang_who_stops_the_loop() {
    let (hold, let_go) = std::sync::mpsc::channel();
    let zeros = Arc::new(AtomicU64::new(0));
    let device = Hanging {
        info: DeviceInfo::default(),
        reads: 0,
        let_go,
        zeros: Arc::clone(&zeros),
    };
    let tick = Tick::new(block(), Box::new(device), TickOptions::default()).unwrap();
    let mut live = Live::start(tick, LiveOptions::default()).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let told = live.stop_within(Duration::from_millis(100));
    assert!(matches!(told, Err(LiveError::Hangs)));
    // It is the thread that has the device: it takes the force off when the call returns.
    drop(hold);
    let since = std::time::Instant::now();
    while zeros.load(Ordering::SeqCst) == 0 {
        assert!(since.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A device whose maker's thread calls: a frame plays what the device holds when its beat ends.
struct InServo {
    info: DeviceInfo,
    seq: u64,
    held: Arc<AtomicU64>,
    frames: Option<Frames>,
}

#[derive(Clone)]
struct Frames {
    time: VirtualTime,
    held: Arc<AtomicU64>,
    played: Arc<std::sync::Mutex<Vec<f64>>>,
}

impl crate::device::Servo for Frames {
    fn run(&mut self, beat: &mut (dyn FnMut() -> bool + Send)) -> crate::device::ServoEnd {
        loop {
            self.time.pass(MS);
            let more = beat();
            let held = f64::from_bits(self.held.load(Ordering::SeqCst));
            self.played.lock().unwrap().push(held);
            if !more {
                return crate::device::ServoEnd::Asked;
            }
        }
    }
}

impl HapticDevice for InServo {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.seq += 1;
        Ok(Sample {
            seq: self.seq,
            ..Sample::default()
        })
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.held.store(wrench.f[1].to_bits(), Ordering::SeqCst);
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {
        self.held.store(0, Ordering::SeqCst);
    }

    fn take_servo(&mut self) -> Option<Box<dyn crate::device::Servo>> {
        Some(Box::new(self.frames.take()?))
    }
}

#[test]
fn the_last_frame_of_a_maker_s_servo_plays_no_force() {
    let frames = Frames {
        time: VirtualTime::default(),
        held: Arc::default(),
        played: Arc::default(),
    };
    let device = InServo {
        info: DeviceInfo {
            output_dof: 3,
            unborne_kg: 0.1,
            ..DeviceInfo::default()
        },
        seq: 0,
        held: Arc::clone(&frames.held),
        frames: Some(frames.clone()),
    };
    let mut tick = Tick::new(block(), Box::new(device), TickOptions::default()).unwrap();
    let (mut fast, _slow) = exchange(&tick, Capacities::default());
    let mut clock = VirtualClock {
        time: frames.time.clone(),
        oversleeps: Vec::new(),
        sleeps: 0,
    };
    let over = || frames.time.now() >= 1_500 * MS;
    Pulse {
        tick: &mut tick,
        fast: &mut fast,
        clock: &mut clock,
        stats: &mut TickStats::default(),
        spares: &mut TickSide::default(),
        snapshot_every: 5,
        start_ns: 0,
    }
    .run(&over);
    let played = frames.played.lock().unwrap();
    let [.., before, last] = played[..] else {
        panic!("{played:?}");
    };
    assert!(before > 0.9 && last == 0.0, "{before} N, then {last} N");
}
