//! One tick: hand in, tissue, force out. Live, lockstep and replay all call [`Tick::advance`] and
//! nothing else, so the same inputs give the same bits in each.

mod options;

use softbody::World;
use softbody::denormals::flushed;

use crate::command::{Command, CommandRecord};
use crate::device::{HapticDevice, Sample, SilencedOnDrop, Wrench};
use crate::event::{Event, FORCE_LIMIT_REARM, Fault, Happening};
use crate::meters::{Meters, Reading};
use crate::safety::{Safety, SafetyCounts};
use crate::snapshot::{Probe, Snapshot, TouchPoint};
use crate::telemetry::LoopCounters;
use crate::trace::{DIGEST_EVERY, TraceRow};
use crate::vector::{finite, norm, scale, sub};

pub use options::{TickError, TickOptions, TickReport};

/// Most commands taken in one tick; the rest wait for the next.
pub const COMMANDS_PER_TICK: usize = 64;
/// Most events of one tick; what happens beyond is counted as lost.
pub const EVENTS_PER_TICK: usize = 64;

/// World, tool, device, meters and safety chain of one run.
pub struct Tick {
    world: World,
    device: SilencedOnDrop,
    options: TickOptions,
    safety: Safety,
    meters: Meters,
    tick: u64,
    sample: Sample,
    probe: Probe,
    over_limit: bool,
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
        let safety = Safety::new(options.safety, device.info().max_force_n, world.dt())?;
        let position = world.tool(options.tool).position;
        Ok(Self {
            sample: Sample {
                pos: position,
                ..Sample::default()
            },
            probe: Probe {
                position,
                ..Probe::default()
            },
            world,
            device: SilencedOnDrop(device),
            options,
            safety,
            meters: Meters::default(),
            tick: 0,
            over_limit: false,
            faults: 0,
            faults_before: 0,
            events: Vec::with_capacity(EVENTS_PER_TICK),
            events_lost: 0,
            applied: Vec::with_capacity(COMMANDS_PER_TICK),
        })
    }

    /// One tick of [`dt_s`](Self::dt_s): takes up to [`COMMANDS_PER_TICK`] of `commands`, reads the
    /// device, moves tool and tissue, writes the safe force, and does the book-keeping. Neither
    /// allocates nor locks.
    pub fn advance<I: IntoIterator<Item = Command>>(&mut self, commands: I) -> TickReport {
        flushed(|| self.step(commands))
    }

    fn step<I: IntoIterator<Item = Command>>(&mut self, commands: I) -> TickReport {
        self.tick += 1;
        self.events.clear();
        self.applied.clear();
        self.faults_before = std::mem::take(&mut self.faults);
        for command in commands.into_iter().take(COMMANDS_PER_TICK) {
            self.apply(command);
        }
        self.read_device();
        self.world.move_tool(self.options.tool, self.sample.pos);
        self.world.step();
        self.look_at_tool();
        // Tears last: a tick may bring more of them than the list of events holds.
        self.report_force();
        self.write_device();
        self.report_tears();
        TickReport {
            row: self.row(),
            device_force: self.probe.device_force,
            faults: self.faults,
        }
    }

    fn apply(&mut self, command: Command) {
        if command.check(self.body_count()).is_err() {
            self.fault(Fault::CommandRefused);
            return;
        }
        match command {
            Command::Aim { point } => self.device.0.aim(point),
            Command::Buttons { mask } => self.device.0.press(mask),
            Command::MoveSupports {
                body,
                offset,
                ticks,
            } => self.world.move_supports(body as usize, offset, ticks),
        }
        self.applied.push(command.record(self.tick));
    }

    fn read_device(&mut self) {
        match self.device.0.read() {
            Ok(sample) if finite(sample.pos) => self.sample = sample,
            Ok(_) => self.fault(Fault::PoseNotFinite),
            Err(why) => self.fault(Fault::DeviceRead(why)),
        }
    }

    fn look_at_tool(&mut self) {
        let dt = self.world.dt();
        let tool = self.world.tool(self.options.tool);
        let from = self.probe.position;
        let strain = tool.surface_strain;
        self.probe = Probe {
            position: tool.position,
            velocity: scale(sub(tool.position, from), 1.0 / dt),
            force: tool.force,
            device_force: [0.0; 3],
            buttons: self.sample.buttons,
            contacts: tool.contact_count,
            strain: tool.surface_strain,
            touch: tool.touch.map(|touch| TouchPoint {
                body: touch.body,
                triangle: touch.triangle,
                rest_point: touch.rest_point,
                normal: touch.normal,
            }),
        };
        let reading = Reading {
            from,
            to: self.probe.position,
            force_n: norm(self.probe.force),
            contacts: self.probe.contacts,
            strain,
        };
        self.meters.add(&reading, self.options.force_limit_n, dt);
    }

    fn report_tears(&mut self) {
        for i in 0..self.world.ruptures().len() {
            let tear = self.world.ruptures()[i];
            self.happened(Happening::TissueTorn {
                body: tear.body,
                triangle: tear.triangle,
                strain: tear.strain,
                point: tear.point,
                rest_point: tear.rest_point,
            });
        }
    }

    fn report_force(&mut self) {
        let force_n = norm(self.probe.force);
        let limit = self.options.force_limit_n;
        if !self.over_limit && force_n > limit {
            self.over_limit = true;
            let point = self.probe.position;
            self.happened(Happening::ForceLimit { force_n, point });
        } else if force_n < FORCE_LIMIT_REARM * limit {
            self.over_limit = false;
        }
    }

    fn write_device(&mut self) {
        if !finite(self.probe.force) {
            self.fault(Fault::ForceNotFinite);
        }
        if self.world.stats().faults > 0 {
            self.fault(Fault::TissueReset);
        }
        let untrusted = self.faults & !Fault::CommandRefused.bit() != 0;
        let f = if untrusted {
            self.safety.silence()
        } else {
            self.safety.filter(self.probe.force)
        };
        self.probe.device_force = f;
        if let Err(why) = self.device.0.write(&Wrench {
            f,
            ..Wrench::default()
        }) {
            self.fault(Fault::DeviceWrite(why));
            self.device.0.zero();
            if !untrusted {
                self.probe.device_force = self.safety.silence();
            }
        }
    }

    /// Notes a fault and reports it where it was not present in the tick before.
    fn fault(&mut self, fault: Fault) {
        let known = (self.faults_before | self.faults) & fault.bit() != 0;
        self.faults |= fault.bit();
        if !known {
            self.happened(Happening::Fault(fault));
        }
    }

    fn happened(&mut self, what: Happening) {
        if self.events.len() == EVENTS_PER_TICK {
            self.events_lost += 1;
            return;
        }
        self.events.push(Event {
            tick: self.tick,
            time_s: self.time_s(),
            what,
        });
    }

    fn row(&self) -> TraceRow {
        let digest = if self.tick.is_multiple_of(DIGEST_EVERY) {
            self.world.digest()
        } else {
            0
        };
        TraceRow {
            tick: self.tick,
            hand: self.sample.pos,
            tool: self.probe.position,
            force: self.probe.force,
            buttons: self.sample.buttons,
            contacts: self.probe.contacts,
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
        let organ = self.world.body(self.options.organ);
        let to_come = organ.room().nodes; // a cut must not make a later snapshot allocate
        out.positions.clear();
        out.positions.reserve(organ.node_count() + to_come);
        out.positions.resize(organ.node_count(), [0.0; 3]);
        organ.write_positions(&mut out.positions);
    }

    /// The world at this tick.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        self.fill_snapshot(&mut snapshot, LoopCounters::default());
        snapshot
    }

    /// No force from now until the next tick.
    pub fn zero(&mut self) {
        self.device.0.zero();
        self.probe.device_force = self.safety.pause();
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

    /// How often the safety chain stepped in.
    #[must_use]
    pub fn safety_counts(&self) -> SafetyCounts {
        self.safety.counts()
    }

    /// What the device is.
    #[must_use]
    pub fn device_info(&self) -> &crate::DeviceInfo {
        self.device.0.info()
    }

    /// Ticks since the start of the run.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// Simulated time since the start of the run, s.
    #[must_use]
    pub fn time_s(&self) -> f64 {
        self.tick as f64 * self.world.dt()
    }

    /// Length of a tick, s.
    #[must_use]
    pub fn dt_s(&self) -> f64 {
        self.world.dt()
    }

    /// How many bodies a command may name.
    #[must_use]
    pub fn body_count(&self) -> u32 {
        self.world.bodies().len() as u32
    }

    /// The world.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world at the end of the run; the device is silenced.
    #[must_use]
    pub fn into_world(self) -> World {
        self.world
    }
}
