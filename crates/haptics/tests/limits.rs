//! T9: whatever comes in, the hand never gets more than its limits; a fault is silence at once.

mod handled;

use haptics::{
    Control, ControlOptions, DEVICE_MODELS, DeviceInfo, Gains, HapticDevice, Mapping, NO_TURN,
    PortModel, SafetyLimits, Sample, SimulatedDevice, Wrench,
};

use handled::{DT, Dice, HOME, force};

fn norm(v: [f64; 3]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// By how much a force grew or turned: its distance from the nearest point between the last one and
/// zero. Shrinking is free.
fn growth(last: [f64; 3], now: [f64; 3]) -> f64 {
    let length2: f64 = last.iter().map(|x| x * x).sum();
    let along: f64 = last.iter().zip(now).map(|(a, b)| a * b).sum();
    let share = if length2 > 0.0 {
        (along / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    norm([0, 1, 2].map(|i| now[i] - share * last[i]))
}

/// Mostly a hand that moves; now and then what no hand does.
fn wild_sample(dice: &mut Dice, seq: u64, last: Sample) -> Sample {
    let mut sample = Sample {
        seq,
        pos: last
            .pos
            .map(|x| (x + dice.between(-2e-3, 2e-3)).clamp(-0.2, 0.2)),
        ..last
    };
    match (dice.roll() * 3_000.0) as u32 {
        0 => sample.pos = [0; 3].map(|_| dice.between(-0.2, 0.2)),
        1 => sample.pos[seq as usize % 3] = f64::NAN,
        2 => sample.pos[seq as usize % 3] = f64::INFINITY,
        3 => sample.rot = [0; 4].map(|_| dice.between(-1.0, 1.0)),
        4 => sample.rot = [f64::NAN; 4],
        5 => sample.buttons ^= 1,
        6 => sample.rot = NO_TURN,
        _ => {}
    }
    sample
}

/// Mostly what tissue does; now and then ten times of it, its opposite, or no number.
fn wild_push(dice: &mut Dice, last: Wrench) -> Wrench {
    let mut push = force(last.f.map(|x| 0.98 * x + dice.between(-1.0, 1.0)));
    push.t = last.t.map(|x| 0.98 * x + dice.between(-0.01, 0.01));
    match (dice.roll() * 3_000.0) as u32 {
        0 => push.f = push.f.map(|x| 10.0 * x),
        1 => push.f = push.f.map(|x| -x),
        2 => push.f = [0; 3].map(|_| 10_f64.powf(dice.between(-3.0, 9.0))),
        3 => push.f[0] = f64::NAN,
        4 => push.t[1] = f64::NEG_INFINITY,
        5 => push.f = [0.0; 3],
        _ => {}
    }
    push
}

fn chains() -> Vec<(DeviceInfo, ControlOptions)> {
    let mut chains = Vec::new();
    for model in DEVICE_MODELS {
        let mut info = SimulatedDevice::new(model, haptics::Arm::guided(), DT)
            .unwrap()
            .info()
            .clone();
        chains.push((info.clone(), handled::options(None)));
        chains.push((info.clone(), handled::options(Some(Gains::RIGID))));
        info.input_dof = 6;
        info.output_dof = 6;
        info.max_torque_nm = 0.2;
        info.max_rotational_stiffness = 1.0;
        info.unborne_kg = 0.05;
        let options = ControlOptions {
            mapping: Some(Mapping {
                scale: 2.0,
                clutch: Some(0),
                ..Mapping::identity()
            }),
            port: PortModel {
                on: true,
                pivot: [0.0, 0.15, 0.1],
                ..PortModel::default()
            },
            ..ControlOptions::default()
        };
        chains.push((info, options));
    }
    chains
}

#[test]
fn a_million_wild_ticks_stay_within_the_limits() {
    const TICKS: u64 = 120_000; // for each of nine chains
    const CALM: u64 = 10; // the force is let in only after some of these
    let mut dice = Dice(2_026);
    let (mut largest, mut steepest) = (0.0_f64, 0.0_f64);
    for (info, options) in chains() {
        let mut control = Control::new(&info, &options, HOME, DT).unwrap();
        let SafetyLimits {
            max_force_n,
            max_slew_n,
            max_torque_nm,
            max_torque_slew_nm,
            ..
        } = options.safety;
        let most = max_force_n.min(info.max_force_n);
        let most_torque = max_torque_nm.min(info.max_torque_nm);
        let (mut sample, mut push, mut last) =
            (Sample::default(), Wrench::default(), Wrench::default());
        for tick in 1..=TICKS {
            let next = wild_sample(&mut dice, tick, sample);
            if next.pos.iter().chain(&next.rot).all(|x| x.is_finite()) {
                sample = next;
            }
            control.take(&next); // the tick leaves out what is no number; the chain must bear it
            if tick > CALM {
                push = wild_push(&mut dice, push);
            }
            control.missed(if dice.roll() < 1e-3 { 30 } else { 0 });
            let now = if dice.roll() < 1e-3 {
                control.silence(&push)
            } else {
                control.answer(&push)
            };
            if !push.f.iter().chain(&push.t).all(|x| x.is_finite()) {
                assert_eq!(now, Wrench::default(), "no number, no force");
                push = Wrench::default();
            }
            largest = largest.max(norm(now.f) / most);
            steepest = steepest.max(growth(last.f, now.f) / max_slew_n);
            assert!(norm(now.f) <= most * (1.0 + 1e-9), "{now:?}");
            assert!(
                growth(last.f, now.f) <= max_slew_n * (1.0 + 1e-9),
                "{last:?} {now:?}"
            );
            assert!(norm(now.t) <= most_torque * (1.0 + 1e-9), "{now:?}");
            assert!(
                growth(last.t, now.t) <= max_torque_slew_nm * (1.0 + 1e-9),
                "{now:?}"
            );
            last = now;
        }
    }
    println!("T9: largest force {largest:.3} of the limit, steepest rise {steepest:.3} of it");
    assert!(
        largest > 0.9 && steepest > 0.9,
        "the test must reach the limits"
    );
}

/// What a broken firmware or driver may tell: no loop is built on it.
#[test]
fn a_device_that_tells_no_sensible_limits_is_refused() {
    let good = chains().pop().unwrap().0;
    type Spoil = fn(&mut DeviceInfo, f64);
    let fields: [(&str, Spoil); 12] = [
        ("max_force_n", |info, x| info.max_force_n = x),
        ("continuous_force_n", |info, x| info.continuous_force_n = x),
        ("max_torque_nm", |info, x| info.max_torque_nm = x),
        ("max_stiffness", |info, x| info.max_stiffness = x),
        ("max_damping", |info, x| info.max_damping = x),
        ("max_rotational_stiffness", |info, x| {
            info.max_rotational_stiffness = x;
        }),
        ("resolution_m", |info, x| info.resolution_m = x),
        ("mass_kg", |info, x| info.mass_kg = x),
        ("damping", |info, x| info.damping = x),
        ("friction_n", |info, x| info.friction_n = x),
        ("unborne_kg", |info, x| info.unborne_kg = x),
        ("workspace.radius", |info, x| info.workspace.radius = x),
    ];
    let build = |info: &DeviceInfo| Control::new(info, &ControlOptions::default(), HOME, DT);
    assert!(build(&good).is_ok());
    for (name, spoil) in fields {
        for bad in [f64::NAN, -1.0, f64::NEG_INFINITY] {
            let mut info = good.clone();
            spoil(&mut info, bad);
            let why = build(&info).err().map(|why| why.to_string());
            assert!(
                why.as_ref().is_some_and(|why| why.contains(name)),
                "{name} {bad}: {why:?}"
            );
        }
    }
    for weak in [0.0, f64::NAN] {
        let mut info = good.clone();
        info.max_force_n = weak;
        assert!(build(&info).is_err());
    }
    let mut info = good.clone();
    info.workspace.center[1] = f64::NAN;
    assert!(build(&info).is_err());
}
