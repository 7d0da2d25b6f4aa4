//! Energy and volume of a body, summed in f64 over elements and nodes.

use crate::body::SoftBody;
use crate::elasticity::{J_MIN, pressure_energy};
use crate::material::{Law, Material};
use crate::mesh::volume6;
use crate::vec3::{Vec3, cross, dot, scale, sub};

/// Mechanical energy of a body, J.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Energy {
    /// Of the deformation, 0 at rest.
    pub elastic: f64,
    /// Of the motion, with the effective masses that the integrator moves.
    pub kinetic: f64,
    /// In the field of gravity, 0 at rest.
    pub gravitational: f64,
}

impl Energy {
    /// The sum.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.elastic + self.kinetic + self.gravitational
    }
}

/// (F, J) of tetrahedron `t` moved from `rest` to `now`; F by columns.
fn deformation(rest: &[Vec3; 4], now: &[Vec3; 4]) -> ([Vec3; 3], f64) {
    let e = [1, 2, 3].map(|i| sub(rest[i], rest[0]));
    let d = [1, 2, 3].map(|i| sub(now[i], now[0]));
    let v6 = dot(e[0], cross(e[1], e[2]));
    let g = [cross(e[1], e[2]), cross(e[2], e[0]), cross(e[0], e[1])].map(|g| scale(g, 1.0 / v6));
    let column = |j: usize| {
        let part = |i: usize| scale(d[i], g[i][j]);
        crate::vec3::add(crate::vec3::add(part(0), part(1)), part(2))
    };
    let f = [column(0), column(1), column(2)];
    (f, dot(f[0], cross(f[1], f[2])))
}

/// psi_mu of `elasticity`, J/m^3.
fn shear_energy(m: &Material, f: &[Vec3; 3], j: f64) -> f64 {
    let i_c: f64 = f.iter().map(|c| dot(*c, *c)).sum();
    let volumetric = match m.law {
        Law::StableNeoHookean => -(j - 1.0) + 0.5 * (j - 1.0) * (j - 1.0),
        Law::NeoHookean => {
            let j_min = f64::from(J_MIN);
            -libm::log(j.max(j_min)) - (j - j_min).min(0.0) / j_min
        }
    };
    m.mu() * (0.5 * (i_c - 3.0) + volumetric)
}

impl SoftBody {
    /// Energy in a field of gravity `gravity` (m/s^2), J.
    #[must_use]
    pub fn energy(&self, gravity: Vec3) -> Energy {
        let mut energy = Energy::default();
        let nodes = self.node_count();
        let mut volume = vec![0.0; nodes];
        let mut change = vec![0.0; nodes];
        let mut lambda = vec![[0.0; 2]; nodes];
        for (t, m) in self.tetrahedra.iter().zip(&self.materials) {
            let rest = t.map(|n| self.rest_position(n));
            let (f, j) = deformation(&rest, &t.map(|n| self.position(n)));
            let v = volume6(&self.rest, *t) / 6.0;
            energy.elastic += v * shear_energy(m, &f, j);
            for n in t.map(|n| n as usize) {
                volume[n] += 0.25 * v;
                change[n] += 0.25 * v * (j - 1.0);
                lambda[n][usize::from(m.law == Law::NeoHookean)] += 0.25 * v * m.lambda();
            }
        }
        for n in 0..nodes {
            let j1 = change[n] / volume[n];
            energy.elastic += lambda[n][0] * pressure_energy(Law::StableNeoHookean, j1)
                + lambda[n][1] * pressure_energy(Law::NeoHookean, j1);
            let (v, m) = (self.velocity(n as u32), f64::from(self.mass[n]));
            let w = f64::from(self.inverse_mass[n]);
            let effective = if w > 0.0 { 1.0 / w } else { m };
            energy.kinetic += 0.5 * effective * dot(v, v);
            energy.gravitational -= m * dot(gravity, self.displacement(n as u32));
        }
        energy
    }

    /// Momentum of the free nodes, with the effective masses that the integrator moves, N s.
    #[must_use]
    pub fn momentum(&self) -> Vec3 {
        let mut sum = [0.0; 3];
        for (n, w) in self
            .inverse_mass
            .iter()
            .enumerate()
            .filter(|(_, w)| **w > 0.0)
        {
            sum = crate::vec3::axpy(sum, 1.0 / f64::from(*w), self.velocity(n as u32));
        }
        sum
    }

    /// Present volume, m^3.
    #[must_use]
    pub fn volume(&self) -> f64 {
        let signed = |t: &[u32; 4]| {
            let p = t.map(|n| self.position(n));
            dot(sub(p[1], p[0]), cross(sub(p[2], p[0]), sub(p[3], p[0])))
        };
        self.tetrahedra.iter().map(signed).sum::<f64>() / 6.0
    }
}
