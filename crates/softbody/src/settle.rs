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
//! best rate; so the smallest quotient seen is kept, and forgotten slowly. Rest states do not
//! depend on mass or damping, so what is found is the equilibrium of the true body. Contact takes
//! part as in a step. Attachments pull with their static force and give their ends inertia against each
//! other, h^2 k, four times what stability needs, so that none leaps over its slack; they do not break.
//!
//! The state of a tick is f32, in which node forces are only known to about k |u| 2^-24: too
//! coarse for slender bodies. So the same element code runs here in f64, and the displacements
//! are rounded once, at the end.
//!
//! Measure of convergence, free of scale: the root of the sum of squares of the unbalanced forces
//! on free nodes, over that of all forces that act from outside (weights, supports, contacts,
//! attachments).
//! Where both are below what the rounding of the displacements to f32 makes uncertain, 2^-24 k |u|
//! with the largest u met, nothing acts, and the body is settled.

use crate::attachments::Attachments;
use crate::body::{Memory, SoftBody};
use crate::contact::candidates::collect;
use crate::contact::nodes::Nodes;
use crate::contact::row::Substep;
use crate::contact::solve::resolve;
use crate::contact::tissue::Tissue;
use crate::contact::tissues::Tissues;
use crate::contact::tool::Tool;
use crate::contact::way::follow;
use crate::denormals::flushed;
use crate::elements::Relax;
use crate::elements::scratch::Scratch;
use crate::error::SettleError;
use crate::simd::Node;
use crate::stepping::CALM;
use crate::vec3::{Vec3, add, axpy, dot, norm, scale, sub};
use crate::world::World;

/// Above the stability limit by this factor, because k bounds only at the present state.
const SAFETY: f64 = 1.5;
/// Nominal length of a sweep, s; cancels out of every result.
const SWEEP: f64 = 1e-3;
/// Growth of the kept quotient in a sweep.
const FORGET: f64 = 1.005;
/// Share of the averaged quotient that a sweep keeps.
const MEMORY: f64 = 0.9;
/// Half of the last digit of an f32, as a share of the number.
const ROUNDING: f64 = 6e-8;
/// Multiple of its own size from which on a body that moved there is falling, not settling.
const ADRIFT: f64 = 20.0;
/// Sweeps between two measurements of convergence.
const STRIDE: u64 = 10;

impl World {
    /// Moves all bodies to static equilibrium with the present supports and tools, and to rest.
    /// Time does not advance. Gives up after `max_seconds` / dt sweeps and leaves
    /// the bodies where they are then. Returns the sweeps made, 0 if all was in equilibrium already.
    ///
    /// # Errors
    /// [`SettleError`] with the unbalanced force that was left; where numbers were lost, the bodies
    /// are as before.
    pub fn settle(&mut self, tolerance: f64, max_seconds: f64) -> Result<u64, SettleError> {
        self.settle_while(tolerance, max_seconds, || true)
    }

    /// As [`settle`](Self::settle), as long as `go_on` says so; it is asked every few sweeps.
    ///
    /// # Errors
    /// As for [`settle`](Self::settle); stopping is giving up.
    pub fn settle_while(
        &mut self,
        tolerance: f64,
        max_seconds: f64,
        go_on: impl FnMut() -> bool,
    ) -> Result<u64, SettleError> {
        check_positive("tolerance", tolerance)?;
        check_positive("max_seconds", max_seconds)?;
        flushed(|| self.search(tolerance, max_seconds, go_on))
    }

