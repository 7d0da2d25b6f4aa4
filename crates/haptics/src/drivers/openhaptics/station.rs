//! Where the loop's side and the maker's thread meet: one for each opened device.

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use super::abi::{CALLBACK_CONTINUE, CALLBACK_DONE, Device};
use super::frame::Frame;
use super::servo::BeatSlot;

/// What the scheduler's callback is given. Never freed: a maker's thread that wakes late, after the
/// device was closed, still finds it, and finds it closed. It is some hundred bytes an opening.
pub(super) struct Station {
    /// Name it was opened by; empty for the default device.
    pub(super) name: String,
    pub(super) device: Device,
    pub(super) beat: BeatSlot,
    /// Whether a [`TouchServo`](super::servo::TouchServo) is out.
    pub(super) servo_taken: AtomicBool,
    /// Frames run so far.
    pub(super) frames: AtomicU64,
    /// See [`Frame::run`].
    pub(super) patience: AtomicU32,
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
            beat: BeatSlot::new(),
            servo_taken: AtomicBool::new(false),
            frames: AtomicU64::new(0),
            patience: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            inside: AtomicBool::new(false),
            frame: UnsafeCell::new(frame),
        }))
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
            frame.run(&self.beat, self.patience.load(Ordering::Relaxed));
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
