//! Attachments on the way to equilibrium; bodies are in f64 and world anchors at their targets.
//!
//! The equations of [`solve`](super::solve) with theta = 0, beta = 1 and the masses of a sweep.

use super::solve::Knot;
use super::{Anchor, Attachment, Attachments, TissuePoint};
use crate::contact::tissue::Tissue;
use crate::settle::Balance;
use crate::vec3::{Vec3, axpy, dot, norm, scale, sub};

impl Attachments {
    /// Measures the static forces.
    pub fn rest(&mut self, bodies: &[impl Tissue]) {
        for attachment in self.whole() {
            attachment.aim(bodies, 1.0);
            attachment.line.anchor_velocity = [0.0; 3];
            attachment.pull = attachment.resting_pull();
        }
    }

    /// The attachments' part of v . m v, with the inertia h^2 K of a sweep.
    pub fn inertia(&mut self, bodies: &[impl Tissue], h: f64) -> f64 {
        self.load(bodies);
        let mut sum = 0.0;
        for attachment in self.all.iter().filter(|a| !a.broken && a.bears()) {
            let [rate, _] = attachment.rates(&self.knots);
            let along = dot(rate, attachment.line.along);
            let [k, g] = attachment.line.stiffness;
            sum += h * h * (k * along * along + g * (dot(rate, rate) - along * along));
        }
        sum
    }

    fn load(&mut self, bodies: &[impl Tissue]) {
        for knot in &mut self.knots {
            let body = &bodies[knot.body as usize];
            knot.velocity = body.velocity(knot.node);
            knot.inverse_mass = body.inverse_mass(knot.node);
        }
    }

    /// Notes velocities before a sweep, of which it keeps `keep`.
    pub fn remember(&mut self, bodies: &[impl Tissue], keep: f64) {
        self.load(bodies);
        for knot in &mut self.knots {
            knot.before = scale(knot.velocity, keep);
        }
    }

    /// Adds the inertia h^2 K of a sweep, after nodes moved without it.
    pub fn hold_back(&mut self, bodies: &mut [impl Tissue], h: f64, push: f64) {
        for knot in &mut self.knots {
            knot.velocity = knot.pushed(&bodies[knot.body as usize], push);
        }
        for attachment in self.whole() {
            let line = &mut attachment.line;
            line.drag = [0.0; 2];
            line.inertia = line.stiffness.map(|k| h * h * k / push);
        }
        self.sweep(push);
        for knot in &self.knots {
            let body = &mut bodies[knot.body as usize];
            let more = sub(knot.velocity, knot.pushed(body, push));
            body.shift(knot.node, scale(more, h), more);
        }
    }

    /// Adds the static forces, and what f32 displacements leave uncertain in them, to `balance`.
    pub fn measure(&self, bodies: &[impl Tissue], balance: &mut Balance) {
        for attachment in self.all.iter().filter(|a| !a.broken) {
            let far = |point: TissuePoint| -> f64 {
                let body = &bodies[point.body];
                let u = |n| norm(sub(body.position(n), body.rest_position(n)));
                point.parts().map(|(_, n, w)| w * u(n)).sum()
            };
            let u = far(attachment.from) + attachment.to.tissue().map_or(0.0, far);
            let spring = attachment.spring.stiffness * u;
            let tension = attachment.tension(attachment.length);
            balance.outer += tension * tension;
            balance.reach += spring * spring;
        }
    }

    /// Takes over what was found at rest.
    pub fn found(&mut self) {
        for a in &mut self.all {
            if let Anchor::World(position) = &mut a.to {
                *position = a.target;
            }
            a.force = if a.broken { 0.0 } else { a.tension(a.length) };
            a.force_vector = a.pull;
        }
    }
}

impl Attachment {
    fn bears(&self) -> bool {
        !self.slackens() || self.line.tension > 0.0
    }
}

impl Knot {
    /// Its velocity once contact has pushed it, m/s.
    fn pushed(&self, body: &impl Tissue, push: f64) -> Vec3 {
        axpy(
            body.velocity(self.node),
            push * self.inverse_mass,
            self.contact,
        )
    }
}
