//! One tick: hand in, tissue, force out. Live, lockstep and replay all call [`Tick::advance`] and
//! nothing else, so the same inputs give the same bits in each.

mod beside;
mod options;
mod tissue;

use softbody::denormals::flushed;
use softbody::{Pose, World};

use crate::command::{Command, CommandRecord};
use crate::control::{Control, ControlCounts, ControlOptions, Felt, TissueCounts, WATCHDOG_TICKS};
use crate::device::{DevErr, HapticDevice, Sample, Servo, SilencedOnDrop, Wrench};
use crate::event::{Event, FORCE_LIMIT_REARM, Fault, Happening};
use crate::meters::{Meters, Reading};
use crate::slow::{Move, Slow, Told};
use crate::snapshot::{Probe, Snapshot, TouchPoint, write_nodes};
use crate::telemetry::LoopCounters;
use crate::trace::{DIGEST_EVERY, TraceRow};
use crate::vector::{finite, norm, scale, sub};

pub(crate) use beside::{Away, WISHES};
pub use options::{MOST_TICKS, TickError, TickOptions};

use tissue::Tissue;

/// Most commands taken in one tick; the rest wait for the next.
pub const COMMANDS_PER_TICK: usize = 64;
/// Most events of one tick; what happens beyond is counted as lost.
pub const EVENTS_PER_TICK: usize = 64;

/// Ticks in a row that a device may leave unanswered before it counts as a fault.
const LONGEST_LATE: u32 = 20;

