//! All elements of a body, and the two passes over them that give its elastic forces.

use crate::batch::TetBatch;
use crate::elasticity::pressure_slope;
use crate::kernel::Kernel;
use crate::lanes::{Node, Scalar};
use crate::material::Law;

/// What turns the volume change of a node into its pressure.
#[derive(Debug, Clone, Copy)]
pub struct NodalModuli {
    /// 1 / V_a, 1/m^3.
    pub inverse_volume: f32,
    /// lambda_a of the stable law, Pa: the share of its elements in sum (V_e / 4) lambda_e / V_a.
    pub stable: f32,
    /// The same of the logarithmic law, Pa.
    pub log: f32,
}

impl NodalModuli {
    /// p_a = lambda_a U'(J_a), Pa, from V_a (J_a - 1).
    #[inline(always)]
    fn pressure<T: Scalar>(&self, change: T) -> T {
        let j1 = change * T::all(self.inverse_volume);
        let stable = T::all(self.stable) * j1;
        if self.log > 0.0 {
            let slope = pressure_slope(Law::NeoHookean, j1.wide());
            return stable + T::all(self.log) * T::nearest(slope);
        }
        stable
    }
}

/// Batches and nodal moduli; see `elasticity`.
#[derive(Debug, Clone)]
pub struct Elements {
    /// How the passes are compiled.
    pub kernel: Kernel,
    /// The elements.
    pub batches: Vec<TetBatch>,
    /// One for each node, without the dummy.
    pub nodes: Vec<NodalModuli>,
}

impl Elements {
    /// Elastic forces (N) of displacements `u` (m) into x, y, z of `f`, and, with `bound`, the
    /// stiffness bound (N/m) into its w. Leaves the nodal pressures (Pa) in w of `u`.
    pub fn forces<T: Scalar>(&self, bound: bool, u: &mut [Node<T>], f: &mut [Node<T>]) {
        f.fill([T::all(0.0); 4]);
        self.kernel.volume_change(&self.batches, u, f);
        for ((u, f), moduli) in u.iter_mut().zip(f.iter_mut()).zip(&self.nodes) {
            u[3] = moduli.pressure(f[3]);
            f[3] = T::all(0.0);
        }
        self.kernel.forces(bound, &self.batches, u, f);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::SoftBody;
    use crate::material::Material;
    use crate::mesh::TetMesh;

    fn body(law: Law) -> SoftBody {
        let mesh = TetMesh::boxed([0.1, 0.08, 0.06], [4, 3, 3]).unwrap();
        let material = Material {
            law,
            ..Material::soft(5e3, 0.45, 1060.0)
        };
        SoftBody::new(&mesh, &[material], &[], Kernel::Portable).unwrap()
    }

    /// Displacements up to `size` (m) that look random but are not.
    fn scattered(body: &SoftBody, size: f32) -> Vec<Node> {
        let wave = |n: usize, axis: usize| size * (12.9898 * (4 * n + axis) as f32).sin();
        let node = |n: usize| [wave(n, 0), wave(n, 1), wave(n, 2), 0.0];
        (0..=body.node_count()).map(node).collect()
    }

    /// Largest difference of two node arrays over the largest component, by (x, y, z) and w.
    fn difference(a: &[Node<f64>], b: &[Node<f64>], parts: std::ops::Range<usize>) -> f64 {
        let largest = |f: &dyn Fn(usize, usize) -> f64| {
            let each = (0..a.len()).flat_map(|n| parts.clone().map(move |i| (n, i)));
            each.map(|(n, i)| f(n, i).abs()).fold(0.0, f64::max)
        };
        largest(&|n, i| a[n][i] - b[n][i]) / largest(&|n, i| b[n][i])
    }

    #[test]
    fn f32_and_f64_agree() {
        for law in [Law::StableNeoHookean, Law::NeoHookean] {
            let body = body(law);
            let mut u = scattered(&body, 2e-3);
            let mut u64: Vec<Node<f64>> = u.iter().map(|u| u.map(f64::from)).collect();
            let (mut f, mut f64) = (vec![[0.0; 4]; u.len()], vec![[0.0; 4]; u.len()]);
            body.elements.forces(true, &mut u, &mut f);
            body.elements.forces(true, &mut u64, &mut f64);
            let f: Vec<Node<f64>> = f.iter().map(|f| f.map(f64::from)).collect();
            let (forces, bounds) = (difference(&f, &f64, 0..3), difference(&f, &f64, 3..4));
            println!("{law:?}: f32 against f64, forces {forces:.1e}, bounds {bounds:.1e}");
            assert!(forces < 1e-5 && bounds < 1e-5);
        }
    }

    /// Forces, and bounds if `bound`, of every kernel that runs here, as f64 bits.
    fn hold_to_portable<T: Scalar>(bound: bool) {
        for law in [Law::StableNeoHookean, Law::NeoHookean] {
            let mut body = body(law);
            let mut forces = |kernel| {
                body.elements.kernel = kernel;
                let wave = scattered(&body, 2e-3);
                let mut u: Vec<Node<T>> = wave.iter().map(|u| u.map(T::all)).collect();
                let mut f = vec![[T::all(0.0); 4]; u.len()];
                body.elements.forces(bound, &mut u, &mut f);
                let bits = f.iter().flatten().map(|x| x.wide().to_bits());
                bits.collect::<Vec<u64>>()
            };
            let portable = forces(Kernel::Portable);
            for kernel in [Kernel::Avx2, Kernel::Avx512] {
                let (name, there) = (kernel.name(), kernel.is_available());
                println!(
                    "{law:?}, bound {bound}, {name}: {}",
                    if there { "same bits" } else { "not here" }
                );
                assert!(!there || forces(kernel) == portable, "{name} differs");
            }
        }
    }

    #[test]
    fn all_kernels_give_the_same_bits() {
        for bound in [false, true] {
            hold_to_portable::<f32>(bound);
            hold_to_portable::<f64>(bound);
        }
    }
}
