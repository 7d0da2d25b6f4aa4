//! Viscoelastic shear: a Prony series on the nodes' stress.
//!
//! The stress S per mu that nodes hand to their elements (see `elements`) relaxes:
//!
//!   S_v(t) = g_inf S(t) + sum_i q_i(t),  g_inf = 1 - sum g_i
//!   q_i(t + h) = e^(-h/tau_i) q_i(t) + g_i (1 - e^(-h/tau_i)) / (h/tau_i) (S(t + h) - S(t))
//!
//! (Simo 1987; Taylor, Comas, Cheng, Passenger, Hawkes, Atkinson, Ourselin 2009 for explicit steps):
//! after a step of strain the shear modulus falls as G(t) = mu (g_inf + sum g_i e^(-t/tau_i)). The
//! moduli of a material are the instantaneous ones. S is the second Piola-Kirchhoff stress, so
//! rotations do not matter. What changes volume stays elastic.
//!
//! What fades is not the whole of S where that is large:
//!
//!   S <- S min(1, FULL / |S|),  |S|^2 = S : S,  FULL = 4
//!
//! in the second formula. A remembered S is a force F q that grows with F, and S itself grows as 1 / J
//! where tissue collapses: what was remembered of a collapse (|S| of 1000 and more) threw the tissue about
//! when it opened again, and a block cut to rags gained 1e11 J. |S| is 4 where incompressible tissue is
//! pressed to 0.46 of its length or pulled to 3.7 times; up to there nothing changes, beyond it the part
//! that fades stays what it is there, the lasting part goes on to grow.
//!
//! The share `own` of the shear energy that elements keep (it only acts where strain varies between
//! the elements of a node) is elastic with the long-term modulus. In homogeneous deformation the whole
//! is the formula above exactly. Where materials of different series meet, nodes take means weighted by
//! stiffness.

use crate::digest::Digest;
use crate::material::Material;
use crate::mesh::volume6;
use crate::simd::{Scalar, Strain};
use crate::vec3::Vec3;

/// Largest norm of a stress per mu that is remembered in full.
const FULL: f32 = 4.0;

/// One term of the series, and what it remembers.
#[derive(Debug, Clone)]
struct Term {
    /// s
    tau: f64,
    /// g of each node.
    share: Vec<f32>,
    /// q of each node.
    part: Vec<Strain>,
    /// e^(-h/tau) and (1 - e^(-h/tau)) / (h/tau) of the running pass.
    keep: f32,
    take: f32,
}

/// Series and memory of a body.
#[derive(Debug, Clone)]
pub(crate) struct Viscosity {
    terms: Vec<Term>,
    /// g_inf of each node.
    lasting: Vec<f32>,
    /// Stress at the last pass that advanced the memory.
    before: Vec<Strain>,
    /// Time since then, s.
    elapsed: f64,
    /// Share of the shear energy that the elements keep.
    own: f32,
}

impl Viscosity {
    /// None if all `materials` are elastic. `records` is the length of the node arrays, `share` the
    /// share of the shear energy that elements keep without viscosity.
    pub fn new(
        rest: &[Vec3],
        tetrahedra: &[[u32; 4]],
        materials: &[Material],
        records: usize,
        share: f32,
    ) -> Option<Self> {
        let mut taus: Vec<f64> = materials
            .iter()
            .flat_map(|m| m.prony.terms().iter().map(|term| term[1]))
            .collect();
        taus.sort_by(f64::total_cmp);
        taus.dedup();
        if taus.is_empty() {
            return None;
        }
        let mut mu = vec![0.0; records];
        let mut shares = vec![vec![0.0; records]; taus.len()];
        for (t, m) in tetrahedra.iter().zip(materials) {
            let weight = volume6(rest, *t) * m.mu();
            for n in t.map(|n| n as usize) {
                mu[n] += weight;
                for [g, tau] in m.prony.terms() {
                    let term = taus.partition_point(|x| x < tau);
                    shares[term][n] += weight * g;
                }
            }
        }
        let whole: f64 = mu.iter().sum();
        let fading: f64 = shares.iter().flatten().sum();
        let per_node = |sums: &[f64]| -> Vec<f32> {
            let pairs = sums.iter().zip(&mu);
            pairs
                .map(|(x, mu)| (x / mu.max(f64::MIN_POSITIVE)) as f32)
                .collect()
        };
        let zeros: Vec<Strain> = vec![[0.0; 8]; records];
        let terms: Vec<Term> = taus
            .into_iter()
            .zip(&shares)
            .map(|(tau, sums)| Term {
                tau,
                share: per_node(sums),
                part: zeros.clone(),
                keep: 1.0,
                take: 1.0,
            })
            .collect();
        let lasting = |n: usize| 1.0 - terms.iter().map(|t| t.share[n]).sum::<f32>();
        Some(Self {
            lasting: (0..records).map(lasting).collect(),
            terms,
            before: zeros,
            elapsed: 0.0,
            own: share * (1.0 - fading / whole) as f32,
        })
    }

    /// Share of the shear energy that the elements keep.
    pub fn own(&self) -> f32 {
        self.own
    }

    /// Time goes on by `h` (s) until the next pass.
    pub fn wait(&mut self, h: f64) {
        self.elapsed += h;
    }

