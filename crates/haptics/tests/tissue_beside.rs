//! Tissue that is stepped beside the loop: the same events, meters and bits as far as they can be, and
//! what happens when it is late.

mod common;

use std::time::Duration;

use common::{START, TOP, clock, hand, tick, world};
use haptics::{
    CODE_TISSUE_CAME, Command, CommandError, CommandRecord, Event, FADE_OUT_S, Happening,
    HapticDevice, LIFE_PERIODS, Live, LiveOptions, Lockstep, ReplayDevice, Tick, TickError,
    TickOptions, TraceRow, first_difference,
};

const EVERY: u32 = 16;

fn options() -> TickOptions {
    TickOptions {
        force_limit_n: 0.3,
        tissue_every: EVERY,
        ..TickOptions::default()
    }
}

fn aim(i: u32) -> Command {
    let phase = f64::from(i) * 0.2;
    let point = [
        START[0] + 0.02 * phase.cos(),
        TOP - 0.008 * (1.0 - phase.cos()),
        START[2] + 0.01 * phase.sin(),
    ];
    Command::Aim { point }
}

fn breath() -> Command {
    Command::MoveSupports {
        body: 0,
        offset: [0.0, 0.004, 0.002],
        ticks: 300,
    }
}

fn lockstep() -> Lockstep {
    let mut run = Lockstep::new(tick(hand(), options()), clock());
    for i in 0..60 {
        run.send(aim(i)).unwrap();
        if i == 20 {
            run.send(breath()).unwrap();
        }
        run.advance(20);
    }
    run
}

fn drained(run: &mut Lockstep) -> (Vec<TraceRow>, Vec<CommandRecord>, Vec<Event>) {
    let (mut trace, mut commands, mut events) = (Vec::new(), Vec::new(), Vec::new());
    run.drain_trace(&mut trace);
    run.drain_commands(&mut commands);
    run.drain_events(&mut events);
    (trace, commands, events)
}

fn replay(trace: &[TraceRow], commands: &[CommandRecord]) -> Lockstep {
    let device = ReplayDevice::from_trace(trace, hand().info().clone());
    let mut run = Lockstep::new(tick(device, options()), clock());
    run.schedule(commands).unwrap();
    run.advance(trace.len() as u64);
    run
}

fn arrivals(commands: &[CommandRecord]) -> impl Iterator<Item = &CommandRecord> {
    commands.iter().filter(|c| c.code == CODE_TISSUE_CAME)
}

