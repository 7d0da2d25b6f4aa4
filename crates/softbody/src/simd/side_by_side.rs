//! Elements side by side in plain arrays, which compilers turn into whatever vector registers there
//! are.

use super::lanes::{LANES, Lanes, Node, Real, Scalar, Strain, VOLUME};
use crate::elements::corners::{AtCorners, AtCornersMut};
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// `N` numbers.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(16))]
pub struct SideBySide<T, const N: usize>([T; N]);

/// An operation on each.
macro_rules! each {
    ($i:ident => $x:expr) => {{
        let mut out = [T::default(); N];
        for $i in 0..N {
            out[$i] = $x;
        }
        Self(out)
    }};
}

impl<T: Scalar, const N: usize> Real for SideBySide<T, N> {
    type Scalar = T;
    const WIDTH: usize = N;

    #[inline(always)]
    fn all(x: f32) -> Self {
        Self([T::all(x); N])
    }

    #[inline(always)]
    fn load(values: &Lanes, first: usize) -> Self {
        each!(i => T::load(values, first + i))
    }

    #[inline(always)]
    fn recall(values: &[T; LANES], first: usize) -> Self {
        each!(i => values[first + i])
    }

    #[inline(always)]
    fn store(self, values: &mut [T; LANES], first: usize) {
        values[first..first + N].copy_from_slice(&self.0);
    }

    #[inline(always)]
    fn gather(values: AtCorners<Node<T>>, corner: usize, first: usize) -> [Self; 4] {
        let mut out = [Self([T::default(); N]); 4];
        for lane in 0..N {
            let node = values.get(corner, first + lane);
            for axis in 0..4 {
                out[axis].0[lane] = node[axis];
            }
        }
        out
    }

    #[inline(always)]
    fn add_to_nodes(mut values: AtCornersMut<Node<T>>, first: usize, add: &[[Self; 4]; 4]) {
        for lane in 0..N {
            for corner in 0..4 {
                let node = values.get(corner, first + lane);
                for axis in 0..4 {
                    node[axis] += add[corner][axis].0[lane];
                }
            }
        }
    }

    #[inline(always)]
    fn add_to_strains(mut values: AtCornersMut<Strain<T>>, first: usize, add: &[Self; 8]) {
        for lane in 0..N {
            for corner in 0..4 {
                let record = values.get(corner, first + lane);
                for i in 0..8 {
                    record[i] += add[i].0[lane];
                }
            }
        }
    }

    #[inline(always)]
    fn add_to_volumes(mut values: AtCornersMut<Strain<T>>, first: usize, add: Self) {
        for lane in 0..N {
            for corner in 0..4 {
                values.get(corner, first + lane)[VOLUME] += add.0[lane];
            }
        }
    }

    #[inline(always)]
    fn sum_of_strains(values: AtCorners<Strain<T>>, first: usize) -> [Self; 8] {
        let mut out = [Self([T::default(); N]); 8];
        for lane in 0..N {
            let mut sum = *values.get(0, first + lane);
            for corner in 1..4 {
                let record = values.get(corner, first + lane);
                for i in 0..8 {
                    sum[i] += record[i];
                }
            }
            for i in 0..8 {
                out[i].0[lane] = sum[i];
            }
        }
        out
    }

    #[inline(always)]
    fn sum_of_volumes(values: AtCorners<Strain<T>>, first: usize) -> Self {
        each!(lane => T::sum_of_volumes(values, first + lane))
    }

    #[inline(always)]
    fn load_strains(records: &[Strain<T>]) -> [Self; 8] {
        let mut out = [Self([T::default(); N]); 8];
        for (lane, record) in records[..N].iter().enumerate() {
            for i in 0..8 {
                out[i].0[lane] = record[i];
            }
        }
        out
    }

    #[inline(always)]
    fn store_strains(records: &mut [Strain<T>], values: &[Self; 8]) {
        for (lane, record) in records[..N].iter_mut().enumerate() {
            for i in 0..8 {
                record[i] = values[i].0[lane];
            }
        }
    }

    #[inline(always)]
    fn ln(self) -> Self {
        each!(i => self.0[i].ln())
    }

    #[inline(always)]
    fn abs(self) -> Self {
        each!(i => self.0[i].abs())
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        each!(i => self.0[i].sqrt())
    }

    #[inline(always)]
    fn recip(self) -> Self {
        each!(i => self.0[i].recip())
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        each!(i => self.0[i].max(other.0[i]))
    }
}

macro_rules! operator {
    ($name:ident, $method:ident) => {
        impl<T: Scalar, const N: usize> $name for SideBySide<T, N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                each!(i => self.0[i].$method(other.0[i]))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);

impl<T: Scalar, const N: usize> AddAssign for SideBySide<T, N> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<T: Scalar, const N: usize> Neg for SideBySide<T, N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        each!(i => -self.0[i])
    }
}
