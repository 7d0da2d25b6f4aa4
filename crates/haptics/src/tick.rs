//! One tick: hand in, tissue, force out. Live, lockstep and replay all call [`Tick::advance`] and
//! nothing else, so the same inputs give the same bits in each.

mod beside;
mod hand;
mod options;
mod report;
mod tissue;
mod touch;

use softbody::denormals::flushed;
use softbody::{Pose, World};

use crate::command::{Command, CommandRecord};
use crate::control::Control;
use crate::device::{HapticDevice, Sample, SilencedOnDrop};
use crate::event::{Event, Fault, Happening};
use crate::meters::Meters;
use crate::slow::Move;
use crate::snapshot::{Probe, Snapshot, write_nodes};
use crate::telemetry::LoopCounters;
use crate::trace::{DIGEST_EVERY, TraceRow};

pub(crate) use beside::{Away, WISHES};
pub use options::{MOST_TICKS, TickError, TickOptions};

use tissue::Tissue;

/// Most commands taken in one tick; the rest wait for the next.
pub const COMMANDS_PER_TICK: usize = 64;
/// Most events of one tick; what happens beyond is counted as lost.
pub const EVENTS_PER_TICK: usize = 64;

/// World, tool, device, meters and control of one run.
pub struct Tick {
    tissue: Tissue,
    dt: f64,
    bodies: u32,
    device: SilencedOnDrop,
    options: TickOptions,
    control: Control,
    meters: Meters,
    tick: u64,
    missed: u64,
    unanswered: u32,
    /// Ticks in a row in which the device went on with an old force.
    untaken: u32,
    lost_for: u32,
    device_is_back: bool,
    sample: Sample,
    probe: Probe,
    over_limit: bool,
    tissue_is_behind: bool,
    told_of_wait: bool,
    faults: u32,
    faults_before: u32,
    events: Vec<Event>,
    events_lost: u64,
    applied: Vec<CommandRecord>,
}

impl Tick {
    /// A run that starts from `world` as it is. Ticks are counted from here.
    ///
    /// # Errors
    /// Where the tool or body does not exist or a limit is not a positive number.
    pub fn new(
        world: World,
        device: Box<dyn HapticDevice>,
        options: TickOptions,
    ) -> Result<Self, TickError> {
        for (what, index, count) in [
            ("tool", options.tool, world.tools().len()),
            ("body", options.organ, world.bodies().len()),
        ] {
            if index >= count {
                return Err(TickError::Missing { what, index, count });
            }
        }
        if options.force_limit_n.is_nan() || options.force_limit_n <= 0.0 {
            return Err(TickError::ForceLimit(options.force_limit_n));
        }
        let tool = world.tool(options.tool);
        let pose = Pose {
            position: tool.position,
            orientation: tool.orientation,
        };
        let (dt, bodies) = (world.dt(), world.bodies().len() as u32);
        let mut control = Control::new(device.info(), &options.control, pose, dt)?;
        let tissue = Tissue::new(world, &options)?;
        if let Tissue::Beside(_) = tissue {
            control = control.by_model();
        }
        Ok(Self {
            sample: Sample {
                pos: control.aim(pose.position),
                ..Sample::default()
            },
            probe: Probe {
                position: pose.position,
                orientation: pose.orientation,
                ..Probe::default()
            },
            tissue,
            dt,
            bodies,
            device: SilencedOnDrop(device),
            options,
            control,
            meters: Meters::default(),
            tick: 0,
            missed: 0,
            unanswered: 0,
            untaken: 0,
            lost_for: 0,
            device_is_back: false,
            over_limit: false,
            tissue_is_behind: false,
            told_of_wait: false,
            faults: 0,
            faults_before: 0,
            events: Vec::with_capacity(EVENTS_PER_TICK),
            events_lost: 0,
            applied: Vec::with_capacity(COMMANDS_PER_TICK + 1),
        })
    }

    /// One tick of [`dt_s`](Self::dt_s): takes up to [`COMMANDS_PER_TICK`] of `commands`, reads the
    /// device, moves tool and tissue, writes the safe force, and does the book-keeping. `missed`
    /// ticks went by on the wall clock since the last one. Neither allocates nor locks.
    pub fn advance<I>(&mut self, commands: I, missed: u64) -> TraceRow
    where
        I: IntoIterator<Item = Command>,
    {
        flushed(|| self.step(commands, missed))
    }

