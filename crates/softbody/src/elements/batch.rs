//! How elements lie in memory: batches of sixteen, one array per quantity, 64 bytes an element.
//!
//! Padding lanes point at a dummy node and carry zero stiffness, so no lane needs a mask. Where an
//! element is removed, its lane is left without gradients and stiffness.

use super::corners::{AtCorners, Corners};
use super::law::Kind;
use super::matrix::{AtEach, Mat};
use super::order::spread;
use crate::material::Material;
use crate::mesh::{TetMesh, volume6};
use crate::simd::{LANES, Lanes, Node, Real};
use crate::vec3::{Vec3, cross, scale, sub};

/// Sixteen tetrahedra of one law.
#[derive(Debug, Clone)]
pub struct TetBatch {
    /// Their nodes.
    pub corners: Corners,
    /// Gradients of the shape functions of corners 1..3, 1/m: `gradients[corner - 1][axis]`
    /// (that of corner 0 is minus their sum).
    pub gradients: [[Lanes; 3]; 3],
    /// V mu, J.
    pub v_mu: Lanes,
    /// V lambda of the part of the law that is taken at the nodes, J.
    pub v_lambda: Lanes,
    /// r of the Mooney-Rivlin law.
    pub mooney: Lanes,
    /// The law of every lane.
    pub kind: Kind,
}

impl TetBatch {
    /// Sixteen padding lanes.
    #[must_use]
    pub fn empty(kind: Kind, dummy: u32) -> Self {
        Self {
            corners: Corners::all(dummy),
            gradients: [[Lanes::ZERO; 3]; 3],
            v_mu: Lanes::ZERO,
            v_lambda: Lanes::ZERO,
            mooney: Lanes::ZERO,
            kind,
        }
    }

    /// Puts the element with nodes `nodes` of `points` (m) into `lane`.
    pub fn put(&mut self, lane: usize, points: &[Vec3], nodes: [u32; 4], material: &Material) {
        let p = nodes.map(|n| points[n as usize]);
        let v6 = volume6(points, nodes);
        let e = [sub(p[1], p[0]), sub(p[2], p[0]), sub(p[3], p[0])];
        // Rows of the inverse of [e1 e2 e3].
        let gradients = [cross(e[1], e[2]), cross(e[2], e[0]), cross(e[0], e[1])];
        for (row, g) in gradients.into_iter().enumerate() {
            for (axis, x) in scale(g, 1.0 / v6).into_iter().enumerate() {
                self.gradients[row][axis].0[lane] = x as f32;
            }
        }
        let volume = v6 / 6.0;
        self.corners.set(lane, nodes);
        self.v_mu.0[lane] = (volume * material.mu()) as f32;
        self.v_lambda.0[lane] = (volume * material.nodal_lambda()) as f32;
        self.mooney.0[lane] = material.law.mooney() as f32;
    }

    /// Takes the element out of `lane`: without gradients its strain is zero wherever its nodes are,
    /// and without moduli it adds zero to them, so it may go on pointing at them.
    pub fn clear(&mut self, lane: usize) {
        let gradients = self.gradients.as_flattened_mut().iter_mut();
        let moduli = [&mut self.v_mu, &mut self.v_lambda, &mut self.mooney];
        gradients.chain(moduli).for_each(|x| x.0[lane] = 0.0);
    }
}

/// Elements of a [`TetBatch`], as many as `T` holds.
#[derive(Clone, Copy)]
pub struct Element<'a, T> {
    /// Gradients of the shape functions of corners 1..3.
    pub g: Mat<T>,
    pub v_mu: T,
    pub v_lambda: T,
    corners: &'a Corners,
    first: usize,
}

impl<'a, T: Real> Element<'a, T> {
    #[inline(always)]
    pub fn of(batch: &'a TetBatch, first: usize) -> Self {
        let mut g = [[T::all(0.0); 3]; 3];
        for corner in 0..3 {
            for axis in 0..3 {
                g[corner][axis] = T::load(&batch.gradients[corner][axis], first);
            }
        }
        Self {
            g,
            v_mu: T::load(&batch.v_mu, first),
            v_lambda: T::load(&batch.v_lambda, first),
            corners: &batch.corners,
            first,
        }
    }

    /// Node values at the corners.
    #[inline(always)]
    pub fn gather(&self, values: &[Node<T::Scalar>]) -> AtEach<T> {
        let values = AtCorners::new(self.corners, values);
        let mut corners = [[T::all(0.0); 4]; 4];
        for corner in 0..4 {
            corners[corner] = T::gather(values, corner, self.first);
        }
        corners
    }
}

/// Packs a mesh into batches, laws apart. `materials` holds one material per tetrahedron.
/// `dummy` is the node that padding lanes point at. Returns with them the place of each tetrahedron,
/// LANES * batch + lane.
#[must_use]
pub fn pack(mesh: &TetMesh, materials: &[Material], dummy: u32) -> (Vec<TetBatch>, Vec<u32>) {
    let tetrahedra = mesh.tetrahedra();
    let kind = |t: &usize| Kind::of(materials[*t].law);
    let all = 0..tetrahedra.len();
    let of_kind = |k| all.clone().filter(|t| kind(t) == k).collect::<Vec<_>>();
    let kinds = [Kind::Stable, Kind::Log].map(of_kind);
    let order = kinds.iter().flat_map(|order| spread(order, tetrahedra));
    let mut batches: Vec<TetBatch> = Vec::with_capacity(tetrahedra.len() / LANES + 2);
    let mut places = vec![0; tetrahedra.len()];
    let mut lane = LANES;
    for t in order {
        let kind = kind(&t);
        if lane == LANES || batches.last().is_none_or(|b| b.kind != kind) {
            batches.push(TetBatch::empty(kind, dummy));
            lane = 0;
        }
        let last = batches.len() - 1;
        batches[last].put(lane, mesh.points(), tetrahedra[t], &materials[t]);
        places[t] = (LANES * last + lane) as u32;
        lane += 1;
    }
    (batches, places)
}
