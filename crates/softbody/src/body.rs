//! A soft body: the model, built once, and the state that changes.

use crate::capsule::Capsule;
use crate::digest::Digest;
use crate::elements::batch::pack;
use crate::elements::nodes::NodeBatch;
use crate::elements::scratch::Scratch;
use crate::elements::wave::Wave;
use crate::elements::{Averaging, Elements, Relax};
use crate::error::{MaterialError, WorldError};
use crate::material::Material;
use crate::mesh::{Surface, TetMesh, is_flat, volume6};
use crate::simd::{Kernel, LANES, Node, Strain};
use crate::stepping::{CALM, Pace, SLOWLY};
use crate::supports::Supports;
use crate::topology::Topology;
use crate::vec3::{Vec3, add, finite, sub, wide};
use crate::viscosity::Viscosity;

/// What a pass means to the memory of viscoelastic tissue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Memory {
    /// Time has passed.
    Keep,
    /// Nothing changes.
    Look,
    /// All stress has relaxed in the present shape.
    Forget,
}

/// Tissue on tetrahedra. Made by [`World::add_soft_body`](crate::World::add_soft_body).
#[derive(Debug, Clone)]
pub struct SoftBody {
    // Model
    pub(crate) rest: Vec<Vec3>,
    pub(crate) tetrahedra: Vec<[u32; 4]>,
    pub(crate) materials: Vec<Material>,
    pub(crate) surface: Surface,
    pub(crate) glue: Vec<[u32; 4]>,
    pub(crate) elements: Elements,
    /// True mass of each node, kg.
    pub(crate) mass: Vec<f32>,
    /// Mass-weighted damping rate of each node, 1/s.
    pub(crate) damping: Vec<f32>,
    /// Smallest height of the tetrahedra at each node, m.
    pub(crate) height: Vec<f32>,
    pub(crate) supports: Supports,
    pub(crate) capsule: Capsule,
    /// Stiffness bound at rest, N/m, and the part of it that is needed there: by the mesh, and by each
    /// node; see `calibration`.
    pub(crate) rest_stiffness: Vec<f32>,
    pub(crate) needed: f32,
    pub(crate) share: Vec<f32>,
    pub(crate) topology: Topology,
    /// Of viscoelastic tissue; memory is part of the state.
    pub(crate) viscosity: Option<Viscosity>,
    // State; arrays of node records hold the dummy node of the padding lanes and are padded to whole
    // batches.
    /// Displacement, m; w: used by the running pass.
    pub(crate) u: Vec<Node>,
    /// Velocity, m/s.
    pub(crate) v: Vec<Node>,
    /// Elastic force, N; w: the bound of its stiffness, N/m.
    pub(crate) f: Vec<Node>,
    pub(crate) scratch: Scratch,
    /// Displacements at the start of the tick, to return to after a fault.
    pub(crate) u_before: Vec<Node>,
    /// Stiffness bound, N/m, as last taken over.
    pub(crate) stiffness: Vec<f32>,
    /// 1 / m_eff, 0 for held nodes, 1/kg.
    pub(crate) inverse_mass: Vec<f32>,
    pub(crate) calm_ticks: u32,
    pub(crate) pace: Pace,
    /// Ticks in a row after which there were tangles.
    pub(crate) tangled_ticks: u32,
    /// Inverted elements around each free node, as last counted; used while tangles are looked for.
    pub(crate) inverted: Vec<u32>,
}

