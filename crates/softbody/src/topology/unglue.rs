//! Faces let go of each other, and nodes part.
//!
//! Around a node, tetrahedra hang together through the faces that have the node. When faces let go, the
//! tetrahedra at one of their nodes may fall apart into several such parts; each but the one with the
//! lowest tetrahedron then gets a node of its own, in the same place and with the same motion. A node at
//! the rim of a cut, where tetrahedra still hang together around the end of it, stays one.

use super::{NONE, Room, TopologyError, UNGLUE};
use crate::body::SoftBody;
use crate::mesh::FREE_FACE;
use crate::simd::LANES;

impl SoftBody {
    /// Lets `faces` go; see [`World::unglue`](crate::World::unglue).
    pub(super) fn unglue(&mut self, faces: &[u32]) -> Result<usize, TopologyError> {
        for &face in faces {
            self.check_tetrahedron(face / 4)?;
            if self.glued(face) == FREE_FACE {
                let (tetrahedron, face) = (face / 4, face % 4);
                return Err(TopologyError::NotGlued { tetrahedron, face });
            }
        }
        if faces.is_empty() {
            return Ok(0);
        }
        self.cut_glue(faces);
        self.touch_cuts();
        let nodes = self.missing_nodes();
        let triangles = 2 * self.topology.cuts.len();
        if let Err(error) = self.check_room(Room {
            nodes,
            triangles,
            ..Room::default()
        }) {
            self.glue_again();
            return Err(error);
        }
        self.open();
        self.mend();
        let arguments = faces.iter().map(|f| u64::from(*f));
        self.topology.changed(UNGLUE, arguments);
        Ok(nodes)
    }

    /// Frees `faces` and what they are glued to, and notes both; stops where there is no room.
    fn cut_glue(&mut self, faces: &[u32]) {
        self.topology.cuts.clear();
        for &face in faces {
            let other = self.glued(face);
            if other == FREE_FACE {
                continue; // named from both sides
            }
            if self.topology.cuts.len() == self.topology.most.triangles {
                return; // `check_room` will say so
            }
            self.set_glue(face, FREE_FACE);
            self.set_glue(other, FREE_FACE);
            self.topology.cuts.push([face, other]);
        }
    }

    /// Takes `cut_glue` and `touch_cuts` back.
    fn glue_again(&mut self) {
        while let Some([face, other]) = self.topology.cuts.pop() {
            self.set_glue(face, other);
            self.set_glue(other, face);
        }
        while let Some(node) = self.topology.touched.pop() {
            self.topology.is_touched[node as usize] = false;
        }
    }

    /// Touches the nodes of all cut faces.
    fn touch_cuts(&mut self) {
        for i in 0..self.topology.cuts.len() {
            let [face, _] = self.topology.cuts[i];
            for node in self.face_nodes(face) {
                self.topology.touch(node);
            }
        }
    }

    /// Parts of all touched nodes beyond one each.
    fn missing_nodes(&mut self) -> usize {
        let mut missing = 0;
        for i in 0..self.topology.touched.len() {
            let node = self.topology.touched[i];
            missing += self.label_parts(node) - 1;
            let Self { topology, .. } = self;
            for corner in topology.incidence.at(node) {
                topology.labels[corner as usize / 4] = NONE;
            }
        }
        missing
    }

    /// Labels the tetrahedra at `node` with their parts, from 0, and returns the number of these.
    fn label_parts(&mut self, node: u32) -> usize {
        let corners = self.topology.incidence.at(node);
        let mut seed = corners.map(|corner| corner / 4).min().unwrap_or(NONE);
        let mut parts = 0;
        while seed != NONE {
            self.flood(seed, node, parts);
            parts += 1;
            let labels = &self.topology.labels;
            let mut tetrahedra = self.topology.incidence.at(node).map(|corner| corner / 4);
            let next = tetrahedra.find(|t| labels[*t as usize] == NONE);
            seed = next.unwrap_or(NONE);
        }
        parts as usize
    }

    /// Labels all that hangs together with tetrahedron `seed` around `node`.
    fn flood(&mut self, seed: u32, node: u32, label: u32) {
        let topology = &mut self.topology;
        topology.labels[seed as usize] = label;
        topology.around.clear();
        topology.around.push(seed);
        while let Some(t) = topology.around.pop() {
            let t = t as usize;
            for face in (0..4).filter(|face| self.tetrahedra[t][*face] != node) {
                let beyond = self.glue[t][face];
                if beyond == FREE_FACE || topology.labels[beyond as usize / 4] != NONE {
                    continue;
                }
                topology.labels[beyond as usize / 4] = label;
                topology.around.push(beyond / 4); // each once, so there is room
            }
        }
    }

    /// Gives all cut faces their triangles and all parts of the touched nodes their nodes.
    fn open(&mut self) {
        for i in 0..self.topology.cuts.len() {
            let [face, other] = self.topology.cuts[i];
            self.expose(face);
            self.expose(other);
        }
        for i in 0..self.topology.touched.len() {
            self.part(self.topology.touched[i]);
        }
    }

    fn part(&mut self, node: u32) {
        let parts = self.label_parts(node);
        let first = self.rest.len() as u32;
        for _ in 1..parts {
            let twin = self.add_node([node; 2], 0.0);
            self.topology.touch(twin);
        }
        let Self { topology, .. } = self;
        topology.around.clear();
        topology.around.extend(topology.incidence.at(node));
        for i in 0..self.topology.around.len() {
            let corner = self.topology.around[i];
            let label = std::mem::replace(&mut self.topology.labels[corner as usize / 4], NONE);
            if label > 0 {
                self.hand_over(corner, first + label - 1);
            }
        }
    }

    /// Corner 4 * tetrahedron + place belongs to `node` from now on, in lane and surface, too.
    fn hand_over(&mut self, corner: u32, node: u32) {
        self.move_corner(corner, node);
        let t = corner as usize / 4;
        let place = self.topology.places[t] as usize;
        let batch = &mut self.elements.batches[place / LANES];
        batch.corners.set(place % LANES, self.tetrahedra[t]);
        for face in (4 * t as u32..4 * t as u32 + 4).filter(|face| *face != corner) {
            if self.glued(face) == FREE_FACE {
                self.follow_nodes(face);
            }
        }
    }
}
