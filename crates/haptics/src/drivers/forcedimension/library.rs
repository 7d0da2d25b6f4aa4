//! The maker's library, opened at run time.

use std::ffi::{CStr, c_char, c_double, c_int, c_uchar, c_uint, c_ushort};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;

use libloading::Library;

use super::abi::Id;
use super::{DEVICE, GET, SOUGHT, places};
use crate::device::OpenError;

/// Declares the functions that are used, as `dhdc.h` and `drdc.h` do: `__stdcall` on Windows and
/// the C convention elsewhere is what Rust calls "system".
macro_rules! functions {
    ($($name:ident = $symbol:literal ($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions of the library.
        pub(super) struct Api {
            $(pub(super) $name: unsafe extern "system" fn($($argument),*) $(-> $result)?,)*
            /// Never closed: the library has threads of its own, which would run into nothing.
            _library: ManuallyDrop<Library>,
        }

        impl Api {
            fn from(library: Library, path: &str) -> Result<Self, OpenError> {
                $(
                    // SAFETY: the type is that of the function of this name in the maker's header.
                    let $name = unsafe { library.get(concat!($symbol, "\0").as_bytes()) };
                    let $name = *$name.map_err(|_| lacks(path, $symbol))?;
                )*
                let _library = ManuallyDrop::new(library);
                Ok(Self { $($name,)* _library })
            }
        }
    };
}

functions! {
    version = "dhdGetSDKVersion"(*mut c_int, *mut c_int, *mut c_int, *mut c_int);
    last_error = "dhdErrorGetLast"() -> c_int;
    last_error_text = "dhdErrorGetLastStr"() -> *const c_char;
    device_count = "dhdGetDeviceCount"() -> c_int;
    open = "dhdOpenID"(Id) -> c_int;
    close = "dhdClose"(Id) -> c_int;
    serial = "dhdGetSerialNumber"(*mut c_ushort, Id) -> c_int;
    system_type = "dhdGetSystemType"(Id) -> c_int;
    system_name = "dhdGetSystemName"(Id) -> *const c_char;
    firmware = "dhdGetVersion"(*mut c_double, Id) -> c_int;
    left_handed = "dhdIsLeftHanded"(Id) -> bool;
    has_wrist = "dhdHasWrist"(Id) -> bool;
    has_active_wrist = "dhdHasActiveWrist"(Id) -> bool;
    has_gripper = "dhdHasGripper"(Id) -> bool;
    has_active_gripper = "dhdHasActiveGripper"(Id) -> bool;
    status = "dhdGetStatus"(*mut c_int, Id) -> c_int;
    enable_force = "dhdEnableForce"(c_uchar, Id) -> c_int;
    gravity_compensation = "dhdSetGravityCompensation"(c_int, Id) -> c_int;
    handle_mass = "dhdGetEffectorMass"(*mut c_double, Id) -> c_int;
    max_force = "dhdSetMaxForce"(c_double, Id) -> c_int;
    max_torque = "dhdSetMaxTorque"(c_double, Id) -> c_int;
    max_grip = "dhdSetMaxGripperForce"(c_double, Id) -> c_int;
    position = "dhdGetPosition"(*mut c_double, *mut c_double, *mut c_double, Id) -> c_int;
    pose = "dhdGetPositionAndOrientationFrame"(
        *mut c_double, *mut c_double, *mut c_double, *mut [c_double; 3], Id) -> c_int;
    grip_angle = "dhdGetGripperAngleRad"(*mut c_double, Id) -> c_int;
    buttons = "dhdGetButtonMask"(Id) -> c_uint;
    play = "dhdSetForceAndTorqueAndGripperForce"(
        c_double, c_double, c_double, c_double, c_double, c_double, c_double, Id) -> c_int;
    expert_on = "dhdEnableExpertMode"() -> c_int;
    expert_off = "dhdDisableExpertMode"() -> c_int;
    time_guard = "dhdSetTimeGuard"(c_int, Id) -> c_int;
    set_watchdog = "dhdSetWatchdog"(c_uchar, Id) -> c_int;
    get_watchdog = "dhdGetWatchdog"(*mut c_uchar, Id) -> c_int;
    robot_open = "drdOpenID"(Id) -> c_int;
    robot_close = "drdClose"(Id) -> c_int;
    robot_calibrate = "drdAutoInit"(Id) -> c_int;
    robot_stop = "drdStop"(bool, Id) -> c_int;
}

/// The oldest version that is spoken. Before it the library's functions are the same by name, but
/// `dhdSetForceAndTorqueAndGripperForce` once took torques of the wrist's joints in their place,
/// and no public test runs against those versions; forcedimension-core, whose tests do run, draws
/// the line here too.
const OLDEST: (c_int, c_int) = (3, 16);

/// Opens the library and asks it for its version.
pub(super) fn load() -> Result<(Arc<Api>, String), OpenError> {
    let mut search = SOUGHT.search();
    for place in places::all() {
        search.looked(place.described());
        for path in place.libraries() {
            match open(&path) {
                Ok(library) => return known(Api::from(library, &path.to_string_lossy())?),
                Err(why) => search.refused(&path, &why),
            }
        }
    }
    Err(search.in_vain())
}

fn open(path: &Path) -> Result<Library, libloading::Error> {
    // SAFETY: runs the library's own start-up code, which a person who installed it or named it in
    // the environment wants to run.
    unsafe { Library::new(path) }
}

fn lacks(path: &str, symbol: &'static str) -> OpenError {
    OpenError::SymbolMissing {
        device: DEVICE,
        library: path.to_owned(),
        symbol,
        get: GET,
    }
}

fn known(api: Api) -> Result<(Arc<Api>, String), OpenError> {
    let (mut major, mut minor, mut release, mut revision) = (0, 0, 0, 0);
    // SAFETY: four places for four numbers.
    unsafe { (api.version)(&mut major, &mut minor, &mut release, &mut revision) };
    let software = format!("Force Dimension SDK {major}.{minor}.{release}");
    if major != OLDEST.0 || minor < OLDEST.1 {
        return Err(OpenError::Version {
            device: DEVICE.to_owned(),
            found: software,
            known: "3.16 and later versions 3.x",
        });
    }
    Ok((Arc::new(api), software))
}

impl Api {
    /// What the library says about the last error of this thread.
    pub(super) fn why(&self) -> String {
        // SAFETY: takes nothing.
        text(unsafe { (self.last_error_text)() }).unwrap_or_else(|| "no reason given".to_owned())
    }

    /// How many devices are plugged in; no more are looked at than `finding` has room for.
    pub(super) fn count(&self) -> u8 {
        // SAFETY: takes nothing.
        let count = unsafe { (self.device_count)() };
        count.clamp(0, 64) as u8
    }
}

/// A text that the library keeps.
pub(super) fn text(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not null; the library's texts end in a zero and stay where they are.
    let text = unsafe { CStr::from_ptr(pointer) }.to_string_lossy();
    (!text.is_empty()).then(|| text.into_owned())
}
