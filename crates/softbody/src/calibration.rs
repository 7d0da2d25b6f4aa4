//! How much of the stiffness bound a mesh needs.
//!
//! The bound k of `elements` makes every mesh stable: w^2 <= 4 max k_a / m_a. A single tetrahedron
//! needs nearly all of it; in a mesh, neighbours want different motions of their common nodes, and the
//! largest w^2 is often a third of that. So it is measured once, when the body is built, with
//! nothing held: the largest eigenvalue w^2 of K x = w^2 D x at rest, D = diag(k), by power iteration
//! with the elements themselves, in f64. Then
//!
//!   needed(k) = q min(k, 1.5 k_rest) + max(k - 1.5 k_rest, 0),   q = MARGIN min(1, w^2 / 4)
//!
//! of the bound k has to be respected. A deformation that varies little from element to element stiffens
//! neighbours alike and leaves their share q; where k is beyond one and a half times that at rest (at
//! twice, tissue trembles under a sphere pressed deep), one element may rule its nodes like a single
//! one, and counts in full (or by q, if that is more: a clump of few elements has w^2 / 4 near 1, and at
//! h^2 w^2 = 4 itself an explicit step feeds every vibration that is not quite linear). Nodes around a
//! fresh cut have a q of their own (`topology/patch`), until the mesh is measured again when the body
//! settles. How many substeps are made is chosen with the q of the mesh, or each cut would cost one; what
//! the floor then adds around it is reported like the rest.

use crate::body::SoftBody;
use crate::simd::Node;

/// Power iterations. They reach the top of a dense spectrum to a few per cent.
const ITERATIONS: usize = 60;
/// Above what was found, because iterations approach it from below, and for what deformations do.
const MARGIN: f64 = 1.2;
/// Multiple of the bound at rest up to which the share found there holds.
const CROWD: f32 = 1.5;

/// The part of a bound `k` (N/m) that has to be respected, with the share `q` of the bound at rest.
#[inline(always)]
pub(crate) fn part_of_bound(k: f32, at_rest: f32, q: f32) -> f32 {
    let excess = (k - CROWD * at_rest).max(0.0);
    q * (k - excess) + q.max(1.0) * excess
}

impl SoftBody {
    /// The part of a bound `k` (N/m) of node `n` that has to be respected, N/m.
    pub(crate) fn needed(&self, n: usize, k: f32) -> f64 {
        f64::from(part_of_bound(k, self.rest_stiffness[n], self.share[n]))
    }

    /// Takes the bound just measured for that at rest, and finds the part of it that is needed.
    pub(crate) fn calibrate(&mut self) {
        self.rest_stiffness.clone_from(&self.stiffness);
        self.measure_share();
    }

    /// Finds the part of the bound at rest that is needed.
    pub(crate) fn measure_share(&mut self) {
        self.elements.renew_wave();
        self.needed = (MARGIN * (0.25 * self.largest_square()).min(1.0)) as f32;
        self.share.fill(self.needed);
    }

    /// The largest w^2 of K x = w^2 D x.
    fn largest_square(&self) -> f64 {
        // Any start will do that has a part of every mode.
        let start = |n: usize| [1, 2, 3].map(|i| libm::sin((78.233 * (3 * n + i) as f64) + 0.5));
        let nodes = self.node_count();
        let mut x: Vec<[f64; 3]> = (0..nodes).map(start).collect();
        let mut u: Vec<Node<f64>> = vec![[0.0; 4]; self.u.len()];
        let mut f = u.clone();
        let mut scratch = self.elements.scratch();
        let least = self.height.iter().copied().fold(f32::INFINITY, f32::min);
        let mut square = 0.0;
        for _ in 0..ITERATIONS {
            let largest = x.iter().flatten().fold(0.0, |a: f64, x| a.max(x.abs()));
            let scale = 1e-7 * f64::from(least) / largest; // so small that forces are linear
            for (u, x) in u.iter_mut().zip(&x) {
                *u = [scale * x[0], scale * x[1], scale * x[2], 0.0];
            }
            self.elements.forces(&u, &mut scratch, &mut f, None, false);
            let (mut along, mut whole) = (0.0, 0.0);
            for n in 0..nodes {
                let k = f64::from(self.rest_stiffness[n]);
                if k == 0.0 {
                    continue; // without tissue, see `topology`
                }
                for i in 0..3 {
                    let pull = -f[n][i] / scale;
                    along += x[n][i] * pull;
                    whole += k * x[n][i] * x[n][i];
                    x[n][i] = pull / k;
                }
            }
            square = along / whole;
        }
        square
    }
}
