//! The watchdog: tissue that a violent moment has turned inside out.
//!
//! An element that is inverted, or longer than [`STRETCH`] times itself, is beyond what any law of
//! tissue says. Its forces still point back (see `material`), but on their way nodes may pass each other
//! and come to rest folded, in an equilibrium that is none of the tissue's own. So after every tick
//! of violence such elements are looked for, and the nodes to blame, those with the most of them
//! around, are put back among their neighbours, at rest: the displacement of such a node becomes the mean
//! over its sound neighbours, which is a sweep of the harmonic extension of the sound tissue's
//! displacements into the tangle. That goes on in every tick until no tangle is left.

use crate::body::SoftBody;
use crate::mesh::volume6;
use crate::simd::Node;
use crate::vec3::{Vec3, add, dot, sub, wide};

/// Multiple of its length at rest beyond which an edge is out of reason.
const STRETCH: f64 = 5.0;
/// Nodes are to blame that have at least this part of the share of tangled elements that the worst node
/// has around it.
const BLAME: f32 = 0.5;
const EDGES: [[usize; 2]; 6] = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]];

/// What is known of a node while tangles are looked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Suspect {
    /// Elements around it, and how many of them are tangled.
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
    /// Looks for tangled elements and puts the free nodes that are to blame back among their
    /// neighbours; the body stays on guard until there are none. Returns how many nodes were moved.
    pub(crate) fn untangle(&mut self) -> u32 {
        if !self.blame() {
            return 0;
        }
        self.calm_ticks = 0;
        for t in &self.tetrahedra {
            for n in t.map(|n| n as usize) {
                for m in t.map(|m| m as usize) {
                    if self.suspects[n].blamed && !self.suspects[m].blamed {
                        self.suspects[n].take(&self.u[m]);
                    }
                }
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

    /// Marks the free nodes that are to blame for tangled elements, if there are any.
    fn blame(&mut self) -> bool {
        self.count_tangles();
        let free = |w: &f32| if *w > 0.0 { 1.0 } else { 0.0 };
        let weights = self.inverse_mass.iter().map(free);
        let shares = self.suspects.iter().zip(weights.clone());
        let worst = shares.map(|(s, w)| w * s.share()).fold(0.0, f32::max);
        for (s, w) in self.suspects.iter_mut().zip(weights) {
            s.blamed = worst > 0.0 && w * s.share() >= BLAME * worst;
        }
        worst > 0.0
    }

    /// Counts tangled elements around every node.
    fn count_tangles(&mut self) {
        self.suspects.fill(Suspect::default());
        for t in 0..self.tetrahedra.len() {
            let tangled = self.is_tangled(self.tetrahedra[t]);
            for n in self.tetrahedra[t] {
                let suspect = &mut self.suspects[n as usize];
                suspect.elements += 1.0;
                suspect.tangled += f32::from(u8::from(tangled));
            }
        }
    }

    fn is_tangled(&self, t: [u32; 4]) -> bool {
        let rest = t.map(|n| self.rest[n as usize]);
        let now: [Vec3; 4] = t.map(|n| add(self.rest[n as usize], wide(self.u[n as usize])));
        if volume6(&now, [0, 1, 2, 3]) <= 0.0 {
            return true;
        }
        EDGES.iter().any(|&[a, b]| {
            let (long, short) = (sub(now[b], now[a]), sub(rest[b], rest[a]));
            dot(long, long) > STRETCH * STRETCH * dot(short, short)
        })
    }
}
