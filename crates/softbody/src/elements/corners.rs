//! The nodes of a batch's elements, and node values that are known to hold all of them.
//!
//! That they do is checked once for all corners that are read or written together: checks one by one
//! are a tenth of an element pass. Ids are stored times [`SPREAD`], which is how far apart the smallest
//! records lie: an address then is a sum, and nothing has to be multiplied.

use crate::simd::{LANES, Node};

/// Bytes of the smallest node record; all others are one, two or four times as large.
const SPREAD: u32 = size_of::<Node<f32>>() as u32;

/// Nodes of sixteen elements.
#[derive(Debug, Clone)]
pub struct Corners {
    /// Node ids times [`SPREAD`].
    spread: [[u32; LANES]; 4],
    /// None of the ids is larger.
    highest: u32,
}

impl Corners {
    /// `node` everywhere.
    #[must_use]
    pub fn all(node: u32) -> Self {
        let spread = spread(node);
        Self {
            spread: [[spread; LANES]; 4],
            highest: node,
        }
    }

    /// Puts the nodes of an element into `lane`.
    pub fn set(&mut self, lane: usize, nodes: [u32; 4]) {
        for (corner, node) in self.spread.iter_mut().zip(nodes) {
            corner[lane] = spread(node);
            self.highest = self.highest.max(node);
        }
    }

    /// The nodes of all lanes, corner by corner.
    pub fn nodes(&self) -> impl Iterator<Item = u32> + '_ {
        self.spread.iter().flatten().map(|x| x / SPREAD)
    }

    #[inline(always)]
    fn check(&self, nodes: usize) {
        assert!((self.highest as usize) < nodes, "node values are missing");
    }
}

/// # Panics
/// No machine has memory for so many nodes.
fn spread(node: u32) -> u32 {
    node.checked_mul(SPREAD).expect("fewer than 2^28 nodes")
}

/// Bytes from the first record to that of a node.
#[inline(always)]
fn offset<R>(spread: u32) -> usize {
    const { assert!(size_of::<R>().is_multiple_of(SPREAD as usize)) }
    spread as usize * (size_of::<R>() / SPREAD as usize)
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
        let offset = offset::<R>(self.corners.spread[corner][lane]);
        // SAFETY: `new` has checked the highest id, and the offset is that of a record.
        unsafe { &*self.values.as_ptr().byte_add(offset) }
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
        let offset = offset::<R>(self.corners.spread[corner][lane]);
        // SAFETY: as above.
        unsafe { &mut *self.values.as_mut_ptr().byte_add(offset) }
    }
}
