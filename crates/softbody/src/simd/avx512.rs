//! Sixteen elements side by side in 512 bits.
//!
//! Four 128-bit blocks a register: block b holds lanes 4 b to 4 b + 3, or the record of one of them.
//! Everything is inlined into the functions of `kernel` that are compiled for AVX-512; nothing else
//! may use it.

use super::avx2::{load_node, load_strain, store_node, store_strain};
use super::lanes::{LANES, Lanes, Node, Real, Strain, VOLUME};
use crate::elements::corners::{AtCorners, AtCornersMut};
use std::arch::x86_64::*;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

/// Sixteen numbers.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct F32x16(__m512);

/// Rows and columns exchanged, in each block.
#[inline(always)]
fn transposed([a, b, c, d]: [__m512; 4]) -> [__m512; 4] {
    let low = [
        avx!(_mm512_unpacklo_ps(a, b)),
        avx!(_mm512_unpacklo_ps(c, d)),
    ];
    let high = [
        avx!(_mm512_unpackhi_ps(a, b)),
        avx!(_mm512_unpackhi_ps(c, d)),
    ];
    [
        avx!(_mm512_shuffle_ps::<0x44>(low[0], low[1])),
        avx!(_mm512_shuffle_ps::<0xee>(low[0], low[1])),
        avx!(_mm512_shuffle_ps::<0x44>(high[0], high[1])),
        avx!(_mm512_shuffle_ps::<0xee>(high[0], high[1])),
    ]
}

#[inline(always)]
fn zero() -> __m512 {
    avx!(_mm512_setzero_ps())
}

/// Four records of four, from the first block to the last.
#[inline(always)]
fn of_blocks([a, b, c, d]: [__m128; 4]) -> __m512 {
    let low = avx!(_mm512_castps128_ps512(a));
    let low = avx!(_mm512_insertf32x4::<1>(low, b));
    let low = avx!(_mm512_insertf32x4::<2>(low, c));
    avx!(_mm512_insertf32x4::<3>(low, d))
}

/// The blocks of a register.
#[inline(always)]
fn blocks(x: __m512) -> [__m128; 4] {
    [
        avx!(_mm512_castps512_ps128(x)),
        avx!(_mm512_extractf32x4_ps::<1>(x)),
        avx!(_mm512_extractf32x4_ps::<2>(x)),
        avx!(_mm512_extractf32x4_ps::<3>(x)),
    ]
}

/// The same bits as pairs: shuffles of blocks exist for those.
#[inline(always)]
fn pairs(x: __m512) -> __m512d {
    avx!(_mm512_castps_pd(x))
}

#[inline(always)]
fn singles(x: __m512d) -> __m512 {
    avx!(_mm512_castpd_ps(x))
}

#[inline(always)]
fn of_halves([low, high]: [__m256; 2]) -> __m512 {
    let low = pairs(avx!(_mm512_castps256_ps512(low)));
    let high = avx!(_mm256_castps_pd(high));
    singles(avx!(_mm512_insertf64x4::<1>(low, high)))
}

#[inline(always)]
fn halves(x: __m512) -> [__m256; 2] {
    let wide = pairs(x);
    let high = avx!(_mm512_extractf64x4_pd::<1>(wide));
    [
        avx!(_mm512_castps512_ps256(x)),
        avx!(_mm256_castpd_ps(high)),
    ]
}

/// Pairs of `a` (0 to 7) and of `b` (8 to 15) by number.
#[inline(always)]
fn picked(a: __m512, b: __m512, [p, q, r, s, t, u, v, w]: [i64; 8]) -> __m512 {
    let order = avx!(_mm512_setr_epi64(p, q, r, s, t, u, v, w));
    let (a, b) = (pairs(a), pairs(b));
    singles(avx!(_mm512_permutex2var_pd(a, order, b)))
}

/// Blocks a0 b0 a1 b1 and a2 b2 a3 b3.
#[inline(always)]
fn woven(a: __m512, b: __m512) -> [__m512; 2] {
    [
        picked(a, b, [0, 1, 8, 9, 2, 3, 10, 11]),
        picked(a, b, [4, 5, 12, 13, 6, 7, 14, 15]),
    ]
}

/// The two registers that [`woven`] has made these of.
#[inline(always)]
fn unwoven(x: __m512, y: __m512) -> [__m512; 2] {
    [
        picked(x, y, [0, 1, 4, 5, 8, 9, 12, 13]),
        picked(x, y, [2, 3, 6, 7, 10, 11, 14, 15]),
    ]
}

/// Records of all lanes from their components.
#[inline(always)]
fn records(x: &[F32x16; 8]) -> [__m256; LANES] {
    let first = transposed([x[0].0, x[1].0, x[2].0, x[3].0]);
    let second = transposed([x[4].0, x[5].0, x[6].0, x[7].0]);
    let mut out = [avx!(_mm256_setzero_ps()); LANES];
    for i in 0..4 {
        let [low, high] = woven(first[i], second[i]);
        [out[i], out[i + 4]] = halves(low);
        [out[i + 8], out[i + 12]] = halves(high);
    }
    out
}

