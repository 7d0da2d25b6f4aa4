//! A named pipe in place of a device node: the far side of the drivers that read one. Keeps each
//! write apart from the next, as hidraw does (`O_DIRECT`, pipe(2)).

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// A pipe in the file system; `node` while it is plugged in.
pub struct Pipe {
    path: PathBuf,
    node: Option<File>,
}

impl Pipe {
    /// A pipe of its own for this process and `name`.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("surgisim-{name}-{}", std::process::id()));
        let mut pipe = Self { path, node: None };
        pipe.plug();
        pipe
    }

    /// Where it is.
    pub fn path(&self) -> &str {
        self.path.to_str().unwrap()
    }

    /// What the device sends, in one piece. Lost where nobody reads and the pipe is full, as with a
    /// device.
    pub fn send(&mut self, bytes: &[u8]) {
        let mut node = self.node.as_ref().expect("plugged in");
        match node.write(bytes) {
            Ok(count) => assert_eq!(count, bytes.len()),
            Err(why) => assert_eq!(why.kind(), std::io::ErrorKind::WouldBlock),
        }
    }

    /// The node is gone, and whoever has it open is told.
    pub fn unplug(&mut self) {
        self.node = None;
        let _ = std::fs::remove_file(&self.path);
    }

    /// A new node in its place.
    pub fn plug(&mut self) {
        let name = CString::new(self.path()).unwrap();
        // SAFETY: a live string that ends with a zero.
        let made = unsafe { libc::mkfifo(name.as_ptr(), 0o600) };
        assert_eq!(made, 0, "{}", std::io::Error::last_os_error());
        let node = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(&self.path)
            .unwrap();
        let apart = libc::O_NONBLOCK | libc::O_DIRECT;
        // SAFETY: changes flags of a file that is open.
        let set = unsafe { libc::fcntl(node.as_raw_fd(), libc::F_SETFL, apart) };
        assert_eq!(set, 0, "{}", std::io::Error::last_os_error());
        self.node = Some(node);
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.unplug();
    }
}
