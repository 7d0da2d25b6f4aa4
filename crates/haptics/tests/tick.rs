//! One tick after the other: what it reports, and what reaches the hand when things break.

mod common;

use common::{RADIUS, START, TOP, Watch, Watched, clock, hand, tick, world};
use haptics::{
    Command, CommandError, ControlOptions, DIGEST_EVERY, DevErr, EVENTS_PER_TICK, Event, Fault,
    HandModel, Happening, Lockstep, Mapping, Sample, SimulatedHand, Tick, TickError, TickOptions,
    TraceRow,
};
use softbody::{Material, TetMesh, ToolShape, World};

fn below(depth_m: f64) -> Command {
    Command::Aim {
        point: [0.05, TOP - depth_m, 0.05],
    }
}

fn drained(run: &mut Lockstep) -> (Vec<Event>, Vec<TraceRow>) {
    let (mut events, mut trace) = (Vec::new(), Vec::new());
    run.drain_events(&mut events);
    run.drain_trace(&mut trace);
    (events, trace)
}

fn faults(events: &[Event]) -> Vec<(u64, Fault)> {
    let fault = |event: &Event| match event.what {
        Happening::Fault(fault) => Some((event.tick, fault)),
        _ => None,
    };
    events.iter().filter_map(fault).collect()
}

#[test]
fn a_press_is_felt_metered_and_traced() {
    let mut run = Lockstep::new(tick(hand(), TickOptions::default()), clock());
    run.advance(1_500);
    run.send(below(0.01)).unwrap();
    run.send(Command::Buttons { mask: 3 }).unwrap();
    run.advance(1_000);

    let meters = *run.tick().meters();
    let snapshot = run.snapshot().clone();
    let (events, trace) = drained(&mut run);
    assert!(events.is_empty(), "{events:?}");
    assert!(trace.iter().map(|row| row.tick).eq(1..=2_500));
    for row in &trace {
        assert_eq!(row.digest != 0, row.tick % DIGEST_EVERY == 0);
        assert_eq!(row.buttons, if row.tick > 1_500 { 3 } else { 0 });
    }

    let last = trace[2_499];
    assert!(last.force[1] > 0.1, "no force: {:?}", last.force);
    assert!(last.contacts > 0);
    // The hand stays behind its aim by what the tissue pushes: 400 N/m.
    let behind = last.hand[1] - (TOP - 0.01);
    assert!(
        (behind * 400.0 / last.force[1] - 1.0).abs() < 0.02,
        "{behind} m"
    );

    assert_eq!((snapshot.tick, snapshot.time_s), (2_500, 2.5));
    assert_eq!(snapshot.probe.position, last.tool);
    assert_eq!(snapshot.probe.force, last.force);
    assert_eq!(snapshot.probe.device.f, last.force);
    assert_eq!(
        snapshot.positions.len(),
        run.tick().world().body(0).node_count()
    );
    let touch = snapshot.probe.touch.expect("touches");
    assert!((touch.rest_point[1] - 0.06).abs() < 1e-6, "{touch:?}");
    assert!(touch.normal[1] > 0.5, "{touch:?}");

    let path: f64 = trace
        .windows(2)
        .map(|pair| {
            let way = |i: usize| (pair[1].tool[i] - pair[0].tool[i]).powi(2);
            (way(0) + way(1) + way(2)).sqrt()
        })
        .sum();
    assert!((meters.path_length_m - path).abs() < 1e-9);
    let norm = |row: &TraceRow| row.force.iter().map(|x| x * x).sum::<f64>().sqrt();
    let peak = trace.iter().map(norm).fold(0.0, f64::max);
    assert!((meters.peak_force_n - peak).abs() < 1e-12);
    let touching = trace.iter().filter(|row| row.contacts > 0).count();
    assert!((meters.contact_s - touching as f64 * 1e-3).abs() < 1e-9);
    assert!(meters.peak_strain > 0.0);
}

#[test]
fn the_force_limit_is_reported_once_a_press() {
    let options = TickOptions {
        force_limit_n: 0.2,
        ..TickOptions::default()
    };
    let mut run = Lockstep::new(tick(hand(), options), clock());
    for i in 0..160 {
        // Two slow presses: a ball that hits the block at speed is rightly reported for its knock.
        let phase = std::f64::consts::TAU * f64::from(i) / 80.0;
        run.send(below(0.006 - 0.007 * phase.cos())).unwrap();
        run.advance(20);
    }
    let (events, trace) = drained(&mut run);
    assert_eq!(events.len(), 2, "{events:?}");
    for event in &events {
        let Happening::ForceLimit { force_n, .. } = event.what else {
            panic!("{event:?}");
        };
        assert!(force_n > 0.2);
        assert_eq!(event.what.kind(), "force.limit");
        let row = trace[event.tick as usize - 1];
        assert_eq!((row.tick, row.force[1] > 0.19), (event.tick, true));
    }
    let meters = run.tick().meters();
    assert!(meters.over_limit_s > 0.1 && meters.over_limit_ns > 0.0);
}

