use super::*;
use crate::safety::{Safety, SafetyLimits};

const DT: f64 = 1e-3;

fn hand(model: HandModel) -> SimulatedHand {
    SimulatedHand::new(model, [0.0; 3], DT).unwrap()
}

/// Positions of a press from y = 10 mm to `aim_y` against a frictionless wall of `stiffness` (N/m)
/// at y = 0, through the safety chain, `ticks` long. The wall has no damping of its own.
fn press(model: HandModel, stiffness: f64, aim_y: f64, ticks: usize) -> Vec<f64> {
    let mut hand = SimulatedHand::new(model, [0.0, 0.01, 0.0], DT).unwrap();
    let mut safety = Safety::new(SafetyLimits::default(), hand.info(), DT).unwrap();
    let mut track = Vec::with_capacity(ticks);
    for i in 0..ticks {
        if i == 1_200 {
            hand.aim([0.0, aim_y, 0.0]);
        }
        let y = hand.read().unwrap().pos[1];
        let wall = Wrench {
            f: [0.0, stiffness * (-y).max(0.0), 0.0],
            ..Wrench::default()
        };
        hand.write(&safety.filter(&wall, [0.0; 3])).unwrap();
        track.push(y);
    }
    track
}

#[test]
fn pressing_settles_where_the_springs_balance() {
    for model in [HandModel::hand(), HandModel::mouse()] {
        for stiffness in [50.0, 200.0, 500.0, 1_000.0, 2_000.0] {
            let aim = -0.008;
            let track = press(model, stiffness, aim, 3_200);
            let expected = aim * model.stiffness / (model.stiffness + stiffness);
            let tail = &track[3_000..];
            let (low, high) = tail
                .iter()
                .fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(*y), b.max(*y)));
            assert!(high - low < 1e-6, "{stiffness} N/m rings {low} .. {high}");
            assert!(
                (tail[199] - expected).abs() < 1e-6,
                "{stiffness} N/m: {}",
                tail[199]
            );
        }
    }
}

#[test]
fn a_stiffer_spot_gives_less() {
    let depth = |stiffness| -press(HandModel::hand(), stiffness, -0.008, 3_000)[2_999];
    assert!(depth(100.0) > 1.5 * depth(500.0));
}

#[test]
fn hard_and_fast_presses_come_to_rest() {
    // Beyond the magnitude and slew limits: both cut the force that brakes the hand.
    for stiffness in [500.0, 2_000.0] {
        let track = press(HandModel::hand(), stiffness, -0.05, 6_000);
        let moved = (track[5_999] - track[5_500]).abs();
        assert!(moved < 1e-6, "{stiffness} N/m still moves {moved}");
    }
}

#[test]
fn a_reach_is_smooth_bounded_in_speed_and_does_not_overshoot() {
    for model in [HandModel::hand(), HandModel::mouse()] {
        for reach in [0.01, 0.5] {
            let mut hand = hand(model);
            hand.aim([reach, 0.0, 0.0]);
            let mut last = Sample::default();
            for _ in 0..3_000 {
                let sample = hand.read().unwrap();
                let speed = (sample.pos[0] - last.pos[0]) / DT;
                assert!(speed > -1e-3 * model.max_speed, "moves back at {speed}");
                assert!(speed < 1.02 * model.max_speed, "runs at {speed}");
                assert!(sample.pos[0] < reach * 1.001, "overshoots");
                last = sample;
            }
            assert!((last.pos[0] - reach).abs() < 1e-7);
        }
    }
}

#[test]
fn aims_at_50_hz_move_the_hand_like_aims_at_1000_hz() {
    let model = HandModel::hand();
    let (mut coarse, mut fine) = (hand(model), hand(model));
    let aim = |t: f64| [0.03 * (2.0 * t).sin(), 0.0, 0.0];
    let (mut last, mut speed, mut ripple) = ([0.0_f64; 2], [0.0_f64; 2], 0.0_f64);
    for i in 0..4_000_u32 {
        let t = f64::from(i) * DT;
        fine.aim(aim(t - 0.0095));
        if i % 20 == 0 {
            coarse.aim(aim(t));
        }
        let now = [coarse.read().unwrap().pos[0], fine.read().unwrap().pos[0]];
        for k in 0..2 {
            speed[k] = (now[k] - last[k]) / DT;
        }
        last = now;
        if i > 1_000 {
            ripple = ripple.max((speed[0] - speed[1]).abs());
        }
    }
    // Against a top speed of 60 mm/s.
    assert!(ripple < 1.5e-3, "speed ripples by {ripple} m/s");
}

#[test]
fn a_moving_aim_is_followed_three_poles_late() {
    let model = HandModel {
        device_damping: 0.0,
        ..HandModel::hand()
    };
    let mut hand = hand(model);
    let speed = 0.1;
    let mut behind = 0.0;
    for i in 1..=2_000 {
        let aim = speed * DT * f64::from(i);
        hand.aim([aim, 0.0, 0.0]);
        behind = aim - hand.read().unwrap().pos[0];
    }
    // The discrete scheme answers within the tick, up to two ticks earlier than the continuous one.
    let late = behind / speed;
    let expected = 3.0 / model.aim_rate;
    assert!((late - expected).abs() < 2.5 * DT, "{late} s");
}

#[test]
fn without_an_aim_it_stays_and_buttons_are_passed_on() {
    let mut hand = hand(HandModel::hand());
    hand.press(5);
    hand.aim([f64::NAN, 0.0, 0.0]);
    for seq in 1..=100 {
        let sample = hand.read().unwrap();
        assert_eq!((sample.seq, sample.pos, sample.buttons), (seq, [0.0; 3], 5));
    }
}

#[test]
fn parameters_out_of_range_are_refused() {
    let build = |model| SimulatedHand::new(model, [0.0; 3], DT).err();
    let model = HandModel::hand();
    let named = |error: Option<HandError>| match error {
        Some(HandError::Parameter { name, .. }) => name,
        other => panic!("{other:?}"),
    };
    let negative = HandModel {
        stiffness: -1.0,
        ..model
    };
    assert_eq!(named(build(negative)), "stiffness");
    let unknown = HandModel {
        device_damping: f64::NAN,
        ..model
    };
    assert_eq!(named(build(unknown)), "device_damping");
    let stiff = HandModel {
        stiffness: 1e6,
        ..model
    };
    assert!(matches!(build(stiff), Some(HandError::TooFast { .. })));
    let nowhere = SimulatedHand::new(model, [f64::INFINITY, 0.0, 0.0], DT).err();
    assert!(matches!(nowhere, Some(HandError::Start { .. })));
}

#[test]
fn an_aim_out_of_this_world_is_ignored() {
    let mut hand = hand(HandModel::hand());
    for far in [1e305, f64::MAX, f64::NAN] {
        hand.aim([far, 0.0, 0.0]);
        assert_eq!(hand.read().unwrap().pos, [0.0; 3]);
    }
    // As far as commands reach, it goes at its speed and comes back.
    hand.aim([1e3, -1e3, 1e3]);
    for _ in 0..100 {
        hand.read().unwrap();
    }
    hand.aim([0.0; 3]);
    let last = (0..2_000).map(|_| hand.read().unwrap().pos[0]).last();
    assert!(last.unwrap().abs() < 1e-6, "{last:?}");
}
