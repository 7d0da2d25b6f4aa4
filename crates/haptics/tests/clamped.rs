//! A force that is cut off for long: the tool stays with the hand, and nothing drags afterwards.

mod handled;

use std::f64::consts::TAU;

use haptics::{Arm, HapticDevice, TOUCH, Wrench};
use softbody::Pose;

use handled::{DT, Handled, Scene, Spring, force, options};

/// N/m
const STIFFNESS: f64 = 600.0;
/// Coulomb's.
const FRICTION: f64 = 0.2;

/// A spring below y = 0 that rubs along x.
struct Rough {
    spring: Spring,
    last: f64,
}

impl Scene for Rough {
    fn push(&mut self, tool: Pose) -> Wrench {
        let f = self.spring.push(tool).f[1];
        let way = tool.position[0] - self.last;
        self.last = tool.position[0];
        let slides = if way.abs() > 1e-7 { way.signum() } else { 0.0 };
        force([-FRICTION * f * slides, f, 0.0])
    }
}

/// A tick of a hand that slides to and fro.
struct Slid {
    tissue: [f64; 3],
    hand: [f64; 3],
    tool: [f64; 3],
    handle: [f64; 3],
}

/// Eight seconds of sliding with 9 N under a device of 3.3 N, four with 2 N, and away.
fn slid(delay: u32) -> (Vec<Slid>, f64) {
    let mut hand = Handled::new(TOUCH.delayed(delay), options(None)).started();
    let mut scene = Rough {
        spring: Spring {
            top: 0.0,
            stiffness: STIFFNESS,
        },
        last: 0.0,
    };
    hand.device.set_arm(Arm::guided());
    let mut course = Vec::new();
    for tick in 0..14_000 {
        let x = 0.02 * (TAU * f64::from(tick) * DT).sin();
        let y = match tick {
            0..8_000 => -0.03,
            8_000..12_000 => -0.009,
            _ => 0.01,
        };
        hand.device.aim([x, y, 0.0]);
        let felt = hand.tick(&mut scene).f;
        let tool = hand.control.tool().position;
        let (r, _) = hand.control.coupling().deflection();
        course.push(Slid {
            tissue: [0.0, STIFFNESS * (-tool[1]).max(0.0), 0.0],
            hand: felt,
            tool: [tool[0] - r[0], tool[1] - r[1], 0.0],
            handle: hand.device.position(),
        });
    }
    (course, hand.device.energy().worst_j)
}

#[test]
fn a_force_that_was_cut_off_is_no_drag_afterwards() {
    for delay in [0, 1] {
        let (course, worst_j) = slid(delay);
        assert!(course[1_000..8_000].iter().all(|s| s.tissue[1] > 9.0));
        // In the middle of a stroke, where the hand is fast.
        for tick in [8_499, 8_999, 9_499, 11_499] {
            let Slid { tissue, hand, .. } = &course[tick];
            let rubs = FRICTION * tissue[1];
            println!("delay {delay}, {tick}: {:.2} N, rubs {rubs:.2} N", hand[0]);
            assert!((hand[0].abs() / rubs - 1.0).abs() < 0.1, "{tick}");
        }
        assert!(worst_j >= -1e-4, "{worst_j} J");
    }
}

#[test]
fn the_tool_stays_with_the_hand_while_its_force_is_cut_off_and_after() {
    let (course, _) = slid(0);
    for pair in course.windows(2) {
        let step = |a: [f64; 3], b: [f64; 3]| (a[0] - b[0]).hypot(a[1] - b[1]);
        let (hand, tool) = (
            step(pair[0].handle, pair[1].handle),
            step(pair[0].tool, pair[1].tool),
        );
        // But for the spring between them, and the encoder's steps.
        assert!(tool < hand + 1e-3, "{tool} m, the hand {hand} m");
    }
}
