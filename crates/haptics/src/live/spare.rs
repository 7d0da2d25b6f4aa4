//! A device that was unplugged comes back: opened by a thread of its own, which may take its time,
//! and handed to the tick through a ring.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle, park_timeout};
use std::time::Duration;

use rtrb::{Consumer, Producer, RingBuffer};

use crate::device::{HapticDevice, OpenError, SilencedOnDrop};
use crate::tick::Tick;

/// Opens the device of a run once more.
pub type Reopen = Box<dyn FnMut() -> Result<Box<dyn HapticDevice>, OpenError> + Send>;

/// From one try to the next.
const TRY_EVERY: Duration = Duration::from_millis(500);
/// Devices that may be on their way at once.
const ROOM: usize = 2;

/// The tick's end.
#[derive(Default)]
pub(super) struct TickSide {
    rings: Option<Rings>,
    came: bool,
}

struct Rings {
    spares: Consumer<SilencedOnDrop>,
    used: Producer<SilencedOnDrop>,
    wanted: Arc<AtomicBool>,
}

impl TickSide {
    /// Asks for a new device where the tick has lost its own, and takes it when it has come.
    pub(super) fn exchange(&mut self, tick: &mut Tick) {
        self.came = false;
        let Some(rings) = &mut self.rings else {
            return;
        };
        let lost = tick.device_is_lost();
        if lost != rings.wanted.load(Ordering::Relaxed) {
            rings.wanted.store(lost, Ordering::Release);
        }
        if let Ok(spare) = rings.spares.pop() {
            // The other end is emptied before it sends the next: there is room.
            let _ = rings.used.push(tick.change_device(spare));
            rings.wanted.store(false, Ordering::Release);
            self.came = true;
        }
    }

    /// Whether a new device came in the last beat.
    pub(super) fn came_now(&self) -> bool {
        self.came
    }
}

/// The thread that opens devices; ends when dropped.
pub(super) struct Keeper {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// A thread that calls `reopen` while the tick has no device, and the tick's end of it.
pub(super) fn keep(reopen: Option<Reopen>) -> std::io::Result<(TickSide, Option<Keeper>)> {
    let Some(reopen) = reopen else {
        return Ok((TickSide::default(), None));
    };
    let (to_tick, spares) = RingBuffer::new(ROOM);
    let (used, from_tick) = RingBuffer::new(ROOM);
    let wanted = Arc::new(AtomicBool::new(false));
    let stop = Arc::new(AtomicBool::new(false));
    let rings = Rings {
        spares,
        used,
        wanted: Arc::clone(&wanted),
    };
    let stopping = Arc::clone(&stop);
    let thread = Builder::new()
        .name("surgisim-reopen".to_owned())
        .spawn(move || look_after(reopen, to_tick, from_tick, &wanted, &stopping))?;
    let side = TickSide {
        rings: Some(rings),
        came: false,
    };
    let keeper = Keeper {
        stop,
        thread: Some(thread),
    };
    Ok((side, Some(keeper)))
}

fn look_after(
    mut reopen: Reopen,
    mut to_tick: Producer<SilencedOnDrop>,
    mut from_tick: Consumer<SilencedOnDrop>,
    wanted: &AtomicBool,
    stop: &AtomicBool,
) {
    while !stop.load(Ordering::Acquire) {
        while from_tick.pop().is_ok() {}
        let on_its_way = to_tick.slots() < ROOM;
        if wanted.load(Ordering::Acquire)
            && !on_its_way
            && let Ok(device) = reopen()
        {
            // There is room: none is on its way.
            let _ = to_tick.push(SilencedOnDrop(device));
        }
        park_timeout(TRY_EVERY);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It panics only where a driver does; there is nothing left to save.
            let _ = thread.join();
        }
    }
}
