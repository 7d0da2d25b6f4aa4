//! Eight elements side by side in 256 bits.
//!
//! Nodes are loaded as 128-bit records and transposed in registers. Everything is inlined into the
//! functions of `kernel` that are compiled for AVX2; nothing else may use it.

use super::lanes::{LANES, Lanes, Node, Real, Strain, VOLUME};
use crate::elements::corners::{AtCorners, AtCornersMut};
use std::arch::x86_64::*;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// Eight numbers.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct F32x8(__m256);

/// Rows and columns exchanged, in both halves.
#[inline(always)]
fn transposed([a, b, c, d]: [__m256; 4]) -> [__m256; 4] {
    let low = [
        avx!(_mm256_unpacklo_ps(a, b)),
        avx!(_mm256_unpacklo_ps(c, d)),
    ];
    let high = [
        avx!(_mm256_unpackhi_ps(a, b)),
        avx!(_mm256_unpackhi_ps(c, d)),
    ];
    [
        avx!(_mm256_shuffle_ps::<0x44>(low[0], low[1])),
        avx!(_mm256_shuffle_ps::<0xee>(low[0], low[1])),
        avx!(_mm256_shuffle_ps::<0x44>(high[0], high[1])),
        avx!(_mm256_shuffle_ps::<0xee>(high[0], high[1])),
    ]
}

#[inline(always)]
pub(super) fn load_node(node: &Node) -> __m128 {
    // SAFETY: four floats are there to be read.
    unsafe { _mm_loadu_ps(node.as_ptr()) }
}

#[inline(always)]
pub(super) fn store_node(node: &mut Node, x: __m128) {
    // SAFETY: four floats are there to be written.
    unsafe { _mm_storeu_ps(node.as_mut_ptr(), x) }
}

/// Rows and columns of eight by eight exchanged.
#[inline(always)]
fn exchanged(x: &[F32x8; 8]) -> [__m256; 8] {
    let first = transposed([x[0].0, x[1].0, x[2].0, x[3].0]);
    let second = transposed([x[4].0, x[5].0, x[6].0, x[7].0]);
    let mut out = [avx!(_mm256_setzero_ps()); 8];
    for i in 0..4 {
        out[i] = avx!(_mm256_permute2f128_ps::<0x20>(first[i], second[i]));
        out[i + 4] = avx!(_mm256_permute2f128_ps::<0x31>(first[i], second[i]));
    }
    out
}

#[inline(always)]
pub(super) fn load_strain(record: &Strain) -> __m256 {
    // SAFETY: eight floats are there to be read.
    unsafe { _mm256_loadu_ps(record.as_ptr()) }
}

#[inline(always)]
pub(super) fn store_strain(record: &mut Strain, x: __m256) {
    // SAFETY: eight floats are there to be written.
    unsafe { _mm256_storeu_ps(record.as_mut_ptr(), x) }
}

impl F32x8 {
    #[inline(always)]
    fn to_array(self) -> [f32; 8] {
        let mut out = [0.0; 8];
        // SAFETY: eight floats are there to be written.
        unsafe { _mm256_storeu_ps(out.as_mut_ptr(), self.0) }
        out
    }
}

impl Real for F32x8 {
    type Scalar = f32;
    const WIDTH: usize = 8;

    #[inline(always)]
    fn all(x: f32) -> Self {
        Self(avx!(_mm256_set1_ps(x)))
    }

    #[inline(always)]
    fn load(values: &Lanes, first: usize) -> Self {
        Self::recall(&values.0, first)
    }

