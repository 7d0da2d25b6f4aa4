//! What the kernel counts: for a thread, and for the whole machine.

use std::fs::read_to_string;

/// What happened to one thread since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ThreadUsage {
    /// Which thread.
    pub(crate) thread: i32,
    /// Pages that were mapped without reading a disk.
    pub(crate) minor_faults: u64,
    /// Pages that had to be read from a disk.
    pub(crate) major_faults: u64,
    /// Times the thread gave up the processor: slept, or waited for a lock or a file.
    pub(crate) waits: u64,
    /// Times the processor was taken from it.
    pub(crate) preemptions: u64,
}

/// getrusage(2), since Linux 2.6.26.
const RUSAGE_THREAD: libc::c_int = 1;

impl ThreadUsage {
    /// Of the calling thread. Two calls into the system, no allocation.
    pub(crate) fn now() -> Option<Self> {
        // SAFETY: a structure of plain integers, for which all bits zero is a value.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: writes into a live local of the right type.
        let failed = unsafe { libc::getrusage(RUSAGE_THREAD, &raw mut usage) };
        // SAFETY: always succeeds.
        let thread = unsafe { libc::syscall(libc::SYS_gettid) } as i32;
        (failed == 0).then_some(Self {
            thread,
            minor_faults: usage.ru_minflt as u64,
            major_faults: usage.ru_majflt as u64,
            waits: usage.ru_nvcsw as u64,
            preemptions: usage.ru_nivcsw as u64,
        })
    }
}

/// Processor time of the machine since it was started, in the kernel's own units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MachineTime {
    total: u64,
    stolen: u64,
}

impl MachineTime {
    /// Up to now. Allocates: not for use in a tick.
    pub(crate) fn now() -> Option<Self> {
        Self::read(&read_to_string("/proc/stat").ok()?)
    }

    /// proc(5): user, nice, system, idle, iowait, irq, softirq, steal; then guest times, which are
    /// already in user and nice.
    fn read(stat: &str) -> Option<Self> {
        let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
        let times: Vec<u64> = line
            .split_whitespace()
            .take(8)
            .map_while(|word| word.parse().ok())
            .collect();
        let stolen = *times.get(7)?;
        Some(Self {
            total: times.iter().sum(),
            stolen,
        })
    }

    /// Share of the time since `before` in which the host of this virtual machine ran others.
    pub(crate) fn steal_since(self, before: Self) -> Option<f64> {
        let total = self.total.checked_sub(before.total)?;
        let stolen = self.stolen.checked_sub(before.stolen)?;
        (total > 0).then(|| stolen as f64 / total as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steal_is_a_share_of_all_time_between_two_readings() {
        let at = |text: &str| MachineTime::read(text).unwrap();
        let before = at("cpu  100 0 50 800 0 0 0 50 7 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
        let after = at("cpu  150 0 80 880 5 1 4 80 9 0\n");
        assert_eq!(after.steal_since(before), Some(30.0 / 200.0));
        assert_eq!(before.steal_since(before), None);
        assert_eq!(MachineTime::read("cpu  1 2 3\n"), None);
        assert_eq!(MachineTime::read(""), None);
    }

    #[test]
    fn the_kernel_counts_faults_and_waits_of_a_thread() {
        let thread = std::thread::spawn(|| {
            let before = ThreadUsage::now().unwrap();
            // Larger than what the allocator keeps at hand: its pages are new.
            let mut fresh = vec![0_u8; 64 << 20];
            for page in fresh.chunks_mut(4096) {
                page[0] = std::hint::black_box(1);
            }
            std::hint::black_box(&fresh);
            std::thread::sleep(std::time::Duration::from_millis(2));
            let after = ThreadUsage::now().unwrap();
            assert!(after.minor_faults + after.major_faults > before.minor_faults);
            assert!(after.waits > before.waits);
        });
        thread.join().unwrap();
        assert!(MachineTime::now().is_some());
    }
}
