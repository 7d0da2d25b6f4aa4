//! One point of contact as an equation between N nodes, and how it is solved.
//!
//! With the weights w_j, the masses m_j that the integrator used, the normal n, along which
//! sum_j w_j x_j has to grow, and W = sum_j w_j^2 / m_j, a Gauss-Seidel sweep changes
//! Lambda = (Lambda_n >= 0, |Lambda_t| <= mu Lambda_n), in kg m, of one row after the other:
//!
//!   Lambda_n += d / W,           d: what is missing along n
//!   Lambda_t -= s_t / W,         s_t: tangential slip in the substep
//!   u_j += w_j (Lambda_n n + Lambda_t) / m_j
//!
//! Where d' limits how far free nodes alone may be moved along n, d' / W' with the W' of these takes
//! the place of d / W if it is less.
//!
//! In the normal part held nodes yield. Friction does not shift them, and where a row has no other nodes
//! it is regularised:
//!
//!   Lambda_t = -mu Lambda_n s_t / max(|s_t|, s_0),  s_0 = 1 mm/s h

use super::nodes::Touched;
use super::tissue::Tissue;
use crate::vec3::{Vec3, add, axpy, dot, norm, scale, sub};

/// Slip where all nodes are held from where on friction is full, m/s.
const FULL_FRICTION: f64 = 1e-3;

/// How a substep moves nodes: a force f on a node changes its velocity by push f / m_eff, and its
/// place by h times that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Substep {
    /// Length, s.
    pub h: f64,
    /// s; h, but for damping.
    pub push: f64,
    /// Share of a tick.
    pub share: f64,
}

/// A contact between N nodes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<const N: usize> {
    /// w_j
    pub weights: [f64; N],
    /// 1 / m_j, 0 for held nodes; for friction.
    pub free: [f64; N],
    /// The same with what held nodes give way by; for the normal part.
    yielding: [f64; N],
    /// 1 / W of the normal part and of friction, the latter infinite where all nodes are held.
    mass: f64,
    mass_t: f64,
    /// n
    pub normal: Vec3,
    /// Where its nodes are among those that are touched.
    pub touched: [usize; N],
    /// d, m, and slip in the substep, m, if nothing were resolved.
    pub depth: f64,
    /// d', m, infinite but where it is asked for.
    pub parting: f64,
    pub slip: Vec3,
    pub lambda_n: f64,
    pub lambda_t: Vec3,
}

impl<const N: usize> Row<N> {
    pub fn new(weights: [f64; N], normal: Vec3) -> Self {
        Self {
            weights,
            free: [0.0; N],
            yielding: [0.0; N],
            mass: 0.0,
            mass_t: 0.0,
            normal,
            touched: [0; N],
            depth: 0.0,
            parting: f64::INFINITY,
            slip: [0.0; 3],
            lambda_n: 0.0,
            lambda_t: [0.0; 3],
        }
    }