impl SoftBody {
    pub(crate) fn new(
        mesh: &TetMesh,
        materials: &[Material],
        fixed: &[u32],
        averaging: Averaging,
        kernel: Kernel,
    ) -> Result<Self, WorldError> {
        let count = mesh.tetrahedra().len();
        let materials = match materials {
            [one] => vec![*one; count],
            all if all.len() == count => all.to_vec(),
            other => {
                return Err(WorldError::MaterialCount {
                    given: other.len(),
                    tetrahedra: count,
                });
            }
        };
        materials.iter().try_for_each(Material::validate)?;
        for (t, material) in materials.iter().enumerate() {
            let points = mesh.tetrahedra()[t].map(|n| mesh.points()[n as usize]);
            check_magnitudes(&points, t, material)?;
        }
        let nodes = mesh.points().len();
        let (batches, places) = pack(mesh, &materials, nodes as u32);
        let records = (nodes + 1).next_multiple_of(LANES);
        let zeros = vec![[0.0; 4]; records];
        let share = averaging.own_share();
        let (rest, tetrahedra) = (mesh.points(), mesh.tetrahedra());
        let viscosity = Viscosity::new(rest, tetrahedra, &materials, records, share);
        if viscosity.is_some() && averaging != Averaging::Strain {
            return Err(WorldError::ViscousNeedsStrain);
        }
        let mut body = Self {
            topology: Topology::new(mesh, &materials, places),
            rest: mesh.points().to_vec(),
            tetrahedra: mesh.tetrahedra().to_vec(),
            capsule: Capsule::new(mesh.points(), mesh.surface()),
            surface: mesh.surface().clone(),
            glue: mesh.glue().to_vec(),
            materials,
            elements: Elements {
                kernel,
                averaging,
                own: viscosity.as_ref().map_or(share, Viscosity::own),
                batches,
                nodes: Vec::new(),
                wave: Wave::default(),
            },
            mass: vec![0.0; nodes],
            damping: vec![0.0; nodes],
            height: vec![f32::INFINITY; nodes],
            supports: Supports::default(),
            u: zeros.clone(),
            v: zeros.clone(),
            viscosity,
            f: zeros.clone(),
            scratch: Scratch::default(),
            u_before: zeros,
            rest_stiffness: vec![0.0; nodes],
            needed: 1.0,
            share: vec![1.0; nodes],
            stiffness: vec![0.0; nodes],
            inverse_mass: vec![0.0; nodes],
            calm_ticks: CALM,
            pace: Pace::default(),
            tangled_ticks: 0,
            inverted: vec![0; nodes],
        };
        (0..nodes).for_each(|n| body.lump(n));
        body.elements.nodes = NodeBatch::pack(body.topology.sums());
        body.elements.renew_wave();
        body.scratch = body.elements.scratch();
        for &node in fixed {
            body.check_node(node)?;
            body.supports.hold(node, [0.0; 3]);
        }
        body.elastic_pass(Memory::Forget, true);
        body.reset_bounds();
        body.calibrate();
        body.set_masses(0.0);
        Ok(body)
    }

    pub(crate) fn check_node(&self, node: u32) -> Result<(), WorldError> {
        let nodes = self.rest.len();
        if (node as usize) < nodes {
            Ok(())
        } else {
            Err(WorldError::NoSuchNode {
                node: u64::from(node),
                nodes,
            })
        }
    }

    /// Forces of the present displacements, and the `bounds` of their stiffness if they are wanted, into
    /// `f`.
    pub(crate) fn elastic_pass(&mut self, memory: Memory, bounds: bool) {
        let mut viscosity = self.viscosity.as_mut();
        if let Some(viscosity) = &mut viscosity {
            viscosity.begin();
        }
        let mut change = viscosity.map(|viscosity| {
            move |first: usize, stresses: &mut [Strain]| match memory {
                Memory::Keep => viscosity.relax(first, stresses, true),
                Memory::Look => viscosity.relax(first, stresses, false),
                Memory::Forget => viscosity.forget(first, stresses),
            }
        });
        let relax = change.as_mut().map(|change| change as Relax<f32>);
        self.elements.renew_wave();
        let (scratch, f) = (&mut self.scratch, &mut self.f);
        self.elements.forces(&self.u, scratch, f, relax, bounds);
        if let (Some(viscosity), true) = (&mut self.viscosity, memory != Memory::Look) {
            viscosity.end();
        }
    }

