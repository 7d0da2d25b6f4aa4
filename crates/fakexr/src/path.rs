//! Paths: texts by number.

use std::ffi::c_char;

use openxr_sys as xr;
use xr::Result as R;

use crate::abi::{self, Answer, fault};
use crate::runtime::call;

/// Texts by number; number 0 is no path.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    texts: Vec<String>,
}

impl Paths {
    /// The path of a text, the same for the same text.
    pub(crate) fn path(&mut self, text: &str) -> xr::Path {
        let index = self
            .texts
            .iter()
            .position(|known| known == text)
            .unwrap_or_else(|| {
                self.texts.push(text.to_owned());
                self.texts.len() - 1
            });
        xr::Path::from_raw(index as u64 + 1)
    }

    /// The text of a path.
    pub(crate) fn text(&self, path: xr::Path) -> Answer<&str> {
        let index = usize::try_from(path.into_raw())
            .ok()
            .and_then(|raw| raw.checked_sub(1));
        match index.and_then(|index| self.texts.get(index)) {
            Some(text) => Ok(text),
            None => fault(
                R::ERROR_PATH_INVALID,
                format!("{} is no path of this instance", path.into_raw()),
            ),
        }
    }
}

/// Whether a text is a well-formed path: lower-case names between slashes.
fn is_well_formed(text: &str) -> bool {
    let name = |part: &str| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        part.chars().any(|c| c != '.') && part.chars().all(allowed)
    };
    text.strip_prefix('/')
        .is_some_and(|rest| rest.split('/').all(name))
}

pub(crate) extern "system" fn string_to_path(
    instance: xr::Instance,
    text: *const c_char,
    path: *mut xr::Path,
) -> R {
    call("xrStringToPath", |runtime| {
        let instance = runtime.instance(instance)?;
        let text = abi::text(text)?;
        if text.len() >= xr::MAX_PATH_LENGTH || !is_well_formed(text) {
            return fault(
                R::ERROR_PATH_FORMAT_INVALID,
                format!("{text:?} is not a path"),
            );
        }
        *abi::place(path)? = instance.paths.path(text);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn path_to_string(
    instance: xr::Instance,
    path: xr::Path,
    capacity: u32,
    count: *mut u32,
    buffer: *mut c_char,
) -> R {
    call("xrPathToString", |runtime| {
        let text = runtime.instance(instance)?.paths.text(path)?;
        abi::two_calls_text(capacity, count, buffer, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_path() {
        let mut paths = Paths::default();
        let left = paths.path("/user/hand/left");
        let right = paths.path("/user/hand/right");
        assert_ne!(left, right);
        assert_eq!(paths.path("/user/hand/left"), left);
        assert_eq!(paths.text(right).unwrap(), "/user/hand/right");
        assert!(paths.text(xr::Path::NULL).is_err());
        assert!(paths.text(xr::Path::from_raw(3)).is_err());
    }

    #[test]
    fn paths_that_are_not_well_formed_are_noticed() {
        for good in ["/user", "/user/hand/left/input/x/click", "/a-b_c.d"] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in [
            "", "/", "user", "/user/", "//user", "/User", "/user/..", "/us er",
        ] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
