//! The same element as [`corotation`](super::corotation), kept and multiplied as SOFA's
//! `TetrahedronFEMForceField` does it: J (12 x 6), the strains' matrix transposed, and C (6 x 6), the
//! material's, each times what makes K_e = R^T J C J^T R; all four nodes are turned into the frame, and
//! their forces back. Products with what is zero in every element are left out, as there.
//!
//! Voigt order xx, yy, zz, xy, yz, zx. The numbers are the same; to fetch 121 of them (968 bytes) where
//! `corotation` has 25 is what costs.

use super::corotation::{Corotated, Vec3};

/// The two strains of Voigt's order that each axis shears, and with which axis's gradient.
const SHEARS: [[(usize, usize); 2]; 3] = [[(3, 1), (5, 2)], [(3, 0), (4, 2)], [(4, 1), (5, 0)]];

pub struct Matrices {
    nodes: [u32; 4],
    /// R.
    frame: [Vec3; 3],
    /// J, 1/m, by node and axis.
    j: [[f64; 6]; 12],
    /// C times the volume, N m.
    c: [[f64; 6]; 6],
}

impl Matrices {
    pub fn of(element: &Corotated) -> Self {
        let mut j = [[0.0; 6]; 12];
        for (node, g) in element.gradients().iter().enumerate() {
            for axis in 0..3 {
                let row = &mut j[3 * node + axis];
                row[axis] = g[axis];
                for (strain, other) in SHEARS[axis] {
                    row[strain] = g[other];
                }
            }
        }
        let [two_mu, lambda] = element.moduli;
        let mut c = [[0.0; 6]; 6];
        for i in 0..3 {
            c[i][..3].fill(lambda);
            c[i][i] += two_mu;
            c[i + 3][i + 3] = 0.5 * two_mu;
        }
        Self {
            nodes: element.nodes,
            frame: element.frame,
            j,
            c,
        }
    }

    /// Takes over the frame.
    pub fn turn(&mut self, element: &Corotated) {
        self.frame = element.frame;
    }

    /// y <- y + s K_e u
    #[inline]
    pub fn add_stiffness(&self, s: f64, u: &[Vec3], y: &mut [Vec3]) {
        let stress = self.stress(s, u);
        let r = &self.frame;
        for (node, id) in self.nodes.iter().enumerate() {
            let mut f = [0.0; 3];
            for axis in 0..3 {
                let row = &self.j[3 * node + axis];
                let [(a, _), (b, _)] = SHEARS[axis];
                f[axis] = row[axis] * stress[axis] + row[a] * stress[a] + row[b] * stress[b];
            }
            let y = &mut y[*id as usize];
            for i in 0..3 {
                y[i] += r[0][i] * f[0] + r[1][i] * f[1] + r[2][i] * f[2];
            }
        }
    }

    /// s C J^T R u
    #[inline]
    fn stress(&self, s: f64, u: &[Vec3]) -> [f64; 6] {
        let mut strain = [0.0; 6];
        for (node, id) in self.nodes.iter().enumerate() {
            let u = &u[*id as usize];
            for axis in 0..3 {
                let r = &self.frame[axis];
                let d = r[0] * u[0] + r[1] * u[1] + r[2] * u[2];
                let row = &self.j[3 * node + axis];
                strain[axis] += row[axis] * d;
                for (other, _) in SHEARS[axis] {
                    strain[other] += row[other] * d;
                }
            }
        }
        let mut stress = [0.0; 6];
        for i in 0..3 {
            let c = &self.c[i];
            stress[i] = s * (c[0] * strain[0] + c[1] * strain[1] + c[2] * strain[2]);
            stress[i + 3] = s * self.c[i + 3][i + 3] * strain[i + 3];
        }
        stress
    }
}
