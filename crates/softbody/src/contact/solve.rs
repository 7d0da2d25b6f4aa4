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

use super::tissue::Tissue;
use super::tool::{Tool, Touch};
use super::triangle::{Closest, INSIDE, segment_triangle};
use crate::vec3::{Vec3, add, axpy, cross, dot, finite, norm, scale, sub};

/// Most Gauss-Seidel sweeps in a substep. Too few, and what sticks creeps.
const SWEEPS: usize = 32;
/// Sweeps end when no contact changes by more than this share of the largest.
const ENOUGH: f64 = 1e-4;
/// Contacts are listed up to this distance beyond the radius, as a share of it: room for the motion
/// of the tissue in one substep.
const SLACK: f64 = 0.1;

/// Cosine between the normal of the surface at its nearest edge and the way out over it, above which
/// the edge lets a core out.
const WELL_BELOW: f64 = 0.7;
/// Slip on held triangles from where on friction is full, m/s.
const FULL_FRICTION: f64 = 1e-3;
/// Distance from a triangle, as a share of its size, up to which a core lies on it: the way to it is
/// rounding then.
const ON: f64 = 1e-9;

/// One tool against one triangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact {
    body: u32,
    triangle: u32,
    nodes: [u32; 3],
    weights: [f64; 3],
    /// 1 / m_j, 0 for held nodes; for friction.
    free: [f64; 3],
    /// The same with what held nodes give way by; for the normal part.
    yielding: [f64; 3],
    /// 1 / W of the normal part and of friction, the latter infinite where all nodes are held.
    mass: f64,
    mass_t: f64,
    on_core: Vec3,
    /// Unit normal of the triangle, and the height of `on_core` over its plane, m.
    outward: Vec3,
    over: f64,
    /// Whether the closest point lies inside the triangle, not on an edge.
    inside: bool,
    /// Of the distance between core and triangle, m^2.
    square: f64,
    /// From the tissue to the core; zero where the core lies on the triangle.
    normal: Vec3,
    lambda_n: f64,
    lambda_t: Vec3,
}

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

/// Resolves the contacts that [`find`] listed, after a substep.
pub(crate) fn resolve(tool: &mut Tool, bodies: &mut [impl Tissue], substep: Substep) {
    let h = substep.h;
    let v_tool = scale(sub(tool.target, tool.start), substep.share / h);
    for contact in &mut tool.contacts {
        contact.let_held_nodes_yield(&bodies[contact.body as usize], substep);
    }
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
    read_out(tool, bodies, substep);
}

/// Lists in `tool.contacts` the candidates that the tool, where it will be at the end of the coming
/// substep, touches or may touch.
pub(crate) fn find(tool: &mut Tool, bodies: &[impl Tissue]) {
    tool.contacts.clear();
    let [a, b] = tool.core();
    let reach = tool.radius * (1.0 + SLACK);
    for (id, body) in bodies.iter().enumerate() {
        let first = tool.contacts.len();
        let mut side = Side::new(tool.radius);
        let body_id = id as u32;
        let start = tool.candidates.partition_point(|c| c.0 < body_id);
        for &(_, triangle) in tool.candidates[start..]
            .iter()
            .take_while(|c| c.0 == body_id)
        {
            let nodes = body.triangles()[triangle as usize];
            let p = body.corners(nodes);
            let closest = segment_triangle(a, b, &p);
            if closest.square > reach * reach {
                continue;
            }
            let Some(facing) = Facing::new(&p, &closest) else {
                continue;
            };
            side.see(&p, &closest, &facing);
            let touched = Contact::new(body, body_id, triangle, &closest, &facing);
            tool.contacts.push(touched); // room for all is reserved
        }
        if tool.outside[id] {
            side.over = side.over.max(0.0);
        }
        // Where nothing is in reach, the next look has to judge again.
        tool.outside[id] = side.over >= 0.0 && tool.contacts.len() > first;
        side.keep_touched(&mut tool.contacts, first);
    }
}

/// How a triangle and the core face each other.
#[derive(Debug, Clone, Copy)]
struct Facing {
    /// Unit normal of the triangle.
    outward: Vec3,
    /// Height of the closest core point over the triangle's plane, m; negative behind it.
    over: f64,
    /// From the tissue to the core; zero where the core lies on the triangle.
    normal: Vec3,
}

impl Facing {
    /// None for triangles without area.
    fn new(p: &[Vec3; 3], closest: &Closest) -> Option<Self> {
        let outward = cross(sub(p[1], p[0]), sub(p[2], p[0]));
        let area2 = norm(outward);
        if area2 == 0.0 {
            return None;
        }
        let outward = scale(outward, 1.0 / area2);
        let gap = sub(closest.on_core, closest.on_triangle);
        let distance = norm(gap);
        let (over, normal) = if distance > ON * area2.sqrt() {
            (dot(outward, gap), scale(gap, 1.0 / distance))
        } else {
            (0.0, [0.0; 3])
        };
        Some(Self {
            outward,
            over,
            normal,
        })
    }
}

/// On which side of a body's surface the core is: on that of the nearest triangle, when the two come
/// into reach. A core behind some other triangle may just be in front of thin tissue. From then on a
/// core that is outside stays there, because tissue is pushed away from it; where tissue is squeezed
/// flat, its far side may come to be the nearer one.
///
/// Where the nearest point belongs to several triangles, the sign is that of the sum of their
/// normals, weighted by their angles at that point (Baerentzen and Aanaes 2005).
struct Side {
    nearest: f64,
    point: Vec3,
    /// Squares of distances that differ by less are the same, m^2.
    tolerance: f64,
    outward: Vec3,
    over: f64,
}

