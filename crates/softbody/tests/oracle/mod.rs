//! The slow, obvious twin of the elements: the energy as it is defined, in f64, and everything
//! else by central differences of it.
//!
//!   W = sum_e V_e psi_mu(F_e) + sum_a sum_law V_a lambda_a U(J_a)
//!
//! Shares nothing with the fast code but the definition.
#![allow(dead_code, reason = "each test binary uses its own part")]

use softbody::{Law, Material};

pub type Vec3 = [f64; 3];

/// A mesh with one material per tetrahedron.
pub struct Oracle {
    pub rest: Vec<Vec3>,
    pub tetrahedra: Vec<[u32; 4]>,
    pub materials: Vec<Material>,
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

fn shear(material: &Material, f: &Mat) -> f64 {
    let mu = material.young_modulus / 2.0 / (1.0 + material.poisson_ratio);
    let i_c: f64 = f.iter().flatten().map(|x| x * x).sum();
    let j = det(f);
    match material.law {
        Law::StableNeoHookean => {
            0.5 * mu * (i_c - 3.0) - mu * (j - 1.0) + 0.5 * mu * (j - 1.0).powi(2)
        }
        Law::NeoHookean => 0.5 * mu * (i_c - 3.0) - mu * j.ln(),
    }
}

fn bulk(law: Law, j: f64) -> f64 {
    match law {
        Law::StableNeoHookean => 0.5 * (j - 1.0).powi(2),
        Law::NeoHookean => 0.5 * j.ln().powi(2),
    }
}

impl Oracle {
    /// W at displacements `u`, J.
    pub fn energy(&self, u: &[Vec3]) -> f64 {
        let nodes = self.rest.len();
        let (mut volume, mut now, mut w) = (vec![0.0; nodes], vec![0.0; nodes], 0.0);
        let mut lambda = [vec![0.0; nodes], vec![0.0; nodes]];
        for (t, material) in self.tetrahedra.iter().zip(&self.materials) {
            let ids = t.map(|n| n as usize);
            let rest = ids.map(|n| self.rest[n]);
            let moved = ids.map(|n| [0, 1, 2].map(|i| self.rest[n][i] + u[n][i]));
            let v = det(&edges(rest)) / 6.0;
            let f = gradient(&edges(moved), &edges(rest));
            w += v * shear(material, &f);
            let (e, nu) = (material.young_modulus, material.poisson_ratio);
            for n in ids {
                volume[n] += v / 4.0;
                now[n] += v / 4.0 * det(&f);
                lambda[material.law as usize][n] +=
                    v / 4.0 * e * nu / (1.0 + nu) / (1.0 - 2.0 * nu);
            }
        }
        for n in 0..nodes {
            let j = now[n] / volume[n];
            for law in [Law::StableNeoHookean, Law::NeoHookean] {
                if lambda[law as usize][n] > 0.0 {
                    w += lambda[law as usize][n] * bulk(law, j);
                }
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
