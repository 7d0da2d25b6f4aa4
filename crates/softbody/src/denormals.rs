//! Numbers too small to be normal count as zero in every step, whoever makes it: many processors are a
//! hundred times slower with them, and they mean nothing here.
//!
//! The processor's setting changes bits and belongs to the thread: a library loaded elsewhere in
//! the process may have changed it for one thread and not for another. Live, lockstep and replay
//! agree because all of them compute inside [`flushed`].

/// Runs `work` with denormals flushed to zero and puts the thread's setting back.
pub fn flushed<R>(work: impl FnOnce() -> R) -> R {
    let _setting = Setting::flush();
    apart(work)
}

/// A call of its own, so that no arithmetic of `work` is moved across the change of setting.
#[inline(never)]
fn apart<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// The thread's setting, put back when dropped.
struct Setting(u64);

impl Setting {
    fn flush() -> Self {
        let before = register::read();
        register::write(before | register::FLUSH);
        Self(before)
    }
}

impl Drop for Setting {
    fn drop(&mut self) {
        register::write(self.0);
    }
}

#[cfg(target_arch = "x86_64")]
mod register {
    use std::arch::asm;

    /// MXCSR: flush to zero (bit 15), denormals are zero (bit 6).
    pub(super) const FLUSH: u64 = 1 << 15 | 1 << 6;

    pub(super) fn read() -> u64 {
        let mut value = 0_u32;
        // SAFETY: stores the thread's control register into a live local of its size.
        unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut value, options(nostack)) };
        u64::from(value)
    }

    pub(super) fn write(value: u64) {
        let value = value as u32;
        // SAFETY: a value that was read, with two defined bits added or as it was.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const value, options(nostack)) };
    }
}

#[cfg(target_arch = "aarch64")]
mod register {
    use std::arch::asm;

    /// FPCR: flush to zero (bit 24).
    pub(super) const FLUSH: u64 = 1 << 24;

    pub(super) fn read() -> u64 {
        let value: u64;
        // SAFETY: reads the thread's control register.
        unsafe { asm!("mrs {}, fpcr", out(reg) value, options(nostack)) };
        value
    }

    pub(super) fn write(value: u64) {
        // SAFETY: a value that was read, with one defined bit added or as it was.
        unsafe { asm!("msr fpcr, {}", in(reg) value, options(nostack)) };
    }
}

/// Other processors: the setting stays as it is.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod register {
    pub(super) const FLUSH: u64 = 0;

    pub(super) fn read() -> u64 {
        0
    }

    pub(super) fn write(_value: u64) {}
}

#[cfg(all(test, any(target_arch = "x86_64", target_arch = "aarch64")))]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[test]
    fn denormals_are_zero_inside_and_back_outside() {
        let half = || black_box(f64::MIN_POSITIVE) / black_box(2.0);
        assert!(half() > 0.0);
        assert_eq!(flushed(half), 0.0);
        assert!(half() > 0.0);
    }
}