    #[inline(always)]
    fn recall(values: &[f32; LANES], first: usize) -> Self {
        let eight: &[f32; 8] = values[first..first + 8].try_into().expect("eight lanes");
        // SAFETY: eight floats are there to be read.
        Self(unsafe { _mm256_loadu_ps(eight.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, values: &mut [f32; LANES], first: usize) {
        let eight: &mut [f32] = &mut values[first..first + 8];
        // SAFETY: eight floats are there to be written.
        unsafe { _mm256_storeu_ps(eight.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn gather(values: AtCorners<Node>, corner: usize, first: usize) -> [Self; 4] {
        let mut pairs = [avx!(_mm256_setzero_ps()); 4];
        for i in 0..4 {
            let low = load_node(values.get(corner, first + i));
            let high = load_node(values.get(corner, first + i + 4));
            pairs[i] = avx!(_mm256_set_m128(high, low));
        }
        let [x, y, z, w] = transposed(pairs);
        [Self(x), Self(y), Self(z), Self(w)]
    }

    #[inline(always)]
    fn add_to_nodes(mut values: AtCornersMut<Node>, first: usize, add: &[[Self; 4]; 4]) {
        let mut pairs = [[avx!(_mm256_setzero_ps()); 4]; 4];
        for corner in 0..4 {
            let [x, y, z, w] = add[corner];
            pairs[corner] = transposed([x.0, y.0, z.0, w.0]);
        }
        for lane in 0..8 {
            for corner in 0..4 {
                let pair = pairs[corner][lane % 4];
                let add = if lane < 4 {
                    avx!(_mm256_castps256_ps128(pair))
                } else {
                    avx!(_mm256_extractf128_ps::<1>(pair))
                };
                let node = values.get(corner, first + lane);
                store_node(node, avx!(_mm_add_ps(load_node(node), add)));
            }
        }
    }

    #[inline(always)]
    fn add_to_strains(mut values: AtCornersMut<Strain>, first: usize, add: &[Self; 8]) {
        let records = exchanged(add);
        for lane in 0..8 {
            for corner in 0..4 {
                let record = values.get(corner, first + lane);
                store_strain(
                    record,
                    avx!(_mm256_add_ps(load_strain(record), records[lane])),
                );
            }
        }
    }

    #[inline(always)]
    fn add_to_volumes(mut values: AtCornersMut<Strain>, first: usize, add: Self) {
        let add = add.to_array();
        for lane in 0..8 {
            for corner in 0..4 {
                values.get(corner, first + lane)[VOLUME] += add[lane];
            }
        }
    }

    #[inline(always)]
    fn sum_of_strains(values: AtCorners<Strain>, first: usize) -> [Self; 8] {
        let mut sums = [Self(avx!(_mm256_setzero_ps())); 8];
        for lane in 0..8 {
            let mut sum = load_strain(values.get(0, first + lane));
            for corner in 1..4 {
                sum = avx!(_mm256_add_ps(
                    sum,
                    load_strain(values.get(corner, first + lane))
                ));
            }
            sums[lane] = Self(sum);
        }
        let columns = exchanged(&sums);
        let mut out = sums;
        for i in 0..8 {
            out[i] = Self(columns[i]);
        }
        out
    }

    #[inline(always)]
    fn sum_of_volumes(values: AtCorners<Strain>, first: usize) -> Self {
        let mut sums = [0.0; 8];
        for lane in 0..8 {
            sums[lane] = f32::sum_of_volumes(values, first + lane);
        }
        // SAFETY: eight floats are there to be read.
        Self(unsafe { _mm256_loadu_ps(sums.as_ptr()) })
    }

    #[inline(always)]
    fn load_strains(records: &[Strain]) -> [Self; 8] {
        let records = &records[..8];
        let mut rows = [Self(avx!(_mm256_setzero_ps())); 8];
        for i in 0..8 {
            rows[i] = Self(load_strain(&records[i]));
        }
        let columns = exchanged(&rows);
        for i in 0..8 {
            rows[i] = Self(columns[i]);
        }
        rows
    }

    #[inline(always)]
    fn store_strains(records: &mut [Strain], values: &[Self; 8]) {
        let records = &mut records[..8];
        let rows = exchanged(values);
        for i in 0..8 {
            store_strain(&mut records[i], rows[i]);
        }
    }

    #[inline(always)]
    fn ln(self) -> Self {
        let mut x = self.to_array();
        for x in &mut x {
            *x = libm::logf(*x);
        }
        // SAFETY: eight floats are there to be read.
        Self(unsafe { _mm256_loadu_ps(x.as_ptr()) })
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(avx!(_mm256_andnot_ps(_mm256_set1_ps(-0.0), self.0)))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(avx!(_mm256_sqrt_ps(self.0)))
    }

    #[inline(always)]
    fn recip(self) -> Self {
        Self(avx!(_mm256_div_ps(_mm256_set1_ps(1.0), self.0)))
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(avx!(_mm256_max_ps(self.0, other.0)))
    }
}

arithmetic!(F32x8, _mm256_add_ps, _mm256_sub_ps, _mm256_mul_ps);

impl Neg for F32x8 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(avx!(_mm256_xor_ps(_mm256_set1_ps(-0.0), self.0)))
    }
}
