//! Second pass: from the mean strain of a node to its stress.
//!
//! With C = 1 + 2 E of the mean strain E at the node and J_C = sqrt(det C), the stress per mu is
//!
//!   S = 2 d(psi_mu / mu) / dC
//!
//!   stable Neo-Hookean   1 + (J_C - 2) / J_C cof C
//!   Neo-Hookean          1 - C^-1
//!   Mooney-Rivlin        1 - C^-1 + r ((tr C - 1) 1 - C - C^-1)
//!
//! computed from E, so that small strains lose no digits: cof C = 1 + X with
//! X = 2 tr(E) 1 - 2 E + 4 cof E, det C - 1 = 2 tr E + 4 tr(cof E) + 8 det E. Elements of several laws
//! at one node share its mean strain, each law by its part of mu.

use super::law::{J_MIN, Kind};
use super::matrix::{Sym, cofactor_sym};
use crate::simd::{LANES, Lanes, Real, Strain, VOLUME};

/// Sums over the elements at a node.
#[derive(Debug, Clone, Copy, Default)]
pub struct NodeSums {
    /// V mu, J, and its part that belongs to the stable law.
    pub mu: [f64; 2],
    /// V lambda, J, likewise.
    pub lambda: [f64; 2],
    /// V mu r, J.
    pub mooney: f64,
}

impl NodeSums {
    /// Takes in an element with these V mu, V lambda and V mu r (J).
    pub fn add(&mut self, kind: Kind, [mu, lambda, mooney]: [f64; 3]) {
        let stable = f64::from(u8::from(kind == Kind::Stable));
        self.mu = [self.mu[0] + mu, self.mu[1] + stable * mu];
        self.lambda = [self.lambda[0] + lambda, self.lambda[1] + stable * lambda];
        self.mooney += mooney;
    }
}

/// Sixteen nodes.
#[derive(Debug, Clone)]
pub struct NodeBatch {
    /// 1 / sum V mu, 1/J.
    inverse_mu: Lanes,
    /// 1 / sum V lambda, 1/J.
    inverse_lambda: Lanes,
    /// Part of the stable law in mu and in lambda.
    stable_mu: Lanes,
    stable_lambda: Lanes,
    /// Mean r.
    mooney: Lanes,
    /// The law of all, if it is one.
    kind: Option<Kind>,
}

impl NodeBatch {
    /// Nodes without elements rest.
    pub fn pack(sums: &[NodeSums]) -> Vec<Self> {
        sums.chunks(LANES).map(Self::new).collect()
    }

    fn new(sums: &[NodeSums]) -> Self {
        let mut batch = Self {
            inverse_mu: Lanes::ZERO,
            inverse_lambda: Lanes::ZERO,
            stable_mu: Lanes::ZERO,
            stable_lambda: Lanes::ZERO,
            mooney: Lanes::ZERO,
            kind: Self::common_kind(sums),
        };
        (0..sums.len()).for_each(|lane| batch.put(lane, sums));
        batch
    }

    /// Takes the node in `lane` from the sums of all nodes of the batch.
    pub fn put(&mut self, lane: usize, sums: &[NodeSums]) {
        let per = |x: f64, whole: f64| if whole > 0.0 { (x / whole) as f32 } else { 0.0 };
        let node = &sums[lane];
        self.inverse_mu.0[lane] = per(1.0, node.mu[0]);
        self.inverse_lambda.0[lane] = per(1.0, node.lambda[0]);
        self.stable_mu.0[lane] = per(node.mu[1], node.mu[0]);
        self.stable_lambda.0[lane] = per(node.lambda[1], node.lambda[0]);
        self.mooney.0[lane] = per(node.mooney, node.mu[0]);
        let fits = match self.kind {
            Some(Kind::Stable) => node.mu[0] == node.mu[1],
            Some(Kind::Log) => node.mu[1] == 0.0,
            None => false,
        };
        if !fits {
            self.kind = Self::common_kind(sums);
        }
    }

    fn common_kind(sums: &[NodeSums]) -> Option<Kind> {
        let all = |f: &dyn Fn(&NodeSums) -> bool| sums.iter().all(f);
        if all(&|s| s.mu[0] == s.mu[1]) {
            Some(Kind::Stable)
        } else if all(&|s| s.mu[1] == 0.0) {
            Some(Kind::Log)
        } else {
            None
        }
    }
}

