//! What nodes are, from the tetrahedra they have: sums that are taken anew for the nodes a change has
//! touched, and only for these.
//!
//! The bound of a corner's stiffness at rest (F = 1; `elements/bound`):
//!
//!   stable Neo-Hookean   k_a = V (2 mu + lambda) |g_a|^2
//!   Mooney-Rivlin        k_a = V ((2 + r) mu + lambda) |g_a|^2 + sqrt(3) r V mu |g_a| sum_b |g_b|
//!
//! with Neo-Hookean as r = 0 and |g_a| = 1 / h_a, h_a the height of corner a. The bound as last measured,
//! in whatever shape the tissue is, keeps its ratio to that at rest.
//!
//! Around a fresh cut the share q of the bound that was measured for the whole mesh (`calibration`) need
//! not be enough. The fewer tetrahedra hang together, the more of k they need; of thousands of clumps cut
//! at random from meshes whole and split, one tetrahedron needs w^2 / 4 = 1.00, five at most 0.74, twenty
//! 0.52, more 0.56. In these clumps nodes have 1, 2.5, 4 and more tetrahedra each. So a touched node with c
//! of them counts
//!
//!   q = 1.5 min(0.55 + 0.9 / c, 1),   or the mesh's q if that is more,
//!
//! half more than the clumps need at rest, because what is cut loose is small and quick: with 1 a pair of
//! tetrahedra of 1 MPa got from 6 m/s to 28 m/s within six ticks, with 1.2 clumps of nu 0.49 still doubled
//! their energy now and then. How many substeps are made does not depend on it. It holds
//! until the mesh is measured anew, when the body settles. No proof says that this is enough; tests look
//! for the largest eigenvalue after hundreds of cuts.
//!
//! Means are taken over what a node has, however little. A patch much smaller than its neighbours could
//! show pressures that alternate from node to node; but 40 % of the shear energy stays in the elements,
//! so no displacement is free to feed such a pattern, and tests look for one.

use super::{NONE, Topology};
use crate::body::{SoftBody, height};
use crate::elements::law::Kind;
use crate::elements::nodes::{NodeSums, stress_nodes};
use crate::material::Material;
use crate::mesh::volume6;
use crate::simd::{LANES, Strain};
use crate::vec3::{Vec3, axpy, dot, scale};

/// Share of the bound that touched nodes need in a crowd, and what loneliness adds.
const CROWDED: f32 = 0.55;
const LONELY: f32 = 0.9;
/// Above what clumps need at rest.
const QUICK: f32 = 1.5;

const SQRT_3: f64 = 1.732_050_807_568_877_2;

/// Row and column of each component of a [`Strain`].
const VOIGT: [[usize; 2]; 6] = [[0, 0], [1, 1], [2, 2], [1, 2], [0, 2], [0, 1]];

/// What a tetrahedron gives to each of its nodes; one cache line, because nearly all the time that a
/// change takes goes into fetching them.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Gift {
    /// V mu, V lambda and V mu r, J.
    mu: f64,
    lambda: f64,
    mooney: f64,
    /// A quarter of its mass, kg, and that times its damping, kg/s.
    mass: f64,
    damped: f64,
    /// Height of each corner, m.
    heights: [f32; 4],
    kind: Kind,
}

impl Gift {
    pub fn new(points: &[Vec3], nodes: [u32; 4], m: &Material) -> Self {
        let volume = volume6(points, nodes) / 6.0;
        let heights = [0, 1, 2, 3].map(|corner| height(points, nodes, corner) as f32);
        let (mu, mass) = (volume * m.mu(), 0.25 * volume * m.density);
        Self {
            mu,
            lambda: volume * m.nodal_lambda(),
            mooney: mu * m.law.mooney(),
            mass,
            damped: mass * m.damping,
            heights,
            kind: Kind::of(m.law),
        }
    }

    /// k of a corner at rest.
    fn bound(&self, corner: usize) -> f64 {
        let squares = self.heights.map(|h| f64::from(h).powi(-2));
        let straight = 2.0 * self.mu + self.mooney + self.lambda;
        let lengths = 2.0 * squares[corner] + 0.5 * squares.iter().sum::<f64>();
        straight * squares[corner] + SQRT_3 * self.mooney * lengths
    }
}

