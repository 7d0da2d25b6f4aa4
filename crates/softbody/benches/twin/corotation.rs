//! The corotational linear tetrahedron (Muller, Gross 2004), its rotation taken from two edges
//! (Nesme, Payan, Faure 2005; SOFA's method "large").
//!
//! Corner 0 is the origin of an element's frame, edge 0-1 its first axis, the plane of 0, 1, 2
//! holds the second. With R (rows: the axes now, from world to frame), D_i the edges 0-i of the
//! rest shape in its own frame, d_i = R (x_i - x_0) - D_i and g_i the gradients of the shape
//! functions at rest (1/m),
//!
//!   G = sum_i d_i g_i^T,  e = (G + G^T)/2,  s = V (2 mu e + lambda tr(e) 1),  f_i = -R^T s g_i,
//!
//! i = 1, 2, 3, and f_0 = -(f_1 + f_2 + f_3): K_e = R^T B^T C B R with B of constant strains. The
//! change of R is left out of the stiffness, as in both papers.
//!
//! Valid for small strains in the turned frame; locks near nu = 0.5 as all linear tetrahedra do.

use softbody::Material;

pub type Vec3 = [f64; 3];
type Mat = [Vec3; 3];

pub struct Corotated {
    pub nodes: [u32; 4],
    /// At rest, m^3.
    pub volume: f64,
    /// 2 mu V and lambda V, N m.
    pub moduli: [f64; 2],
    /// g_1, g_2, g_3 as rows, in the frame of the rest shape.
    g: Mat,
    /// D_1, D_2, D_3 as rows.
    rest: Mat,
    /// R.
    pub frame: Mat,
}

fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: Vec3, b: Vec3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn unit(a: Vec3) -> Vec3 {
    let s = 1.0 / dot(a, a).sqrt();
    a.map(|a| s * a)
}

/// m a
fn times(m: &Mat, a: Vec3) -> Vec3 {
    [dot(m[0], a), dot(m[1], a), dot(m[2], a)]
}

/// m^T a
fn times_transposed(m: &Mat, a: Vec3) -> Vec3 {
    let at = |j: usize| m[0][j] * a[0] + m[1][j] * a[1] + m[2][j] * a[2];
    [at(0), at(1), at(2)]
}

/// The frame of two edges, axes as rows.
fn frame(e1: Vec3, e2: Vec3) -> Mat {
    let x = unit(e1);
    let z = unit(cross(x, e2));
    [x, cross(z, x), z]
}

impl Corotated {
    pub fn new(nodes: [u32; 4], points: &[Vec3], tissue: &Material) -> Self {
        let e = edges(nodes, points);
        let frame = frame(e[0], e[1]);
        let rest = e.map(|e| times(&frame, e));
        let six_v = dot(rest[0], cross(rest[1], rest[2]));
        let volume = six_v / 6.0;
        let g = [(1, 2), (2, 0), (0, 1)].map(|(i, j)| cross(rest[i], rest[j]).map(|c| c / six_v));
        Self {
            nodes,
            volume,
            moduli: [2.0 * tissue.mu() * volume, tissue.lambda() * volume],
            g,
            rest,
            frame,
        }
    }

    /// g_0 to g_3.
    pub fn gradients(&self) -> [Vec3; 4] {
        let [a, b, c] = self.g;
        [[0, 1, 2].map(|i| -(a[i] + b[i] + c[i])), a, b, c]
    }

    /// Takes the rotation from the positions.
    pub fn turn(&mut self, x: &[Vec3]) {
        let e = edges(self.nodes, x);
        self.frame = frame(e[0], e[1]);
    }

    /// f <- f + f_e(x)
    pub fn add_force(&self, x: &[Vec3], f: &mut [Vec3]) {
        let e = edges(self.nodes, x);
        let d = [0, 1, 2].map(|i| sub(times(&self.frame, e[i]), self.rest[i]));
        self.scatter(-1.0, &d, f);
    }

    /// y <- y + s K_e u
    #[inline]
    pub fn add_stiffness(&self, s: f64, u: &[Vec3], y: &mut [Vec3]) {
        let d = edges(self.nodes, u).map(|e| times(&self.frame, e));
        self.scatter(s, &d, y);
    }

    /// y_i <- y_i + scale R^T s g_i for the edges' displacements d, in the frame.
    #[inline]
    fn scatter(&self, scale: f64, d: &Mat, y: &mut [Vec3]) {
        let g = &self.g;
        let slope = |i: usize, j: usize| d[0][i] * g[0][j] + d[1][i] * g[1][j] + d[2][i] * g[2][j];
        let [two_mu, lambda] = self.moduli.map(|m| scale * m);
        let diagonal = [slope(0, 0), slope(1, 1), slope(2, 2)];
        let pressure = lambda * (diagonal[0] + diagonal[1] + diagonal[2]);
        let [xx, yy, zz] = diagonal.map(|e| two_mu * e + pressure);
        let shear = |i: usize, j: usize| 0.5 * two_mu * (slope(i, j) + slope(j, i));
        let (xy, yz, zx) = (shear(0, 1), shear(1, 2), shear(2, 0));
        let stress = [[xx, xy, zx], [xy, yy, yz], [zx, yz, zz]];
        let mut sum = [0.0; 3];
        for i in 0..3 {
            let f = times_transposed(&self.frame, times(&stress, g[i]));
            let y = &mut y[self.nodes[i + 1] as usize];
            for j in 0..3 {
                y[j] += f[j];
                sum[j] += f[j];
            }
        }
        let y = &mut y[self.nodes[0] as usize];
        for j in 0..3 {
            y[j] -= sum[j];
        }
    }
}

/// From corner 0 to the three others.
#[inline]
fn edges(nodes: [u32; 4], p: &[Vec3]) -> Mat {
    let [a, b, c, d] = nodes.map(|n| p[n as usize]);
    [sub(b, a), sub(c, a), sub(d, a)]
}
