//! The port in a whole run: where hands begin, and that a record tells all that its seal depends on.

mod common;

use haptics::{
    Command, ControlOptions, HapticDevice, Lockstep, PortModel, ReplayDevice, Tick, TickOptions,
    TraceRow, drivers, first_difference,
};

use common::{DT, RADIUS, START, TOP, clock, world};

/// Over the block and beside its middle.
const PIVOT: [f64; 3] = [0.02, TOP + 0.15, 0.09];

fn with_port() -> TickOptions {
    TickOptions {
        control: ControlOptions {
            port: PortModel {
                on: true,
                pivot: PIVOT,
                ..PortModel::default()
            },
            ..ControlOptions::default()
        },
        ..TickOptions::default()
    }
}

fn tick(device: Box<dyn HapticDevice>, options: TickOptions) -> Tick {
    Tick::new(world(), device, options).unwrap()
}

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
    sum.sqrt()
}

#[test]
fn a_hand_begins_where_the_handle_is_and_the_tool_stays_where_it_was() {
    for name in ["hand", "mouse", "simulated"] {
        let device = drivers::open_at(name, START, DT).unwrap();
        let mut run = Lockstep::new(tick(device, with_port()), clock());
        run.advance(300);
        let tool = run.snapshot().probe.position;
        assert!(distance(tool, START) < 1e-9, "{name}: {tool:?}");
    }
}

#[test]
fn an_aim_is_where_the_tip_goes() {
    for name in ["hand", "mouse"] {
        let device = drivers::open_at(name, START, DT).unwrap();
        let mut run = Lockstep::new(tick(device, with_port()), clock());
        for point in [
            [0.08, TOP + 0.02, 0.05],
            [0.03, TOP + 0.03, 0.01],
            [0.05, TOP + 0.05, 0.1],
        ] {
            run.send(Command::Aim { point }).unwrap();
            run.advance(1500);
            let tool = run.snapshot().probe.position;
            // The seal holds the shaft with 0.6 N against an arm of 400 N/m.
            assert!(distance(tool, point) < 2e-3, "{name}: {tool:?}");
        }
    }
}

/// A press with a device whose loop came late, so that the coupling and the seal were softened.
fn pressed_late(share: f64) -> (Vec<TraceRow>, ControlOptions, haptics::DeviceInfo) {
    let device = drivers::open_at("simulated", START, DT).unwrap();
    let mut late = tick(device, with_port());
    late.limit_stiffness(share);
    let control = late.control_options();
    let info = late.device_info().clone();
    let mut run = Lockstep::new(late, clock());
    let point = [START[0], 0.06 + 0.5 * RADIUS, START[2]];
    run.send(Command::Aim { point }).unwrap();
    run.advance(800);
    let mut rows = Vec::new();
    run.drain_trace(&mut rows);
    (rows, control, info)
}

#[test]
fn a_record_of_a_late_loop_replays_with_its_softer_seal() {
    for share in [1.0, 0.5, 0.1] {
        let (rows, control, info) = pressed_late(share);
        assert!(rows.iter().any(|row| row.contacts > 0));
        let device = ReplayDevice::from_trace(&rows, info);
        let options = TickOptions {
            control,
            ..TickOptions::default()
        };
        let mut again = Lockstep::new(tick(Box::new(device), options), clock());
        again.advance(rows.len() as u64);
        let mut out = Vec::new();
        again.drain_trace(&mut out);
        assert_eq!(first_difference(&rows, &out), None, "share {share}");
    }
}