    /// Takes over the bounds that the last pass measured: rising at once, falling slowly, because
    /// masses that follow every vibration would feed it. Substeps are of `h` (s).
    pub(crate) fn take_bounds(&mut self, h: f64) {
        self.brake(h);
        for (k, f) in self.stiffness.iter_mut().zip(&self.f) {
            *k = f[3].max(*k + (f[3] - *k) * (1.0 / SLOWLY as f32));
        }
    }

    /// Takes them over as they are.
    pub(crate) fn reset_bounds(&mut self) {
        for (k, f) in self.stiffness.iter_mut().zip(&self.f) {
            *k = f[3];
        }
        self.pace = Pace::default();
    }

    /// Holds nodes at displacements from rest (m), reached at the end of the next step. Nodes that were
    /// cut out stay where they are.
    ///
    /// # Errors
    /// Unknown nodes, numbers that are not finite, lists of different lengths.
    pub fn prescribe(&mut self, nodes: &[u32], displacements: &[Vec3]) -> Result<(), WorldError> {
        if nodes.len() != displacements.len() {
            let (nodes, displacements) = (nodes.len(), displacements.len());
            return Err(WorldError::DisplacementCount {
                displacements,
                nodes,
            });
        }
        for (&node, &d) in nodes.iter().zip(displacements) {
            self.check_node(node)?;
            if !finite(d) {
                return Err(WorldError::NotFinite {
                    name: "a prescribed displacement",
                });
            }
        }
        for (&node, &d) in nodes.iter().zip(displacements) {
            if !self.is_dead(node) {
                self.supports.hold(node, d);
            }
        }
        Ok(())
    }

    /// Lets nodes go; those that were not held stay free.
    ///
    /// # Errors
    /// Unknown nodes.
    pub fn release(&mut self, nodes: &[u32]) -> Result<(), WorldError> {
        nodes.iter().try_for_each(|&n| self.check_node(n))?;
        nodes.iter().for_each(|&n| self.supports.release(n));
        Ok(())
    }

    /// Bound of each node's stiffness, N/m, as last measured; see
    /// `elasticity`.
    #[must_use]
    pub fn stiffness_bounds(&self) -> &[f32] {
        &self.stiffness
    }

    /// True mass of each node, kg.
    #[must_use]
    pub fn masses(&self) -> &[f32] {
        &self.mass
    }

    /// Material of each tetrahedron.
    #[must_use]
    pub fn materials(&self) -> &[Material] {
        &self.materials
    }

