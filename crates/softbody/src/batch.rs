//! How elements lie in memory: batches of sixteen, one array per quantity, 64 bytes an element.
//!
//! Padding lanes point at a dummy node and carry zero volume, so no lane needs a mask.

use crate::corners::Corners;
use crate::lanes::{LANES, Lanes};
use crate::material::{Law, Material};
use crate::mesh::{TetMesh, volume6};
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
    /// V times the mean of the corners' nodal lambda_a, J; only bounds the stiffness, the pressure
    /// itself is nodal. (Not V lambda_e: what resists a volume change of this element is the lambda
    /// of its nodes, in which stiff neighbours take part.)
    pub v_lambda: Lanes,
    /// V / 4, the share of each corner in the element's volume, m^3.
    pub v_quarter: Lanes,
    /// The law of every lane.
    pub law: Law,
}

impl TetBatch {
    /// Sets [`v_lambda`](Self::v_lambda) from the nodes' lambda_a; padding lanes stay at 0.
    pub(crate) fn bound_pressure(&mut self, lambda: &[f64]) {
        for lane in 0..LANES {
            let nodes = self.corners.of(lane);
            let sum: f64 = nodes.iter().filter_map(|n| lambda.get(*n as usize)).sum();
            self.v_lambda.0[lane] = (f64::from(self.v_quarter.0[lane]) * sum) as f32;
        }
    }

    fn empty(law: Law, dummy: u32) -> Self {
        Self {
            corners: Corners::all(dummy),
            gradients: [[Lanes::ZERO; 3]; 3],
            v_mu: Lanes::ZERO,
            v_lambda: Lanes::ZERO,
            v_quarter: Lanes::ZERO,
            law,
        }
    }
}

/// Packs a mesh into batches, laws apart. `materials` holds one material per tetrahedron.
/// `dummy` is the node that padding lanes point at.
#[must_use]
pub fn pack(mesh: &TetMesh, materials: &[Material], dummy: u32) -> Vec<TetBatch> {
    let tetrahedra = mesh.tetrahedra();
    let mut order: Vec<usize> = (0..tetrahedra.len()).collect();
    order.sort_by_key(|&t| materials[t].law); // stable: file order within a law
    let mut batches: Vec<TetBatch> = Vec::with_capacity(tetrahedra.len() / LANES + 2);
    let mut lane = LANES;
    for &t in &order {
        let law = materials[t].law;
        if lane == LANES || batches.last().is_none_or(|b| b.law != law) {
            batches.push(TetBatch::empty(law, dummy));
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
    batch.v_quarter.0[lane] = (0.25 * volume) as f32;
}
