//! What the test calls: plain C functions in the same shared object.
//!
//! Functions that set something return 0, or -1 after a mistake whose text `fakexr_fault` gives.
//! Texts are UTF-8 and end with zero; poses are seven numbers: x, y, z, w of the unit quaternion,
//! then the position in metres, in the tracking frame.

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_void};

use openxr_sys as xr;

use crate::clock::Clock;
use crate::hand::{JOINTS, Joint};
use crate::pose::{Motion, Pose};
use crate::runtime::{Runtime, changed, lock};
use crate::script::Tracked;
use crate::settings::Fault;

thread_local! {
    static FAULT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Makes a change and says whether it could be made.
fn change(body: impl FnOnce(&mut Runtime) -> Result<(), Fault>) -> i32 {
    let result = body(&mut lock());
    changed();
    match result {
        Ok(()) => 0,
        Err(text) => {
            FAULT.with(|fault| *fault.borrow_mut() = text);
            -1
        }
    }
}

/// A text that the test gave.
///
/// # Safety
///
/// Ends with zero.
unsafe fn text<'a>(pointer: *const c_char) -> Result<&'a str, Fault> {
    // SAFETY: ends with zero, by this function's contract.
    unsafe { CStr::from_ptr(pointer) }
        .to_str()
        .map_err(|error| error.to_string())
}

/// Numbers that the test gave.
///
/// # Safety
///
/// Points at `N` numbers.
unsafe fn numbers<const N: usize>(pointer: *const f64) -> [f64; N] {
    // SAFETY: `N` numbers, by this function's contract.
    unsafe { pointer.cast::<[f64; N]>().read_unaligned() }
}

fn checked(pose: Pose) -> Result<Pose, Fault> {
    if pose.is_unit() {
        Ok(pose)
    } else {
        Err(format!("{:?} is no unit quaternion", pose.q))
    }
}

/// Forgets everything: settings, what was written down, instance and session.
#[unsafe(no_mangle)]
pub extern "C" fn fakexr_reset() {
    let mut runtime = lock();
    *runtime = Runtime::default();
    changed();
}

/// Sets a number by its name.
///
/// # Safety
///
/// `name` is a text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_set_number(name: *const c_char, value: f64) -> i32 {
    // SAFETY: a text, by this function's contract.
    change(|runtime| runtime.set_number(unsafe { text(name) }?, value))
}

/// Sets a text by its name.
///
/// # Safety
///
/// `name` and `value` are texts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_set_text(name: *const c_char, value: *const c_char) -> i32 {
    // SAFETY: texts, by this function's contract.
    change(|runtime| runtime.set_text(unsafe { text(name) }?, unsafe { text(value) }?))
}

/// Says where something is from now on: `/user/head`, a hand, or a pose of a hand.
///
/// # Safety
///
/// `path` is a text, `pose` seven numbers, `velocity` null or six: metres a second, radians a
/// second.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_set_pose(
    path: *const c_char,
    pose: *const f64,
    flags: u64,
    velocity: *const f64,
) -> i32 {
    change(|runtime| {
        // SAFETY: seven numbers, by this function's contract.
        let pose = checked(Pose::from_array(unsafe { numbers(pose) }))?;
        let moves = !velocity.is_null();
        let v: [f64; 6] = if moves {
            // SAFETY: six numbers, by this function's contract.
            unsafe { numbers(velocity) }
        } else {
            [0.0; 6]
        };
        let tracked = Tracked {
            motion: Motion {
                pose,
                linear: [v[0], v[1], v[2]],
                angular: [v[3], v[4], v[5]],
            },
            moves,
            flags: xr::SpaceLocationFlags::from_raw(flags),
            since: runtime.clock.now(),
        };
        // SAFETY: a text, by this function's contract.
        let path = unsafe { text(path) }?.to_owned();
        runtime.script.tracked.insert(path, tracked);
        Ok(())
    })
}

/// Says what a source of input says from now on; `y` counts only for sticks and pads.
///
/// # Safety
///
/// `path` is a text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_set_input(path: *const c_char, x: f64, y: f64) -> i32 {
    change(|runtime| {
        // SAFETY: a text, by this function's contract.
        let path = unsafe { text(path) }?.to_owned();
        runtime.script.inputs.insert(path, [x, y]);
        Ok(())
    })
}

