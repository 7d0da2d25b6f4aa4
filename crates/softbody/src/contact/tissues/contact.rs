//! One point where two surfaces touch.

use super::skin::NONE;
use crate::contact::solve::Substep;
use crate::contact::tissue::Tissue;
use crate::vec3::{Vec3, axpy, dot, scale, sub};

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
    /// w_j: positive on the first surface and 1 altogether, negative on the second and -1.
    pub weights: [f64; 4],
    /// 1 / m_j, 0 for held nodes; for friction.
    pub free: [f64; 4],
    /// The same with what held nodes give way by; for the normal part.
    pub yielding: [f64; 4],
    /// 1 / W of the normal part and of friction, the latter infinite where all nodes are held.
    pub mass: f64,
    pub mass_t: f64,
    /// Unit vector from the second surface to the first.
    pub normal: Vec3,
    /// Distance along it before the substep, m; negative where the surfaces overlap.
    pub gap: f64,
    /// Where its nodes are among those that are touched.
    pub touched: [usize; 4],
    /// What is missing to the distance that is asked for, m, and slip in the substep, m, if nothing
    /// were resolved.
    pub depth: f64,
    pub slip: Vec3,
    /// kg m; between substeps N.
    pub lambda_n: f64,
    pub lambda_t: Vec3,
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
            weights,
            free: [0.0; 4],
            yielding: [0.0; 4],
            mass: 0.0,
            mass_t: 0.0,
            normal,
            gap,
            touched: [0; 4],
            depth: 0.0,
            slip: [0.0; 3],
            lambda_n: 0.0,
            lambda_t: [0.0; 3],
        }
    }

    /// Whether it pushes, or still has a friction from when it did.
    pub fn acts(&self) -> bool {
        self.lambda_n > 0.0 || self.lambda_t != [0.0; 3]
    }

    /// On the first surface, kg m.
    pub fn lambda(&self) -> Vec3 {
        axpy(self.lambda_t, self.lambda_n, self.normal)
    }

    /// Forces on its nodes that belong to `body`.
    pub fn node_forces(
        &self,
        body: u32,
        impulse_length: f64,
    ) -> impl Iterator<Item = (u32, Vec3)> + '_ {
        let force = scale(self.lambda(), 1.0 / impulse_length);
        (0..4)
            .filter(move |j| self.bodies[*j] == body)
            .map(move |j| (self.nodes[j], scale(force, self.weights[j])))
    }

    /// Inverse masses; held nodes yield as they do to a tool.
    pub fn weigh(&mut self, bodies: &[impl Tissue], substep: Substep) {
        for j in 0..4 {
            let body = &bodies[self.bodies[j] as usize];
            self.free[j] = body.inverse_mass(self.nodes[j]);
            self.yielding[j] = if self.free[j] == 0.0 {
                1.0 / (body.stiffness(self.nodes[j]) * substep.h * substep.push)
            } else {
                self.free[j]
            };
        }
        let sum = |inverse_masses: [f64; 4]| -> f64 {
            let each = self.weights.iter().zip(inverse_masses);
            each.map(|(w, inverse_mass)| w * w * inverse_mass).sum()
        };
        self.mass = 1.0 / sum(self.yielding);
        self.mass_t = 1.0 / sum(self.free);
    }

    /// sum_j w_j x_j
    pub fn difference(&self, of: impl Fn(u32, u32) -> Vec3) -> Vec3 {
        (0..4).fold([0.0; 3], |sum, j| {
            axpy(sum, self.weights[j], of(self.bodies[j], self.nodes[j]))
        })
    }

    /// `v` without its part along the normal.
    pub fn along_surface(&self, v: Vec3) -> Vec3 {
        sub(v, scale(self.normal, dot(v, self.normal)))
    }
}
