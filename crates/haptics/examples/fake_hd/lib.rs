//! A libHD for tests: the binary interface of OpenHaptics' HDAPI with two devices of numbers behind
//! it, a 1 kHz scheduler thread of its own, and a count of every use that the real library would
//! punish. Written after the public description of the interface; never shipped.

mod api;
mod control;
mod scheduler;
mod unit;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

use unit::Unit;

/// HDErrorInfo.
#[repr(C)]
#[derive(Clone, Copy)]
struct ErrorInfo {
    code: u32,
    internal: i32,
    device: u32,
}

const NO_DEVICE: u32 = 0xFFFF_FFFF;
const INVALID_VALUE: u32 = 0x0101;
const INVALID_OPERATION: u32 = 0x0102;
const INVALID_ENUM: u32 = 0x0100;
const BAD_HANDLE: u32 = 0x0104;
const EXCEEDED_MAX_FORCE: u32 = 0x0201;
const DEVICE_FAULT: u32 = 0x0300;
const ALREADY_INITIATED: u32 = 0x0301;
const COMM_ERROR: u32 = 0x0302;
const ILLEGAL_BEGIN: u32 = 0x0400;
const ILLEGAL_END: u32 = 0x0401;

/// All there is.
struct Fake {
    units: [Unit; 2],
    /// Handle of the current device.
    current: u32,
    next_handle: u32,
    errors: Vec<ErrorInfo>,
    /// The scheduler's thread, while it runs.
    servo: Option<ThreadId>,
    stalled: bool,
    /// Uses that are against the rules.
    misuse: u32,
}

static FAKE: Mutex<Fake> = Mutex::new(Fake::new());

fn fake() -> MutexGuard<'static, Fake> {
    FAKE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Fake {
    const fn new() -> Self {
        Self {
            units: [Unit::new(c"Default Device"), Unit::new(c"Left Device")],
            current: NO_DEVICE,
            next_handle: 0,
            errors: Vec::new(),
            servo: None,
            stalled: false,
            misuse: 0,
        }
    }

    fn error(&mut self, code: u32) {
        let device = self.current;
        self.errors.push(ErrorInfo {
            code,
            internal: 0,
            device,
        });
    }

    /// Counts a use against the rules and says which.
    fn misused(&mut self, what: &str) {
        self.misuse += 1;
        eprintln!("fake libHD: {what}");
    }

    fn in_servo(&self) -> bool {
        self.servo == Some(std::thread::current().id())
    }

    fn unit(&mut self, handle: u32) -> Option<&mut Unit> {
        self.units
            .iter_mut()
            .find(|unit| handle != NO_DEVICE && unit.handle == handle)
    }

    /// The current device, or an error.
    fn here(&mut self) -> Option<&mut Unit> {
        let current = self.current;
        if self.unit(current).is_none() {
            self.error(BAD_HANDLE);
        }
        self.unit(current)
    }
}
