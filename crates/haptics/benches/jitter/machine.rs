//! The machine that was measured, in one line.

use std::fs::read_to_string;

use softbody::Kernel;

pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}, {cores} cores, {}, load {}, kernel {:?}",
        processor(),
        system(),
        load(),
        Kernel::detect()
    )
}

fn read(file: &str) -> String {
    read_to_string(file).unwrap_or_default()
}

fn processor() -> String {
    let info = read("/proc/cpuinfo");
    let line = info.lines().find_map(|l| l.strip_prefix("model name"));
    line.map_or("unknown processor".to_owned(), |rest| {
        rest.trim_start_matches([' ', '\t', ':']).to_owned()
    })
}

/// Release, and what the kernel says of its preemption.
fn system() -> String {
    let release = read("/proc/sys/kernel/osrelease");
    let version = read("/proc/sys/kernel/version");
    let preemption = version
        .split_whitespace()
        .find(|w| w.starts_with("PREEMPT"));
    let number = release.trim().split('-').next().unwrap_or_default();
    format!("Linux {number} {}", preemption.unwrap_or_default())
}

fn load() -> String {
    let load = read("/proc/loadavg");
    load.split_whitespace().next().unwrap_or("?").to_owned()
}
