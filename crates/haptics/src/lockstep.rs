//! The same tick without a wall clock: as fast as the machine can, and as it was recorded.
//!
//! A replay is a [`Lockstep`] over a [`ReplayDevice`](crate::ReplayDevice) whose recorded commands
//! have been [scheduled](Lockstep::schedule).

use std::collections::VecDeque;

use crate::clock::Clock;
use crate::command::{Command, CommandError, CommandRecord};
use crate::event::Event;
use crate::snapshot::Snapshot;
use crate::telemetry::{LoopCounters, TickStats};
use crate::tick::Tick;
use crate::trace::TraceRow;

/// A run whose ticks are asked for.
pub struct Lockstep {
    tick: Tick,
    clock: Box<dyn Clock + Send>,
    scheduled: VecDeque<(u64, Command)>,
    waiting: VecDeque<Command>,
    events: Vec<Event>,
    trace: Vec<TraceRow>,
    applied: Vec<CommandRecord>,
    snapshot: Snapshot,
    stats: TickStats,
}

impl Lockstep {
    /// A run of `tick`. `clock` only measures what the ticks cost; no result depends on it.
    #[must_use]
    pub fn new(tick: Tick, clock: Box<dyn Clock + Send>) -> Self {
        Self {
            snapshot: tick.snapshot(),
            tick,
            clock,
            scheduled: VecDeque::new(),
            waiting: VecDeque::new(),
            events: Vec::new(),
            trace: Vec::new(),
            applied: Vec::new(),
            stats: TickStats::default(),
        }
    }

    /// Sends a command; it acts in the next tick.
    ///
    /// # Errors
    /// Where the tick could not act upon it.
    pub fn send(&mut self, command: Command) -> Result<(), CommandError> {
        command.check_sent(self.tick.body_count())?;
        self.waiting.push_back(command);
        Ok(())
    }

    /// Lets recorded commands act in the ticks they were recorded for, before those sent. None is
    /// taken where one is refused.
    ///
    /// # Errors
    /// Where a record is damaged, lies in the past or out of order.
    pub fn schedule(&mut self, records: &[CommandRecord]) -> Result<(), CommandError> {
        let bodies = self.tick.body_count();
        let last = self.scheduled.back().map(|(tick, _)| *tick);
        let mut after = last.unwrap_or(self.tick.tick() + 1);
        let mut checked = Vec::with_capacity(records.len());
        for record in records {
            let tick = record.tick;
            if tick < after {
                return Err(CommandError::OutOfOrder { tick, after });
            }
            let command = Command::try_from(record)?;
            command.check(bodies)?;
            checked.push((tick, command));
            after = tick;
        }
        let came = |(_, command): &(u64, Command)| matches!(command, Command::TissueCame { .. });
        if checked.iter().any(came) {
            self.tick.follow_record();
        }
        self.scheduled.extend(checked);
        Ok(())
    }

    /// `ticks` ticks, one after the other.
    pub fn advance(&mut self, ticks: u64) {
        let start = self.clock.now_ns();
        for _ in 0..ticks {
            let before = self.clock.cpu_ns();
            let next = self.tick.tick() + 1;
            let Self {
                scheduled, waiting, ..
            } = self;
            let commands = std::iter::from_fn(|| match scheduled.front() {
                Some((tick, _)) if *tick <= next => scheduled.pop_front().map(|(_, c)| c),
                _ => waiting.pop_front(),
            });
            let row = self.tick.advance(commands, 0);
            self.stats.worked(before, self.clock.cpu_ns());
            self.trace.push(row);
            self.applied.extend_from_slice(self.tick.applied());
            self.events.extend_from_slice(self.tick.events());
        }
        self.stats.elapsed_ns += self.clock.now_ns() - start;
        self.stats.control = self.tick.control_counts();
        self.stats.tissue = self.tick.tissue_counts();
    }

    /// The world at the last tick.
    pub fn snapshot(&mut self) -> &Snapshot {
        self.tick
            .fill_snapshot(&mut self.snapshot, LoopCounters::default());
        &self.snapshot
    }

    /// Appends the events since the last call to `out`.
    pub fn drain_events(&mut self, out: &mut Vec<Event>) {
        out.append(&mut self.events);
    }

    /// Appends the trace since the last call to `out`.
    pub fn drain_trace(&mut self, out: &mut Vec<TraceRow>) {
        out.append(&mut self.trace);
    }

    /// Appends the commands applied since the last call to `out`.
    pub fn drain_commands(&mut self, out: &mut Vec<CommandRecord>) {
        out.append(&mut self.applied);
    }

    /// What the ticks cost so far. There is no lateness here, and the rate is the speed.
    #[must_use]
    pub fn stats(&self) -> &TickStats {
        &self.stats
    }

    /// The tick, to look at.
    #[must_use]
    pub fn tick(&self) -> &Tick {
        &self.tick
    }

    /// The tick, at the end of the run.
    #[must_use]
    pub fn into_tick(self) -> Tick {
        self.tick
    }
}
