//! The loop against the wall clock, in a thread of its own.

mod aside;
mod pulse;
mod spare;

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::clock::{Clock, MonotonicClock};
use crate::command::{Command, CommandError, CommandRecord};
use crate::control::ControlOptions;
use crate::device::DeviceInfo;
use crate::event::Event;
use crate::exchange::{Capacities, FastEnd, Lost, SlowEnd, exchange};
use crate::exit::{self, Armed};
use crate::realtime::{Placement, Wish, enter};
use crate::snapshot::Snapshot;
use crate::telemetry::TickStats;
use crate::tick::Tick;
use crate::trace::TraceRow;

pub use spare::Reopen;

use aside::{Aside, Ended, set_aside};
use pulse::Pulse;
use spare::{Keeper, TickSide, keep};

/// Longest busy wait before a tick, ns.
pub const LONGEST_SPIN_NS: u64 = 200_000;

/// How the loop runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveOptions {
    /// Scheduling to ask for; with any but [`Wish::Normal`] also memory that is present and
    /// locked, and a processor that stays awake.
    pub scheduler: Wish,
    /// How long before a deadline to wake and wait for it in a busy loop, at most
    /// [`LONGEST_SPIN_NS`], ns. The usual 0 leaves that time to others.
    pub spin_ns: u64,
    /// Ticks from one snapshot to the next.
    pub snapshot_every: u64,
    /// Room in the rings.
    pub room: Capacities,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self {
            scheduler: Wish::default(),
            spin_ns: 0,
            snapshot_every: 5,
            room: Capacities::default(),
        }
    }
}

/// Why the loop could not be started or stopped.
#[derive(Debug, Error)]
pub enum LiveError {
    /// An option is out of range.
    #[error("live loop: {name} is {value}; give {range}")]
    Option {
        /// Field of [`LiveOptions`].
        name: &'static str,
        /// What it was.
        value: i64,
        /// What it may be.
        range: &'static str,
    },
    /// The system gave no thread.
    #[error("live loop: the system gave no thread ({0}); close other programs and try again")]
    Spawn(#[from] io::Error),
    /// The thread is gone without an answer.
    #[error("live loop: the thread ended without handing back the tick; report this")]
    ThreadLost,
    /// The thread does not come back from a call to the device.
    #[error(
        "live loop: the thread hangs in a call to the device; switch the device off, then end the program"
    )]
    Hangs,
    /// It was stopped before.
    #[error("live loop: it has already been stopped; start a new one")]
    AlreadyStopped,
}

/// A run that has ended.
pub struct Stopped {
    /// World, meters and device, at the last tick.
    pub tick: Tick,
    /// How the loop kept its time.
    pub stats: TickStats,
    /// The message of the panic that ended the loop, where one did.
    pub panic: Option<String>,
}

/// A running loop. Dropping it stops the loop and leaves the device without force.
pub struct Live {
    slow: SlowEnd,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Stopped>>,
    placement: Placement,
    control: ControlOptions,
    device: DeviceInfo,
    keeper: Option<Keeper>,
    aside: Option<Aside>,
}

impl Live {
    /// Starts to tick, the first time one period from now. Look at
    /// [`placement`](Self::placement): where real time was refused, say so to the person.
    ///
    /// # Errors
    /// Where an option is out of range or the system gives no thread.
    pub fn start(tick: Tick, options: LiveOptions) -> Result<Self, LiveError> {
        Self::start_with(tick, options, None)
    }

    /// The same, with a way to open the device once more: it is called, in a thread of its own, for
    /// as long as the device is lost.
    ///
    /// # Errors
    /// Where an option is out of range or the system gives no thread.
    pub fn start_with(
        mut tick: Tick,
        options: LiveOptions,
        reopen: Option<Reopen>,
    ) -> Result<Self, LiveError> {
        check(&options)?;
        check_period(&tick)?;
        let (fast, mut slow) = exchange(&tick, options.room);
        let stop = Arc::new(AtomicBool::new(false));
        let stopping = Arc::clone(&stop);
        let (ready, placed) = sync_channel(1);
        let (spares, keeper) = keep(reopen, &tick)?;
        let device = tick.device_info().clone();
        let mut aside = None;
        if let Some((tissue, nodes)) = set_aside(&mut tick)? {
            slow.show_tissue(nodes);
            aside = Some(tissue);
        }
        let thread = Builder::new()
            .name("surgisim-tick".to_owned())
            .spawn(move || work(tick, fast, spares, &options, &stopping, &ready))?;
        let (placement, control) = placed.recv().map_err(|_| LiveError::ThreadLost)?;
        Ok(Self {
            slow,
            stop,
            thread: Some(thread),
            placement,
            control,
            device,
            keeper,
            aside,
        })
    }

    /// Sends a command; it acts in the next tick.
    ///
    /// # Errors
    /// Where the tick could not act upon it, too many wait, or the loop has ended.
    pub fn send(&mut self, command: Command) -> Result<(), CommandError> {
        self.slow.send(command)
    }

    /// The latest snapshot.
    pub fn snapshot(&mut self) -> &Snapshot {
        // Others may have set handlers of their own since the last look.
        exit::watch_again();
        self.slow.snapshot()
    }

    /// Appends the events since the last call to `out`. Also after the end.
    pub fn drain_events(&mut self, out: &mut Vec<Event>) {
        self.slow.drain_events(out);
    }

    /// Appends the trace since the last call to `out`. Also after the end.
    pub fn drain_trace(&mut self, out: &mut Vec<TraceRow>) {
        self.slow.drain_trace(out);
    }

    /// Appends the commands applied since the last call to `out`. Also after the end.
    pub fn drain_commands(&mut self, out: &mut Vec<CommandRecord>) {
        self.slow.drain_commands(out);
    }