impl SoftBody {
    /// Sums up what the tetrahedra of node `n` give to it.
    pub(crate) fn lump(&mut self, n: usize) {
        let mut sums = NodeSums::default();
        let (mut mass, mut damped, mut bound) = (0.0, 0.0, 0.0);
        let mut height = f32::INFINITY;
        for corner in self.topology.incidence.at(n as u32) {
            let (t, corner) = (corner as usize / 4, corner as usize % 4);
            let gift = &self.topology.gifts[t];
            sums.add(gift.kind, [gift.mu, gift.lambda, gift.mooney]);
            mass += gift.mass;
            damped += gift.damped;
            height = height.min(gift.heights[corner]);
            bound += gift.bound(corner);
        }
        self.mass[n] = mass as f32;
        self.damping[n] = if mass > 0.0 {
            (damped / mass) as f32
        } else {
            0.0
        };
        self.height[n] = height;
        self.rest_stiffness[n] = bound as f32;
        self.topology.sums[n] = sums;
    }

    /// Takes the sums of all touched nodes anew, and what follows from them.
    pub(super) fn mend(&mut self) {
        let touched = std::mem::take(&mut self.topology.touched);
        for &node in &touched {
            self.topology.is_touched[node as usize] = false;
            self.mend_node(node);
            self.find_owner(node);
        }
        if self.viscosity.is_some() {
            touched.iter().for_each(|n| self.mend_memory(*n));
        }
        self.elements.wave.stale = true;
        self.topology.touched = touched;
        self.topology.touched.clear();
    }

    fn mend_node(&mut self, node: u32) {
        let n = node as usize;
        let (k, before) = (self.stiffness[n], self.rest_stiffness[n]);
        self.lump(n);
        let rise = if before > 0.0 {
            (k / before).max(1.0)
        } else {
            1.0
        };
        self.stiffness[n] = rise * self.rest_stiffness[n];
        let (batch, lane) = (n / LANES, n % LANES);
        let sums = &self.topology.sums[LANES * batch..LANES * (batch + 1)];
        self.elements.nodes[batch].put(lane, sums);
        if self.is_dead(node) {
            self.bury(n);
        } else if self.supports.target(node).is_none() {
            self.inverse_mass[n] = 1.0 / self.mass[n]; // the floor comes back with the next tick
        }
        let count = self.topology.incidence.at(node).count() as f32;
        let share = QUICK * (CROWDED + LONELY / count.max(1.0)).min(1.0);
        self.share[n] = share.max(self.needed);
    }

    /// The memory of viscoelastic tissue at `node`.
    fn mend_memory(&mut self, node: u32) {
        let n = node as usize;
        let before = self.present_stress(n);
        let Self {
            viscosity,
            topology,
            materials,
            ..
        } = self;
        let tetrahedra = topology
            .incidence
            .at(node)
            .map(|corner| corner as usize / 4);
        let elements = tetrahedra.map(|t| (topology.gifts[t].mu, &materials[t]));
        if let Some(viscosity) = viscosity {
            viscosity.mend(n, before, elements);
        }
    }

    /// S per mu that node `n` has in the present shape, as the passes would find it.
    fn present_stress(&self, n: usize) -> Strain {
        let mut sums = [0.0; 8];
        for corner in self.topology.incidence.at(n as u32) {
            let t = corner as usize / 4;
            let (f, j) = self.deformation_of(&self.tetrahedra[t]);
            let gift = &self.topology.gifts[t];
            for (i, [row, column]) in VOIGT.into_iter().enumerate() {
                let one = f64::from(u8::from(row == column));
                sums[i] += 0.5 * gift.mu * (dot(f[row], f[column]) - one);
            }
            sums[6] += gift.lambda * (j - 1.0);
        }
        let (batch, lane) = (n / LANES, n % LANES);
        let mut strains = [[0.0; 8]; LANES];
        strains[lane] = sums.map(|x| x as f32);
        stress_nodes::<f32, true>(&self.elements.nodes[batch], 1.0, &mut strains);
        strains[lane]
    }

    /// A node without tissue stays where it is.
    fn bury(&mut self, n: usize) {
        self.supports.release(n as u32);
        self.inverse_mass[n] = 0.0;
        self.v[n] = [0.0; 4];
        self.f[n] = [0.0; 4];
    }