impl Side {
    fn new(radius: f64) -> Self {
        Self {
            nearest: f64::INFINITY,
            point: [0.0; 3],
            tolerance: 1e-10 * radius * radius,
            outward: [0.0; 3],
            over: 0.0,
        }
    }

    fn see(&mut self, p: &[Vec3; 3], closest: &Closest, facing: &Facing) {
        if closest.square > self.nearest + self.tolerance {
            return;
        }
        if closest.square < self.nearest - self.tolerance {
            (self.outward, self.over) = ([0.0; 3], 0.0);
            self.point = closest.on_triangle;
        }
        // Both sides of thin tissue may be equally near; then the first one counts.
        let apart = sub(closest.on_triangle, self.point);
        if dot(apart, apart) > self.tolerance {
            return;
        }
        self.nearest = self.nearest.min(closest.square);
        let angle = angle_at(p, &closest.weights);
        self.outward = axpy(self.outward, angle, facing.outward);
        self.over += angle * facing.over;
    }

    /// Of the contacts from `first` on keeps those through which this body can be touched.
    fn keep_touched(&self, contacts: &mut Vec<Contact>, first: usize) {
        let mut kept = first;
        for i in first..contacts.len() {
            if let Some(contact) = self.touched(contacts[i]) {
                contacts[kept] = contact;
                kept += 1;
            }
        }
        contacts.truncate(kept);
    }

    /// From outside everything is pushed away from the core. From inside the core is pushed out
    /// where it is nearest to the surface, not through the far side.
    fn touched(&self, contact: Contact) -> Option<Contact> {
        if contact.normal == [0.0; 3] {
            let normal = scale(self.outward, 1.0 / norm(self.outward));
            return finite(normal).then_some(Contact { normal, ..contact });
        }
        if self.over >= 0.0 || contact.over >= 0.0 {
            return Some(contact);
        }
        let near_side = dot(contact.outward, self.outward) > 0.0;
        if !near_side {
            return None;
        }
        let normal = scale(contact.normal, -1.0);
        if contact.inside {
            return Some(Contact { normal, ..contact });
        }
        // The nearest edge lets a core out that is well below it; beside it (a folded rim) "behind"
        // means nothing.
        let nearest = contact.square <= self.nearest + self.tolerance;
        let below = dot(self.outward, normal) > WELL_BELOW * norm(self.outward);
        (nearest && below).then_some(Contact { normal, ..contact })
    }
}

/// Angle that a triangle fills around one of its points, rad.
fn angle_at(p: &[Vec3; 3], weights: &[f64; 3]) -> f64 {
    use std::f64::consts::PI;
    if let Some(i) = weights.iter().position(|w| *w > 1.0 - INSIDE) {
        let (a, b) = (sub(p[(i + 1) % 3], p[i]), sub(p[(i + 2) % 3], p[i]));
        return libm::atan2(norm(cross(a, b)), dot(a, b));
    }
    if weights.iter().any(|w| *w <= INSIDE) {
        return PI; // on an edge
    }
    2.0 * PI
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
        let push = scale(contact.normal, -change);
        for j in 0..3 {
            let dx = scale(push, contact.weights[j] * contact.yielding[j]);
            let moves = if contact.free[j] > 0.0 { 1.0 / h } else { 0.0 };
            body.shift(contact.nodes[j], dx, scale(dx, moves));
        }
    }
    change.abs()
}

/// Returns by how much the contact changed, kg m.
fn rub(contact: &mut Contact, body: &mut impl Tissue, friction: f64, v_tool: Vec3, h: f64) -> f64 {
    let v = blend(contact.nodes.map(|n| body.velocity(n)), contact.weights);
    let slip = scale(sub(v, v_tool), h);
    let slip = axpy(slip, -dot(slip, contact.normal), contact.normal);
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
        let dx = scale(change, contact.weights[j] * contact.free[j]);
        body.shift(contact.nodes[j], dx, scale(dx, 1.0 / h));
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
    fn new(
        tissue: &impl Tissue,
        body: u32,
        triangle: u32,
        closest: &Closest,
        facing: &Facing,
    ) -> Self {
        let nodes = tissue.triangles()[triangle as usize];
        let free = nodes.map(|n| tissue.inverse_mass(n));
        Self {
            body,
            triangle,
            nodes,
            weights: closest.weights,
            free,
            yielding: free,
            mass: 0.0,
            mass_t: 0.0,
            on_core: closest.on_core,
            outward: facing.outward,
            over: facing.over,
            inside: closest.is_inside(),
            square: closest.square,
            normal: facing.normal,
            lambda_n: 0.0,
            lambda_t: [0.0; 3],
        }
    }

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

    /// Whether it pushes, or still has a friction from when it did.
    fn acts(&self) -> bool {
        self.lambda_n > 0.0 || self.lambda_t != [0.0; 3]
    }

    /// Forces on its nodes if they belong to `body`.
    pub(crate) fn node_forces(
        &self,
        body: u32,
        impulse_length: f64,
    ) -> impl Iterator<Item = (u32, Vec3)> + '_ {
        let lambda = sub(self.lambda_t, scale(self.normal, self.lambda_n));
        let mine = self.body == body;
        (0..3).filter(move |_| mine).map(move |j| {
            (
                self.nodes[j],
                scale(lambda, self.weights[j] / impulse_length),
            )
        })
    }
}
