//! A clutch without jumps, whatever the button and the device do.

use softbody::Pose;

use super::*;

fn moved(a: &Pose, b: &Pose) -> f64 {
    norm(sub(a.position, b.position))
}

fn turned(a: &Pose, b: &Pose) -> f64 {
    norm(difference(a.orientation, b.orientation))
}

#[test]
fn the_clutch_holds_the_tool_and_takes_it_up_where_it_was() {
    let mut state = state(askew());
    let mut before = state.to_world(&hand(0, false)).0;
    for tick in 1..300 {
        before = state.to_world(&hand(tick, false)).0;
    }
    for tick in 300..700 {
        assert_eq!(state.to_world(&hand(tick, true)), (before, true), "{tick}");
    }
    let start = hand(700, false);
    assert_eq!(
        state.to_world(&start),
        (before, false),
        "still there in the tick of the release"
    );
    for tick in 701..1500 {
        let now = hand(tick, false);
        let (pose, held) = state.to_world(&now);
        let way = rotate(askew().rotation, sub(now.pos, start.pos));
        let expected = add(before.position, scale(way, askew().scale));
        assert!(norm(sub(pose.position, expected)) < 1e-15 && !held);
        // Both have turned by the same vector of the world since.
        let hand_turn = rotate(askew().rotation, difference(start.rot, now.rot));
        let expected = multiply(from_vector(hand_turn), before.orientation);
        assert!(norm(difference(pose.orientation, expected)) < 5e-15);
    }
}

#[test]
fn with_absolute_turns_only_the_place_is_held() {
    let mapping = Mapping {
        clutch_turns: false,
        ..askew()
    };
    let mut state = state(mapping);
    let mut place = None;
    for tick in 0..1200 {
        let held = (300..700).contains(&tick);
        let sample = hand(tick, held);
        let (pose, said) = state.to_world(&sample);
        assert_eq!(said, held);
        let absolute = multiply(multiply(mapping.rotation, sample.rot), mapping.tool_turn);
        assert!(norm(difference(pose.orientation, absolute)) < 1e-15);
        if tick == 299 || held {
            assert_eq!(*place.get_or_insert(pose.position), pose.position);
        } else if tick < 299 {
            place = None;
        }
    }
}

#[test]
fn no_pattern_of_the_button_makes_the_tool_jump() {
    for clutch_turns in [true, false] {
        let mapping = Mapping {
            clutch_turns,
            ..askew()
        };
        let mut state = state(mapping);
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        let mut last: Option<(Sample, Pose)> = None;
        for tick in 0..20_000 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            // Chatters in one part of the time, holds for long in the other.
            let held = if tick % 2000 < 1000 {
                random & 1 == 1
            } else {
                tick / 100 % 2 == 0
            };
            let sample = hand(tick, held);
            let (pose, said) = state.to_world(&sample);
            assert_eq!(said, held);
            if let Some((before, old)) = last {
                let way = mapping.scale * norm(sub(sample.pos, before.pos));
                assert!(moved(&old, &pose) <= way + 1e-14, "{tick}");
                let turn = norm(difference(before.rot, sample.rot));
                assert!(turned(&old, &pose) <= turn + 1e-14, "{tick}");
                let cosine: f64 = (0..4)
                    .map(|i| old.orientation[i] * pose.orientation[i])
                    .sum();
                assert!(cosine > 0.0, "the quaternion changed its sign at {tick}");
            }
            last = Some((sample, pose));
        }
    }
}

#[test]
fn the_same_samples_give_the_same_bits() {
    let run = || {
        let mut state = state(askew());
        let mut bits = 0_u64;
        for tick in 0..5000 {
            let (pose, _) = state.to_world(&hand(tick, tick / 700 % 2 == 1));
            for x in pose.position.into_iter().chain(pose.orientation) {
                bits = bits.rotate_left(7) ^ x.to_bits();
            }
        }
        (bits, state)
    };
    assert_eq!(run(), run());
}

#[test]
fn a_clutch_that_is_held_from_the_start_holds_the_first_pose() {
    let mut clutched = state(askew());
    let mut open = state(askew());
    let (first, held) = clutched.to_world(&hand(0, true));
    assert!(held);
    assert_eq!(first, open.to_world(&hand(0, false)).0);
    assert_eq!(clutched.to_world(&hand(200, true)), (first, true));
    assert_eq!(clutched.to_world(&hand(300, false)), (first, false));
}

#[test]
fn what_is_no_pose_changes_nothing() {
    let mut state = state(askew());
    let anchor = state.to_world(&Sample {
        rot: [0.0; 4],
        ..hand(0, true)
    });
    assert_eq!((anchor.0.position, anchor.1), (askew().origin_world, false));
    let before = state.to_world(&hand(50, false));
    let kept = state;
    for bad in [
        Sample {
            pos: [f64::NAN, 0.0, 0.0],
            ..hand(51, true)
        },
        Sample {
            pos: [0.0, f64::INFINITY, 0.0],
            ..hand(51, false)
        },
        Sample {
            rot: [f64::NAN; 4],
            ..hand(51, true)
        },
        Sample {
            rot: [0.0; 4],
            ..hand(51, true)
        },
    ] {
        assert_eq!(state.to_world(&bad), before);
        assert_eq!(state, kept);
    }
    // Nor does it end a clutch that is held.
    let (held, _) = state.to_world(&hand(52, true));
    let bad = Sample {
        pos: [f64::NAN; 3],
        ..hand(53, false)
    };
    assert_eq!(state.to_world(&bad), (held, true));
}

#[test]
fn a_device_quaternion_that_is_a_little_long_stays_a_rotation() {
    let mut state = state(askew());
    for tick in 0..3000 {
        let mut sample = hand(tick, tick / 100 % 2 == 1);
        sample.rot = sample.rot.map(|x| x * 1.001);
        let (pose, _) = state.to_world(&sample);
        assert!((length(pose.orientation) - 1.0).abs() < 1e-15);
    }
}
