//! The element: linear tetrahedra whose strain is averaged at the nodes.
//!
//! Linear tetrahedra are too stiff: they lock when the material is nearly incompressible, and they
//! bend badly. Both are cured by taking energy not where an element is but from the mean strain around
//! a node (nodal integration: Dohrmann, Heinstein, Jung, Key, Witkowski 2000; Bonet, Burton 1998 for
//! the pressure alone). Alone that is too soft in bending and has modes without energy; so a share
//! `own` of the shear energy stays in the elements (Puso, Solberg 2006; Liu, Nguyen-Thoi, Lam 2009,
//! who find that an error of opposite sign cancels there):
//!
//!   W = sum_e own V_e psi_mu(F_e) + sum_a (1 - own) M_a psi_mu(C_a) / mu + sum_a L_a U(J_a)
//!
//!   M_a = sum_{e at a} V_e mu_e / 4,     C_a = 1 + 2 sum (V_e mu_e / 4) E_e / M_a
//!   L_a = sum_{e at a} V_e lambda_e / 4, J_a = sum (V_e lambda_e / 4) J_e / L_a
//!
//! E is the strain of Green and Lagrange: unlike F, it has a mean that does not shrink where neighbours
//! turn differently. Means are weighted by stiffness, so that the energy is never above that of plain
//! tetrahedra, in mixed tissue neither.
//!
//! | law                | psi_mu                                               | U(J)          |
//! | ------------------ | ---------------------------------------------------- | ------------- |
//! | stable Neo-Hookean | mu/2 (I_C - 3) - mu (J - 1) + mu/2 (J - 1)^2         | (J - 1)^2 / 2 |
//! | Neo-Hookean        | mu/2 (I_C - 3) - mu ln J                             | (ln J)^2 / 2  |
//! | Mooney-Rivlin      | mu/2 ((1-r)(I_C - 3) + r (II_C - 3)) - mu (1+r) ln J | (ln J)^2 / 2  |
//!
//! In a homogeneous deformation the sum is the law of [`material`](crate::material) exactly. Since W
//! exists, the forces conserve energy:
//!
//!   f_a = -sum_e V_e P_e grad N_a
//!   P_e = own dpsi_mu/dF + mu_e F_e mean((1 - own) S_a) + lambda_e mean(U'(J_a)) cof F_e
//!
//! with means over the four corners and S_a = 2 d(psi_mu / mu) / dC. Everything is written in
//! H = F - 1, the gradient of the displacement, so that small strains lose no digits:
//! F - cof F = H + H^T - tr(H) 1 - cof H, and J - 1 = tr H + tr(cof H) + det H.
//!
//! Three passes: [`strain`] over the elements, [`nodes`], [`stress`] over the elements; they follow each
//! other through the mesh as a [`wave`].

pub mod batch;
mod bound;
pub mod corners;
pub mod law;
mod matrix;
pub mod nodes;
mod order;
pub mod scratch;
mod strain;
mod stress;
pub mod wave;

use crate::simd::{Kernel, LANES, Node, Pass, Real, Scalar, Strain};
use batch::TetBatch;
use nodes::{NodeBatch, stress_nodes};
use scratch::Scratch;
use strain::add_strains;
use stress::{Wanted, add_forces};
use wave::Wave;

/// What is averaged at the nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Averaging {
    /// Strain and pressure: bends well, the default.
    #[default]
    Strain,
    /// The pressure only (ANP; Bonet, Burton 1998; Joldes, Wittek, Miller 2009): cheaper, and too
    /// stiff in bending.
    Pressure,
}

/// Share of the shear energy that stays in the elements when strain is averaged. Chosen on beams of
/// 500 to 2 000 nodes and on blocks stretched, sagging and indented: with 0.4 the beams are within
/// 1.5 % of the converged sag, with 0.3 up to 1.3 % too soft, with 0.5 up to 2.6 % too stiff.
const OWN_SHARE: f32 = 0.4;

impl Averaging {
    /// `own` of the formulas.
    #[must_use]
    pub fn own_share(self) -> f32 {
        match self {
            Self::Strain => OWN_SHARE,
            Self::Pressure => 1.0,
        }
    }
}

