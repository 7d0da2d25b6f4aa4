//! Edges are bisected.
//!
//! Edge a-b of tetrahedron T = (a, b, c, d) with the new node m becomes A = (a, m, c, d), which keeps
//! the id and the lane of T, and B = (m, b, c, d), each corner in the place of the one it replaces. With
//! faces named by the corner opposite to them:
//!
//!   A.a - B.b        are glued to each other, {m, c, d}
//!   A.m              is glued to what T.b was, {a, c, d}
//!   B.b'             (opposite to m, in the place of a) to what T.a was, {b, c, d}
//!   A.c, B.c         to the halves of what T.c was; likewise d
//!
//! Whatever is glued to T.c has the edge, too, and is halved alike, so A keeps its glue there and B is
//! glued to the other B in the same place.

use super::{NONE, Room, SPLIT, TopologyError};
use crate::body::{SoftBody, is_computable};
use crate::mesh::FREE_FACE;
use crate::vec3::{axpy, scale};

impl SoftBody {
    /// Bisects the edge from node `a` to node `b`; see [`World::split`](crate::World::split).
    pub(super) fn split(&mut self, edge: [u32; 2], fraction: f64) -> Result<u32, TopologyError> {
        self.find_ring(edge)?;
        self.check_split(edge, fraction)?;
        let node = self.add_node(edge, fraction);
        let ring = std::mem::take(&mut self.topology.around);
        for &t in &ring {
            self.topology.labels[t as usize] = self.cut_off(t as usize, edge, node);
        }
        for &t in &ring {
            self.join_halves(t as usize, edge);
        }
        for &t in &ring {
            self.reshape(t as usize);
            self.topology.labels[t as usize] = NONE;
        }
        self.topology.around = ring;
        self.mend();
        let [a, b] = edge.map(u64::from);
        let arguments = [a, b, fraction.to_bits()];
        self.topology.changed(SPLIT, arguments.into_iter());
        Ok(node)
    }

    /// Lists the tetrahedra at an edge.
    fn find_ring(&mut self, edge: [u32; 2]) -> Result<(), TopologyError> {
        let none = TopologyError::NoSuchEdge { nodes: edge };
        let [a, b] = edge;
        if a == b || a.max(b) as usize >= self.rest.len() {
            return Err(none);
        }
        let topology = &mut self.topology;
        topology.around.clear();
        let at_a = topology.incidence.at(a).map(|corner| corner / 4);
        let at_both = at_a.filter(|t| self.tetrahedra[*t as usize].contains(&b));
        topology.around.extend(at_both); // room for all is reserved
        topology.around.sort_unstable();
        if topology.around.is_empty() {
            return Err(none);
        }
        Ok(())
    }

    /// Whether there is room for the split, and its parts can be computed.
    fn check_split(&self, nodes: [u32; 2], fraction: f64) -> Result<(), TopologyError> {
        if !(fraction > 0.0 && fraction < 1.0) {
            return Err(TopologyError::Fraction { fraction });
        }
        let mut triangles = 0;
        for &tetrahedron in &self.topology.around {
            let t = tetrahedron as usize;
            let ends = self.ends(t, nodes);
            let free = |face: usize| !ends.contains(&face) && self.glue[t][face] == FREE_FACE;
            triangles += (0..4).filter(|face| free(*face)).count();
            let p = self.tetrahedra[t].map(|n| self.rest[n as usize]);
            let middle = axpy(scale(p[ends[0]], 1.0 - fraction), fraction, p[ends[1]]);
            for end in ends {
                let mut part = p;
                part[end] = middle;
                if !is_computable(&part, &self.materials[t]) {
                    return Err(TopologyError::TooThin {
                        nodes,
                        fraction,
                        tetrahedron,
                    });
                }
            }
        }
        self.check_room(Room {
            nodes: 1,
            tetrahedra: self.topology.around.len(),
            triangles,
        })
    }

    /// Where two nodes are among those of tetrahedron `t`.
    fn ends(&self, t: usize, edge: [u32; 2]) -> [usize; 2] {
        let place = |node| self.tetrahedra[t].iter().position(|n| *n == node);
        edge.map(|node| place(node).unwrap_or_default())
    }

    /// Makes B of tetrahedron `t`, which becomes A, and glues both; returns its id.
    fn cut_off(&mut self, t: usize, edge: [u32; 2], node: u32) -> u32 {
        let [ia, ib] = self.ends(t, edge);
        let mut nodes = self.tetrahedra[t];
        nodes.iter().for_each(|n| self.topology.touch(*n));
        self.topology.touch(node);
        nodes[ia] = node;
        let part = self.add_tetrahedron(nodes, t);
        let face = |t: u32, corner: usize| 4 * t + corner as u32;
        let id = t as u32;
        let beyond = self.glue[t][ia];
        self.set_glue(face(part, ia), beyond);
        if beyond == FREE_FACE {
            self.bequeath(face(id, ia), face(part, ia));
        } else {
            self.set_glue(beyond, face(part, ia));
        }
        self.set_glue(face(id, ia), face(part, ib));
        self.set_glue(face(part, ib), face(id, ia));
        self.move_corner(face(id, ib), node);
        part
    }

    /// Glues B of `t` to the other B, or exposes it, at both faces that have the edge.
    fn join_halves(&mut self, t: usize, [a, _]: [u32; 2]) {
        let part = self.topology.labels[t];
        let place = |t: usize, node| self.tetrahedra[t].iter().position(|n| *n == node);
        let ia = place(t, a).unwrap_or_default();
        // A and B differ in two places: a, and where A has the new node.
        let ib = (0..4)
            .find(|i| *i != ia && self.tetrahedra[t][*i] != self.tetrahedra[part as usize][*i])
            .unwrap_or_default();
        for corner in (0..4).filter(|i| *i != ia && *i != ib) {
            let (whole, half) = (4 * t as u32 + corner as u32, 4 * part + corner as u32);
            let beyond = self.glued(whole);
            if beyond == FREE_FACE {
                self.halve(whole, half);
            } else {
                let other = self.topology.labels[beyond as usize / 4];
                self.set_glue(half, 4 * other + beyond % 4);
            }
        }
    }
}
