//! What the seal of a port does to the hand, and to a device made of numbers.

mod instrument;

use haptics::{NO_TURN, Port, PortFriction, PortState};

use instrument::{TICK, above, near, port};

/// Moves the handle to `depth` and returns the force along y, up, N.
fn at(port: &mut Port, depth: f64) -> f64 {
    port.to_tip(above(depth), NO_TURN);
    port.friction(TICK).0[1]
}

/// The swings measured at reversals, 0.2 to 2.5 N (van den Dobbelsteen 2007), are twice the friction.
#[test]
fn a_reversal_swings_the_force_by_twice_the_friction() {
    for kinetic in [0.25, 0.6, 1.25, 3.0] {
        let friction = PortFriction {
            kinetic_n: kinetic,
            ..PortFriction::default()
        };
        let mut port = port(friction);
        let mut pushed = 0.0;
        for i in 0..=100 {
            pushed = at(&mut port, 0.05 + 5e-4 * f64::from(i));
        }
        assert!(
            near(pushed, kinetic, 0.01 * kinetic),
            "held up while pushed in"
        );
        // The whole swing lies within twice the presliding distance, half of it within once.
        let half = at(&mut port, 0.1 - 2e-3);
        assert!(near(half, 0.0, 0.01 * kinetic));
        let pulled = at(&mut port, 0.1 - 4e-3);
        assert!(near(pushed - pulled, 2.0 * kinetic, 0.01 * 2.0 * kinetic));
        assert!(
            near(at(&mut port, 0.06), pulled, 1e-12),
            "and no more than that"
        );
    }
}

#[test]
fn force_over_way_is_the_same_at_any_speed_and_tick() {
    let turns = [0.1, 0.07, 0.0715, 0.0702, 0.09];
    let mut ends = Vec::new();
    for (ticks, dt) in [(1, 1e-2), (10, 1e-3), (333, 2.5e-4)] {
        let mut port = port(PortFriction::default());
        let mut depth = 0.05;
        port.to_tip(above(depth), NO_TURN);
        port.friction(dt);
        let mut forces = Vec::new();
        for turn in turns {
            for i in 1..=ticks {
                let share = f64::from(i) / f64::from(ticks);
                port.to_tip(above(depth + share * (turn - depth)), NO_TURN);
                forces.push(port.friction(dt).0[1]);
            }
            depth = turn;
            ends.push(*forces.last().unwrap());
        }
    }
    for end in ends.chunks(turns.len()).skip(1) {
        for (a, b) in end.iter().zip(&ends) {
            assert!(near(*a, *b, 1e-11), "{end:?} {ends:?}");
        }
    }
}

#[test]
fn small_oscillations_under_load_do_not_creep() {
    let mut port = port(PortFriction::default());
    at(&mut port, 0.1);
    let start = at(&mut port, 0.101);
    for i in 0..20_000 {
        let shake = 4e-4 * (0.37 * f64::from(i)).sin();
        at(&mut port, 0.101 + shake);
    }
    assert!(near(at(&mut port, 0.101), start, 1e-11));
}

#[test]
fn out_of_the_port_there_is_no_friction() {
    let mut port = port(PortFriction::default());
    at(&mut port, 0.02);
    assert!(at(&mut port, 0.005) < -0.5);
    assert_eq!(at(&mut port, -0.01), 0.0);
    let pose = port.pose();
    assert_eq!(pose.state, PortState::Outside);
    assert!(near(pose.tip[1], 0.01, 1e-15) && pose.lever < 0.0);
    assert_eq!(at(&mut port, 0.01), 0.0, "back in, the seal is at rest");
    assert!(at(&mut port, 0.02) > 0.5);
}

#[test]
fn turning_meets_the_seal_on_the_radius_of_the_shaft() {
    let mut port = port(PortFriction::default());
    let mut torque = [0.0; 3];
    let toward = std::f64::consts::FRAC_PI_4;
    for i in 0..400_u32 {
        // The handle along the shaft (down), rolled about it.
        let roll = 0.5 * 0.01 * f64::from(i);
        let down = [toward.cos(), -toward.sin(), 0.0, 0.0];
        let rot = multiply([roll.cos(), 0.0, -roll.sin(), 0.0], down);
        port.to_tip(above(0.1), rot);
        torque = port.friction(TICK).1;
    }
    // Turned about -y, held back about +y with 0.6 N at 2.5 mm.
    assert!(near(torque[1], 1.5e-3, 1e-8), "{torque:?}");
}

fn multiply(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [
        a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
        a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
        a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
        a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
    ]
}

#[test]
fn the_seal_is_no_stiffer_than_the_device_bears() {
    let stiff = PortFriction {
        kinetic_n: 3.0,
        presliding_m: 1e-3,
        ..PortFriction::default()
    };
    assert!(near(stiff.limit_stiffness(400.0).stiffness(), 400.0, 1e-9));
    assert_eq!(stiff.limit_stiffness(1e6), stiff);
    for k in [0.0, -1.0, f64::NAN] {
        assert_eq!(stiff.limit_stiffness(k).stiffness(), 0.0);
    }
    let mut port = port(stiff);
    port.limit_stiffness(400.0);
    at(&mut port, 0.1);
    assert!(near(at(&mut port, 0.101), 0.4, 1e-9));
}

/// A device made of numbers, like a Touch: moving mass, damping, Coulomb friction, encoder; the force
/// that was written `delay` ticks ago is held over the tick. Returns the last second's peak to peak.
fn released(friction: PortFriction, push: f64, delay: usize) -> f64 {
    const MASS: f64 = 0.05;
    const DAMPING: f64 = 0.2;
    const COULOMB: f64 = 0.1;
    const ENCODER: f64 = 55e-6;
    let mut port = port(friction);
    let (mut y, mut v) = (0.2, 0.3);
    let mut written = [0.0; 4];
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for tick in 0..4_000 {
        let read = (y / ENCODER).round() * ENCODER;
        port.to_tip([0.0, read, 0.0], NO_TURN);
        written.rotate_right(1);
        written[0] = port.friction(TICK).0[1];
        for _ in 0..10 {
            let dt = TICK / 10.0;
            let free = v + dt * (written[delay] - push) / MASS;
            let held = dt * COULOMB / MASS;
            v = free.signum() * (free.abs() - held).max(0.0) / (1.0 + dt * DAMPING / MASS);
            y += dt * v;
        }
        if tick >= 3_000 {
            (low, high) = (y.min(low), y.max(high));
        }
    }
    high - low
}

#[test]
fn a_light_device_left_alone_comes_to_rest() {
    let default = PortFriction::default();
    let stiffest = PortFriction {
        kinetic_n: 3.0,
        presliding_m: 1e-3,
        ..default
    }
    .limit_stiffness(400.0);
    for friction in [default, stiffest] {
        for delay in [0, 1] {
            for push in [0.0, 0.1, 0.4] {
                let swing = released(friction, push, delay);
                assert!(swing <= 220e-6, "{friction:?} {push} N, {delay}: {swing}");
            }
        }
    }
}

#[test]
fn without_the_limit_the_same_device_would_buzz() {
    let stiff = PortFriction {
        kinetic_n: 3.0,
        presliding_m: 1e-3,
        ..PortFriction::default()
    };
    assert!(released(stiff, 0.1, 1) > 220e-6);
}