#[test]
fn a_force_that_is_never_calm_enough_to_begin_with_is_reported_once() {
    let pressed = [0.05, TOP - 0.008, 0.05];
    let options = TickOptions {
        control: ControlOptions {
            mapping: Some(Mapping::identity()),
            ..ControlOptions::default()
        },
        ..TickOptions::default()
    };
    let hand = SimulatedHand::new(HandModel::hand(), pressed, common::DT).unwrap();
    let mut run = Lockstep::new(tick(hand, options), clock());
    run.advance(6_000);
    let (events, trace) = drained(&mut run);
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0].what.kind(), "force.waits");
    let began = trace.iter().position(|row| row.force[1] > 0.2).unwrap();
    let told = events[0].tick as usize;
    assert!((3_000..3_400).contains(&(told - began)), "{began} {told}");
    assert!(trace.iter().all(|row| row.device_force == [0.0; 3]));

    run.send(below(-0.01)).unwrap();
    run.advance(2_000);
    run.send(below(0.008)).unwrap();
    run.advance(5_000);
    let (events, trace) = drained(&mut run);
    assert!(events.is_empty(), "{events:?}");
    assert!(trace.last().unwrap().device_force[1] > 0.2);
}

#[test]
fn a_torn_capsule_is_reported_where_it_tore() {
    let mut world = world();
    world.body_mut(0).set_capsule(Some(0.05));
    let tick = Tick::new(world, Box::new(hand()), TickOptions::default()).unwrap();
    let mut run = Lockstep::new(tick, clock());
    run.send(below(0.03)).unwrap();
    run.advance(1_000);
    let (events, _) = drained(&mut run);
    let Some(Happening::TissueTorn {
        body,
        strain,
        rest_point,
        ..
    }) = events.first().map(|event| event.what)
    else {
        panic!("nothing tore: {events:?}");
    };
    assert_eq!(body, 0);
    assert!(strain > 0.05);
    assert!((rest_point[1] - 0.06).abs() < 1e-6);
    assert_eq!(events[0].what.kind(), "tissue.torn");
}

#[test]
fn moving_supports_carry_the_organ() {
    let mut run = Lockstep::new(tick(hand(), TickOptions::default()), clock());
    let before = run.snapshot().positions.clone();
    let breath = Command::MoveSupports {
        body: 0,
        offset: [0.0, 0.0, 0.01],
        ticks: 500,
    };
    run.send(breath).unwrap();
    run.advance(2_000);
    let after = &run.snapshot().positions;
    let moved = |i: usize| after[i][2] - before[i][2];
    assert!((0..before.len()).all(|i| (moved(i) - 0.01).abs() < 1e-3));
    let mut applied = Vec::new();
    run.drain_commands(&mut applied);
    assert_eq!(applied, [breath.record(1)]);
}

#[test]
fn a_hand_in_contact_is_silenced_when_the_device_fails_and_gets_its_force_back_slowly() {
    let watch = Watch::default();
    let mut device = Watched::new(&watch);
    device.spoil = |sample| match sample.seq {
        2_000..2_003 => Err(DevErr::Lost),
        2_500 => Ok(Sample {
            pos: [f64::NAN; 3],
            ..sample
        }),
        _ => Ok(sample),
    };
    let mut run = Lockstep::new(tick(device, TickOptions::default()), clock());
    run.advance(1_200);
    run.send(below(0.01)).unwrap();
    run.advance(799);
    let pressed = watch.force_n();
    assert!(pressed > 0.1);
    run.advance(3);
    assert_eq!(watch.force_n(), 0.0);
    run.advance(100);
    assert!(watch.force_n() < 0.6 * pressed);
    run.advance(397);
    assert!(watch.force_n() > 0.9 * pressed);
    run.advance(1);
    assert_eq!(watch.force_n(), 0.0);
    run.advance(500);

    let (events, trace) = drained(&mut run);
    let expected = [
        (2_000, Fault::DeviceRead(DevErr::Lost)),
        (2_500, Fault::PoseNotFinite),
    ];
    assert_eq!(faults(&events), expected);
    // The last good pose is held.
    assert_eq!(trace[2_001].hand, trace[1_998].hand);
    assert!(trace.iter().all(|row| row.hand[1].is_finite()));
    assert_eq!(run.tick().control_counts().safety.silenced, 4);
}

#[test]
fn a_device_that_takes_no_force_is_zeroed_and_reported() {
    let watch = Watch::default();
    let mut device = Watched::new(&watch);
    device.refuse = |n| match n {
        10..20 => Err(DevErr::Fault { code: 0x0202 }),
        _ => Ok(()),
    };
    let mut run = Lockstep::new(tick(device, TickOptions::default()), clock());
    run.advance(30);
    let (events, _) = drained(&mut run);
    let fault = Fault::DeviceWrite(DevErr::Fault { code: 0x0202 });
    assert_eq!(faults(&events), [(10, fault)]);
    assert_eq!(watch.zeros(), 10);
    drop(run);
    assert_eq!(watch.zeros(), 11);
}

