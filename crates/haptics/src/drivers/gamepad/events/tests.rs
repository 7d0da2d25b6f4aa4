use super::*;

fn held() -> Held {
    Held::new([ABS_X, ABS_Y, ABS_RY].map(|code| Axis::new(code, Range::default())))
}

fn event(kind: u16, code: u16, value: i32) -> Vec<u8> {
    let mut bytes = vec![0xa5; EVENT_SIZE - 8];
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(code.to_ne_bytes());
    bytes.extend(value.to_ne_bytes());
    bytes
}

#[test]
fn events_have_the_size_of_the_kernels_struct() {
    assert_eq!(
        std::mem::offset_of!(libc::input_event, type_),
        EVENT_SIZE - 8
    );
    assert_eq!(
        std::mem::offset_of!(libc::input_event, code),
        EVENT_SIZE - 6
    );
    assert_eq!(
        std::mem::offset_of!(libc::input_event, value),
        EVENT_SIZE - 4
    );
}

#[test]
fn sticks_point_along_the_device_frame() {
    let mut held = held();
    assert_eq!(held.controls(), Controls::default());
    assert!(!held.take(&event(EV_ABS, ABS_X, 32_767)));
    assert_eq!(held.controls().right, 1.0);
    held.take(&event(EV_ABS, ABS_Y, -32_768));
    assert_eq!(held.controls().near, -1.0, "pushed away from the person");
    held.take(&event(EV_ABS, ABS_RY, -32_768));
    assert_eq!(held.controls().up, 1.0);
    held.take(&event(EV_ABS, ABS_RZ, 255));
    assert_eq!(held.controls().up, 1.0, "a trigger is not listened to");
}

#[test]
fn ranges_that_begin_at_zero_have_their_middle_too() {
    let range = Range { min: 0, max: 255 };
    let mut held = Held::new([ABS_X, ABS_Y, ABS_RZ].map(|code| Axis::new(code, range)));
    assert_eq!(held.controls().right, 0.0);
    held.take(&event(EV_ABS, ABS_X, 0));
    assert_eq!(held.controls().right, -1.0);
    held.take(&event(EV_ABS, ABS_RZ, 255));
    assert_eq!(held.controls().up, -1.0);
    held.take(&event(EV_ABS, ABS_X, 700));
    assert_eq!(held.controls().right, 1.0, "beyond its range");
    let broken = Range { min: 0, max: 0 };
    assert_eq!(broken.part(5), 0.0);
    let widest = Range {
        min: i32::MIN,
        max: i32::MAX,
    };
    assert_eq!(widest.part(i32::MIN), -1.0);
}

#[test]
fn keys_are_buttons_from_bit_0_and_shoulders_are_fine() {
    let mut held = held();
    for (bit, code) in BUTTONS.into_iter().enumerate() {
        held.take(&event(EV_KEY, code, 1));
        assert_eq!(held.controls().buttons, 1 << bit);
        held.take(&event(EV_KEY, code, 0));
        assert_eq!(held.controls().buttons, 0);
    }
    for code in SHOULDERS {
        held.take(&event(EV_KEY, code, 1));
        assert!(held.controls().fine);
        held.take(&event(EV_KEY, code, 0));
        assert!(!held.controls().fine);
    }
}

#[test]
fn many_events_are_taken_in_their_order_and_a_cut_one_is_left() {
    let mut held = held();
    let mut bytes = event(EV_KEY, BTN_SOUTH, 1);
    bytes.extend(event(EV_ABS, ABS_X, -32_768));
    bytes.extend(event(EV_SYN, SYN_REPORT, 0));
    bytes.extend(event(EV_KEY, BTN_SOUTH, 0));
    bytes.extend(&event(EV_ABS, ABS_X, 0)[..EVENT_SIZE - 1]);
    assert!(!held.take(&bytes));
    assert_eq!(held.controls().right, -1.0);
    assert_eq!(held.controls().buttons, 0);
}

#[test]
fn after_dropped_events_nothing_counts_until_the_state_is_asked_for() {
    let mut held = held();
    assert!(!held.take(&event(EV_SYN, SYN_DROPPED, 0)));
    assert!(!held.take(&event(EV_KEY, BTN_SOUTH, 1)));
    assert_eq!(held.controls().buttons, 0);
    assert!(held.take(&event(EV_SYN, SYN_REPORT, 0)));
    assert!(!held.take(&event(EV_KEY, BTN_SOUTH, 1)));
    assert_eq!(held.controls().buttons, 1);
    held.let_go();
    assert_eq!(held.controls().buttons, 0);
}

#[test]
#[cfg(target_pointer_width = "64")]
fn bitmaps_of_sysfs_are_read_from_the_right() {
    // Capabilities of a pad of the Xbox kind: keys 0x130 to 0x13e, axes X to RZ and hats.
    let keys = "7cdb000000000000 0 0 0 0";
    assert!(has(keys, BTN_SOUTH));
    assert!(SHOULDERS.iter().all(|&key| has(keys, key)));
    assert!(!has(keys, 0x132));
    assert!(!has(keys, 0x30));
    let axes = "3003f";
    assert!(has(axes, ABS_X) && has(axes, ABS_RZ) && has(axes, 0x10));
    assert!(!has(axes, 0x06) && !has(axes, 0x40));
    let mouse = "1f0000 0 0 0 0";
    assert!(!has(mouse, BTN_SOUTH));
    assert!(!has("", 0) && !has("no number", 0));
}
