//! The watchdog: tissue that a violent moment has turned inside out.
//!
//! The forces of an inverted element still point back (see `material`), but on their way nodes may pass
//! each other and come to rest folded, in an equilibrium that is none of the tissue's own. So inverted
//! elements are looked for after every tick of violence. Where they stay, the free nodes to blame, those
//! with as many of them around as sound ones, are put back among their neighbours, at rest: the
//! displacement of such a node becomes the mean over its sound neighbours, which is a sweep of the
//! harmonic extension of the sound tissue's displacements into the tangle. That goes on in every tick
//! until no tangle is left. What an attachment pulls at may have to stay inverted, and is left alone.

use crate::body::SoftBody;
use crate::mesh::volume6;
use crate::simd::Node;

/// Ticks for which a tangle may come apart by itself.
const PATIENCE: u32 = 3;
/// Share of inverted elements around it from which on a node is to blame.
const BLAME: f32 = 0.5;
/// Ticks after which those are to blame that have half the share of the worst.
const STUBBORN: u32 = 20;

/// What is known of a node while tangles are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Suspect {
    /// Elements around it, and how many of them are inverted.
    elements: f32,
    tangled: f32,
    blamed: bool,
    /// Sound neighbours, each as often as they share an element.
    neighbours: f32,
    /// Sum over their displacements, m.
    u: Node,
}

impl Suspect {
    fn share(&self) -> f32 {
        self.tangled / self.elements.max(1.0)
    }

    fn take(&mut self, u: &Node) {
        self.neighbours += 1.0;
        for i in 0..3 {
            self.u[i] += u[i];
        }
    }
}

impl SoftBody {
    /// Looks for inverted elements, and, where they stay, puts the free nodes that are to blame back among
    /// their neighbours, but for those that are `tied`; the body stays on guard until there are none.
    /// Returns how many nodes were moved.
    pub(crate) fn untangle(&mut self, tied: impl Iterator<Item = u32>) -> u32 {
        self.count_inverted();
        for n in tied {
            self.suspects[n as usize].tangled = 0.0;
        }
        let worst = self.largest_share();
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

    /// Puts nodes back whose share of inverted elements is at least `least`.
    fn put_back(&mut self, least: f32) -> u32 {
        for s in &mut self.suspects {
            s.blamed = s.share() >= least;
        }
        for t in 0..self.tetrahedra.len() {
            if !self.removed()[t] {
                self.ask_neighbours(self.tetrahedra[t].map(|n| n as usize));
            }
        }
        let mut moved = 0;
        let state = self.u.iter_mut().zip(&mut self.v);
        for (s, (u, v)) in self.suspects.iter().zip(state) {
            if s.neighbours > 0.0 {
                *u = s.u.map(|x| x / s.neighbours);
                *v = [0.0; 4];
                moved += 1;
            }
        }
        moved
    }

    /// Tells the nodes to blame in an element about the sound ones.
    fn ask_neighbours(&mut self, nodes: [usize; 4]) {
        for n in nodes {
            for m in nodes {
                if self.suspects[n].blamed && !self.suspects[m].blamed {
                    self.suspects[n].take(&self.u[m]);
                }
            }
        }
    }

    /// The largest share of inverted elements around a node.
    fn largest_share(&self) -> f32 {
        self.suspects.iter().map(Suspect::share).fold(0.0, f32::max)
    }

    /// Counts inverted elements around every free node.
    fn count_inverted(&mut self) {
        self.suspects.fill(Suspect::default());
        for t in 0..self.tetrahedra.len() {
            if self.removed()[t] {
                continue;
            }
            let nodes = self.tetrahedra[t];
            let inverted = volume6(&nodes.map(|n| self.position(n)), [0, 1, 2, 3]) <= 0.0;
            for n in nodes.map(|n| n as usize) {
                let suspect = &mut self.suspects[n];
                suspect.elements += 1.0;
                if inverted && self.inverse_mass[n] > 0.0 {
                    suspect.tangled += 1.0;
                }
            }
        }
    }
}
