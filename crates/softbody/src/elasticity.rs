//! The element: linear tetrahedra with averaged nodal pressure (ANP).
//!
//! Linear tetrahedra lock when the material is nearly incompressible. ANP (Bonet and Burton
//! 1998; Joldes, Wittek, Miller 2009) keeps the part of the energy that belongs to mu in the
//! elements and moves the part that belongs to lambda to the nodes:
//!
//!   W = sum_e V_e psi_mu(F_e) + sum_a V_a lambda_a U(J_a)
//!
//!   J_a = sum_{e at a} (V_e / 4) J_e / V_a,  V_a = sum V_e / 4,  lambda_a likewise averaged
//!
//! | law                | psi_mu                                              | U(J)         |
//! | ------------------ | --------------------------------------------------- | ------------ |
//! | stable Neo-Hookean | mu/2 (I_C - 3) - mu (J - 1) + mu/2 (J - 1)^2        | (J - 1)^2 / 2 |
//! | Neo-Hookean        | mu/2 (I_C - 3) - mu ln J                            | (ln J)^2 / 2 |
//!
//! In a homogeneous deformation the sum is the law of [`material`](crate::material) exactly. Both
//! psi_mu are the law itself with lambda = 0, so no element alone has negative stiffness. Since
//! W exists, the forces conserve energy:
//!
//!   f_a = -sum_e V_e P_e grad N_a,  P_e = dpsi_mu/dF + p_e cof F,
//!   p_e = mean of p_a over the four corners,  p_a = lambda_a U'(J_a)
//!
//! Everything is written in H = F - 1, the gradient of the displacement, so that small strains
//! lose no digits: F - cof F = H + H^T - tr(H) 1 - cof H, and J - 1 = tr H + tr(cof H) + det H.
//!
//! The stiffness bound of a node sums, over its elements (s = V (lambda' (J - 1) - mu) is the
//! factor of cof F, lambda' = lambda + mu):
//!
//!   k_a = sum V (mu |g_a|^2 + lambda' |cof F g_a|^2) + max(|s| - mu V, 0) |F| |g_a| sum_b |g_b|
//!
//! The second, geometric term keeps violent pulls stable.

use crate::batch::{Node, TetBatch};
use crate::lanes::{LANES, Lanes};
use crate::material::Law;

/// Below this volume ratio the logarithmic law continues with constant slope.
pub const J_MIN: f32 = 0.1;

type Mat = [[Lanes; 3]; 3];

#[inline(always)]
fn gather(values: &[Node], ids: &[u32; LANES]) -> [Lanes; 4] {
    let mut out = [Lanes::ZERO; 4];
    for lane in 0..LANES {
        let node = values[ids[lane] as usize];
        for axis in 0..4 {
            out[axis].0[lane] = node[axis];
        }
    }
    out
}

#[inline(always)]
fn scatter(values: &mut [Node], ids: &[u32; LANES], add: [Lanes; 4]) {
    for lane in 0..LANES {
        let node = &mut values[ids[lane] as usize];
        for axis in 0..4 {
            node[axis] += add[axis].0[lane];
        }
    }
}

/// H = sum_{b=1..3} (u_b - u_0) (x) g_b
#[inline(always)]
fn displacement_gradient(batch: &TetBatch, u: &[[Lanes; 4]; 4]) -> Mat {
    let mut h = [[Lanes::ZERO; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            let g = &batch.gradients;
            h[i][j] = (u[1][i] - u[0][i]) * g[0][j]
                + (u[2][i] - u[0][i]) * g[1][j]
                + (u[3][i] - u[0][i]) * g[2][j];
        }
    }
    h
}

#[inline(always)]
fn cofactor(h: &Mat) -> Mat {
    let mut c = [[Lanes::ZERO; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            let (i1, i2, j1, j2) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
            c[i][j] = h[i1][j1] * h[i2][j2] - h[i1][j2] * h[i2][j1];
        }
    }
    c
}