    /// Measures the masses of its nodes, node j as `at` says.
    pub fn weigh<'a, T: Tissue + 'a>(
        &mut self,
        substep: Substep,
        at: impl Fn(usize) -> (&'a T, u32),
    ) {
        for j in 0..N {
            let (body, node) = at(j);
            self.free[j] = body.inverse_mass(node);
            self.yielding[j] = if self.free[j] == 0.0 {
                1.0 / (body.stiffness(node) * substep.h * substep.push)
            } else {
                self.free[j]
            };
        }
        let sum = |inverse_masses: [f64; N]| -> f64 {
            let each = self.weights.iter().zip(inverse_masses);
            each.map(|(w, inverse_mass)| w * w * inverse_mass).sum()
        };
        self.mass = 1.0 / sum(self.yielding);
        self.mass_t = 1.0 / sum(self.free);
    }

    /// Whether it pushes, or still has a friction from when it did.
    pub fn acts(&self) -> bool {
        self.lambda_n > 0.0 || self.lambda_t != [0.0; 3]
    }

    /// Lambda_n n + Lambda_t, kg m.
    pub fn lambda(&self) -> Vec3 {
        axpy(self.lambda_t, self.lambda_n, self.normal)
    }

    /// `v` without its part along the normal.
    pub fn along_surface(&self, v: Vec3) -> Vec3 {
        axpy(v, -dot(v, self.normal), self.normal)
    }

    /// Moves what it touches by what it pushes from the start.
    pub fn begin(&self, touched: &mut [Touched]) {
        self.push(touched, self.lambda_n, self.lambda_t);
    }

    /// One step of Gauss-Seidel. The normal part does not change what slips, so both come from the same
    /// places of the nodes. Returns the square of the larger change, (kg m)^2.
    fn relax(&mut self, touched: &mut [Touched], friction: f64, h: f64) -> f64 {
        let moved = self.moved(touched, |_| true);
        let before = (self.lambda_n, self.lambda_t);
        let all_free = self.yielding == self.free;
        let of_free = if all_free {
            moved
        } else {
            self.moved(touched, |inverse_mass| inverse_mass > 0.0)
        };
        let mut more = (self.depth - dot(self.normal, moved)) * self.mass;
        if self.parting < f64::INFINITY {
            more = more.min((self.parting - dot(self.normal, of_free)) * self.mass_t);
        }
        self.lambda_n = (before.0 + more).max(0.0);
        if self.acts() && (friction > 0.0 || before.1 != [0.0; 3]) {
            self.lambda_t = self.friction(of_free, friction * self.lambda_n, h);
        }
        let (normal, along) = (self.lambda_n - before.0, sub(self.lambda_t, before.1));
        let change = f64::max(normal * normal, dot(along, along));
        if change > 0.0 {
            self.push(touched, normal, along);
        }
        change
    }

    /// sum_j w_j times how far contact has moved node j, m.
    fn moved(&self, touched: &[Touched], counts: impl Fn(f64) -> bool) -> Vec3 {
        let mut sum = [0.0; 3];
        for j in 0..N {
            if counts(self.free[j]) {
                sum = axpy(sum, self.weights[j], touched[self.touched[j]].moved);
            }
        }
        sum
    }

    /// Lambda_t where the free nodes have been `moved`, of at most `most`.
    fn friction(&self, moved: Vec3, most: f64, h: f64) -> Vec3 {
        let slip = add(self.slip, self.along_surface(moved));
        if self.mass_t.is_finite() {
            let stuck = axpy(self.lambda_t, -self.mass_t, slip);
            let square = dot(stuck, stuck);
            if square > most * most {
                return scale(stuck, most / square.sqrt());
            }
            return stuck;
        }
        scale(slip, -most / f64::max(norm(slip), FULL_FRICTION * h))
    }

    /// Moves what it touches by changes of what it pushes.
    fn push(&self, touched: &mut [Touched], normal: f64, along: Vec3) {
        for j in 0..N {
            let w = self.weights[j];
            let moved = &mut touched[self.touched[j]].moved;
            let by = axpy(
                scale(along, w * self.free[j]),
                w * self.yielding[j] * normal,
                self.normal,
            );
            *moved = add(*moved, by);
        }
    }
}

/// One sweep over the rows of contacts in the nodes they touch. Returns whether none changed by more
/// than `enough` of the largest.
pub(super) fn sweep<const N: usize>(
    contacts: &mut [impl AsMut<Row<N>>],
    touched: &mut [Touched],
    (friction, enough): (f64, f64),
    h: f64,
) -> bool {
    let (mut largest, mut change) = (0.0, 0.0);
    for contact in contacts {
        let row = contact.as_mut();
        change = f64::max(change, row.relax(touched, friction, h));
        largest = f64::max(largest, row.lambda_n);
    }
    change <= (enough * largest).powi(2)
}
