//! The library, its version, and which of the devices is meant.

use haptics::drivers::{self, Sighting};
use haptics::{OpenError, Status};

use crate::conformance::Fixture;
use crate::far_side::{Alone, Deed, FarSide};
use crate::{CONTROLLER, OMEGA3, OMEGA7, SIGMA7, ticks};

#[test]
fn a_device_is_found_by_index_and_by_serial_number() {
    let far = FarSide::with(OMEGA3);
    far.add(SIGMA7, 7);
    far.add(OMEGA7, 1);
    for (name, serial) in [
        ("forcedimension", "40123"),
        ("forcedimension:0", "40123"),
        ("forcedimension:2", "1"),
        // An index comes before a serial number.
        ("forcedimension:1", "7"),
        ("forcedimension:7", "7"),
        ("forcedimension:40123", "40123"),
    ] {
        let device = drivers::open(name).unwrap();
        assert_eq!(device.info().serial, serial, "{name}");
    }
    for name in ["forcedimension:8", "forcedimension:left"] {
        let why = drivers::open(name).err().unwrap();
        assert!(matches!(why, OpenError::NotConnected { .. }), "{why}");
    }
    assert!((0..3).all(|index| far.known_of(index).opened == 0));
}

#[test]
fn a_device_in_use_is_not_opened_twice() {
    let far = FarSide::with(OMEGA3);
    let first = drivers::open("forcedimension").unwrap();
    let why = drivers::open("forcedimension:0").err().unwrap();
    assert!(matches!(why, OpenError::Refused { .. }), "{why}");
    // With a second one, "the first" is the first that is free.
    far.add(SIGMA7, 7);
    let second = drivers::open("forcedimension").unwrap();
    assert_eq!(second.info().serial, "7");
    drop((first, second));

    far.at(1, Deed::UsedElsewhere, true);
    let why = drivers::open("forcedimension:1").err().unwrap();
    assert!(why.to_string().contains("other program"), "{why}");
    assert_eq!(
        drivers::open("forcedimension").unwrap().info().serial,
        "40123"
    );
}

#[test]
fn a_controller_without_an_arm_is_refused() {
    let mut far = FarSide::with(CONTROLLER);
    let why = far.open().err().unwrap();
    assert!(matches!(why, OpenError::Refused { .. }), "{why}");
    assert_eq!(far.known().opened, 0);
}

fn sightings() -> Vec<Sighting> {
    let all = drivers::survey().into_iter();
    all.filter(|sighting| sighting.name.starts_with("forcedimension"))
        .collect()
}

#[test]
fn looking_disturbs_no_device() {
    let far = FarSide::with(OMEGA3);
    far.add(SIGMA7, 7);
    let mut device = drivers::open("forcedimension:0").unwrap();
    let seen = sightings();
    let names: Vec<_> = seen.iter().map(|sighting| sighting.name.as_str()).collect();
    assert_eq!(names, ["forcedimension:0", "forcedimension:1"]);
    assert!(seen.iter().all(|sighting| sighting.here));
    assert_eq!((far.known_of(0).opened, far.known_of(1).opened), (1, 0));
    assert_eq!(ticks(device.as_mut(), 20, 1.0).status, Status::OK);
}

#[test]
fn where_there_is_no_device_a_person_is_told_what_to_check() {
    let mut far = FarSide::of_version([3, 16, 0]);
    let seen = sightings();
    assert!(
        matches!(&seen[..], [sighting] if !sighting.here),
        "{seen:?}"
    );
    assert!(seen[0].why.contains("udev"), "{seen:?}");
    let why = far.open().err().unwrap();
    assert!(matches!(why, OpenError::NotConnected { .. }), "{why}");
}

#[test]
fn a_library_of_another_time_is_refused() {
    for (version, known) in [
        ([3, 9, 1], false),
        ([3, 15, 0], false),
        ([3, 16, 0], true),
        ([3, 30, 0], true),
        ([4, 0, 0], false),
    ] {
        let mut far = FarSide::of_version(version);
        far.add(OMEGA3, 1);
        match far.open() {
            Ok(_) => assert!(known, "{version:?}"),
            Err(OpenError::Version { found, .. }) => {
                assert!(!known && found.contains(&version[1].to_string()), "{found}");
                assert_eq!(sightings().len(), 1);
            }
            Err(why) => panic!("{version:?}: {why}"),
        }
    }
}

#[test]
fn a_variable_that_names_no_file_is_told_with_what_the_loader_says() {
    let path = "/nowhere/libdrd.so";
    let _alone = Alone::with(path);
    let why = drivers::open("forcedimension").err().unwrap();
    assert!(
        matches!(why, OpenError::LibraryUnloadable { .. }),
        "{why:?}"
    );
    let text = why.to_string();
    let told = format!("{path}, which SURGISIM_LIBDRD names, could not be loaded: ");
    assert!(text.contains(&told), "{text}");
    assert!(!text.contains("not installed"), "{text}");
    if cfg!(target_os = "linux") {
        assert!(text.contains("No such file"), "{text}");
    }
    let seen = sightings();
    assert!(!seen[0].here && seen[0].why == text, "{seen:?}");
}

#[test]
fn a_file_that_is_no_library_is_told_with_the_reason() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let _alone = Alone::with(path);
    match drivers::open("forcedimension").err() {
        Some(OpenError::LibraryUnloadable { which, why, .. }) => {
            assert!(which.starts_with(path), "{which}");
            assert!(!why.contains("dlopen failed"), "{why}");
            if cfg!(target_os = "linux") {
                assert!(why.contains("ELF") || why.contains("too short"), "{why}");
            }
        }
        other => panic!("{other:?}"),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_library_without_the_functions_is_told_by_the_first_that_lacks() {
    let _alone = Alone::with("libc.so.6");
    match drivers::open("forcedimension").err() {
        Some(OpenError::SymbolMissing { symbol, .. }) => assert_eq!(symbol, "dhdGetSDKVersion"),
        other => panic!("{other:?}"),
    }
}