    /// Prepares a pass: how much memory fades in the time that has passed.
    pub fn begin(&mut self) {
        for term in &mut self.terms {
            let x = self.elapsed / term.tau;
            term.keep = libm::exp(-x) as f32;
            let take = if x > 0.0 { -libm::expm1(-x) / x } else { 1.0 };
            term.take = take as f32;
        }
    }

    /// Turns the elastic stresses S of nodes from `first` on into what they hand to their elements, a
    /// quarter of S_v - own S, and remembers, unless only to look.
    pub fn relax(&mut self, first: usize, stresses: &mut [Strain], remember: bool) {
        for (n, stress) in (first..).zip(stresses) {
            let s = *stress;
            let known = remembered(s);
            let mut sum = s.map(|s| (self.lasting[n] - self.own) * s);
            for term in &mut self.terms {
                let q = term.next(n, &known, &self.before[n]);
                for i in 0..6 {
                    sum[i] += q[i];
                }
                if remember {
                    term.part[n] = q;
                }
            }
            stress[..6].copy_from_slice(&sum.map(|x| 0.25 * x)[..6]);
            if remember {
                self.before[n] = known;
            }
        }
    }

    /// Ends a pass that remembered.
    pub fn end(&mut self) {
        self.elapsed = 0.0;
    }

    /// [`relax`](Self::relax) after an eternity: only what lasts.
    pub fn rest<T: Scalar>(&self, first: usize, stresses: &mut [Strain<T>]) {
        for (stress, lasting) in stresses.iter_mut().zip(&self.lasting[first..]) {
            for s in &mut stress[..6] {
                *s = T::all(0.25 * (lasting - self.own)) * *s;
            }
        }
    }

    /// All stress has relaxed in the present shape, whose elastic one is `stresses`, of nodes from
    /// `first` on; turns it into what they hand to their elements.
    pub fn forget(&mut self, first: usize, stresses: &mut [Strain]) {
        let nodes = first..first + stresses.len();
        for term in &mut self.terms {
            term.part[nodes.clone()].fill([0.0; 8]);
        }
        for (before, s) in self.before[nodes].iter_mut().zip(&*stresses) {
            *before = remembered(*s);
        }
        self.rest(first, stresses);
    }

    /// Room for more nodes.
    pub fn lengthen(&mut self, records: usize) {
        let none: Strain = [0.0; 8];
        for term in &mut self.terms {
            term.share.resize(records, 0.0);
            term.part.resize(records, none);
        }
        self.lasting.resize(records, 1.0);
        self.before.resize(records, none);
    }

    /// Node `n` remembers what is at `fraction` of the way between two others.
    pub fn blend(&mut self, n: usize, ends: [usize; 2], fraction: f32) {
        let parts = self.terms.iter_mut().map(|term| &mut term.part);
        for records in parts.chain([&mut self.before]) {
            let [x, y] = ends.map(|end| records[end]);
            for i in 0..8 {
                records[n][i] = (1.0 - fraction) * x[i] + fraction * y[i];
            }
        }
    }

    /// Node `n` has other elements now, each with its V mu and material. The mean stress that follows
    /// from them, `before`, has been there all along: it is no step of strain.
    pub fn mend<'a>(
        &mut self,
        n: usize,
        before: Strain,
        elements: impl Iterator<Item = (f64, &'a Material)> + Clone,
    ) {
        let mu: f64 = elements.clone().map(|(v_mu, _)| v_mu).sum();
        self.before[n] = remembered(before);
        self.lasting[n] = 1.0;
        for term in &mut self.terms {
            let of = |m: &Material| -> f64 {
                let same = m.prony.terms().iter().filter(|[_, tau]| *tau == term.tau);
                same.map(|[g, _]| g).sum()
            };
            let sum: f64 = elements.clone().map(|(v_mu, m)| v_mu * of(m)).sum();
            term.share[n] = (sum / mu.max(f64::MIN_POSITIVE)) as f32;
            self.lasting[n] -= term.share[n];
        }
    }

    /// What differs between two bodies of one model.
    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.elapsed);
        let parts = self.terms.iter().map(|term| &term.part);
        for record in parts.chain([&self.before]).flatten() {
            for pair in record[..6].chunks(2) {
                digest.word(u64::from(pair[0].to_bits()) << 32 | u64::from(pair[1].to_bits()));
            }
        }
    }
}

/// S, or where its norm is more than [`FULL`], as much of it.
#[inline(always)]
fn remembered(s: Strain) -> Strain {
    let [a, b, c, d, e, f, ..] = s;
    let square = a * a + b * b + c * c + 2.0 * (d * d + e * e + f * f);
    if square <= FULL * FULL {
        return s;
    }
    let part = FULL / square.sqrt();
    s.map(|s| part * s)
}

impl Term {
    /// q of node `n` now that its stress is `s`.
    #[inline(always)]
    fn next(&self, n: usize, s: &Strain, before: &Strain) -> Strain {
        let (q, add) = (&self.part[n], self.share[n] * self.take);
        let mut next = [0.0; 8];
        for i in 0..6 {
            next[i] = self.keep * q[i] + add * (s[i] - before[i]);
        }
        next
    }
}
