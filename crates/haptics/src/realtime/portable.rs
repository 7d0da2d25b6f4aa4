//! Systems whose real-time classes this crate does not know yet.

const WHY: &str = "only known on Linux";

pub(super) fn sharpen_timer() {}

pub(super) fn set_fifo(_priority: i32) -> Result<(), String> {
    Err(format!("real-time scheduling is {WHY}"))
}

pub(super) fn lock_memory() -> Result<(), String> {
    Err(format!("locking memory is {WHY}"))
}