    fn step<I: IntoIterator<Item = Command>>(&mut self, commands: I, missed: u64) -> TraceRow {
        self.tick += 1;
        self.missed = missed + self.device.0.missed_before();
        self.control.missed(self.missed);
        self.events.clear();
        self.applied.clear();
        if std::mem::take(&mut self.device_is_back) {
            self.happened(Happening::DeviceBack);
        }
        self.faults_before = std::mem::take(&mut self.faults);
        self.take_tissue();
        for command in commands.into_iter().take(COMMANDS_PER_TICK) {
            self.apply(command);
        }
        self.read_device();
        self.touch();
        // Tears last: a tick may bring more of them than the list of events holds.
        self.report_force();
        self.write_device();
        self.report_tears();
        self.ask_tissue();
        self.row()
    }

    fn apply(&mut self, command: Command) {
        if command.check(self.body_count()).is_err() {
            self.fault(Fault::CommandRefused);
            return;
        }
        match command {
            Command::Aim { point } => self.device.0.aim(self.control.aim(point)),
            Command::Buttons { mask } => self.device.0.press(mask),
            Command::MoveSupports {
                body,
                offset,
                ticks,
            } => {
                let way = Move {
                    body,
                    offset,
                    ticks,
                };
                if !self.tissue.move_supports(way) {
                    self.fault(Fault::CommandRefused);
                    return;
                }
            }
            Command::TissueCame { born, .. } => {
                if !self.take_recorded_tissue(born) {
                    self.fault(Fault::CommandRefused);
                    return;
                }
            }
        }
        self.applied.push(command.record(self.tick));
    }

    fn row(&self) -> TraceRow {
        let digest = if self.tick.is_multiple_of(DIGEST_EVERY) {
            self.tissue.digest()
        } else {
            0
        };
        TraceRow {
            tick: self.tick,
            hand: self.sample.pos,
            hand_rot: self.sample.rot,
            tool: self.probe.position,
            tool_rot: self.probe.orientation,
            force: self.probe.force,
            torque: self.probe.torque,
            device_force: self.probe.device.f,
            device_torque: self.probe.device.t,
            buttons: self.sample.buttons,
            contacts: self.probe.contacts,
            status: self.sample.status.0,
            faults: self.faults,
            missed: self.missed,
            digest,
        }
    }

    /// Fills `out` in place; allocates only where it has never held this organ.
    pub fn fill_snapshot(&self, out: &mut Snapshot, counters: LoopCounters) {
        out.tick = self.tick;
        out.time_s = self.time_s();
        out.probe = self.probe;
        out.meters = self.meters;
        out.counters = counters;
        let Some(world) = self.tissue.world() else {
            return; // who has the tissue shows it
        };
        write_nodes(world.body(self.options.organ), &mut out.positions);
    }

    /// The world at this tick.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        self.fill_snapshot(&mut snapshot, LoopCounters::default());
        snapshot
    }

    /// Events of the last tick.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Events that found no room since the start.
    #[must_use]
    pub fn events_lost(&self) -> u64 {
        self.events_lost
    }

    /// Commands of the last tick, as they were applied.
    #[must_use]
    pub fn applied(&self) -> &[CommandRecord] {
        &self.applied
    }

    /// Sums and peaks since the start.
    #[must_use]
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// Ticks since the start of the run.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// Simulated time since the start of the run, s.
    #[must_use]
    pub fn time_s(&self) -> f64 {
        self.tick as f64 * self.dt
    }

    /// Length of a tick, s.
    #[must_use]
    pub fn dt_s(&self) -> f64 {
        self.dt
    }

    /// How many bodies a command may name.
    #[must_use]
    pub fn body_count(&self) -> u32 {
        self.bodies
    }

    /// The body that snapshots show.
    pub(crate) fn organ(&self) -> usize {
        self.options.organ
    }

    /// The world, as it was at the end of its last step.
    ///
    /// # Panics
    /// In a loop that is running, where another thread has it.
    #[must_use]
    pub fn world(&self) -> &World {
        self.tissue.world().expect("the loop has ended")
    }

    /// The world at the end of the run; the device is silenced.
    ///
    /// # Panics
    /// In a loop that is running, where another thread has it.
    #[must_use]
    pub fn into_world(self) -> World {
        match self.tissue {
            Tissue::Within(world) => *world,
            Tissue::Beside(beside) => beside.into_slow().expect("the loop has ended").into_world(),
        }
    }
}