    /// A new node at `fraction` of the way from node `a` to node `b`, in all that it is, but without
    /// tetrahedra; held if both are. There has to be room for it.
    pub(super) fn add_node(&mut self, [a, b]: [u32; 2], fraction: f64) -> u32 {
        let n = self.rest.len();
        let ends = [a as usize, b as usize];
        let blend =
            |x: f32, y: f32| ((1.0 - fraction) * f64::from(x) + fraction * f64::from(y)) as f32;
        let [p, q] = ends.map(|end| self.rest[end]);
        self.rest.push(axpy(scale(p, 1.0 - fraction), fraction, q));
        for nodes in [&mut self.u, &mut self.v, &mut self.u_before] {
            let [x, y] = ends.map(|end| nodes[end]);
            nodes[n] = [0, 1, 2, 3].map(|i| blend(x[i], y[i]));
        }
        for list in [&mut self.stiffness, &mut self.rest_stiffness] {
            let [x, y] = ends.map(|end| list[end]);
            list.push(blend(x, y));
        }
        for list in [
            &mut self.mass,
            &mut self.damping,
            &mut self.height,
            &mut self.inverse_mass,
        ] {
            list.push(0.0);
        }
        self.share.push(1.0);
        if let Some(viscosity) = &mut self.viscosity {
            viscosity.blend(n, ends, fraction as f32);
        }
        let prescribed = [a, b].map(|end| self.supports.prescribed(end));
        if let [Some(x), Some(y)] = prescribed {
            let between = axpy(scale(x, 1.0 - fraction), fraction, y);
            self.supports.hold(n as u32, between);
        }
        self.topology.incidence.firsts.push(NONE);
        self.topology.is_touched.push(false);
        n as u32
    }

    /// Adds a tetrahedron of what `parent` is made of; its faces are not glued to anything yet. There
    /// has to be room for it.
    pub(super) fn add_tetrahedron(&mut self, nodes: [u32; 4], parent: usize) -> u32 {
        let t = self.tetrahedra.len();
        let material = self.materials[parent];
        self.tetrahedra.push(nodes);
        self.materials.push(material);
        self.glue.push([crate::mesh::FREE_FACE; 4]);
        let place = self.next_place(Kind::of(material.law));
        let topology = &mut self.topology;
        topology.removed.push(false);
        topology.labels.push(NONE);
        topology.triangles.push([NONE; 4]);
        topology.places.push(place);
        topology.incidence.next.push([NONE; 4]);
        for (corner, node) in nodes.into_iter().enumerate() {
            topology.incidence.link(node, (4 * t + corner) as u32);
        }
        topology.gifts.push(Gift::new(&self.rest, nodes, &material));
        self.place(t);
        t as u32
    }

    /// Puts what tetrahedron `t` is now into its lane.
    fn place(&mut self, t: usize) {
        let place = self.topology.places[t] as usize;
        let (nodes, material) = (self.tetrahedra[t], &self.materials[t]);
        self.elements.batches[place / LANES].put(place % LANES, &self.rest, nodes, material);
    }

    /// Tetrahedron `t` has another shape now.
    pub(super) fn reshape(&mut self, t: usize) {
        let gift = Gift::new(&self.rest, self.tetrahedra[t], &self.materials[t]);
        self.topology.gifts[t] = gift;
        self.place(t);
    }

    /// Moves a corner 4 * tetrahedron + place to `node`; shape and lane are left to the caller.
    pub(super) fn move_corner(&mut self, corner: u32, node: u32) {
        let old = &mut self.tetrahedra[corner as usize / 4][corner as usize % 4];
        self.topology.incidence.unlink(*old, corner);
        self.topology.incidence.link(node, corner);
        *old = node;
    }

    /// The next free lane for an element of `kind`, in a new batch if there is none.
    fn next_place(&mut self, kind: Kind) -> u32 {
        let (batches, dummy) = (self.elements.batches.len(), self.topology.most.nodes as u32);
        let open = &mut self.topology.open[kind as usize];
        if (*open as usize).is_multiple_of(LANES) {
            *open = (LANES * batches) as u32;
            let batch = crate::elements::batch::TetBatch::empty(kind, dummy);
            self.elements.batches.push(batch); // room is reserved
        }
        *open += 1;
        *open - 1
    }
}

impl Topology {
    /// The sums of `node` have to be taken anew.
    pub(super) fn touch(&mut self, node: u32) {
        let is_touched = &mut self.is_touched[node as usize];
        if !*is_touched {
            *is_touched = true;
            self.touched.push(node);
        }
    }
}