    /// What was lost because the drains were called too seldom.
    #[must_use]
    pub fn lost(&self) -> Lost {
        self.slow.lost()
    }

    /// How the thread was placed.
    #[must_use]
    pub fn placement(&self) -> &Placement {
        &self.placement
    }

    /// What lies between hand and tool, as it was when the loop began to tick.
    #[must_use]
    pub fn control(&self) -> &ControlOptions {
        &self.control
    }

    /// What the device is.
    #[must_use]
    pub fn device_info(&self) -> &DeviceInfo {
        &self.device
    }

    /// Whether the loop still ticks: false after the end and after a panic.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|t| !t.is_finished())
    }

    /// Stops after the tick under way, takes the force off the device and hands everything back.
    /// What is still in the rings can be drained afterwards.
    ///
    /// # Errors
    /// Where it was stopped before, or the thread hangs in a call to the device; it then goes on by
    /// itself, and takes the force off should the call ever return.
    pub fn stop(&mut self) -> Result<Stopped, LiveError> {
        self.stop_within(LONGEST_STOP)
    }

    fn stop_within(&mut self, patience: Duration) -> Result<Stopped, LiveError> {
        let thread = self.thread.take().ok_or(LiveError::AlreadyStopped)?;
        self.stop.store(true, Ordering::Release);
        self.keeper = None;
        if !ended_within(&thread, patience) {
            return Err(LiveError::Hangs);
        }
        let stopped = thread.join().map_err(|_| LiveError::ThreadLost)?;
        Ok(stopped.rejoined(self.aside.take().and_then(Aside::end)))
    }
}

impl Stopped {
    /// With tissue that was computed beside the loop.
    fn rejoined(mut self, tissue: Option<Ended>) -> Self {
        let Some(Ended { slow, steps, panic }) = tissue else {
            return self;
        };
        self.tick.rejoin_tissue(slow);
        self.stats.tissue_steps = steps;
        let of_tissue = panic.map(|text| format!("in a step of the tissue: {text}"));
        self.panic = self.panic.or(of_tissue);
        self
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        // The thread's own end takes the force off; an error here means it is already gone.
        let _ = self.stop();
    }
}

/// Longest wait for the tick under way. The worst hold-ups measured on a starved machine are 0.6 s.
const LONGEST_STOP: Duration = Duration::from_secs(10);

/// Whether `thread` has ended, now or before `patience` is over.
fn ended_within<T>(thread: &JoinHandle<T>, patience: Duration) -> bool {
    let since = Instant::now();
    while !thread.is_finished() {
        if since.elapsed() > patience {
            return false;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    true
}

fn check(options: &LiveOptions) -> Result<(), LiveError> {
    let refuse = |name, value, range| Err(LiveError::Option { name, value, range });
    if let Some((name, value, range)) = options.scheduler.wrong() {
        return refuse(name, value, range);
    }
    if options.spin_ns > LONGEST_SPIN_NS {
        let value = i64::try_from(options.spin_ns).unwrap_or(i64::MAX);
        return refuse("spin_ns", value, "0 to 200000");
    }
    if options.snapshot_every == 0 {
        return refuse("snapshot_every", 0, "at least 1");
    }
    for (name, room) in [
        ("room.commands", options.room.commands),
        ("room.events", options.room.events),
        ("room.trace", options.room.trace),
    ] {
        if room == 0 {
            return refuse(name, 0, "at least 1");
        }
    }
    Ok(())
}

/// Shortest tick that a thread can be woken for, ns.
const SHORTEST_PERIOD_NS: u64 = 100_000;

fn check_period(tick: &Tick) -> Result<(), LiveError> {
    let period_ns = (tick.dt_s() * 1e9).round() as u64;
    if period_ns >= SHORTEST_PERIOD_NS {
        return Ok(());
    }
    Err(LiveError::Option {
        name: "the tick in nanoseconds",
        value: period_ns as i64,
        range: "a world with a dt of at least 1e-4 s",
    })
}

/// The thread from its first to its last moment.
fn work(
    mut tick: Tick,
    mut fast: FastEnd,
    mut spares: TickSide,
    options: &LiveOptions,
    stop: &AtomicBool,
    ready: &SyncSender<(Placement, ControlOptions)>,
) -> Stopped {
    let armed = Armed::new();
    let (placement, _held) = enter(options.scheduler);
    // Before the first tick: replay starts with the gains that are told now.
    tick.limit_stiffness(placement.stiffness_share());
    let mut stats = TickStats::starting(placement);
    stats.device_watchdog = tick.arm_watchdog();
    // The receiver waits for this in start().
    let _ = ready.send((stats.placement.clone(), tick.control_options()));
    let mut clock = MonotonicClock::spinning(options.spin_ns);
    let asked_to_end = || stop.load(Ordering::Acquire) || armed.must_end();
    let start_ns = clock.now_ns();
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let mut pulse = Pulse {
            tick: &mut tick,
            fast: &mut fast,
            clock: &mut clock,
            stats: &mut stats,
            spares: &mut spares,
            snapshot_every: options.snapshot_every,
            start_ns,
        };
        pulse.run(&asked_to_end);
    }));
    tick.zero();
    drop(armed); // a process that waits to end goes on
    let panic = ended.err().map(|payload| message(payload.as_ref()));
    if panic.is_some() {
        fast.report_panic(&tick);
    } else {
        fast.show(&tick, stats.counters);
    }
    stats.ended(tick.control_counts(), tick.echo_errors());
    stats.tissue = tick.tissue_counts();
    Stopped { tick, stats, panic }
}

/// What the panic said.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests;
