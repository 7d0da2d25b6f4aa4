//! Device files of Linux that are read without waiting. A named pipe is read the same way: a
//! recorded or played device stands in for a real one.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use crate::device::{DevErr, OpenError};

/// Whether a named pipe is at `path`.
pub(super) fn is_pipe(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|node| node.file_type().is_fifo())
}

/// Opens `path` so that reading never waits.
pub(super) fn opened(path: &Path, writable: bool) -> std::io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(writable)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
}

/// What is there to read now, bytes; 0 where there is nothing. The errors of the standard library
/// that carry a number of the system do not allocate.
pub(super) fn read_now(mut file: &File, buffer: &mut [u8]) -> Result<usize, DevErr> {
    match file.read(buffer) {
        Ok(0) => Err(DevErr::Lost),
        Ok(count) => Ok(count),
        Err(why) if matches!(why.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(0),
        // ENODEV (evdev) and EIO (hidraw) after unplugging; no other error is worth waiting for.
        Err(_) => Err(DevErr::Lost),
    }
}

/// Why `path` of `device` cannot be opened; `rights` says how to get the rights.
pub(super) fn refusal(
    device: &str,
    path: &Path,
    why: &std::io::Error,
    rights: &'static str,
) -> OpenError {
    let device = device.to_owned();
    let why_there = format!("{}: {why}", path.display());
    if why.kind() == ErrorKind::PermissionDenied {
        OpenError::Refused {
            device,
            why: why_there,
            todo: rights,
        }
    } else {
        OpenError::NotConnected {
            device,
            why: why_there,
            todo: "plug it in, and see `surgisim devices` for the name",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_rights_are_a_refusal_and_a_missing_node_is_not_connected() {
        let path = Path::new("/dev/hidraw9");
        let denied = std::io::Error::from_raw_os_error(libc::EACCES);
        let refused = refusal("SpaceMouse", path, &denied, "add a rule");
        assert!(matches!(refused, OpenError::Refused { todo, .. } if todo == "add a rule"));
        let gone = std::io::Error::from_raw_os_error(libc::ENODEV);
        let missing = refusal("SpaceMouse", path, &gone, "add a rule");
        assert!(matches!(missing, OpenError::NotConnected { .. }));
        assert!(missing.to_string().contains("/dev/hidraw9"));
    }
}
