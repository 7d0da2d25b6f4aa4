//! A block of liver under a ball that a hand moves on paths that chance decides, computed in the tick
//! and beside it.
#![allow(dead_code, reason = "test and table use their own parts")]

use haptics::{
    Arm, DevErr, DeviceInfo, HapticDevice, Lockstep, MonotonicClock, Sample, SimulatedDevice,
    TOUCH, Tick, TickOptions, TissueCounts, TraceRow, Wrench, WriteStatus,
};
use softbody::{Material, TetMesh, ToolShape, World};

use std::f64::consts::TAU;
use std::sync::{Arc, Mutex};

pub const DT: f64 = 1e-3;
pub const TICKS: u64 = 1_600;
const RADIUS: f64 = 0.008;
const SIZE: [f64; 3] = [0.1, 0.05, 0.1];
const TOP: f64 = SIZE[1] + RADIUS;

/// What the hand does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Tap,
    Press,
    Slide,
}

pub const KINDS: [Kind; 3] = [Kind::Tap, Kind::Press, Kind::Slide];

/// A path of the hand, decided by a seed.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    kind: Kind,
    /// Numbers from 0 to 1.
    chance: [f64; 4],
}

impl Path {
    pub fn new(kind: Kind, seed: u64) -> Self {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ kind as u64;
        let mut chance = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..4).for_each(|_| {
            chance();
        });
        Self {
            kind,
            chance: [chance(), chance(), chance(), chance()],
        }
    }

    /// Where the hand is at `t` seconds, m.
    pub fn at(&self, t: f64) -> [f64; 3] {
        let [a, b, c, d] = self.chance;
        let between = |low: f64, high: f64, share: f64| low + (high - low) * share;
        match self.kind {
            Kind::Tap => {
                // Up to 0.1 m/s.
                let (hz, depth) = (between(1.0, 2.5, a), between(0.003, 0.007, b));
                let middle = 0.5 * (0.003 - depth);
                let y = middle + 0.5 * (0.003 + depth) * (TAU * hz * t).cos();
                [0.05 + 0.02 * (c - 0.5), TOP + y, 0.05 + 0.02 * (d - 0.5)]
            }
            Kind::Press => {
                let (took, depth) = (between(0.25, 0.5, a), between(0.006, 0.012, b));
                let down = reach((t - 0.1) / took) - reach((t - 1.0) / took);
                let y = 0.004 - (0.004 + depth) * down;
                [0.05 + 0.02 * (c - 0.5), TOP + y, 0.05 + 0.02 * (d - 0.5)]
            }
            Kind::Slide => {
                let (depth, way) = (between(0.004, 0.007, a), between(0.02, 0.04, b));
                let down = reach((t - 0.1) / 0.3) - reach((t - 1.25) / 0.3);
                let along = way * (reach((t - 0.4) / between(0.6, 0.8, c)) - 0.5);
                let y = 0.003 - (0.003 + depth) * down;
                let turn = TAU * d;
                [
                    0.05 + along * turn.cos(),
                    TOP + y,
                    0.05 + along * turn.sin(),
                ]
            }
        }
    }
}

/// Minimum jerk (Flash and Hogan 1985).
fn reach(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (10.0 - 15.0 * t + 6.0 * t * t)
}

/// A coordinate as an encoder with steps of `step` (m) tells it; exactly for 0.
fn seen(x: f64, step: f64) -> f64 {
    if step > 0.0 {
        (x / step).round() * step
    } else {
        x
    }
}

/// A hand that follows its path whatever it meets, in a device that resembles a Touch but for the
/// steps of its encoders.
struct Led {
    info: DeviceInfo,
    path: Path,
    step_m: f64,
    tick: u64,
}

impl HapticDevice for Led {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.tick += 1;
        let pos = self.path.at(self.tick as f64 * DT);
        Ok(Sample {
            seq: self.tick,
            pos: pos.map(|x| seen(x, self.step_m)),
            ..Sample::default()
        })
    }

    fn write(&mut self, _wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        Ok(WriteStatus::Taken)
    }

    fn zero(&mut self) {}
}

/// A loose hand that leans on the block through a device like a Touch with a tick of delay, and what
/// became of its energy.
struct Loose {
    device: SimulatedDevice,
    push_n: f64,
    tick: u64,
    seen: Arc<Mutex<Leant>>,
}

/// What came of leaning on the block.
#[derive(Clone, Copy, Debug, Default)]
pub struct Leant {
    /// Smallest energy balance of loop and device, J.
    pub worst_j: f64,
    /// Lowest and highest place in the last half second, m.
    range: Option<(f64, f64)>,
}

impl Leant {
    /// Peak to peak, m.
    pub fn swing_m(&self) -> f64 {
        self.range.map_or(f64::INFINITY, |(low, high)| high - low)
    }
}

impl HapticDevice for Loose {
    fn info(&self) -> &DeviceInfo {
        self.device.info()
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.tick += 1;
        let share = (self.tick as f64 * DT / 0.3).min(1.0);
        let arm = Arm::pushing([0.0, -share * self.push_n, 0.0], 1.0);
        self.device.set_arm(arm);
        let sample = self.device.read();
        let y = self.device.position()[1];
        let mut seen = self.seen.lock().unwrap();
        seen.worst_j = self.device.energy().worst_j;
        if self.tick > TICKS - 500 {
            let (low, high) = seen.range.unwrap_or((y, y));
            seen.range = Some((low.min(y), high.max(y)));
        }
        sample
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.device.write(wrench)
    }

    fn zero(&mut self) {
        self.device.zero();
    }
}