/// J - 1 from H and cof H.
#[inline(always)]
fn volume_change(h: &Mat, cof: &Mat) -> Lanes {
    let trace = h[0][0] + h[1][1] + h[2][2];
    let minors = cof[0][0] + cof[1][1] + cof[2][2];
    let det = h[0][0] * cof[0][0] + h[0][1] * cof[0][1] + h[0][2] * cof[0][2];
    trace + minors + det
}

/// First pass: adds (V_e / 4) (J_e - 1) to component w of `out` at every corner.
#[inline(always)]
pub(crate) fn add_volume_change(batches: &[TetBatch], u: &[Node], out: &mut [Node]) {
    for batch in batches {
        let corners = [0, 1, 2, 3].map(|c| gather(u, &batch.nodes[c]));
        let h = displacement_gradient(batch, &corners);
        let change = batch.v_quarter * volume_change(&h, &cofactor(&h));
        for ids in &batch.nodes {
            for lane in 0..LANES {
                out[ids[lane] as usize][3] += change.0[lane];
            }
        }
    }
}

/// U'(J) / lambda at a node from J - 1. Nodal, so f64 and scalar.
#[must_use]
pub fn pressure_slope(law: Law, j1: f64) -> f64 {
    match law {
        Law::StableNeoHookean => j1,
        Law::NeoHookean => {
            let j = f64::max(1.0 + j1, f64::from(J_MIN));
            libm::log(j) / j
        }
    }
}

/// U(J) at a node from J - 1; the twin of [`pressure_slope`].
#[must_use]
pub fn pressure_energy(law: Law, j1: f64) -> f64 {
    match law {
        Law::StableNeoHookean => 0.5 * j1 * j1,
        Law::NeoHookean => {
            let j_min = f64::from(J_MIN);
            let log = libm::log(f64::max(1.0 + j1, j_min));
            0.5 * log * log + f64::min(1.0 + j1 - j_min, 0.0) * log / j_min
        }
    }
}

/// V P without the nodal pressure, and the factor of cof F in it (for the stiffness bound).
#[inline(always)]
fn shear_stress(batch: &TetBatch, h: &Mat, cof_f: &Mat, cof_h: &Mat, j1: Lanes) -> (Mat, Lanes) {
    let trace = h[0][0] + h[1][1] + h[2][2];
    let mut stress = [[Lanes::ZERO; 3]; 3];
    let (over_j, of_f, of_cof) = match batch.law {
        // mu (F - cof F) + mu (J - 1) cof F
        Law::StableNeoHookean => (Lanes::splat(1.0), Lanes::ZERO, batch.v_mu * j1),
        // mu (F - cof F / J) = mu / J ((F - cof F) + (J - 1) F)
        Law::NeoHookean => {
            let j = (Lanes::splat(1.0) + j1).max(Lanes::splat(J_MIN));
            let over_j = j.recip();
            (over_j, batch.v_mu * over_j * (j - Lanes::splat(1.0)), Lanes::ZERO)
        }
    };
    let scale = batch.v_mu * over_j;
    for i in 0..3 {
        for j in 0..3 {
            let mut f_minus_cof = h[i][j] + h[j][i] - cof_h[i][j];
            let mut f = h[i][j];
            if i == j {
                f_minus_cof = f_minus_cof - trace;
                f = f + Lanes::splat(1.0);
            }
            stress[i][j] = scale * f_minus_cof + of_f * f + of_cof * cof_f[i][j];
        }
    }
    // cof F appears with the factor -mu / J (log) or mu (J - 1) - mu (stable) in all.
    (stress, of_cof - scale)
}

