//! What element code is written in: numbers that stand for one element, or for several side by side.
//!
//! The source is the same for all of them. Elements are always added to their nodes one after the
//! other, and no operation is contracted or reordered, so every width gives the same bits. f32 serves
//! the tick, f64 the search for equilibrium.

use crate::corners::{AtCorners, AtCornersMut};
use crate::side_by_side::SideBySide;
use std::fmt::Debug;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// Elements per batch.
pub const LANES: usize = 16;

/// A node value: x, y, z and one more, so that one load brings a displacement together with the
/// nodal pressure.
pub type Node<T = f32> = [T; 4];

/// One value for each element of a batch.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [f32; LANES]);

impl Lanes {
    /// Zero in every lane.
    pub const ZERO: Self = Self([0.0; LANES]);
}

/// Numbers of [`WIDTH`](Self::WIDTH) elements, from lane `first` of a batch on.
pub trait Real:
    Copy + Add<Output = Self> + AddAssign + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self>
{
    /// What node values are stored in.
    type Scalar: Scalar;
    /// Elements side by side.
    const WIDTH: usize;
    /// The same number for all.
    fn all(x: f32) -> Self;
    /// Their values of a quantity.
    fn load(values: &Lanes, first: usize) -> Self;
    /// Components of their nodes at a corner.
    fn gather(values: AtCorners<Self::Scalar>, corner: usize, first: usize) -> [Self; 4];
    /// Adds `add[corner][component]` to their corners.
    fn add_to_nodes(values: AtCornersMut<Self::Scalar>, first: usize, add: &[[Self; 4]; 4]);
    /// Adds the same to component w of all four corners.
    fn add_to_w(values: AtCornersMut<Self::Scalar>, first: usize, add: Self);
    /// |x|
    #[must_use]
    fn abs(self) -> Self;
    /// Square root.
    #[must_use]
    fn sqrt(self) -> Self;
    /// 1 / x
    #[must_use]
    fn recip(self) -> Self;
    /// The larger of both; `other` where they do not compare.
    #[must_use]
    fn max(self, other: Self) -> Self;
}

/// Node values: f32 or f64, and as a [`Real`] a single element.
pub trait Scalar: Real<Scalar = Self> + Default + Debug + PartialOrd {
    /// As many elements as any processor has registers for.
    type Portable: Real<Scalar = Self>;
    /// As many elements as 256 bits hold.
    #[cfg(target_arch = "x86_64")]
    type Avx2: Real<Scalar = Self>;
    /// The nearest number.
    fn nearest(x: f64) -> Self;
    /// The same number.
    fn wide(self) -> f64;
}

macro_rules! one_element {
    ($scalar:ty, $portable:ty, $wide:ty) => {
        impl Real for $scalar {
            type Scalar = Self;
            const WIDTH: usize = 1;
            #[inline(always)]
            fn all(x: f32) -> Self {
                Self::from(x)
            }
            #[inline(always)]
            fn load(values: &Lanes, first: usize) -> Self {
                Self::from(values.0[first])
            }
            #[inline(always)]
            fn gather(values: AtCorners<Self>, corner: usize, first: usize) -> [Self; 4] {
                *values.get(corner, first)
            }
            #[inline(always)]
            fn add_to_nodes(mut values: AtCornersMut<Self>, first: usize, add: &[[Self; 4]; 4]) {
                for corner in 0..4 {
                    let node = values.get(corner, first);
                    for axis in 0..4 {
                        node[axis] += add[corner][axis];
                    }
                }
            }
            #[inline(always)]
            fn add_to_w(mut values: AtCornersMut<Self>, first: usize, add: Self) {
                for corner in 0..4 {
                    values.get(corner, first)[3] += add;
                }
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
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                if self > other { self } else { other }
            }
        }

        impl Scalar for $scalar {
            type Portable = $portable;
            #[cfg(target_arch = "x86_64")]
            type Avx2 = $wide;
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
        }
    };
}

one_element!(f32, SideBySide<Self, 4>, crate::avx2::F32x8);
one_element!(f64, SideBySide<Self, 2>, SideBySide<Self, 4>);
