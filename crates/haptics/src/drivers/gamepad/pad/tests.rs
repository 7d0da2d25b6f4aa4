use std::sync::{Arc, Mutex};

use super::*;
use crate::effects::UPDATE_TICKS;

/// A pad of numbers: what is held goes in, what was played comes out.
#[derive(Clone, Default)]
struct FakePad(Arc<Mutex<Far>>);

#[derive(Default)]
struct Far {
    held: Controls,
    played: Vec<Effect>,
    unplugged: bool,
    refuses: bool,
}

impl EffectSink for FakePad {
    fn effect(&mut self, effect: Effect) -> Result<(), DevErr> {
        let mut far = self.0.lock().unwrap();
        if far.unplugged {
            return Err(DevErr::Lost);
        }
        if far.refuses {
            return Err(DevErr::Fault { code: 5 });
        }
        far.played.push(effect);
        Ok(())
    }
}

impl Pad for FakePad {
    fn controls(&mut self) -> Result<Controls, DevErr> {
        let far = self.0.lock().unwrap();
        if far.unplugged {
            return Err(DevErr::Lost);
        }
        Ok(far.held)
    }
}

fn opened() -> (FakePad, Gamepad) {
    let far = FakePad::default();
    let pad = Gamepad::new("fake pad".to_owned(), String::new(), Box::new(far.clone()));
    (far, pad)
}

fn push(f: [f64; 3]) -> Wrench {
    Wrench {
        f,
        ..Wrench::default()
    }
}

#[test]
fn pressing_rumbles_and_zero_stops_it_at_once() {
    let (far, mut pad) = opened();
    for _ in 0..100 {
        pad.write(&push([0.0, 1.5, 0.0])).unwrap();
    }
    let playing = *far.0.lock().unwrap().played.last().unwrap();
    assert!(playing.low > 0.5 && playing.duration_ms > 0, "{playing:?}");
    pad.zero();
    assert_eq!(far.0.lock().unwrap().played.last(), Some(&Effect::NONE));
}

#[test]
fn dropping_the_pad_stops_the_rumble() {
    let (far, mut pad) = opened();
    for _ in 0..100 {
        pad.write(&push([0.0, 1.5, 0.0])).unwrap();
    }
    drop(pad);
    assert_eq!(far.0.lock().unwrap().played.last(), Some(&Effect::NONE));
}

#[test]
fn the_motors_are_told_no_more_than_sixty_times_a_second() {
    let (far, mut pad) = opened();
    for tick in 0..3_200_u32 {
        pad.write(&push([0.0, f64::from(tick % 29) * 0.1, 0.0]))
            .unwrap();
    }
    let told = far.0.lock().unwrap().played.len();
    assert!(
        (10..=3_200 / UPDATE_TICKS as usize).contains(&told),
        "{told}"
    );
}

#[test]
fn no_number_no_rumble() {
    let (far, mut pad) = opened();
    for bad in [f64::NAN, f64::INFINITY] {
        for _ in 0..100 {
            pad.write(&push([bad, 0.0, 1.0])).unwrap();
        }
    }
    assert_eq!(far.0.lock().unwrap().played, []);
}

#[test]
fn a_shoulder_button_slows_to_a_fifth() {
    let held = Controls {
        right: 1.0,
        ..Controls::default()
    };
    let fine = Controls { fine: true, ..held };
    assert!((velocity(&held)[0] - 0.15).abs() < 1e-12);
    assert!((velocity(&fine)[0] - 0.03).abs() < 1e-12);
}

#[test]
fn both_sticks_together_are_no_faster_than_one() {
    let held = Controls {
        right: 1.0,
        near: -1.0,
        up: 1.0,
        ..Controls::default()
    };
    let speed = crate::vector::norm(velocity(&held));
    assert!((speed - TOP_SPEED).abs() < 1e-12, "{speed}");
}

#[test]
fn a_lost_pad_stays_lost_and_zero_is_quiet() {
    let (far, mut pad) = opened();
    far.0.lock().unwrap().unplugged = true;
    assert_eq!(pad.read().unwrap_err(), DevErr::Lost);
    far.0.lock().unwrap().unplugged = false;
    assert_eq!(pad.read().unwrap_err(), DevErr::Lost);
    assert_eq!(pad.write(&push([0.0, 1.0, 0.0])), Err(DevErr::Lost));
    pad.zero();
    assert_eq!(far.0.lock().unwrap().played, []);
}

#[test]
fn a_pad_that_is_lost_while_rumbling_is_told_by_write() {
    let (far, mut pad) = opened();
    far.0.lock().unwrap().unplugged = true;
    assert_eq!(pad.write(&push([0.0, 1.0, 0.0])), Err(DevErr::Lost));
    assert_eq!(pad.read().unwrap_err(), DevErr::Lost);
}

#[test]
fn a_refused_effect_is_a_fault_and_no_loss() {
    let (far, mut pad) = opened();
    far.0.lock().unwrap().refuses = true;
    let refused = pad.write(&push([0.0, 1.0, 0.0]));
    assert_eq!(refused, Err(DevErr::Fault { code: 5 }));
    assert!(pad.read().is_ok());
}
