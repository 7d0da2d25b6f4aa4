//! The loop's beat in the maker's thread: handed over by [`Servo::run`], called once a servo tick,
//! taken back before `run` returns.
//!
//! The beat lives on the stack of the thread that waits in `run`. Who may touch it is said by one
//! atomic state:
//!
//! ```text
//!            run                      tick                    tick
//!   NONE ----------> WAITING <-----------------> BEATING ----------> ENDED
//!    ^                  | silent: run                                  |
//!    +------------------+----------------------------------------------+ run
//! ```
//!
//! Only the servo's thread leaves BEATING, so `run` never returns while the beat is being called,
//! and a servo tick that comes late, after `run` has given up waiting, finds NONE and no beat.

use std::any::Any;
use std::cell::UnsafeCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::station::Station;
use crate::device::{SERVO_SILENCE_MS, Servo, ServoEnd};

const NONE: u8 = 0;
const WAITING: u8 = 1;
const BEATING: u8 = 2;
const ENDED: u8 = 3;

/// How often the waiting thread looks whether the servo still beats.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How often it looks while the beat runs.
const LOOK_AGAIN: Duration = Duration::from_micros(200);

/// How long the end of a run waits for the frame of its last beat: what that wrote has left then.
const LAST_FRAME_WITHIN: Duration = Duration::from_millis(5);

type Beat = *mut (dyn FnMut() -> bool + Send);

struct Given {
    beat: Beat,
    waiter: Thread,
    panic: Option<Box<dyn Any + Send>>,
}

/// Where the beat lies while it is handed over.
pub(super) struct BeatSlot {
    state: AtomicU8,
    /// Beats so far.
    beats: AtomicU64,
    given: UnsafeCell<Option<Given>>,
}

// SAFETY: `given` is touched by the thread in `run` in the states NONE (before it hands over) and
// ENDED or NONE (after), by the servo's thread in BEATING only; the state changes hands by acquire
// and release. What the pointer points to is Send.
unsafe impl Sync for BeatSlot {}
// SAFETY: see above; nothing in it belongs to a thread.
unsafe impl Send for BeatSlot {}

/// What became of the beat in a servo tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beaten {
    /// There is none.
    NotGiven,
    /// It was called.
    Called,
    /// It has panicked; what it wrote is not to be trusted.
    Panicked,
}

impl BeatSlot {
    pub(super) const fn new() -> Self {
        Self {
            state: AtomicU8::new(NONE),
            beats: AtomicU64::new(0),
            given: UnsafeCell::new(None),
        }
    }

    /// Whether a loop runs in this servo.
    pub(super) fn is_given(&self) -> bool {
        self.state.load(Ordering::Acquire) != NONE
    }

    /// Calls the beat, where there is one. From the servo's thread.
    pub(super) fn call(&self) -> Beaten {
        let taken =
            self.state
                .compare_exchange(WAITING, BEATING, Ordering::Acquire, Ordering::Relaxed);
        if taken.is_err() {
            return Beaten::NotGiven;
        }
        // SAFETY: the state is BEATING, so this thread alone touches `given`.
        let Some(given) = (unsafe { &mut *self.given.get() }) else {
            return Beaten::NotGiven;
        };
        self.beats.fetch_add(1, Ordering::Relaxed);
        // SAFETY: `run` waits in this state, and what it borrowed lives until it returns. A panic
        // must not leave through the maker's frames; it is carried over to `run`.
        let more = catch_unwind(AssertUnwindSafe(|| unsafe { (*given.beat)() }));
        match more {
            Ok(true) => {
                self.state.store(WAITING, Ordering::Release);
                return Beaten::Called;
            }
            Ok(false) => {}
            Err(panic) => given.panic = Some(panic),
        }
        let panicked = given.panic.is_some();
        given.waiter.unpark();
        self.state.store(ENDED, Ordering::Release);
        if panicked {
            Beaten::Panicked
        } else {
            Beaten::Called
        }
    }

    /// Hands `beat` over and waits until it has ended or the servo is silent.
    fn run(&self, beat: &mut (dyn FnMut() -> bool + Send)) -> ServoEnd {
        let beat: *mut (dyn FnMut() -> bool + Send + '_) = beat;
        // SAFETY: only the lifetime is forgotten. `given` is emptied before this function returns,
        // and the state machine keeps the servo's thread from it afterwards.
        let beat: Beat = unsafe { std::mem::transmute(beat) };
        // SAFETY: the state is NONE, and &mut on the one servo given away excludes a second `run`.
        unsafe {
            *self.given.get() = Some(Given {
                beat,
                waiter: thread::current(),
                panic: None,
            });
        }
        self.state.store(WAITING, Ordering::Release);
        let end = self.wait();
        // SAFETY: the state is ENDED, or NONE by our own exchange: the servo's thread has left.
        let given = unsafe { (*self.given.get()).take() };
        self.state.store(NONE, Ordering::Release);
        if let Some(panic) = given.and_then(|given| given.panic) {
            resume_unwind(panic);
        }
        end
    }

    /// Silence is counted in looks of ours as well as by the clock: where the whole process stood
    /// still (a suspended laptop, a starved machine), the servo is not to blame.
    fn wait(&self) -> ServoEnd {
        let silence = Duration::from_millis(SERVO_SILENCE_MS);
        let (mut beats, mut since, mut looks) = (0, Instant::now(), 0);
        loop {
            match self.state.load(Ordering::Acquire) {
                ENDED => return ServoEnd::Asked,
                BEATING => thread::park_timeout(LOOK_AGAIN),
                _ => {
                    thread::park_timeout(LOOK_EVERY);
                    looks += 1;
                }
            }
            let now = self.beats.load(Ordering::Relaxed);
            if now != beats {
                (beats, since, looks) = (now, Instant::now(), 0);
            }
            let silent = looks * LOOK_EVERY >= silence && since.elapsed() >= silence;
            if silent && self.takes_back() {
                return ServoEnd::Silent;
            }
        }
    }

    /// Takes the beat back where it is not just being called.
    fn takes_back(&self) -> bool {
        self.state
            .compare_exchange(WAITING, NONE, Ordering::AcqRel, Ordering::Relaxed)
            .is_ok()
    }
}

/// The maker's scheduler thread, for one device. Given back when dropped.
pub(super) struct TouchServo {
    station: &'static Station,
}

impl TouchServo {
    /// The servo of `station`, where it is not in other hands.
    pub(super) fn take(station: &'static Station) -> Option<Self> {
        let free = !station.servo_taken.swap(true, Ordering::AcqRel);
        free.then_some(Self { station })
    }
}

impl Drop for TouchServo {
    fn drop(&mut self) {
        self.station.servo_taken.store(false, Ordering::Release);
    }
}

impl Servo for TouchServo {
    fn run(&mut self, beat: &mut (dyn FnMut() -> bool + Send)) -> ServoEnd {
        let end = self.station.beat.run(beat);
        if end == ServoEnd::Silent {
            self.station.lose();
        } else {
            self.station.await_frames(1, LAST_FRAME_WITHIN);
        }
        end
    }
}
