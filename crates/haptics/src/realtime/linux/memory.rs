//! Memory that is present before the first tick, and stays.
//!
//! A page is given to a process when it is first touched, and that takes the thread that touches
//! it from a fraction of a microsecond to a tenth of a millisecond (a huge page has to be cleared).
//! What the loop will touch cannot be listed by name: room for cuts not yet made, the rings, the
//! memory of a maker's library. So all private memory that the process has mapped is made present,
//! as `mlockall(MCL_CURRENT)` would do, but without needing rights, within a bound, and before it
//! is locked.

use std::fs::read_to_string;
use std::io;
use std::ops::Range;

/// include/uapi/asm-generic/mman-common.h; since Linux 5.14.
const MADV_POPULATE_READ: libc::c_int = 22;
const MADV_POPULATE_WRITE: libc::c_int = 23;

/// Code in mappings beyond this is not touched: the compilers that graphics drivers bring along.
const LARGEST_CODE_BYTES: u64 = 32 << 20;
/// Share of the machine's available memory that may be made present.
const SHARE_OF_AVAILABLE: u64 = 4;

/// How pages are made present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Private and writable: a page of its own for each.
    Data,
    /// Read only, from a file: code and constants.
    Code,
}

/// Touches the process's private memory, so that no tick is the first to do so.
pub(crate) fn populate() -> Result<(), String> {
    let maps = read_to_string("/proc/self/maps").map_err(|why| {
        format!("/proc/self/maps cannot be read ({why}); ticks may meet memory never touched")
    })?;
    let mappings = worth_touching(&maps);
    bounded(&mappings)?;
    for (range, kind) in mappings {
        touch(&range, kind)?;
    }
    Ok(())
}

/// The mappings to touch, of the text of proc_pid_maps(5).
fn worth_touching(maps: &str) -> Vec<(Range<u64>, Kind)> {
    maps.lines().filter_map(mapping).collect()
}

fn mapping(line: &str) -> Option<(Range<u64>, Kind)> {
    let mut words = line.split_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    let hex = |text| u64::from_str_radix(text, 16).ok();
    let range = hex(from)?..hex(to)?;
    let rights = words.next()?;
    let from_file = words.nth(2)? != "0"; // skips offset and device; the inode
    let small = range.end - range.start <= LARGEST_CODE_BYTES;
    match rights {
        "rw-p" | "rwxp" => Some((range, Kind::Data)),
        "r-xp" | "r--p" if from_file && small => Some((range, Kind::Code)),
        _ => None,
    }
}

/// Refuses to take more of the machine than a fair share.
fn bounded(mappings: &[(Range<u64>, Kind)]) -> Result<(), String> {
    let data = mappings.iter().filter(|(_, kind)| *kind == Kind::Data);
    let mapped: u64 = data.map(|(range, _)| range.end - range.start).sum();
    let resident = kilobytes("/proc/self/status", "RssAnon:").unwrap_or(0);
    let missing = mapped.saturating_sub(resident);
    let available = kilobytes("/proc/meminfo", "MemAvailable:").unwrap_or(0);
    if missing <= available / SHARE_OF_AVAILABLE {
        return Ok(());
    }
    Err(format!(
        "{} MiB of reserved memory were left untouched, for only {} MiB are free; close other \
         programs",
        missing >> 20,
        available >> 20
    ))
}

/// A line "name  number kB" of a file of the kernel's, in bytes.
fn kilobytes(file: &str, name: &str) -> Option<u64> {
    let text = read_to_string(file).ok()?;
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = rest.split_whitespace().next()?.parse().ok()?;
    Some(number << 10)
}

fn touch(range: &Range<u64>, kind: Kind) -> Result<(), String> {
    let advice = match kind {
        Kind::Data => MADV_POPULATE_WRITE,
        Kind::Code => MADV_POPULATE_READ,
    };
    let length = (range.end - range.start) as usize;
    // SAFETY: makes pages present and changes nothing in them; a range that another thread has
    // unmapped meanwhile is refused by the kernel.
    let code = unsafe { libc::madvise(range.start as *mut libc::c_void, length, advice) };
    let why = io::Error::last_os_error();
    match (code, why.raw_os_error()) {
        (0, _) => Ok(()),
        // Older kernels refuse the advice itself; later ones refuse single mappings that have no
        // pages to give (of a device, or gone by now), which the loop does not use either.
        (_, Some(libc::EINVAL)) if is_old() => {
            Err("this Linux cannot make memory present in advance; use 5.14 or newer".to_owned())
        }
        _ => Ok(()),
    }
}

