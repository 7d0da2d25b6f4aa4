//! The scheduler: a thread that calls what is scheduled, 1000 times a second.

use std::ffi::{c_ulong, c_void};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::{INVALID_OPERATION, INVALID_VALUE, fake};

type Callback = unsafe extern "system" fn(*mut c_void) -> u32;

const PERIOD: Duration = Duration::from_millis(1);

#[derive(Clone, Copy)]
struct Scheduled {
    handle: c_ulong,
    callback: Callback,
    user: *mut c_void,
    priority: u16,
}

// SAFETY: the program that schedules a callback promises that it may be called from this thread.
unsafe impl Send for Scheduled {}

static CALLBACKS: Mutex<Vec<Scheduled>> = Mutex::new(Vec::new());
static THREAD: Mutex<Option<JoinHandle<()>>> = Mutex::new(None);
static RUNNING: AtomicBool = AtomicBool::new(false);

fn callbacks() -> MutexGuard<'static, Vec<Scheduled>> {
    CALLBACKS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[unsafe(no_mangle)]
extern "system" fn hdScheduleAsynchronous(
    callback: Callback,
    user: *mut c_void,
    priority: u16,
) -> c_ulong {
    if fake().servo.is_some() {
        fake().misused("scheduled while the scheduler runs");
    }
    let mut callbacks = callbacks();
    let handle = callbacks
        .iter()
        .map(|known| known.handle)
        .max()
        .unwrap_or(0)
        + 1;
    callbacks.push(Scheduled {
        handle,
        callback,
        user,
        priority,
    });
    callbacks.sort_by_key(|known| std::cmp::Reverse(known.priority));
    handle
}

#[unsafe(no_mangle)]
extern "system" fn hdUnschedule(handle: c_ulong) {
    let mut callbacks = callbacks();
    let before = callbacks.len();
    callbacks.retain(|known| known.handle != handle);
    if callbacks.len() == before {
        let mut fake = fake();
        fake.misused("unscheduled what is not scheduled");
        fake.error(INVALID_OPERATION);
    }
}

#[unsafe(no_mangle)]
extern "system" fn hdSetSchedulerRate(hz: c_ulong) {
    if ![500, 1000, 1600].contains(&hz) {
        fake().error(INVALID_VALUE);
    }
}

#[unsafe(no_mangle)]
extern "system" fn hdStartScheduler() {
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    if thread.is_some() {
        fake().misused("started while the scheduler runs");
        return;
    }
    RUNNING.store(true, Ordering::Release);
    let handle = thread::spawn(servo);
    fake().servo = Some(handle.thread().id());
    *thread = Some(handle);
}

#[unsafe(no_mangle)]
extern "system" fn hdStopScheduler() {
    RUNNING.store(false, Ordering::Release);
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(thread) = thread.take() {
        // A callback that panics aborts the process, so there is nothing to hand on.
        let _ = thread.join();
    }
    let mut fake = fake();
    fake.servo = None;
    for unit in &mut fake.units {
        unit.played = [0.0; 6];
    }
}

fn servo() {
    // Here as well: on a busy machine the first tick comes before the starting thread says so.
    fake().servo = Some(thread::current().id());
    let mut due = Instant::now();
    while RUNNING.load(Ordering::Acquire) {
        due = (due + PERIOD).max(Instant::now() - PERIOD);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if !fake().stalled {
            tick();
        }
    }
}

fn tick() {
    for unit in &mut fake().units {
        unit.framed = false;
    }
    let due = callbacks().clone();
    let mut done = Vec::new();
    for scheduled in due {
        // SAFETY: the program promises that callback and user are good until it unschedules.
        if unsafe { (scheduled.callback)(scheduled.user) } == 0 {
            done.push(scheduled.handle);
        }
    }
    callbacks().retain(|known| !done.contains(&known.handle));
    let mut fake = fake();
    let open = fake.units.iter().filter(|unit| unit.in_frame).count();
    if open > 0 {
        fake.misused("a frame was begun and not ended");
    }
    for unit in &mut fake.units {
        unit.in_frame = false;
    }
}
