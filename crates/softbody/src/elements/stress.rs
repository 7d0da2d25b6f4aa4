//! Third pass: forces of the elements, from their own strain and what their nodes say.

use super::batch::{Element, TetBatch};
use super::bound::{Here, corner_bounds};
use super::corners::{AtCorners, AtCornersMut};
use super::law::{J_MIN, Kind};
use super::matrix::{
    AtEach, Mat, SYM, Sym, cofactor, cofactor_of_f, deformation, displacement_gradient, green,
    trace, volume_change,
};
use crate::simd::{LANES, Node, Real, Strain};

/// Adds the elastic forces to x, y, z of `out`, and the stiffness bound to its w.
/// Component w of `u` holds a quarter of each node's U'. `own` is the share of the shear energy that
/// stays in the elements; the rest is in `strains` if `STRAIN`.
#[inline(always)]
pub fn add_forces<T: Real, const STRAIN: bool>(
    batches: &[TetBatch],
    own: f32,
    u: &[Node<T::Scalar>],
    strains: &[Strain<T::Scalar>],
    out: &mut [Node<T::Scalar>],
) {
    for batch in batches {
        for first in (0..LANES).step_by(T::WIDTH) {
            let strains = AtCorners::new(&batch.corners, strains);
            let at = At::<T> {
                e: Element::of(batch, first),
                own: T::all(own),
                mooney: T::load(&batch.mooney, first),
                nodal: nodal::<T, STRAIN>(batch.kind, strains, first),
            };
            let u = at.e.gather(u);
            let add = match batch.kind {
                Kind::Stable => forces::<T, STRAIN>(Kind::Stable, &at, &u),
                Kind::Log => forces::<T, STRAIN>(Kind::Log, &at, &u),
            };
            T::add_to_nodes(AtCornersMut::new(&batch.corners, out), first, &add);
        }
    }
}

/// The means that elements get from their nodes, read only where they are needed.
#[inline(always)]
fn nodal<T: Real, const STRAIN: bool>(
    kind: Kind,
    strains: AtCorners<Strain<T::Scalar>>,
    first: usize,
) -> [T; 8] {
    if STRAIN || kind != Kind::Stable {
        T::sum_of_strains(strains, first)
    } else {
        [T::all(0.0); 8]
    }
}

/// Elements and what is known about them.
struct At<'a, T> {
    e: Element<'a, T>,
    own: T,
    mooney: T,
    /// S of the nodes times their share, nothing, U''.
    nodal: [T; 8],
}

/// Forces and bounds at the corners; `kind` is known where this is inlined.
#[inline(always)]
fn forces<T: Real, const STRAIN: bool>(kind: Kind, at: &At<T>, u: &AtEach<T>) -> AtEach<T> {
    let e = &at.e;
    let h = displacement_gradient(&e.g, u);
    let cof_h = cofactor(&h);
    let cof_f = cofactor_of_f(&h, &cof_h);
    let v_pressure = e.v_lambda * (u[0][3] + u[1][3] + u[2][3] + u[3][3]);
    let j1 = volume_change(&h, &cof_h);
    let mut stress = own_stress(kind, at, &h, &cof_h, &cof_f, j1, v_pressure);
    if STRAIN {
        let [s11, s22, s33, s23, s13, s12, ..] = at.nodal;
        add_f_times(&h, e.v_mu, &[s11, s22, s33, s23, s13, s12], &mut stress);
    }
    let mut out = corner_forces(&e.g, &stress);
    let here = Here {
        h: &h,
        cof_f: &cof_f,
        j1,
        v_pressure,
        curve: at.nodal[7],
        mooney: at.mooney,
    };
    let bounds = corner_bounds(kind, e, &here);
    for corner in 0..4 {
        out[corner][3] = bounds[corner];
    }
    out
}

/// V times the element's share of dpsi_mu/dF, and V p cof F.
#[inline(always)]
fn own_stress<T: Real>(
    kind: Kind,
    at: &At<T>,
    h: &Mat<T>,
    cof_h: &Mat<T>,
    cof_f: &Mat<T>,
    j1: T,
    v_pressure: T,
) -> Mat<T> {
    let v_mu = at.own * at.e.v_mu;
    let (scale, of_f, of_cof) = match kind {
        // mu (F - cof F) + (mu (J - 1) + p) cof F
        Kind::Stable => (v_mu, T::all(0.0), v_mu * j1 + v_pressure),
        // mu (F - cof F / J) = mu / J ((F - cof F) + (J - 1) F), + p cof F
        Kind::Log => {
            let j = (T::all(1.0) + j1).max(T::all(J_MIN));
            let scale = (v_mu + at.mooney * v_mu) * j.recip();
            (scale, scale * (j - T::all(1.0)), v_pressure)
        }
    };
    let (trace, f) = (trace(h), deformation(h));
    let mut stress = [[T::all(0.0); 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            let mut f_minus_cof = h[i][j] + h[j][i] - cof_h[i][j];
            if i == j {
                f_minus_cof = f_minus_cof - trace;
            }
            stress[i][j] = scale * f_minus_cof + of_cof * cof_f[i][j];
            if kind == Kind::Log {
                stress[i][j] += of_f * f[i][j];
            }
        }
    }
    if kind == Kind::Log {
        add_f_times(h, at.mooney * v_mu, &beside_log(h), &mut stress);
    }
    stress
}

/// 2 (tr(E) 1 - E): what S of Mooney-Rivlin has, times r, beside (1 + r) (1 - C^-1).
#[inline(always)]
fn beside_log<T: Real>(h: &Mat<T>) -> Sym<T> {
    let e = green(h);
    let trace = e[0] + e[1] + e[2];
    let mut s = e;
    for i in 0..6 {
        s[i] = if i < 3 { trace - e[i] } else { -e[i] };
        s[i] = s[i] + s[i];
    }
    s
}

/// stress += v F S
#[inline(always)]
fn add_f_times<T: Real>(h: &Mat<T>, v: T, s: &Sym<T>, stress: &mut Mat<T>) {
    let mut vs = *s;
    for i in 0..6 {
        vs[i] = v * s[i];
    }
    for i in 0..3 {
        for j in 0..3 {
            let [a, b, c] = [SYM[0][j], SYM[1][j], SYM[2][j]];
            stress[i][j] += vs[SYM[i][j]] + h[i][0] * vs[a] + h[i][1] * vs[b] + h[i][2] * vs[c];
        }
    }
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