    fn search(
        &mut self,
        tolerance: f64,
        max_seconds: f64,
        go_on: impl FnMut() -> bool,
    ) -> Result<u64, SettleError> {
        let most = (max_seconds / self.dt()).max(1.0) as u64;
        for body in &mut self.bodies {
            body.elements.renew_wave();
        }
        let before = |t: &Tool| (t.pose(), t.proxy, t.careful);
        let tools_before: Vec<_> = self.tools.iter().map(before).collect();
        self.tools.iter_mut().for_each(Tool::arrive);
        let mut search = Search {
            tissues: self.bodies.iter().map(Relaxation::new).collect(),
            tools: &mut self.tools,
            touching: &mut self.touching,
            touched: &mut self.touched,
            attachments: self.attachments.clone(),
            gravity: self.gravity,
            rayleigh: [0.0; 2],
            quotient: f64::INFINITY,
            push: 0.0,
            moving: false,
            noise: 0.0,
        };
        let (sweeps, residual) = search.run(tolerance, most, go_on);
        search.attachments.rest(&search.tissues);
        let mut attachments = search.attachments;
        let found: Vec<_> = search.tissues.into_iter().map(|t| t.u).collect();
        if let Some(lost) = self.lost(&found, sweeps) {
            for (tool, (pose, proxy, careful)) in self.tools.iter_mut().zip(tools_before) {
                (tool.position, tool.orientation) = (pose.position, pose.orientation);
                (tool.proxy, tool.careful) = (proxy, careful);
                tool.begin_tick(); // no force from a state that was lost
            }
            self.touching.forget();
            return Err(lost);
        }
        for (body, u) in self.bodies.iter_mut().zip(found) {
            body.rest_at(&u);
        }
        attachments.found();
        self.attachments = attachments;
        if residual <= tolerance {
            Ok(sweeps)
        } else {
            Err(SettleError::Unbalanced {
                sweeps,
                residual,
                tolerance,
            })
        }
    }
}

impl World {
    /// What is wrong with displacements that no rest state can have.
    fn lost(&self, found: &[Vec<Node<f64>>], sweeps: u64) -> Option<SettleError> {
        for (body, u) in found.iter().enumerate() {
            if !u.iter().all(fits) {
                return Some(SettleError::Lost { body, sweeps });
            }
            let farthest = u.iter().map(|u| norm(xyz(*u))).fold(0.0, f64::max);
            let extent = self.bodies[body].extent();
            if farthest > ADRIFT * extent {
                return Some(SettleError::Adrift {
                    body,
                    distance: farthest,
                    extent,
                    held: self.bodies[body].supports().len(),
                });
            }
        }
        None
    }
}

impl SoftBody {
    /// Diagonal of the box around the body at rest, m.
    fn extent(&self) -> f64 {
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for p in &self.rest {
            for axis in 0..3 {
                low[axis] = low[axis].min(p[axis]);
                high[axis] = high[axis].max(p[axis]);
            }
        }
        norm(sub(high, low))
    }
}

fn check_positive(name: &'static str, value: f64) -> Result<(), SettleError> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(SettleError::OutOfRange { name, value })
    }
}

/// Whether a displacement is a finite f32.
fn fits(u: &Node<f64>) -> bool {
    xyz(*u).iter().all(|x| (*x as f32).is_finite())
}

/// All bodies on their way to equilibrium.
struct Search<'a> {
    tissues: Vec<Relaxation<'a>>,
    tools: &'a mut [Tool],
    touching: &'a mut Tissues,
    touched: &'a mut Nodes,
    attachments: Attachments,
    gravity: Vec3,
    /// Numerator and denominator of the Rayleigh quotient, averaged over the last sweeps, so that
    /// single impacts do not rule it.
    rayleigh: [f64; 2],
    /// The smallest Rayleigh quotient of late, w^2, 1/s^2.
    quotient: f64,
    /// 2 h / (2 + c h) of the last sweep: how far a force became velocity (times 1 / m).
    push: f64,
    /// Whether a tool is still on its way.
    moving: bool,
    /// Largest square sum of what f32 displacements leave uncertain in the forces, N^2.
    noise: f64,
}

