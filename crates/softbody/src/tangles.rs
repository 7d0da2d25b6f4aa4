//! The watchdog: tissue that a violent moment has turned inside out.
//!
//! The forces of an inverted element still point back (see `material`), but on their way nodes may pass
//! each other and come to rest folded, in an equilibrium that is none of the tissue's own. So inverted
//! elements are looked for after every tick of violence. Where they stay, the free nodes to blame, those
//! with as many of them around as sound ones, are put back among their neighbours, at rest: the
//! displacement of such a node becomes the mean over its sound neighbours, which is a sweep of the
//! harmonic extension of the sound tissue's displacements into the tangle. That goes on in every tick
//! until no tangle is left, or for [`TIRED`] ticks: what is still folded then may have nowhere else to go
//! (rags of cut tissue that hang turned round, tissue that gravity folds over its support), and nodes that
//! are put back for ever stretch their neighbours and feed the motion. From then on only such nodes move
//! as have fewer inverted elements afterwards. What an attachment pulls at may have to stay inverted, and
//! is left alone.

use crate::body::SoftBody;
use crate::mesh::volume6;
use crate::simd::Node;
use crate::vec3::{add, wide};

/// Ticks for which a tangle may come apart by itself.
const PATIENCE: u32 = 3;
/// Share of inverted elements around it from which on a node is to blame.
const BLAME: f32 = 0.5;
/// Ticks after which those are to blame that have half the share of the worst.
const STUBBORN: u32 = 20;
/// Ticks after which nodes are only put where fewer elements are inverted.
const TIRED: u32 = 400;

impl SoftBody {
    /// Looks for inverted elements, and, where they stay, puts the free nodes that are to blame back among
    /// their neighbours, but for those that are `tied`; the body stays on guard until there are none.
    /// Returns how many nodes were moved.
    pub(crate) fn untangle(&mut self, tied: impl Iterator<Item = u32>) -> u32 {
        self.count_inverted();
        for n in tied {
            self.inverted[n as usize] = 0;
        }
        let nodes = 0..self.node_count() as u32;
        let worst = nodes.map(|n| self.share_inverted(n)).fold(0.0, f32::max);
        if worst == 0.0 {
            self.tangled_ticks = 0;
            return 0;
        }
        self.calm_ticks = 0;
        self.tangled_ticks = self.tangled_ticks.saturating_add(1);
        if self.tangled_ticks <= PATIENCE {
            0
        } else if self.tangled_ticks <= STUBBORN {
            self.put_back(BLAME)
        } else {
            self.put_back(BLAME * worst)
        }
    }

    /// Counts inverted elements around every free node.
    fn count_inverted(&mut self) {
        let mut inverted = std::mem::take(&mut self.inverted);
        inverted.fill(0);
        for (_, nodes) in self.live() {
            if volume6(&nodes.map(|n| self.position(n)), [0, 1, 2, 3]) <= 0.0 {
                for n in nodes.map(|n| n as usize) {
                    inverted[n] += u32::from(self.inverse_mass[n] > 0.0);
                }
            }
        }
        self.inverted = inverted;
    }

    /// Share of the elements around a node that were counted.
    fn share_inverted(&self, node: u32) -> f32 {
        match self.inverted[node as usize] {
            0 => 0.0,
            inverted => inverted as f32 / self.tetrahedra_at(node).count() as f32,
        }
    }

    /// Puts nodes back whose share of inverted elements is at least `least`.
    fn put_back(&mut self, least: f32) -> u32 {
        let mut moved = 0;
        for node in 0..self.node_count() as u32 {
            if self.share_inverted(node) < least {
                continue;
            }
            let mean = self.mean_of_neighbours(node, |m| self.share_inverted(m) < least);
            if let Some(u) = mean.filter(|u| self.is_worthwhile(node, *u)) {
                self.u[node as usize] = u;
                self.v[node as usize] = [0.0; 4];
                moved += 1;
            }
        }
        moved
    }

    /// Whether displacement `u` of `node` is worth a try: in the end only with fewer inverted elements.
    fn is_worthwhile(&self, node: u32, u: Node) -> bool {
        let inverted = |u| {
            let place = add(self.rest[node as usize], wide(u));
            let at = |n| if n == node { place } else { self.position(n) };
            let elements = self.tetrahedra_at(node).map(|t| self.tetrahedra[t]);
            let is_inverted = |t: &[u32; 4]| volume6(&t.map(at), [0, 1, 2, 3]) <= 0.0;
            elements.filter(is_inverted).count()
        };
        self.tangled_ticks <= TIRED || inverted(u) < inverted(self.u[node as usize])
    }

    /// Mean displacement of those neighbours that are `sound`, each as often as they share an element.
    fn mean_of_neighbours(&self, node: u32, sound: impl Fn(u32) -> bool) -> Option<Node> {
        let elements = self.tetrahedra_at(node).map(|t| self.tetrahedra[t]);
        let neighbours = elements.flatten().filter(|m| *m != node && sound(*m));
        let (mut sum, mut count) = ([0.0; 4], 0.0);
        for m in neighbours {
            let u = &self.u[m as usize];
            sum = [sum[0] + u[0], sum[1] + u[1], sum[2] + u[2], 0.0];
            count += 1.0;
        }
        (count > 0.0).then(|| sum.map(|x| x / count))
    }
}