/// Turns the sums in `strains` into stresses: S times `share`, a quarter of U' in the place of the
/// volume and one of U'' in the last. Without `STRAIN` only U.
#[inline(always)]
pub fn stress_nodes<T: Real, const STRAIN: bool>(
    batch: &NodeBatch,
    share: f32,
    strains: &mut [Strain<T::Scalar>],
) {
    for first in (0..LANES).step_by(T::WIDTH) {
        let strains = &mut strains[first..];
        let sums = T::load_strains(strains);
        let j1 = sums[VOLUME] * T::load(&batch.inverse_lambda, first);
        let [slope, curve] = match batch.kind {
            Some(Kind::Stable) => [j1, T::all(1.0)],
            _ => pressure(T::load(&batch.stable_lambda, first), j1),
        };
        let mut out = [T::all(0.0); 8];
        out[VOLUME] = T::all(0.25) * slope;
        out[7] = T::all(0.25) * curve;
        if STRAIN {
            let scale = T::load(&batch.inverse_mu, first);
            let mut e = [T::all(0.0); 6];
            for i in 0..6 {
                e[i] = sums[i] * scale;
            }
            let s = stress(batch, first, &e);
            for i in 0..6 {
                out[i] = T::all(share) * s[i];
            }
        }
        T::store_strains(strains, &out);
    }
}

/// U' and U'' at J - 1, of which `stable` belongs to the stable law.
#[inline(always)]
fn pressure<T: Real>(stable: T, j1: T) -> [T; 2] {
    let j = (j1 + T::all(1.0)).max(T::all(J_MIN));
    let (inverse, log) = (j.recip(), j.ln());
    let other = T::all(1.0) - stable;
    [
        stable * j1 + other * log * inverse,
        stable + other * (T::all(1.0) - log) * inverse * inverse,
    ]
}

#[inline(always)]
fn stress<T: Real>(batch: &NodeBatch, first: usize, e: &Sym<T>) -> Sym<T> {
    let strain = Squared::of(e);
    match batch.kind {
        Some(Kind::Stable) => strain.stable(),
        Some(Kind::Log) => strain.log(T::all(1.0), T::load(&batch.mooney, first), e),
        None => {
            let share = T::load(&batch.stable_mu, first);
            let rest = T::all(1.0) - share;
            let log = strain.log(rest, T::load(&batch.mooney, first), e);
            let mut s = strain.stable();
            for i in 0..6 {
                s[i] = share * s[i] + log[i];
            }
            s
        }
    }
}

/// cof C - 1, det C - 1 (kept above J_MIN^2 - 1) and tr C - 3.
struct Squared<T> {
    x: Sym<T>,
    det1: T,
    trace: T,
}

impl<T: Real> Squared<T> {
    #[inline(always)]
    fn of(e: &Sym<T>) -> Self {
        let cof = cofactor_sym(e);
        let (two, four) = (T::all(2.0), T::all(4.0));
        let trace = two * (e[0] + e[1] + e[2]);
        let minors = cof[0] + cof[1] + cof[2];
        let det = e[0] * cof[0] + e[5] * cof[5] + e[4] * cof[4];
        let mut x = *e;
        for i in 0..6 {
            x[i] = four * cof[i] - two * e[i];
            if i < 3 {
                x[i] += trace;
            }
        }
        Self {
            x,
            det1: (trace + four * (minors + two * det)).max(T::all(J_MIN * J_MIN - 1.0)),
            trace,
        }
    }

    /// det C
    #[inline(always)]
    fn det(&self) -> T {
        self.det1 + T::all(1.0)
    }

    /// (2 j 1 + (j - 1) X) / (1 + j),  j = J_C - 1
    #[inline(always)]
    fn stable(&self) -> Sym<T> {
        let root = self.det().sqrt();
        let j = self.det1 * (root + T::all(1.0)).recip();
        let inverse = root.recip();
        let of_one = (j + j) * inverse;
        let of_x = (j - T::all(1.0)) * inverse;
        let mut s = self.x;
        for i in 0..6 {
            s[i] = of_x * self.x[i];
            if i < 3 {
                s[i] += of_one;
            }
        }
        s
    }

    /// share (1 - C^-1) + r ((tr C - 1) 1 - C - C^-1)
    ///   = (share + r) (det C - 1 - X) / det C + 2 r (tr(E) 1 - E)
    #[inline(always)]
    fn log(&self, share: T, r: T, e: &Sym<T>) -> Sym<T> {
        let scale = (share + r) * self.det().recip();
        let (of_one, of_e) = (scale * self.det1 + r * self.trace, r + r);
        let mut s = self.x;
        for i in 0..6 {
            s[i] = -(scale * self.x[i] + of_e * e[i]);
            if i < 3 {
                s[i] += of_one;
            }
        }
        s
    }
}