/// Whether the kernel does not know the advice: it is refused for a page that certainly is there.
fn is_old() -> bool {
    let page = 4096_usize;
    let local = [0_u8; 2 * 4096];
    let start = (local.as_ptr() as usize).next_multiple_of(page) as *mut libc::c_void;
    // SAFETY: makes a page of a live local present, which it is already.
    let code = unsafe { libc::madvise(start, page, MADV_POPULATE_READ) };
    code != 0 && io::Error::last_os_error().raw_os_error() == Some(libc::EINVAL)
}

/// Locks the process's memory: what is present now, what comes later once it is touched.
///
/// Not under a finite RLIMIT_MEMLOCK: it would let later allocations anywhere in the process fail
/// instead of this call.
pub(crate) fn lock_memory() -> Result<(), String> {
    if !memory_may_be_locked() {
        return Err(
            "RLIMIT_MEMLOCK is finite; set memlock to unlimited in /etc/security/limits.d \
             or grant CAP_IPC_LOCK"
                .to_owned(),
        );
    }
    let all = libc::MCL_CURRENT | libc::MCL_FUTURE | libc::MCL_ONFAULT;
    // SAFETY: changes how the process's pages are kept, not what is in them.
    if unsafe { libc::mlockall(all) } == 0 {
        Ok(())
    } else {
        Err(format!("mlockall: {}", io::Error::last_os_error()))
    }
}

fn memory_may_be_locked() -> bool {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: writes into a live local of the right type.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &raw mut limit) } == 0;
    (known && limit.rlim_cur == libc::RLIM_INFINITY) || has_ipc_lock()
}

/// Bit of CAP_IPC_LOCK in the capability mask (capabilities(7)); such a process has no limit.
const CAP_IPC_LOCK: u32 = 14;

fn has_ipc_lock() -> bool {
    let status = read_to_string("/proc/thread-self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> CAP_IPC_LOCK & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realtime::linux::ThreadUsage;

    #[test]
    fn data_and_the_code_of_small_libraries_are_touched() {
        let maps = "\
5580a000-5580c000 r--p 00000000 fd:01 1311 /usr/bin/python3
5580c000-5580d000 rw-p 00002000 fd:01 1311 /usr/bin/python3
7f000000-7f001000 ---p 00000000 00:00 0
7f001000-7f801000 rw-p 00000000 00:00 0
7f900000-7fa00000 rw-s 00000000 00:05 88 /dev/dri/card0
80000000-90000000 r-xp 00000000 fd:01 99 /usr/lib/libLLVM.so.19
a0000000-a0002000 r--p 00000000 00:00 0 [vvar]
a0002000-a0004000 r-xp 00000000 00:00 0 [vdso]
b0000000-b0021000 rw-p 00000000 00:00 0 [stack]
";
        let expected = [
            (0x5580_a000..0x5580_c000, Kind::Code),
            (0x5580_c000..0x5580_d000, Kind::Data),
            (0x7f00_1000..0x7f80_1000, Kind::Data),
            (0xb000_0000..0xb002_1000, Kind::Data),
        ];
        assert_eq!(worth_touching(maps), expected);
    }

    #[test]
    fn memory_never_touched_is_present_afterwards() {
        let faults = || ThreadUsage::now().unwrap().minor_faults;
        // Large enough for a mapping of its own, all of it untouched.
        let mut room: Vec<u8> = Vec::with_capacity(48 << 20);
        if is_old() {
            assert!(populate().unwrap_err().contains("5.14"));
            return;
        }
        populate().unwrap();
        let before = faults();
        for page in room.spare_capacity_mut().chunks_mut(4096) {
            page[0].write(1);
        }
        std::hint::black_box(&mut room);
        // Other tests of this program may unmap and map meanwhile; without populating it would be
        // 24 huge pages or 12 288 small ones.
        assert!(faults() - before < 10, "{} faults", faults() - before);
    }

    #[test]
    fn more_than_a_share_of_the_machine_is_refused() {
        let all = [(0..1 << 46, Kind::Data)];
        assert!(bounded(&all).unwrap_err().contains("MiB are free"));
        assert_eq!(bounded(&[(0..1 << 46, Kind::Code)]), Ok(()));
    }
}
