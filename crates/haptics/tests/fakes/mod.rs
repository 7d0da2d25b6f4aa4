//! Stand-ins for makers' libraries, built by the test that needs them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use serde_json::Value;

/// What was built by this process, by name.
static BUILT: Mutex<Vec<(String, PathBuf)>> = Mutex::new(Vec::new());

/// Path of the library that the example `example` is built into.
///
/// Cargo is asked, since only `cargo test` without a choice of tests builds the examples too; it
/// answers at once where there is nothing to do.
pub fn built(example: &str) -> PathBuf {
    let mut built = BUILT.lock().unwrap();
    if let Some((_, path)) = built.iter().find(|(name, _)| name == example) {
        return path.clone();
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["build", "-p", "haptics", "--example", example])
        .arg("--message-format=json-render-diagnostics")
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{example} could not be built");
    let path = library(&output.stdout, example);
    built.push((example.to_owned(), path.clone()));
    path
}

/// Where cargo says that it put the library.
fn library(told: &[u8], example: &str) -> PathBuf {
    let lines = told.split(|byte| *byte == b'\n');
    let messages = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut files = messages
        .filter(|message| message["target"]["name"] == example)
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|file| file.as_str().map(PathBuf::from));
    let library = files.find(|file| {
        let ending = file.extension().and_then(|ending| ending.to_str());
        ending == Some(std::env::consts::DLL_EXTENSION)
    });
    library.unwrap_or_else(|| panic!("cargo names no library of {example}"))
}
