//! Finding and loading the maker's library at run time.
//!
//! Nothing of the maker's is needed to build: the functions are looked up by name. A library that
//! was loaded stays loaded until the process ends: it has a thread of its own, and there is no
//! saying when the last of it has left the code.

use std::env;
use std::ffi::{c_int, c_ulong, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use libloading::Library;

use super::abi::{Callback, Device, ErrorInfo, Name, Scheduled, Text};
use super::calls::Hd;
use crate::device::OpenError;
use crate::drivers::search::Sought;

/// For whom the library is needed, as errors say it.
pub(super) const PRODUCT: &str = "3D Systems Touch";
/// The maker's variable: folder of the toolkit.
const TOOLKIT: &str = "OH_SDK_BASE";
const GET: &str = "install 3D Systems' Touch device driver and OpenHaptics, or set SURGISIM_LIBHD \
                   to the path of the library (docs/devices/touch.md)";
/// The library, as it is looked for.
const SOUGHT: Sought = Sought {
    device: PRODUCT,
    library: places::LIBRARY,
    variable: "SURGISIM_LIBHD",
    get: GET,
};

#[cfg(windows)]
mod places {
    pub(super) const LIBRARY: &str = "hd.dll";
    /// Under the toolkit's folder.
    pub(super) const IN_TOOLKIT: &[&str] = &["lib/x64/Release/hd.dll", "lib/x64/hd.dll"];
    pub(super) const FILES: &[&str] = &[];
    pub(super) const NAMES: &[&str] = &["hd.dll"];
}

#[cfg(not(windows))]
mod places {
    pub(super) const LIBRARY: &str = "libHD.so";
    /// Under the toolkit's folder.
    pub(super) const IN_TOOLKIT: &[&str] = &["lib64/libHD.so", "lib/libHD.so"];
    /// Where the installers of OpenHaptics 3.0 and 3.4 put it.
    pub(super) const FILES: &[&str] = &[
        "/usr/lib/libHD.so",
        "/usr/lib64/libHD.so",
        "/usr/local/lib/libHD.so",
        "/opt/OpenHaptics/Developer/3.4-0/lib64/libHD.so",
        "/opt/OpenHaptics/Developer/3.4-0/lib/libHD.so",
    ];
    /// For the system's loader.
    pub(super) const NAMES: &[&str] = &["libHD.so", "libHD.so.3.4", "libHD.so.3.0"];
}

macro_rules! functions {
    ($($field:ident = $symbol:literal : fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// Every function of the library that is used, by name.
        pub(super) struct Functions {
            $(pub(super) $field: unsafe extern "system" fn($($argument),*) $(-> $result)?,)*
        }

        impl Functions {
            /// The functions of `library`, or the name of the first that it lacks.
            ///
            /// # Safety
            /// What `library` has under these names must have the types declared here.
            unsafe fn of(library: &Library) -> Result<Self, &'static str> {
                Ok(Self {
                    // SAFETY: the caller vouches for the types; the library is never unloaded, so
                    // the pointers stay good.
                    $($field: *unsafe { library.get(concat!($symbol, "\0").as_bytes()) }
                        .map_err(|_| $symbol)?,)*
                })
            }
        }
    };
}

functions! {
    init_device = "hdInitDevice": fn(Text) -> Device;
    disable_device = "hdDisableDevice": fn(Device);
    make_current = "hdMakeCurrentDevice": fn(Device);
    current_device = "hdGetCurrentDevice": fn() -> Device;
    begin_frame = "hdBeginFrame": fn(Device);
    end_frame = "hdEndFrame": fn(Device);
    enable = "hdEnable": fn(Name);
    disable = "hdDisable": fn(Name);
    get_doubles = "hdGetDoublev": fn(Name, *mut f64);
    get_integers = "hdGetIntegerv": fn(Name, *mut c_int);
    get_string = "hdGetString": fn(Name) -> Text;
    set_doubles = "hdSetDoublev": fn(Name, *const f64);
    get_error = "hdGetError": fn() -> ErrorInfo;
    error_string = "hdGetErrorString": fn(u32) -> Text;
    check_calibration = "hdCheckCalibration": fn() -> Name;
    update_calibration = "hdUpdateCalibration": fn(Name);
    schedule = "hdScheduleAsynchronous": fn(Callback, *mut c_void, u16) -> Scheduled;
    unschedule = "hdUnschedule": fn(Scheduled);
    set_rate = "hdSetSchedulerRate": fn(c_ulong);
    start = "hdStartScheduler": fn();
    stop = "hdStopScheduler": fn();
}

/// Libraries loaded so far, with what they were loaded by.
static LOADED: Mutex<Vec<(PathBuf, &'static Hd)>> = Mutex::new(Vec::new());

/// The library, loaded now or before.
pub(super) fn load() -> Result<&'static Hd, OpenError> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let mut search = SOUGHT.search();
    for place in candidates() {
        if let Some((_, hd)) = loaded.iter().find(|(path, _)| *path == place) {
            return Ok(hd);
        }
        // SAFETY: loading runs the library's initialisers. It is the maker's, or the one that the
        // person names in SURGISIM_LIBHD.
        match unsafe { Library::new(&place) } {
            Ok(library) => {
                let hd = resolve(library, &place)?;
                loaded.push((place, hd));
                return Ok(hd);
            }
            Err(why) => search.refused(&place, &why),
        }
        search.looked(place.display().to_string());
    }
    Err(search.in_vain())
}

fn resolve(library: Library, place: &Path) -> Result<&'static Hd, OpenError> {
    // SAFETY: a library of this name has the functions of the maker's headers.
    let functions =
        unsafe { Functions::of(&library) }.map_err(|symbol| OpenError::SymbolMissing {
            device: PRODUCT,
            library: place.display().to_string(),
            symbol,
            get: GET,
        })?;
    std::mem::forget(library);
    Ok(Box::leak(Box::new(Hd::new(functions))))
}

/// Where the library may be, in order. Where the person names one, only that.
fn candidates() -> Vec<PathBuf> {
    if let Some(path) = SOUGHT.named() {
        return vec![path];
    }
    let toolkit = env::var_os(TOOLKIT).map(PathBuf::from);
    let in_toolkit = toolkit
        .iter()
        .flat_map(|folder| places::IN_TOOLKIT.iter().map(|file| folder.join(file)));
    in_toolkit
        .chain(places::FILES.iter().map(PathBuf::from))
        .chain(places::NAMES.iter().map(PathBuf::from))
        .collect()
}