/// Components from the records of all lanes.
#[inline(always)]
fn components(records: &[__m256; LANES]) -> [F32x16; 8] {
    let (mut first, mut second) = ([zero(); 4], [zero(); 4]);
    for i in 0..4 {
        let low = of_halves([records[i], records[i + 4]]);
        let high = of_halves([records[i + 8], records[i + 12]]);
        [first[i], second[i]] = unwoven(low, high);
    }
    let ([a, b, c, d], [e, f, g, h]) = (transposed(first), transposed(second));
    [
        F32x16(a),
        F32x16(b),
        F32x16(c),
        F32x16(d),
        F32x16(e),
        F32x16(f),
        F32x16(g),
        F32x16(h),
    ]
}

impl F32x16 {
    #[inline(always)]
    fn to_array(self) -> [f32; LANES] {
        let mut out = [0.0; LANES];
        self.store(&mut out, 0);
        out
    }
}

impl Real for F32x16 {
    type Scalar = f32;
    const WIDTH: usize = 16;

    #[inline(always)]
    fn all(x: f32) -> Self {
        Self(avx!(_mm512_set1_ps(x)))
    }

    #[inline(always)]
    fn load(values: &Lanes, first: usize) -> Self {
        Self::recall(&values.0, first)
    }

    #[inline(always)]
    fn recall(values: &[f32; LANES], first: usize) -> Self {
        debug_assert_eq!(first, 0);
        // SAFETY: sixteen floats are there to be read.
        Self(unsafe { _mm512_loadu_ps(values.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, values: &mut [f32; LANES], first: usize) {
        debug_assert_eq!(first, 0);
        // SAFETY: sixteen floats are there to be written.
        unsafe { _mm512_storeu_ps(values.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn gather(values: AtCorners<Node>, corner: usize, first: usize) -> [Self; 4] {
        let mut rows = [zero(); 4];
        for i in 0..4 {
            let mut nodes = [avx!(_mm_setzero_ps()); 4];
            for block in 0..4 {
                nodes[block] = load_node(values.get(corner, first + 4 * block + i));
            }
            rows[i] = of_blocks(nodes);
        }
        let [x, y, z, w] = transposed(rows);
        [Self(x), Self(y), Self(z), Self(w)]
    }

    #[inline(always)]
    fn add_to_nodes(mut values: AtCornersMut<Node>, first: usize, add: &[[Self; 4]; 4]) {
        let mut nodes = [[[avx!(_mm_setzero_ps()); 4]; 4]; 4]; // [corner][lane % 4][block]
        for corner in 0..4 {
            let [x, y, z, w] = add[corner];
            let rows = transposed([x.0, y.0, z.0, w.0]);
            for i in 0..4 {
                nodes[corner][i] = blocks(rows[i]);
            }
        }
        for lane in 0..LANES {
            for corner in 0..4 {
                let node = values.get(corner, first + lane);
                let add = nodes[corner][lane % 4][lane / 4];
                store_node(node, avx!(_mm_add_ps(load_node(node), add)));
            }
        }
    }

    #[inline(always)]
    fn add_to_strains(mut values: AtCornersMut<Strain>, first: usize, add: &[Self; 8]) {
        let records = records(add);
        for lane in 0..LANES {
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
        for lane in 0..LANES {
            for corner in 0..4 {
                values.get(corner, first + lane)[VOLUME] += add[lane];
            }
        }
    }

    #[inline(always)]
    fn sum_of_strains(values: AtCorners<Strain>, first: usize) -> [Self; 8] {
        let mut sums = [avx!(_mm256_setzero_ps()); LANES];
        for lane in 0..LANES {
            let mut sum = load_strain(values.get(0, first + lane));
            for corner in 1..4 {
                let record = load_strain(values.get(corner, first + lane));
                sum = avx!(_mm256_add_ps(sum, record));
            }
            sums[lane] = sum;
        }
        components(&sums)
    }

    #[inline(always)]
    fn sum_of_volumes(values: AtCorners<Strain>, first: usize) -> Self {
        let mut sums = [0.0; LANES];
        for lane in 0..LANES {
            sums[lane] = f32::sum_of_volumes(values, first + lane);
        }
        Self::recall(&sums, 0)
    }

    #[inline(always)]
    fn load_strains(records: &[Strain]) -> [Self; 8] {
        let mut rows = [avx!(_mm256_setzero_ps()); LANES];
        for (row, record) in rows.iter_mut().zip(&records[..LANES]) {
            *row = load_strain(record);
        }
        components(&rows)
    }

    #[inline(always)]
    fn store_strains(strains: &mut [Strain], values: &[Self; 8]) {
        for (record, row) in strains[..LANES].iter_mut().zip(records(values)) {
            store_strain(record, row);
        }
    }

    #[inline(always)]
    fn ln(self) -> Self {
        let mut x = self.to_array();
        for x in &mut x {
            *x = libm::logf(*x);
        }
        Self::recall(&x, 0)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(avx!(_mm512_abs_ps(self.0)))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(avx!(_mm512_sqrt_ps(self.0)))
    }

    #[inline(always)]
    fn recip(self) -> Self {
        Self(avx!(_mm512_div_ps(_mm512_set1_ps(1.0), self.0)))
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(avx!(_mm512_max_ps(self.0, other.0)))
    }
}

arithmetic!(F32x16, _mm512_add_ps, _mm512_sub_ps, _mm512_mul_ps);

impl Neg for F32x16 {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        let sign = avx!(_mm512_set1_epi32(i32::MIN));
        let bits = avx!(_mm512_castps_si512(self.0));
        let turned = avx!(_mm512_xor_si512(sign, bits));
        Self(avx!(_mm512_castsi512_ps(turned)))
    }
}