/// Batches of elements and nodes.
#[derive(Debug, Clone)]
pub struct Elements {
    /// How the passes are compiled.
    pub kernel: Kernel,
    /// What is averaged.
    pub averaging: Averaging,
    /// Share of the shear energy that stays in the elements.
    pub own: f32,
    /// The elements.
    pub batches: Vec<TetBatch>,
    /// The nodes, the dummy and padding included.
    pub nodes: Vec<NodeBatch>,
    /// In which order they are met.
    pub wave: Wave,
}

impl Elements {
    /// Elastic forces (N) of displacements `u` (m) into x, y, z of `f`, and, if `bounds` are wanted,
    /// the stiffness bound (N/m) into its w. `u` and `f` have a multiple of sixteen records. With
    /// `relax` the tissue is viscoelastic: it turns the elastic stresses of the nodes, sixteen at a time
    /// from the one named on, into what they hand to their elements.
    pub fn forces<T: Scalar>(
        &self,
        u: &[Node<T>],
        scratch: &mut Scratch<T>,
        f: &mut [Node<T>],
        relax: Option<Relax<T>>,
        bounds: bool,
    ) {
        assert!(!self.wave.stale, "renew_wave comes first");
        f.fill([T::all(0.0); 4]);
        scratch.strains.fill([T::all(0.0); 8]);
        self.kernel.run(Forces {
            elements: self,
            u,
            scratch,
            f,
            relax,
            bounds,
        });
    }

    /// Takes up what has become of the elements' nodes.
    pub fn renew_wave(&mut self) {
        if self.wave.stale {
            self.wave.renew(&self.batches, self.nodes.len());
        }
    }

    /// Room for [`forces`](Self::forces).
    #[must_use]
    pub fn scratch<T: Scalar>(&self) -> Scratch<T> {
        Scratch::new(LANES * self.nodes.len(), self.batches.len())
    }
}

/// Changes the stresses of nodes between the passes.
pub type Relax<'a, T> = &'a mut dyn FnMut(usize, &mut [Strain<T>]);

/// The three passes.
struct Forces<'a, 'r, T> {
    elements: &'a Elements,
    u: &'a [Node<T>],
    scratch: &'a mut Scratch<T>,
    f: &'a mut [Node<T>],
    relax: Option<Relax<'r, T>>,
    bounds: bool,
}

impl<S: Scalar> Pass<S> for Forces<'_, '_, S> {
    #[inline(always)]
    fn run<T: Real<Scalar = S>>(self) {
        match self.elements.averaging {
            Averaging::Strain => self.passes::<T, true>(),
            Averaging::Pressure => self.passes::<T, false>(),
        }
    }
}

impl<S: Scalar> Forces<'_, '_, S> {
    #[inline(always)]
    fn passes<T: Real<Scalar = S>, const STRAIN: bool>(mut self) {
        let Elements { batches, wave, .. } = self.elements;
        let (mut nodes, mut elements) = (
            wave.nodes.iter().peekable(),
            wave.elements.iter().peekable(),
        );
        for (i, batch) in batches.iter().enumerate() {
            let Scratch { strains, gradients } = &mut *self.scratch;
            let kept = &mut gradients[i % wave.length];
            add_strains::<T, STRAIN>(batch, self.u, strains, kept);
            while let Some(ready) = nodes.next_if(|ready| ready.after as usize <= i) {
                self.second::<T, STRAIN>(ready.batch as usize);
            }
            while let Some(ready) = elements.next_if(|ready| ready.after as usize <= i) {
                self.third::<T, STRAIN>(ready.batch as usize);
            }
        }
    }

    #[inline(always)]
    fn second<T: Real<Scalar = S>, const STRAIN: bool>(&mut self, batch: usize) {
        let share = if self.relax.is_some() {
            1.0
        } else {
            0.25 * (1.0 - self.elements.own)
        };
        let first = LANES * batch;
        let strains = &mut self.scratch.strains[first..first + LANES];
        stress_nodes::<T, STRAIN>(&self.elements.nodes[batch], share, strains);
        if let Some(relax) = &mut self.relax {
            relax(first, strains);
        }
    }

