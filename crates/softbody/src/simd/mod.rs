//! Numbers side by side, and the choice of instructions that they are compiled for.

#[cfg(target_arch = "x86_64")]
#[macro_use]
mod intrinsics;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod kernel;
mod lanes;
mod side_by_side;

pub use kernel::Kernel;
pub(crate) use kernel::Pass;
pub(crate) use lanes::{LANES, Lanes, Node, Real, Scalar, Strain, VOLUME};
