//! What most open simulators do in a tick, in plain f64: the peer that `peers.rs` measures.
//!
//! Corotational linear tetrahedra, implicit Euler, conjugate gradients without a matrix, a sphere
//! that pushes nodes away: the chain SOFA's `EulerImplicitSolver`, `CGLinearSolver`,
//! `TetrahedronFEMForceField` (method "large", its default) and `SphereForceField` make, written
//! anew from the papers and shared by nothing that ships. Per tick
//!
//!   ((1 + h a) M + (h^2 + h b) K) dv = h (f(x) - a M v) - (h^2 + h b) K v      (Baraff, Witkin 1998)
//!   v <- v + dv,  x <- x + h v
//!
//! h: tick, s; M: lumped masses, kg; a, b: Rayleigh's factors for mass (1/s) and stiffness (s),
//! 0 by default as in SOFA's solver (its examples often set 0.1 and 0.1, which costs the same and
//! makes the tissue sluggish: at h = 1 ms b = 0.1 makes every element 101 times as stiff against
//! change); K: `corotation` and `penalty` at the x where the tick starts. dv is sought from 0 by 25
//! iterations, or until the residual is a given share of the first: SOFA's defaults are 25 and
//! 1e-5. One linear solve a tick, no Newton iterations.
//!
//! Elements can be kept in two ways, which give the same: lean ([`corotation`], 25 numbers, three edges
//! instead of four nodes), or with SOFA's 12 x 6 and 6 x 6 matrices ([`matrices`]). Both are kinder to the
//! peer than the original: vectors live in one place and no graph of components is walked. Only nodes meet
//! the sphere, without friction.
//!
//! Valid where strains are small in each element's turned frame; where tissue is squeezed, a law
//! that is linear there yields more than Neo-Hookean tissue does. `tests/twin.rs` holds it to
//! linear elasticity, to Hertz and to its own converged answers.
#![allow(dead_code, reason = "the bench and the test each use their own part")]

pub mod corotation;
pub mod matrices;
pub mod penalty;

use corotation::{Corotated, Vec3};
use matrices::Matrices;
use penalty::Sphere;
use softbody::{Material, TetMesh};

/// A body, its state and the sphere that pokes it.
pub struct Twin {
    elements: Vec<Corotated>,
    matrices: Vec<Matrices>,
    /// Whether conjugate gradients multiply with these.
    pub with_matrices: bool,
    mass: Vec<f64>,
    held: Vec<bool>,
    pub sphere: Sphere,
    /// Rayleigh's factors for mass, 1/s, and stiffness, s.
    pub rayleigh: [f64; 2],
    /// Iterations of conjugate gradients in a tick, at most.
    pub iterations: usize,
    /// They end before where the residual is this share of the first.
    pub tolerance: f64,
    pub gravity: Vec3,
    /// Positions, m, and velocities, m/s.
    pub x: Vec<Vec3>,
    pub v: Vec<Vec3>,
    force: Vec<Vec3>,
    cg: Vectors,
}

/// How a tick's linear solve ended: iterations made, residual over the first.
pub struct Solved {
    pub iterations: usize,
    pub left: f64,
}

/// What conjugate gradients keep: solution, residual, direction, its image.
struct Vectors {
    dv: Vec<Vec3>,
    r: Vec<Vec3>,
    p: Vec<Vec3>,
    q: Vec<Vec3>,
}

fn dot(a: &[Vec3], b: &[Vec3]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(a, b)| a[0] * b[0] + a[1] * b[1] + a[2] * b[2])
        .sum()
}

/// a <- a + s b
fn axpy(a: &mut [Vec3], s: f64, b: &[Vec3]) {
    for (a, b) in a.iter_mut().zip(b) {
        for i in 0..3 {
            a[i] += s * b[i];
        }
    }
}

impl Twin {
    /// `fixed` nodes stay where they are; only E, nu and the density of `tissue` are used.
    pub fn new(mesh: &TetMesh, tissue: &Material, fixed: &[u32], radius: f64) -> Self {
        let n = mesh.points().len();
        let elements: Vec<Corotated> = mesh
            .tetrahedra()
            .iter()
            .map(|&t| Corotated::new(t, mesh.points(), tissue))
            .collect();
        let mut mass = vec![0.0; n];
        for e in &elements {
            for node in e.nodes {
                mass[node as usize] += 0.25 * tissue.density * e.volume;
            }
        }
        let mut held = vec![false; n];
        for &node in fixed {
            held[node as usize] = true;
        }
        let zero = || vec![[0.0; 3]; n];
        Self {
            matrices: elements.iter().map(Matrices::of).collect(),
            with_matrices: false,
            elements,
            mass,
            held,
            sphere: Sphere::new(mesh, radius),
            rayleigh: [0.0; 2],
            iterations: 25,
            tolerance: 0.0,
            gravity: [0.0; 3],
            x: mesh.points().to_vec(),
            v: zero(),
            force: zero(),
            cg: Vectors {
                dv: zero(),
                r: zero(),
                p: zero(),
                q: zero(),
            },
        }
    }

