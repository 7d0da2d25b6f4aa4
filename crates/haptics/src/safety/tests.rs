use super::*;

const DT: f64 = 1e-3;

fn chain() -> Safety {
    Safety::new(SafetyLimits::default(), 4.0, DT).unwrap()
}

/// A chain whose start is over.
fn open() -> Safety {
    let mut safety = chain();
    for _ in 0..1_100 {
        safety.filter([0.0; 3]);
    }
    safety
}

/// Small reproducible numbers in -1 .. 1 (xorshift64, Marsaglia 2003).
fn noise(state: &mut u64) -> f64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

#[test]
fn small_slow_forces_pass_to_the_bit() {
    let mut safety = open();
    for i in 0..1_000 {
        let force = [2e-3 * f64::from(i), -1e-3 * f64::from(i), 0.1];
        assert_eq!(safety.filter(force), force);
    }
    assert_eq!(safety.counts(), SafetyCounts::default());
}

#[test]
fn a_force_too_large_keeps_its_direction() {
    let mut safety = open();
    let mut out = [0.0; 3];
    for _ in 0..100 {
        out = safety.filter([30.0, -40.0, 0.0]);
    }
    let expected = [2.4, -3.2, 0.0];
    for (a, b) in out.into_iter().zip(expected) {
        assert!((a - b).abs() < 1e-12, "{out:?}");
    }
    assert_eq!(safety.counts().clamped, 100);
}

#[test]
fn whatever_comes_in_the_hand_gets_no_more_than_its_limits() {
    let mut safety = chain();
    let mut state = 7;
    let mut last = [0.0; 3];
    for i in 0..1_000_000 {
        let size = 10_f64.powf(3.0 * noise(&mut state));
        let mut force = [0; 3].map(|_| size * noise(&mut state));
        if i % 97 == 0 {
            force[i % 3] = [f64::NAN, f64::INFINITY, -f64::INFINITY][i % 3];
        }
        let out = safety.filter(force);
        assert!(norm(out) <= 4.0 * (1.0 + 1e-12));
        if finite(force) {
            assert!(norm(sub(out, last)) <= 0.3 * (1.0 + 1e-12));
        } else {
            assert_eq!(out, [0.0; 3]);
        }
        last = out;
    }
}

#[test]
fn nothing_is_played_before_the_hand_was_calm() {
    let mut safety = chain();
    for _ in 0..500 {
        assert_eq!(safety.filter([0.0, 1.0, 0.0]), [0.0; 3]);
    }
    for _ in 0..CALM_TICKS {
        assert_eq!(safety.filter([0.0, 0.1, 0.0]), [0.0; 3]);
    }
    // The ramp: a second from nothing to everything.
    let mut played = Vec::new();
    for _ in 0..1_001 {
        played.push(safety.filter([0.0, 0.1, 0.0])[1]);
    }
    assert_eq!(played[0], 0.0);
    assert!((played[500] - 0.05).abs() < 1e-12);
    assert_eq!(played[1_000], 0.1);
}

#[test]
fn a_fault_silences_at_once_and_the_force_comes_back_by_a_ramp() {
    let mut safety = open();
    for _ in 0..20 {
        safety.filter([2.0, 0.0, 0.0]);
    }
    assert_eq!(safety.filter([f64::NAN, 0.0, 0.0]), [0.0; 3]);
    assert_eq!(safety.counts().silenced, 1);
    assert_eq!(safety.filter([2.0, 0.0, 0.0]), [0.0; 3]);
    for _ in 1..125 {
        safety.filter([2.0, 0.0, 0.0]);
    }
    let half = safety.filter([2.0, 0.0, 0.0])[0];
    assert!((half - 1.0).abs() < 1e-9, "{half}");
    for _ in 0..125 {
        safety.filter([2.0, 0.0, 0.0]);
    }
    assert_eq!(safety.filter([2.0, 0.0, 0.0]), [2.0, 0.0, 0.0]);
}

#[test]
fn a_fault_before_the_start_does_not_shorten_the_wait() {
    let mut safety = chain();
    safety.silence();
    assert_eq!(safety.filter([1.0, 0.0, 0.0]), [0.0; 3]);
    assert_eq!(safety.stage, Stage::Waiting { calm: 0 });
}

#[test]
fn limits_that_are_no_limits_are_refused() {
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let limits = SafetyLimits {
            max_slew_n: value,
            ..SafetyLimits::default()
        };
        let refused = Safety::new(limits, 4.0, DT).unwrap_err();
        assert_eq!(refused.name, "max_slew_n");
        assert!(Safety::new(SafetyLimits::default(), value, DT).is_err());
    }
}
