//! The slow, obvious twin of the elements: the energy as it is defined, in f64, and everything
//! else by central differences of it.
//!
//!   W = sum_e own V_e psi_mu(F_e)
//!     + sum_e sum_{a of e} V_e/4 ((1 - own) psi_mu(C_a) + lambda_e U(J_a))
//!
//! with C_a and J_a the means of F^T F and J over the elements at a, weighted by V mu and V lambda.
//! Shares nothing with the fast code but the definition.
#![allow(dead_code, reason = "each test binary uses its own part")]

use softbody::{Averaging, Law, Material};

pub type Vec3 = [f64; 3];

/// A mesh with one material per tetrahedron.
pub struct Oracle {
    pub rest: Vec<Vec3>,
    pub tetrahedra: Vec<[u32; 4]>,
    pub materials: Vec<Material>,
    pub averaging: Averaging,
}

type Mat = [[f64; 3]; 3];

fn det(m: &Mat) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
}

/// Edges from corner 0 as columns.
fn edges(p: [Vec3; 4]) -> Mat {
    let mut m = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            m[i][j] = p[j + 1][i] - p[0][i];
        }
    }
    m
}

/// Solves F D = d for F by Cramer's rule, row by row.
fn gradient(now: &Mat, rest: &Mat) -> Mat {
    let whole = det(rest);
    let mut f = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            // F_i . (column k of rest) = now_ik: replace row j of rest by now_i.
            let mut replaced = *rest;
            replaced[j] = now[i];
            f[i][j] = det(&replaced) / whole;
        }
    }
    f
}

/// F^T F
fn stretch(f: &Mat) -> Mat {
    let mut c = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            c[i][j] = (0..3).map(|k| f[k][i] * f[k][j]).sum();
        }
    }
    c
}

/// (mu, lambda) of linear elasticity.
fn lame(material: &Material) -> (f64, f64) {
    let (e, nu) = (material.young_modulus, material.poisson_ratio);
    (e / 2.0 / (1.0 + nu), e * nu / (1.0 + nu) / (1.0 - 2.0 * nu))
}

/// psi_mu from C and J.
fn shear(material: &Material, c: &Mat, j: f64) -> f64 {
    let mu = lame(material).0;
    let first: f64 = c[0][0] + c[1][1] + c[2][2];
    let square: f64 = c.iter().flatten().map(|x| x * x).sum();
    let second = 0.5 * (first * first - square);
    match material.law {
        Law::StableNeoHookean => {
            0.5 * mu * (first - 3.0) - mu * (j - 1.0) + 0.5 * mu * (j - 1.0).powi(2)
        }
        Law::NeoHookean => 0.5 * mu * (first - 3.0) - mu * j.ln(),
        Law::MooneyRivlin { ratio } => {
            0.5 * mu * ((1.0 - ratio) * (first - 3.0) + ratio * (second - 3.0))
                - mu * (1.0 + ratio) * j.ln()
        }
    }
}

/// The part of the energy that is taken from J_a.
fn bulk(material: &Material, j: f64) -> f64 {
    let (mu, lambda) = lame(material);
    match material.law {
        Law::StableNeoHookean => 0.5 * lambda * (j - 1.0).powi(2),
        Law::NeoHookean => 0.5 * lambda * j.ln().powi(2),
        Law::MooneyRivlin { ratio } => 0.5 * (lambda - 2.0 * ratio * mu) * j.ln().powi(2),
    }
}

/// What weighs J in its mean: the modulus of `bulk`.
fn bulk_weight(material: &Material) -> f64 {
    let (mu, lambda) = lame(material);
    match material.law {
        Law::MooneyRivlin { ratio } => lambda - 2.0 * ratio * mu,
        Law::StableNeoHookean | Law::NeoHookean => lambda,
    }
}

