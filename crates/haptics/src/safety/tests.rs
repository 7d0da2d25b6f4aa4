use super::*;

const DT: f64 = 1e-3;

fn device(max_force_n: f64) -> DeviceInfo {
    DeviceInfo {
        max_force_n,
        ..DeviceInfo::default()
    }
}

fn chain() -> Safety {
    Safety::new(SafetyLimits::default(), &device(4.0), DT).unwrap()
}

impl Safety {
    /// A force alone.
    fn force(&mut self, f: [f64; 3]) -> [f64; 3] {
        let wrench = Wrench {
            f,
            ..Wrench::default()
        };
        self.filter(&wrench, [0.0; 3]).f
    }
}

/// A chain whose start is over.
fn open() -> Safety {
    let mut safety = chain();
    for _ in 0..1_100 {
        safety.force([0.0; 3]);
    }
    safety
}

/// How far a force is from the nearest one between the last and zero.
fn growth(last: [f64; 3], now: [f64; 3]) -> f64 {
    let shares = (0..=1_000).map(|i| f64::from(i) / 1_000.0);
    let gaps = shares.map(|s| norm(sub(now, scale(last, s))));
    // The sampled nearest point is at most half a step away from the true one.
    gaps.fold(f64::INFINITY, f64::min) - norm(last) / 2_000.0
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
        assert_eq!(safety.force(force), force);
    }
    assert_eq!(safety.counts(), SafetyCounts::default());
}

#[test]
fn a_force_too_large_keeps_its_direction() {
    let mut safety = open();
    let mut out = [0.0; 3];
    for _ in 0..100 {
        out = safety.force([30.0, -40.0, 0.0]);
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
        let out = safety.force(force);
        assert!(norm(out) <= 4.0 * (1.0 + 1e-12));
        if finite(force) {
            assert!(growth(last, out) <= 0.3 * (1.0 + 1e-12));
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
        assert_eq!(safety.force([0.0, 1.0, 0.0]), [0.0; 3]);
    }
    for _ in 0..CALM_TICKS {
        assert_eq!(safety.force([0.0, 0.1, 0.0]), [0.0; 3]);
    }
    // The ramp: a second from nothing to everything.
    let mut played = Vec::new();
    for _ in 0..1_001 {
        played.push(safety.force([0.0, 0.1, 0.0])[1]);
    }
    assert_eq!(played[0], 0.0);
    assert!((played[500] - 0.05).abs() < 1e-12);
    assert_eq!(played[1_000], 0.1);
}

#[test]
fn a_force_grows_and_turns_slowly_and_shrinks_at_once() {
    let mut safety = open();
    for _ in 0..20 {
        safety.force([2.0, 0.0, 0.0]);
    }
    assert_eq!(safety.force([0.5, 0.0, 0.0]), [0.5, 0.0, 0.0]);
    let out = safety.force([2.0, 0.0, 0.0]);
    assert!((out[0] - 0.8).abs() < 1e-12, "{out:?}");
    assert_eq!(safety.force([-2.0, 0.0, 0.0]), [-0.3, 0.0, 0.0]);
    let out = safety.force([-0.3, 2.0, 0.0]);
    assert!((out[1] - 0.3).abs() < 1e-12, "{out:?}");
}

#[test]
fn a_fault_silences_at_once_and_the_force_comes_back_by_a_ramp() {
    let mut safety = open();
    for _ in 0..20 {
        safety.force([2.0, 0.0, 0.0]);
    }
    assert_eq!(safety.force([f64::NAN, 0.0, 0.0]), [0.0; 3]);
    assert_eq!(safety.counts().silenced, 1);
    assert_eq!(safety.force([2.0, 0.0, 0.0]), [0.0; 3]);
    for _ in 1..125 {
        safety.force([2.0, 0.0, 0.0]);
    }
    let half = safety.force([2.0, 0.0, 0.0])[0];
    assert!((half - 1.0).abs() < 1e-9, "{half}");
    for _ in 0..125 {
        safety.force([2.0, 0.0, 0.0]);
    }
    assert_eq!(safety.force([2.0, 0.0, 0.0]), [2.0, 0.0, 0.0]);
}

#[test]
fn a_fault_before_the_start_does_not_shorten_the_wait() {
    let mut safety = chain();
    safety.silence();
    assert_eq!(safety.force([1.0, 0.0, 0.0]), [0.0; 3]);
    assert_eq!(safety.stage, Stage::Waiting { calm: 0 });
}

#[test]
fn limits_that_are_no_limits_are_refused() {
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let limits = SafetyLimits {
            max_slew_n: value,
            ..SafetyLimits::default()
        };
        let refused = Safety::new(limits, &device(4.0), DT).unwrap_err();
        assert_eq!(refused.name, "max_slew_n");
    }
    for value in [0.0, -1.0, f64::NAN] {
        assert!(Safety::new(SafetyLimits::default(), &device(value), DT).is_err());
    }
}

#[test]
fn torque_has_limits_of_its_own() {
    let six = DeviceInfo {
        max_torque_nm: 0.2,
        ..device(4.0)
    };
    let mut safety = Safety::new(SafetyLimits::default(), &six, DT).unwrap();
    let wanted = Wrench {
        t: [0.0, 3.0, 4.0],
        ..Wrench::default()
    };
    let mut last = [0.0; 3];
    for _ in 0..1_100 {
        let out = safety.filter(&wanted, [0.0; 3]).t;
        assert!(norm(sub(out, last)) <= 0.01 * (1.0 + 1e-12));
        last = out;
    }
    assert!((last[1] - 0.12).abs() < 1e-12 && (last[2] - 0.16).abs() < 1e-12);
    let bad = Wrench {
        t: [f64::NAN, 0.0, 0.0],
        ..Wrench::default()
    };
    assert_eq!(safety.filter(&bad, [0.0; 3]), Wrench::default());
    // A device without torque gets none.
    let mut plain = chain();
    for _ in 0..1_100 {
        assert_eq!(plain.filter(&wanted, [0.0; 3]).t, [0.0; 3]);
    }
}

#[test]
fn carrying_the_weight_is_no_unrest() {
    let mut safety = chain();
    let carry = [0.0, 0.5, 0.0];
    let mut out = Wrench::default();
    for _ in 0..1_100 {
        out = safety.filter(&Wrench::default(), carry);
    }
    assert_eq!(out.f, carry);
}
