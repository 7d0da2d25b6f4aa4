//! The list for **rate devices**, whose handle springs back and whose deflection is a speed: no pose
//! can be given to them, so directions, speeds and limits are looked at instead. What is the same
//! for all devices is the same code.

use haptics::{HapticDevice, NO_TURN, OpenError, Sample, Wrench};

use super::{
    Fixture, SETTLED_AFTER, TICKS, info_is_complete, is_told_lost,
    runs_for_two_seconds_without_allocating,
};
use crate::counting::allocations;

/// The far side of a driver for a rate device.
pub trait RateFixture {
    /// Opens the device through `haptics::drivers::open`.
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError>;
    /// What the device sends while the handle is held so: parts of the full deflection, -1 to 1,
    /// along and about the axes of the device frame; bit mask.
    fn hold(&mut self, deflection: Deflection);
    /// Pulls the plug.
    fn unplug(&mut self);
    /// Puts it back.
    fn plug(&mut self);
}

/// How a handle is held.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deflection {
    /// Pushed along x, y, z.
    pub along: [f64; 3],
    /// Twisted about x, y, z.
    pub about: [f64; 3],
    /// Pressed buttons.
    pub buttons: u32,
}

/// Ticks between two reports of a device whose handle is held out.
const REPORT_EVERY: u32 = 16;

/// A rate device that is left alone is like any other whose handle rests in the middle.
struct LeftAlone<'a>(&'a mut dyn RateFixture);

impl Fixture for LeftAlone<'_> {
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError> {
        self.0.open()
    }

    fn place(&mut self, pos: [f64; 3], rot: [f64; 4], buttons: u32) {
        assert_eq!((pos, rot), ([0.0; 3], NO_TURN), "a rate device has no pose");
        self.0.hold(Deflection {
            buttons,
            ..Deflection::default()
        });
    }

    fn played(&mut self) -> [f64; 3] {
        [0.0; 3]
    }

    fn unplug(&mut self) {
        self.0.unplug();
    }

    fn plug(&mut self) {
        self.0.plug();
    }
}

/// Runs the whole list against one rate device.
pub fn conforms_as_rate_device(fixture: &mut dyn RateFixture) {
    info_is_complete(&mut LeftAlone(fixture));
    runs_for_two_seconds_without_allocating(&mut LeftAlone(fixture));
    moves_for_two_seconds_without_allocating(fixture);
    pushing_moves_along_the_axis(fixture);
    twisting_turns_about_the_axis(fixture);
    a_touch_moves_nothing_and_half_the_way_is_slow(fixture);
    the_workspace_and_the_top_speed_hold(fixture);
    buttons_arrive(fixture);
    the_same_reports_give_the_same_bits(fixture);
    zero_leaves_the_handle_where_it_is(fixture);
    unplugging_is_told_and_plugging_in_again_works(fixture);
}

/// `count` ticks with the handle held so; all readings.
fn held(
    device: &mut Box<dyn HapticDevice>,
    fixture: &mut dyn RateFixture,
    count: u32,
    deflection: Deflection,
) -> Vec<Sample> {
    let mut samples = Vec::with_capacity(count as usize);
    for tick in 0..count {
        if tick % REPORT_EVERY == 0 {
            fixture.hold(deflection);
        }
        samples.push(device.read().unwrap());
        device.write(&Wrench::default()).unwrap();
    }
    samples
}

fn along(axis: usize, part: f64) -> Deflection {
    let mut deflection = Deflection::default();
    deflection.along[axis] = part;
    deflection
}

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
    squares.sum::<f64>().sqrt()
}

fn moves_for_two_seconds_without_allocating(fixture: &mut dyn RateFixture) {
    let mut device = fixture.open().unwrap();
    let mut worst = 0;
    for tick in 0..TICKS {
        if tick % REPORT_EVERY == 0 {
            let swing = f64::from(tick) * 0.01;
            fixture.hold(Deflection {
                along: [swing.sin(), swing.cos(), -swing.sin()],
                about: [0.0, swing.cos(), 0.0],
                buttons: tick / REPORT_EVERY % 2,
            });
        }
        let force = f64::from(tick % 50) * 0.05;
        let before = allocations();
        let read = device.read();
        let written = device.write(&Wrench {
            f: [0.0, force, 0.0],
            ..Wrench::default()
        });
        worst = worst.max(allocations() - before);
        assert!(read.is_ok() && written.is_ok(), "{read:?} {written:?}");
    }
    assert_eq!(worst, 0, "allocations in a tick");
}

