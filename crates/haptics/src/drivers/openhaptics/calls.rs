//! The library's functions as safe calls, and its error stack as one answer.

use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::Mutex;

use super::abi::{
    ALREADY_INITIATED, Callback, DEVICE_FAULT, Device, ErrorInfo, FIRST_IN_TICK, Name, SUCCESS,
    Scheduled,
};
use super::library::Functions;
use super::station::Station;
use crate::device::DevErr;

/// Errors that are fetched at most at a time. The stack is emptied after each frame, so that it
/// holds a few at most; a library that never says "none" must not hold up the tick.
const ERRORS_AT_A_TIME: u32 = 32;
/// Numbers that a parameter has at most (a 4 x 4 matrix).
const LARGEST: usize = 16;

/// A loaded library and the devices that are open through it.
pub(super) struct Hd {
    functions: Functions,
    /// Open devices. Locked while one is opened or closed, never in a tick: the scheduler is one
    /// for all of them.
    pub(super) stations: Mutex<Vec<&'static Station>>,
}

impl Hd {
    pub(super) fn new(functions: Functions) -> Self {
        Self {
            functions,
            stations: Mutex::new(Vec::new()),
        }
    }
}

// The types of the functions are those of the maker's headers (library.rs) and the library stays
// loaded, which is all that calls without pointers need; the others say what they need besides.
impl Hd {
    /// Opens a device and makes it current; None is the default device.
    pub(super) fn init(&self, name: Option<&CStr>) -> Device {
        let name = name.map_or(ptr::null(), CStr::as_ptr);
        // SAFETY: `name` is null (HD_DEFAULT_DEVICE) or ends in NUL and outlives the call.
        unsafe { (self.functions.init_device)(name) }
    }

    pub(super) fn disable_device(&self, device: Device) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.disable_device)(device) }
    }

    pub(super) fn make_current(&self, device: Device) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.make_current)(device) }
    }

    pub(super) fn current(&self) -> Device {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.current_device)() }
    }

    pub(super) fn begin_frame(&self, device: Device) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.begin_frame)(device) }
    }

    pub(super) fn end_frame(&self, device: Device) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.end_frame)(device) }
    }

    pub(super) fn enable(&self, capability: Name) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.enable)(capability) }
    }

    pub(super) fn disable(&self, capability: Name) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.disable)(capability) }
    }

    /// A parameter of the current device; zeros where the library writes nothing.
    pub(super) fn doubles(&self, name: Name) -> [f64; LARGEST] {
        let mut values = [0.0; LARGEST];
        // SAFETY: no parameter has more numbers than there is room for.
        unsafe { (self.functions.get_doubles)(name, values.as_mut_ptr()) };
        values
    }

    /// A parameter of the current device; zero where the library writes nothing.
    pub(super) fn integer(&self, name: Name) -> i32 {
        let mut values = [0; LARGEST];
        // SAFETY: no parameter has more numbers than there is room for.
        unsafe { (self.functions.get_integers)(name, values.as_mut_ptr()) };
        values[0]
    }

    /// A text about the current device; empty where there is none. Allocates.
    pub(super) fn text(&self, name: Name) -> String {
        // SAFETY: no pointers; see above.
        let text = unsafe { (self.functions.get_string)(name) };
        // SAFETY: the library gives null or a static text that ends in NUL.
        unsafe { owned(text) }
    }

    /// What the library says of an error. Allocates.
    pub(super) fn error_text(&self, code: u32) -> String {
        // SAFETY: no pointers; see above.
        let text = unsafe { (self.functions.error_string)(code) };
        // SAFETY: the library gives null or a static text that ends in NUL.
        unsafe { owned(text) }
    }

    pub(super) fn set_vector(&self, name: Name, values: &[f64; 3]) {
        // SAFETY: force and torque have three numbers, which the library copies.
        unsafe { (self.functions.set_doubles)(name, values.as_ptr()) }
    }

    pub(super) fn check_calibration(&self) -> Name {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.check_calibration)() }
    }

    pub(super) fn update_calibration(&self, style: Name) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.update_calibration)(style) }
    }

    /// Has `callback` called once a servo tick with `user`, before all others.
    ///
    /// # Safety
    /// `callback` must bear being called with `user` from another thread until the process ends.
    pub(super) unsafe fn schedule(&self, callback: Callback, user: *mut c_void) -> Scheduled {
        // SAFETY: the caller vouches for callback and user.
        unsafe { (self.functions.schedule)(callback, user, FIRST_IN_TICK) }
    }

    pub(super) fn unschedule(&self, scheduled: Scheduled) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.unschedule)(scheduled) }
    }

    pub(super) fn set_rate(&self, hz: u16) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.set_rate)(hz.into()) }
    }

    pub(super) fn start(&self) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.start)() }
    }

    pub(super) fn stop(&self) {
        // SAFETY: no pointers; see above.
        unsafe { (self.functions.stop)() }
    }

    /// The newest error, taken from the stack.
    pub(super) fn next_error(&self) -> Option<ErrorInfo> {
        // SAFETY: no pointers; see above.
        let error = unsafe { (self.functions.get_error)() };
        (error.code != SUCCESS).then_some(error)
    }

    /// Empties the error stack; the gravest that was on it.
    pub(super) fn gravest_error(&self) -> Option<ErrorInfo> {
        let mut gravest: Option<ErrorInfo> = None;
        for _ in 0..ERRORS_AT_A_TIME {
            let Some(error) = self.next_error() else {
                break;
            };
            let before = gravest.map_or(0, |known| gravity(meaning(known.code)));
            if gravity(meaning(error.code)) > before {
                gravest = Some(error);
            }
        }
        gravest
    }
}

