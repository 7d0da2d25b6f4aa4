use super::super::tests::noise;
use super::*;

const FRICTION: PortFriction = PortFriction {
    kinetic_n: 0.8,
    presliding_m: 2e-3,
    viscous_n_s_per_m: 0.0,
    shaft_radius_m: 2.5e-3,
};
const MOST: f64 = FRICTION.presliding_m;

fn length(v: [f64; 2]) -> f64 {
    libm::hypot(v[0], v[1])
}

fn random(seed: &mut u64, size: f64) -> [f64; 2] {
    [size * noise(seed), size * noise(seed)]
}

/// The slow twin: tiny steps, each cut back to the circle along z (radial return).
fn returned(seal: &Seal, way: [f64; 2], steps: u32) -> [f64; 2] {
    let mut z = seal.drag;
    for _ in 0..steps {
        z = [0, 1].map(|i| z[i] + way[i] / f64::from(steps));
        let over = length(z) / MOST;
        if over > 1.0 {
            z = z.map(|x| x / over);
        }
    }
    z
}

#[test]
fn a_step_is_what_tiny_steps_give() {
    let mut seed = 5;
    let mut seal = Seal::default();
    for _ in 0..50 {
        let way = random(&mut seed, 4e-3);
        let slow = returned(&seal, way, 100_000);
        seal.slide(way, MOST);
        let apart = length([seal.drag[0] - slow[0], seal.drag[1] - slow[1]]);
        assert!(apart < 1e-4 * MOST, "{apart}");
    }
}

#[test]
fn it_does_not_matter_into_how_many_ticks_a_way_is_cut() {
    let mut seed = 9;
    let (mut whole, mut parts) = (Seal::default(), Seal::default());
    for _ in 0..500 {
        let way = random(&mut seed, 5e-3);
        whole.slide(way, MOST);
        for _ in 0..7 {
            parts.slide(way.map(|x| x / 7.0), MOST);
        }
        let apart = [0, 1].map(|i| whole.drag[i] - parts.drag[i]);
        assert!(length(apart) < 1e-12 * MOST, "{apart:?}");
        assert!(length(whole.drag) <= MOST * (1.0 + 1e-12));
    }
}

/// Held over the tick, the force gives back at most what a device with damping k T / 2 dissipates;
/// with the mean of both ends, the exact work of elastic steps, it gives back only what is stored.
#[test]
fn energy_is_never_made() {
    let k = FRICTION.stiffness();
    for start in 1..=200_u64 {
        let mut seed = start * 7919;
        let mut seal = Seal::default();
        let size = 10.0_f64.powf(-2.5 - 3.0 * (start as f64 / 200.0));
        let (mut absorbed, mut dissipated) = (0.0, 0.0);
        for _ in 0..2_000 {
            let way = random(&mut seed, size);
            let held = seal.force(&FRICTION);
            absorbed -= held[0] * way[0] + held[1] * way[1];
            dissipated += 0.5 * k * length(way).powi(2);
            seal.slide(way, MOST);
            let balance = absorbed + dissipated - seal.stored(&FRICTION);
            assert!(balance > -1e-12, "seed {start}: {balance}");
        }
    }
}

/// Moves along the shaft by `way` in small steps; what the hand puts in, J (mean of both ends of a step).
fn work(seal: &mut Seal, way: f64) -> f64 {
    let step = way / 10_000.0;
    let mut work = 0.0;
    for _ in 0..10_000 {
        let before = seal.force(&FRICTION)[0];
        seal.slide([step, 0.0], MOST);
        work -= 0.5 * (before + seal.force(&FRICTION)[0]) * step;
    }
    work
}

#[test]
fn a_closed_cycle_takes_the_work_of_its_sliding_and_below_the_breakaway_none() {
    let mut seal = Seal::default();
    let there_and_back = |seal: &mut Seal, way: f64| work(seal, way) + work(seal, -way);
    there_and_back(&mut seal, 0.01);
    // From its second time on a loop 10 mm long slides 10 mm - 2 Z each way.
    let taken = there_and_back(&mut seal, 0.01);
    let sliding = 2.0 * FRICTION.kinetic_n * (0.01 - 2.0 * MOST);
    assert!((taken - sliding).abs() < 1e-5 * sliding);
    assert!(there_and_back(&mut seal, 0.9 * 2.0 * MOST).abs() < 1e-12);
}

#[test]
fn turning_frees_the_shaft() {
    let mut seal = Seal::default();
    seal.slide([0.02, 0.0], MOST);
    assert!((seal.force(&FRICTION)[0] + 0.8).abs() < 1e-12);
    // Sliding on at 45 degrees, the seal pulls back along the way: 0.8 / sqrt 2 along the shaft.
    seal.slide([0.1, 0.1], MOST);
    let [along, around] = seal.force(&FRICTION);
    assert!((along + 0.8 * std::f64::consts::FRAC_1_SQRT_2).abs() < 1e-9);
    assert!((along - around).abs() < 1e-9);
}

#[test]
fn ways_that_are_no_numbers_or_huge_leave_a_force_within_bounds() {
    let mut seal = Seal::default();
    for way in [
        [f64::NAN, 1.0],
        [f64::INFINITY, 0.0],
        [1e300, -1e300],
        [1e-300, 0.0],
    ] {
        seal.slide(way, MOST);
        assert!(length(seal.force(&FRICTION)) <= 0.8 * (1.0 + 1e-12));
    }
}
