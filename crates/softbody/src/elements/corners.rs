//! The nodes of a batch's elements, and node values that are known to hold all of them.
//!
//! That they do is checked once for all corners that are read or written together: checks one by one
//! are a tenth of an element pass.

use crate::simd::LANES;

/// Node ids of sixteen elements.
#[derive(Debug, Clone)]
pub struct Corners {
    ids: [[u32; LANES]; 4],
    /// None of the ids is larger.
    highest: u32,
}

impl Corners {
    /// `node` everywhere.
    #[must_use]
    pub fn all(node: u32) -> Self {
        Self {
            ids: [[node; LANES]; 4],
            highest: node,
        }
    }

    /// Puts the nodes of an element into `lane`.
    pub fn set(&mut self, lane: usize, nodes: [u32; 4]) {
        for (ids, node) in self.ids.iter_mut().zip(nodes) {
            ids[lane] = node;
            self.highest = self.highest.max(node);
        }
    }

    #[inline(always)]
    fn check(&self, nodes: usize) {
        assert!((self.highest as usize) < nodes, "node values are missing");
    }
}

/// Node values in which every corner of a batch exists.
#[derive(Debug, Clone, Copy)]
pub struct AtCorners<'a, R> {
    corners: &'a Corners,
    values: &'a [R],
}

impl<'a, R> AtCorners<'a, R> {
    /// # Panics
    /// A corner has no value.
    #[inline(always)]
    #[must_use]
    pub fn new(corners: &'a Corners, values: &'a [R]) -> Self {
        corners.check(values.len());
        Self { corners, values }
    }

    /// The value at a corner of the element in `lane`.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, corner: usize, lane: usize) -> &'a R {
        let id = self.corners.ids[corner][lane] as usize;
        // SAFETY: `new` has checked the highest id.
        unsafe { self.values.get_unchecked(id) }
    }
}

/// The same, to be changed.
#[derive(Debug)]
pub struct AtCornersMut<'a, R> {
    corners: &'a Corners,
    values: &'a mut [R],
}

impl<'a, R> AtCornersMut<'a, R> {
    /// # Panics
    /// A corner has no value.
    #[inline(always)]
    #[must_use]
    pub fn new(corners: &'a Corners, values: &'a mut [R]) -> Self {
        corners.check(values.len());
        Self { corners, values }
    }

    /// The value at a corner of the element in `lane`.
    #[inline(always)]
    pub fn get(&mut self, corner: usize, lane: usize) -> &mut R {
        let id = self.corners.ids[corner][lane] as usize;
        // SAFETY: `new` has checked the highest id.
        unsafe { self.values.get_unchecked_mut(id) }
    }
}
