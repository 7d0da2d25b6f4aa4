//! Where the loop's side and the maker's thread meet: one for each opened device.

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::abi::{AtomicScheduled, CALLBACK_CONTINUE, CALLBACK_DONE, Device};
use super::frame::Frame;
use super::servo::BeatSlot;

/// What the scheduler's callback is given. Never freed: a maker's thread that wakes late, after the
/// device was closed, still finds it, and finds it closed. It is some hundred bytes an opening.
pub(super) struct Station {
    /// Name it was opened by; empty for the default device.
    pub(super) name: String,
    pub(super) device: Device,
    /// The scheduler's handle of the callback.
    pub(super) scheduled: AtomicScheduled,
    pub(super) beat: BeatSlot,
    /// Whether a [`TouchServo`](super::servo::TouchServo) is out.
    pub(super) servo_taken: AtomicBool,
    /// Frames run so far.
    pub(super) frames: AtomicU64,
    /// Frames without an order after which the force is dropped; 0 where it is held.
    pub(super) patience: AtomicU32,
    /// Set by what notices first (an error of the device, a silent servo), and for good: only
    /// opening it again helps.
    lost: AtomicBool,
    closed: AtomicBool,
    inside: AtomicBool,
    frame: UnsafeCell<Frame>,
}

// SAFETY: `frame` is touched by the scheduler's callback alone, and `inside` lets one call in at a
// time. Everything else is atomic or never changed.
unsafe impl Sync for Station {}

impl Station {
    pub(super) fn new(name: &str, frame: Frame) -> &'static Self {
        Box::leak(Box::new(Self {
            name: name.to_owned(),
            device: frame.device,
            scheduled: AtomicScheduled::new(0),
            beat: BeatSlot::new(),
            servo_taken: AtomicBool::new(false),
            frames: AtomicU64::new(0),
            patience: AtomicU32::new(0),
            lost: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            inside: AtomicBool::new(false),
            frame: UnsafeCell::new(frame),
        }))
    }

    /// Whether the device has to be opened again.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// It has to be.
    pub(super) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
    }

    /// Waits until `count` more frames have ended, no longer than `within`.
    pub(super) fn await_frames(&self, count: u64, within: Duration) {
        let ended = || self.frames.load(Ordering::Acquire);
        let (until, start) = (ended() + count, Instant::now());
        while ended() < until && start.elapsed() < within {
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// From now on a callback does nothing.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    fn tick(&self) -> u32 {
        if self.closed.load(Ordering::Acquire) {
            return CALLBACK_DONE;
        }
        if !self.inside.swap(true, Ordering::Acquire) {
            // SAFETY: `inside` was false and is now ours: no other call is in here.
            let frame = unsafe { &mut *self.frame.get() };
            frame.run(self);
            self.inside.store(false, Ordering::Release);
            self.frames.fetch_add(1, Ordering::Release);
        }
        CALLBACK_CONTINUE
    }
}

/// The scheduler's callback.
///
/// # Safety
/// `user` is the [`Station`] that was scheduled, which is never freed.
pub(super) unsafe extern "system" fn servo_tick(user: *mut c_void) -> u32 {
    // SAFETY: see above.
    let station = unsafe { &*user.cast::<Station>() };
    station.tick()
}
