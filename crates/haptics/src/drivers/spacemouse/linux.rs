//! Linux: a hidraw node, read directly. One read is one report, and an error has its number, which
//! the crate hidapi turns into text on the heap.

use std::fs::File;
use std::path::Path;

use super::NAME;
use super::report::LONGEST;
use crate::device::{DevErr, OpenError};
use crate::drivers::node::{is_pipe, opened, read_now, refusal};

/// A hidraw node has no rights for people at the screen by itself. The rule must sort before
/// 73-seat-late.rules, which grants what it is tagged with.
const RIGHTS: &str = "write these two lines to /etc/udev/rules.d/70-surgisim.rules and plug it in \
     again: SUBSYSTEM==\"hidraw\", KERNELS==\"*:256F:*\", TAG+=\"uaccess\" and \
     SUBSYSTEM==\"hidraw\", KERNELS==\"*:046D:C6*\", TAG+=\"uaccess\"";

/// Where the reports come from.
pub(super) struct Reports(File);

impl Reports {
    pub(super) fn open(path: &str) -> Result<Self, OpenError> {
        let path = Path::new(path);
        opened(path, false)
            .map(Self)
            .map_err(|why| refusal(NAME, path, &why, RIGHTS))
    }

    /// The next report, its length; 0 where none has come.
    pub(super) fn next(&mut self, report: &mut [u8; LONGEST]) -> Result<usize, DevErr> {
        read_now(&self.0, report)
    }
}

/// Whether something other than a HID device carries reports there: a named pipe, one report with
/// each write (`O_DIRECT`).
pub(super) fn stands_in(path: &str) -> bool {
    is_pipe(Path::new(path))
}
