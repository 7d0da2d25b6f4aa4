//! One run: the loop, the reference beside it, the load, the hand.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use haptics::{Command, Live, LiveOptions, TickStats};

use crate::options::{Mode, Options};
use crate::reference::{Reference, keep};
use crate::scene::{Seen, aim, tick};

/// Threads that allocate, touch and free.
pub const BURNERS: usize = 2;

/// What came out of a run.
pub struct Outcome {
    pub stats: TickStats,
    pub reference: Reference,
    pub allocations: u64,
    pub tetrahedra: usize,
}

pub fn run(options: &Options, mode: Mode, seed: u64) -> Outcome {
    let seen = Seen::default();
    let (tick, tetrahedra) = tick(options.cells, &seen);
    let live_options = LiveOptions {
        scheduler: mode.scheduler,
        spin_ns: mode.spin_ns,
        ..LiveOptions::default()
    };
    let stop = AtomicBool::new(false);
    scope(|scope| {
        (0..BURNERS).for_each(|_| drop(scope.spawn(|| burn(&stop))));
        let mut live = Live::start(tick, live_options).unwrap();
        while live.snapshot().tick < 10 {
            sleep(Duration::from_millis(1));
        }
        let reference = scope.spawn(|| keep(mode, &seen, &stop));
        lead(&mut live, options.time, seed);
        let stats = live.stop().unwrap().stats;
        stop.store(true, Ordering::Release);
        Outcome {
            stats,
            reference: reference.join().unwrap(),
            allocations: seen.allocations.load(Ordering::Relaxed),
            tetrahedra,
        }
    })
}

/// Moves the hand and keeps the rings empty, as a session does.
fn lead(live: &mut Live, time: Duration, seed: u64) {
    let (mut trace, mut events, mut commands) = (Vec::new(), Vec::new(), Vec::new());
    let start = Instant::now();
    while start.elapsed() < time {
        let point = aim(seed, start.elapsed().as_secs_f64());
        // A ring that is full under load is emptied by the next tick; the next aim supersedes it.
        let _ = live.send(Command::Aim { point });
        sleep(Duration::from_millis(20));
        black_box(live.snapshot());
        live.drain_trace(&mut trace);
        live.drain_events(&mut events);
        live.drain_commands(&mut commands);
        trace.clear();
        events.clear();
        commands.clear();
    }
}

/// From a page to 4 MiB and back, so that memory is mapped and unmapped all the time.
fn burn(stop: &AtomicBool) {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    for round in 0_usize.. {
        if stop.load(Ordering::Acquire) {
            return;
        }
        let mut block = vec![0_u8; 4096 << (round % 11)];
        block.chunks_mut(4096).for_each(|page| page[0] = 1);
        kept.push(black_box(block));
        if kept.len() > 16 {
            kept.swap_remove(round % 16);
        }
    }
}
