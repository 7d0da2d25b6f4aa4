//! The order of the three passes.
//!
//! A node is complete when the first pass has met its last element, and an element can be finished
//! when its nodes are. With nodes and elements numbered by place, as meshes usually are, that is soon:
//! the passes run through the mesh as a wave of about one layer of elements. What the later passes
//! need is then still in the cache, and every element is fetched from memory once, not twice.

use super::batch::TetBatch;
use crate::simd::LANES;

/// A batch, and the batch of elements after whose first pass it is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ready {
    /// Batches of elements, counted from 0.
    pub after: u32,
    /// Which batch.
    pub batch: u32,
}

/// When each batch of nodes is complete, and each batch of elements can be finished.
#[derive(Debug, Clone, Default)]
pub struct Wave {
    /// Batches of nodes in the order of their turn.
    pub nodes: Vec<Ready>,
    /// Batches of elements in the order of their third pass.
    pub elements: Vec<Ready>,
    /// Batches of elements that are between first and third pass at most.
    pub length: usize,
}

impl Wave {
    /// For elements whose nodes are below 16 `node_batches`.
    #[must_use]
    pub fn new(batches: &[TetBatch], node_batches: usize) -> Self {
        let ready = |batch: usize| Ready {
            after: 0,
            batch: batch as u32,
        };
        let mut nodes: Vec<Ready> = (0..node_batches).map(ready).collect();
        for (i, batch) in batches.iter().enumerate() {
            for node in batch.corners.nodes() {
                nodes[node as usize / LANES].after = i as u32; // ascending: the last one stays
            }
        }
        let mut elements: Vec<Ready> = (0..batches.len()).map(ready).collect();
        let mut length = 1;
        for (i, (element, batch)) in elements.iter_mut().zip(batches).enumerate() {
            let complete = |node: u32| nodes[node as usize / LANES].after;
            element.after = batch.corners.nodes().map(complete).max().unwrap_or(0);
            length = length.max(element.after as usize + 1 - i);
        }
        nodes.sort_unstable();
        elements.sort_unstable();
        Self {
            nodes,
            elements,
            length,
        }
    }
}
