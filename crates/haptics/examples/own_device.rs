//! A haptic device of one's own in the loop: the trait, a world of soft tissue, and a run.
//!
//! ```text
//! cargo run --release -p haptics --example own_device
//! ```

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering::Relaxed};

use haptics::{
    Ball, DevErr, DeviceInfo, HapticDevice, Lockstep, MonotonicClock, OpenError, Sample, Tick,
    TickOptions, TraceRow, Wrench, WriteStatus,
};
use softbody::{Material, TetMesh, ToolShape, World};

/// Stands in for the hardware: registers, in the board's own axes (right, away, up) and units.
#[derive(Default)]
pub struct Board {
    /// Whether nothing answers.
    pub unplugged: AtomicBool,
    /// Where the handle is.
    pub micrometres: [AtomicI32; 3],
    /// What the motors are given.
    pub milliamperes: [AtomicI32; 3],
    /// Held buttons, a bit each.
    pub buttons: AtomicU32,
}

const MILLIAMPERES_PER_NEWTON: f64 = 1_000.0;

/// The driver: axes and units change here, and nowhere else.
pub struct OwnDevice {
    board: Arc<Board>,
    info: DeviceInfo,
    seq: u64,
}

impl OwnDevice {
    /// Opens the device behind `board`.
    pub fn open(board: &Arc<Board>) -> Result<Self, OpenError> {
        if board.unplugged.load(Relaxed) {
            return Err(OpenError::NotConnected {
                device: "own".to_owned(),
                why: "the board does not answer".to_owned(),
                todo: "check its cable and power",
            });
        }
        // How stiff and how strong the loop may be is made of these: measure them.
        let info = DeviceInfo {
            model: "device of my own".to_owned(),
            output_dof: 3,
            max_force_n: 5.0,
            max_stiffness: 1_500.0,
            max_damping: 5.0,
            resolution_m: 1e-6,
            mass_kg: 0.1,
            damping: 0.5,
            workspace: Ball {
                center: [0.0; 3],
                radius: 0.08,
            },
            ..DeviceInfo::default()
        };
        Ok(Self {
            board: Arc::clone(board),
            info,
            seq: 0,
        })
    }
}

/// No call allocates, locks or waits.
impl HapticDevice for OwnDevice {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        if self.board.unplugged.load(Relaxed) {
            return Err(DevErr::Lost);
        }
        let metres = |axis: usize| 1e-6 * f64::from(self.board.micrometres[axis].load(Relaxed));
        let [right, away, up] = [metres(0), metres(1), metres(2)];
        self.seq += 1;
        Ok(Sample {
            seq: self.seq,
            pos: [right, up, -away],
            buttons: self.board.buttons.load(Relaxed),
            ..Sample::default()
        })
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        if self.board.unplugged.load(Relaxed) {
            return Err(DevErr::Lost);
        }
        let [x, y, z] = wrench.f;
        if !(x.is_finite() && y.is_finite() && z.is_finite()) {
            self.zero();
            return Ok(WriteStatus::Taken);
        }
        let largest = self.info.max_force_n;
        for (register, newtons) in self.board.milliamperes.iter().zip([x, -z, y]) {
            let current = MILLIAMPERES_PER_NEWTON * newtons.clamp(-largest, largest);
            register.store(current.round() as i32, Relaxed);
        }
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {
        for register in &self.board.milliamperes {
            register.store(0, Relaxed);
        }
    }
}

impl Drop for OwnDevice {
    fn drop(&mut self) {
        self.zero();
    }
}

/// A block of liver of 0.1 x 0.06 x 0.1 m, held at its bottom, 4 mm under a ball of 1 cm.
pub fn liver_under_a_ball() -> Result<World, Box<dyn Error>> {
    let mut world = World::new(1e-3, [0.0; 3])?;
    let mesh = TetMesh::boxed([0.1, 0.06, 0.1], [8, 5, 8])?;
    let bottom: Vec<u32> = (0..)
        .zip(mesh.points())
        .filter(|(_, point)| point[1] < 1e-9)
        .map(|(node, _)| node)
        .collect();
    let liver = Material::soft(6_270.0, 0.45, 1_060.0);
    world.add_soft_body(&mesh, &[liver], &bottom)?;
    let ball = ToolShape::Sphere { radius: 0.01 };
    world.add_tool(ball, [0.05, 0.074, 0.05], 0.1)?;
    Ok(world)
}

/// Lets a hand sink by 12 mm in a second and stay for half of one; every tick's row.
pub fn press(board: &Arc<Board>) -> Result<Vec<TraceRow>, Box<dyn Error>> {
    let device = OwnDevice::open(board)?;
    // The middle of the device's reach lies where the ball is; TickOptions::control tells otherwise.
    let tick = Tick::new(
        liver_under_a_ball()?,
        Box::new(device),
        TickOptions::default(),
    )?;
    let mut run = Lockstep::new(tick, Box::new(MonotonicClock::default()));
    run.advance(1_100); // the force is led in during the first second
    for millisecond in 1..=1_500 {
        let down = 12 * millisecond.min(1_000);
        board.micrometres[2].store(-down, Relaxed);
        run.advance(1);
    }
    let mut rows = Vec::new();
    run.drain_trace(&mut rows);
    Ok(rows)
}

fn main() -> Result<(), Box<dyn Error>> {
    let rows = press(&Arc::new(Board::default()))?;
    let last = rows.last().ok_or("nothing ran")?;
    println!("hand {:.1} mm down", -1e3 * last.hand[1]);
    println!("{:.2} N on the tool", last.force[1]);
    println!("{:.2} N in the hand", last.device_force[1]);
    Ok(())
}
