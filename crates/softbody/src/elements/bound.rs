//! A bound of each node's stiffness.
//!
//!   k_a = sum_e V (mu' |g_a|^2 + lambda' |cof F g_a|^2) + max(|s| - mu V, 0) |F| |g_a| sum_b |g_b|
//!
//!   mu' = mu,  lambda' = mu + lambda                                 stable Neo-Hookean
//!   mu' = mu (1 + 3.2 r max(|F|^2 - 3, 0)),
//!   lambda' = mu (1 + r) / J^2 + lambda U''                         Mooney-Rivlin
//!
//! with Neo-Hookean as r = 0, the mean U'' of the nodes and s = V (p + s_mu), s_mu the factor of
//! cof F in dpsi_mu/dF. The last, geometric term keeps violent pulls stable. Its products are taken from
//! above, without roots, by |g_a| |g_b| <= (|g_a|^2 + |g_b|^2) / 2 and |F| <= (|F|^2 + 3) / (2 sqrt 3),
//! which is exact at rest.
//!
//! Means at nodes need no more than the elements
//! themselves: the square of a mean is at most the mean of the squares (Jensen), when both are weighted
//! by the stiffness that they belong to, and they are. For Mooney-Rivlin, |cof F|^2 r mu / 2 has a
//! second derivative of at most r mu (2 |F|^2 + 2 / sqrt(3) |F|^2), of which the part at rest is in
//! mu and lambda already.

use super::batch::Element;
use super::law::{J_MIN, Kind};
use super::matrix::{Mat, plus_one, square, square_of};
use crate::simd::Real;

/// Where elements are when their bound is measured.
pub struct Here<'a, T> {
    pub h: &'a Mat<T>,
    /// cof F - 1
    pub cofactor_change: &'a Mat<T>,
    /// J - 1
    pub j1: T,
    /// V p
    pub v_pressure: T,
    /// U'', for the laws with a logarithm.
    pub curve: T,
    /// r
    pub mooney: T,
}

/// k of each corner.
#[inline(always)]
pub fn corner_bounds<T: Real>(kind: Kind, e: &Element<T>, here: &Here<T>) -> [T; 4] {
    let f_square = square_of(&plus_one(here.h));
    let [v_mu, v_lambda, s] = moduli(kind, e, here, f_square);
    let [of_g, of_turned] = [gradients(&e.g), turned(here, &e.g)];
    let mut squares = [T::all(0.0); 4];
    for a in 0..4 {
        squares[a] = square(&of_g[a]);
    }
    let sum = squares[0] + squares[1] + squares[2] + squares[3];
    let length = T::all(0.5 / 3.0f32.sqrt()) * (f_square + T::all(3.0)); // of F, at most
    let geometric = (s.abs() - e.v_mu).max(T::all(0.0)) * length;
    let (of_each, of_all) = (v_mu + geometric + geometric, T::all(0.5) * geometric * sum);
    let mut bounds = [T::all(0.0); 4];
    for a in 0..4 {
        bounds[a] = of_each * squares[a] + v_lambda * square(&of_turned[a]) + of_all;
    }
    bounds
}

/// cof F g_a of all four corners.
#[inline(always)]
fn turned<T: Real>(here: &Here<T>, g: &Mat<T>) -> [[T; 3]; 4] {
    let cof_f = plus_one(here.cofactor_change);
    let mut of_three = *g;
    for b in 0..3 {
        for i in 0..3 {
            let c = &cof_f[i];
            of_three[b][i] = c[0] * g[b][0] + c[1] * g[b][1] + c[2] * g[b][2];
        }
    }
    gradients(&of_three)
}

/// V mu', V lambda' and s.
#[inline(always)]
fn moduli<T: Real>(kind: Kind, e: &Element<T>, here: &Here<T>, f_square: T) -> [T; 3] {
    if kind == Kind::Stable {
        let s = e.v_mu * (here.j1 - T::all(1.0)) + here.v_pressure;
        return [e.v_mu, e.v_lambda + e.v_mu, s];
    }
    let inverse = (here.j1 + T::all(1.0)).max(T::all(J_MIN)).recip();
    let log = e.v_mu + here.mooney * e.v_mu;
    let stretch = (f_square - T::all(3.0)).max(T::all(0.0));
    let v_mu = e.v_mu + T::all(3.2) * here.mooney * stretch * e.v_mu;
    let v_lambda = log * inverse * inverse + e.v_lambda * here.curve;
    [v_mu, v_lambda, here.v_pressure - log * inverse]
}

/// What three corners have and the fourth, of which all four sum up to zero.
#[inline(always)]
fn gradients<T: Real>(of_three: &Mat<T>) -> [[T; 3]; 4] {
    let mut g = [[T::all(0.0); 3]; 4];
    for b in 0..3 {
        for axis in 0..3 {
            g[b + 1][axis] = of_three[b][axis];
            g[0][axis] = g[0][axis] - of_three[b][axis];
        }
    }
    g
}
