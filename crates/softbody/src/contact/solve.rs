//! Contact and friction, implicit in the nodes.
//!
//! Before the tissue moves in a substep h, every triangle about as close to the tool's core as its
//! radius R gives a contact with normal n (from tissue to core) and barycentric weights w. Found after
//! the move, they would depend on how far an unopposed force moves a node in h, and with
//! them the rest state; and they would flicker. After the move, Gauss-Seidel sweeps over the contacts
//! ([`row`](super::row)), with the penetration d = R - n . (core - point), give the Lambda that shifts
//! the nodes:
//!
//!   u_j += w_j Lambda / m_j,     v_j += w_j Lambda / (m_j h)
//!
//! m_j are the effective masses that the integrator used: with true masses the force read out would be
//! too low by the share of added mass.
//!
//! Held nodes do not move, so a triangle that a few of them hold could only yield by throwing the
//! others far away. While contacts are resolved they therefore give way, by F / k with the bound k of
//! `elasticity` (so m_j = k_j h^2), and return to their places afterwards: a tool may sink into them.
//! k bounds; that makes held surfaces tens of times as hard as the tissue.
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
use super::row::{Substep, Touched, sweep};
use super::tissue::Tissue;
use super::tool::{Tool, Touch};
use crate::vec3::{Vec3, add, axpy, cross, scale, sub};

/// Sweeps end when no contact changes by more than this share of the largest.
const ENOUGH: f64 = 1e-4;

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
    sweep(contacts, touched, (*friction, ENOUGH), substep.h);
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
        let depth = contact.depth_in(body, radius);
        let way = motion.of(axpy(contact.on_core, -radius, contact.normal));
        let (nodes, row) = (contact.nodes, &mut contact.row);
        row.weigh(substep, |j| (body, nodes[j]));
        row.normal = scale(contact.normal, -1.0); // tissue makes way
        row.depth = depth;
        let v = blend(nodes.map(|n| body.velocity(n)), row.weights);
        row.slip = row.along_surface(sub(scale(v, substep.h), way));
        for j in 0..3 {
            row.touched[j] = index(touched, contact.body, nodes[j], row.free[j]);
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
        touched.push(Touched::new(body, node, inverse_mass)); // room for all is reserved
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

/// Adds this substep's impulses to the tool's mean force and torque.
fn read_out(tool: &mut Tool, bodies: &[impl Tissue], substep: Substep) {
    tool.impulse_length = substep.h * substep.push;
    let to_force = substep.share / tool.impulse_length;
    tool.contact_count = 0;
    tool.touch = None;
    let mut strongest = 0.0;
    for contact in tool.contacts.iter().filter(|c| c.row.lambda_n > 0.0) {
        let force = scale(contact.row.lambda(), -to_force);
        let lever = sub(
            axpy(contact.on_core, -tool.radius, contact.normal),
            tool.proxy.position,
        );
        tool.force = add(tool.force, force);
        tool.torque = add(tool.torque, cross(lever, force));
        tool.contact_count += 1;
        if contact.row.lambda_n > strongest {
            strongest = contact.row.lambda_n;
            let body = &bodies[contact.body as usize];
            tool.touch = Some(Touch {
                body: contact.body,
                triangle: contact.triangle,
                weights: contact.row.weights.map(|w| w as f32),
                rest_point: blend(
                    contact.nodes.map(|n| body.rest_position(n)),
                    contact.row.weights,
                ),
                normal: contact.normal,
            });
        }
    }
}
