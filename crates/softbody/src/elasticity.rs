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
//! The stiffness bound of a node sums, over its elements:
//!
//!   k_a = sum_e V (mu |g_a|^2 + lambda' |cof F g_a|^2) + max(|s| - mu V, 0) |F| |g_a| sum_b |g_b|
//!
//!   lambda' = mu + mean of lambda_b over the element's corners b,  s = V (p_e + s_mu), with s_mu
//!   the factor of cof F in dpsi_mu/dF
//!
//! lambda' holds the nodes' lambda_b because J_b is a mean over the elements at b, and the square
//! of a mean is at most the mean of the squares (Jensen): V_b lambda_b (dJ_b)^2 <= lambda_b sum_e
//! (V_e / 4) (dJ_e)^2. With the element's own lambda_e soft elements beside stiff ones would be
//! bounded by far too little. U'' is taken as 1, which the logarithmic law exceeds where J < 1
//! ((1 - ln J) / J^2). The last, geometric term keeps violent pulls stable.

use crate::batch::TetBatch;
use crate::corners::{AtCorners, AtCornersMut};
use crate::lanes::{LANES, Node, Real};
use crate::material::Law;

/// Below this volume ratio the logarithmic law continues with constant slope.
pub const J_MIN: f32 = 0.1;

type Mat<T> = [[T; 3]; 3];

/// Values at the four corners: `[corner][component]`.
type AtEach<T> = [[T; 4]; 4];

/// Elements of a [`TetBatch`], as many as `T` holds.
#[derive(Clone, Copy)]
struct Element<T> {
    /// Gradients of the shape functions of corners 1..3.
    g: Mat<T>,
    v_mu: T,
    v_lambda: T,
    v_quarter: T,
}

impl<T: Real> Element<T> {
    #[inline(always)]
    fn of(batch: &TetBatch, first: usize) -> Self {
        let mut g = [[T::all(0.0); 3]; 3];
        for corner in 0..3 {
            for axis in 0..3 {
                g[corner][axis] = T::load(&batch.gradients[corner][axis], first);
            }
        }
        Self {
            g,
            v_mu: T::load(&batch.v_mu, first),
            v_lambda: T::load(&batch.v_lambda, first),
            v_quarter: T::load(&batch.v_quarter, first),
        }
    }
}

#[inline(always)]
fn gather<T: Real>(values: AtCorners<T::Scalar>, first: usize) -> AtEach<T> {
    let mut corners = [[T::all(0.0); 4]; 4];
    for corner in 0..4 {
        corners[corner] = T::gather(values, corner, first);
    }
    corners
}

/// H = sum_{b=1..3} (u_b - u_0) (x) g_b
#[inline(always)]
fn displacement_gradient<T: Real>(g: &Mat<T>, u: &AtEach<T>) -> Mat<T> {
    let mut h = [[T::all(0.0); 3]; 3];
    for i in 0..3 {
        let d = [u[1][i] - u[0][i], u[2][i] - u[0][i], u[3][i] - u[0][i]];
        for j in 0..3 {
            h[i][j] = d[0] * g[0][j] + d[1] * g[1][j] + d[2] * g[2][j];
        }
    }
    h
}

