//! Topology that changes: tetrahedra are removed, edges bisected, faces unglued.
//!
//! Which tetrahedron faces which through which face (the glue) is the truth about what hangs
//! together; that two tetrahedra name the same node follows from it only where they are joined by
//! faces around that node. The boundary is the set of free faces.
//!
//! - [`World::remove`]: tetrahedra vanish with their mass, stiffness and boundary; where neighbours were
//!   glued to them, bare surface appears.
//! - [`World::split`]: an edge is bisected (Rivara 1984), each tetrahedron at it becomes two. The new
//!   node moves with the edge, so volume and momentum stay, and elements remember no more than their
//!   rest shape, which is halved, too.
//! - [`World::unglue`]: faces let go of each other, and every node whose tetrahedra are then no longer
//!   joined around it is duplicated.
//!
//! Each of them changes the elements it names and the nodes these have, never the whole body: nodes
//! know their tetrahedra (`incidence`), and what these give them is summed up anew (`patch`), not
//! subtracted, so nothing is left of a vanished element but what it did to the motion. Ids of nodes
//! and tetrahedra stay what they are: new ones are counted on, removed ones not used again. Triangles
//! of the surface are numbered anew with each change.
//!
//! A removed tetrahedron leaves a lane without stiffness, and a node without tetrahedra has no mass and
//! is never moved. Everything happens in room that was reserved
//! ([`World::reserve_for_cutting`]), or nothing does.

mod error;
mod incidence;
mod patch;
mod remove;
mod room;
mod split;
mod surface;
#[cfg(test)]
mod tests;
mod unglue;

pub use error::TopologyError;
pub use room::Room;

use crate::body::SoftBody;
use crate::digest::Digest;
use crate::elements::law::Kind;
use crate::elements::nodes::NodeSums;
use crate::material::Material;
use crate::mesh::{FREE_FACE, TetMesh};
use crate::simd::LANES;
use crate::world::World;
use incidence::Incidence;
use patch::Gift;

/// Words that tell the history what happened.
const REMOVE: u64 = 1;
const SPLIT: u64 = 2;
const UNGLUE: u64 = 3;
const MEASURE: u64 = 4;

/// No id.
const NONE: u32 = u32::MAX;

/// What it takes to find one's way in a body and to keep its sums.
#[derive(Debug, Clone)]
pub(crate) struct Topology {
    version: u64,
    /// A hash of all changes.
    history: Digest,
    /// Whether shares of the stiffness bound are those of the present mesh.
    measured: bool,
    /// Most nodes, tetrahedra and triangles that there is room for.
    most: Room,
    /// Of each tetrahedron.
    removed: Vec<bool>,
    /// Place of each tetrahedron among the batches, LANES * batch + lane.
    places: Vec<u32>,
    /// The next free place of each law; at the start of a batch: none.
    open: [u32; 2],
    incidence: Incidence,
    /// What each tetrahedron gives to its nodes.
    gifts: Vec<Gift>,
    /// What each node record got.
    sums: Vec<NodeSums>,
    /// Triangle of each face of each tetrahedron, where it is free.
    triangles: Vec<[u32; 4]>,
    /// Face 4 * tetrahedron + face of each triangle.
    faces: Vec<u32>,
    /// Nodes whose sums have to be taken anew, each once.
    touched: Vec<u32>,
    is_touched: Vec<bool>,
    /// Of each tetrahedron, used by the running change; NONE in between.
    labels: Vec<u32>,
    /// Tetrahedra that the running change looks at, and faces that it cuts.
    around: Vec<u32>,
    cuts: Vec<[u32; 2]>,
}

impl Topology {
    /// Of a body that was just packed; `places` as from `pack`, one of `materials` per tetrahedron.
    pub fn new(mesh: &TetMesh, materials: &[Material], places: Vec<u32>) -> Self {
        let (nodes, count) = (mesh.points().len(), mesh.tetrahedra().len());
        let mut triangles = vec![[NONE; 4]; count];
        let mut faces = Vec::with_capacity(mesh.surface().triangles.len());
        for (t, glue) in mesh.glue().iter().enumerate() {
            for face in (0..4).filter(|f| glue[*f] == FREE_FACE) {
                triangles[t][face] = faces.len() as u32;
                faces.push((4 * t + face) as u32);
            }
        }
        let mut open = [0; 2];
        for (material, place) in materials.iter().zip(&places) {
            let open = &mut open[Kind::of(material.law) as usize];
            *open = u32::max(*open, place + 1);
        }
        let gift = |(t, m): (&[u32; 4], &Material)| Gift::new(mesh.points(), *t, m);
        Self {
            version: 0,
            history: Digest::new(),
            measured: true,
            most: Room {
                nodes,
                tetrahedra: count,
                triangles: faces.len(),
            },
            removed: vec![false; count],
            places,
            open,
            incidence: Incidence::new(nodes, mesh.tetrahedra()),
            gifts: mesh.tetrahedra().iter().zip(materials).map(gift).collect(),
            sums: vec![NodeSums::default(); (nodes + 1).next_multiple_of(LANES)],
            triangles,
            faces,
            touched: Vec::new(),
            is_touched: vec![false; nodes],
            labels: vec![NONE; count],
            around: Vec::new(),
            cuts: Vec::new(),
        }
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.word(self.version);
        digest.word(self.history.value());
    }

    /// Sums of all node records.
    pub fn sums(&self) -> &[NodeSums] {
        &self.sums
    }