    /// One tick of `h` seconds.
    pub fn step(&mut self, h: f64) -> Solved {
        let [a, b] = self.rayleigh;
        let (m, k) = (1.0 + h * a, h * h + h * b);
        self.update_forces();
        // r = h (f - a M v) - k K v
        self.cg.r.fill([0.0; 3]);
        let kept = Kept::of(self.with_matrices, &self.elements, &self.matrices);
        kept.stiffness(&self.sphere, -k, &self.v, &mut self.cg.r);
        for (node, r) in self.cg.r.iter_mut().enumerate() {
            for i in 0..3 {
                r[i] += h * (self.force[node][i] - a * self.mass[node] * self.v[node][i]);
            }
        }
        hold(&self.held, &mut self.cg.r);
        let solved = self.solve(m, k);
        axpy(&mut self.v, 1.0, &self.cg.dv);
        axpy(&mut self.x, h, &self.v);
        solved
    }

    /// (m M + k K) dv = r by conjugate gradients (Hestenes, Stiefel 1952) from dv = 0.
    fn solve(&mut self, m: f64, k: f64) -> Solved {
        let kept = Kept::of(self.with_matrices, &self.elements, &self.matrices);
        let Vectors { dv, r, p, q } = &mut self.cg;
        dv.fill([0.0; 3]);
        p.copy_from_slice(r);
        let start = dot(r, r);
        let enough = start * self.tolerance.max(1e-15).powi(2);
        let (mut rho, mut iterations) = (start, 0);
        while iterations < self.iterations && rho > enough {
            iterations += 1;
            for ((q, p), mass) in q.iter_mut().zip(p.iter()).zip(&self.mass) {
                *q = p.map(|p| m * mass * p);
            }
            kept.stiffness(&self.sphere, k, p, q);
            hold(&self.held, q);
            let alpha = rho / dot(p, q);
            axpy(dv, alpha, p);
            axpy(r, -alpha, q);
            let next = dot(r, r);
            let beta = next / rho;
            rho = next;
            for (p, r) in p.iter_mut().zip(r.iter()) {
                for i in 0..3 {
                    p[i] = r[i] + beta * p[i];
                }
            }
        }
        Solved {
            iterations,
            left: (rho / start.max(f64::MIN_POSITIVE)).sqrt(),
        }
    }

    /// Turns the elements' frames, finds the contacts, sums all forces at x.
    fn update_forces(&mut self) {
        for (f, mass) in self.force.iter_mut().zip(&self.mass) {
            *f = self.gravity.map(|g| mass * g);
        }
        for (e, matrices) in self.elements.iter_mut().zip(&mut self.matrices) {
            e.turn(&self.x);
            e.add_force(&self.x, &mut self.force);
            if self.with_matrices {
                matrices.turn(e);
            }
        }
        self.sphere.find(&self.x);
        self.sphere.add_force(&mut self.force);
    }

    /// Forces on the nodes at x, N; held nodes show what their supports have to take.
    pub fn forces(&mut self) -> &[Vec3] {
        self.update_forces();
        &self.force
    }

    /// Equilibrium by the same step with ticks so long (`h`, s) that they damp all motion, each
    /// solved to 1e-8. Returns the ticks made until none moved a node by more than `still` (m).
    pub fn settle(&mut self, h: f64, still: f64, most: usize) -> Option<usize> {
        let tick = (self.iterations, self.tolerance, self.rayleigh);
        (self.iterations, self.tolerance, self.rayleigh) = (2000, 1e-8, [0.0; 2]);
        let found = (1..=most).find(|_| {
            self.step(h);
            let v = self.v.iter().flatten();
            h * v.fold(0.0, |a: f64, v| a.max(v.abs())) <= still
        });
        self.v.fill([0.0; 3]);
        (self.iterations, self.tolerance, self.rayleigh) = tick;
        found
    }
}

/// The elements as conjugate gradients take them.
enum Kept<'a> {
    Lean(&'a [Corotated]),
    Matrices(&'a [Matrices]),
}

impl<'a> Kept<'a> {
    fn of(with_matrices: bool, lean: &'a [Corotated], matrices: &'a [Matrices]) -> Self {
        if with_matrices {
            Self::Matrices(matrices)
        } else {
            Self::Lean(lean)
        }
    }

    /// y <- y + s K u, element by element, then contact by contact.
    fn stiffness(&self, sphere: &Sphere, s: f64, u: &[Vec3], y: &mut [Vec3]) {
        match self {
            Self::Lean(elements) => elements.iter().for_each(|e| e.add_stiffness(s, u, y)),
            Self::Matrices(elements) => elements.iter().for_each(|e| e.add_stiffness(s, u, y)),
        }
        sphere.add_stiffness(s, u, y);
    }
}

/// Held nodes take no part (SOFA's projective constraint).
fn hold(held: &[bool], y: &mut [Vec3]) {
    for (y, held) in y.iter_mut().zip(held) {
        if *held {
            *y = [0.0; 3];
        }
    }
}