/// # Safety
/// `text` is null or points to a text that ends in NUL.
unsafe fn owned(text: *const std::ffi::c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: not null, and the caller vouches for the rest.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().trim().to_owned()
}

/// What an error means for the tick.
pub(super) fn meaning(code: u32) -> DevErr {
    match code >> 8 {
        0x02 => DevErr::Overload { code },
        0x03 => DevErr::Lost,
        _ => DevErr::Fault { code },
    }
}

/// The graver of two.
pub(super) fn graver(a: Option<DevErr>, b: Option<DevErr>) -> Option<DevErr> {
    match (a, b) {
        (Some(a), Some(b)) if gravity(b) > gravity(a) => Some(b),
        (None, b) => b,
        (a, _) => a,
    }
}

fn gravity(error: DevErr) -> u8 {
    match error {
        DevErr::Lost => 4,
        DevErr::Overload { .. } => 3,
        DevErr::Fault { .. } => 2,
        DevErr::Late | DevErr::Exhausted => 1,
    }
}

/// An error in words: what the library says, with its number.
pub(super) fn in_words(hd: &Hd, error: ErrorInfo) -> String {
    let said = hd.error_text(error.code);
    let said = if said.is_empty() {
        plain(error.code)
    } else {
        &said
    };
    format!("libHD: {said} ({:#06x}, {})", error.code, error.internal)
}

fn plain(code: u32) -> &'static str {
    match code {
        DEVICE_FAULT => "device fault",
        ALREADY_INITIATED => "device already initiated",
        _ => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graver_error_wins_and_force_errors_are_no_loss() {
        let warm = DevErr::Overload { code: 0x0200 };
        assert_eq!(meaning(0x0200), warm);
        assert_eq!(meaning(0x0302), DevErr::Lost);
        assert_eq!(meaning(0x0102), DevErr::Fault { code: 0x0102 });
        assert_eq!(graver(Some(warm), Some(DevErr::Lost)), Some(DevErr::Lost));
        assert_eq!(graver(Some(DevErr::Lost), Some(warm)), Some(DevErr::Lost));
        assert_eq!(graver(None, Some(warm)), Some(warm));
        assert_eq!(graver(Some(warm), None), Some(warm));
    }
}
