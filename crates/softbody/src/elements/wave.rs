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
#[derive(Debug, Clone)]
pub struct Wave {
    /// Batches of nodes in the order of their turn.
    pub nodes: Vec<Ready>,
    /// Batches of elements in the order of their third pass.
    pub elements: Vec<Ready>,
    /// Batches of elements that are between first and third pass at most.
    pub length: usize,
    /// Whether nodes of elements have changed since.
    pub stale: bool,
}

impl Default for Wave {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            elements: Vec::new(),
            length: 1,
            stale: true,
        }
    }
}

impl Wave {
    /// Room for as many batches.
    pub fn hold_room(&mut self, nodes: usize, elements: usize) {
        self.nodes.reserve(nodes.saturating_sub(self.nodes.len()));
        let more = elements.saturating_sub(self.elements.len());
        self.elements.reserve(more);
    }

    /// For elements whose nodes are below 16 `node_batches`; allocates nothing if there is room.
    pub fn renew(&mut self, batches: &[TetBatch], node_batches: usize) {
        let ready = |batch: usize| Ready {
            after: 0,
            batch: batch as u32,
        };
        self.nodes.clear();
        self.nodes.extend((0..node_batches).map(ready));
        for (i, batch) in batches.iter().enumerate() {
            for node in batch.corners.nodes() {
                self.nodes[node as usize / LANES].after = i as u32; // ascending: the last one stays
            }
        }
        self.elements.clear();
        self.elements.extend((0..batches.len()).map(ready));
        self.length = 1;
        for (i, (element, batch)) in self.elements.iter_mut().zip(batches).enumerate() {
            let complete = |node: u32| self.nodes[node as usize / LANES].after;
            element.after = batch.corners.nodes().map(complete).max().unwrap_or(0);
            self.length = self.length.max(element.after as usize + 1 - i);
        }
        self.nodes.sort_unstable();
        self.elements.sort_unstable();
        self.stale = false;
    }
}
