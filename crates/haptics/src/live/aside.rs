//! Tissue that is too large for the tick, in a thread of its own while the loop runs.
//!
//! Wishes come up through a ring, what each step told goes down through a triple buffer, the organ's
//! nodes go straight to the slow side through another. Nobody waits: the thread looks for wishes
//! every [`LOOK_EVERY`], takes the latest where several have come, and the tick takes what there is.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::{Duration, Instant};

use rtrb::{Consumer, RingBuffer};

use super::message;
use crate::slow::{Slow, Told, Wish};
use crate::snapshot::write_nodes;
use crate::telemetry::Distribution;
use crate::tick::{Away, Tick, WISHES};
use crate::triple_buffer::{Reader, Writer, triple_buffer};

/// From one look for wishes to the next.
const LOOK_EVERY: Duration = Duration::from_micros(400);

/// Nodes of the organ, m.
pub(crate) type Nodes = Vec<[f64; 3]>;

/// The thread; ends when dropped.
pub(super) struct Aside {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Ended>>,
}

/// The tissue after its last step.
pub(super) struct Ended {
    pub slow: Box<Slow>,
    /// Wall time of the steps.
    pub steps: Distribution,
    /// The message of the panic that ended them, where one did.
    pub panic: Option<String>,
}

/// What the thread works on.
struct Work {
    slow: Box<Slow>,
    organ: usize,
    wishes: Consumer<Wish>,
    told: Writer<Told>,
    nodes: Writer<Nodes>,
    steps: Distribution,
}

/// Takes the tissue of `tick` into a thread of its own, where it is computed beside the loop. Also
/// returns where the organ's nodes come from then.
pub(super) fn set_aside(tick: &mut Tick) -> io::Result<Option<(Aside, Reader<Nodes>)>> {
    let Some(told) = tick.told() else {
        return Ok(None);
    };
    let (told_in, told_out) = triple_buffer(told);
    let (wishes_in, wishes_out) = RingBuffer::new(WISHES);
    let (nodes_in, nodes_out) = triple_buffer(&tick.snapshot().positions);
    let organ = tick.organ();
    let away = Away {
        wishes: wishes_in,
        told: told_out,
    };
    let Some(slow) = tick.part_tissue(away) else {
        return Ok(None);
    };
    let work = Work {
        slow,
        organ,
        wishes: wishes_out,
        told: told_in,
        nodes: nodes_in,
        steps: Distribution::default(),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let stopping = Arc::clone(&stop);
    let thread = Builder::new()
        .name("surgisim-tissue".to_owned())
        .spawn(move || work.run(&stopping))?;
    let aside = Aside {
        stop,
        thread: Some(thread),
    };
    Ok(Some((aside, nodes_out)))
}

impl Work {
    fn run(mut self, stop: &AtomicBool) -> Ended {
        let ended = catch_unwind(AssertUnwindSafe(|| {
            while !stop.load(Ordering::Acquire) {
                match self.latest() {
                    Some(wish) => self.step(&wish),
                    None => sleep(LOOK_EVERY),
                }
            }
        }));
        Ended {
            slow: self.slow,
            steps: self.steps,
            panic: ended.err().map(|payload| message(payload.as_ref())),
        }
    }

    /// The latest wish. Of those that it passed over only the supports' moves count.
    fn latest(&mut self) -> Option<Wish> {
        let mut latest: Option<Wish> = None;
        while let Ok(wish) = self.wishes.pop() {
            if let Some(passed) = latest.replace(wish) {
                self.slow.apply(&passed.moves);
            }
        }
        latest
    }

    fn step(&mut self, wish: &Wish) {
        let start = Instant::now();
        self.slow.step(wish);
        *self.told.slot() = *self.slow.told();
        self.told.publish();
        write_nodes(self.slow.world().body(self.organ), self.nodes.slot());
        self.nodes.publish();
        let ns = start.elapsed().as_nanos();
        self.steps.record(u64::try_from(ns).unwrap_or(u64::MAX));
    }
}

impl Aside {
    /// Ends the thread after the step under way.
    pub(super) fn end(mut self) -> Option<Ended> {
        self.halt()
    }

    fn halt(&mut self) -> Option<Ended> {
        self.stop.store(true, Ordering::Release);
        // It catches its own panics.
        self.thread.take()?.join().ok()
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.halt();
    }
}
