//! Contact of tissue with tissue and its friction, implicit in the nodes of both.
//!
//! As with a rigid tool (`contact/solve.rs`), contacts are found before a substep h and resolved
//! after it, with the effective masses m_j that the integrator used. With x = sum_j w_j x_j, the
//! way from the second surface to the first, its normal n and W = sum_j w_j^2 / m_j, Gauss-Seidel over
//! all contacts of all bodies accumulates Lambda = (Lambda_n >= 0, |Lambda_t| <= mu Lambda_n), in kg m:
//!
//!   Lambda_n += (g - n . x) / W,     g: the distance asked for
//!   Lambda_t -= s_t / W,             s_t: tangential slip in the substep
//!   u_j += w_j Lambda / m_j,         v_j += w_j Lambda / (m_j h)
//!
//! The w_j add up to 0, so momentum is conserved; before the substep x was parallel to n, so Lambda_n
//! leaves the angular momentum alone as well. Friction does so where x is 0, as it is while
//! surfaces stay together.
//!
//! g is 0, but where the surfaces overlapped before the substep they are only asked to part by a share
//! of the elements' height a tick: an overlap is pushed out at a few cm/s, not in an explosion. What
//! parts under load gains energy; where folds are crumpled so that overlaps come again and again, this
//! is slow enough for the tissue's damping.
//!
//! Lambda starts from what it was in the last substep. Where two meshes do not match there are more
//! contacts than their surfaces can move apart in different ways, and Gauss-Seidel converges so slowly
//! in what they have in common that from zero a rest state flickers by several per cent.
//!
//! Held nodes yield and return to their places, as they do with tools.

use super::contact::Contact;
use crate::contact::solve::Substep;
use crate::contact::tissue::Tissue;
use crate::vec3::{Vec3, add, axpy, dot, norm, scale, sub};

/// Most Gauss-Seidel sweeps in a substep.
const SWEEPS: usize = 32;
/// Sweeps end when no contact changes by more than this share of the largest.
const ENOUGH: f64 = 1e-5;
/// Slip where all nodes are held from where on friction is full, m/s.
const FULL_FRICTION: f64 = 1e-3;
/// How far overlapping surfaces part in a tick, as a share of the smallest element's height.
const PARTING: f64 = 0.005;

/// A node that is touched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Touched {
    pub body: u32,
    pub node: u32,
    /// By how much contact has moved it in this substep, m.
    moved: Vec3,
    /// What moves it; 0 for held nodes.
    inverse_mass: f64,
}

impl Touched {
    pub fn new(body: u32, node: u32, inverse_mass: f64) -> Self {
        let moved = [0.0; 3];
        Self {
            body,
            node,
            moved,
            inverse_mass,
        }
    }
}

/// Measures what the contacts need while they are resolved.
pub(super) fn prepare(contacts: &mut [Contact], bodies: &[impl Tissue], substep: Substep) {
    for contact in contacts {
        contact.weigh(bodies, substep);
        let x = contact.difference(|body, node| bodies[body as usize].position(node));
        let v = contact.difference(|body, node| bodies[body as usize].velocity(node));
        contact.depth = asked(contact, bodies, substep.share) - dot(contact.normal, x);
        contact.slip = contact.along_surface(scale(v, substep.h));
        let to_lambda = substep.h * substep.push;
        contact.lambda_n *= to_lambda;
        contact.lambda_t = contact.along_surface(scale(contact.lambda_t, to_lambda));
    }
}

/// Distance that a contact asks for at the end of the substep, m.
fn asked(contact: &Contact, bodies: &[impl Tissue], share: f64) -> f64 {
    if contact.gap >= 0.0 {
        return 0.0;
    }
    let heights = (0..4).map(|j| bodies[contact.bodies[j] as usize].height(contact.nodes[j]));
    let height = heights.fold(f64::INFINITY, f64::min);
    (contact.gap + PARTING * height * share).min(0.0)
}

/// Moves what they touch by what they push from the start.
pub(super) fn begin(contacts: &[Contact], touched: &mut [Touched]) {
    for contact in contacts.iter().filter(|c| c.acts()) {
        for j in 0..4 {
            let (w, moved) = (contact.weights[j], &mut touched[contact.touched[j]].moved);
            let normal = w * contact.yielding[j] * contact.lambda_n;
            *moved = axpy(*moved, normal, contact.normal);
            *moved = axpy(*moved, w * contact.free[j], contact.lambda_t);
        }
    }
}

/// Resolves them, in `touched`.
pub(super) fn sweep(contacts: &mut [Contact], touched: &mut [Touched], friction: f64, h: f64) {
    for _ in 0..SWEEPS {
        let (mut largest, mut change) = (0.0, 0.0);
        for contact in &mut *contacts {
            change = f64::max(change, press(contact, touched));
            if contact.acts() && (friction > 0.0 || contact.lambda_t != [0.0; 3]) {
                change = f64::max(change, rub(contact, touched, friction, h));
            }
            largest = f64::max(largest, contact.lambda_n);
        }
        if change <= ENOUGH * largest {
            break;
        }
    }
}

/// Moves the nodes.
pub(super) fn shift(touched: &[Touched], bodies: &mut [impl Tissue], h: f64) {
    for t in touched {
        let moves = if t.inverse_mass > 0.0 { 1.0 / h } else { 0.0 };
        bodies[t.body as usize].shift(t.node, t.moved, scale(t.moved, moves));
    }
}

/// Returns by how much the contact changed, kg m.
fn press(contact: &mut Contact, touched: &mut [Touched]) -> f64 {
    let mut depth = contact.depth;
    for j in 0..4 {
        let moved = touched[contact.touched[j]].moved;
        depth -= contact.weights[j] * dot(contact.normal, moved);
    }
    let lambda_n = (contact.lambda_n + depth * contact.mass).max(0.0);
    let change = lambda_n - contact.lambda_n;
    if change != 0.0 {
        contact.lambda_n = lambda_n;
        for j in 0..4 {
            let share = change * contact.weights[j] * contact.yielding[j];
            let moved = &mut touched[contact.touched[j]].moved;
            *moved = axpy(*moved, share, contact.normal);
        }
    }
    change.abs()
}

/// Returns by how much the contact changed, kg m.
fn rub(contact: &mut Contact, touched: &mut [Touched], friction: f64, h: f64) -> f64 {
    let mut moved = [0.0; 3];
    for j in 0..4 {
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
    for j in 0..4 {
        let moved = &mut touched[contact.touched[j]].moved;
        *moved = axpy(*moved, contact.weights[j] * contact.free[j], change);
    }
    norm(change)
}
