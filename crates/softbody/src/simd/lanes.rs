//! What element code is written in: numbers that stand for one element, or for several side by side.
//!
//! The source is the same for all of them. Elements are always added to their nodes one after the
//! other, and no operation is contracted or reordered, so every width gives the same bits. f32 serves
//! the tick, f64 the search for equilibrium.

use super::side_by_side::SideBySide;
use crate::elements::corners::{AtCorners, AtCornersMut};
use std::fmt::Debug;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// Elements per batch.
pub const LANES: usize = 16;

/// A node value: x, y, z and one more, which makes it one register of 128 bits.
pub type Node<T = f32> = [T; 4];

/// What an element shares with its nodes about its strain: E_11, E_22, E_33, E_23, E_13, E_12 or a
/// stress in the same order, a measure of volume, and one more. One 256-bit register.
pub type Strain<T = f32> = [T; 8];

/// Where a [`Strain`] record keeps its measure of volume.
pub const VOLUME: usize = 6;

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
    /// Values that were stored.
    fn recall(values: &[Self::Scalar; LANES], first: usize) -> Self;
    /// Stores them.
    fn store(self, values: &mut [Self::Scalar; LANES], first: usize);
    /// Components of their nodes at a corner.
    fn gather(values: AtCorners<Node<Self::Scalar>>, corner: usize, first: usize) -> [Self; 4];
    /// Adds `add[corner][component]` to their corners.
    fn add_to_nodes(values: AtCornersMut<Node<Self::Scalar>>, first: usize, add: &[[Self; 4]; 4]);
    /// Adds `add` to all four corners of each.
    fn add_to_strains(values: AtCornersMut<Strain<Self::Scalar>>, first: usize, add: &[Self; 8]);
    /// Adds to component [`VOLUME`] only.
    fn add_to_volumes(values: AtCornersMut<Strain<Self::Scalar>>, first: usize, add: Self);
    /// Sums over the four corners of each.
    fn sum_of_strains(values: AtCorners<Strain<Self::Scalar>>, first: usize) -> [Self; 8];
    /// The same of component [`VOLUME`] only.
    fn sum_of_volumes(values: AtCorners<Strain<Self::Scalar>>, first: usize) -> Self;
    /// The first [`WIDTH`](Self::WIDTH) records.
    fn load_strains(records: &[Strain<Self::Scalar>]) -> [Self; 8];
    /// Overwrites the first [`WIDTH`](Self::WIDTH) records.
    fn store_strains(records: &mut [Strain<Self::Scalar>], values: &[Self; 8]);
    /// |x|
    #[must_use]
    fn abs(self) -> Self;
    /// Square root.
    #[must_use]
    fn sqrt(self) -> Self;
    /// 1 / x
    #[must_use]
    fn recip(self) -> Self;
    /// Natural logarithm.
    #[must_use]
    fn ln(self) -> Self;
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
    /// As many as 512 bits hold.
    #[cfg(target_arch = "x86_64")]
    type Avx512: Real<Scalar = Self>;
    /// The same number.
    #[cfg(test)]
    fn wide(self) -> f64;
}

macro_rules! one_element {
    ($scalar:ty, $ln:path, $portable:ty, $avx2:ty, $avx512:ty) => {
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
            fn recall(values: &[Self; LANES], first: usize) -> Self {
                values[first]
            }
            #[inline(always)]
            fn store(self, values: &mut [Self; LANES], first: usize) {
                values[first] = self;
            }
            #[inline(always)]
            fn gather(values: AtCorners<Node<Self>>, corner: usize, first: usize) -> [Self; 4] {
                *values.get(corner, first)
            }
            #[inline(always)]
            fn add_to_nodes(
                mut values: AtCornersMut<Node<Self>>,
                first: usize,
                add: &[[Self; 4]; 4],
            ) {
                for corner in 0..4 {
                    let node = values.get(corner, first);
                    for axis in 0..4 {
                        node[axis] += add[corner][axis];
                    }
                }
            }
            #[inline(always)]
            fn add_to_strains(
                mut values: AtCornersMut<Strain<Self>>,
                first: usize,
                add: &[Self; 8],
            ) {
                for corner in 0..4 {
                    let record = values.get(corner, first);
                    for i in 0..8 {
                        record[i] += add[i];
                    }
                }
            }
            #[inline(always)]
            fn add_to_volumes(mut values: AtCornersMut<Strain<Self>>, first: usize, add: Self) {
                for corner in 0..4 {
                    values.get(corner, first)[VOLUME] += add;
                }
            }
            #[inline(always)]
            fn sum_of_strains(values: AtCorners<Strain<Self>>, first: usize) -> [Self; 8] {
                let mut sum = *values.get(0, first);
                for corner in 1..4 {
                    let record = values.get(corner, first);
                    for i in 0..8 {
                        sum[i] += record[i];
                    }
                }
                sum
            }
            #[inline(always)]
            fn sum_of_volumes(values: AtCorners<Strain<Self>>, first: usize) -> Self {
                let [a, b, c, d] = [0, 1, 2, 3].map(|corner| values.get(corner, first)[VOLUME]);
                a + b + c + d
            }
            #[inline(always)]
            fn load_strains(records: &[Strain<Self>]) -> [Self; 8] {
                records[0]
            }
            #[inline(always)]
            fn store_strains(records: &mut [Strain<Self>], values: &[Self; 8]) {
                records[0] = *values;
            }
            #[inline(always)]
            fn ln(self) -> Self {
                $ln(self)
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
            type Avx2 = $avx2;
            #[cfg(target_arch = "x86_64")]
            type Avx512 = $avx512;
            #[cfg(test)]
            fn wide(self) -> f64 {
                f64::from(self)
            }
        }
    };
}

one_element!(
    f32,
    libm::logf,
    SideBySide<Self, 4>,
    super::avx2::F32x8,
    super::avx512::F32x16
);
one_element!(
    f64,
    libm::log,
    SideBySide<Self, 2>,
    SideBySide<Self, 4>,
    SideBySide<Self, 4>
);
