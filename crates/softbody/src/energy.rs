//! Energy and volume of a body, summed in f64 over elements and nodes.

use crate::body::SoftBody;
use crate::elements::law::{Kind, log_volume, pressure_energy};
use crate::material::Law;
use crate::mesh::volume6;
use crate::vec3::{Vec3, axpy, cross, dot, scale, sub};

/// Mechanical energy of a body, J.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Energy {
    /// Of the deformation, 0 at rest; of viscoelastic tissue what an elastic one with its
    /// instantaneous moduli would hold.
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

/// psi_mu / mu of `elements` from I_C, II_C and J.
fn shear_energy(law: Law, first: f64, second: f64, j: f64) -> f64 {
    match law {
        Law::StableNeoHookean => 0.5 * (first - 3.0) - (j - 1.0) + 0.5 * (j - 1.0) * (j - 1.0),
        Law::NeoHookean => 0.5 * (first - 3.0) - log_volume(j),
        Law::MooneyRivlin { ratio: r } => {
            let invariants = (1.0 - r) * (first - 3.0) + r * (second - 3.0);
            0.5 * invariants - (1.0 + r) * log_volume(j)
        }
    }
}

/// Sums over the elements at a node.
#[derive(Clone, Copy, Default)]
struct NodeMean {
    /// V mu / 4 and V mu / 4 C.
    mu: f64,
    stretch: [[f64; 3]; 3],
    /// V lambda / 4 and V lambda / 4 (J - 1).
    lambda: f64,
    change: f64,
}

impl NodeMean {
    /// I_C, II_C and J_C of the mean C.
    fn invariants(&self) -> [f64; 3] {
        let c = self.stretch.map(|row| scale(row, 1.0 / self.mu));
        let cofactor = [cross(c[1], c[2]), cross(c[2], c[0]), cross(c[0], c[1])];
        let trace = |m: [Vec3; 3]| m[0][0] + m[1][1] + m[2][2];
        [trace(c), trace(cofactor), dot(c[0], cofactor[0]).sqrt()]
    }
}

impl SoftBody {
    /// Energy in a field of gravity `gravity` (m/s^2), J.
    #[must_use]
    pub fn energy(&self, gravity: Vec3) -> Energy {
        Energy {
            elastic: self.elastic_energy(),
            ..self.energy_of_nodes(gravity)
        }
    }

    /// W of `elements`, J.
    fn elastic_energy(&self) -> f64 {
        let own = f64::from(self.elements.own);
        let mut energy = 0.0;
        let mut means = vec![NodeMean::default(); self.node_count()];
        for (t, m) in self.live().map(|(t, nodes)| (nodes, &self.materials[t])) {
            let (f, j) = self.deformation_of(t);
            let v = volume6(&self.rest, *t) / 6.0;
            let c = f.map(|a| f.map(|b| dot(a, b)));
            let cofactor = [cross(f[1], f[2]), cross(f[2], f[0]), cross(f[0], f[1])];
            let square = |m: &[Vec3; 3]| m.iter().map(|c| dot(*c, *c)).sum();
            energy += own * v * m.mu() * shear_energy(m.law, square(&f), square(&cofactor), j);
            for n in t.map(|n| n as usize) {
                let mean = &mut means[n];
                let (mu, lambda) = (0.25 * v * m.mu(), 0.25 * v * m.nodal_lambda());
                mean.mu += mu;
                for (sum, c) in mean.stretch.iter_mut().zip(c) {
                    *sum = axpy(*sum, mu, c);
                }
                mean.lambda += lambda;
                mean.change += lambda * (j - 1.0);
            }
        }
        // Each element's part of its nodes' energies, because their laws may differ.
        for (t, m) in self.live().map(|(t, nodes)| (nodes, &self.materials[t])) {
            let v = 0.25 * volume6(&self.rest, *t) / 6.0;
            for mean in t.map(|n| means[n as usize]) {
                let [first, second, j] = mean.invariants();
                let shear = shear_energy(m.law, first, second, j);
                let pressure = pressure_energy(Kind::of(m.law), mean.change / mean.lambda);
                energy += v * ((1.0 - own) * m.mu() * shear + m.nodal_lambda() * pressure);
            }
        }
        energy
    }

    /// (F, J) of a tetrahedron; F by columns.
    pub(crate) fn deformation_of(&self, t: &[u32; 4]) -> ([Vec3; 3], f64) {
        let rest = t.map(|n| self.rest_position(n));
        deformation(&rest, &t.map(|n| self.position(n)))
    }

    /// Kinetic and gravitational energy.
    fn energy_of_nodes(&self, gravity: Vec3) -> Energy {
        let mut energy = Energy::default();
        for n in 0..self.node_count() {
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
        self.live().map(|(_, t)| signed(t)).sum::<f64>() / 6.0
    }
}
