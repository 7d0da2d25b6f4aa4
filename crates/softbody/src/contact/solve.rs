//! Contact and friction, implicit in the nodes.
//!
//! Before the tissue moves in a substep h, every triangle about as close to the tool's core as its
//! radius R gives a contact with normal n (from tissue to core) and barycentric weights w. Found after
//! the move, they would depend on how far an unopposed force moves a node in h, and with
//! them the rest state; and they would flicker. After the move, with the inverse mass
//! W = sum w_j^2 / m_j of the effective masses that the integrator used (with true masses the force
//! read out would be too low by the share of added mass), Gauss-Seidel over the contacts
//! accumulates Lambda = (Lambda_n >= 0, |Lambda_t| <= mu Lambda_n), in kg m:
//!
//!   Lambda_n += d / W,           d   = R - n . (core - point)         penetration
//!   Lambda_t -= s_t / W,         s_t = tangential slip in the substep
//!   u_j += w_j Lambda / m_j,     v_j += w_j Lambda / (m_j h)
//!
//! Held nodes do not move, so a triangle that a few of them hold could only yield by throwing the
//! others far away. While contacts are resolved they therefore give way, by F / k with the bound k of
//! `elasticity` (so m_j = k_j h^2), and return to their places afterwards: a tool may sink into them.
//! k bounds; that makes held surfaces tens of times as hard as the tissue. Friction does not shift
//! them, and where a triangle has no other nodes it is regularised:
//!
//!   Lambda_t = -mu Lambda_n s_t / max(|s_t|, s_0),  s_0 = 1 mm/s h
//!
//! Lambda starts from zero in every substep: neighbouring triangles share their closest points, so how
//! a force is split among them is not determined, and what was remembered from the last substep
//! makes the contacts chatter.
//!
//! The tool is rigid, so a contact is resolved fully and there is no stiffness to tune. The
//! friction clamp is iterated together with the normal part: clamped once, explicitly, it is tens
//! of per cent wrong where tissue sticks. The force on the tool is the sum of -Lambda / h^2, its
//! mean over the substeps what the hand feels.

use super::bound;
use super::find::Contact;
use super::tissue::Tissue;
use super::tool::{Tool, Touch};
use crate::vec3::{Vec3, add, axpy, cross, dot, norm, scale, sub};

/// Most Gauss-Seidel sweeps in a substep. Too few, and what sticks creeps.
const SWEEPS: usize = 32;
/// Sweeps end when no contact changes by more than this share of the largest.
const ENOUGH: f64 = 1e-4;
/// Slip on held triangles from where on friction is full, m/s.
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

/// A node that a tool touches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Touched {
    pub body: u32,
    pub node: u32,
    /// By how much contact has moved it in this substep, m.
    pub moved: Vec3,
    /// Sum of the lengths by which contacts move it, where that is bounded, m.
    pub way: f64,
    /// What moves it; 0 for held nodes.
    pub inverse_mass: f64,
}

/// Resolves the contacts that [`find`](super::find::find) listed, after a substep.
pub(crate) fn resolve(tool: &mut Tool, bodies: &mut [impl Tissue], substep: Substep) {
    prepare(tool, bodies, substep);
    let Tool {
        contacts,
        touched,
        friction,
        careful,
        ..
    } = tool;
    for _ in 0..SWEEPS {
        let (mut largest, mut change) = (0.0, 0.0);
        for contact in &mut *contacts {
            change = f64::max(change, press(contact, touched));
            if *friction > 0.0 && contact.acts() {
                change = f64::max(change, rub(contact, touched, *friction, substep.h));
            }
            largest = f64::max(largest, contact.lambda_n);
        }
        if change <= ENOUGH * largest {
            break;
        }
    }
    let cut = bound::cut(contacts, touched, bodies);
    *careful |= cut;
    bound::shift(touched, bodies, cut, substep.h);
    read_out(tool, bodies, substep);
}

/// Lists the nodes touched, and what the contacts need while they are resolved.
fn prepare(tool: &mut Tool, bodies: &[impl Tissue], substep: Substep) {
    let motion = tool.motion(substep.share);
    let (touched, radius) = (&mut tool.touched, tool.radius);
    touched.clear();
    for contact in &mut tool.contacts {
        let body = &bodies[contact.body as usize];
        contact.let_held_nodes_yield(body, substep);
        contact.depth = contact.depth_in(body, radius);
        let way = motion.of(axpy(contact.on_core, -radius, contact.normal));
        let v = blend(contact.nodes.map(|n| body.velocity(n)), contact.weights);
        contact.slip = contact.along_surface(sub(scale(v, substep.h), way));
        for j in 0..3 {
            contact.touched[j] = index(touched, contact.body, contact.nodes[j], contact.free[j]);
        }
    }
}

