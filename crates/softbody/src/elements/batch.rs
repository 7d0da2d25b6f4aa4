//! How elements lie in memory: batches of sixteen, one array per quantity, 64 bytes an element.
//!
//! Padding lanes point at a dummy node and carry zero stiffness, so no lane needs a mask.

use super::corners::{AtCorners, Corners};
use super::law::Kind;
use super::matrix::{AtEach, Mat};
use super::order::spread;
use crate::material::Material;
use crate::mesh::{TetMesh, volume6};
use crate::simd::{LANES, Lanes, Node, Real};
use crate::vec3::{cross, scale, sub};

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
    fn empty(kind: Kind, dummy: u32) -> Self {
        Self {
            corners: Corners::all(dummy),
            gradients: [[Lanes::ZERO; 3]; 3],
            v_mu: Lanes::ZERO,
            v_lambda: Lanes::ZERO,
            mooney: Lanes::ZERO,
            kind,
        }
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
/// `dummy` is the node that padding lanes point at.
#[must_use]
pub fn pack(mesh: &TetMesh, materials: &[Material], dummy: u32) -> Vec<TetBatch> {
    let tetrahedra = mesh.tetrahedra();
    let kind = |t: &usize| Kind::of(materials[*t].law);
    let all = 0..tetrahedra.len();
    let of_kind = |k| all.clone().filter(|t| kind(t) == k).collect::<Vec<_>>();
    let kinds = [Kind::Stable, Kind::Log].map(of_kind);
    let order = kinds.iter().flat_map(|order| spread(order, tetrahedra));
    let mut batches: Vec<TetBatch> = Vec::with_capacity(tetrahedra.len() / LANES + 2);
    let mut lane = LANES;
    for t in order {
        let kind = kind(&t);
        if lane == LANES || batches.last().is_none_or(|b| b.kind != kind) {
            batches.push(TetBatch::empty(kind, dummy));
            lane = 0;
        }
        let last = batches.len() - 1;
        fill(&mut batches[last], lane, mesh, t, &materials[t]);
        lane += 1;
    }
    batches
}

fn fill(batch: &mut TetBatch, lane: usize, mesh: &TetMesh, t: usize, material: &Material) {
    let nodes = mesh.tetrahedra()[t];
    let p = nodes.map(|n| mesh.points()[n as usize]);
    let v6 = volume6(mesh.points(), nodes);
    let e = [sub(p[1], p[0]), sub(p[2], p[0]), sub(p[3], p[0])];
    // Rows of the inverse of [e1 e2 e3].
    let gradients = [cross(e[1], e[2]), cross(e[2], e[0]), cross(e[0], e[1])];
    for (row, g) in gradients.into_iter().enumerate() {
        for (axis, x) in scale(g, 1.0 / v6).into_iter().enumerate() {
            batch.gradients[row][axis].0[lane] = x as f32;
        }
    }
    let volume = v6 / 6.0;
    batch.corners.set(lane, nodes);
    batch.v_mu.0[lane] = (volume * material.mu()) as f32;
    batch.v_lambda.0[lane] = (volume * material.nodal_lambda()) as f32;
    batch.mooney.0[lane] = material.law.mooney() as f32;
}
