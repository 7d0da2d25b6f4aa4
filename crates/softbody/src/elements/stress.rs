//! Third pass: forces of the elements, from their own strain and what their nodes say.
//!
//! In terms of H, C' = cof F - 1 and the stress S_v that is V times all parts of S,
//!
//!   V P = S_v + H (S_v + alpha 1) + beta C' + gamma 1
//!
//!   stable Neo-Hookean   alpha = m,        beta = q - m,  gamma = q,      q = m (J - 1) + V p
//!   the others           alpha = m (1+r),  beta = V p - m (1+r) / J,  gamma = alpha + beta
//!
//! with m = own V mu. All of it is linear in the moduli, so negative ones give forces instead.

use super::batch::{Element, TetBatch};
use super::bound::{Here, corner_bounds};
use super::corners::{AtCorners, AtCornersMut};
use super::law::{J_MIN, Kind};
use super::matrix::{AtEach, Mat, SYM, Sym, cofactor, cofactor_change, twice_green, volume_change};
use super::scratch::Gradients;
use crate::simd::{LANES, Node, Real, Strain, VOLUME};

/// What is wanted of the third pass.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// Share of the shear energy that stays in the elements.
    pub own: f32,
    /// Whether stiffness bounds are measured, too.
    pub bounds: bool,
}

/// Adds the elastic forces of `batch` to x, y, z of `out`, and the stiffness bounds to its w if they
/// are wanted. `strains` holds what the second pass made of the sums, `kept` the elements' H.
#[inline(always)]
pub fn add_forces<T: Real, const STRAIN: bool>(
    batch: &TetBatch,
    wanted: Wanted,
    strains: &[Strain<T::Scalar>],
    kept: &Gradients<T::Scalar>,
    out: &mut [Node<T::Scalar>],
) {
    for first in (0..LANES).step_by(T::WIDTH) {
        let at = At::<T> {
            e: Element::of(batch, first),
            h: kept.recall(first),
            own: T::all(wanted.own),
            mooney: T::load(&batch.mooney, first),
            nodal: nodal::<T, STRAIN>(batch.kind, AtCorners::new(&batch.corners, strains), first),
        };
        let add = match batch.kind {
            Kind::Stable => forces::<T, STRAIN>(Kind::Stable, &at, wanted.bounds),
            Kind::Log => forces::<T, STRAIN>(Kind::Log, &at, wanted.bounds),
        };
        T::add_to_nodes(AtCornersMut::new(&batch.corners, out), first, &add);
    }
}

/// The sums that elements get from their nodes, read only where they are needed.
#[inline(always)]
fn nodal<T: Real, const STRAIN: bool>(
    kind: Kind,
    strains: AtCorners<Strain<T::Scalar>>,
    first: usize,
) -> [T; 8] {
    if STRAIN || kind != Kind::Stable {
        return T::sum_of_strains(strains, first);
    }
    let mut sums = [T::all(0.0); 8];
    sums[VOLUME] = T::sum_of_volumes(strains, first);
    sums
}

/// Elements and what is known about them.
struct At<'a, T> {
    e: Element<'a, T>,
    h: Mat<T>,
    own: T,
    mooney: T,
    /// S of the nodes times their share, U', U''.
    nodal: [T; 8],
}

/// Forces and bounds at the corners; `kind` is known where this is inlined.
#[inline(always)]
fn forces<T: Real, const STRAIN: bool>(kind: Kind, at: &At<T>, bounds: bool) -> AtEach<T> {
    let (e, h) = (&at.e, &at.h);
    let cof_h = cofactor(h);
    let here = Here {
        h,
        cofactor_change: &cofactor_change(h, &cof_h),
        j1: volume_change(h, &cof_h),
        v_pressure: e.v_lambda * at.nodal[VOLUME],
        curve: at.nodal[7],
        mooney: at.mooney,
    };
    let mut out = corner_forces(&e.g, &pull::<T, STRAIN>(kind, at, &here));
    if bounds {
        let bounds = corner_bounds(kind, e, &here);
        for corner in 0..4 {
            out[corner][3] = bounds[corner];
        }
    }
    out
}

/// -V P
#[inline(always)]
fn pull<T: Real, const STRAIN: bool>(kind: Kind, at: &At<T>, here: &Here<T>) -> Mat<T> {
    let v_mu = -at.e.v_mu;
    let [alpha, beta, gamma] = coefficients(kind, at.own * v_mu, here);
    let mut s = [T::all(0.0); 6];
    if STRAIN {
        for i in 0..6 {
            s[i] = v_mu * at.nodal[i];
        }
    }
    if kind == Kind::Log {
        let (v, beside) = (at.own * at.mooney * v_mu, beside_log(&at.h));
        for i in 0..6 {
            s[i] += v * beside[i];
        }
    }
    let mut pull = f_times(&at.h, (STRAIN || kind == Kind::Log).then_some(&s), alpha);
    for i in 0..3 {
        for j in 0..3 {
            pull[i][j] += beta * here.cofactor_change[i][j];
        }
        pull[i][i] += gamma;
    }
    pull
}

/// alpha, beta and gamma.
#[inline(always)]
fn coefficients<T: Real>(kind: Kind, v_mu: T, here: &Here<T>) -> [T; 3] {
    let v_pressure = -here.v_pressure; // as negative as the moduli
    match kind {
        Kind::Stable => {
            let q = v_mu * here.j1 + v_pressure;
            [v_mu, q - v_mu, q]
        }
        Kind::Log => {
            let j = (T::all(1.0) + here.j1).max(T::all(J_MIN));
            let scale = (v_mu + here.mooney * v_mu) * j.recip();
            let of_f = scale * (j - T::all(1.0));
            [scale + of_f, v_pressure - scale, v_pressure + of_f]
        }
    }
}

/// 2 (tr(E) 1 - E): what S of Mooney-Rivlin has, times r, beside (1 + r) (1 - C^-1).
#[inline(always)]
fn beside_log<T: Real>(h: &Mat<T>) -> Sym<T> {
    let e = twice_green(h);
    let trace = e[0] + e[1] + e[2];
    let mut s = e;
    for i in 0..6 {
        s[i] = if i < 3 { trace - e[i] } else { -e[i] };
    }
    s
}

/// S + H (S + alpha 1); no S is zero.
#[inline(always)]
fn f_times<T: Real>(h: &Mat<T>, s: Option<&Sym<T>>, alpha: T) -> Mat<T> {
    let mut out = *h;
    let Some(s) = s else {
        for i in 0..3 {
            for j in 0..3 {
                out[i][j] = h[i][j] * alpha;
            }
        }
        return out;
    };
    let mut more = *s;
    for i in 0..3 {
        more[i] += alpha;
    }
    for i in 0..3 {
        for j in 0..3 {
            let [a, b, c] = [SYM[0][j], SYM[1][j], SYM[2][j]];
            out[i][j] = s[SYM[i][j]] + h[i][0] * more[a] + h[i][1] * more[b] + h[i][2] * more[c];
        }
    }
    out
}

/// f_b = -V P g_b
#[inline(always)]
fn corner_forces<T: Real>(g: &Mat<T>, pull: &Mat<T>) -> AtEach<T> {
    let mut forces = [[T::all(0.0); 4]; 4];
    for b in 0..3 {
        for i in 0..3 {
            let f = pull[i][0] * g[b][0] + pull[i][1] * g[b][1] + pull[i][2] * g[b][2];
            forces[b + 1][i] = f;
            forces[0][i] = forces[0][i] - f;
        }
    }
    forces
}
