//! Attachments follow the tissue they hold when it is cut.
//!
//! - Removed: an attachment lets go once one of its nodes has no tissue left.
//! - Split: a point with weights w_a, w_b at edge a-b, whose new node is m = (1 - f) a + f b, lies beside
//!   a or beside b. Beside a, where w_b (1 - f) <= w_a f, it is the same point with
//!   w_m = w_b / f, w_a' = w_a - w_b (1 - f) / f and b left out; beside b likewise.
//! - Unglued: a point between nodes stays in the tetrahedron that has them all; a point at a node stays
//!   at that node.

use super::{Anchor, Attachments, TissuePoint};
use crate::body::SoftBody;

/// The tetrahedron that a point is in, and which of its corners the point's nodes are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Home {
    tetrahedron: usize,
    corners: [usize; 4],
}

impl TissuePoint {
    /// Of a point of `body` between at least two nodes of one tetrahedron.
    fn home(&self, body: &SoftBody) -> Option<Home> {
        let (_, first, _) = self.parts().next()?;
        self.parts().nth(1)?;
        let inside = |t: &usize| {
            let nodes = &body.tetrahedra()[*t];
            self.parts().all(|(_, n, _)| nodes.contains(&n))
        };
        let tetrahedron = body.tetrahedra_at(first).find(inside)?;
        let nodes = &body.tetrahedra()[tetrahedron];
        let place = |n: u32| nodes.iter().position(|m| *m == n).unwrap_or_default();
        let corners = self.nodes.map(place);
        Some(Home {
            tetrahedron,
            corners,
        })
    }

    /// The edge from node `a` to node `b` was bisected at `f` by the node `m`. Returns whether that
    /// changes anything.
    fn follow_split(&mut self, [a, b]: [u32; 2], f: f64, m: u32) -> bool {
        let place = |node| self.parts().find(|(_, n, _)| *n == node).map(|(j, ..)| j);
        let (Some(i), Some(j)) = (place(a), place(b)) else {
            return false;
        };
        let w = &mut self.weights;
        if w[j] * (1.0 - f) <= w[i] * f {
            w[i] -= w[j] * (1.0 - f) / f;
            w[j] /= f;
            self.nodes[j] = m;
        } else {
            w[j] -= w[i] * f / (1.0 - f);
            w[i] /= 1.0 - f;
            self.nodes[i] = m;
        }
        true
    }
}

impl Attachments {
    /// The ends that lead to tissue of `body`, with their place in the list.
    fn ends(&mut self, body: usize) -> impl Iterator<Item = (usize, usize, &mut TissuePoint)> {
        let ends = self.all.iter_mut().enumerate().flat_map(|(i, a)| {
            let to = match &mut a.to {
                Anchor::World(_) => None,
                Anchor::Tissue(point) => Some((i, 1, point)),
            };
            [Some((i, 0, &mut a.from)), to].into_iter().flatten()
        });
        ends.filter(move |(.., point)| point.body == body)
    }

    /// Those that lead to a node of `body` without tissue let go.
    pub(crate) fn leave_the_dead(&mut self, id: usize, body: &SoftBody) {
        for attachment in self.whole() {
            let ends = [Some(attachment.from), attachment.to.tissue()];
            let mine = ends.into_iter().flatten().filter(|point| point.body == id);
            let mut nodes = mine.flat_map(|point| point.parts().map(|(_, node, _)| node));
            if nodes.any(|node| body.is_dead(node)) {
                attachment.let_go();
                (attachment.force, attachment.force_vector) = (0.0, [0.0; 3]);
            }
        }
    }

    /// An edge of `body` was bisected at `fraction` by `node`.
    pub(crate) fn follow_split(&mut self, body: usize, edge: [u32; 2], fraction: f64, node: u32) {
        let mut moved = false;
        for (.., point) in self.ends(body) {
            moved |= point.follow_split(edge, fraction, node);
        }
        if moved {
            self.tie_knots();
        }
    }

    /// Notes where the ends in `body` are, before nodes part.
    pub(crate) fn note_homes(&mut self, id: usize, body: &SoftBody) {
        let mut homes = std::mem::take(&mut self.homes);
        homes.clear();
        homes.resize(self.all.len(), [None; 2]); // room is reserved
        for (i, end, point) in self.ends(id) {
            homes[i][end] = point.home(body);
        }
        self.homes = homes;
    }

    /// The ends in `body` are where they were noted, whatever the nodes are called now.
    pub(crate) fn follow_homes(&mut self, id: usize, body: &SoftBody) {
        let homes = std::mem::take(&mut self.homes);
        let mut moved = false;
        for (i, end, point) in self.ends(id) {
            if let Some(home) = homes[i][end] {
                let nodes = body.tetrahedra()[home.tetrahedron];
                let nodes = home.corners.map(|corner| nodes[corner]);
                moved |= point.nodes != nodes;
                point.nodes = nodes;
            }
        }
        self.homes = homes;
        if moved {
            self.tie_knots();
        }
    }
}
