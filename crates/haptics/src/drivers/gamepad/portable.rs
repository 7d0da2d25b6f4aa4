//! Other systems: gamepads are read on Linux only.

use super::NAME;
use crate::device::{HapticDevice, OpenError};
use crate::drivers::Sighting;

const WHY: &str = "gamepads are supported on Linux only so far";

pub(super) fn look() -> Vec<Sighting> {
    vec![Sighting {
        name: NAME.to_owned(),
        model: NAME.to_owned(),
        here: false,
        why: WHY.to_owned(),
    }]
}

pub(super) fn open(_which: &str) -> Result<Box<dyn HapticDevice>, OpenError> {
    Err(OpenError::NotConnected {
        device: NAME.to_owned(),
        why: WHY.to_owned(),
        todo: "use the mouse, or a SpaceMouse",
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_says_plainly_that_there_are_none() {
        assert!(super::look()[0].why.contains("Linux only"));
        let why = super::open("").err().map(|why| why.to_string());
        assert!(why.unwrap().contains("Linux only"));
    }
}
