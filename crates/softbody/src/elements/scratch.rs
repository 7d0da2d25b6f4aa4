//! Scratch that the passes work in.

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

/// Room for it.
#[derive(Debug, Clone, Default)]
pub struct Scratch<T = f32> {
    /// Of every node: sums of strains, then the stress.
    pub strains: Vec<Strain<T>>,
    /// Of the batches between first and third pass.
    pub gradients: Vec<Gradients<T>>,
}

impl<T: Scalar> Scratch<T> {
    /// For `records` nodes and `batches` of elements.
    #[must_use]
    pub fn new(records: usize, batches: usize) -> Self {
        let mut scratch = Self {
            strains: Vec::new(),
            gradients: Vec::new(),
        };
        scratch.resize(records, batches);
        scratch
    }

    /// Makes it fit.
    pub fn resize(&mut self, records: usize, batches: usize) {
        let zero = T::all(0.0);
        self.strains.resize(records, [zero; 8]);
        let gradients = Gradients([[[zero; LANES]; 3]; 3]);
        self.gradients.resize(batches, gradients);
    }
}
