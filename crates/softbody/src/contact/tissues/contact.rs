//! One point where two surfaces touch.

use super::skin::NONE;
use crate::contact::row::Row;
use crate::vec3::{Vec3, axpy, scale};

/// A node on a triangle, or two ridges that cross: sum_j w_j x_j is the way from the second
/// surface to the first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact {
    /// The pair it belongs to.
    pub pair: u32,
    /// Which node of the first surface it belongs to, or [`NONE`].
    pub own: u32,
    pub bodies: [u32; 4],
    /// Ids in their bodies.
    pub nodes: [u32; 4],
    /// Weights: positive on the first surface and 1 altogether, negative on the second and -1. Its
    /// normal points from the second surface to the first; what it pushes is kg m, between substeps N.
    pub row: Row<4>,
    /// Distance along the normal before the substep, m; negative where the surfaces overlap.
    pub gap: f64,
}

impl Contact {
    pub fn new(
        pair: u32,
        bodies: [u32; 4],
        nodes: [u32; 4],
        weights: [f64; 4],
        (normal, gap): (Vec3, f64),
    ) -> Self {
        Self {
            pair,
            own: NONE,
            bodies,
            nodes,
            row: Row::new(weights, normal),
            gap,
        }
    }

    /// Forces on its nodes that belong to `body`.
    pub fn node_forces(
        &self,
        body: u32,
        impulse_length: f64,
    ) -> impl Iterator<Item = (u32, Vec3)> + '_ {
        let force = scale(self.row.lambda(), 1.0 / impulse_length);
        (0..4)
            .filter(move |j| self.bodies[*j] == body)
            .map(move |j| (self.nodes[j], scale(force, self.row.weights[j])))
    }

    /// sum_j w_j x_j
    pub fn difference(&self, of: impl Fn(u32, u32) -> Vec3) -> Vec3 {
        (0..4).fold([0.0; 3], |sum, j| {
            axpy(sum, self.row.weights[j], of(self.bodies[j], self.nodes[j]))
        })
    }
}

impl AsMut<Row<4>> for Contact {
    fn as_mut(&mut self) -> &mut Row<4> {
        &mut self.row
    }
}
