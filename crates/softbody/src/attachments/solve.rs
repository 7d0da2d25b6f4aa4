//! Attachments in time: implicit in the nodes, exact at rest.
//!
//! In a substep h, before the nodes move, all F (forces on the first ends) are found together such
//! that with the velocities v' that follow from them (r = v_b - v_a, primed: after the substep; n,
//! L: before it)
//!
//!   along n:   T = k (L - L0) + (theta h k + c) r'_n + beta h k (r'_n - r_n)
//!   across n:  F_t =             theta h g      r'_t + beta h g (r'_t - r_t),   g = max(T0, 0) / L
//!   theta = x / (1 + x),  beta = max(0, 1/4 - theta / 2),  x = h^2 k W  (across: h^2 g W)
//!
//! with T0 = k (L - L0), the stiffness g <= k across the line (for a tie, L0 = 0, it is k) and the
//! inverse mass W = sum w_j^2 / m_j of both ends, of the masses m_eff that the integrator uses.
//!
//! - At rest r = r' = 0, and T = k (L - L0) whatever h is: rest states do not depend on substeps.
//! - Written with the mean of r and r', the scheme is the explicit one with the mass matrix
//!   M + (theta / 2 + beta) h^2 K and a damping theta h K that is never negative, K the stiffness of
//!   the attachments (Newmark 1959 with beta 1/4 for x -> 0). As theta / 2 + beta >= 1/4,
//!   M + h^2 K / 4 >= h^2 (K_e + K) / 4 wherever M >= h^2 K_e / 4 holds for the elements alone
//!   (`stepping`): any k is stable, with any mass. Mass on the nodes instead (m >= h^2 k / 2 for each
//!   end) would be stable too, but it makes the tied nodes inert in all that they do: 500 g each with
//!   k = 1e6 N/m at 1 ms. Here only the motion of the ends against each other is held back.
//! - Springs that the substep resolves (x << 1) keep their energy: theta h k is third order. Those
//!   that it does not (x >> 1) hold their length without ringing at the step's own frequency, which
//!   would break them. A mass M on a spring is damped by the ratio theta h w / 2, w^2 = k / M.
//! - F is equal and opposite: momentum is conserved.
//!
//! Attachments with common nodes are solved by Gauss-Seidel sweeps that start from the last F; at
//! rest that is the solution, so sweeps that are too few only delay. Contacts are resolved after the
//! nodes moved; v' is foretold with their forces of before, or else an attachment on nodes that a tool
//! presses would be too weak at rest by h^2 k W of the tool's force.
//!
//! [`settle`](crate::settle) uses the same equations with theta = 0, beta = 1 and its own masses:
//! F becomes the static force plus inertia that vanishes at rest.

use super::{Anchor, Attachment, Attachments, Break, TissuePoint, place_of};
use crate::body::SoftBody;
use crate::contact::tissue::Tissue;
use crate::contact::tool::Tool;
use crate::vec3::{Vec3, add, axpy, dot, finite, norm, scale, sub, wide};

/// Most Gauss-Seidel sweeps in a substep.
const SWEEPS: usize = 32;
/// Sweeps end when no force changes by more than this share of the largest.
const ENOUGH: f64 = 1e-6;

/// Share of the last contact forces in the foretold ones of a substep; the rest are those foretold
/// before. With 1 stiff attachments chatter against a tool.
pub(crate) const HEED: f64 = 0.1;

/// A node that attachments pull at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Knot {
    pub body: u32,
    pub node: u32,
    pub inverse_mass: f64,
    /// v, m/s.
    pub before: Vec3,
    /// v', m/s.
    pub velocity: Vec3,
    /// Foretold force of the contacts, N.
    pub contact: Vec3,
}

impl Knot {
    pub fn new(body: u32, node: u32) -> Self {
        Self {
            body,
            node,
            inverse_mass: 0.0,
            before: [0.0; 3],
            velocity: [0.0; 3],
            contact: [0.0; 3],
        }
    }

    pub fn key(&self) -> (u32, u32) {
        (self.body, self.node)
    }
}

/// What an attachment is like in one substep.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Line {
    /// n
    pub along: Vec3,
    /// T0, N, not yet cut off at 0.
    pub tension: f64,
    /// k and g, N/m.
    pub stiffness: [f64; 2],
    /// Factors of r' and of r' - r, along and across, N s/m.
    pub drag: [f64; 2],
    pub inertia: [f64; 2],
    /// W, 1/kg.
    pub inverse_mass: f64,
    /// Velocity of a world anchor, m/s.
    pub anchor_velocity: Vec3,
}

/// One substep, as attachments see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// h, s.
    pub h: f64,
    /// Length of the tick, s.
    pub dt: f64,
    /// How much of the tick has passed.
    pub passed: f64,
    /// h / dt
    pub share: f64,
    /// m/s^2
    pub gravity: Vec3,
}

