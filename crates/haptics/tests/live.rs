//! The thread against the wall clock, with margins that a busy machine cannot break.

mod common;

use std::time::{Duration, Instant};

use common::{START, TOP, Watch, Watched, hand, tick};
use haptics::{
    Command, CommandError, DeadlineShares, Event, Fault, Happening, Live, LiveError, LiveOptions,
    Scheduler, Tick, TickOptions, Wish,
};

fn watched(watch: &Watch) -> Tick {
    tick(Watched::new(watch), TickOptions::default())
}

/// Waits until `done`, at most 20 s.
fn wait(mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "waited in vain");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn press() -> Command {
    Command::Aim {
        point: [START[0], TOP - 0.01, START[2]],
    }
}

#[test]
fn it_ticks_takes_commands_and_hands_everything_back() {
    let watch = Watch::default();
    let mut live = Live::start(watched(&watch), LiveOptions::default()).unwrap();
    assert!(live.is_running());
    wait(|| live.snapshot().tick > 1_200);
    live.send(press()).unwrap();
    wait(|| live.snapshot().probe.force[1] > 0.1);
    wait(|| watch.force_n() > 0.1);
    let seen = live.snapshot().tick;
    let stopped = live.stop().unwrap();
    assert_eq!(watch.force_n(), 0.0);
    assert!(!live.is_running());
    assert_eq!(stopped.panic, None);
    assert_eq!(
        stopped.stats.control.safety.silenced, 0,
        "the end is no fault"
    );
    assert!(stopped.tick.tick() >= seen);
    assert_eq!(live.snapshot().tick, stopped.tick.tick());
    assert!(matches!(live.stop(), Err(LiveError::AlreadyStopped)));
    assert_eq!(live.send(press()), Err(CommandError::Stopped));

    let stats = stopped.stats;
    assert_eq!(stats.ticks, stopped.tick.tick());
    assert_eq!(stats.lateness.percentiles().count, stats.ticks);
    assert!(stats.achieved_hz() > 100.0, "{} Hz", stats.achieved_hz());
    // Deadlines are kept or dropped, never added to: the grid accounts for the whole time.
    let grid = (stats.ticks + stats.counters.dropped) as f64 * 1e-3;
    let wall = stats.elapsed_ns as f64 * 1e-9;
    assert!((grid - wall).abs() < 2e-3, "{grid} s of {wall} s");
}

#[test]
fn without_real_time_it_says_why() {
    let options = LiveOptions {
        scheduler: Wish::Normal,
        ..LiveOptions::default()
    };
    let mut live = Live::start(watched(&Watch::default()), options).unwrap();
    wait(|| live.snapshot().tick > 10);
    assert_eq!(live.placement().scheduler.name(), "normal");
    assert_eq!(live.placement().scheduler.why(), Some("not asked for"));
    let stopped = live.stop().unwrap();
    assert_eq!(&stopped.stats.placement, live.placement());
}

#[test]
fn with_real_time_it_is_granted_or_the_refusal_is_on_record() {
    let live = Live::start(watched(&Watch::default()), LiveOptions::default()).unwrap();
    match &live.placement().scheduler {
        Scheduler::Fifo { priority } => assert_eq!(*priority, 75),
        Scheduler::Normal { why } => {
            assert_ne!(why, "not asked for");
            assert!(why.len() > 10, "{why}");
        }
        Scheduler::Deadline(_) => panic!("not asked for"),
    }
}

#[test]
fn a_deadline_is_granted_or_its_refusal_is_on_record_and_falls_back() {
    let options = LiveOptions {
        scheduler: Wish::Deadline(DeadlineShares::default()),
        ..LiveOptions::default()
    };
    let mut live = Live::start(watched(&Watch::default()), options).unwrap();
    wait(|| live.snapshot().tick > 10);
    let placement = live.placement().clone();
    match &placement.scheduler {
        Scheduler::Deadline(shares) => {
            assert_eq!(*shares, DeadlineShares::default());
            assert_eq!(placement.passed_over, None);
        }
        Scheduler::Fifo { .. } | Scheduler::Normal { .. } => {
            assert!(placement.passed_over.unwrap().contains("SCHED_DEADLINE"));
        }
    }
}

