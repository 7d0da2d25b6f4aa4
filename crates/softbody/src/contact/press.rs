//! A tool's contacts as equations between nodes, and its force from what they push.
//!
//! Before the tissue moves in a substep h, every triangle about as close to the tool's core as its
//! radius R gives a contact with normal n (from tissue to core) and barycentric weights w. Found
//! after the move, they would depend on how far an unopposed force moves a node in h, and with them
//! the rest state; and they would flicker. After the move d = R - n . (core - point) is missing, by
//! which the tissue has to make way along -n.
//!
//! Lambda starts from zero in every substep: neighbouring triangles share their closest points, so
//! how a force is split among them is not determined, and what was remembered from the last substep
//! makes the contacts chatter.
//!
//! The force on the tool is the sum of -Lambda / h^2, its mean over the substeps what the hand
//! feels.

use super::nodes::Nodes;
use super::row::Substep;
use super::tissue::Tissue;
use super::tool::{Tool, Touch};
use crate::vec3::{Vec3, add, axpy, cross, scale, sub};

/// Lists the nodes that `tool`, the one with the index `id`, touches, and measures what its contacts
/// need while they are resolved.
pub(super) fn prepare(
    (id, tool): (usize, &mut Tool),
    touched: &mut Nodes,
    bodies: &[impl Tissue],
    substep: Substep,
) {
    let (motion, radius) = (tool.motion(substep.share), tool.radius);
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
            row.touched[j] = touched.place((contact.body, nodes[j]), row.free[j], id as u32);
        }
    }
}

pub(super) fn blend(values: [Vec3; 3], w: [f64; 3]) -> Vec3 {
    axpy(
        axpy(scale(values[0], w[0]), w[1], values[1]),
        w[2],
        values[2],
    )
}

/// Adds this substep's impulses to the tool's mean force and torque.
pub(super) fn read_out(tool: &mut Tool, bodies: &[impl Tissue], substep: Substep) {
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
