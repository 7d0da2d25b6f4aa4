//! Other systems: the crate hidapi. Windows reads into a buffer that it keeps; macOS takes each
//! report from a queue under a lock that is held for one copy. The maker's own driver may keep the
//! reports to itself; it has to be left.

use std::ffi::CString;

use hidapi::{HidApi, HidDevice};

use super::NAME;
use super::report::LONGEST;
use crate::device::{DevErr, OpenError};

/// Where the reports come from.
pub(super) struct Reports(HidDevice);

impl Reports {
    pub(super) fn open(path: &str) -> Result<Self, OpenError> {
        let refused = |why: String| OpenError::Refused {
            device: NAME.to_owned(),
            why: format!("{path}: {why}"),
            todo: "leave other programs that use it, the maker's 3DxWare among them",
        };
        let name = CString::new(path).map_err(|why| refused(why.to_string()))?;
        HidApi::new()
            .and_then(|hid| hid.open_path(&name))
            .map(Self)
            .map_err(|why| refused(why.to_string()))
    }

    /// The next report, its length; 0 where none has come.
    pub(super) fn next(&mut self, report: &mut [u8; LONGEST]) -> Result<usize, DevErr> {
        self.0.read_timeout(report, 0).map_err(|_| DevErr::Lost)
    }
}

/// Only HID devices carry reports here.
pub(super) fn stands_in(_path: &str) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_a_device_is_told() {
        let mut none = Reports::open("/nowhere").map(|mut reports| reports.next(&mut [0; LONGEST]));
        let why = none.as_mut().err().map(|why| why.to_string());
        assert!(why.unwrap().contains("/nowhere"));
        assert!(!stands_in("/nowhere"));
    }
}