/// Says where the joints of a hand are: 26 times seven numbers of a pose and a radius in metres.
/// Null joints: the hand is not seen.
///
/// # Safety
///
/// `joints` is null or 208 numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_set_joints(right: i32, joints: *const f64, flags: u64) -> i32 {
    change(|runtime| {
        let side = usize::from(right != 0);
        if joints.is_null() {
            runtime.script.joints[side] = None;
            return Ok(());
        }
        let flags = xr::SpaceLocationFlags::from_raw(flags);
        let mut list = [Joint {
            pose: Pose::IDENTITY,
            radius: 0.0,
            flags,
        }; JOINTS];
        // SAFETY: eight numbers for each joint, by this function's contract.
        let all: [[f64; 8]; JOINTS] =
            unsafe { joints.cast::<[[f64; 8]; JOINTS]>().read_unaligned() };
        for (joint, [a, b, c, d, x, y, z, radius]) in list.iter_mut().zip(all) {
            joint.pose = checked(Pose::from_array([a, b, c, d, x, y, z]))?;
            joint.radius = radius;
        }
        runtime.script.joints[side] = Some(list);
        Ok(())
    })
}

/// Makes the next `count` calls of a function fail with `result`.
///
/// # Safety
///
/// `function` is a text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_fail_next(function: *const c_char, result: i32, count: u32) -> i32 {
    change(|runtime| {
        // SAFETY: a text, by this function's contract.
        let function = unsafe { text(function) }?.to_owned();
        let queue = runtime.script.failures.entry(function).or_default();
        queue.extend((0..count).map(|_| xr::Result::from_raw(result)));
        Ok(())
    })
}

/// Takes away `session`, `instance` or `runtime`, or says that it is about to (`session pending`,
/// `instance pending`).
///
/// # Safety
///
/// `what` is a text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_lose(what: *const c_char) -> i32 {
    // SAFETY: a text, by this function's contract.
    change(|runtime| runtime.lose(unsafe { text(what) }?))
}

/// A runtime that was lost is there again, for a new instance.
#[unsafe(no_mangle)]
pub extern "C" fn fakexr_return() {
    lock().script.unavailable = false;
}

/// Moves LOCAL's origin, `after_ns` from now.
///
/// # Safety
///
/// `pose` is seven numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_recentre(pose: *const f64, after_ns: i64) -> i32 {
    change(|runtime| {
        // SAFETY: seven numbers, by this function's contract.
        let pose = checked(Pose::from_array(unsafe { numbers(pose) }))?;
        runtime.recentre(pose, runtime.clock.now() + after_ns);
        Ok(())
    })
}

/// Moves virtual time on.
#[unsafe(no_mangle)]
pub extern "C" fn fakexr_advance(nanoseconds: i64) -> i32 {
    change(|runtime| match &mut runtime.clock {
        Clock::Virtual(now) if nanoseconds >= 0 => {
            *now += nanoseconds;
            Ok(())
        }
        Clock::Virtual(_) => Err("time does not go back".to_owned()),
        Clock::Real => Err("only a virtual clock can be moved".to_owned()),
    })
}

/// The present time in nanoseconds.
#[unsafe(no_mangle)]
pub extern "C" fn fakexr_now() -> i64 {
    lock().clock.now()
}

/// Forgets what was written down; settings, instance and session stay.
#[unsafe(no_mangle)]
pub extern "C" fn fakexr_forget() {
    lock().log = crate::log::Log::default();
}

/// Writes what was written down, as JSON, and its end; returns the room that it needs.
///
/// # Safety
///
/// `what` is a text, `buffer` has room for `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_read(
    what: *const c_char,
    first: u64,
    buffer: *mut c_char,
    capacity: usize,
) -> usize {
    // SAFETY: a text, by this function's contract.
    let what = unsafe { text(what) }.unwrap_or_default();
    let json = lock().read(what, first).to_string();
    // SAFETY: room, by this function's contract.
    unsafe { copy_text(&json, buffer, capacity) }
}

/// Writes the text of this thread's last mistake in a control function.
///
/// # Safety
///
/// `buffer` has room for `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_fault(buffer: *mut c_char, capacity: usize) -> usize {
    let text = FAULT.with(|fault| fault.borrow().clone());
    // SAFETY: room, by this function's contract.
    unsafe { copy_text(&text, buffer, capacity) }
}

unsafe fn copy_text(text: &str, buffer: *mut c_char, capacity: usize) -> usize {
    if text.len() < capacity {
        // SAFETY: the caller has room for `capacity`, which is more than the text.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr(), buffer.cast(), text.len());
            buffer.add(text.len()).write(0);
        }
    }
    text.len() + 1
}

/// Copies the bytes of a picture of the last frame; returns how many there are, 0 for no picture.
///
/// # Safety
///
/// `buffer` has room for `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fakexr_picture(
    index: usize,
    buffer: *mut c_void,
    capacity: usize,
) -> usize {
    let runtime = lock();
    let Some(picture) = runtime.log.pictures.get(index) else {
        return 0;
    };
    let bytes = &picture.bytes;
    if bytes.len() <= capacity {
        // SAFETY: room for them, by this function's contract.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast(), bytes.len()) };
    }
    bytes.len()
}