impl Attachment {
    /// Measures n, L, T0, k, g and W, with a world anchor at `passed` of its way.
    pub(super) fn aim(&mut self, bodies: &[impl Tissue], passed: f64) {
        let to = match self.to {
            Anchor::World(start) => axpy(start, passed, sub(self.target, start)),
            Anchor::Tissue(point) => point.place(bodies),
        };
        let way = sub(to, self.from.place(bodies));
        self.length = norm(way);
        let (k, line) = (self.spring.stiffness, &mut self.line);
        line.along = if self.length > 0.0 {
            scale(way, 1.0 / self.length)
        } else {
            [1.0, 0.0, 0.0] // a tie pulls alike in all directions
        };
        line.tension = k * (self.length - self.rest_length);
        let across = if self.rest_length == 0.0 {
            k
        } else if self.length > 0.0 {
            line.tension.max(0.0) / self.length
        } else {
            0.0
        };
        line.stiffness = [k, across];
        let weigh = |point: TissuePoint| -> f64 {
            let body = &bodies[point.body];
            let each = point.parts().map(|(_, n, w)| w * w * body.inverse_mass(n));
            each.sum()
        };
        line.inverse_mass = weigh(self.from) + self.to.tissue().map_or(0.0, weigh);
    }

    /// The static force, N.
    pub(super) fn resting_pull(&self) -> Vec3 {
        scale(self.line.along, self.tension(self.length))
    }

    /// r' and r.
    pub(super) fn rates(&self, knots: &[Knot]) -> [Vec3; 2] {
        let mut rates = [self.line.anchor_velocity; 2];
        let mut take = |point: TissuePoint, places: [usize; 4], sign: f64| {
            for (j, _, w) in point.parts() {
                let knot = &knots[places[j]];
                rates[0] = axpy(rates[0], sign * w, knot.velocity);
                rates[1] = axpy(rates[1], sign * w, knot.before);
            }
        };
        take(self.from, self.knots[0], -1.0);
        if let Some(point) = self.to.tissue() {
            take(point, self.knots[1], 1.0);
        }
        rates
    }

    /// Changes v' by what `force` on the first end does within `push` (s).
    fn act(&self, knots: &mut [Knot], force: Vec3, push: f64) {
        let mut give = |point: TissuePoint, places: [usize; 4], sign: f64| {
            for (j, _, w) in point.parts() {
                let knot = &mut knots[places[j]];
                let share = sign * w * push * knot.inverse_mass;
                knot.velocity = axpy(knot.velocity, share, force);
            }
        };
        give(self.from, self.knots[0], 1.0);
        if let Some(point) = self.to.tissue() {
            give(point, self.knots[1], -1.0);
        }
    }

    /// One step towards the F that fits v'. Returns by how much it changed, N.
    fn solve(&mut self, knots: &mut [Knot], push: f64) -> f64 {
        let line = self.line;
        let [after, before] = self.rates(knots);
        let change = sub(after, before);
        let part = |v: Vec3| {
            let along = dot(v, line.along);
            (along, axpy(v, -along, line.along))
        };
        let ((r, r_t), (dr, dr_t)) = (part(after), part(change));
        let (now, now_t) = part(self.pull);
        let softer = [0, 1]
            .map(|i| 1.0 / (1.0 + push * line.inverse_mass * (line.drag[i] + line.inertia[i])));
        let wanted = line.tension + line.drag[0] * r + line.inertia[0] * dr;
        let wanted_t = axpy(scale(r_t, line.drag[1]), line.inertia[1], dr_t);
        let mut next = now + softer[0] * (wanted - now);
        if self.slackens() {
            next = next.max(0.0);
        }
        let across = axpy(now_t, softer[1], sub(wanted_t, now_t));
        let pull = axpy(across, next, line.along);
        let step = sub(pull, self.pull);
        self.pull = pull;
        self.act(knots, step, push);
        norm(step)
    }
}

impl Attachments {
    pub(super) fn whole(&mut self) -> impl Iterator<Item = &mut Attachment> {
        self.all.iter_mut().filter(|a| !a.broken)
    }

    /// Sweeps until all F fit v', which holds their present values already.
    pub(super) fn sweep(&mut self, push: f64) {
        let Self { all, knots, .. } = self;
        for _ in 0..SWEEPS {
            let (mut largest, mut change) = (0.0, 0.0);
            for attachment in all.iter_mut().filter(|a| !a.broken) {
                change = f64::max(change, attachment.solve(knots, push));
                largest = f64::max(largest, norm(attachment.pull));
            }
            if change <= ENOUGH * largest {
                break;
            }
        }
    }

