//! Small matrices of elements side by side.

use crate::simd::Real;

/// `[row][column]`
pub type Mat<T> = [[T; 3]; 3];

/// Symmetric: 11, 22, 33, 23, 13, 12.
pub type Sym<T> = [T; 6];

/// Where row i, column j of a [`Sym`] is.
pub const SYM: [[usize; 3]; 3] = [[0, 5, 4], [5, 1, 3], [4, 3, 2]];

/// Values at the four corners: `[corner][component]`.
pub type AtEach<T> = [[T; 4]; 4];

/// H = sum_{b=1..3} (u_b - u_0) (x) g_b
#[inline(always)]
pub fn displacement_gradient<T: Real>(g: &Mat<T>, u: &AtEach<T>) -> Mat<T> {
    let mut h = [[T::all(0.0); 3]; 3];
    for i in 0..3 {
        let d = [u[1][i] - u[0][i], u[2][i] - u[0][i], u[3][i] - u[0][i]];
        for j in 0..3 {
            h[i][j] = d[0] * g[0][j] + d[1] * g[1][j] + d[2] * g[2][j];
        }
    }
    h
}

/// cof H
#[inline(always)]
pub fn cofactor<T: Real>(h: &Mat<T>) -> Mat<T> {
    let mut c = [[T::all(0.0); 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            let (i1, i2, j1, j2) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
            c[i][j] = h[i1][j1] * h[i2][j2] - h[i1][j2] * h[i2][j1];
        }
    }
    c
}

/// cof F - 1 = tr(H) 1 - H^T + cof H
#[inline(always)]
pub fn cofactor_change<T: Real>(h: &Mat<T>, cof_h: &Mat<T>) -> Mat<T> {
    let trace = trace(h);
    let mut c = [[T::all(0.0); 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            c[i][j] = cof_h[i][j] - h[j][i];
            if i == j {
                c[i][j] += trace;
            }
        }
    }
    c
}

/// tr H
#[inline(always)]
pub fn trace<T: Real>(h: &Mat<T>) -> T {
    h[0][0] + h[1][1] + h[2][2]
}

/// J - 1 from H and cof H.
#[inline(always)]
pub fn volume_change<T: Real>(h: &Mat<T>, cof: &Mat<T>) -> T {
    let det = h[0][0] * cof[0][0] + h[0][1] * cof[0][1] + h[0][2] * cof[0][2];
    trace(h) + trace(cof) + det
}

/// Twice the strain of Green and Lagrange, 2 E = H + H^T + H^T H.
#[inline(always)]
pub fn twice_green<T: Real>(h: &Mat<T>) -> Sym<T> {
    let mut e = [T::all(0.0); 6];
    for i in 0..3 {
        for j in i..3 {
            let product = h[0][i] * h[0][j] + h[1][i] * h[1][j] + h[2][i] * h[2][j];
            e[SYM[i][j]] = h[i][j] + h[j][i] + product;
        }
    }
    e
}

/// cof of a symmetric matrix.
#[inline(always)]
pub fn cofactor_sym<T: Real>(e: &Sym<T>) -> Sym<T> {
    [
        e[1] * e[2] - e[3] * e[3],
        e[0] * e[2] - e[4] * e[4],
        e[0] * e[1] - e[5] * e[5],
        e[4] * e[5] - e[0] * e[3],
        e[3] * e[5] - e[1] * e[4],
        e[3] * e[4] - e[2] * e[5],
    ]
}

/// 1 + X
#[inline(always)]
pub fn plus_one<T: Real>(x: &Mat<T>) -> Mat<T> {
    let mut f = *x;
    for i in 0..3 {
        f[i][i] += T::all(1.0);
    }
    f
}

/// |F|^2
#[inline(always)]
pub fn square_of<T: Real>(f: &Mat<T>) -> T {
    let mut sum = T::all(0.0);
    for i in 0..3 {
        for j in 0..3 {
            sum += f[i][j] * f[i][j];
        }
    }
    sum
}

/// |v|^2
#[inline(always)]
pub fn square<T: Real>(v: &[T; 3]) -> T {
    v[0] * v[0] + v[1] * v[1] + v[2] * v[2]
}
