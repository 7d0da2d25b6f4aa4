use super::*;

const DT: f64 = 1e-3;

/// Effects of `ticks` ticks with the force of `at`, with their ticks.
fn effects(rumble: &mut Rumble, ticks: u32, at: impl Fn(u32) -> [f64; 3]) -> Vec<(u32, Effect)> {
    (0..ticks)
        .filter_map(|tick| Some((tick, rumble.tick(at(tick))?)))
        .collect()
}

fn held(force_n: f64) -> Effect {
    let mut rumble = Rumble::new(DT);
    let played = effects(&mut rumble, 2_000, |_| [0.0, force_n, 0.0]);
    played.last().map_or(Effect::NONE, |&(_, effect)| effect)
}

#[test]
fn harder_presses_are_felt_stronger_up_to_three_newton() {
    let low: Vec<f64> = [0.0, 0.1, 0.3, 1.0, 2.0, 3.0]
        .into_iter()
        .map(|force| held(force).low)
        .collect();
    assert_eq!(low[0], 0.0);
    assert!(low.windows(2).all(|pair| pair[1] > pair[0]), "{low:?}");
    assert!(low[1] > 0.05, "a tenth of a newton is felt: {low:?}");
    assert_eq!(low[5], 1.0);
    assert_eq!(held(9.0).low, 1.0);
}

#[test]
fn the_amplitude_is_that_of_the_formula() {
    let expected = (1.0_f64 + 1.0 / 0.3).ln() / (1.0_f64 + 3.0 / 0.3).ln();
    assert!((held(1.0).low - expected).abs() <= 0.5 / STEPS);
}

#[test]
fn a_tap_is_felt_at_once_and_fades_while_the_press_stays() {
    let mut rumble = Rumble::new(DT);
    effects(&mut rumble, 100, |_| [0.0; 3]);
    let played = effects(&mut rumble, 1_000, |_| [0.0, 1.0, 0.0]);
    let (first, tap) = played[0];
    assert_eq!(first, 0, "in the tick of the contact");
    assert_eq!(tap.high, 1.0);
    let (_, press) = *played.last().unwrap();
    assert_eq!(press.high, 0.0);
    assert!(press.low > 0.5);
}

#[test]
fn a_slow_press_does_not_knock() {
    let mut rumble = Rumble::new(DT);
    let played = effects(&mut rumble, 2_000, |tick| {
        [0.0, 0.0, f64::from(tick) * 1e-3]
    });
    assert!(played.len() > 5);
    assert!(
        played.iter().all(|(_, effect)| effect.high < 0.1),
        "{played:?}"
    );
}

#[test]
fn a_force_that_turns_round_knocks_though_its_magnitude_stays() {
    let mut rumble = Rumble::new(DT);
    effects(&mut rumble, 1_000, |_| [0.0, 1.0, 0.0]);
    let played = effects(&mut rumble, 100, |_| [0.0, -1.0, 0.0]);
    assert_eq!(played[0].1.high, 1.0);
}

#[test]
fn effects_are_sixteen_ticks_apart_and_unchanged_ones_are_not_sent_again() {
    let mut rumble = Rumble::new(DT);
    let shaking = effects(&mut rumble, 4_000, |tick| {
        [f64::from(tick % 37) * 0.1, 0.0, 0.0]
    });
    assert!(shaking.len() > 50);
    let closest = shaking.windows(2).map(|pair| pair[1].0 - pair[0].0).min();
    assert!(closest.unwrap() >= UPDATE_TICKS, "{closest:?}");

    let mut rumble = Rumble::new(DT);
    effects(&mut rumble, 2_000, |_| [0.0, 1.0, 0.0]);
    let held = effects(&mut rumble, 2_000, |_| [0.0, 1.0, 0.0]);
    assert_eq!(held.len(), 4, "renewed twice a second only: {held:?}");
    let released = effects(&mut rumble, 5_000, |_| [0.0; 3]);
    assert_eq!(released.last().unwrap().1, Effect::NONE);
    let quiet = effects(&mut rumble, 5_000, |_| [0.0; 3]);
    assert_eq!(quiet, [], "silence is not sent again");
}

#[test]
fn whatever_comes_in_amplitudes_are_numbers_between_zero_and_one() {
    let mut rumble = Rumble::new(DT);
    let bad = [f64::NAN, f64::INFINITY, f64::MAX, -1e300, 5.0];
    let played = effects(&mut rumble, 2_000, |tick| {
        [bad[tick as usize % 5], 1.0, 0.0]
    });
    assert!(!played.is_empty());
    for (_, effect) in played {
        assert!((0.0..=1.0).contains(&effect.low), "{effect:?}");
        assert!((0.0..=1.0).contains(&effect.high), "{effect:?}");
    }
    for bad in [f64::NAN, f64::INFINITY] {
        let mut rumble = Rumble::new(DT);
        assert_eq!(effects(&mut rumble, 100, |_| [bad, 0.0, 0.0]), []);
    }
}

#[test]
fn after_silence_the_next_effect_comes_by_the_same_rules() {
    let mut rumble = Rumble::new(DT);
    effects(&mut rumble, 500, |_| [0.0, 2.0, 0.0]);
    rumble.silence();
    let played = effects(&mut rumble, 100, |_| [0.0, 2.0, 0.0]);
    assert_eq!(played[0].0, UPDATE_TICKS - 1);
    assert!(played[0].1.low > 0.5);
}