#[test]
fn a_run_tells_what_the_system_did_to_its_thread() {
    let mut live = Live::start(watched(&Watch::default()), LiveOptions::default()).unwrap();
    wait(|| live.snapshot().tick > 1_000);
    let stats = live.stop().unwrap().stats;
    let disturbance = stats.disturbance;
    if cfg!(target_os = "linux") {
        let disturbance = disturbance.expect("the kernel counts");
        assert!(disturbance.ticks >= 800, "{disturbance:?}");
        assert_eq!(disturbance.major_faults, 0);
        // Nobody holds a lock; a host may still stop a virtual machine in the middle of a tick.
        assert!(
            disturbance.waits < disturbance.ticks / 10,
            "{disturbance:?}"
        );
        assert!((0.0..=1.0).contains(&stats.steal.expect("the kernel tells")));
    } else {
        assert_eq!(disturbance, None);
    }
}

#[test]
fn dropping_the_handle_takes_the_force_off() {
    let watch = Watch::default();
    let mut live = Live::start(watched(&watch), LiveOptions::default()).unwrap();
    wait(|| live.snapshot().tick > 1_200);
    live.send(press()).unwrap();
    wait(|| watch.force_n() > 0.1);
    drop(live);
    assert_eq!(watch.force_n(), 0.0);
    let writes = watch.writes();
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(watch.writes(), writes, "still ticks");
}

#[test]
fn a_panic_takes_the_force_off_and_is_reported() {
    let watch = Watch::default();
    let mut device = Watched::new(&watch);
    device.spoil = |sample| {
        assert!(sample.seq < 1_500, "broken on purpose");
        Ok(sample)
    };
    let tick = tick(device, TickOptions::default());
    let mut live = Live::start(tick, LiveOptions::default()).unwrap();
    live.send(press()).unwrap();
    wait(|| !live.is_running());
    assert_eq!(watch.force_n(), 0.0);
    let mut events: Vec<Event> = Vec::new();
    live.drain_events(&mut events);
    let last = events.last().expect("an event");
    assert_eq!(last.what, Happening::Fault(Fault::Panic));
    assert_eq!(last.what.kind(), "tick.fault");
    let stopped = live.stop().unwrap();
    assert_eq!(stopped.panic.as_deref(), Some("broken on purpose"));
    let mut trace = Vec::new();
    live.drain_trace(&mut trace);
    assert_eq!(trace.len(), 1_499);
}

#[test]
fn too_many_commands_are_refused() {
    let options = LiveOptions {
        room: haptics::Capacities {
            commands: 8,
            ..Default::default()
        },
        ..LiveOptions::default()
    };
    let mut live = Live::start(watched(&Watch::default()), options).unwrap();
    let refused = (0..1_000_000).find_map(|_| live.send(press()).err());
    assert_eq!(refused, Some(CommandError::Full { capacity: 8 }));
}

#[test]
fn ticks_shorter_than_a_thread_can_be_woken_for_are_refused() {
    for dt in [1e-12, 9e-5] {
        let mut world = softbody::World::new(dt, [0.0; 3]).unwrap();
        let mesh = softbody::TetMesh::boxed([0.1; 3], [2; 3]).unwrap();
        let tissue = softbody::Material::soft(5e3, 0.45, 1e3);
        world.add_soft_body(&mesh, &[tissue], &[]).unwrap();
        let shape = softbody::ToolShape::Sphere { radius: 0.01 };
        world.add_tool(shape, START, 0.0).unwrap();
        let tick = Tick::new(world, Box::new(hand()), TickOptions::default()).unwrap();
        let refused = Live::start(tick, LiveOptions::default()).err();
        assert!(matches!(refused, Some(LiveError::Option { .. })), "{dt} s");
    }
}
