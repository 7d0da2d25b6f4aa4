//! Linux: scheduling classes, memory, sleep states of the processor, and what the kernel counts.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};

mod memory;
mod schedule;
mod usage;

pub(super) use memory::{lock_memory, populate};
pub(super) use schedule::{set_deadline, set_fifo};
pub(crate) use usage::{MachineTime, ThreadUsage};

/// Waking up is no longer rounded to 50 us; matters for normal scheduling only.
pub(super) fn sharpen_timer() {
    // SAFETY: changes a number of the calling thread; the unused arguments are ignored.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1, 0, 0, 0) };
}

/// The kernel's power management quality of service (Documentation/power/pm_qos_interface.rst):
/// as long as the file is open, no processor enters a sleep state that takes longer to leave than
/// the microseconds written into it, a native 32 bit integer.
const LATENCY: &str = "/dev/cpu_dma_latency";

/// Keeps the processors out of deep sleep until the file is dropped.
pub(super) fn stay_awake() -> Result<File, String> {
    let opened = OpenOptions::new().write(true).open(LATENCY);
    let mut file = opened.map_err(|why| sleepy(&why))?;
    file.write_all(&0_i32.to_ne_bytes())
        .map_err(|why| sleepy(&why))?;
    Ok(file)
}

fn sleepy(why: &io::Error) -> String {
    match why.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "{LATENCY} may not be written; a udev rule gives it to your group: \
             KERNEL==\"cpu_dma_latency\", GROUP=\"surgisim\", MODE=\"0660\""
        ),
        io::ErrorKind::NotFound => {
            format!("{LATENCY} does not exist here; usual in virtual machines and containers")
        }
        _ => format!("{LATENCY}: {why}; the processor may sleep deeply between ticks"),
    }
}