fn norm(v: [f64; 3]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[test]
fn in_lockstep_each_step_comes_one_period_after_it_began_and_replays_to_the_bit() {
    let mut run = lockstep();
    let (trace, commands, events) = drained(&mut run);
    let every = u64::from(EVERY);
    for (i, came) in arrivals(&commands).enumerate() {
        assert_eq!(came.tick, (i as u64 + 1) * every);
        assert_eq!(came.values[0] as u64, i as u64 * every);
    }
    assert_eq!(arrivals(&commands).count(), 1_200 / EVERY as usize);
    let counts = run.stats().tissue.unwrap();
    assert_eq!((counts.fell_behind, counts.weak_ticks), (0, 0));
    assert!(trace.iter().any(|row| row.contacts > 0 && row.digest != 0));
    let limit = |e: &Event| matches!(e.what, Happening::ForceLimit { .. });
    assert!(
        events.iter().any(limit) && events.iter().all(limit),
        "{events:?}"
    );

    let mut again = lockstep();
    assert_eq!(first_difference(&trace, &drained(&mut again).0), None);
    let mut replayed = replay(&trace, &commands);
    let (rows, recorded, _) = drained(&mut replayed);
    assert_eq!(first_difference(&trace, &rows), None);
    assert_eq!(commands, recorded);
    assert_eq!(run.tick().meters(), replayed.tick().meters());
    assert_eq!(
        run.tick().world().digest(),
        replayed.tick().world().digest()
    );
    assert_eq!(run.into_tick().into_world().dt(), common::DT);
}

#[test]
fn a_live_run_replays_to_the_bit() {
    let mut live = Live::start(tick(hand(), options()), LiveOptions::default()).unwrap();
    let (mut trace, mut commands) = (Vec::new(), Vec::new());
    let before = live.snapshot().positions.clone();
    for i in 0..60 {
        live.send(aim(i)).unwrap();
        if i == 20 {
            live.send(breath()).unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
        live.drain_trace(&mut trace);
        live.drain_commands(&mut commands);
    }
    let moved = live.snapshot().positions.clone();
    let stopped = live.stop().unwrap();
    live.drain_trace(&mut trace);
    live.drain_commands(&mut commands);
    assert_eq!(stopped.panic, None);
    assert_eq!(trace.len() as u64, stopped.tick.tick());
    assert!(trace.iter().any(|row| row.contacts > 0), "nothing touched");
    assert_eq!(before.len(), moved.len());
    assert!((0..before.len()).any(|n| (before[n][1] - moved[n][1]).abs() > 1e-3));
    let steps = arrivals(&commands).count();
    assert!(steps > 10, "{steps}");
    let timed = stopped.stats.tissue_steps.percentiles().count;
    assert!(timed >= steps as u64);
    assert_eq!(stopped.stats.tissue.unwrap().models, steps as u64);
    assert!(stopped.tick.world().tick() >= steps as u64);

    let mut replayed = replay(&trace, &commands);
    let (rows, recorded, _) = drained(&mut replayed);
    assert_eq!(first_difference(&trace, &rows), None);
    assert_eq!(commands, recorded);
}

/// A replay whose record lacks the arrivals after some tick: tissue that hangs.
#[test]
fn tissue_that_falls_behind_lets_its_force_go_and_says_so_once() {
    let mut run = Lockstep::new(tick(hand(), options()), clock());
    let point = [START[0], TOP - 0.008, START[2]];
    run.send(Command::Aim { point }).unwrap();
    run.advance(1_200);
    let (trace, mut commands, _) = drained(&mut run);
    let back = commands.iter().position(|c| c.tick > 1_000).unwrap();
    let hangs = commands.iter().position(|c| c.tick > 600).unwrap();
    let last = commands[hangs - 1].tick;
    commands.drain(hangs..back);

    let mut late = replay(&trace, &commands);
    let (rows, _, events) = drained(&mut late);
    let told: Vec<&Event> = events
        .iter()
        .filter(|e| matches!(e.what, Happening::TissueBehind { .. }))
        .collect();
    let period = u64::from(EVERY);
    let due = last + LIFE_PERIODS * period + 1;
    assert_eq!(told.len(), 1, "{events:?}");
    assert_eq!((told[0].tick, told[0].what.kind()), (due, "tissue.behind"));
    let gone = due + (FADE_OUT_S / common::DT) as u64;
    let force = |tick: u64| norm(rows[tick as usize - 1].force);
    assert!(force(due - 1) > 0.1);
    assert!(force(due + 25) < 0.6 * force(due - 1) && force(due + 25) > 0.0);
    assert_eq!(force(gone), 0.0);
    assert_eq!(force(commands[hangs].tick - 1), 0.0);
    // No step of the fade is a jolt, neither going nor coming.
    let jolt = |pair: &[TraceRow]| (norm(pair[1].force) - norm(pair[0].force)).abs();
    let largest = rows[500..].windows(2).map(jolt).fold(0.0, f64::max);
    assert!(largest < 0.05, "{largest} N");
    assert!((norm(rows[1_199].force) / norm(trace[1_199].force) - 1.0).abs() < 0.01);
    let counts = late.stats().tissue.unwrap();
    assert_eq!(counts.fell_behind, 1);
    assert!(counts.weak_ticks > 300 && counts.oldest_ticks > 300);
}

#[test]
fn tears_come_with_the_step_they_happened_in() {
    let mut world = world();
    world.body_mut(0).set_capsule(Some(0.05));
    let tick = Tick::new(world, Box::new(hand()), options()).unwrap();
    let mut run = Lockstep::new(tick, clock());
    let point = [START[0], TOP - 0.03, START[2]];
    run.send(Command::Aim { point }).unwrap();
    run.advance(1_000);
    let strain = run.snapshot().probe.strain;
    let (_, commands, events) = drained(&mut run);
    let torn: Vec<&Event> = events
        .iter()
        .filter(|e| matches!(e.what, Happening::TissueTorn { .. }))
        .collect();
    assert!(!torn.is_empty() && strain > 0.05, "{events:?}");
    for event in torn {
        assert!(arrivals(&commands).any(|came| came.tick == event.tick));
    }
}

/// The first contact is felt in the tick it happens in, not a slow period later.
#[test]
fn a_contact_begins_when_the_tool_arrives() {
    for every in [1, 5, 10, 16, 33] {
        let options = TickOptions {
            tissue_every: every,
            ..TickOptions::default()
        };
        let mut run = Lockstep::new(tick(hand(), options), clock());
        let point = [START[0], TOP - 0.01, START[2]];
        run.send(Command::Aim { point }).unwrap();
        run.advance(400);
        let (trace, _, _) = drained(&mut run);
        let first = |touches: fn(&TraceRow) -> bool| trace.iter().position(touches);
        let arrived = first(|row| row.tool[1] < TOP).unwrap();
        let felt = first(|row| row.contacts > 0).unwrap();
        assert!(felt.abs_diff(arrived) <= 1, "{every}: {arrived} {felt}");
        assert!(trace[arrived + 20].force[1] > 0.1, "{every}");
    }
}

#[test]
fn arrivals_cannot_be_sent_and_periods_have_a_range() {
    let came = Command::TissueCame {
        born: 0,
        force: [0.0; 3],
    };
    let mut run = Lockstep::new(tick(hand(), options()), clock());
    assert_eq!(run.send(came), Err(CommandError::OnlyRecorded));
    for every in [0, 51] {
        let options = TickOptions {
            tissue_every: every,
            ..TickOptions::default()
        };
        let refused = Tick::new(world(), Box::new(hand()), options).err();
        assert_eq!(refused, Some(TickError::TissueEvery(every)));
    }
    // Of a step that nobody asked for nothing is made.
    let device = ReplayDevice::from_trace(&[TraceRow::default(); 20], hand().info().clone());
    let mut run = Lockstep::new(tick(device, options()), clock());
    let stray = Command::TissueCame {
        born: 7,
        force: [0.0; 3],
    };
    run.schedule(&[stray.record(10)]).unwrap();
    run.advance(20);
    let (_, commands, events) = drained(&mut run);
    assert!(commands.is_empty());
    assert!(events.iter().any(|e| e.tick == 10), "{events:?}");
}
