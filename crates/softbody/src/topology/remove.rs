//! Tetrahedra vanish.

use super::{NONE, REMOVE, Room, TopologyError};
use crate::body::SoftBody;
use crate::mesh::FREE_FACE;
use crate::simd::LANES;

/// Marks what is about to be removed.
const DOOMED: u32 = 0;

impl SoftBody {
    pub(super) fn remove(&mut self, tetrahedra: &[u32]) -> Result<(), TopologyError> {
        if tetrahedra.is_empty() {
            return Ok(());
        }
        let fine = self.doom(tetrahedra);
        if fine.is_ok() {
            let faces = || {
                tetrahedra
                    .iter()
                    .flat_map(|t| (0..4).map(move |f| 4 * t + f))
            };
            for face in faces() {
                if self.glued(face) == FREE_FACE {
                    self.hide(face);
                }
            }
            for face in faces() {
                if self.glued(face) != FREE_FACE {
                    self.lose_neighbour(face);
                }
            }
            for &t in tetrahedra {
                self.erase(t as usize);
            }
            self.mend();
            self.topology
                .changed(REMOVE, tetrahedra.iter().map(|t| u64::from(*t)));
        }
        for &t in tetrahedra {
            if let Some(label) = self.topology.labels.get_mut(t as usize) {
                *label = NONE;
            }
        }
        fine
    }

    /// Marks `tetrahedra`, unless something is wrong with them.
    fn doom(&mut self, tetrahedra: &[u32]) -> Result<(), TopologyError> {
        for &tetrahedron in tetrahedra {
            let t = self.check_tetrahedron(tetrahedron)?;
            if std::mem::replace(&mut self.topology.labels[t], DOOMED) == DOOMED {
                return Err(TopologyError::Twice { tetrahedron });
            }
        }
        let (mut gone, mut bare) = (0, 0);
        for &other in tetrahedra.iter().flat_map(|t| &self.glue[*t as usize]) {
            if other == FREE_FACE {
                gone += 1;
            } else if !self.is_doomed(other) {
                bare += 1;
            }
        }
        let triangles = usize::saturating_sub(bare, gone);
        self.check_room(Room {
            triangles,
            ..Room::default()
        })
    }

    fn is_doomed(&self, face: u32) -> bool {
        self.topology.labels[face as usize / 4] == DOOMED
    }

    /// Frees the face on the other side of `face`.
    fn lose_neighbour(&mut self, face: u32) {
        let other = self.glued(face);
        self.set_glue(face, FREE_FACE);
        self.set_glue(other, FREE_FACE);
        if !self.is_doomed(other) {
            self.expose(other);
        }
    }

    /// Takes tetrahedron `t`, whose faces are free and hidden, away from its nodes and its lane.
    fn erase(&mut self, t: usize) {
        for (corner, node) in self.tetrahedra[t].into_iter().enumerate() {
            let corner = (4 * t + corner) as u32;
            self.topology.incidence.unlink(node, corner);
            self.topology.touch(node);
        }
        self.topology.removed[t] = true;
        let place = self.topology.places[t] as usize;
        self.elements.batches[place / LANES].clear(place % LANES);
    }
}
