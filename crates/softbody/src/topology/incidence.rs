//! Which tetrahedra each node has.
//!
//! A list per node, linked through the corners: corner 4 * tetrahedron + place names the next one at
//! the same node. Moving a corner to another node takes as long as the list is, about twenty steps.

use super::NONE;

/// The lists of all nodes.
#[derive(Debug, Clone)]
pub(super) struct Incidence {
    /// First corner at each node.
    pub firsts: Vec<u32>,
    /// Next corner at the same node, by tetrahedron.
    pub next: Vec<[u32; 4]>,
}

impl Incidence {
    pub fn new(nodes: usize, tetrahedra: &[[u32; 4]]) -> Self {
        let mut incidence = Self {
            firsts: vec![NONE; nodes],
            next: vec![[NONE; 4]; tetrahedra.len()],
        };
        // Backwards, so that lists ascend.
        for (t, nodes) in tetrahedra.iter().enumerate().rev() {
            for (corner, &node) in nodes.iter().enumerate() {
                incidence.link(node, (4 * t + corner) as u32);
            }
        }
        incidence
    }

    /// First corner at `node`, NONE where it is dead.
    pub fn first(&self, node: u32) -> u32 {
        self.firsts[node as usize]
    }

    /// The corner after `corner` at its node.
    pub fn after(&self, corner: u32) -> u32 {
        self.next[corner as usize / 4][corner as usize % 4]
    }

    /// All corners at `node`.
    pub fn at(&self, node: u32) -> impl Iterator<Item = u32> + Clone {
        let some = |corner: u32| (corner != NONE).then_some(corner);
        std::iter::successors(some(self.first(node)), move |c| some(self.after(*c)))
    }

    pub fn link(&mut self, node: u32, corner: u32) {
        self.next[corner as usize / 4][corner as usize % 4] = self.first(node);
        self.firsts[node as usize] = corner;
    }

    pub fn unlink(&mut self, node: u32, corner: u32) {
        let after = self.after(corner);
        let mut at = self.first(node);
        if at == corner {
            self.firsts[node as usize] = after;
            return;
        }
        while self.after(at) != corner {
            at = self.after(at);
        }
        self.next[at as usize / 4][at as usize % 4] = after;
    }
}
