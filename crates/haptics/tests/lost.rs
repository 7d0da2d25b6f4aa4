//! A device that is lost while a loop runs: how the loop gets it back, and what it does not take.

mod common;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{DT, START, world};
use haptics::{
    DevErr, DeviceInfo, HandModel, HapticDevice, Live, LiveOptions, OpenError, Reopen, Sample,
    SimulatedHand, Tick, TickOptions, Wrench, WriteStatus,
};

/// What is known of all devices of a test.
#[derive(Default)]
struct Known {
    unplugged: AtomicBool,
    open: AtomicU32,
    most_open: AtomicU32,
    watchdogs_us: Mutex<Vec<u32>>,
}

/// A hand that can be unplugged, and that only one at a time may have open.
struct Unplugged {
    hand: SimulatedHand,
    info: DeviceInfo,
    lost: bool,
    known: Arc<Known>,
}

impl Unplugged {
    fn open(known: &Arc<Known>, mass_kg: f64) -> Box<dyn HapticDevice> {
        let open = known.open.fetch_add(1, Ordering::SeqCst) + 1;
        known.most_open.fetch_max(open, Ordering::SeqCst);
        let hand = SimulatedHand::new(HandModel::hand(), START, DT).unwrap();
        let info = DeviceInfo {
            mass_kg,
            ..hand.info().clone()
        };
        Box::new(Self {
            hand,
            info,
            lost: false,
            known: Arc::clone(known),
        })
    }
}

impl HapticDevice for Unplugged {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.lost |= self.known.unplugged.load(Ordering::SeqCst);
        if self.lost {
            return Err(DevErr::Lost);
        }
        self.hand.read()
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.hand.write(wrench)
    }

    fn zero(&mut self) {
        self.hand.zero();
    }

    fn set_watchdog(&mut self, us: u32) -> bool {
        self.known.watchdogs_us.lock().unwrap().push(us);
        true
    }
}

impl Drop for Unplugged {
    fn drop(&mut self) {
        self.known.open.fetch_sub(1, Ordering::SeqCst);
    }
}

fn live(known: &Arc<Known>, reopen: Reopen) -> Live {
    let device = Unplugged::open(known, 0.0);
    let tick = Tick::new(world(), device, TickOptions::default()).unwrap();
    Live::start_with(tick, LiveOptions::default(), Some(reopen)).unwrap()
}

/// Waits until `done`, at most 20 s.
fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn came_back(live: &mut Live) -> bool {
    let mut events = Vec::new();
    live.drain_events(&mut events);
    let mut kinds = events.iter().map(|event| event.what.kind());
    kinds.any(|kind| kind == haptics::Happening::DeviceBack.kind())
}

#[test]
fn a_lost_device_is_closed_before_it_is_opened_again_each_time() {
    let known = Arc::new(Known::default());
    let theirs = Arc::clone(&known);
    let reopen: Reopen = Box::new(move || {
        let unplugged = &theirs.unplugged;
        if unplugged.swap(false, Ordering::SeqCst) {
            // Not plugged in yet: the next try finds it.
            return Err(OpenError::Unknown {
                name: "unplugged".to_owned(),
            });
        }
        Ok(Unplugged::open(&theirs, 0.0))
    });
    let mut live = live(&known, reopen);
    for time in 1..=3 {
        wait("ticks", || live.snapshot().tick > 50);
        known.unplugged.store(true, Ordering::SeqCst);
        wait("coming back", || came_back(&mut live));
        assert_eq!(known.most_open.load(Ordering::SeqCst), 1, "time {time}");
    }
    drop(live);
    assert_eq!(known.open.load(Ordering::SeqCst), 0);
}

#[test]
fn a_device_that_came_back_lets_go_by_itself_like_the_one_before() {
    let known = Arc::new(Known::default());
    let theirs = Arc::clone(&known);
    let reopen: Reopen = Box::new(move || {
        theirs.unplugged.store(false, Ordering::SeqCst);
        Ok(Unplugged::open(&theirs, 0.0))
    });
    let mut live = live(&known, reopen);
    known.unplugged.store(true, Ordering::SeqCst);
    wait("coming back", || came_back(&mut live));
    assert_eq!(*known.watchdogs_us.lock().unwrap(), [20_000, 20_000]);
}

/// Limits and gains were chosen for the device that the run began with.
#[test]
fn a_device_of_another_kind_does_not_take_the_place_of_the_lost_one() {
    let known = Arc::new(Known::default());
    let (theirs, tries) = (Arc::clone(&known), Arc::new(AtomicU32::new(0)));
    let counted = Arc::clone(&tries);
    let reopen: Reopen = Box::new(move || {
        theirs.unplugged.store(false, Ordering::SeqCst);
        let other = counted.fetch_add(1, Ordering::SeqCst) < 2;
        Ok(Unplugged::open(&theirs, if other { 3.0 } else { 0.0 }))
    });
    let mut live = live(&known, reopen);
    known.unplugged.store(true, Ordering::SeqCst);
    wait("coming back", || came_back(&mut live));
    assert_eq!(tries.load(Ordering::SeqCst), 3);
    let stopped = live.stop().unwrap();
    assert_eq!(stopped.tick.device_info().mass_kg, 0.0);
}

#[test]
fn stopping_does_not_wait_for_a_library_that_hangs_while_it_opens() {
    let known = Arc::new(Known::default());
    let opening = Arc::new(AtomicBool::new(false));
    let begun = Arc::clone(&opening);
    let reopen: Reopen = Box::new(move || {
        begun.store(true, Ordering::SeqCst);
        std::thread::sleep(Duration::from_secs(60));
        Err(OpenError::Unknown {
            name: "hangs".to_owned(),
        })
    });
    let mut live = live(&known, reopen);
    known.unplugged.store(true, Ordering::SeqCst);
    wait("opening", || opening.load(Ordering::SeqCst));
    let start = Instant::now();
    live.stop().unwrap();
    assert!(start.elapsed() < Duration::from_secs(15));
}