    /// Number of nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.rest.len()
    }

    /// Held nodes, ascending.
    #[must_use]
    pub fn supports(&self) -> &[u32] {
        &self.supports.nodes
    }

    /// The boundary, outward.
    #[must_use]
    pub fn surface(&self) -> &Surface {
        &self.surface
    }

    /// Which face is glued to which, as in [`TetMesh::glue`]: what cutting would change.
    #[must_use]
    pub fn glue(&self) -> &[[u32; 4]] {
        &self.glue
    }

    /// All that can differ between two bodies of one model and that their future depends on.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        self.u.iter().chain(&self.v).for_each(|n| digest.node(n));
        for (k, w) in self.stiffness.iter().zip(&self.inverse_mass) {
            digest.word(u64::from(k.to_bits()) << 1 | u64::from(*w == 0.0)); // 0: held
        }
        self.supports.digest(digest);
        self.capsule.digest(digest);
        digest.word(u64::from(self.calm_ticks) << 32 | u64::from(self.tangled_ticks));
        self.topology.digest(digest);
        digest.word(self.pace.word());
        if let Some(viscosity) = &self.viscosity {
            viscosity.digest(digest);
        }
    }

    /// Position of one node, m.
    #[must_use]
    pub fn position(&self, node: u32) -> Vec3 {
        add(self.rest[node as usize], wide(self.u[node as usize]))
    }

    /// Displacement of one node from rest, m.
    #[must_use]
    pub fn displacement(&self, node: u32) -> Vec3 {
        wide(self.u[node as usize])
    }

    /// Velocity of one node, m/s.
    #[must_use]
    pub fn velocity(&self, node: u32) -> Vec3 {
        wide(self.v[node as usize])
    }

    /// Position of one node at rest, m.
    #[must_use]
    pub fn rest_position(&self, node: u32) -> Vec3 {
        self.rest[node as usize]
    }

    /// Copies all positions (m) to `out`, as many as both hold. Does not allocate.
    pub fn write_positions(&self, out: &mut [Vec3]) {
        for ((out, rest), u) in out.iter_mut().zip(&self.rest).zip(&self.u) {
            *out = add(*rest, wide(*u));
        }
    }

    /// Sets the largest in-plane strain that the surface bears; see [`capsule`](crate::capsule).
    /// None or NaN: it bears any. Zero or less: it tears wherever a tool comes near.
    pub fn set_capsule(&mut self, ultimate_strain: Option<f64>) {
        let limit = ultimate_strain.filter(|limit| !limit.is_nan());
        self.capsule.ultimate_strain = limit.unwrap_or(f64::INFINITY);
    }

    /// Whether surface triangle `triangle` has torn.
    #[must_use]
    pub fn is_torn(&self, triangle: u32) -> bool {
        self.capsule.is_torn(triangle)
    }
}

/// The nodes of a tetrahedron that is given by its own four points.
const SELF: [u32; 4] = [0, 1, 2, 3];

/// Distance of a corner from the opposite face, m.
pub(crate) fn height(points: &[Vec3], t: [u32; 4], corner: usize) -> f64 {
    let [a, b, c] = crate::mesh::FACE_NODES[corner].map(|i| points[t[i] as usize]);
    let area2 = crate::vec3::norm(crate::vec3::cross(sub(b, a), sub(c, a)));
    volume6(points, t) / area2
}

/// Whether a tetrahedron is not flat, and f32 can hold its numbers.
pub(crate) fn is_computable(points: &[Vec3; 4], material: &Material) -> bool {
    !is_flat(points, SELF) && check_magnitudes(points, 0, material).is_ok()
}

/// Refuses elements whose numbers f32 cannot hold: better than to blame the motion later.
fn check_magnitudes(
    points: &[Vec3; 4],
    tetrahedron: usize,
    m: &Material,
) -> Result<(), WorldError> {
    // A factor of 1e6 on either side is room for sums, for squares of strains and for floors.
    let holds = |x: f64| x > 1e6 * f64::from(f32::MIN_POSITIVE) && x < 1e-6 * f64::from(f32::MAX);
    let volume = volume6(points, SELF) / 6.0;
    let heights = [0, 1, 2, 3].map(|corner| height(points, SELF, corner));
    // Gradients are inverse heights; they enter squared.
    if !holds(volume) || !heights.iter().all(|h| holds(h * h) && holds(1.0 / (h * h))) {
        return Err(WorldError::Size {
            tetrahedron,
            volume,
        });
    }
    let least = heights.into_iter().fold(f64::INFINITY, f64::min);
    let fine = |modulus: f64| {
        holds(modulus) && holds(modulus * volume) && holds(modulus * volume / (least * least))
    };
    let check = |ok: bool, name, value| {
        if ok {
            Ok(())
        } else {
            Err(MaterialError::Magnitude {
                name,
                value,
                tetrahedron,
            })
        }
    };
    check(fine(m.mu()), "young_modulus", m.young_modulus)?;
    check(fine(m.nodal_lambda()), "poisson_ratio", m.poisson_ratio)?;
    let mass = m.density * volume;
    check(holds(m.density) && holds(mass), "density", m.density)?;
    check(m.damping == 0.0 || holds(m.damping), "damping", m.damping)?;
    Ok(())
}