impl Search<'_> {
    /// Sweeps until the relative unbalanced force is at most `tolerance`, `most` times at most and
    /// while `go_on`.
    /// Returns the sweeps and the last residual. A sweep measures the state that it started from,
    /// so where the first one finds equilibrium, its motion is taken back.
    fn run(&mut self, tolerance: f64, most: u64, mut go_on: impl FnMut() -> bool) -> (u64, f64) {
        let start: Vec<_> = self.tissues.iter().map(|t| t.u.clone()).collect();
        let mut residual = f64::INFINITY;
        for sweeps in 1..=most {
            self.sweep();
            if sweeps != 1 && sweeps != most && !sweeps.is_multiple_of(STRIDE) {
                continue;
            }
            residual = self.unbalance();
            if sweeps == 1 && residual <= tolerance {
                for (tissue, u) in self.tissues.iter_mut().zip(start) {
                    tissue.u = u;
                }
                return (0, residual);
            }
            if residual <= tolerance || residual.is_nan() || !go_on() {
                return (sweeps, residual);
            }
        }
        (most, residual)
    }

    fn sweep(&mut self) {
        self.rayleigh = self.rayleigh.map(|x| x * MEMORY);
        for tissue in &mut self.tissues {
            tissue.pull();
        }
        self.tie();
        for tissue in &self.tissues {
            let (stiffness, inertia) = tissue.rayleigh();
            self.rayleigh[0] += stiffness;
            self.rayleigh[1] += inertia;
        }
        if self.rayleigh[0] > 0.0 {
            let now = self.rayleigh[0] / self.rayleigh[1];
            self.quotient = now.min(FORGET * self.quotient);
        }
        self.quotient = self.quotient.min(1.0 / (SWEEP * SWEEP));
        let damping = 2.0 * self.quotient.sqrt() * SWEEP;
        let keep = (2.0 - damping) / (2.0 + damping);
        self.push = 2.0 * SWEEP / (2.0 + damping);
        self.attachments.remember(&self.tissues, keep);
        let mut moving = false;
        for tool in &mut *self.tools {
            tool.begin_tick();
        }
        collect(self.tools, &self.tissues, 0.0); // no time passes
        for tool in &mut *self.tools {
            follow(tool, &self.tissues);
            moving |= tool.stop();
        }
        self.moving = moving;
        self.touching.collect(&self.tissues);
        self.touching.find(&self.tissues);
        for tissue in &mut self.tissues {
            tissue.advance(self.gravity, keep, self.push);
        }
        self.attachments
            .hold_back(&mut self.tissues, SWEEP, self.push);
        let substep = Substep {
            h: SWEEP,
            push: self.push,
            share: 1.0,
        };
        resolve(
            self.tools,
            self.touching,
            self.touched,
            &mut self.tissues,
            substep,
        );
        for tissue in &mut self.tissues {
            tissue.return_held_nodes();
        }
    }

    /// Adds the attachments' static forces and their part of the quotient.
    fn tie(&mut self) {
        self.attachments.feel(self.tools, 1.0);
        self.attachments.rest(&self.tissues);
        self.rayleigh[1] += self.attachments.inertia(&self.tissues, SWEEP);
        for (b, tissue) in self.tissues.iter_mut().enumerate() {
            for (node, force) in self.attachments.all.iter().flat_map(|a| a.node_forces(b)) {
                for (f, force) in tissue.f[node as usize].iter_mut().zip(force) {
                    *f += force;
                }
            }
        }
    }

    /// The relative unbalanced force of the last sweep.
    fn unbalance(&mut self) -> f64 {
        let mut balance = Balance::default();
        for tool in &*self.tools {
            balance.outer += dot(tool.force, tool.force);
        }
        self.attachments.measure(&self.tissues, &mut balance);
        for (b, tissue) in self.tissues.iter().enumerate() {
            tissue.measure(self.gravity, &self.contact_forces(b), &mut balance);
        }
        self.noise = self.noise.max(ROUNDING * ROUNDING * balance.reach);
        if self.moving {
            return f64::INFINITY;
        }
        if balance.unbalanced <= self.noise && balance.outer <= self.noise {
            return 0.0; // nothing acts that the tick could tell from rounding
        }
        (balance.unbalanced / balance.outer).sqrt() // infinite where nothing acts but it moves
    }

    /// Contact forces on the nodes of body `b`.
    fn contact_forces(&self, b: usize) -> Vec<Vec3> {
        let mut forces = vec![[0.0; 3]; self.tissues[b].body.node_count()];
        for contact in self.tools.iter().flat_map(|t| &t.contacts) {
            for (node, force) in contact.node_forces(b as u32, SWEEP * self.push) {
                forces[node as usize] = add(forces[node as usize], force);
            }
        }
        for (node, force) in self.touching.node_forces(b as u32) {
            forces[node as usize] = add(forces[node as usize], force);
        }
        forces
    }
}

