//! A local model through mapping, port and coupling: the tool stands where constraint and spring
//! agree, and the hand feels what that takes.

use haptics::rotation::from_vector;
use haptics::{
    Control, ControlOptions, INVERSE3, LocalModel, Mapping, PortModel, Rendering, Row, Sample,
    Wrench,
};
use softbody::{Pose, UPRIGHT};

const DT: f64 = 1e-3;
const UP: [f64; 3] = [0.0, 1.0, 0.0];
/// The wall, m.
const FLOOR: f64 = -0.01;

/// The hand goes from `from` to `pos` (m, device frame) and is held there, `ticks` in all.
fn hold(
    options: &ControlOptions,
    from: [f64; 3],
    pos: [f64; 3],
    ticks: u64,
) -> (Control, Wrench, Wrench) {
    let start = Pose::from([0.0; 3]);
    let control = Control::new(&INVERSE3.info(), options, start, DT).unwrap();
    let mut control = control.by_model();
    let mut model = LocalModel::empty(start, 0, 16);
    assert!(model.push(Row::wall(UP, [0.0, FLOOR, 0.0], [0.0; 3])));
    let mut rendering = Rendering::new(model, DT);
    let (mut on_tool, mut on_hand) = (Wrench::default(), Wrench::default());
    for tick in 1..=ticks {
        // Born anew in every tick, so that it does not grow old.
        let mut fresh = model;
        fresh.born_tick = tick;
        rendering = Rendering::new(fresh, DT);
        // Without force at first, as the safety chain wants it.
        let share = (tick.saturating_sub(20) as f64 / 500.0).min(1.0);
        control.take(&Sample {
            seq: tick,
            pos: [0, 1, 2].map(|i| from[i] + share * (pos[i] - from[i])),
            ..Sample::default()
        });
        let felt = control.feel(tick, &mut rendering, UPRIGHT);
        on_tool = Wrench {
            f: felt.force,
            t: felt.torque,
            grip: 0.0,
        };
        on_hand = control.answer(&on_tool);
    }
    assert!(rendering.has_room());
    (control, on_tool, on_hand)
}

fn mapped(scale: f64, force_scale: f64) -> ControlOptions {
    ControlOptions {
        mapping: Some(Mapping {
            rotation: from_vector([0.0, 0.7, 0.0]),
            scale,
            force_scale,
            ..Mapping::identity()
        }),
        ..ControlOptions::default()
    }
}

#[test]
fn a_wall_is_the_couplings_own_stiffness_in_the_hand_whatever_the_scales() {
    for (scale, force_scale) in [(1.0, 1.0), (3.0, 0.5), (0.4, 2.0)] {
        let deeper = 0.8e-3;
        let pos = [0.003, FLOOR / scale - deeper, -0.002];
        let (control, on_tool, on_hand) = hold(&mapped(scale, force_scale), [0.0; 3], pos, 3_000);
        let k = control.coupling().gains().stiffness;
        assert!(
            (on_hand.f[1] / (k * deeper) - 1.0).abs() < 1e-3,
            "{on_hand:?}"
        );
        assert!((on_tool.f[1] * force_scale / on_hand.f[1] - 1.0).abs() < 1e-3);
        let place = control.tool().position;
        assert!((place[1] - FLOOR).abs() < 1e-9, "{place:?}");
        // The tool is where the handle with its deflection would put it.
        let (r, _) = control.coupling().deflection();
        let handle = control.mapping().scale * (pos[1] + r[1]);
        assert!((handle - place[1]).abs() < 1e-9, "{handle} {place:?}");
    }
}

#[test]
fn nor_does_the_lever_of_a_port_let_the_tool_into_a_wall() {
    let options = ControlOptions {
        port: PortModel {
            on: true,
            pivot: [0.1, 0.08, 0.0],
            ..PortModel::default()
        },
        ..mapped(1.0, 1.0)
    };
    let start = Control::new(&INVERSE3.info(), &options, Pose::from([0.0; 3]), DT).unwrap();
    // The hand wants the tip 2 mm below the floor.
    let pos = start.aim([0.0, FLOOR - 0.002, 0.0]);
    let (control, on_tool, on_hand) = hold(&options, start.aim([0.0; 3]), pos, 3_000);
    let place = control.tool().position;
    assert!((place[1] - FLOOR).abs() < 1e-6, "{place:?}");
    assert!(
        on_tool.f[1] > 0.5 && on_tool.f[0].abs() < 1e-9,
        "{on_tool:?}"
    );
    let k = control.coupling().gains().stiffness;
    let (r, _) = control.coupling().deflection();
    let spring = (r.iter().map(|x| x * x).sum::<f64>()).sqrt() * k;
    let felt = (on_hand.f.iter().map(|x| x * x).sum::<f64>()).sqrt();
    // The rest is the seal's friction.
    assert!((felt - spring).abs() < 0.6, "{felt} {spring}");
}

#[test]
fn while_the_clutch_is_held_the_hand_feels_nothing() {
    let mut options = mapped(1.0, 1.0);
    options.mapping = options.mapping.map(|mapping| Mapping {
        clutch: Some(0),
        ..mapping
    });
    let (mut control, on_tool, on_hand) = hold(&options, [0.0; 3], [0.0, FLOOR - 1e-3, 0.0], 3_000);
    assert!(on_hand.f[1] > 1.0);
    let mut last = on_hand;
    for seq in 0..100 {
        control.take(&Sample {
            seq,
            pos: [0.0, FLOOR - 1e-3, 0.0],
            buttons: 1,
            ..Sample::default()
        });
        last = control.answer(&on_tool);
    }
    assert_eq!(last.f, [0.0; 3]);
}

/// A record that breaks off for 50 ms in the middle of a press: the tool stays where it presses, and does
/// not come back into the wall by a leap.
#[test]
fn without_a_reading_the_tool_stays_where_it_was() {
    let pos = [0.0, FLOOR - 1e-3, 0.0];
    let (mut control, _, _) = hold(&mapped(1.0, 1.0), [0.0; 3], pos, 3_000);
    let before = control.tool().position;
    let mut model = LocalModel::empty(Pose::from([0.0; 3]), 0, 16);
    // Soft, so that nothing but the hand keeps the tool in it.
    assert!(model.push(Row::spring(UP, [0.0, FLOOR, 0.0], [0.0; 3], 500.0)));
    let mut places = vec![before[1]];
    for tick in 0..60 {
        let unread = (5..55).contains(&tick);
        if !unread {
            control.take(&Sample {
                seq: tick,
                pos,
                ..Sample::default()
            });
        }
        let felt = control.feel(tick, &mut Rendering::new(model, DT), UPRIGHT);
        let on_tool = Wrench {
            f: felt.force,
            t: felt.torque,
            grip: 0.0,
        };
        if unread {
            control.silence(&on_tool);
        } else {
            control.answer(&on_tool);
        }
        places.push(control.tool().position[1]);
    }
    for (tick, pair) in places.windows(2).enumerate().skip(2) {
        assert!((pair[1] - pair[0]).abs() < 2e-5, "{tick}: {pair:?}");
    }
}
