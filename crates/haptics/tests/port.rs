//! The port as a surgeon would check it: which way the tip goes and how much of its force comes back.

mod counting;
mod instrument;

use haptics::{NO_TURN, Port, PortError, PortFriction, PortModel, PortPose, PortState};

use instrument::{LENGTH, TICK, above, near, port};

#[test]
fn hand_to_the_right_tip_to_the_left() {
    let mut port = port(PortFriction::default());
    for (x, y, z) in [(0.05, 0.18, 0.0), (-0.03, 0.2, 0.04), (0.0, 0.1, -0.06)] {
        let pose = port.to_tip([x, y, z], NO_TURN);
        assert_eq!(pose.state, PortState::Inside);
        assert!(pose.tip[0] * x <= 0.0 && pose.tip[2] * z <= 0.0 && pose.tip[1] < 0.0);
        let outside = (x * x + y * y + z * z).sqrt();
        assert!(near(pose.depth_m, LENGTH - outside, 1e-15));
        assert!(near(pose.tip[0], -pose.lever * x, 1e-15));
    }
}

/// Depth 50, 100, 150 mm of 330 mm: 280, 230, 180 mm are outside.
#[test]
fn the_lever_at_three_depths() {
    for (depth, lever) in [(0.05, 5.0 / 28.0), (0.1, 10.0 / 23.0), (0.15, 15.0 / 18.0)] {
        let mut port = port(PortFriction::default());
        let pose = port.to_tip(above(depth), NO_TURN);
        assert!(near(pose.lever, lever, 1e-14), "{}", pose.lever);
        // 1 N to the right at the tip pushes the hand to the left, 1 N up the shaft passes.
        let (f, t) = port.to_handle([1.0, 0.0, 0.0], [0.0; 3]);
        assert!(near(f[0], -lever, 1e-14) && near(f[1], 0.0, 1e-15), "{f:?}");
        assert_eq!(t, [0.0; 3]);
        let (f, _) = port.to_handle([0.0, 1.0, 0.0], [0.0; 3]);
        assert!(near(f[1], 1.0, 1e-15) && near(f[0], 0.0, 1e-15), "{f:?}");
    }
}

#[test]
fn off_is_the_handle_itself() {
    let mut port = Port::default();
    let rot = [0.5, 0.5, 0.5, 0.5];
    let pose = port.to_tip([1.0, 2.0, 3.0], rot);
    let expected = PortPose {
        tip: [1.0, 2.0, 3.0],
        orientation: rot,
        depth_m: 0.0,
        lever: -1.0,
        state: PortState::Off,
    };
    assert_eq!(pose, expected);
    let wrench = ([0.1, 0.2, 0.3], [0.4, 0.5, 0.6]);
    assert_eq!(port.to_handle(wrench.0, wrench.1), wrench);
    assert_eq!(port.friction(TICK), ([0.0; 3], [0.0; 3]));
    port.switch(true);
    assert_eq!(
        port.to_tip([0.0, 0.2, 0.0], NO_TURN).state,
        PortState::Inside
    );
}

/// Small reproducible numbers in -1 .. 1 (xorshift64, Marsaglia 2003).
fn noise(state: &mut u64) -> f64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

#[test]
fn whatever_the_handle_does_the_tool_stays_a_number_and_nothing_is_allocated() {
    let mut port = port(PortFriction {
        viscous_n_s_per_m: 1.0,
        ..PortFriction::default()
    });
    let mut seed = 42;
    let before = counting::allocations();
    for i in 0..200_000_u32 {
        let size = [1e-9, 1e-3, 0.05, 0.3, 10.0, 1e160][i as usize % 6];
        let pos = [0; 3].map(|_| size * noise(&mut seed));
        let rot = [0; 4].map(|_| (noise(&mut seed) * 3.0).round());
        let pose = port.to_tip(pos, rot);
        let (f, t) = port.friction(TICK);
        let (g, u) = port.to_handle([1.0, -2.0, 0.5], [0.01, 0.02, -0.03]);
        let numbers = [pose.tip, f, t, g, u];
        assert!(numbers.iter().flatten().all(|x| x.is_finite()));
        let length: f64 = pose.orientation.iter().map(|x| x * x).sum();
        assert!(near(length, 1.0, 1e-12));
    }
    assert_eq!(counting::allocations(), before);
}

#[test]
fn the_same_poses_give_the_same_bits() {
    let run = || {
        let mut port = port(PortFriction::default());
        let mut seed = 17;
        let mut sum = [0_u64; 3];
        for _ in 0..10_000 {
            let pos = [0; 3].map(|_| 0.2 * noise(&mut seed));
            let rot = [0; 4].map(|_| noise(&mut seed));
            let tip = port.to_tip(pos, rot).tip;
            let f = port.friction(TICK).0;
            for i in 0..3 {
                sum[i] = sum[i].rotate_left(7) ^ tip[i].to_bits() ^ f[i].to_bits();
            }
        }
        sum
    };
    assert_eq!(run(), run());
}

#[test]
fn what_no_instrument_can_be_is_refused_in_a_sentence() {
    let fine = PortModel::default();
    let cases = [
        (
            PortModel {
                length_m: 330.0,
                ..fine
            },
            "port: length_m is 330; give 0.05 to 2 m",
        ),
        (
            PortModel {
                pivot: [0.0, f64::NAN, 0.0],
                ..fine
            },
            "port: pivot is NaN; give a point within 1 km of the origin, in metres",
        ),
        (
            PortModel {
                min_outside_m: 0.2,
                ..fine
            },
            "port: min_outside_m is 0.2; give at least 0.005 m and at most half of length_m",
        ),
        (
            PortModel {
                friction: PortFriction {
                    presliding_m: 0.0,
                    ..fine.friction
                },
                ..fine
            },
            "port: presliding_m is 0; give 0.000001 to 0.1 m",
        ),
        (
            PortModel {
                friction: PortFriction {
                    kinetic_n: -1.0,
                    ..fine.friction
                },
                ..fine
            },
            "port: kinetic_n is -1; give 0 to 20 N",
        ),
    ];
    for (model, sentence) in cases {
        let error: PortError = Port::new(model).unwrap_err();
        assert_eq!(error.to_string(), sentence);
    }
    assert!(Port::new(fine).is_ok());
}