/// Sums of squares of forces, N^2.
#[derive(Default)]
pub(crate) struct Balance {
    unbalanced: f64,
    pub outer: f64,
    /// Of k |u|.
    pub reach: f64,
}

/// A body on its way to equilibrium, in f64; node arrays as in [`SoftBody`].
struct Relaxation<'a> {
    body: &'a SoftBody,
    u: Vec<Node<f64>>,
    v: Vec<Node<f64>>,
    /// Elastic forces, N; w: the stiffness bound, N/m.
    f: Vec<Node<f64>>,
    /// `f` of the last sweep.
    f_before: Vec<Node<f64>>,
    scratch: Scratch<f64>,
    /// 1 / m of the fictitious masses, 0 for held nodes.
    inverse_mass: Vec<f64>,
}

impl<'a> Relaxation<'a> {
    fn new(body: &'a SoftBody) -> Self {
        let u: Vec<_> = body.u.iter().map(|u| u.map(f64::from)).collect();
        let zeros = vec![[0.0; 4]; u.len()];
        let scratch = body.elements.scratch();
        let inverse_mass = vec![0.0; body.node_count()];
        let mut relaxation = Self {
            body,
            u,
            v: zeros.clone(),
            f: zeros.clone(),
            f_before: zeros,
            scratch,
            inverse_mass,
        };
        relaxation.return_held_nodes();
        relaxation
    }

    /// Held nodes to where they are held.
    fn return_held_nodes(&mut self) {
        let supports = &self.body.supports;
        let offset = supports.offset();
        for (&node, &d) in supports.nodes.iter().zip(&supports.displacements) {
            self.u[node as usize][..3].copy_from_slice(&axpy(d, 1.0, offset));
        }
    }

    /// Measures forces and fictitious masses.
    fn pull(&mut self) {
        std::mem::swap(&mut self.f, &mut self.f_before);
        let viscosity = self.body.viscosity.as_ref();
        let mut rest = viscosity.map(|v| |first, s: &mut [_]| v.rest(first, s));
        let relax = rest.as_mut().map(|r| r as Relax<f64>);
        let elements = &self.body.elements;
        elements.forces(&self.u, &mut self.scratch, &mut self.f, relax, true);
        let factor = SAFETY * SWEEP * SWEEP;
        for (n, (w, f)) in self.inverse_mass.iter_mut().zip(&self.f).enumerate() {
            let mass = factor * self.body.needed(n, f[3] as f32);
            *w = if mass > 0.0 { 1.0 / mass } else { 0.0 }; // 0 without tissue, see `topology`
        }
        for &node in &self.body.supports.nodes {
            self.inverse_mass[node as usize] = 0.0;
        }
    }

    /// Numerator and denominator of the Rayleigh quotient.
    fn rayleigh(&self) -> (f64, f64) {
        let (mut stiffness, mut inertia) = (0.0, 0.0);
        for (n, w) in self
            .inverse_mass
            .iter()
            .enumerate()
            .filter(|(_, w)| **w > 0.0)
        {
            let (v, f, b) = (self.v[n], self.f[n], self.f_before[n]);
            stiffness += (0..3).map(|i| v[i] * (b[i] - f[i])).sum::<f64>() / SWEEP;
            inertia += (0..3).map(|i| v[i] * v[i]).sum::<f64>() / w;
        }
        (stiffness, inertia)
    }

