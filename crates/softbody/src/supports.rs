//! Nodes that are held: Dirichlet conditions, and their common motion.

use crate::vec3::{Vec3, axpy, sub};

/// Held nodes with their prescribed displacements, and a glide of all of them together.
#[derive(Debug, Clone, Default)]
pub struct Supports {
    /// Held node ids, ascending.
    pub nodes: Vec<u32>,
    /// Prescribed displacement of each from rest, m, without the common offset.
    pub displacements: Vec<Vec3>,
    from: Vec3,
    to: Vec3,
    ticks: u32,
    elapsed: u32,
}

/// Minimum-jerk profile (Flash and Hogan 1985): 0 at 0, 1 at 1, at rest at both ends.
fn minimum_jerk(t: f64) -> f64 {
    t * t * t * (10.0 - 15.0 * t + 6.0 * t * t)
}

impl Supports {
    /// Holds `node` at `displacement`, whether or not it was held before.
    pub fn hold(&mut self, node: u32, displacement: Vec3) {
        match self.nodes.binary_search(&node) {
            Ok(i) => self.displacements[i] = displacement,
            Err(i) => {
                self.nodes.insert(i, node);
                self.displacements.insert(i, displacement);
            }
        }
    }

    /// Lets `node` go, if it was held.
    pub fn release(&mut self, node: u32) {
        if let Ok(i) = self.nodes.binary_search(&node) {
            self.nodes.remove(i);
            self.displacements.remove(i);
        }
    }

    /// From where it is, the common offset glides to `offset` within `ticks`.
    pub fn glide(&mut self, offset: Vec3, ticks: u32) {
        self.from = self.offset();
        self.to = offset;
        self.ticks = ticks.max(1);
        self.elapsed = 0;
    }

    /// Counts one tick.
    pub fn tick(&mut self) {
        self.elapsed = (self.elapsed + 1).min(self.ticks);
    }

    /// The common offset now, m.
    pub fn offset(&self) -> Vec3 {
        if self.elapsed >= self.ticks {
            return self.to;
        }
        let t = f64::from(self.elapsed) / f64::from(self.ticks);
        axpy(self.from, minimum_jerk(t), sub(self.to, self.from))
    }

    /// Where `node` is held, m from rest, if it is.
    pub fn target(&self, node: u32) -> Option<Vec3> {
        Some(axpy(self.prescribed(node)?, 1.0, self.offset()))
    }

    /// Displacement that `node` is held at, m from rest, without the common offset, if it is held.
    pub fn prescribed(&self, node: u32) -> Option<Vec3> {
        let place = self.nodes.binary_search(&node).ok()?;
        Some(self.displacements[place])
    }

    pub fn digest(&self, digest: &mut crate::digest::Digest) {
        for (node, displacement) in self.nodes.iter().zip(&self.displacements) {
            digest.word(u64::from(*node));
            displacement.iter().for_each(|x| digest.number(*x));
        }
        digest.word(u64::from(self.elapsed) << 32 | u64::from(self.ticks));
        for x in self.from.into_iter().chain(self.to) {
            digest.number(x);
        }
    }
}
