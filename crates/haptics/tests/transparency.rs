//! T2 and T3: nothing is felt in free space, and what is felt in contact is what was commanded.

mod handled;
mod tissue;

use haptics::{
    Arm, Control, DEVICE_MODELS, DeviceModel, Gains, HapticDevice, SimulatedDevice, Wrench,
};

use handled::{DT, FreeSpace, HOME, Handled, Spring, options};
use tissue::{CLEAR, InTissue, RADIUS, block};

/// Lets the hand swing through 0.5 m/s for `ticks`; RMS and largest of `|wrench - expected|`, N.
fn swing(hand: &mut Handled, ticks: u32, expected: [f64; 3]) -> (f64, f64, f64) {
    hand.device.set_arm(Arm {
        max_speed: 0.8,
        ..Arm::guided()
    });
    let (mut sum, mut worst, mut fastest) = (0.0, 0.0_f64, 0.0_f64);
    for i in 0..ticks {
        // Every coordinate on a path of its own.
        let t = f64::from(i) * DT;
        hand.device.aim([
            0.08 * (6.3 * t).sin(),
            0.05 * (9.7 * t).sin(),
            0.06 * (4.1 * t).cos(),
        ]);
        let f = hand.tick(&mut FreeSpace).f;
        let error2: f64 = f.iter().zip(expected).map(|(a, b)| (a - b).powi(2)).sum();
        sum += error2;
        worst = worst.max(error2.sqrt());
        let v = hand.device.velocity();
        fastest = fastest.max(v.iter().map(|x| x * x).sum::<f64>().sqrt());
    }
    ((sum / f64::from(ticks)).sqrt(), worst, fastest)
}

#[test]
fn free_space_is_free() {
    for model in DEVICE_MODELS {
        for delay in [0, 1] {
            let mut hand = Handled::new(model.delayed(delay), options(None)).started();
            let (rms, worst, fastest) = swing(&mut hand, 20_000, [0.0; 3]);
            println!(
                "T2 {:8} delay {delay}: RMS {:.3} mN, largest {:.3} mN at up to {fastest:.2} m/s",
                model.name,
                rms * 1e3,
                worst * 1e3
            );
            assert!(fastest > 0.5, "{fastest} m/s");
            assert!(rms <= 5e-3 && worst <= 20e-3, "{rms} N, {worst} N");
        }
    }
}

#[test]
fn the_device_s_weight_is_borne() {
    // The device tells its weight 5 % wrong, as a person's calibration would.
    let model = DeviceModel {
        unborne_kg: 0.08,
        ..DEVICE_MODELS[0]
    };
    let device = SimulatedDevice::new(model, Arm::guided(), DT).unwrap();
    let mut info = device.info().clone();
    info.unborne_kg *= 1.05;
    let control = Control::new(&info, &options(None), HOME, DT).unwrap();
    let mut hand = Handled { device, control }.started();
    let weight = model.unborne_kg * 9.806_65;
    let (rms, worst, _) = swing(&mut hand, 10_000, [0.0, weight, 0.0]);
    println!("T2 with gravity compensation: RMS {rms:.4} N, largest {worst:.4} N of {weight:.2} N");
    assert!(worst <= 50e-3, "{worst} N");
}

/// What the device plays and how deep its handle truly is after a calm press of 1 N.
fn pressed(model: DeviceModel, gains: Gains, stiffness: f64) -> (f64, f64) {
    let mut hand = Handled::new(model, options(Some(gains))).started();
    hand.device.set_arm(Arm::pushing([0.0, -1.0, 0.0], 3.0));
    let mut scene = Spring {
        top: 0.0,
        stiffness,
    };
    let mut given = Wrench::default();
    for _ in 0..4_000 {
        given = hand.tick(&mut scene);
    }
    (given.f[1], -hand.device.position()[1])
}

#[test]
fn commanded_stiffness_is_rendered() {
    let mut worst = 0.0_f64;
    for model in DEVICE_MODELS {
        let gains = Gains::for_device(&model.info(), DT);
        for stiffness in [50.0, 100.0, 200.0, 400.0, 800.0, 1_000.0] {
            let (force, depth) = pressed(model, gains, stiffness);
            // What the coupling gives way is not the tissue's: the hand feels both in series.
            let commanded = 1.0 / (1.0 / stiffness + 1.0 / gains.stiffness);
            let error = (force / depth / commanded - 1.0).abs();
            worst = worst.max(error);
            println!(
                "T3 {:8} {stiffness:6} N/m behind {:.0} N/m: felt {:.1}, error {:.2} %",
                model.name,
                gains.stiffness,
                force / depth,
                error * 100.0
            );
        }
    }
    assert!(worst <= 0.01, "{worst}");
}

/// Force of the tick at rest under a slow press, against static equilibrium of the same world with
/// the tool where the tick has it.
fn against_equilibrium(push_n: f64) -> (f64, f64, f64) {
    let mut hand = InTissue::new(block(5e3), DEVICE_MODELS[0]);
    hand.device(|device| device.set_arm(Arm::pushing([0.0, -push_n, 0.0], 5.0)));
    let row = hand.ticks(6_000);
    let mut still = block(5e3);
    still.move_tool(0, row.tool);
    still.settle(1e-5, 20.0).unwrap();
    let depth = 0.06 + RADIUS - row.tool[1];
    (row.device_force[1], still.tool(0).force[1], depth)
}

#[test]
fn tissue_is_rendered_as_its_equilibrium() {
    // A shallow press for the linear range, a deep one beyond it.
    for (push_n, allowed) in [(0.2, 0.02), (1.5, 0.05)] {
        let (felt, still, depth) = against_equilibrium(push_n);
        let error = (felt / still - 1.0).abs();
        println!(
            "T3 tissue pressed {:.1} mm deep: hand {felt:.4} N, equilibrium {still:.4} N, {:.2} %",
            depth * 1e3,
            error * 100.0
        );
        assert!(depth > 0.0 && CLEAR > 0.0);
        assert!(error <= allowed, "{felt} N, {still} N");
    }
}