    /// Moves free nodes by one sweep.
    fn advance(&mut self, gravity: Vec3, keep: f64, push: f64) {
        for (n, w) in self.inverse_mass.iter().enumerate() {
            let mass = f64::from(self.body.mass[n]);
            for axis in 0..3 {
                // w is 0 at held nodes, and so is their velocity here
                let force = self.f[n][axis] + mass * gravity[axis];
                self.v[n][axis] = keep * self.v[n][axis] + push * w * force;
                self.u[n][axis] += SWEEP * self.v[n][axis];
            }
        }
    }

    /// Adds this body's forces, as of before the last move, to `balance`.
    fn measure(&self, gravity: Vec3, contacts: &[Vec3], balance: &mut Balance) {
        for (n, w) in self.inverse_mass.iter().enumerate() {
            let weight = scale(gravity, f64::from(self.body.mass[n]));
            let total = add(add(xyz(self.f[n]), weight), contacts[n]);
            balance.outer += dot(weight, weight);
            let spring = scale(xyz(self.u[n]), self.f[n][3]);
            balance.reach += dot(spring, spring);
            if *w > 0.0 {
                balance.unbalanced += dot(total, total);
            } else {
                balance.outer += dot(total, total);
            }
        }
    }
}

fn xyz([x, y, z, _]: Node<f64>) -> Vec3 {
    [x, y, z]
}

impl Tissue for Relaxation<'_> {
    fn triangles(&self) -> &[[u32; 3]] {
        &self.body.surface.triangles
    }

    fn owned(&self, triangle: u32) -> [bool; 3] {
        self.body.surface.owned[triangle as usize]
    }

    /// None is fast: it is never asked how far tissue comes in a tick.
    fn fastest(&self) -> f64 {
        0.0
    }

    fn rest_position(&self, node: u32) -> Vec3 {
        self.body.rest[node as usize]
    }

    fn position(&self, node: u32) -> Vec3 {
        add(self.body.rest[node as usize], xyz(self.u[node as usize]))
    }

    fn coordinate(&self, node: u32, axis: usize) -> f32 {
        (self.body.rest[node as usize][axis] + self.u[node as usize][axis]) as f32
    }

    fn velocity(&self, node: u32) -> Vec3 {
        xyz(self.v[node as usize])
    }

    fn inverse_mass(&self, node: u32) -> f64 {
        self.inverse_mass[node as usize]
    }

    fn stiffness(&self, node: u32) -> f64 {
        self.f[node as usize][3]
    }

    /// A sweep may go any way, as long as it leads to equilibrium.
    fn reach(&self, _node: u32) -> f64 {
        f64::INFINITY
    }

    /// Without a bound tools that leave nothing between them would be in equilibrium, with any force.
    fn squeeze(&self, node: u32) -> f64 {
        Tissue::reach(self.body, node)
    }

    fn startle(&mut self) {}

    fn height(&self, node: u32) -> f64 {
        Tissue::height(self.body, node)
    }

    fn shift(&mut self, node: u32, du: Vec3, dv: Vec3) {
        for axis in 0..3 {
            self.u[node as usize][axis] += du[axis];
            self.v[node as usize][axis] += dv[axis];
        }
    }
}

impl SoftBody {
    /// Rounds `u` into the displacements and leaves the body at rest there.
    fn rest_at(&mut self, u: &[Node<f64>]) {
        for (to, from) in self.u.iter_mut().zip(u) {
            *to = from.map(|x| x as f32);
        }
        self.v.fill([0.0; 4]);
        self.measure_anew();
        self.elastic_pass(Memory::Forget, true);
        self.reset_bounds();
        self.set_masses(0.0);
        self.calm_ticks = CALM;
    }
}
