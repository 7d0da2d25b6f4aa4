//! Between the tick and the slow side: rings that lose nothing unnoticed, and the latest snapshot.
//!
//! Commands go up through one ring; events, trace rows and applied commands come down through
//! three. No end ever waits for the other. A ring that is full drops what comes next and counts it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rtrb::{Consumer, Producer, RingBuffer};

use crate::command::{Command, CommandError, CommandRecord};
use crate::event::{Event, Fault, Happening};
use crate::snapshot::Snapshot;
use crate::telemetry::LoopCounters;
use crate::tick::Tick;
use crate::trace::TraceRow;
use crate::triple_buffer::{Reader, Writer, triple_buffer};

/// Room in the rings, entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacities {
    /// Commands that may wait for the tick, and applied ones that may wait to be recorded.
    pub commands: usize,
    /// Events that may wait to be read.
    pub events: usize,
    /// Trace rows that may wait to be recorded: at 1 kHz a minute's worth by default, 6 MB.
    pub trace: usize,
}

impl Default for Capacities {
    fn default() -> Self {
        Self {
            commands: 4096,
            events: 4096,
            trace: 65_536,
        }
    }
}

/// What found no room because the slow side did not read in time. A record with lost rows or
/// commands cannot be replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Events.
    pub events: u64,
    /// Trace rows.
    pub trace: u64,
    /// Applied commands.
    pub commands: u64,
}

#[derive(Default)]
struct LostCounters {
    events: AtomicU64,
    /// Lost inside the tick already, for want of room in its own list.
    events_in_tick: AtomicU64,
    trace: AtomicU64,
    commands: AtomicU64,
}

/// The tick's end.
pub(crate) struct FastEnd {
    commands: Consumer<Command>,
    events: Producer<Event>,
    trace: Producer<TraceRow>,
    applied: Producer<CommandRecord>,
    snapshots: Writer<Snapshot>,
    lost: Arc<LostCounters>,
}

/// The slow side's end.
pub(crate) struct SlowEnd {
    commands: Producer<Command>,
    capacity: usize,
    bodies: u32,
    events: Consumer<Event>,
    trace: Consumer<TraceRow>,
    applied: Consumer<CommandRecord>,
    snapshots: Reader<Snapshot>,
    tissue: Option<TissueView>,
    lost: Arc<LostCounters>,
}

/// Nodes of tissue that is computed beside the loop, which come past the tick.
struct TissueView {
    nodes: Reader<Vec<[f64; 3]>>,
    shown: Snapshot,
}

/// Both ends for a run of `tick`.
pub(crate) fn exchange(tick: &Tick, room: Capacities) -> (FastEnd, SlowEnd) {
    let no_event = Event {
        tick: 0,
        time_s: 0.0,
        what: Happening::Fault(Fault::Panic),
    };
    let (commands_in, commands_out) = ring(room.commands, Command::Buttons { mask: 0 });
    let (events_in, events_out) = ring(room.events, no_event);
    let (trace_in, trace_out) = ring(room.trace, TraceRow::default());
    let (applied_in, applied_out) = ring(room.commands, CommandRecord::default());
    let (snapshots_in, snapshots_out) = triple_buffer(&tick.snapshot());
    let lost = Arc::new(LostCounters::default());
    let fast = FastEnd {
        commands: commands_out,
        events: events_in,
        trace: trace_in,
        applied: applied_in,
        snapshots: snapshots_in,
        lost: Arc::clone(&lost),
    };
    let slow = SlowEnd {
        commands: commands_in,
        capacity: room.commands,
        bodies: tick.body_count(),
        events: events_out,
        trace: trace_out,
        applied: applied_out,
        snapshots: snapshots_out,
        tissue: None,
        lost,
    };
    (fast, slow)
}

/// A ring whose memory is already present: the tick must not meet a page fault on its first round.
fn ring<T: Copy>(room: usize, filler: T) -> (Producer<T>, Consumer<T>) {
    let (mut producer, mut consumer) = RingBuffer::new(room);
    while producer.push(filler).is_ok() {}
    while consumer.pop().is_ok() {}
    (producer, consumer)
}

impl FastEnd {
    /// The commands that wait, oldest first.
    pub(crate) fn commands(&mut self) -> impl Iterator<Item = Command> + '_ {
        std::iter::from_fn(|| self.commands.pop().ok())
    }

    /// Sends off what a tick did.
    pub(crate) fn hand_over(&mut self, tick: &Tick, row: TraceRow) {
        if self.trace.push(row).is_err() {
            self.lost.trace.fetch_add(1, Ordering::Relaxed);
        }
        for record in tick.applied() {
            if self.applied.push(*record).is_err() {
                self.lost.commands.fetch_add(1, Ordering::Relaxed);
            }
        }
        for event in tick.events() {
            self.report(*event);
        }
        let in_tick = &self.lost.events_in_tick;
        in_tick.store(tick.events_lost(), Ordering::Relaxed);
    }

    /// Shows the world as it is now.
    pub(crate) fn show(&mut self, tick: &Tick, counters: LoopCounters) {
        tick.fill_snapshot(self.snapshots.slot(), counters);
        self.snapshots.publish();
    }

    /// Reports that the tick panicked.
    pub(crate) fn report_panic(&mut self, tick: &Tick) {
        self.report(Event {
            tick: tick.tick(),
            time_s: tick.time_s(),
            what: Happening::Fault(Fault::Panic),
        });
    }

    fn report(&mut self, event: Event) {
        if self.events.push(event).is_err() {
            self.lost.events.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl SlowEnd {
    pub(crate) fn send(&mut self, command: Command) -> Result<(), CommandError> {
        command.check_sent(self.bodies)?;
        if self.commands.is_abandoned() {
            return Err(CommandError::Stopped);
        }
        let full = CommandError::Full {
            capacity: self.capacity,
        };
        self.commands.push(command).map_err(|_| full)
    }

    /// From now on snapshots show these nodes.
    pub(crate) fn show_tissue(&mut self, nodes: Reader<Vec<[f64; 3]>>) {
        let shown = self.snapshots.latest().clone();
        self.tissue = Some(TissueView { nodes, shown });
    }

    pub(crate) fn snapshot(&mut self) -> &Snapshot {
        let Some(TissueView { nodes, shown }) = &mut self.tissue else {
            return self.snapshots.latest();
        };
        let latest = self.snapshots.latest();
        shown.tick = latest.tick;
        shown.time_s = latest.time_s;
        shown.probe = latest.probe;
        shown.meters = latest.meters;
        shown.counters = latest.counters;
        shown.positions.clone_from(nodes.latest());
        shown
    }

    pub(crate) fn drain_events(&mut self, out: &mut Vec<Event>) {
        drain(&mut self.events, out);
    }

    pub(crate) fn drain_trace(&mut self, out: &mut Vec<TraceRow>) {
        drain(&mut self.trace, out);
    }

    pub(crate) fn drain_commands(&mut self, out: &mut Vec<CommandRecord>) {
        drain(&mut self.applied, out);
    }

    pub(crate) fn lost(&self) -> Lost {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Lost {
            events: read(&self.lost.events) + read(&self.lost.events_in_tick),
            trace: read(&self.lost.trace),
            commands: read(&self.lost.commands),
        }
    }
}

fn drain<T: Copy>(ring: &mut Consumer<T>, out: &mut Vec<T>) {
    out.reserve(ring.slots());
    while let Ok(value) = ring.pop() {
        out.push(value);
    }
}
