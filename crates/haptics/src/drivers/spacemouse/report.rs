//! Input reports of 3Dconnexion devices, without any I/O.
//!
//! | report | bytes after its number |
//! | --- | --- |
//! | 1 | x, y, z, each i16 little-endian, -350 to 350; newer models add Rx, Ry, Rz |
//! | 2 | Rx, Ry, Rz of the models that keep them apart |
//! | 3 | keys, a bit each, the first in bit 0 of the first byte |
//!
//! (pyspacemouse, devices.toml; report descriptors and recordings in AndunHH/spacemouse.) Others,
//! such as 0x17 with the state of the battery, say nothing of the cap and are passed over.

/// Room for any input report, bytes: full-speed USB carries no more in one.
pub(super) const LONGEST: usize = 64;

/// Which reports carry what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Translation in report 1, rotation in report 2.
    Apart,
    /// All six in report 1.
    Together,
    /// Together where report 1 is long enough.
    ByLength,
}

/// What the device last said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cap {
    /// Axes of the reports.
    pub(super) translation: [i16; 3],
    /// Axes of the reports.
    pub(super) rotation: [i16; 3],
    /// A bit each.
    pub(super) keys: u32,
}

/// Length of a report 1 with translation and rotation, with its number.
const TOGETHER: usize = 1 + 12;

impl Cap {
    /// Takes one report; true where it spoke of the cap's place. Reports that are too short or not
    /// known change nothing.
    pub(super) fn take(&mut self, layout: Layout, report: &[u8]) -> bool {
        let Some((&number, body)) = report.split_first() else {
            return false;
        };
        match number {
            1 => self.take_motion(layout, report.len(), body),
            2 => three(body, 0).is_some_and(|rotation| {
                self.rotation = rotation;
                true
            }),
            3 => {
                self.take_keys(body);
                false
            }
            _ => false,
        }
    }

    /// The cap is in its middle; the keys stay.
    pub(super) fn let_go(&mut self) {
        self.translation = [0; 3];
        self.rotation = [0; 3];
    }

    fn take_motion(&mut self, layout: Layout, length: usize, body: &[u8]) -> bool {
        let Some(translation) = three(body, 0) else {
            return false;
        };
        self.translation = translation;
        let together = match layout {
            Layout::Apart => false,
            Layout::Together => true,
            Layout::ByLength => length >= TOGETHER,
        };
        if together && let Some(rotation) = three(body, 6) {
            self.rotation = rotation;
        }
        true
    }

    fn take_keys(&mut self, body: &[u8]) {
        let mut bytes = [0; 4];
        for (to, from) in bytes.iter_mut().zip(body) {
            *to = *from;
        }
        self.keys = u32::from_le_bytes(bytes);
    }
}

fn three(body: &[u8], from: usize) -> Option<[i16; 3]> {
    let bytes = body.get(from..from + 6)?;
    Some([0, 2, 4].map(|at| i16::from_le_bytes([bytes[at], bytes[at + 1]])))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As recorded from a SpaceMouse Compact (CloudCompare, pull request 2339), a SpaceNavigator
    /// (AndunHH/spacemouse, SpaceNavigator.md), and made up after the descriptor of a wireless one.
    const COMPACT_TWIST: [u8; 7] = [0x02, 0x20, 0x00, 0x00, 0x00, 0x17, 0x00];
    const COMPACT_PUSH: [u8; 7] = [0x01, 0x12, 0x00, 0x00, 0x00, 0x12, 0x01];
    const NAVIGATOR_TWIST: [u8; 7] = [0x02, 0x00, 0x00, 0xe2, 0xff, 0x00, 0x00];
    const NAVIGATOR_BOTH_KEYS: [u8; 3] = [0x03, 0x03, 0x00];
    const WIRELESS: [u8; 13] = [
        0x01, 0x5e, 0x01, 0xa2, 0xfe, 0x01, 0x00, 0xff, 0xff, 0x05, 0x00, 0x00, 0x80,
    ];
    const BATTERY: [u8; 3] = [0x17, 0x64, 0x01];

    #[test]
    fn translation_and_rotation_come_in_reports_of_their_own() {
        let mut cap = Cap::default();
        assert!(cap.take(Layout::Apart, &COMPACT_PUSH));
        assert_eq!(cap.translation, [18, 0, 274]);
        assert_eq!(cap.rotation, [0; 3]);
        assert!(cap.take(Layout::Apart, &COMPACT_TWIST));
        assert_eq!(cap.translation, [18, 0, 274]);
        assert_eq!(cap.rotation, [32, 0, 23]);
        assert!(cap.take(Layout::ByLength, &NAVIGATOR_TWIST));
        assert_eq!(cap.rotation, [0, -30, 0]);
    }

    #[test]
    fn newer_models_say_all_in_one() {
        for layout in [Layout::Together, Layout::ByLength] {
            let mut cap = Cap::default();
            assert!(cap.take(layout, &WIRELESS));
            assert_eq!(cap.translation, [350, -350, 1]);
            assert_eq!(cap.rotation, [-1, 5, -32768]);
        }
        // Windows hands every report over in the length of the longest.
        let mut cap = Cap::default();
        cap.take(Layout::Apart, &WIRELESS);
        assert_eq!(cap.rotation, [0; 3]);
    }

    #[test]
    fn keys_are_bits_and_stay_until_the_next_report_of_keys() {
        let mut cap = Cap::default();
        assert!(!cap.take(Layout::Apart, &NAVIGATOR_BOTH_KEYS));
        assert_eq!(cap.keys, 0b11);
        cap.take(Layout::Apart, &COMPACT_PUSH);
        cap.let_go();
        assert_eq!((cap.keys, cap.translation), (0b11, [0; 3]));
        cap.take(Layout::Apart, &[0x03, 0x00, 0x10, 0x00, 0x04]);
        assert_eq!(cap.keys, 1 << 12 | 1 << 26);
        cap.take(Layout::Apart, &[0x03]);
        assert_eq!(cap.keys, 0);
    }

    #[test]
    fn what_is_short_or_not_known_changes_nothing() {
        let mut cap = Cap::default();
        cap.take(Layout::Together, &WIRELESS);
        let before = cap;
        for report in [&[][..], &[1], &WIRELESS[..6], &COMPACT_TWIST[..5], &BATTERY] {
            assert!(!cap.take(Layout::Apart, report), "{report:?}");
            assert_eq!(cap, before);
        }
        cap.take(Layout::Together, &COMPACT_PUSH);
        assert_eq!(cap.rotation, before.rotation, "no rotation in seven bytes");
    }
}