    /// Foretells what tools will push on the knots with: the share `heed` of what they did when
    /// contacts were last resolved, and the rest of what was foretold then.
    pub fn feel(&mut self, tools: &[Tool], heed: f64) {
        self.knots
            .iter_mut()
            .for_each(|k| k.contact = scale(k.contact, 1.0 - heed));
        for (tool, contact) in tools
            .iter()
            .flat_map(|t| t.contacts.iter().map(move |c| (t, c)))
        {
            for (node, force) in contact.node_forces(contact.body, tool.impulse_length) {
                let key = (contact.body, node);
                if let Ok(i) = self.knots.binary_search_by_key(&key, Knot::key) {
                    let contact = &mut self.knots[i].contact;
                    *contact = axpy(*contact, heed, force);
                }
            }
        }
    }

    /// Starts a tick.
    pub fn begin_tick(&mut self, dt: f64) {
        self.broken.clear();
        for a in &mut self.all {
            (a.force, a.force_vector) = (0.0, [0.0; 3]);
            a.line.anchor_velocity = match a.to {
                Anchor::World(start) => scale(sub(a.target, start), 1.0 / dt),
                Anchor::Tissue(_) => [0.0; 3],
            };
        }
    }

    /// Finds all F of a substep and adds them to the forces of the nodes, which have their elastic
    /// ones already. Contacts are still those of the last substep.
    pub fn pull(&mut self, bodies: &mut [SoftBody], tools: &[Tool], now: Moment) {
        if self.all.iter().all(|a| a.broken) {
            return;
        }
        self.feel(tools, HEED);
        for knot in &mut self.knots {
            knot.foretell(&bodies[knot.body as usize], &now);
        }
        for i in 0..self.all.len() {
            let Self { all, knots, .. } = self;
            let attachment = &mut all[i];
            if attachment.broken {
                continue;
            }
            attachment.aim(bodies, now.passed);
            attachment.blend(now.h);
            if !finite(attachment.pull) {
                attachment.pull = [0.0; 3]; // after a fault
            }
            attachment.act(knots, attachment.pull, now.h);
        }
        self.sweep(now.h);
        self.break_those_above_limit(bodies);
        for attachment in self.all.iter_mut().filter(|a| !a.broken) {
            let pull = attachment.pull;
            attachment.force += now.share * dot(pull, attachment.line.along);
            attachment.force_vector = axpy(attachment.force_vector, now.share, pull);
            for (b, body) in bodies.iter_mut().enumerate() {
                for (node, force) in attachment.node_forces(b) {
                    for (f, force) in body.f[node as usize].iter_mut().zip(force) {
                        *f += force as f32;
                    }
                }
            }
        }
    }

    fn break_those_above_limit(&mut self, bodies: &[SoftBody]) {
        let Self { all, broken, .. } = self;
        for (attachment, a) in all.iter_mut().enumerate().filter(|(_, a)| !a.broken) {
            let force = dot(a.pull, a.line.along);
            if a.spring.breaking_force.is_some_and(|limit| force > limit) {
                a.let_go();
                let point = a.from.place(bodies);
                let event = Break {
                    attachment,
                    force,
                    point,
                };
                broken.push(event); // room for all is reserved
            }
        }
    }

    /// Ends a tick; where it was taken back, nothing broke in it.
    pub fn end_tick(&mut self, bodies: &[SoftBody], faulty: bool) {
        if faulty {
            for event in self.broken.drain(..) {
                self.all[event.attachment].broken = false;
            }
        }
        for a in &mut self.all {
            if faulty {
                a.pull = [0.0; 3];
                (a.force, a.force_vector) = (0.0, [0.0; 3]); // must not reach a reader
            }
            if let Anchor::World(position) = &mut a.to {
                *position = a.target;
            }
            a.length = norm(sub(place_of(a.to, bodies), a.from.place(bodies)));
        }
    }
}

impl Attachment {
    /// Sets theta and beta for a substep of `h`.
    fn blend(&mut self, h: f64) {
        let line = &mut self.line;
        for i in 0..2 {
            let hk = h * line.stiffness[i];
            let x = h * hk * line.inverse_mass;
            let theta = x / (1.0 + x);
            line.drag[i] = theta * hk;
            line.inertia[i] = (0.25 - 0.5 * theta).max(0.0) * hk;
        }
        line.drag[0] += self.spring.damping;
    }
}

impl Knot {
    /// v' as if no attachment pulled.
    fn foretell(&mut self, body: &SoftBody, now: &Moment) {
        let n = self.node as usize;
        self.inverse_mass = f64::from(body.inverse_mass[n]);
        if let Some(velocity) = body.held_velocity(self.node, now.dt) {
            (self.velocity, self.before) = (velocity, velocity);
            return;
        }
        self.before = wide(body.v[n]);
        let weight = scale(now.gravity, f64::from(body.mass[n]));
        let force = add(add(wide(body.f[n]), weight), self.contact);
        let keep = 1.0 / (1.0 + now.h * f64::from(body.damping[n]));
        self.velocity = axpy(scale(self.before, keep), now.h * self.inverse_mass, force);
    }
}
