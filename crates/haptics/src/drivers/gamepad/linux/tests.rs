use super::*;

/// A sysfs of files: a keyboard, two pads (the second without a name), a directory of another kind.
fn fake_sysfs(root: &Path) {
    let device = |event: &str, key: &str, abs: &str, name: &str| {
        let device = root.join(event).join("device");
        std::fs::create_dir_all(device.join("capabilities")).unwrap();
        std::fs::write(device.join("capabilities/key"), key).unwrap();
        std::fs::write(device.join("capabilities/abs"), abs).unwrap();
        std::fs::write(device.join("name"), name).unwrap();
    };
    let pad = "7cdb000000000000 0 0 0 0\n";
    device(
        "event2",
        "402000007 ff803078f800d001 feffffdfffefffff fffffffffffffffe\n",
        "0\n",
        "K\n",
    );
    device("event11", pad, "3003f\n", "Second Pad\n");
    device("event9", pad, "3003f\n", "Microsoft X-Box 360 pad\n");
    device("event10", pad, "0\n", "Keys only\n");
    std::fs::create_dir_all(root.join("mouse0")).unwrap();
}

#[test]
#[cfg(target_pointer_width = "64")]
fn pads_are_found_by_what_they_can_and_counted_in_order() {
    let root = std::env::temp_dir().join(format!("surgisim-sysfs-{}", std::process::id()));
    fake_sysfs(&root);
    let pads = found(&root, Path::new("/dev/input"));
    std::fs::remove_dir_all(&root).unwrap();
    let names: Vec<&str> = pads.iter().map(|pad| pad.name.as_str()).collect();
    assert_eq!(names, ["Microsoft X-Box 360 pad", "Second Pad"]);
    assert_eq!(pads[0].node, Path::new("/dev/input/event9"));
    assert!(found(Path::new("/nowhere"), Path::new("/dev/input")).is_empty());
}

#[test]
fn what_is_not_there_is_told() {
    let why = open("/nowhere/event0").err().map(|why| why.to_string());
    assert!(why.unwrap().contains("/nowhere/event0"));
    let why = open("seventh").err().map(|why| why.to_string());
    assert!(why.unwrap().contains("'seventh'"));
}

#[test]
fn a_file_that_is_no_input_device_is_refused() {
    let refused = open("/dev/null").err();
    assert!(
        matches!(refused, Some(OpenError::Refused { .. })),
        "{refused:?}"
    );
}