#[test]
fn an_unplugged_device_is_one_silence_a_tick() {
    let mut device = Watched::new(&Watch::default());
    device.spoil = |_| Err(DevErr::Lost);
    device.refuse = |_| Err(DevErr::Lost);
    let mut tick = tick(device, TickOptions::default());
    for _ in 0..10 {
        tick.advance([], 0);
    }
    assert_eq!(tick.control_counts().safety.silenced, 10);
    tick.zero();
    assert_eq!(tick.control_counts().safety.silenced, 10);
}

/// A ball deep in a finely meshed block whose capsule has only now become weak.
fn about_to_tear() -> World {
    let mut world = World::new(common::DT, [0.0; 3]).unwrap();
    let mesh = TetMesh::boxed([0.1, 0.02, 0.1], [30, 2, 30]).unwrap();
    let bottom: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][1] < 1e-9)
        .collect();
    let tissue = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[tissue], &bottom).unwrap();
    let top = 0.02 + RADIUS;
    let shape = ToolShape::Sphere { radius: RADIUS };
    world.add_tool(shape, [0.05, top, 0.05], 0.0).unwrap();
    for i in 0..100 {
        world.move_tool(0, [0.05, top - 5e-5 * f64::from(i), 0.05]);
        world.step();
    }
    world.body_mut(0).set_capsule(Some(1e-9));
    world
}

#[test]
fn tears_do_not_crowd_out_the_limit_and_the_faults() {
    let world = about_to_tear();
    let mut device = Watched::new(&Watch::default());
    device.spoil = |_| Err(DevErr::Lost);
    device.refuse = |_| Err(DevErr::Lost);
    let options = TickOptions {
        force_limit_n: 1e-3,
        ..TickOptions::default()
    };
    let mut tick = Tick::new(world, Box::new(device), options).unwrap();
    tick.advance([], 0);
    let events = tick.events();
    assert_eq!(events.len(), EVENTS_PER_TICK);
    let kinds: Vec<_> = events.iter().map(|event| event.what.kind()).collect();
    let expected = ["tick.fault", "force.limit", "tick.fault", "tissue.torn"];
    assert_eq!(kinds[..4], expected);
    let torn = tick.world().ruptures().len();
    assert_eq!(tick.events_lost(), (torn + 3 - EVENTS_PER_TICK) as u64);
}

#[test]
fn commands_that_cannot_be_acted_upon_are_refused_before_the_tick() {
    let mut run = Lockstep::new(tick(hand(), TickOptions::default()), clock());
    let nobody = Command::MoveSupports {
        body: 1,
        offset: [0.0; 3],
        ticks: 1,
    };
    let refused = CommandError::NoSuchBody { body: 1, bodies: 1 };
    assert_eq!(run.send(nobody), Err(refused));
    let nowhere = Command::Aim {
        point: [1e305, 0.0, 0.0],
    };
    assert_eq!(run.send(nowhere), Err(CommandError::TooFar));
    run.advance(10);
    assert_eq!(run.snapshot().probe.position, START);
    // And where someone hands them to the tick itself, they are left out and reported.
    let mut tick = tick(hand(), TickOptions::default());
    let row = tick.advance([nobody, below(0.0)], 0);
    assert_eq!(row.faults, Fault::CommandRefused.bit());
    assert_eq!(tick.applied(), [below(0.0).record(1)]);
    assert_eq!(tick.events().len(), 1);
}

#[test]
fn more_commands_than_a_tick_takes_wait_for_the_next() {
    let mut run = Lockstep::new(tick(hand(), TickOptions::default()), clock());
    for mask in 0..100 {
        run.send(Command::Buttons { mask }).unwrap();
    }
    run.advance(2);
    let (_, trace) = drained(&mut run);
    assert_eq!([trace[0].buttons, trace[1].buttons], [63, 99]);
}

#[test]
fn what_does_not_exist_is_refused() {
    let build = |options| Tick::new(world(), Box::new(hand()), options).err();
    let options = TickOptions::default();
    let no_tool = TickOptions { tool: 1, ..options };
    let expected = TickError::Missing {
        what: "tool",
        index: 1,
        count: 1,
    };
    assert_eq!(build(no_tool), Some(expected));
    let no_organ = TickOptions {
        organ: 7,
        ..options
    };
    assert!(matches!(
        build(no_organ),
        Some(TickError::Missing { what: "body", .. })
    ));
    let no_limit = TickOptions {
        force_limit_n: f64::NAN,
        ..options
    };
    assert!(matches!(build(no_limit), Some(TickError::ForceLimit(_))));
}
