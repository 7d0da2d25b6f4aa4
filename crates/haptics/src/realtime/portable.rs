//! Systems whose real-time classes this crate does not know yet.

use std::fs::File;

use super::DeadlineShares;

const WHY: &str = "known on Linux only; run there for hard timing";

pub(super) fn sharpen_timer() {}

pub(super) fn set_fifo(_priority: i32) -> Result<(), String> {
    Err(format!("real-time scheduling is {WHY}"))
}

pub(super) fn set_deadline(_shares: &DeadlineShares) -> Result<(), String> {
    Err(format!("deadline scheduling is {WHY}"))
}

pub(super) fn lock_memory() -> Result<(), String> {
    Err(format!("locking memory is {WHY}"))
}

pub(super) fn populate() -> Result<(), String> {
    Err(format!("touching memory in advance is {WHY}"))
}

pub(super) fn stay_awake() -> Result<File, String> {
    Err(format!("keeping the processor awake is {WHY}"))
}

/// What happened to one thread since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ThreadUsage {
    pub(crate) thread: i32,
    pub(crate) minor_faults: u64,
    pub(crate) major_faults: u64,
    pub(crate) waits: u64,
    pub(crate) preemptions: u64,
}

impl ThreadUsage {
    pub(crate) fn now() -> Option<Self> {
        None
    }
}

/// Processor time of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MachineTime {}

impl MachineTime {
    pub(crate) fn now() -> Option<Self> {
        None
    }

    pub(crate) fn steal_since(self, _before: Self) -> Option<f64> {
        None
    }
}