/// Second pass: adds the elastic forces to x, y, z of `out`, and the stiffness bound to its w if
/// `BOUND`. Component w of `u` holds the nodal pressure p_a.
#[inline(always)]
pub(crate) fn add_forces<const BOUND: bool>(batches: &[TetBatch], u: &[Node], out: &mut [Node]) {
    for batch in batches {
        let corners = [0, 1, 2, 3].map(|c| gather(u, &batch.nodes[c]));
        let h = displacement_gradient(batch, &corners);
        let cof_h = cofactor(&h);
        let j1 = volume_change(&h, &cof_h);
        let cof_f = cofactor_of_f(&h, &cof_h);
        let (mut stress, s_mu) = shear_stress(batch, &h, &cof_f, &cof_h, j1);
        // V p_e with V = 4 (V / 4) and p_e = (p_0 + p_1 + p_2 + p_3) / 4
        let v_pressure =
            batch.v_quarter * (corners[0][3] + corners[1][3] + corners[2][3] + corners[3][3]);
        for i in 0..3 {
            for j in 0..3 {
                stress[i][j] = stress[i][j] + v_pressure * cof_f[i][j];
            }
        }
        let forces = corner_forces(batch, &stress);
        let bounds = if BOUND {
            corner_bounds(batch, &h, &cof_f, s_mu + v_pressure)
        } else {
            [Lanes::ZERO; 4]
        };
        for corner in 0..4 {
            let [x, y, z] = forces[corner];
            scatter(out, &batch.nodes[corner], [x, y, z, bounds[corner]]);
        }
    }
}

/// cof F = 1 + tr(H) 1 - H^T + cof H
#[inline(always)]
fn cofactor_of_f(h: &Mat, cof_h: &Mat) -> Mat {
    let diagonal = Lanes::splat(1.0) + h[0][0] + h[1][1] + h[2][2];
    let mut c = [[Lanes::ZERO; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            c[i][j] = cof_h[i][j] - h[j][i];
            if i == j {
                c[i][j] = c[i][j] + diagonal;
            }
        }
    }
    c
}

/// f_b = -V P g_b
#[inline(always)]
fn corner_forces(batch: &TetBatch, stress: &Mat) -> [[Lanes; 3]; 4] {
    let mut forces = [[Lanes::ZERO; 3]; 4];
    for b in 0..3 {
        let g = &batch.gradients[b];
        for i in 0..3 {
            let f = -(stress[i][0] * g[0] + stress[i][1] * g[1] + stress[i][2] * g[2]);
            forces[b + 1][i] = f;
            forces[0][i] = forces[0][i] - f;
        }
    }
    forces
}

/// k of each corner; `s` is V times the factor of cof F in P.
#[inline(always)]
fn corner_bounds(batch: &TetBatch, h: &Mat, cof_f: &Mat, s: Lanes) -> [Lanes; 4] {
    let square = |v: &[Lanes; 3]| v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    let g = &batch.gradients;
    let mut all = [[Lanes::ZERO; 3]; 4];
    for b in 0..3 {
        for axis in 0..3 {
            all[b + 1][axis] = g[b][axis];
            all[0][axis] = all[0][axis] - g[b][axis];
        }
    }
    let one = Lanes::splat(1.0);
    let mut f_square = Lanes::ZERO;
    for i in 0..3 {
        for j in 0..3 {
            let f = if i == j { h[i][j] + one } else { h[i][j] };
            f_square = f_square + f * f;
        }
    }
    let lengths = all.map(|g| square(&g).sqrt());
    let sum = lengths[0] + lengths[1] + lengths[2] + lengths[3];
    let geometric = (s.abs() - batch.v_mu).max(Lanes::ZERO) * f_square.sqrt() * sum;
    let v_lambda = batch.v_lambda + batch.v_mu;
    let mut bounds = [Lanes::ZERO; 4];
    for a in 0..4 {
        let g = &all[a];
        let cof_g = [0, 1, 2].map(|i| {
            cof_f[i][0] * g[0] + cof_f[i][1] * g[1] + cof_f[i][2] * g[2]
        });
        bounds[a] = batch.v_mu * square(g) + v_lambda * square(&cof_g) + geometric * lengths[a];
    }
    bounds
}