/// Where a node is in `touched`, where it is put if it is not there yet. Neighbours are found near the
/// end.
fn index(touched: &mut Vec<Touched>, body: u32, node: u32, inverse_mass: f64) -> usize {
    let found = touched
        .iter()
        .rposition(|t| t.node == node && t.body == body);
    found.unwrap_or_else(|| {
        touched.push(Touched {
            body,
            node,
            moved: [0.0; 3],
            way: 0.0,
            inverse_mass,
        }); // room for all is reserved
        touched.len() - 1
    })
}

pub(super) fn blend(values: [Vec3; 3], w: [f64; 3]) -> Vec3 {
    axpy(
        axpy(scale(values[0], w[0]), w[1], values[1]),
        w[2],
        values[2],
    )
}

/// Returns by how much the contact changed, kg m.
fn press(contact: &mut Contact, touched: &mut [Touched]) -> f64 {
    let mut depth = contact.depth;
    for j in 0..3 {
        let moved = touched[contact.touched[j]].moved;
        depth += contact.weights[j] * dot(contact.normal, moved);
    }
    let lambda_n = (contact.lambda_n + depth * contact.mass).max(0.0);
    let change = lambda_n - contact.lambda_n;
    if change != 0.0 {
        contact.lambda_n = lambda_n;
        for j in 0..3 {
            let share = -change * contact.weights[j] * contact.yielding[j];
            let moved = &mut touched[contact.touched[j]].moved;
            *moved = axpy(*moved, share, contact.normal);
        }
    }
    change.abs()
}

/// Returns by how much the contact changed, kg m.
fn rub(contact: &mut Contact, touched: &mut [Touched], friction: f64, h: f64) -> f64 {
    let mut moved = [0.0; 3];
    for j in 0..3 {
        let touched = &touched[contact.touched[j]];
        if touched.inverse_mass > 0.0 {
            moved = axpy(moved, contact.weights[j], touched.moved);
        }
    }
    let slip = add(contact.slip, contact.along_surface(moved));
    let most = friction * contact.lambda_n;
    let lambda_t = if contact.mass_t.is_finite() {
        let stuck = axpy(contact.lambda_t, -contact.mass_t, slip);
        let length = norm(stuck);
        scale(stuck, if length > most { most / length } else { 1.0 })
    } else {
        scale(slip, -most / f64::max(norm(slip), FULL_FRICTION * h))
    };
    let change = sub(lambda_t, contact.lambda_t);
    contact.lambda_t = lambda_t;
    for j in 0..3 {
        let moved = &mut touched[contact.touched[j]].moved;
        *moved = axpy(*moved, contact.weights[j] * contact.free[j], change);
    }
    norm(change)
}

/// Adds this substep's impulses to the tool's mean force and torque.
fn read_out(tool: &mut Tool, bodies: &[impl Tissue], substep: Substep) {
    tool.impulse_length = substep.h * substep.push;
    let to_force = substep.share / tool.impulse_length;
    tool.contact_count = 0;
    tool.touch = None;
    let mut strongest = 0.0;
    for contact in tool.contacts.iter().filter(|c| c.lambda_n > 0.0) {
        let on_tissue = sub(contact.lambda_t, scale(contact.normal, contact.lambda_n));
        let force = scale(on_tissue, -to_force);
        let lever = sub(
            axpy(contact.on_core, -tool.radius, contact.normal),
            tool.proxy.position,
        );
        tool.force = add(tool.force, force);
        tool.torque = add(tool.torque, cross(lever, force));
        tool.contact_count += 1;
        if contact.lambda_n > strongest {
            strongest = contact.lambda_n;
            let body = &bodies[contact.body as usize];
            tool.touch = Some(Touch {
                body: contact.body,
                triangle: contact.triangle,
                weights: contact.weights.map(|w| w as f32),
                rest_point: blend(
                    contact.nodes.map(|n| body.rest_position(n)),
                    contact.weights,
                ),
                normal: contact.normal,
            });
        }
    }
}

impl Contact {
    fn let_held_nodes_yield(&mut self, body: &impl Tissue, substep: Substep) {
        for j in 0..3 {
            if self.free[j] == 0.0 {
                let k = body.stiffness(self.nodes[j]);
                self.yielding[j] = 1.0 / (k * substep.h * substep.push);
            }
        }
        let sum = |inverse_masses: [f64; 3]| -> f64 {
            let each = self.weights.iter().zip(inverse_masses);
            each.map(|(w, inverse_mass)| w * w * inverse_mass).sum()
        };
        self.mass = 1.0 / sum(self.yielding);
        self.mass_t = 1.0 / sum(self.free);
    }

    /// `v` without its part along the normal.
    fn along_surface(&self, v: Vec3) -> Vec3 {
        axpy(v, -dot(v, self.normal), self.normal)
    }
}
