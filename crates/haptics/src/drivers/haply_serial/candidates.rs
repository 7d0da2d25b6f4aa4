//! Ports that may be an Inverse3. Its USB id, 16c0:0483 (public udev rules), is that of a widely
//! used microcontroller board: a port that has it may be anything, so none is opened unasked.

/// Vendor and product of the Inverse3's USB port.
#[cfg(target_os = "linux")]
const USB_ID: [&str; 2] = ["16c0", "0483"];

/// Paths of the ports with that id, sorted.
#[cfg(target_os = "linux")]
pub(super) fn ports() -> Vec<String> {
    use std::path::Path;

    let has_id = |tty: &Path| -> Option<bool> {
        let device = tty.join("device").canonicalize().ok()?;
        let usb = device.parent()?;
        let read = |name| std::fs::read_to_string(usb.join(name)).ok();
        let id = [read("idVendor")?, read("idProduct")?];
        Some(id.iter().map(|part| part.trim()).eq(USB_ID))
    };
    let all = std::fs::read_dir("/sys/class/tty").into_iter().flatten();
    let mut found: Vec<String> = all
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|tty| has_id(tty) == Some(true))
        .filter_map(|tty| Some(format!("/dev/{}", tty.file_name()?.to_str()?)))
        .collect();
    found.sort();
    found
}

/// Elsewhere the name is the person's to tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn ports() -> Vec<String> {
    Vec::new()
}
