//! Contact and friction, implicit in the nodes.
//!
//! Before the tissue moves in a substep h, every triangle about as close to the tool's core as its
//! radius R gives a contact with normal n (from tissue to core) and barycentric weights w. Found
//! after the move, they would depend on how far an unopposed force moves a node in h, and with
//! them the rest state; and they would flicker. After the move, with the inverse mass
//! W = sum w_j^2 / m_j of the effective masses that the integrator used (with true masses the force
//! read out would be too low by the share of added mass), Gauss-Seidel over the contacts
//! accumulates Lambda = (Lambda_n >= 0, |Lambda_t| <= mu Lambda_n), in kg m:
//!
//!   Lambda_n += d / W,           d   = R - n . (core - point)         penetration
//!   Lambda_t -= s_t / W,         s_t = tangential slip in the substep
//!   u_j += w_j Lambda / m_j,     v_j += w_j Lambda / (m_j h)
//!
//! It starts from zero in every substep: neighbouring triangles share their closest points, so how
//! a force is split among them is not determined, and what was remembered from the last substep
//! makes the contacts chatter.
//!
//! The tool is rigid, so a contact is resolved fully and there is no stiffness to tune. The
//! friction clamp is iterated together with the normal part: clamped once, explicitly, it is tens
//! of per cent wrong where tissue sticks. The force on the tool is the sum of -Lambda / h^2, its
//! mean over the substeps what the hand feels.

use super::tissue::Tissue;
use super::tool::{Tool, Touch};
use super::triangle::segment_triangle;
use crate::vec3::{Vec3, add, axpy, cross, dot, norm, scale, sub};

/// Most Gauss-Seidel sweeps in a substep. Too few, and what sticks creeps.
const SWEEPS: usize = 32;
/// Sweeps end when no contact changes by more than this share of the largest.
const ENOUGH: f64 = 1e-4;
/// Contacts are listed up to this distance beyond the radius, as a share of it: room for the motion
/// of the tissue in one substep.
const SLACK: f64 = 0.1;

/// One tool against one triangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact {
    body: u32,
    triangle: u32,
    nodes: [u32; 3],
    weights: [f64; 3],
    inverse_masses: [f64; 3],
    /// 1 / W
    mass: f64,
    on_core: Vec3,
    normal: Vec3,
    lambda_n: f64,
    lambda_t: Vec3,
}

/// Resolves the contacts that [`find`] listed, after a substep of `h` in a tick of `dt`.
pub(crate) fn resolve(tool: &mut Tool, bodies: &mut [impl Tissue], h: f64, dt: f64) {
    let v_tool = scale(sub(tool.target, tool.start), 1.0 / dt);
    for _ in 0..SWEEPS {
        let (mut largest, mut change) = (0.0, 0.0);
        for contact in &mut tool.contacts {
            let body = &mut bodies[contact.body as usize];
            change = f64::max(change, press(contact, body, tool.radius, h));
            if tool.friction > 0.0 && contact.acts() {
                change = f64::max(change, rub(contact, body, tool.friction, v_tool, h));
            }
            largest = f64::max(largest, contact.lambda_n);
        }
        if change <= ENOUGH * largest {
            break;
        }
    }
    read_out(tool, bodies, h, dt);
}

/// Lists in `tool.contacts` the candidates that the tool, where it will be at the end of the coming
/// substep, touches or may touch.
pub(crate) fn find(tool: &mut Tool, bodies: &[impl Tissue]) {
    tool.contacts.clear();
    let [a, b] = tool.core();
    let reach = tool.radius * (1.0 + SLACK);
    for &(b_id, triangle) in &tool.candidates {
        let body = &bodies[b_id as usize];
        let nodes = body.triangles()[triangle as usize];
        let p = body.corners(nodes);
        let closest = segment_triangle(a, b, &p);
        if closest.square > reach * reach {
            continue;
        }
        let Some(normal) = normal(
            &p,
            sub(closest.on_core, closest.on_triangle),
            closest.weights,
        ) else {
            continue;
        };
        let inverse_masses = nodes.map(|n| body.inverse_mass(n));
        let w = closest.weights;
        let inverse: f64 = (0..3).map(|j| w[j] * w[j] * inverse_masses[j]).sum();
        if inverse > 0.0 {
            tool.contacts.push(Contact {
                body: b_id,
                triangle,
                nodes,
                weights: w,
                inverse_masses,
                mass: 1.0 / inverse,
                on_core: closest.on_core,
                normal,
                lambda_n: 0.0,
                lambda_t: [0.0; 3],
            });
        }
    }
}

