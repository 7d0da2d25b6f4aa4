//! Sixteen elements side by side, and the scalars they are computed in.
//!
//! Element code is written for one lane and looped over the sixteen of a batch; the compiler
//! turns that loop into vector instructions of whatever width the surrounding function is
//! compiled for. Rust never contracts or reorders floating-point operations, so every width gives
//! the same bits. The same source runs in f32 inside the tick and in f64 where equilibrium is
//! sought.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// Elements per batch.
pub const LANES: usize = 16;

/// One value for each element of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f32; LANES]);

impl Lanes {
    /// Zero in every lane.
    pub const ZERO: Self = Self([0.0; LANES]);
}

/// What elements are computed in: f32 or f64.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// The same number.
    fn of(x: f32) -> Self;
    /// The nearest number.
    fn nearest(x: f64) -> Self;
    /// The same number.
    fn wide(self) -> f64;
    /// |x|
    #[must_use]
    fn abs(self) -> Self;
    /// Square root.
    #[must_use]
    fn sqrt(self) -> Self;
    /// 1 / x
    #[must_use]
    fn recip(self) -> Self;
    /// The larger of both.
    #[inline(always)]
    #[must_use]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
}

macro_rules! real {
    ($scalar:ty) => {
        impl Real for $scalar {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            #[inline(always)]
            fn of(x: f32) -> Self {
                Self::from(x)
            }
            #[inline(always)]
            #[allow(
                clippy::cast_possible_truncation,
                reason = "rounding is what is asked for"
            )]
            fn nearest(x: f64) -> Self {
                x as Self
            }
            #[inline(always)]
            fn wide(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn recip(self) -> Self {
                1.0 / self
            }
        }
    };
}

real!(f32);
real!(f64);