    #[inline(always)]
    fn third<T: Real<Scalar = S>, const STRAIN: bool>(&mut self, batch: usize) {
        let wanted = Wanted {
            own: self.elements.own,
            bounds: self.bounds,
        };
        let kept = &self.scratch.gradients[batch % self.elements.wave.length];
        let batch = &self.elements.batches[batch];
        add_forces::<T, STRAIN>(batch, wanted, &self.scratch.strains, kept, self.f);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::SoftBody;
    use crate::material::{Law, Material};
    use crate::mesh::TetMesh;

    fn body(law: Law, averaging: Averaging) -> SoftBody {
        let mesh = TetMesh::boxed([0.1, 0.08, 0.06], [4, 3, 3]).unwrap();
        let material = Material {
            law,
            ..Material::soft(5e3, 0.45, 1060.0)
        };
        SoftBody::new(&mesh, &[material], &[], averaging, Kernel::Portable).unwrap()
    }

    /// Displacements up to `size` (m) that look random but are not.
    fn scattered(body: &SoftBody, size: f32) -> Vec<Node> {
        let wave = |n: usize, axis: usize| size * (12.9898 * (4 * n + axis) as f32).sin();
        let node = |n: usize| [wave(n, 0), wave(n, 1), wave(n, 2), 0.0];
        (0..body.u.len()).map(node).collect()
    }

    /// Largest difference of two node arrays over the largest component, by (x, y, z) and w.
    fn difference(a: &[Node<f64>], b: &[Node<f64>], parts: std::ops::Range<usize>) -> f64 {
        let largest = |f: &dyn Fn(usize, usize) -> f64| {
            let each = (0..a.len()).flat_map(|n| parts.clone().map(move |i| (n, i)));
            each.map(|(n, i)| f(n, i).abs()).fold(0.0, f64::max)
        };
        largest(&|n, i| a[n][i] - b[n][i]) / largest(&|n, i| b[n][i])
    }

    const LAWS: [Law; 3] = [
        Law::StableNeoHookean,
        Law::NeoHookean,
        Law::MooneyRivlin { ratio: 0.5 },
    ];

    fn cases() -> impl Iterator<Item = (Law, Averaging)> {
        let averagings = [Averaging::Strain, Averaging::Pressure];
        LAWS.into_iter()
            .flat_map(move |law| averagings.map(|averaging| (law, averaging)))
    }

    #[test]
    fn f32_and_f64_agree() {
        for (law, averaging) in cases() {
            let body = body(law, averaging);
            let u = scattered(&body, 2e-3);
            let u64: Vec<Node<f64>> = u.iter().map(|u| u.map(f64::from)).collect();
            let (mut f, mut f64) = (vec![[0.0; 4]; u.len()], vec![[0.0; 4]; u.len()]);
            let elements = &body.elements;
            elements.forces(&u, &mut elements.scratch(), &mut f, None, true);
            elements.forces(&u64, &mut elements.scratch(), &mut f64, None, true);
            let f: Vec<Node<f64>> = f.iter().map(|f| f.map(f64::from)).collect();
            let (forces, bounds) = (difference(&f, &f64, 0..3), difference(&f, &f64, 3..4));
            println!(
                "{law:?}, {averaging:?}: f32 against f64, forces {forces:.1e}, bounds {bounds:.1e}"
            );
            assert!(forces < 1e-5 && bounds < 1e-5);
        }
    }

    /// Forces and bounds of every kernel that runs here, as f64 bits.
    fn hold_to_portable<T: Scalar>() {
        for (law, averaging) in cases() {
            let mut body = body(law, averaging);
            let mut forces = |kernel| {
                body.elements.kernel = kernel;
                let wave = scattered(&body, 2e-3);
                let u: Vec<Node<T>> = wave.iter().map(|u| u.map(T::all)).collect();
                let mut f = vec![[T::all(0.0); 4]; u.len()];
                let elements = &body.elements;
                elements.forces(&u, &mut elements.scratch(), &mut f, None, true);
                let bits = f.iter().flatten().map(|x| x.wide().to_bits());
                bits.collect::<Vec<u64>>()
            };
            let portable = forces(Kernel::Portable);
            for kernel in [Kernel::Avx2, Kernel::Avx512] {
                let (name, there) = (kernel.name(), kernel.is_available());
                println!(
                    "{law:?}, {averaging:?}, {name}: {}",
                    if there { "same bits" } else { "not here" }
                );
                assert!(!there || forces(kernel) == portable, "{name} differs");
            }
        }
    }

    #[test]
    fn all_kernels_give_the_same_bits() {
        hold_to_portable::<f32>();
        hold_to_portable::<f64>();
    }
}
