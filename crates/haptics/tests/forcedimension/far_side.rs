//! The far side of the driver for Force Dimension: a stand-in library, its devices, and the frame of
//! the maker, written here a second time and not taken from the driver.

use std::ffi::{c_double, c_int, c_uint, c_ushort};
use std::sync::{Mutex, MutexGuard, PoisonError};

use haptics::drivers;
use haptics::{HapticDevice, OpenError};
use libloading::Library;

use crate::conformance::Fixture;
use crate::fakes;

/// Our variable that names the library.
pub const NAMED_BY: &str = "SURGISIM_LIBDRD";

/// The stand-in and the environment are one for the process: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Sole use of the environment.
pub struct Alone {
    _guard: MutexGuard<'static, ()>,
}

impl Alone {
    /// With the variable set to `library`.
    pub fn with(library: &str) -> Self {
        let alone = Self {
            _guard: ALONE.lock().unwrap_or_else(PoisonError::into_inner),
        };
        // SAFETY: whoever in this program reads or writes the environment does so through the
        // standard library, which locks it.
        unsafe { std::env::set_var(NAMED_BY, library) };
        alone
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        // SAFETY: as above.
        unsafe { std::env::remove_var(NAMED_BY) };
    }
}

/// What is known of a device, in the order in which the stand-in tells it.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub opened: u32,
    pub motors_on: bool,
    pub watchdog: u32,
    pub carried: bool,
    pub moved_by_itself: u32,
    pub not_numbers: u32,
    pub sent_in_vain: u32,
    pub limit_mn: u32,
}

/// Kinds of calls that can be let fail.
pub const POSE: u32 = 0;
pub const PLAY: u32 = 1;
pub const STATUS: u32 = 2;

/// What can be done to a device.
#[derive(Clone, Copy)]
pub enum Deed {
    Plug = 0,
    Calibrate = 1,
    ForceButton = 2,
    TooFast = 3,
    ControllerError = 4,
    UsedElsewhere = 5,
    CannotCarry = 6,
    NotConnected = 7,
    ToldInGrams = 8,
}

/// The stand-in library. Its first device is the one under test.
pub struct FarSide {
    library: Library,
    wrist: bool,
    _alone: Alone,
}

impl FarSide {
    /// Of this version, without a device.
    pub fn of_version(version: [i32; 3]) -> Self {
        let path = fakes::built("fake_drd");
        let alone = Alone::with(path.to_str().unwrap());
        let far = Self {
            // SAFETY: our own library, without start-up code.
            library: unsafe { Library::new(&path) }.unwrap(),
            wrist: false,
            _alone: alone,
        };
        let [major, minor, release] = version;
        far.call(b"fake_drd_reset", |reset: Reset| {
            reset(major, minor, release)
        });
        far
    }

    /// With one device.
    pub fn with(system_type: i32) -> Self {
        let mut far = Self::of_version([3, 17, 5]);
        far.wrist = [34, 35, 36, 37, 104, 105].contains(&system_type);
        far.add(system_type, 40_123);
        far
    }

    fn call<F: Copy, R>(&self, name: &[u8], call: impl FnOnce(F) -> R) -> R {
        // SAFETY: the types below are those of the functions in the stand-in.
        let function = *unsafe { self.library.get::<F>(name) }.unwrap();
        call(function)
    }

    pub fn add(&self, system_type: i32, serial: u16) -> u32 {
        self.call(b"fake_drd_add", |add: Add| add(system_type, serial))
    }

    pub fn at(&self, index: u32, deed: Deed, on: bool) {
        self.call(b"fake_drd_do", |act: Act| {
            act(index, deed as c_int, c_int::from(on))
        });
    }

    /// To the first device.
    pub fn act(&self, deed: Deed, on: bool) {
        self.at(0, deed, on);
    }

    /// The next `times` calls of a kind answer with this, or with this error if negative.
    pub fn answer(&self, call: u32, answer: i32, times: u32) {
        self.call(b"fake_drd_answer", |set: Answer| set(call, answer, times));
    }

