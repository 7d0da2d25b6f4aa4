//! A device that was unplugged comes back: closed and opened anew by a thread of its own, which may
//! take its time, and handed to the tick through a ring.
//!
//! The lost device leaves the tick first, and is closed before the first try: makers' libraries and
//! serial ports do not open twice what is still open.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle, park_timeout};
use std::time::Duration;

use rtrb::{Consumer, Producer, RingBuffer};

use super::ended_within;
use crate::device::{
    DevErr, DeviceInfo, HapticDevice, OpenError, Sample, SilencedOnDrop, Wrench, WriteStatus,
};
use crate::tick::Tick;

/// Opens the device of a run once more.
pub type Reopen = Box<dyn FnMut() -> Result<Box<dyn HapticDevice>, OpenError> + Send>;

/// From one try to the next.
const TRY_EVERY: Duration = Duration::from_millis(500);
/// Devices that may be on their way at once.
const ROOM: usize = 2;
/// Longest wait for a driver that is closing or opening when the run ends. One that takes longer is
/// left to itself: what it opens is closed again.
const LONGEST_OPENING: Duration = Duration::from_secs(3);

/// The tick's end.
#[derive(Default)]
pub(super) struct TickSide {
    rings: Option<Rings>,
    came: bool,
}

struct Rings {
    spares: Consumer<SilencedOnDrop>,
    lost: Producer<SilencedOnDrop>,
    /// Takes the place of a device that is lost; None while it does.
    absent: Option<SilencedOnDrop>,
}

/// Where a device was that is lost.
struct Absent(DeviceInfo);

impl HapticDevice for Absent {
    fn info(&self) -> &DeviceInfo {
        &self.0
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        Err(DevErr::Lost)
    }

    fn write(&mut self, _wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        Err(DevErr::Lost)
    }

    fn zero(&mut self) {}
}

impl TickSide {
    /// Gives the tick's device away where it is lost, and takes a new one when it has come.
    pub(super) fn exchange(&mut self, tick: &mut Tick) {
        self.came = false;
        let Some(rings) = &mut self.rings else {
            return;
        };
        if tick.device_is_lost()
            && let Some(absent) = rings.absent.take()
        {
            // One is lost at a time, and taken out before the next is sent: there is room.
            let _ = rings.lost.push(tick.lay_aside(absent));
        }
        if let Ok(spare) = rings.spares.pop() {
            rings.absent = Some(tick.change_device(spare));
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

/// What a device has to be like to take the place of the run's own.
struct Wanted {
    info: DeviceInfo,
    watchdog_us: u32,
}

/// A thread that calls `reopen` while the tick has no device, and the tick's end of it.
pub(super) fn keep(
    reopen: Option<Reopen>,
    tick: &Tick,
) -> std::io::Result<(TickSide, Option<Keeper>)> {
    let Some(reopen) = reopen else {
        return Ok((TickSide::default(), None));
    };
    let (to_tick, spares) = RingBuffer::new(ROOM);
    let (lost, from_tick) = RingBuffer::new(ROOM);
    let wanted = Wanted {
        info: tick.device_info().clone(),
        watchdog_us: tick.watchdog_us(),
    };
    let rings = Rings {
        spares,
        lost,
        absent: Some(SilencedOnDrop(Box::new(Absent(wanted.info.clone())))),
    };
    let stop = Arc::new(AtomicBool::new(false));
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
    wanted: &Wanted,
    stop: &AtomicBool,
) {
    let mut without = false;
    while !stop.load(Ordering::Acquire) {
        while let Ok(lost) = from_tick.pop() {
            drop(lost); // closes it
            without = true;
        }
        if without && let Some(device) = opened(&mut reopen, wanted) {
            without = false;
            // There is room: none is on its way.
            let _ = to_tick.push(device);
        }
        park_timeout(TRY_EVERY);
    }
}

/// The device, ready for the tick: like the one before, since limits and gains were chosen for that
/// one, and with its watchdog on.
fn opened(reopen: &mut Reopen, wanted: &Wanted) -> Option<SilencedOnDrop> {
    let mut device = SilencedOnDrop(reopen().ok()?);
    if !device.0.info().is_like(&wanted.info) {
        return None;
    }
    device.0.set_watchdog(wanted.watchdog_us);
    Some(device)
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            if ended_within(&thread, LONGEST_OPENING) {
                // It panics only where a driver does; there is nothing left to save.
                let _ = thread.join();
            }
        }
    }
}
