//! Static equilibrium by dynamic relaxation with adaptive damping.
//!
//! Every node gets the fictitious mass at which it is just stable, m = h^2 k with the bound k
//! measured in each sweep, so all parts of the mesh converge at their best rate. The motion
//!
//!   v <- ((2 - c h) v + 2 h r / m) / (2 + c h),  u <- u + h v,  r: unbalanced force
//!
//! is damped critically for the slowest mode that is moving, estimated by the Rayleigh quotient
//! of the velocity (Underwood 1983; Joldes, Wittek, Miller 2011):
//!
//!   c = 2 w,  w^2 = -v . (r - r_before) / (h v . m v)
//!
//! No quotient is below the slowest mode's, and with c from that one all modes decay at the same,
//! best rate; so the smallest quotient seen is kept, and forgotten slowly. Rest states do not depend on mass or damping, so what is found is the equilibrium of the true
//! body. Contact takes part as in a step.
//!
//! Measure of convergence, free of scale: the root of the sum of squares of the unbalanced forces
//! on free nodes, over that of all forces that act from outside (weights, supports, contacts).
//! Displacements are f32, so node forces are only known to about k |u| 2^-24; below that level
//! of noise an equilibrium counts as reached whatever the tolerance.

use crate::batch::Node;
use crate::body::SoftBody;
use crate::contact::candidates::collect;
use crate::contact::solve::resolve;
use crate::denormals::FlushDenormals;
use crate::error::SettleError;
use crate::stepping::{BETA, CALM};
use crate::vec3::{Vec3, add, axpy, dot, scale};
use crate::world::World;

/// Above the stability limit by this factor, because k bounds only at the present state.
const SAFETY: f32 = 1.1;
/// Nominal length of a sweep, s; cancels out of every result.
const SWEEP: f64 = 1e-3;
/// Growth of the kept quotient in a sweep.
const FORGET: f64 = 1.01;
/// Share of the estimated rounding of the forces at which they count as balanced.
const NOISE: f64 = 0.25;
/// Sweeps between two measurements of convergence.
const STRIDE: u64 = 10;

impl World {
    /// Moves all bodies to static equilibrium with the present supports and tools, and to rest.
    /// Time does not advance. Gives up after `max_seconds` / dt sweeps. Returns the sweeps made.
    ///
    /// # Errors
    /// [`SettleError`] with the unbalanced force that was left.
    pub fn settle(&mut self, tolerance: f64, max_seconds: f64) -> Result<u64, SettleError> {
        let _flush = FlushDenormals::new();
        let most = (max_seconds / self.dt()).max(1.0) as u64;
        for tool in &mut self.tools {
            tool.position = tool.target;
        }
        for body in &mut self.bodies {
            body.begin_relaxation();
        }
        let mut residual = f64::INFINITY;
        let mut sweeps = 0;
        let mut pace = Pace {
            before: self.bodies.iter().map(|b| b.f.clone()).collect(),
            quotient: f64::INFINITY,
        };
        while sweeps < most && residual > tolerance {
            let push = self.relax(&mut pace);
            sweeps += 1;
            if sweeps % STRIDE == 0 {
                residual = self.unbalance(push);
            }
        }
        for body in &mut self.bodies {
            body.v.fill([0.0; 4]);
            body.set_masses(0.0);
            body.calm_ticks = CALM;
        }
        if residual <= tolerance {
            Ok(sweeps)
        } else {
            Err(SettleError { sweeps, residual, tolerance })
        }
    }

    /// One sweep. Returns the factor 2 h / (2 + c h) by which a force became velocity (times
    /// 1 / m).
    fn relax(&mut self, pace: &mut Pace) -> f64 {
        let (mut stiffness, mut inertia) = (0.0, 0.0);
        for (body, before) in self.bodies.iter_mut().zip(&mut pace.before) {
            body.elastic_pass(true);
            body.set_fictitious_masses();
            let (s, i) = body.rayleigh(before);
            stiffness += s;
            inertia += i;
            before.copy_from_slice(&body.f);
        }
        let now = if inertia > 0.0 { (stiffness / inertia).max(0.0) } else { f64::INFINITY };
        pace.quotient = now.min(FORGET * pace.quotient).min(SWEEP.powi(-2));
        let damping = 2.0 * pace.quotient.sqrt() * SWEEP;
        let (keep, push) = ((2.0 - damping) / (2.0 + damping), 2.0 * SWEEP / (2.0 + damping));
        for body in &mut self.bodies {
            body.relax(self.gravity, keep as f32, push as f32);
        }
        for tool in &mut self.tools {
            tool.begin_tick();
            collect(tool, &self.bodies);
            resolve(tool, &mut self.bodies, SWEEP, push);
        }
        push
    }

