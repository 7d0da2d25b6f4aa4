//! Room that the passes work in.

use super::matrix::Mat;
use crate::simd::{LANES, Real, Scalar, Strain};

/// Displacement gradients H of sixteen elements, `[row][column]`, from the first pass to the third:
/// to read them again costs less than to gather the displacements again.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub struct Gradients<T>([[[T; LANES]; 3]; 3]);

impl<S: Scalar> Gradients<S> {
    /// Those of the elements from lane `first` on.
    #[inline(always)]
    pub fn recall<T: Real<Scalar = S>>(&self, first: usize) -> Mat<T> {
        let mut h = [[T::all(0.0); 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                h[i][j] = T::recall(&self.0[i][j], first);
            }
        }
        h
    }

    #[inline(always)]
    pub fn store<T: Real<Scalar = S>>(&mut self, first: usize, h: &Mat<T>) {
        for i in 0..3 {
            for j in 0..3 {
                h[i][j].store(&mut self.0[i][j], first);
            }
        }
    }
}

/// What the passes hand to each other.
#[derive(Debug, Clone, Default)]
pub struct Room<T = f32> {
    /// Of every node: sums of strains, then the stress.
    pub strains: Vec<Strain<T>>,
    /// Of the batches between first and third pass.
    pub gradients: Vec<Gradients<T>>,
}

impl<T: Scalar> Room<T> {
    /// For `records` nodes and `batches` of elements.
    #[must_use]
    pub fn new(records: usize, batches: usize) -> Self {
        let zero = T::all(0.0);
        Self {
            strains: vec![[zero; 8]; records],
            gradients: vec![Gradients([[[zero; LANES]; 3]; 3]); batches],
        }
    }
}
