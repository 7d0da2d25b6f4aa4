//! A sphere that pushes surface nodes out of itself by springs, without friction (SOFA's
//! `SphereForceField`).
//!
//!   f_a = k_a d n,  K_a = k_a n n^T,  d = R - |x_a - c| > 0,  n = (x_a - c) / |x_a - c|
//!
//! c, R: centre and radius, m; k_a: stiffness of node a, N/m, its share of the surface (m^2) times
//! a pressure per depth (Pa/m), so that the answer does not depend on the mesh. The change of n is
//! left out of K, which keeps it positive.

use super::corotation::Vec3;
use softbody::TetMesh;

/// Pa/m: sinks 0.2 mm under the 5 kPa that a soft organ's surface bears.
const PRESSURE_PER_DEPTH: f64 = 25e6;

pub struct Sphere {
    pub centre: Vec3,
    pub radius: f64,
    /// Surface nodes and their stiffness, N/m.
    nodes: Vec<(u32, f64)>,
    /// Node, stiffness, depth, normal of those inside.
    contacts: Vec<(u32, f64, f64, Vec3)>,
}

impl Sphere {
    /// Far away from everything.
    pub fn new(mesh: &TetMesh, radius: f64) -> Self {
        let p = mesh.points();
        let mut area = vec![0.0; p.len()];
        for t in &mesh.surface().triangles {
            let [a, b, c] = t.map(|n| p[n as usize]);
            let (u, v) = (
                [0, 1, 2].map(|i| b[i] - a[i]),
                [0, 1, 2].map(|i| c[i] - a[i]),
            );
            let normal = [
                u[1] * v[2] - u[2] * v[1],
                u[2] * v[0] - u[0] * v[2],
                u[0] * v[1] - u[1] * v[0],
            ];
            let third = normal.iter().map(|x| x * x).sum::<f64>().sqrt() / 6.0;
            t.iter().for_each(|n| area[*n as usize] += third);
        }
        let on_surface =
            |(n, a): (usize, &f64)| (*a > 0.0).then(|| (n as u32, PRESSURE_PER_DEPTH * a));
        Self {
            centre: [1e3; 3],
            radius,
            nodes: area.iter().enumerate().filter_map(on_surface).collect(),
            contacts: Vec::new(),
        }
    }

    /// Which nodes are inside, how deep, which way out.
    pub fn find(&mut self, x: &[Vec3]) {
        self.contacts.clear();
        for &(node, k) in &self.nodes {
            let from = [0, 1, 2].map(|i| x[node as usize][i] - self.centre[i]);
            let square: f64 = from.iter().map(|x| x * x).sum();
            if square < self.radius * self.radius {
                let distance = square.sqrt();
                let normal = from.map(|x| x / distance);
                self.contacts
                    .push((node, k, self.radius - distance, normal));
            }
        }
    }

    pub fn add_force(&self, f: &mut [Vec3]) {
        for &(node, k, depth, n) in &self.contacts {
            for i in 0..3 {
                f[node as usize][i] += k * depth * n[i];
            }
        }
    }

    /// y <- y + s K u
    pub fn add_stiffness(&self, s: f64, u: &[Vec3], y: &mut [Vec3]) {
        for &(node, k, _, n) in &self.contacts {
            let u = u[node as usize];
            let along = s * k * (u[0] * n[0] + u[1] * n[1] + u[2] * n[2]);
            for i in 0..3 {
                y[node as usize][i] += along * n[i];
            }
        }
    }

    /// What the tissue pushes on it, N, as found last.
    pub fn force(&self) -> Vec3 {
        let mut sum = [0.0; 3];
        for &(_, k, depth, n) in &self.contacts {
            for i in 0..3 {
                sum[i] -= k * depth * n[i];
            }
        }
        sum
    }
}
