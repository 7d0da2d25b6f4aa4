//! Contact and friction, implicit in the nodes.
//!
//! After each substep h, every triangle closer to the tool's core than its radius R gives a
//! contact with normal n (from tissue to core), barycentric weights w and the inverse mass
//! W = sum w_j^2 / m_j, with the effective masses that the integrator used (with true masses the
//! force read out would be too low by the share of added mass). Gauss-Seidel over the contacts
//! accumulates Lambda = (Lambda_n >= 0, |Lambda_t| <= mu Lambda_n), in kg m:
//!
//!   Lambda_n += d / W,           d   = R - n . (core - point)         penetration
//!   Lambda_t -= s_t / W,         s_t = tangential slip in the substep
//!   u_j += w_j Lambda / m_j,     v_j += w_j Lambda / (m_j h)
//!
//! The tool is rigid, so a contact is resolved fully and there is no stiffness to tune. The
//! friction clamp is iterated together with the normal part: clamped once, explicitly, it is tens
//! of per cent wrong where tissue sticks. The force on the tool is the sum of -Lambda / h^2, its
//! mean over the substeps what the hand feels.

use super::candidates::corners;
use super::tool::{Tool, Touch};
use super::triangle::segment_triangle;
use crate::body::SoftBody;
use crate::vec3::{Vec3, add, axpy, cross, dot, norm, scale, sub, wide};

/// Gauss-Seidel sweeps in a substep.
const SWEEPS: usize = 4;
/// Contacts are kept up to this distance beyond the radius, as a share of it, so that a triangle
/// pushed in by its neighbour within the sweeps is caught.
const SLACK: f64 = 0.05;

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

/// Resolves the contacts of `tool` with all bodies after a substep of `h`, one of `substeps` in a
/// tick of `dt`.
pub(crate) fn resolve(tool: &mut Tool, bodies: &mut [SoftBody], h: f64, dt: f64) {
    find(tool, bodies);
    let v_tool = scale(sub(tool.target, tool.start), 1.0 / dt);
    for _ in 0..SWEEPS {
        for contact in &mut tool.contacts {
            let body = &mut bodies[contact.body as usize];
            press(contact, body, tool.radius, h);
            if tool.friction > 0.0 {
                rub(contact, body, tool.friction, v_tool, h);
            }
        }
    }
    read_out(tool, bodies, h, dt);
}

fn find(tool: &mut Tool, bodies: &[SoftBody]) {
    tool.contacts.clear();
    let [a, b] = tool.core();
    let reach = tool.radius * (1.0 + SLACK);
    for &(b_id, triangle) in &tool.candidates {
        let body = &bodies[b_id as usize];
        let nodes = body.surface.triangles[triangle as usize];
        let p = corners(body, nodes);
        let closest = segment_triangle(a, b, &p);
        if closest.square > reach * reach {
            continue;
        }
        let Some(normal) = normal(&p, sub(closest.on_core, closest.on_triangle), closest.weights)
        else {
            continue;
        };
        let inverse_masses = nodes.map(|n| f64::from(body.inverse_mass[n as usize]));
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
    axpy(axpy(scale(values[0], w[0]), w[1], values[1]), w[2], values[2])
}

fn press(contact: &mut Contact, body: &mut SoftBody, radius: f64, h: f64) {
    let point = blend(corners(body, contact.nodes), contact.weights);
    let depth = radius - dot(contact.normal, sub(contact.on_core, point));
    let lambda_n = (contact.lambda_n + depth * contact.mass).max(0.0);
    let change = lambda_n - contact.lambda_n;
    contact.lambda_n = lambda_n;
    apply(contact, body, scale(contact.normal, -change), h);
}

fn rub(contact: &mut Contact, body: &mut SoftBody, friction: f64, v_tool: Vec3, h: f64) {
    let v = blend(contact.nodes.map(|n| wide(body.v[n as usize])), contact.weights);
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
}

fn apply(contact: &Contact, body: &mut SoftBody, lambda: Vec3, h: f64) {
    for j in 0..3 {
        let dx = scale(lambda, contact.weights[j] * contact.inverse_masses[j]);
        let n = contact.nodes[j] as usize;
        for axis in 0..3 {
            body.u[n][axis] += dx[axis] as f32;
            body.v[n][axis] += (dx[axis] / h) as f32;
        }
    }
}

/// Adds this substep's impulses to the tool's mean force and torque.
fn read_out(tool: &mut Tool, bodies: &[SoftBody], h: f64, dt: f64) {
    tool.contact_count = 0;
    tool.touch = None;
    let mut strongest = 0.0;
    for contact in tool.contacts.iter().filter(|c| c.lambda_n > 0.0) {
        // Impulse Lambda / h, as a force spread over dt.
        let on_tissue = sub(contact.lambda_t, scale(contact.normal, contact.lambda_n));
        let force = scale(on_tissue, -1.0 / (h * dt));
        let lever = sub(axpy(contact.on_core, -tool.radius, contact.normal), tool.position);
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
                rest_point: blend(contact.nodes.map(|n| body.rest_position(n)), contact.weights),
                normal: contact.normal,
            });
        }
    }
}

impl Contact {
    /// Forces on its nodes if they belong to `body`; `h_dt` as in reading out the tool's force.
    pub(crate) fn node_forces(&self, body: u32, h_dt: f64) -> impl Iterator<Item = (u32, Vec3)> + '_ {
        let lambda = sub(self.lambda_t, scale(self.normal, self.lambda_n));
        let mine = self.body == body;
        (0..3)
            .filter(move |_| mine)
            .map(move |j| (self.nodes[j], scale(lambda, self.weights[j] / h_dt)))
    }
}
