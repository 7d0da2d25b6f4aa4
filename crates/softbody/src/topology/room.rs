//! Room for what cutting adds.

use super::{Topology, TopologyError};
use crate::body::SoftBody;
use crate::elements::nodes::NodeBatch;
use crate::error::{MOST_NODES, MOST_TETRAHEDRA};
use crate::simd::LANES;

/// How much room there is in a body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Room {
    /// Nodes: one for each split, and one for each part of a node but the first.
    pub nodes: usize,
    /// Tetrahedra: one for each that is split.
    pub tetrahedra: usize,
    /// Surface triangles: one for each glued face of what is removed, two for each unglued face, one
    /// for each triangle at a split edge.
    pub triangles: usize,
}

/// Room in `list` for `most` in all.
fn hold<T>(list: &mut Vec<T>, most: usize) {
    list.reserve_exact(most.saturating_sub(list.len()));
}

impl SoftBody {
    /// Room that is left.
    #[must_use]
    pub fn room(&self) -> Room {
        let most = self.topology.most;
        Room {
            nodes: most.nodes - self.rest.len(),
            tetrahedra: most.tetrahedra - self.tetrahedra.len(),
            triangles: most.triangles - self.surface.triangles.len(),
        }
    }

    /// Most nodes, tetrahedra and triangles it will ever have.
    pub(crate) fn most(&self) -> Room {
        self.topology.most
    }

    pub(super) fn check_room(&self, needed: Room) -> Result<(), TopologyError> {
        let left = self.room();
        for (what, needed, left) in [
            ("nodes", needed.nodes, left.nodes),
            ("tetrahedra", needed.tetrahedra, left.tetrahedra),
            ("surface triangles", needed.triangles, left.triangles),
        ] {
            if needed > left {
                return Err(TopologyError::NoRoom { what, needed, left });
            }
        }
        Ok(())
    }

    /// Makes `room` beyond what the body has now.
    pub(super) fn make_room(&mut self, room: Room) -> Result<(), TopologyError> {
        let sum = |what, have: usize, more: usize, most: u64| {
            let wanted = have.saturating_add(more);
            let fits = wanted as u64 <= most;
            fits.then_some(wanted)
                .ok_or(TopologyError::TooMuch { what, wanted, most })
        };
        let now = &self.topology.most;
        let most_triangles = 4 * MOST_TETRAHEDRA;
        let (nodes, tetrahedra) = (self.rest.len(), self.tetrahedra.len());
        let triangles = self.surface.triangles.len();
        let most = Room {
            nodes: sum("nodes", nodes, room.nodes, MOST_NODES)?.max(now.nodes),
            tetrahedra: sum("tetrahedra", tetrahedra, room.tetrahedra, MOST_TETRAHEDRA)?
                .max(now.tetrahedra),
            triangles: sum(
                "surface triangles",
                triangles,
                room.triangles,
                most_triangles,
            )?
            .max(now.triangles),
        };
        self.topology.most = most;
        self.lengthen_records();
        self.hold_room();
        Ok(())
    }

    /// Node records for all nodes to come, and the dummy behind them.
    fn lengthen_records(&mut self) {
        let dummy = self.topology.most.nodes;
        let records = (dummy + 1).next_multiple_of(LANES);
        for nodes in [&mut self.u, &mut self.v, &mut self.f, &mut self.u_before] {
            nodes.resize(records, [0.0; 4]);
        }
        self.inverted.resize(dummy, 0);
        self.topology.sums.resize(records, Default::default());
        self.elements.nodes = NodeBatch::pack(&self.topology.sums);
        self.elements.wave.stale = true;
        if let Some(viscosity) = &mut self.viscosity {
            viscosity.lengthen(records);
        }
        let mut used = vec![false; LANES * self.elements.batches.len()];
        for place in &self.topology.places {
            used[*place as usize] = true;
        }
        for place in (0..used.len()).filter(|p| !used[*p]) {
            let batch = &mut self.elements.batches[place / LANES];
            batch.corners.set(place % LANES, [dummy as u32; 4]);
        }
    }

    /// Reserves in all lists what the body may come to have; a cloned `Vec` has only room for what is
    /// in it.
    pub(crate) fn hold_room(&mut self) {
        let most = self.topology.most;
        let batches = self.elements.batches.len();
        let children = most.tetrahedra - self.tetrahedra.len();
        // Both laws may have a batch that is not full.
        let batches = batches + children.div_ceil(LANES) + usize::from(children > 0);
        hold(&mut self.elements.batches, batches);
        let node_batches = self.elements.nodes.len();
        self.elements.wave.hold_room(node_batches, batches);
        self.scratch.resize(self.u.len(), batches);
        hold(&mut self.rest, most.nodes);
        for list in [
            &mut self.mass,
            &mut self.damping,
            &mut self.height,
            &mut self.rest_stiffness,
            &mut self.share,
            &mut self.stiffness,
            &mut self.inverse_mass,
        ] {
            hold(list, most.nodes);
        }
        hold(&mut self.supports.nodes, most.nodes);
        hold(&mut self.supports.displacements, most.nodes);
        hold(&mut self.tetrahedra, most.tetrahedra);
        hold(&mut self.materials, most.tetrahedra);
        hold(&mut self.glue, most.tetrahedra);
        hold(&mut self.surface.triangles, most.triangles);
        hold(&mut self.surface.owned, most.triangles);
        self.capsule.hold_room(most.triangles);
        self.topology.hold_room();
    }
}

impl Topology {
    fn hold_room(&mut self) {
        let most = self.most;
        hold(&mut self.removed, most.tetrahedra);
        hold(&mut self.places, most.tetrahedra);
        hold(&mut self.incidence.firsts, most.nodes);
        hold(&mut self.incidence.next, most.tetrahedra);
        hold(&mut self.gifts, most.tetrahedra);
        hold(&mut self.triangles, most.tetrahedra);
        hold(&mut self.faces, most.triangles);
        hold(&mut self.touched, most.nodes);
        hold(&mut self.is_touched, most.nodes);
        hold(&mut self.labels, most.tetrahedra);
        hold(&mut self.around, most.tetrahedra);
        hold(&mut self.cuts, most.triangles);
    }
}