impl Oracle {
    /// W at displacements `u`, J.
    pub fn energy(&self, u: &[Vec3]) -> f64 {
        let own = match self.averaging {
            Averaging::Strain => 0.4,
            Averaging::Pressure => 1.0,
        };
        let nodes = self.rest.len();
        let mut w = 0.0;
        let mut means = vec![([[0.0; 3]; 3], 0.0, 0.0, 0.0); nodes]; // sum C, mu, J, lambda
        let volume = |t: &[u32; 4]| det(&edges(t.map(|n| self.rest[n as usize]))) / 6.0;
        for (t, material) in self.tetrahedra.iter().zip(&self.materials) {
            let ids = t.map(|n| n as usize);
            let rest = ids.map(|n| self.rest[n]);
            let moved = ids.map(|n| [0, 1, 2].map(|i| self.rest[n][i] + u[n][i]));
            let v = volume(t);
            let f = gradient(&edges(moved), &edges(rest));
            let (c, j) = (stretch(&f), det(&f));
            w += own * v * shear(material, &c, j);
            let (mu, lambda) = (v * lame(material).0, v * bulk_weight(material));
            for n in ids {
                for i in 0..3 {
                    for k in 0..3 {
                        means[n].0[i][k] += mu * c[i][k];
                    }
                }
                means[n].1 += mu;
                means[n].2 += lambda * j;
                means[n].3 += lambda;
            }
        }
        for (t, material) in self.tetrahedra.iter().zip(&self.materials) {
            let quarter = volume(t) / 4.0;
            for (sum, mu, j, lambda) in t.map(|n| means[n as usize]) {
                let c = sum.map(|row| row.map(|x| x / mu));
                let shear = shear(material, &c, det(&c).sqrt());
                w += quarter * ((1.0 - own) * shear + bulk(material, j / lambda));
            }
        }
        w
    }

    /// -dW/du by central differences with steps of `step` (m), N.
    pub fn forces(&self, u: &[Vec3], step: f64) -> Vec<Vec3> {
        let mut u = u.to_vec();
        let mut forces = vec![[0.0; 3]; u.len()];
        for n in 0..u.len() {
            for axis in 0..3 {
                let here = u[n][axis];
                u[n][axis] = here + step;
                let up = self.energy(&u);
                u[n][axis] = here - step;
                let down = self.energy(&u);
                u[n][axis] = here;
                forces[n][axis] = (down - up) / (2.0 * step);
            }
        }
        forces
    }

    /// Largest eigenvalue of M^-1 K at `u` for lumped masses `m`, by power iteration on
    /// differences of the forces; 1/s^2 for kg.
    pub fn largest_eigenvalue(&self, u: &[Vec3], m: &[f64], iterations: usize) -> f64 {
        let mut x: Vec<Vec3> = (0..u.len())
            .map(|n| [0, 1, 2].map(|i| (78.233 * (3 * n + i) as f64).sin()))
            .collect();
        let mut eigenvalue = 0.0;
        for _ in 0..iterations {
            let norm: f64 = x.iter().flatten().map(|x| x * x).sum::<f64>().sqrt();
            let step = 1e-5 / norm;
            let moved = |s: f64| -> Vec<Vec3> {
                u.iter()
                    .zip(&x)
                    .map(|(u, x)| [0, 1, 2].map(|i| u[i] + s * x[i]))
                    .collect()
            };
            let (up, down) = (
                self.forces(&moved(step), 1e-6),
                self.forces(&moved(-step), 1e-6),
            );
            let (mut along, mut square) = (0.0, 0.0);
            let mut next = vec![[0.0; 3]; x.len()];
            for n in 0..x.len() {
                for i in 0..3 {
                    let kx = (down[n][i] - up[n][i]) / (2.0 * step);
                    along += x[n][i] * kx;
                    square += m[n] * x[n][i] * x[n][i];
                    next[n][i] = kx / m[n] / norm;
                }
            }
            eigenvalue = along / square;
            x = next;
        }
        eigenvalue
    }
}