    /// The relative unbalanced force of the last sweep, 0 if it is below the noise.
    fn unbalance(&self, push: f64) -> f64 {
        let mut balance = Balance::default();
        for tool in &self.tools {
            balance.outer += dot(tool.force, tool.force);
        }
        for (b, body) in self.bodies.iter().enumerate() {
            body.measure(self.gravity, &self.contact_forces(b, push), &mut balance);
        }
        if balance.unbalanced <= NOISE * NOISE * balance.rounding {
            return 0.0;
        }
        (balance.unbalanced / balance.outer).sqrt() // infinite where nothing acts but it moves
    }

    /// Contact forces on the nodes of body `b`.
    fn contact_forces(&self, b: usize, push: f64) -> Vec<Vec3> {
        let mut forces = vec![[0.0; 3]; self.bodies[b].node_count()];
        for contact in self.tools.iter().flat_map(|t| &t.contacts) {
            for (node, force) in contact.node_forces(b as u32, SWEEP * push) {
                forces[node as usize] = add(forces[node as usize], force);
            }
        }
        forces
    }
}

/// What the damping is chosen from.
struct Pace {
    /// Forces of the last sweep, by body.
    before: Vec<Vec<Node>>,
    /// The smallest Rayleigh quotient, w^2, 1/s^2.
    quotient: f64,
}

/// Sums of squares of forces, N^2.
#[derive(Default)]
struct Balance {
    unbalanced: f64,
    outer: f64,
    rounding: f64,
}

impl SoftBody {
    fn begin_relaxation(&mut self) {
        self.v.fill([0.0; 4]);
        let offset = self.supports.offset();
        for (&node, &d) in self.supports.nodes.iter().zip(&self.supports.displacements) {
            for (axis, x) in axpy(d, 1.0, offset).into_iter().enumerate() {
                self.u[node as usize][axis] = x as f32;
            }
        }
    }

    fn set_fictitious_masses(&mut self) {
        let factor = SAFETY * (BETA * SWEEP * SWEEP) as f32;
        for (w, k) in self.inverse_mass.iter_mut().zip(&self.stiffness) {
            *w = 1.0 / (factor * k);
        }
        for &node in &self.supports.nodes {
            self.inverse_mass[node as usize] = 0.0;
        }
    }

    /// Numerator and denominator of the Rayleigh quotient.
    fn rayleigh(&self, before: &[Node]) -> (f64, f64) {
        let (mut stiffness, mut inertia) = (0.0, 0.0);
        for n in 0..self.mass.len() {
            let (v, f, b) = (self.v[n], self.f[n], before[n]);
            let along: f32 = (0..3).map(|i| v[i] * (b[i] - f[i])).sum();
            let square: f32 = (0..3).map(|i| v[i] * v[i]).sum();
            if self.inverse_mass[n] > 0.0 {
                stiffness += f64::from(along) / SWEEP;
                inertia += f64::from(square / self.inverse_mass[n]);
            }
        }
        (stiffness, inertia)
    }

    /// Moves free nodes by one sweep.
    fn relax(&mut self, gravity: Vec3, keep: f32, push: f32) {
        let h = SWEEP as f32;
        for n in 0..self.mass.len() {
            let w = self.inverse_mass[n];
            for axis in 0..3 {
                let weight = self.mass[n] * gravity[axis] as f32;
                // w is 0 at held nodes, and so is their velocity here
                self.v[n][axis] = keep * self.v[n][axis] + push * w * (self.f[n][axis] + weight);
                self.u[n][axis] += h * self.v[n][axis];
            }
        }
    }

    /// Adds this body's forces, as of before the last move, to `balance`.
    fn measure(&self, gravity: Vec3, contacts: &[Vec3], balance: &mut Balance) {
        for n in 0..self.mass.len() {
            let weight = scale(gravity, f64::from(self.mass[n]));
            let total = add(add(crate::vec3::wide(self.f[n]), weight), contacts[n]);
            balance.outer += dot(weight, weight);
            if self.inverse_mass[n] > 0.0 {
                balance.unbalanced += dot(total, total);
                let u = crate::vec3::wide(self.u[n]);
                let ulp = f64::from(self.stiffness[n]) * f64::from(f32::EPSILON) / 2.0;
                balance.rounding += ulp * ulp * dot(u, u);
            } else {
                balance.outer += dot(total, total);
            }
        }
    }
}