/// From the tissue to the core. A core that has passed through the inside of a triangle is
/// pushed back out; at edges and corners "behind" means nothing by itself, because the core may
/// be in front of the neighbour.
fn normal(p: &[Vec3; 3], gap: Vec3, weights: [f64; 3]) -> Option<Vec3> {
    const INSIDE: f64 = 1e-6;
    let outward = cross(sub(p[1], p[0]), sub(p[2], p[0]));
    let area2 = norm(outward);
    if area2 == 0.0 {
        return None;
    }
    if weights.iter().all(|w| *w > INSIDE) {
        return Some(scale(outward, 1.0 / area2));
    }
    let distance = norm(gap);
    (distance > 0.0).then(|| scale(gap, 1.0 / distance))
}

fn blend(values: [Vec3; 3], w: [f64; 3]) -> Vec3 {
    axpy(
        axpy(scale(values[0], w[0]), w[1], values[1]),
        w[2],
        values[2],
    )
}

/// Returns by how much the contact changed, kg m.
fn press(contact: &mut Contact, body: &mut impl Tissue, radius: f64, h: f64) -> f64 {
    let point = blend(body.corners(contact.nodes), contact.weights);
    let depth = radius - dot(contact.normal, sub(contact.on_core, point));
    let lambda_n = (contact.lambda_n + depth * contact.mass).max(0.0);
    let change = lambda_n - contact.lambda_n;
    if change != 0.0 {
        contact.lambda_n = lambda_n;
        apply(contact, body, scale(contact.normal, -change), h);
    }
    change.abs()
}

/// Returns by how much the contact changed, kg m.
fn rub(contact: &mut Contact, body: &mut impl Tissue, friction: f64, v_tool: Vec3, h: f64) -> f64 {
    let v = blend(contact.nodes.map(|n| body.velocity(n)), contact.weights);
    let slip = scale(sub(v, v_tool), h);
    let slip = axpy(slip, -dot(slip, contact.normal), contact.normal);
    let mut lambda_t = axpy(contact.lambda_t, -contact.mass, slip);
    let (length, most) = (norm(lambda_t), friction * contact.lambda_n);
    if length > most {
        lambda_t = scale(lambda_t, most / length);
    }
    let change = sub(lambda_t, contact.lambda_t);
    contact.lambda_t = lambda_t;
    apply(contact, body, change, h);
    norm(change)
}

fn apply(contact: &Contact, body: &mut impl Tissue, lambda: Vec3, h: f64) {
    for j in 0..3 {
        let dx = scale(lambda, contact.weights[j] * contact.inverse_masses[j]);
        body.shift(contact.nodes[j], dx, scale(dx, 1.0 / h));
    }
}

/// Adds this substep's impulses to the tool's mean force and torque.
fn read_out(tool: &mut Tool, bodies: &[impl Tissue], h: f64, dt: f64) {
    tool.contact_count = 0;
    tool.touch = None;
    let mut strongest = 0.0;
    for contact in tool.contacts.iter().filter(|c| c.lambda_n > 0.0) {
        // Impulse Lambda / h, as a force spread over dt.
        let on_tissue = sub(contact.lambda_t, scale(contact.normal, contact.lambda_n));
        let force = scale(on_tissue, -1.0 / (h * dt));
        let lever = sub(
            axpy(contact.on_core, -tool.radius, contact.normal),
            tool.position,
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
    /// Whether it pushes, or still has a friction from when it did.
    fn acts(&self) -> bool {
        self.lambda_n > 0.0 || self.lambda_t != [0.0; 3]
    }

    /// Forces on its nodes if they belong to `body`; `h_dt` as in reading out the tool's force.
    pub(crate) fn node_forces(
        &self,
        body: u32,
        h_dt: f64,
    ) -> impl Iterator<Item = (u32, Vec3)> + '_ {
        let lambda = sub(self.lambda_t, scale(self.normal, self.lambda_n));
        let mine = self.body == body;
        (0..3)
            .filter(move |_| mine)
            .map(move |j| (self.nodes[j], scale(lambda, self.weights[j] / h_dt)))
    }
}
