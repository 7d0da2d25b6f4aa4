//! The fake libHD from the tests' side: it is loaded a second time, which gives the same library,
//! and moved through functions of its own.

use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use haptics::{HapticDevice, OpenError};
use libloading::Library;

use crate::conformance::Fixture;
use crate::fakes::built;

/// The environment and the fake are one for the whole process, so tests take turns.
static TURN: Mutex<()> = Mutex::new(());

/// Variables that say where the library and its configuration are.
const VARIABLES: [&str; 3] = ["SURGISIM_LIBHD", "OH_SDK_BASE", "GTDD_HOME"];

/// Path of the fake library.
pub fn fake_library() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| built("fake_hd"))
}

/// A turn with the environment, without the fake.
pub struct Surroundings {
    _turn: MutexGuard<'static, ()>,
}

impl Surroundings {
    pub fn take() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let here = Self { _turn: turn };
        for name in VARIABLES {
            here.set(name, None);
        }
        here
    }

    pub fn set(&self, name: &str, value: Option<&Path>) {
        // SAFETY: every test of this program holds the turn while it reads or changes the
        // environment, and the fake's thread does neither.
        unsafe {
            match value {
                Some(value) => std::env::set_var(name, value),
                None => std::env::remove_var(name),
            }
        }
    }
}

macro_rules! controls {
    ($($name:ident = $symbol:literal ($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        /// A turn with the fake behind the driver. Dropping it checks that nothing was misused and
        /// nothing left open.
        pub struct FarSide {
            pub around: Surroundings,
            controls: Controls,
        }

        #[derive(Clone, Copy)]
        struct Controls {
            $($name: unsafe extern "C" fn($($type),*) $(-> $result)?,)*
        }

        impl Controls {
            fn of(library: &Library) -> Self {
                // SAFETY: the types are those of examples/fake_hd/control.rs, and the library is
                // never unloaded.
                unsafe { Self { $($name: *library.get($symbol).unwrap(),)* } }
            }
        }

        impl FarSide {
            $(pub fn $name(&self, $($argument: $type),*) $(-> $result)? {
                // SAFETY: numbers, or pointers to arrays of the size that their type says.
                unsafe { (self.controls.$name)($($argument),*) }
            })*
        }
    };
}

controls! {
    reset = "fake_hd_reset" ();
    place_raw = "fake_hd_place" (unit: usize, transform: *const [f64; 16], buttons: c_int);
    played_raw = "fake_hd_played" (unit: usize, played: *mut [f64; 6]);
    plug_in = "fake_hd_plug" (unit: usize, plugged: bool);
    raise = "fake_hd_raise" (unit: usize, code: u32);
    calibration = "fake_hd_calibration" (unit: usize, state: u32);
    calibrated = "fake_hd_calibrated" (unit: usize) -> u32;
    warm = "fake_hd_warm" (unit: usize, temperature: f64);
    kind = "fake_hd_kind" (unit: usize, tells: bool, six: bool);
    leave_handle = "fake_hd_leave_handle" (unit: usize, sticky: u32);
    stall = "fake_hd_stall" (stalled: bool);
    frames = "fake_hd_frames" (unit: usize) -> u64;
    misuse = "fake_hd_misuse" () -> u32;
}

impl FarSide {
    pub fn take() -> Self {
        let around = Surroundings::take();
        around.set("SURGISIM_LIBHD", Some(fake_library()));
        // SAFETY: the fake has no initialisers with conditions.
        let library = unsafe { Library::new(fake_library()) }.unwrap();
        let controls = Controls::of(&library);
        std::mem::forget(library);
        let here = Self { around, controls };
        here.reset();
        // What an earlier test has left open is that test's failure.
        here.reset();
        here
    }

    /// Force (N) and torque (mN m) of the motors.
    pub fn motors(&self, unit: usize) -> [f64; 6] {
        let mut played = [0.0; 6];
        self.played_raw(unit, &raw mut played);
        played
    }

    /// Force of the motors, N.
    pub fn force(&self, unit: usize) -> [f64; 3] {
        let [x, y, z, ..] = self.motors(unit);
        [x, y, z]
    }

    pub fn put(&self, unit: usize, pos: [f64; 3], rot: [f64; 4], buttons: i32) {
        let transform = transform(pos, rot);
        self.place_raw(unit, &raw const transform, buttons);
    }
}

impl Drop for FarSide {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.misuse(), 0, "misuse; standard error says which");
            self.reset();
            assert_eq!(self.misuse(), 0, "something was left open");
        }
    }
}

/// HD_CURRENT_TRANSFORM for a pose in m: column-major, mm, x right, y up, z towards the person.
fn transform(pos: [f64; 3], [w, x, y, z]: [f64; 4]) -> [f64; 16] {
    let columns = [
        [
            1.0 - 2.0 * (y * y + z * z),
            2.0 * (x * y + w * z),
            2.0 * (x * z - w * y),
            0.0,
        ],
        [
            2.0 * (x * y - w * z),
            1.0 - 2.0 * (x * x + z * z),
            2.0 * (y * z + w * x),
            0.0,
        ],
        [
            2.0 * (x * z + w * y),
            2.0 * (y * z - w * x),
            1.0 - 2.0 * (x * x + y * y),
            0.0,
        ],
        [pos[0] * 1e3, pos[1] * 1e3, pos[2] * 1e3, 1.0],
    ];
    let mut m = [0.0; 16];
    for (to, column) in m.chunks_mut(4).zip(columns) {
        to.copy_from_slice(&column);
    }
    m
}

impl Fixture for FarSide {
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError> {
        haptics::drivers::open("touch")
    }

    fn place(&mut self, pos: [f64; 3], rot: [f64; 4], buttons: u32) {
        self.put(0, pos, rot, buttons.cast_signed());
    }

    fn played(&mut self) -> [f64; 3] {
        self.force(0)
    }

    fn unplug(&mut self) {
        self.plug_in(0, false);
    }

    fn plug(&mut self) {
        self.plug_in(0, true);
    }
}