#[inline(always)]
fn cofactor<T: Real>(h: &Mat<T>) -> Mat<T> {
    let mut c = [[T::all(0.0); 3]; 3];
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
fn volume_change<T: Real>(h: &Mat<T>, cof: &Mat<T>) -> T {
    let trace = h[0][0] + h[1][1] + h[2][2];
    let minors = cof[0][0] + cof[1][1] + cof[2][2];
    let det = h[0][0] * cof[0][0] + h[0][1] * cof[0][1] + h[0][2] * cof[0][2];
    trace + minors + det
}

/// First pass: adds (V_e / 4) (J_e - 1) to component w of `out` at every corner.
#[inline(always)]
pub(crate) fn add_volume_change<T: Real>(
    batches: &[TetBatch],
    u: &[Node<T::Scalar>],
    out: &mut [Node<T::Scalar>],
) {
    for batch in batches {
        for first in (0..LANES).step_by(T::WIDTH) {
            let e = Element::<T>::of(batch, first);
            let u = gather(AtCorners::new(&batch.corners, u), first);
            let h = displacement_gradient(&e.g, &u);
            let change = e.v_quarter * volume_change(&h, &cofactor(&h));
            T::add_to_w(AtCornersMut::new(&batch.corners, out), first, change);
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

/// Second pass: adds the elastic forces to x, y, z of `out`, and the stiffness bound to its w if
/// `BOUND`. Component w of `u` holds the nodal pressure p_a.
#[inline(always)]
pub(crate) fn add_forces<T: Real, const BOUND: bool>(
    batches: &[TetBatch],
    u: &[Node<T::Scalar>],
    out: &mut [Node<T::Scalar>],
) {
    for batch in batches {
        for first in (0..LANES).step_by(T::WIDTH) {
            let e = Element::<T>::of(batch, first);
            let u = gather(AtCorners::new(&batch.corners, u), first);
            let add = match batch.law {
                Law::StableNeoHookean => forces::<T, BOUND>(Law::StableNeoHookean, &e, &u),
                Law::NeoHookean => forces::<T, BOUND>(Law::NeoHookean, &e, &u),
            };
            T::add_to_nodes(AtCornersMut::new(&batch.corners, out), first, &add);
        }
    }
}

/// Forces and bounds at the corners; `law` is known where this is inlined.
#[inline(always)]
fn forces<T: Real, const BOUND: bool>(law: Law, e: &Element<T>, u: &AtEach<T>) -> AtEach<T> {
    let h = displacement_gradient(&e.g, u);
    let cof_h = cofactor(&h);
    let cof_f = cofactor_of_f(&h, &cof_h);
    // V p_e with V = 4 (V / 4) and p_e = (p_0 + p_1 + p_2 + p_3) / 4
    let v_pressure = e.v_quarter * (u[0][3] + u[1][3] + u[2][3] + u[3][3]);
    let (stress, s) = stress(law, e.v_mu, v_pressure, &h, &cof_f, &cof_h);
    let mut out = corner_forces(&e.g, &stress);
    if BOUND {
        let bounds = corner_bounds(e, &h, &cof_f, s);
        for corner in 0..4 {
            out[corner][3] = bounds[corner];
        }
    }
    out
}

/// V P, and the factor of cof F in it (for the stiffness bound).
#[inline(always)]
fn stress<T: Real>(
    law: Law,
    v_mu: T,
    v_pressure: T,
    h: &Mat<T>,
    cof_f: &Mat<T>,
    cof_h: &Mat<T>,
) -> (Mat<T>, T) {
    let trace = h[0][0] + h[1][1] + h[2][2];
    let j1 = volume_change(h, cof_h);
    let (scale, of_f, of_cof) = match law {
        // mu (F - cof F) + (mu (J - 1) + p) cof F
        Law::StableNeoHookean => (v_mu, T::all(0.0), v_mu * j1 + v_pressure),
        // mu (F - cof F / J) = mu / J ((F - cof F) + (J - 1) F), + p cof F
        Law::NeoHookean => {
            let j = (T::all(1.0) + j1).max(T::all(J_MIN));
            let scale = v_mu * j.recip();
            (scale, scale * (j - T::all(1.0)), v_pressure)
        }
    };
    let mut stress = [[T::all(0.0); 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            let mut f_minus_cof = h[i][j] + h[j][i] - cof_h[i][j];
            if i == j {
                f_minus_cof = f_minus_cof - trace;
            }
            stress[i][j] = scale * f_minus_cof + of_cof * cof_f[i][j];
            if law == Law::NeoHookean {
                let f = if i == j {
                    h[i][j] + T::all(1.0)
                } else {
                    h[i][j]
                };
                stress[i][j] += of_f * f;
            }
        }
    }
    // cof F appears with the factor -mu / J (log) or mu (J - 1) - mu (stable) in all.
    (stress, of_cof - scale)
}

/// cof F = 1 + tr(H) 1 - H^T + cof H
#[inline(always)]
fn cofactor_of_f<T: Real>(h: &Mat<T>, cof_h: &Mat<T>) -> Mat<T> {
    let diagonal = T::all(1.0) + h[0][0] + h[1][1] + h[2][2];
    let mut c = [[T::all(0.0); 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            c[i][j] = cof_h[i][j] - h[j][i];
            if i == j {
                c[i][j] += diagonal;
            }
        }
    }
    c
}

/// f_b = -V P g_b
#[inline(always)]
fn corner_forces<T: Real>(g: &Mat<T>, stress: &Mat<T>) -> AtEach<T> {
    let mut forces = [[T::all(0.0); 4]; 4];
    for b in 0..3 {
        for i in 0..3 {
            let f = -(stress[i][0] * g[b][0] + stress[i][1] * g[b][1] + stress[i][2] * g[b][2]);
            forces[b + 1][i] = f;
            forces[0][i] = forces[0][i] - f;
        }
    }
    forces
}

/// k of each corner; `s` is V times the factor of cof F in P.
#[inline(always)]
fn corner_bounds<T: Real>(e: &Element<T>, h: &Mat<T>, cof_f: &Mat<T>, s: T) -> [T; 4] {
    let mut g = [[T::all(0.0); 3]; 4];
    for b in 0..3 {
        for axis in 0..3 {
            g[b + 1][axis] = e.g[b][axis];
            g[0][axis] = g[0][axis] - e.g[b][axis];
        }
    }
    let mut f_square = T::all(0.0);
    for i in 0..3 {
        for j in 0..3 {
            let f = if i == j {
                h[i][j] + T::all(1.0)
            } else {
                h[i][j]
            };
            f_square += f * f;
        }
    }
    let mut squares = [T::all(0.0); 4];
    let mut lengths = [T::all(0.0); 4];
    for a in 0..4 {
        squares[a] = square(&g[a]);
        lengths[a] = squares[a].sqrt();
    }
    let sum = lengths[0] + lengths[1] + lengths[2] + lengths[3];
    let geometric = (s.abs() - e.v_mu).max(T::all(0.0)) * f_square.sqrt() * sum;
    let v_lambda = e.v_lambda + e.v_mu;
    let mut bounds = [T::all(0.0); 4];
    for a in 0..4 {
        let mut cof_g = [T::all(0.0); 3];
        for i in 0..3 {
            cof_g[i] = cof_f[i][0] * g[a][0] + cof_f[i][1] * g[a][1] + cof_f[i][2] * g[a][2];
        }
        bounds[a] = e.v_mu * squares[a] + v_lambda * square(&cof_g) + geometric * lengths[a];
    }
    bounds
}

#[inline(always)]
fn square<T: Real>(v: &[T; 3]) -> T {
    v[0] * v[0] + v[1] * v[1] + v[2] * v[2]
}
