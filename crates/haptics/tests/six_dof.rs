//! Turning is felt as moving is: a rod lies across tissue, the hand turns it, and one end presses in.

use haptics::rotation::{difference, from_vector};
use haptics::{
    ControlOptions, DevErr, DeviceInfo, Gains, HapticDevice, NO_TURN, Sample, Tick, TickOptions,
    Wrench, WriteStatus,
};
use softbody::{Material, TetMesh, ToolShape, World};

const DT: f64 = 1e-3;
const RADIUS: f64 = 0.005;
const HALF: f64 = 0.03;
const TOP: f64 = 0.04;

/// Turns about z, slowly, from 1.5 s on, up to `angle`.
struct Turner {
    info: DeviceInfo,
    readings: u64,
    angle: f64,
}

impl Turner {
    fn turned(&self) -> f64 {
        self.angle * ((self.readings as f64 - 1_500.0) / 500.0).clamp(0.0, 1.0)
    }
}

impl HapticDevice for Turner {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.readings += 1;
        Ok(Sample {
            seq: self.readings,
            rot: from_vector([0.0, 0.0, self.turned()]),
            ..Sample::default()
        })
    }

    fn write(&mut self, _: &Wrench) -> Result<WriteStatus, DevErr> {
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {}
}

fn device() -> DeviceInfo {
    DeviceInfo {
        model: "six coordinates".to_owned(),
        input_dof: 6,
        output_dof: 6,
        max_force_n: 12.0,
        max_torque_nm: 0.2,
        max_stiffness: 4_000.0,
        max_rotational_stiffness: 1.0,
        mass_kg: 0.25,
        ..DeviceInfo::default()
    }
}

/// A rod along x that just touches a block, its middle over the block's.
fn world() -> World {
    let mut world = World::new(DT, [0.0; 3]).unwrap();
    let mesh = TetMesh::boxed([0.1, TOP, 0.05], [10, 4, 5]).unwrap();
    let bottom: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][1] < 1e-9)
        .collect();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &bottom)
        .unwrap();
    let rod = ToolShape::Capsule {
        radius: RADIUS,
        half_length: HALF,
        axis: [1.0, 0.0, 0.0],
    };
    world
        .add_tool(rod, [0.05, TOP + RADIUS + 2e-4, 0.025], 0.1)
        .unwrap();
    world
}

fn played(info: DeviceInfo, angle: f64) -> haptics::TraceRow {
    let turner = Turner {
        info,
        readings: 0,
        angle,
    };
    let mut tick = Tick::new(world(), Box::new(turner), TickOptions::default()).unwrap();
    let mut row = haptics::TraceRow::default();
    for _ in 0..3_500 {
        row = tick.advance([], 0);
        assert_eq!(row.faults, 0);
    }
    row
}

#[test]
fn a_turned_rod_turns_back_in_the_hand() {
    for angle in [0.1, -0.1] {
        let row = played(device(), angle);
        println!(
            "turned {angle} rad: torque on the tool {:.4} N m, in the hand {:.4}",
            row.torque[2], row.device_torque[2]
        );
        assert!(row.torque[2] * angle < 0.0, "the tissue turns it back");
        assert!(row.torque[2].abs() > 1e-3);
        let error = (row.device_torque[2] / row.torque[2] - 1.0).abs();
        assert!(error < 0.01, "{error}");
    }
}

#[test]
fn the_coupling_gives_way_by_the_torque_over_its_stiffness() {
    let info = device();
    let row = played(info.clone(), 0.1);
    let behind = difference(row.hand_rot, row.tool_rot)[2];
    let expected = row.torque[2] / Gains::for_device(&info, DT).rotational_stiffness;
    assert!(
        (behind / expected - 1.0).abs() < 0.02,
        "{behind} {expected}"
    );
}

#[test]
fn a_device_without_torque_gets_none_and_the_tool_turns_with_the_hand() {
    let plain = DeviceInfo {
        output_dof: 3,
        max_torque_nm: 0.0,
        ..device()
    };
    let row = played(plain, 0.1);
    assert_eq!(row.device_torque, [0.0; 3]);
    assert!(row.torque[2].abs() > 1e-3);
    let behind = difference(row.hand_rot, row.tool_rot);
    assert!(behind.iter().all(|x| x.abs() < 1e-12), "{behind:?}");
    assert!(ControlOptions::default().gains.is_none() && row.hand_rot != NO_TURN);
}

/// Slow turning of a hand that holds its place: no energy appears, so nothing is braked, whether the
/// device turns the hand back or not.
#[test]
fn turning_is_no_activity() {
    for output_dof in [3, 6] {
        let info = DeviceInfo {
            output_dof,
            resolution_m: 1e-5,
            ..device()
        };
        let turner = Turner {
            info,
            readings: 0,
            angle: 0.15,
        };
        let mut tick = Tick::new(world(), Box::new(turner), TickOptions::default()).unwrap();
        for _ in 0..3_000 {
            tick.advance([], 0);
        }
        let balance = tick.control().passivity().unwrap().balance_j();
        println!("{output_dof} outputs: balance {:.4} mJ", balance * 1e3);
        assert!(balance > -2e-5, "{balance} J");
        assert_eq!(tick.control_counts().braked, 0);
    }
}
