//! The models: numbers, layout of the reports, keys. Facts from pyspacemouse's devices.toml (MIT)
//! and the list of devices in FreeSpacenav/spacenavd, src/dev.c.

use super::report::Layout;

/// 3Dconnexion's own vendor number; older devices carry Logitech's.
const VENDOR: u16 = 0x256f;
const LOGITECH: u16 = 0x046d;

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    vendor: u16,
    product: u16,
    /// Empty where only the device itself can tell.
    name: &'static str,
    pub(super) layout: Layout,
    keys: Keys,
}

/// Pairs of a bit in report 3 and the button that it is.
type Keys = &'static [(u8, u8)];

/// Left and right, on the small models.
const TWO: Keys = &[(0, 0), (1, 1)];
/// Keys 1 to 4 of the large ones. Behind a receiver may be a small one, so MENU and FIT, which have
/// the place of its two keys, are the first two buttons as well.
const PRO: Keys = &[(12, 0), (13, 1), (14, 2), (15, 3), (0, 0), (1, 1)];
const ENTERPRISE: Keys = &[
    (12, 0),
    (13, 1),
    (14, 2),
    (15, 3),
    (16, 4),
    (17, 5),
    (18, 6),
    (19, 7),
    (20, 8),
    (21, 9),
];
const PILOT: Keys = &[(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)];
const PILOT_PRO: Keys = &[(17, 0), (18, 1), (14, 2), (15, 3), (16, 4)];

const MODELS: &[Model] = &[
    old(0xc603, "SpaceMouse Plus XT", Layout::ByLength, TWO),
    old(0xc606, "SpaceMouse Classic", Layout::ByLength, TWO),
    old(0xc621, "SpaceBall 5000", Layout::ByLength, TWO),
    old(0xc623, "SpaceTraveler", Layout::ByLength, TWO),
    old(0xc625, "SpacePilot", Layout::Apart, PILOT),
    old(0xc626, "SpaceNavigator", Layout::Apart, TWO),
    old(0xc627, "SpaceExplorer", Layout::Apart, TWO),
    old(0xc628, "SpaceNavigator for Notebooks", Layout::Apart, TWO),
    old(0xc629, "SpacePilot Pro", Layout::Apart, PILOT_PRO),
    old(0xc62b, "SpaceMouse Pro", Layout::Apart, PRO),
    new(0xc62e, "SpaceMouse Wireless", Layout::Together, TWO),
    new(0xc631, "SpaceMouse Pro Wireless", Layout::Together, PRO),
    new(0xc632, "SpaceMouse Pro Wireless", Layout::Together, PRO),
    new(
        0xc633,
        "SpaceMouse Enterprise",
        Layout::Together,
        ENTERPRISE,
    ),
    new(0xc635, "SpaceMouse Compact", Layout::Apart, TWO),
    new(0xc638, "SpaceMouse Pro Wireless", Layout::Together, PRO),
    new(0xc63a, "SpaceMouse Wireless", Layout::Together, TWO),
    new(0xc641, "SpaceMouse Module", Layout::Apart, TWO),
    new(0xc652, "Universal Receiver", Layout::Together, PRO),
];

/// Any other device of the maker.
pub(super) const GENERIC: Model = new(0, "", Layout::ByLength, TWO);

const fn old(product: u16, name: &'static str, layout: Layout, keys: Keys) -> Model {
    Model {
        vendor: LOGITECH,
        product,
        name,
        layout,
        keys,
    }
}

const fn new(product: u16, name: &'static str, layout: Layout, keys: Keys) -> Model {
    Model {
        vendor: VENDOR,
        ..old(product, name, layout, keys)
    }
}

/// Usage page and usage of a multi-axis controller (HID Usage Tables, Generic Desktop Page). A
/// receiver shows a keyboard and a mouse beside it.
const MULTI_AXIS: (u16, u16) = (0x01, 0x08);
/// Where the system does not tell the usage.
const NOT_TOLD: (u16, u16) = (0, 0);

/// The model with these vendor and product numbers; None where it is none of 3Dconnexion's or this
/// usage is not its cap's.
pub(super) fn model(ids: (u16, u16), usage: (u16, u16)) -> Option<&'static Model> {
    if usage != MULTI_AXIS && usage != NOT_TOLD {
        return None;
    }
    let known = MODELS
        .iter()
        .find(|model| (model.vendor, model.product) == ids);
    known.or((ids.0 == VENDOR && usage == MULTI_AXIS).then_some(&GENERIC))
}

impl Model {
    /// Maker and model; what the device says of itself where the table does not know it.
    pub(super) fn full_name(&self, told: &str) -> String {
        let name = match (self.name, told) {
            ("", "") => "SpaceMouse",
            ("", told) => told,
            (name, _) => name,
        };
        let bare = name.strip_prefix("3Dconnexion ").unwrap_or(name);
        format!("3Dconnexion {bare}")
    }

    /// Buttons from the bits of report 3.
    pub(super) fn buttons(&self, bits: u32) -> u32 {
        self.keys.iter().fold(0, |buttons, &(bit, button)| {
            buttons | (bits >> bit & 1) << button
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_models_have_the_same_numbers() {
        for (at, model) in MODELS.iter().enumerate() {
            let ids = (model.vendor, model.product);
            assert!(
                MODELS[..at]
                    .iter()
                    .all(|other| (other.vendor, other.product) != ids),
                "{ids:04x?}"
            );
            assert!(model.keys.iter().all(|&(bit, _)| bit < 32));
        }
    }

    #[test]
    fn models_are_found_by_numbers_and_usage() {
        let compact = model((0x256f, 0xc635), MULTI_AXIS).unwrap();
        assert_eq!(compact.full_name("x"), "3Dconnexion SpaceMouse Compact");
        assert_eq!(compact.layout, Layout::Apart);
        let enterprise = model((0x256f, 0xc633), NOT_TOLD).unwrap();
        assert_eq!(enterprise.layout, Layout::Together);
        let newer = model((0x256f, 0xc6ff), MULTI_AXIS).unwrap();
        assert_eq!(newer.layout, Layout::ByLength);
        assert_eq!(newer.full_name("3Dconnexion Nova"), "3Dconnexion Nova");
        assert_eq!(newer.full_name(""), "3Dconnexion SpaceMouse");
    }

    #[test]
    fn other_devices_and_other_collections_are_left_alone() {
        let keyboard_of_the_receiver = (0x01, 0x06);
        assert!(model((0x256f, 0xc652), keyboard_of_the_receiver).is_none());
        let mouse_of_logitech = (0x046d, 0xc52b);
        assert!(model(mouse_of_logitech, MULTI_AXIS).is_none());
        assert!(model((0x256f, 0xc6ff), NOT_TOLD).is_none());
    }

    #[test]
    fn keys_become_buttons_from_bit_0() {
        let compact = model((0x256f, 0xc635), MULTI_AXIS).unwrap();
        assert_eq!(compact.buttons(0b10), 0b10);
        let pro = model((0x046d, 0xc62b), MULTI_AXIS).unwrap();
        assert_eq!(pro.buttons(1 << 12), 0b1, "key 1");
        assert_eq!(pro.buttons(1 << 15), 0b1000, "key 4");
        assert_eq!(pro.buttons(1 << 1), 0b10, "FIT");
        assert_eq!(pro.buttons(1 << 22), 0, "ESC is no button of ours");
    }
}
