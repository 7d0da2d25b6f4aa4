//! Where the maker's library may lie: the only part that knows one system from another.
//!
//! The folders are those of the SDK's archive (`lib/release/lin-x86_64-gcc` on Linux,
//! `lib/release/mac-arm64-clang` on macOS, `bin` on Windows) and those that the installation guide
//! of the Python package forcedimension-core names.

use std::env;
use std::path::{Path, PathBuf};

use super::SOUGHT;

/// Each names the folder of the SDK.
const THEIRS: [&str; 2] = ["FDSDK", "FORCEDIM_SDK"];

#[cfg(target_os = "windows")]
mod system {
    /// The library is called after the width of the processor; `drdms64` is the name of the
    /// import library, and of the library itself in some releases.
    pub const NAMES: &[&str] = &["drd64.dll", "drdms64.dll"];
    pub const BARE: &[&str] = NAMES;
    pub const HOME: &str = "USERPROFILE";
    pub const USUAL: &[&str] = &[];

    pub fn in_sdk() -> String {
        "bin".to_owned()
    }
}

#[cfg(target_os = "macos")]
mod system {
    pub const NAMES: &[&str] = &["libdrd."];
    pub const BARE: &[&str] = &["libdrd.3.dylib", "libdrd.dylib"];
    pub const HOME: &str = "HOME";
    pub const USUAL: &[&str] = &["/usr/local/lib"];

    pub fn in_sdk() -> String {
        let machine = match std::env::consts::ARCH {
            "aarch64" => "arm64",
            other => other,
        };
        format!("lib/release/mac-{machine}-clang")
    }
}

#[cfg(not(any(target_os = "windows", target_os = "macos")))]
mod system {
    /// Ends in the version, `libdrd.so.3.17.5`; links without it are often missing.
    pub const NAMES: &[&str] = &["libdrd.so"];
    pub const BARE: &[&str] = &["libdrd.so.3", "libdrd.so"];
    pub const HOME: &str = "HOME";
    pub const USUAL: &[&str] = &["/usr/local/lib"];

    pub fn in_sdk() -> String {
        format!("lib/release/lin-{}-gcc", std::env::consts::ARCH)
    }
}

/// A place to look in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// This file, or this name for the system's loader.
    Named(PathBuf),
    /// The newest of the libraries in this folder.
    In(PathBuf),
}

/// All places, in the order in which they are looked in.
pub(super) fn all() -> Vec<Place> {
    if let Some(path) = SOUGHT.named() {
        return vec![Place::Named(path)];
    }
    let sdk = THEIRS.into_iter().filter_map(set);
    let mut folders: Vec<PathBuf> = sdk.map(|root| root.join(system::in_sdk())).collect();
    if let Some(home) = set(system::HOME) {
        folders.push(home.join(".local").join("lib"));
    }
    folders.extend(system::USUAL.iter().map(PathBuf::from));
    folders.extend(installed());
    let named = system::BARE.iter().map(|name| Place::Named(name.into()));
    folders.into_iter().map(Place::In).chain(named).collect()
}

fn set(variable: &str) -> Option<PathBuf> {
    let value = env::var_os(variable)?;
    (!value.is_empty()).then(|| PathBuf::from(value))
}

/// Where the installer for Windows puts its versions, the newest first; nowhere on other systems.
fn installed() -> Vec<PathBuf> {
    let Some(programs) = set("ProgramFiles").filter(|_| cfg!(target_os = "windows")) else {
        return Vec::new();
    };
    let versions = sorted(&programs.join("Force Dimension"), "sdk-");
    versions.into_iter().map(|sdk| sdk.join("bin")).collect()
}

impl Place {
    /// What to try to open there, the best first.
    pub(super) fn libraries(&self) -> Vec<PathBuf> {
        match self {
            Self::Named(path) => vec![path.clone()],
            Self::In(folder) => {
                let named = system::NAMES.iter();
                named.flat_map(|name| sorted(folder, name)).collect()
            }
        }
    }

    /// For a person who has to be told where it was looked for.
    pub(super) fn described(&self) -> String {
        match self {
            Self::Named(path) => path.display().to_string(),
            Self::In(folder) => format!("{}*", folder.join(system::NAMES[0]).display()),
        }
    }
}

/// What in `folder` begins with `name`, the highest version first.
fn sorted(folder: &Path, name: &str) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .flatten()
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            )
        })
        .filter(|(entry, _)| entry.starts_with(name) && !entry.ends_with(".a"))
        .map(|(entry, path)| (version(&entry), path))
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// The numbers in a name: `libdrd.so.3.17.5` is 3, 17, 5.
fn version(name: &str) -> Vec<u32> {
    let parts = name.split(|c: char| !c.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_tried_first() {
        assert_eq!(version("libdrd.so.3.17.5"), [3, 17, 5]);
        assert!(version("libdrd.so.3.17.10") > version("libdrd.so.3.17.9"));
        let folder = env::temp_dir().join(format!("surgisim-drd-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for name in ["libdrd.so.3.9.1", "libdrd.so.3.17.5", "libdhd.so.3.17.5"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let found = sorted(&folder, "libdrd.so");
        std::fs::remove_dir_all(&folder).unwrap();
        let names = ["libdrd.so.3.17.5", "libdrd.so.3.9.1"];
        assert_eq!(found, names.map(|name| folder.join(name)));
        assert_eq!(sorted(&folder, "libdrd.so"), Vec::<PathBuf>::new());
    }
}
