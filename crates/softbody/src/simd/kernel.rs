//! Which vector instructions the passes over elements and nodes are compiled for; chosen at run time.
//!
//! All kernels are the same source and give the same bits (see `lanes`).

use super::lanes::{Real, Scalar};

/// An instruction set for the element passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// Whatever the target guarantees.
    Portable,
    /// 256-bit, x86-64.
    Avx2,
    /// 512-bit, x86-64.
    Avx512,
}

/// Work that is written once for numbers of any width.
pub(crate) trait Pass<S: Scalar> {
    /// Does it; has to be `inline(always)`, to be compiled for the instructions of its caller.
    fn run<T: Real<Scalar = S>>(self);
}

impl Kernel {
    /// All of them, slowest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// The widest one that this processor has.
    #[must_use]
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") {
                return Self::Avx2;
            }
        }
        Self::Portable
    }

    /// Whether this processor can run it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            Self::Avx2 => matches!(Self::detect(), Self::Avx2 | Self::Avx512),
            Self::Avx512 => Self::detect() == Self::Avx512,
        }
    }

    /// Its name in records and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kernel| kernel.name() == name)
    }

    /// Runs `pass` with this kernel's instructions.
    pub(crate) fn run<S: Scalar>(self, pass: impl Pass<S>) {
        match self {
            Self::Portable => pass.run::<S::Portable>(),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a world only takes kernels that `is_available` has confirmed.
            Self::Avx2 => unsafe { x86::avx2(pass) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512 => unsafe { x86::avx512(pass) },
            #[cfg(not(target_arch = "x86_64"))]
            _ => pass.run::<S::Portable>(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Pass, Scalar};

    #[target_feature(enable = "avx2")]
    pub(super) fn avx2<S: Scalar>(pass: impl Pass<S>) {
        pass.run::<S::Avx2>();
    }

    #[target_feature(enable = "avx512f,avx512vl")]
    pub(super) fn avx512<S: Scalar>(pass: impl Pass<S>) {
        pass.run::<S::Avx512>();
    }
}