/// A loose hand leans on the block with `push_n`, starting 2 mm above it.
pub fn lean(cells: usize, push_n: f64, every: u32) -> Leant {
    let start = [0.05, TOP + 0.002, 0.05];
    let model = TOUCH.delayed(1);
    let seen = Arc::new(Mutex::new(Leant::default()));
    let device = Loose {
        device: SimulatedDevice::new(model, Arm::guided(), DT).unwrap(),
        push_n,
        tick: 0,
        seen: Arc::clone(&seen),
    };
    let mut options = TickOptions {
        tissue_every: every,
        ..TickOptions::default()
    };
    options.control.safety.start_ramp_s = 1e-3;
    let tick = Tick::new(world_at(cells, start), Box::new(device), options).unwrap();
    let mut run = Lockstep::new(tick, Box::new(MonotonicClock::default()));
    run.advance(TICKS);
    *seen.lock().unwrap()
}

/// The block with `cells` over its height, and the ball at the start of `path`.
pub fn world(cells: usize, path: &Path) -> World {
    world_at(cells, path.at(0.0))
}

fn world_at(cells: usize, start: [f64; 3]) -> World {
    let mut world = World::new(DT, [0.0; 3]).unwrap();
    let mesh = TetMesh::boxed(SIZE, [2 * cells, cells, 2 * cells]).unwrap();
    let bottom: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][1] < 1e-9)
        .collect();
    let liver = Material::soft(6_270.0, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[liver], &bottom).unwrap();
    let ball = ToolShape::Sphere { radius: RADIUS };
    world.add_tool(ball, start, 0.1).unwrap();
    world
}

/// A run of `world` along `path`, seen in steps of `step_m`, with a step of the tissue in `every` ticks.
pub fn play(
    world: World,
    path: &Path,
    every: u32,
    step_m: f64,
) -> (Vec<TraceRow>, Option<TissueCounts>) {
    let start = path.at(0.0);
    let device = Led {
        info: DeviceInfo {
            workspace: haptics::Ball {
                center: start,
                radius: 0.1,
            },
            ..TOUCH.info()
        },
        path: *path,
        step_m,
        tick: 0,
    };
    let options = TickOptions {
        tissue_every: every,
        ..TickOptions::default()
    };
    let tick = Tick::new(world, Box::new(device), options).unwrap();
    let mut run = Lockstep::new(tick, Box::new(MonotonicClock::default()));
    run.advance(TICKS);
    let mut trace = Vec::new();
    run.drain_trace(&mut trace);
    (trace, run.stats().tissue)
}

/// What came of many paths at one slow rate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Sums of squares: of the force's error, and of the force it should be, N^2.
    squares: [f64; 2],
    /// Largest change by passing from model to model in a tick: N, and as a share of the force.
    pub step_n: f64,
    pub step_share: f64,
    pub fell_behind: u64,
}

impl Score {
    pub fn add(&mut self, trace: &[TraceRow], reference: &[TraceRow], counts: &TissueCounts) {
        let [error, force] = squares(trace, reference);
        self.squares[0] += error;
        self.squares[1] += force;
        self.step_n = self.step_n.max(counts.largest_step_n);
        self.step_share = self.step_share.max(counts.largest_step_share);
        self.fell_behind += counts.fell_behind;
    }

    pub fn merge(&mut self, other: &Self) {
        self.squares = [0, 1].map(|i| self.squares[i] + other.squares[i]);
        self.step_n = self.step_n.max(other.step_n);
        self.step_share = self.step_share.max(other.step_share);
        self.fell_behind += other.fell_behind;
    }

    /// RMS of the error over RMS of the force.
    pub fn error(&self) -> f64 {
        (self.squares[0] / self.squares[1]).sqrt()
    }
}

/// A path of each kind for each seed, and the forces that the tissue in the tick gives.
pub struct Truth {
    pub cells: usize,
    pub step_m: f64,
    paths: Vec<(Kind, Path, Vec<TraceRow>)>,
}

impl Truth {
    pub fn new(cells: usize, step_m: f64, seeds: u64) -> Self {
        let each = KINDS
            .into_iter()
            .flat_map(|kind| (1..=seeds).map(move |seed| (kind, Path::new(kind, seed))));
        let played = |(kind, path): (Kind, Path)| {
            (kind, path, play(world(cells, &path), &path, 1, step_m).0)
        };
        Self {
            cells,
            step_m,
            paths: each.map(played).collect(),
        }
    }

    /// The same paths with a step of the tissue in `every` ticks, each of so many substeps (None: as
    /// the world chooses).
    pub fn score(&self, kind: Kind, every: u32, substeps: Option<u32>) -> Score {
        let mut score = Score::default();
        for (_, path, reference) in self.paths.iter().filter(|p| p.0 == kind) {
            let mut world = world(self.cells, path);
            world.force_substeps(substeps).unwrap();
            let (trace, counts) = play(world, path, every, self.step_m);
            score.add(&trace, reference, &counts.unwrap());
        }
        score
    }
}

/// Sums of squares over a trace: of the force's error, and of the force it should be, N^2.
fn squares(trace: &[TraceRow], reference: &[TraceRow]) -> [f64; 2] {
    let square = |v: [f64; 3]| v.iter().map(|x| x * x).sum::<f64>();
    let mut sums = [0.0; 2];
    for (row, truth) in trace.iter().zip(reference) {
        sums[0] += square([0, 1, 2].map(|i| row.force[i] - truth.force[i]));
        sums[1] += square(truth.force);
    }
    sums
}