/// Ticks in a row without a device, after which it is opened anew.
const LOST_AFTER: u32 = 100;

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
    lost_for: u32,
    device_is_back: bool,
    sample: Sample,
    probe: Probe,
    over_limit: bool,
    tissue_is_behind: bool,
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
            lost_for: 0,
            device_is_back: false,
            over_limit: false,
            tissue_is_behind: false,
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

    fn read_device(&mut self) {
        let read = self.device.0.read();
        self.note_loss(matches!(read, Err(DevErr::Lost)));
        match read {
            Ok(sample) if is_pose(&sample) => self.take(sample),
            Ok(_) => self.fault(Fault::PoseNotFinite),
            Err(DevErr::Late) if self.unanswered < LONGEST_LATE => {
                self.unanswered += 1;
                self.take(self.sample);
            }
            Err(why) => self.fault(Fault::DeviceRead(why)),
        }
    }

    /// Counts the ticks for which the device has been lost.
    fn note_loss(&mut self, lost: bool) {
        self.lost_for = if lost {
            self.lost_for.saturating_add(1)
        } else {
            0
        };
    }

    /// Whether the device has been lost for long enough to be opened anew.
    pub(crate) fn device_is_lost(&self) -> bool {
        self.lost_for >= LOST_AFTER
    }

    /// Goes on with another device of the same kind; the tool glides to where its hand is. Returns
    /// the one before.
    pub(crate) fn change_device(&mut self, device: SilencedOnDrop) -> SilencedOnDrop {
        self.lost_for = 0;
        self.unanswered = 0;
        self.device_is_back = true;
        self.lay_aside(device)
    }

    /// The device, whose place `absent` takes; for the run it goes on being lost.
    pub(crate) fn lay_aside(&mut self, absent: SilencedOnDrop) -> SilencedOnDrop {
        std::mem::replace(&mut self.device, absent)
    }

    fn take(&mut self, sample: Sample) {
        if sample.seq != self.sample.seq {
            self.unanswered = 0;
        }
        self.sample = sample;
        if !sample.status.is_ok() {
            self.fault(Fault::DeviceStatus(sample.status));
        }
        if self.control.take(&sample) {
            self.fault(Fault::HandLeapt);
        }
    }

    /// A step of tissue that is computed beside the loop, where one has come.
    fn take_tissue(&mut self) {
        let Tissue::Beside(beside) = &mut self.tissue else {
            return;
        };
        if let Some(born) = beside.arrive(self.tick) {
            let force = beside.told().own.force;
            let came = Command::TissueCame { born, force };
            self.applied.push(came.record(self.tick));
        }
    }

    fn take_recorded_tissue(&mut self, born: u64) -> bool {
        match &mut self.tissue {
            Tissue::Beside(beside) => beside.arrive_as_recorded(born),
            Tissue::Within(_) => false,
        }
    }

    /// Tells tissue that is computed beside the loop where the tool is.
    fn ask_tissue(&mut self) {
        let pose = Pose {
            position: self.probe.position,
            orientation: self.probe.orientation,
        };
        if let Tissue::Beside(beside) = &mut self.tissue {
            beside.ask(self.tick, pose);
        }
    }

    /// The tool to where the hand has it, and what the tissue does to it.
    fn touch(&mut self) {
        let turned = self.device.0.info().input_dof == 6 || self.options.control.port.on;
        let orientation = if turned {
            self.control.tool().orientation
        } else {
            self.probe.orientation
        };
        let tool = self.options.tool;
        let (pose, felt, strain, touch) = match &mut self.tissue {
            Tissue::Within(world) => {
                let pose = self.control.tool();
                world.pose_tool(
                    tool,
                    Pose {
                        orientation,
                        ..pose
                    },
                );
                world.step();
                seen(world.tool(tool))
            }
            Tissue::Beside(beside) => {
                let felt = self
                    .control
                    .feel(self.tick, &mut beside.rendering, orientation);
                let told = beside.told();
                let touch = told.touch.filter(|_| felt.contacts > 0);
                (self.control.tool(), felt, told.strain, touch)
            }
        };
        self.look_at_tool(pose, &felt, strain, touch);
    }

    fn look_at_tool(&mut self, pose: Pose, felt: &Felt, strain: f64, touch: Option<TouchPoint>) {
        let from = self.probe.position;
        self.probe = Probe {
            position: pose.position,
            velocity: scale(sub(pose.position, from), 1.0 / self.dt),
            force: felt.force,
            torque: felt.torque,
            orientation: pose.orientation,
            device: Wrench::default(),
            buttons: self.sample.buttons,
            contacts: felt.contacts,
            strain,
            touch,
        };
        let reading = Reading {
            from,
            to: self.probe.position,
            force_n: norm(self.probe.force),
            contacts: self.probe.contacts,
            strain,
        };
        self.meters
            .add(&reading, self.options.force_limit_n, self.dt);
    }

    fn report_tears(&mut self) {
        for i in 0..self.tissue.tears().len() {
            let tear = self.tissue.tears()[i];
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
        self.report_delay();
    }

    fn report_delay(&mut self) {
        let Tissue::Beside(beside) = &self.tissue else {
            return;
        };
        let behind = beside.rendering.is_behind();
        if behind && !std::mem::replace(&mut self.tissue_is_behind, behind) {
            let late_s = beside.rendering.age(self.tick) as f64 * self.dt;
            self.happened(Happening::TissueBehind { late_s });
        }
        self.tissue_is_behind = behind;
    }

    fn write_device(&mut self) {
        if !finite(self.probe.force) {
            self.fault(Fault::ForceNotFinite);
        }
        if self.tissue.is_faulty() {
            self.fault(Fault::TissueReset);
        }
        let untrusted = self.faults & !Fault::CommandRefused.bit() != 0;
        let on_tool = Wrench {
            f: self.probe.force,
            t: self.probe.torque,
            grip: 0.0,
        };
        self.probe.device = if untrusted {
            self.control.silence(&on_tool)
        } else {
            self.control.answer(&on_tool)
        };
        match self.device.0.write(&self.probe.device) {
            Ok(_) | Err(DevErr::Late) => {}
            Err(why) => {
                self.fault(Fault::DeviceWrite(why));
                self.device.0.zero();
                self.probe.device = self.control.unwritten(untrusted);
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

    /// No force from now until the next tick.
    pub fn zero(&mut self) {
        self.device.0.zero();
        self.probe.device = self.control.pause();
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

    /// How often safety chain, passivity controller and watchdog stepped in.
    #[must_use]
    pub fn control_counts(&self) -> ControlCounts {
        self.control.counts()
    }

    /// What lies between hand and tool.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// What lies between hand and tool, the gains as they are now.
    #[must_use]
    pub fn control_options(&self) -> ControlOptions {
        ControlOptions {
            mapping: Some(*self.control.mapping()),
            gains: Some(self.control.coupling().gains()),
            ..self.options.control
        }
    }

    /// Answers in which the device said that it plays another force than it was given.
    #[must_use]
    pub fn echo_errors(&self) -> u64 {
        self.device.0.echo_errors()
    }

    /// Keeps `share` (0 to 1) of the stiffness between hand and tool: for a loop that is not
    /// scheduled in real time, whose missed ticks cost stability.
    pub fn limit_stiffness(&mut self, share: f64) {
        self.control.limit_stiffness(share);
    }

    /// Asks the device to drop its force where the loop hangs for [`WATCHDOG_TICKS`]; whether it can.
    pub(crate) fn arm_watchdog(&mut self) -> bool {
        self.device.0.set_watchdog(self.watchdog_us())
    }

    /// [`WATCHDOG_TICKS`] in microseconds.
    pub(crate) fn watchdog_us(&self) -> u32 {
        (WATCHDOG_TICKS as f64 * self.dt_s() * 1e6).round() as u32
    }

    /// The maker's servo thread, where the device's clock is its own; given away once.
    pub(crate) fn take_servo(&mut self) -> Option<Box<dyn Servo>> {
        self.device.0.take_servo()
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

    /// What became of the models of tissue that is computed beside the loop.
    #[must_use]
    pub fn tissue_counts(&self) -> Option<TissueCounts> {
        match &self.tissue {
            Tissue::Within(_) => None,
            Tissue::Beside(beside) => Some(beside.rendering.counts()),
        }
    }

    /// From now on steps of tissue beside the loop act when a record says.
    pub(crate) fn follow_record(&mut self) {
        if let Tissue::Beside(beside) = &mut self.tissue {
            beside.follow_record();
        }
    }

    /// Gives tissue that is computed beside the loop to another thread; None where there is none.
    pub(crate) fn part_tissue(&mut self, away: Away) -> Option<Box<Slow>> {
        match &mut self.tissue {
            Tissue::Within(_) => None,
            Tissue::Beside(beside) => beside.part(away),
        }
    }

    /// What tissue that is computed beside the loop told last.
    pub(crate) fn told(&self) -> Option<&Told> {
        match &self.tissue {
            Tissue::Within(_) => None,
            Tissue::Beside(beside) => Some(beside.told()),
        }
    }

    /// The body that snapshots show.
    pub(crate) fn organ(&self) -> usize {
        self.options.organ
    }

    /// Takes the tissue back.
    pub(crate) fn rejoin_tissue(&mut self, slow: Box<Slow>) {
        if let Tissue::Beside(beside) = &mut self.tissue {
            beside.rejoin(slow);
        }
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

/// What a step did to a tool.
fn seen(tool: &softbody::Tool) -> (Pose, Felt, f64, Option<TouchPoint>) {
    let pose = Pose {
        position: tool.position,
        orientation: tool.orientation,
    };
    let felt = Felt {
        force: tool.force,
        torque: tool.torque,
        contacts: tool.contact_count,
    };
    let touch = tool.touch.map(|touch| TouchPoint {
        body: touch.body,
        triangle: touch.triangle,
        rest_point: touch.rest_point,
        normal: touch.normal,
    });
    (pose, felt, tool.surface_strain, touch)
}

/// Whether a reading can be a pose: numbers, and a quaternion near length one.
fn is_pose(sample: &Sample) -> bool {
    let length2: f64 = sample.rot.iter().map(|x| x * x).sum();
    finite(sample.pos) && (0.5..2.0).contains(&length2)
}