    fn changed(&mut self, what: u64, arguments: impl Iterator<Item = u64>) {
        self.version += 1;
        self.measured = false;
        self.history.word(what);
        arguments.for_each(|x| self.history.word(x));
    }
}

impl SoftBody {
    /// Rises with each change of the topology, 0 as built.
    #[must_use]
    pub fn topology_version(&self) -> u64 {
        self.topology.version
    }

    /// Nodes of each tetrahedron, by id; the removed ones too, which have the nodes they had.
    #[must_use]
    pub fn tetrahedra(&self) -> &[[u32; 4]] {
        &self.tetrahedra
    }

    /// Whether each tetrahedron was removed.
    #[must_use]
    pub fn removed(&self) -> &[bool] {
        &self.topology.removed
    }

    /// Whether `node` has no tetrahedron left: it has no mass and stays where it is.
    #[must_use]
    pub fn is_dead(&self, node: u32) -> bool {
        self.topology.incidence.first(node) == NONE
    }

    /// Tetrahedra at a node.
    pub(crate) fn tetrahedra_at(&self, node: u32) -> impl Iterator<Item = usize> {
        self.topology
            .incidence
            .at(node)
            .map(|corner| corner as usize / 4)
    }

    /// The tetrahedra that are there: id, nodes.
    pub(crate) fn live(&self) -> impl Iterator<Item = (usize, &[u32; 4])> {
        let all = self.tetrahedra.iter().enumerate();
        all.filter(|(t, _)| !self.topology.removed[*t])
    }

    /// Finds the share of the stiffness bound that the present mesh needs, if it has changed.
    pub(crate) fn measure_anew(&mut self) {
        if !self.topology.measured {
            self.measure_share();
            self.topology.measured = true;
            self.topology.history.word(MEASURE);
        }
    }

    /// Tetrahedron `t`, if it is there.
    fn check_tetrahedron(&self, t: u32) -> Result<usize, TopologyError> {
        match self.topology.removed.get(t as usize) {
            None => Err(TopologyError::NoSuchTetrahedron {
                tetrahedron: t,
                tetrahedra: self.tetrahedra.len(),
            }),
            Some(true) => Err(TopologyError::Removed { tetrahedron: t }),
            Some(false) => Ok(t as usize),
        }
    }
}

impl World {
    /// Reserves room in `body` for what cutting adds to it, `room` beyond what it has now.
    ///
    /// # Errors
    /// An unknown body, more than ids can number.
    pub fn reserve_for_cutting(&mut self, body: usize, room: Room) -> Result<(), TopologyError> {
        self.cuttable(body)?.make_room(room)?;
        self.reserve();
        Ok(())
    }

    /// Removes tetrahedra of `body`, with their mass, stiffness and boundary. Attachments that lead to
    /// a node without tissue let go.
    ///
    /// # Errors
    /// An unknown body, tetrahedra that are not there or named twice, no room for the new surface;
    /// then nothing has changed.
    pub fn remove(&mut self, body: usize, tetrahedra: &[u32]) -> Result<(), TopologyError> {
        self.cuttable(body)?.remove(tetrahedra)?;
        self.attachments.leave_the_dead(body, &self.bodies[body]);
        self.forget_touches(body);
        Ok(())
    }

    /// Bisects the edge of `body` between two nodes, at `fraction` of the way from the first to the
    /// second: every tetrahedron at it becomes two. The part at the first node keeps the id, that at
    /// the second gets a new one. Returns the new node. Where both nodes are held, it is held too.
    ///
    /// # Errors
    /// An unknown body, an edge that no tetrahedron has, a fraction that is not between 0 and 1 or makes
    /// elements that cannot be computed, no room; then nothing has changed.
    pub fn split(
        &mut self,
        body: usize,
        edge: [u32; 2],
        fraction: f64,
    ) -> Result<u32, TopologyError> {
        let node = self.cuttable(body)?.split(edge, fraction)?;
        self.attachments.follow_split(body, edge, fraction, node);
        self.forget_touches(body);
        Ok(node)
    }

    /// Lets faces of `body` go, each given as 4 * tetrahedron + face (as in
    /// [`TetMesh::glue`]) from either side, and duplicates the nodes whose tetrahedra are no longer
    /// joined around them; the part with the lowest tetrahedron keeps the node. Returns the number of
    /// new nodes. A duplicate of a held node is held too.
    ///
    /// # Errors
    /// An unknown body, tetrahedra that are not there, faces that are free, no room; then nothing has
    /// changed.
    pub fn unglue(&mut self, body: usize, faces: &[u32]) -> Result<usize, TopologyError> {
        self.cuttable(body)?;
        self.attachments.note_homes(body, &self.bodies[body]);
        let parted = self.bodies[body].unglue(faces)?;
        self.attachments.follow_homes(body, &self.bodies[body]);
        self.forget_touches(body);
        Ok(parted)
    }

    fn cuttable(&mut self, body: usize) -> Result<&mut SoftBody, TopologyError> {
        let bodies = self.bodies.len();
        let found = self.bodies.get_mut(body);
        found.ok_or(TopologyError::NoSuchBody { body, bodies })
    }

    /// What tools touched last has other ids now, and other tissue meets another surface.
    fn forget_touches(&mut self, body: usize) {
        self.touching.changed(body, &self.bodies);
        for tool in &mut self.tools {
            tool.touch = tool.touch.filter(|touch| touch.body as usize != body);
        }
    }
}
