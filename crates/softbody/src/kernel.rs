//! Which vector instructions the element passes are compiled for; chosen at run time.
//!
//! All kernels are the same source and give the same bits (see `lanes`).

use crate::batch::TetBatch;
use crate::elasticity::{add_forces, add_volume_change};
use crate::lanes::{Node, Real, Scalar};

/// An instruction set for the element passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// Whatever the target guarantees.
    Portable,
    /// 256-bit, x86-64.
    Avx2,
    /// The 256-bit code with the 32 registers of AVX-512, x86-64.
    Avx512,
}

impl Kernel {
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

    /// Adds (V / 4) (J - 1) of every element to w of `out` at its corners.
    pub(crate) fn volume_change<T: Scalar>(
        self,
        batches: &[TetBatch],
        u: &[Node<T>],
        out: &mut [Node<T>],
    ) {
        match self {
            Self::Portable => add_volume_change::<T::Portable>(batches, u, out),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a world only takes kernels that `is_available` has confirmed.
            Self::Avx2 => unsafe { x86::volume_change_avx2(batches, u, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Self::Avx512 => unsafe { x86::volume_change_avx512(batches, u, out) },
            #[cfg(not(target_arch = "x86_64"))]
            _ => add_volume_change::<T>(batches, u, out),
        }
    }

    /// Adds elastic forces to x, y, z of `out` and, if `bound`, the stiffness bound to w.
    pub(crate) fn forces<T: Scalar>(
        self,
        bound: bool,
        batches: &[TetBatch],
        u: &[Node<T>],
        out: &mut [Node<T>],
    ) {
        match self {
            Self::Portable => forces::<T::Portable>(bound, batches, u, out),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as in `volume_change`.
            Self::Avx2 => unsafe { x86::forces_avx2(bound, batches, u, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as in `volume_change`.
            Self::Avx512 => unsafe { x86::forces_avx512(bound, batches, u, out) },
            #[cfg(not(target_arch = "x86_64"))]
            _ => forces::<T>(bound, batches, u, out),
        }
    }
}

#[inline(always)]
fn forces<T: Real>(
    bound: bool,
    batches: &[TetBatch],
    u: &[Node<T::Scalar>],
    out: &mut [Node<T::Scalar>],
) {
    if bound {
        add_forces::<T, true>(batches, u, out);
    } else {
        add_forces::<T, false>(batches, u, out);
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Node, Scalar, TetBatch, add_volume_change, forces};

    #[target_feature(enable = "avx2")]
    pub(super) fn volume_change_avx2<T: Scalar>(
        batches: &[TetBatch],
        u: &[Node<T>],
        out: &mut [Node<T>],
    ) {
        add_volume_change::<T::Avx2>(batches, u, out);
    }

    #[target_feature(enable = "avx512f,avx512vl")]
    pub(super) fn volume_change_avx512<T: Scalar>(
        batches: &[TetBatch],
        u: &[Node<T>],
        out: &mut [Node<T>],
    ) {
        add_volume_change::<T::Avx2>(batches, u, out);
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn forces_avx2<T: Scalar>(
        bound: bool,
        batches: &[TetBatch],
        u: &[Node<T>],
        out: &mut [Node<T>],
    ) {
        forces::<T::Avx2>(bound, batches, u, out);
    }

    #[target_feature(enable = "avx512f,avx512vl")]
    pub(super) fn forces_avx512<T: Scalar>(
        bound: bool,
        batches: &[TetBatch],
        u: &[Node<T>],
        out: &mut [Node<T>],
    ) {
        forces::<T::Avx2>(bound, batches, u, out);
    }
}