fn pushing_moves_along_the_axis(fixture: &mut dyn RateFixture) {
    for axis in 0..3 {
        for sign in [1.0, -1.0] {
            let mut device = fixture.open().unwrap();
            let start = device.info().workspace.center;
            let first = held(&mut device, fixture, 1, Deflection::default())[0];
            assert_eq!((first.pos, first.rot), (start, NO_TURN));
            let last = *held(&mut device, fixture, 300, along(axis, sign))
                .last()
                .unwrap();
            for i in 0..3 {
                let moved = last.pos[i] - start[i];
                if i == axis {
                    assert!((0.02..0.06).contains(&(moved * sign)), "{i}: {moved} m");
                } else {
                    assert!(moved.abs() < 1e-9, "{i}: {moved} m");
                }
            }
            assert_eq!(last.rot, NO_TURN);
            held(&mut device, fixture, 400, Deflection::default());
            let rest = held(&mut device, fixture, 2, Deflection::default());
            assert_eq!(rest[0].pos, rest[1].pos, "still moving");
        }
    }
}

fn twisting_turns_about_the_axis(fixture: &mut dyn RateFixture) {
    if fixture.open().unwrap().info().input_dof < 6 {
        return;
    }
    for axis in 0..3 {
        for sign in [1.0, -1.0] {
            let mut device = fixture.open().unwrap();
            let start = device.info().workspace.center;
            let mut deflection = Deflection::default();
            deflection.about[axis] = sign;
            let last = *held(&mut device, fixture, 300, deflection).last().unwrap();
            for i in 0..3 {
                let turned = 2.0 * last.rot[i + 1].atan2(last.rot[0]);
                if i == axis {
                    assert!((0.2..0.6).contains(&(turned * sign)), "{i}: {turned} rad");
                } else {
                    assert!(turned.abs() < 1e-9, "{i}: {turned} rad");
                }
            }
            assert_eq!(last.pos, start);
        }
    }
}

fn a_touch_moves_nothing_and_half_the_way_is_slow(fixture: &mut dyn RateFixture) {
    let way = |fixture: &mut dyn RateFixture, part: f64| {
        let mut device = fixture.open().unwrap();
        let samples = held(&mut device, fixture, 300, along(0, part));
        distance(samples[0].pos, samples[299].pos)
    };
    assert_eq!(way(fixture, 0.03), 0.0);
    let (half, full) = (way(fixture, 0.5), way(fixture, 1.0));
    assert!(
        half > 0.05 * full && half < 0.4 * full,
        "{half} of {full} m"
    );
}

fn the_workspace_and_the_top_speed_hold(fixture: &mut dyn RateFixture) {
    let mut device = fixture.open().unwrap();
    let ball = device.info().workspace;
    let corner = Deflection {
        along: [1.0, -1.0, 1.0],
        ..Deflection::default()
    };
    let samples = held(&mut device, fixture, 2_000, corner);
    let out = distance(samples[1_999].pos, ball.center);
    assert!((out - ball.radius).abs() < 1e-9, "{out} m from the middle");
    for pair in samples.windows(2) {
        let speed = distance(pair[0].pos, pair[1].pos) * device.info().rate_hz;
        assert!(speed < 0.15 + 1e-9, "{speed} m/s");
    }
}

fn buttons_arrive(fixture: &mut dyn RateFixture) {
    let mut device = fixture.open().unwrap();
    for buttons in [1, 0, 2, 3, 0] {
        let pressed = Deflection {
            buttons,
            ..Deflection::default()
        };
        let samples = held(&mut device, fixture, SETTLED_AFTER, pressed);
        assert_eq!(samples.last().unwrap().buttons, buttons);
    }
}

fn the_same_reports_give_the_same_bits(fixture: &mut dyn RateFixture) {
    let mut run = || {
        let mut device = fixture.open().unwrap();
        let mut samples = Vec::new();
        for (axis, part) in [(0, 0.7), (1, -0.4), (2, 1.0), (0, 0.0)] {
            samples.extend(held(&mut device, fixture, 60, along(axis, part)));
        }
        samples
    };
    let first = run();
    assert_eq!(first.last().unwrap().seq, 240);
    assert_eq!(first, run());
}

fn zero_leaves_the_handle_where_it_is(fixture: &mut dyn RateFixture) {
    let mut device = fixture.open().unwrap();
    held(&mut device, fixture, 200, along(1, 1.0));
    held(&mut device, fixture, 400, Deflection::default());
    let before = held(&mut device, fixture, 1, Deflection::default())[0];
    device.zero();
    let after = held(&mut device, fixture, 1, Deflection::default())[0];
    assert_eq!(after.pos, before.pos);
    assert_eq!(after.seq, before.seq + 1);
}

fn unplugging_is_told_and_plugging_in_again_works(fixture: &mut dyn RateFixture) {
    let mut device = fixture.open().unwrap();
    held(&mut device, fixture, 200, along(0, 1.0));
    fixture.unplug();
    is_told_lost(&mut device);
    device.zero();
    drop(device);
    assert!(fixture.open().is_err(), "opened while unplugged");
    fixture.plug();
    let mut device = fixture.open().unwrap();
    let start = device.info().workspace.center;
    let first = held(&mut device, fixture, 1, Deflection::default())[0];
    assert_eq!(first.pos, start, "starts in the middle again");
    let last = *held(&mut device, fixture, 200, along(0, 1.0))
        .last()
        .unwrap();
    assert!(last.pos[0] > start[0] + 0.01, "{:?}", last.pos);
}
