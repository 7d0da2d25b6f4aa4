//! What contact needs of tissue: its surface, where its nodes are, and to shift them.

use crate::body::SoftBody;
use crate::simd::Node;
use crate::stepping::COURANT;
use crate::vec3::{Vec3, wide};

/// Tissue that tools can press on: a body in its tick, or on its way to equilibrium.
pub(crate) trait Tissue {
    /// Node ids of the surface triangles.
    fn triangles(&self) -> &[[u32; 3]];
    /// Which corners of a triangle are named there first, so that each node is met once.
    fn owned(&self, triangle: u32) -> [bool; 3];
    /// m
    fn rest_position(&self, node: u32) -> Vec3;
    /// m
    fn position(&self, node: u32) -> Vec3;
    /// One coordinate of the position, coarsely, m.
    fn coordinate(&self, node: u32, axis: usize) -> f32;
    /// m/s
    fn velocity(&self, node: u32) -> Vec3;
    /// Of the fastest node, m/s.
    fn fastest(&self) -> f64;
    /// 1 / m_eff, 0 for held nodes, 1/kg.
    fn inverse_mass(&self, node: u32) -> f64;
    /// Stiffness bound, N/m.
    fn stiffness(&self, node: u32) -> f64;
    /// How far a node may move in a substep, m.
    fn reach(&self, node: u32) -> f64;
    /// How far the contacts of several tools may push a node in a substep, each way added up, m.
    fn squeeze(&self, node: u32) -> f64;
    /// Notes that a node would have moved farther, or is faster, than it may.
    fn startle(&mut self);
    /// Smallest height of the elements at the node, m.
    fn height(&self, node: u32) -> f64;
    /// Adds to a node's displacement (m) and velocity (m/s).
    fn shift(&mut self, node: u32, du: Vec3, dv: Vec3);

    /// Positions of a triangle's nodes, m.
    fn corners(&self, nodes: [u32; 3]) -> [Vec3; 3] {
        nodes.map(|n| self.position(n))
    }
}

impl Tissue for SoftBody {
    fn triangles(&self) -> &[[u32; 3]] {
        &self.surface.triangles
    }

    fn owned(&self, triangle: u32) -> [bool; 3] {
        self.surface.owned[triangle as usize]
    }

    fn fastest(&self) -> f64 {
        let square = |v: &Node| v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
        f64::from(self.v.iter().map(square).fold(0.0, f32::max)).sqrt()
    }

    fn rest_position(&self, node: u32) -> Vec3 {
        self.rest[node as usize]
    }

    fn position(&self, node: u32) -> Vec3 {
        SoftBody::position(self, node)
    }

    fn coordinate(&self, node: u32, axis: usize) -> f32 {
        self.rest[node as usize][axis] as f32 + self.u[node as usize][axis]
    }

    fn velocity(&self, node: u32) -> Vec3 {
        wide(self.v[node as usize])
    }

    fn inverse_mass(&self, node: u32) -> f64 {
        f64::from(self.inverse_mass[node as usize])
    }

    fn stiffness(&self, node: u32) -> f64 {
        f64::from(self.stiffness[node as usize])
    }

    fn reach(&self, node: u32) -> f64 {
        f64::from(COURANT * self.height[node as usize])
    }

    fn squeeze(&self, node: u32) -> f64 {
        Tissue::reach(self, node)
    }

    fn startle(&mut self) {
        self.calm_ticks = 0;
    }

    fn height(&self, node: u32) -> f64 {
        f64::from(self.height[node as usize])
    }

    fn shift(&mut self, node: u32, du: Vec3, dv: Vec3) {
        for axis in 0..3 {
            self.u[node as usize][axis] += du[axis] as f32;
            self.v[node as usize][axis] += dv[axis] as f32;
        }
    }
}
