//! T4: no limit cycle against a rigid wall anywhere in the region that is advertised, which is what
//! `Gains::for_device` takes; and the map beyond it has the published shape.

mod map;

use haptics::{DEVICE_MODELS, Gains, INVERSE3, OMEGA, TOUCH};

use map::{DT, allowed, cycle, gains, worst_cycle};

#[test]
fn the_advertised_region_has_no_limit_cycle() {
    for model in DEVICE_MODELS {
        for delay in 0..=3 {
            let model = model.delayed(delay);
            let top = Gains::for_device(&model.info(), DT).stiffness;
            let (mut worst, mut alone) = (0.0_f64, 0.0_f64);
            for share in [0.1, 0.25, 0.5, 0.75, 1.0] {
                let gains = Gains::matched(&model.info(), share * top);
                worst = worst.max(worst_cycle(model, gains, true));
                // Without the controller: a fall onto the wall with 2.5 N meets the limit on growth,
                // which alone makes cycles; calm presses must not need the controller.
                for push_n in [0.5, 1.0] {
                    alone = alone.max(cycle(model, gains, push_n, false));
                }
            }
            println!(
                "T4 {:8} delay {delay}: up to {top:.0} N/m, largest cycle {:.1} um, without \
                 the controller {:.1} (allowed {:.0})",
                model.name,
                worst * 1e6,
                alone * 1e6,
                allowed(model) * 1e6
            );
            assert!(worst <= allowed(model), "{} {delay}: {worst} m", model.name);
            assert!(alone <= allowed(model), "{} {delay}: {alone} m", model.name);
        }
    }
}

#[test]
fn at_one_tick_of_delay_the_region_is_as_large_as_promised() {
    for (model, promised) in [(TOUCH, 1_500.0), (INVERSE3, 3_000.0), (OMEGA, 4_000.0)] {
        let gains = Gains::for_device(&model.delayed(1).info(), DT);
        assert!(gains.stiffness >= promised, "{} {gains:?}", model.name);
    }
}

/// The map must be able to say no: stiffness without damping beyond the measured limits, and far
/// more than any device renders.
#[test]
fn beyond_the_region_there_are_cycles() {
    for model in DEVICE_MODELS {
        let late = model.delayed(1);
        assert!(worst_cycle(late, gains(5_000.0, 0.0), false) > 10.0 * allowed(late));
        assert!(worst_cycle(late, gains(60_000.0, 20.0), false) > 10.0 * allowed(late));
    }
    // One tick of delay costs most of the stiffness that damping makes possible.
    let bears = |delay| {
        let model = TOUCH.delayed(delay);
        let rising = (1..60).map(|i| 250.0 * f64::from(i));
        let calm = |k: &f64| worst_cycle(model, gains(*k, 14.0), false) <= allowed(model);
        rising.take_while(calm).last().unwrap_or(0.0)
    };
    let (at_once, late, later) = (bears(0), bears(1), bears(2));
    println!("T4 touch, B = 14 N s/m: {at_once} N/m at once, {late} a tick late, {later} two");
    assert!(
        at_once > 1.8 * late && late > 1.4 * later,
        "{at_once} {late} {later}"
    );
}