    pub fn strength_n(&self, newton: f64) {
        self.call(b"fake_drd_strength", |set: Strength| set(0, newton));
    }

    /// Simulated time that goes by with each reading, us.
    pub fn step_us(&self, us: u32) {
        self.call(b"fake_drd_step", |set: Time| set(us));
    }

    pub fn wait_us(&self, us: u32) {
        self.call(b"fake_drd_wait", |wait: Time| wait(us));
    }

    pub fn known_of(&self, index: u32) -> Known {
        let mut all = [0; 8];
        self.call(b"fake_drd_known", |ask: Ask| ask(index, &mut all));
        Known {
            opened: all[0],
            motors_on: all[1] != 0,
            watchdog: all[2],
            carried: all[3] != 0,
            moved_by_itself: all[4],
            not_numbers: all[5],
            sent_in_vain: all[6],
            limit_mn: all[7],
        }
    }

    /// Of the first device.
    pub fn known(&self) -> Known {
        self.known_of(0)
    }

    /// Force, torque and grip in the maker's axes.
    pub fn played_in_theirs(&self) -> [f64; 7] {
        let mut wrench = [0.0; 7];
        self.call(b"fake_drd_played", |ask: Played| ask(0, &mut wrench));
        wrench
    }

    /// Torque in our axes, Nm.
    pub fn torque(&self) -> [f64; 3] {
        let [_, _, _, toward, right, up, _] = self.played_in_theirs();
        [right, up, toward]
    }

    /// Puts the handle somewhere, gripper and all.
    pub fn hold(&self, pos: [f64; 3], rot: [f64; 4], angle: f64, buttons: u32) {
        // Towards the person, to the right, up.
        let theirs = [pos[2], pos[0], pos[1]];
        let turn = matrix([rot[0], rot[3], rot[1], rot[2]]);
        self.call(b"fake_drd_place", |place: Place| {
            place(0, &theirs, &turn, angle, buttons);
        });
    }
}

/// The rotation matrix of a unit quaternion.
fn matrix([w, x, y, z]: [f64; 4]) -> [[f64; 3]; 3] {
    [
        [
            1.0 - 2.0 * (y * y + z * z),
            2.0 * (x * y - w * z),
            2.0 * (x * z + w * y),
        ],
        [
            2.0 * (x * y + w * z),
            1.0 - 2.0 * (x * x + z * z),
            2.0 * (y * z - w * x),
        ],
        [
            2.0 * (x * z - w * y),
            2.0 * (y * z + w * x),
            1.0 - 2.0 * (x * x + y * y),
        ],
    ]
}

impl Fixture for FarSide {
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError> {
        drivers::open("forcedimension")
    }

    fn place(&mut self, pos: [f64; 3], rot: [f64; 4], buttons: u32) {
        self.hold(pos, rot, 0.0, buttons);
    }

    fn played(&mut self) -> [f64; 3] {
        let [toward, right, up, ..] = self.played_in_theirs();
        [right, up, toward]
    }

    fn unplug(&mut self) {
        self.act(Deed::Plug, false);
    }

    fn plug(&mut self) {
        self.act(Deed::Plug, true);
    }
}

type Reset = extern "C" fn(c_int, c_int, c_int);
type Add = extern "C" fn(c_int, c_ushort) -> c_uint;
type Act = extern "C" fn(c_uint, c_int, c_int);
type Answer = extern "C" fn(c_uint, c_int, c_uint);
type Strength = extern "C" fn(c_uint, c_double);
type Time = extern "C" fn(c_uint);
type Ask = extern "C" fn(c_uint, *mut [c_uint; 8]);
type Played = extern "C" fn(c_uint, *mut [c_double; 7]);
type Place =
    extern "C" fn(c_uint, *const [c_double; 3], *const [[c_double; 3]; 3], c_double, c_uint);
