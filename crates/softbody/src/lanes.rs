//! Sixteen f32 side by side: the unit in which elements are computed.
//!
//! Plain Rust that the compiler turns into vector instructions of whatever width the surrounding
//! function is compiled for. Rust never contracts or reorders floating-point operations, so every
//! width gives the same bits.

use std::ops::{Add, Mul, Neg, Sub};

/// Elements per batch.
pub const LANES: usize = 16;

/// One value for each element of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f32; LANES]);

impl Lanes {
    /// Zero in every lane.
    pub const ZERO: Self = Self([0.0; LANES]);

    /// `x` in every lane.
    #[inline(always)]
    #[must_use]
    pub fn splat(x: f32) -> Self {
        Self([x; LANES])
    }

    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        let mut out = [0.0; LANES];
        for i in 0..LANES {
            out[i] = f(self.0[i], other.0[i]);
        }
        Self(out)
    }

    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        let mut out = [0.0; LANES];
        for i in 0..LANES {
            out[i] = f(self.0[i]);
        }
        Self(out)
    }

    /// The larger of both, lane by lane.
    #[inline(always)]
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }

    /// |x|
    #[inline(always)]
    #[must_use]
    pub fn abs(self) -> Self {
        self.map(f32::abs)
    }

    /// Square root.
    #[inline(always)]
    #[must_use]
    pub fn sqrt(self) -> Self {
        self.map(f32::sqrt)
    }

    /// 1 / x
    #[inline(always)]
    #[must_use]
    pub fn recip(self) -> Self {
        self.map(|a| 1.0 / a)
    }
}

impl Add for Lanes {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
}

impl Sub for Lanes {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
}

impl Mul for Lanes {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
}

impl Neg for Lanes {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|a| -a)
    }
}
