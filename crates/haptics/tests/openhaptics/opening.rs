//! Finding the library and the device, and what is said where they are not found.

use std::path::{Path, PathBuf};

use haptics::drivers::{open, survey};
use haptics::{ClockOwner, OpenError};

use crate::far_side::{FarSide, Surroundings, fake_library};

fn refused(name: &str) -> OpenError {
    open(name).map(|_| ()).unwrap_err()
}

/// A folder of this test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("surgisim-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_variable_that_names_no_file_is_told_with_the_file_and_the_variable() {
    let around = Surroundings::take();
    around.set("SURGISIM_LIBHD", Some(Path::new("/nowhere/libHD.so")));
    let why = refused("touch");
    assert!(
        matches!(why, OpenError::LibraryUnloadable { .. }),
        "{why:?}"
    );
    let text = why.to_string();
    assert!(!text.contains("not installed"), "{text}");
    for part in [
        "3D Systems Touch",
        "/nowhere/libHD.so",
        "which SURGISIM_LIBHD names, could not be loaded",
        "docs/devices/touch.md",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let seen = survey()
        .into_iter()
        .find(|seen| seen.name == "touch")
        .unwrap();
    assert!(!seen.here);
    assert_eq!(seen.why, text);
}

#[test]
fn a_file_that_does_not_load_is_told_with_the_reason() {
    let around = Surroundings::take();
    let folder = Folder::new("no-library");
    let path = folder.0.join("libHD.so");
    std::fs::write(&path, "not a library").unwrap();
    around.set("SURGISIM_LIBHD", Some(&path));
    let text = refused("touch").to_string();
    let told = format!(
        "{}, which SURGISIM_LIBHD names, could not be loaded",
        path.display()
    );
    assert!(text.contains(&told), "{text}");
    assert!(!text.contains("dlopen failed"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_library_that_is_there_and_does_not_load_is_not_called_absent() {
    let around = Surroundings::take();
    let toolkit = Folder::new("broken-toolkit");
    std::fs::create_dir_all(toolkit.0.join("lib64")).unwrap();
    let path = toolkit.0.join("lib64/libHD.so");
    std::fs::write(&path, "not a library").unwrap();
    around.set("OH_SDK_BASE", Some(&toolkit.0));
    let text = refused("touch").to_string();
    let told = format!("{} could not be loaded: ", path.display());
    assert!(text.contains(&told), "{text}");
    assert!(!text.contains("SURGISIM_LIBHD names"), "{text}");
}

#[test]
fn another_library_lacks_the_functions() {
    let around = Surroundings::take();
    let other = if cfg!(windows) {
        "kernel32.dll"
    } else if cfg!(target_os = "macos") {
        "libSystem.B.dylib"
    } else {
        "libc.so.6"
    };
    around.set("SURGISIM_LIBHD", Some(Path::new(other)));
    match refused("touch") {
        OpenError::SymbolMissing {
            symbol, library, ..
        } => {
            assert_eq!((symbol, library.as_str()), ("hdInitDevice", other));
        }
        why => panic!("{why}"),
    }
}

#[cfg(unix)]
#[test]
fn the_toolkit_s_own_variable_leads_to_the_library() {
    let around = Surroundings::take();
    let toolkit = Folder::new("toolkit");
    std::fs::create_dir_all(toolkit.0.join("lib64")).unwrap();
    std::fs::copy(fake_library(), toolkit.0.join("lib64/libHD.so")).unwrap();
    around.set("OH_SDK_BASE", Some(&toolkit.0));
    assert_eq!(open("touch").unwrap().info().model, "3D Systems Touch");
}

#[test]
fn a_device_that_is_not_there_is_told_with_what_to_do() {
    let far = FarSide::take();
    far.plug_in(0, false);
    let text = refused("touch").to_string();
    assert!(text.contains("Device fault (0x0300"), "{text}");
    if cfg!(unix) {
        assert!(text.contains("GTDD_HOME"), "{text}");
    }
    let home = Folder::new("home");
    far.around.set("GTDD_HOME", Some(&home.0));
    let text = refused("touch").to_string();
    assert!(
        text.contains("cable") && !text.contains("GTDD_HOME"),
        "{text}"
    );
    let text = refused("touch:Right Device").to_string();
    assert!(
        text.contains("touch:Right Device") && text.contains("name"),
        "{text}"
    );
    assert!(matches!(refused("touch:a\0b"), OpenError::Unknown { .. }));
}

#[test]
fn a_handle_left_behind_is_cleared_away() {
    let far = FarSide::take();
    far.leave_handle(0, 3);
    drop(open("touch").unwrap());
    far.leave_handle(0, 100);
    let why = refused("touch");
    assert!(matches!(why, OpenError::Refused { .. }), "{why:?}");
    assert!(why.to_string().contains("0x0301"), "{why}");
    // Away with it, for the check that nothing is left open.
    far.leave_handle(0, 0);
    drop(open("touch").unwrap());
}

#[test]
fn what_is_open_is_not_opened_again_and_goes_on() {
    let far = FarSide::take();
    let device = open("touch").unwrap();
    let why = refused("touch");
    assert!(why.to_string().contains("already open"), "{why}");
    let before = far.frames(0);
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert!(far.frames(0) > before);
    drop(device);
    drop(open("touch").unwrap());
}

#[test]
fn the_devices_that_were_set_up_are_listed() {
    let far = FarSide::take();
    let home = Folder::new("two");
    std::fs::create_dir_all(home.0.join("config")).unwrap();
    for name in ["Default Device.config", "Left Device.config", "notes.txt"] {
        std::fs::write(home.0.join("config").join(name), "").unwrap();
    }
    far.around.set("GTDD_HOME", Some(&home.0));
    far.plug_in(1, false);
    let seen = survey();
    let seen: Vec<_> = seen
        .iter()
        .filter(|seen| seen.name.starts_with("touch"))
        .map(|seen| (seen.name.as_str(), seen.here, seen.model.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("touch", true, "3D Systems Touch"),
            (
                "touch:Left Device",
                false,
                "3D Systems Touch or Phantom (OpenHaptics)"
            ),
        ]
    );
}

#[test]
fn what_the_device_bears_is_what_the_library_tells() {
    let _far = FarSide::take();
    let device = open("touch").unwrap();
    let info = device.info();
    assert_eq!(info.serial, "5260-000");
    assert_eq!(info.software, "OpenHaptics 3.5.0 driver 2022.4");
    assert_eq!((info.input_dof, info.output_dof), (6, 3));
    assert_eq!((info.max_force_n, info.continuous_force_n), (3.3, 0.88));
    assert_eq!((info.max_stiffness, info.max_damping), (500.0, 1.5));
    assert_eq!(info.max_torque_nm, 0.0);
    assert_eq!(info.workspace.center, [0.0, 0.01, 0.0]);
    assert_eq!((info.clock, info.delay_ticks), (ClockOwner::Callback, 0));
}

#[test]
fn a_device_that_tells_nothing_counts_as_the_weakest() {
    let far = FarSide::take();
    far.kind(0, false, false);
    let device = open("touch").unwrap();
    let info = device.info();
    assert_eq!(info.model, "3D Systems Touch or Phantom");
    assert_eq!((info.input_dof, info.output_dof), (6, 3));
    assert_eq!((info.max_force_n, info.max_stiffness), (3.3, 400.0));
    assert_eq!(info.workspace.radius, 0.075);
}
