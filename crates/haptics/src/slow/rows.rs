//! The rows of a local model, from the tissue's contacts at the end of a step.
//!
//! Contacts of one body that push in about the same direction make one row: how their force is
//! split is not determined, their sum is. The row stands for a round contact (Hertz) of the force
//! in the last substep, which belongs to the tool at the end of its way; the mean over the step
//! belongs to its middle, half a period earlier, and gave errors half as large again. A body that is
//! not touched gives one row where it is nearest, so that a contact begins in the loop's tick and not
//! a slow period later.

use softbody::{ContactPoint, Pose};

use super::stiffness::{Press, depth};
use super::{Ahead, Slow};
use crate::control::{Law, LocalModel, MOST_ROWS, Row};
use crate::rotation::rotate_back;
use crate::vector::{add, dot, norm, scale, sub};

/// Cosine of the largest angle between contacts of one row: 60 degrees.
const ALIKE: f64 = 0.5;
/// Speed up to which a tool meets what it comes near to, m/s.
const FASTEST: f64 = 0.3;
/// Speed up to which a row holds until the model after the next, m/s.
const ALONG: f64 = 0.2;
/// Depth, as a share of the radius, that a contact to come sticks with along the surface.
const FIRST_DEPTH: f64 = 0.1;

/// Contacts that push alike.
#[derive(Clone, Copy, Default)]
struct Group {
    body: u32,
    force: [f64; 3],
    /// Sums of normals and points, each weighted by its force along the normal.
    normal: [f64; 3],
    point: [f64; 3],
    weight: f64,
}

impl Group {
    fn takes(&self, contact: &ContactPoint) -> bool {
        let along = dot(self.normal, contact.normal);
        self.body == contact.body && along >= ALIKE * norm(self.normal)
    }

    fn add(&mut self, contact: &ContactPoint) {
        let push = dot(contact.force, contact.normal);
        self.body = contact.body;
        self.force = add(self.force, contact.force);
        self.normal = add(self.normal, scale(contact.normal, push));
        self.point = add(self.point, scale(contact.point, push));
        self.weight += push;
    }
}

impl Slow {
    /// What is near the tool now, for the tick that the step was `born` for.
    pub(super) fn rows(&mut self, born: u64) -> LocalModel {
        let tool = self.world.tool(self.tool);
        let pose = Pose {
            position: tool.position,
            orientation: tool.orientation,
        };
        let mut model = LocalModel::empty(pose, born, self.every);
        let mut groups = [Group::default(); MOST_ROWS];
        let mut count = 0;
        for contact in tool.contacts() {
            let known = groups[..count].iter().position(|g| g.takes(&contact));
            let place = known.unwrap_or(count).min(MOST_ROWS - 1);
            groups[place].add(&contact);
            count = count.max(place + 1);
        }
        for body in 0..self.world.bodies().len() {
            let mine = groups[..count].iter().filter(|g| g.body == body as u32);
            let strongest = mine
                .clone()
                .max_by(|a, b| a.weight.total_cmp(&b.weight))
                .map(|group| press(group, &pose));
            self.stiffness[body].see(strongest);
            if strongest.is_none() {
                self.approach(body, &mut model);
            }
        }
        for group in &groups[..count] {
            self.contact(group, &mut model);
        }
        model
    }

    fn contact(&self, group: &Group, model: &mut LocalModel) {
        let tool = self.world.tool(self.tool);
        let Press { force, normal, .. } = press(group, &model.reference);
        let stiffness = &self.stiffness[group.body as usize];
        let c = stiffness.factor(tool.gauge());
        let deep = depth(force, c);
        let point = scale(group.point, 1.0 / group.weight);
        model.push(Row {
            normal,
            point: local(&model.reference, point),
            gap: -deep,
            law: Law::Round(c),
            along: sub(group.force, scale(normal, force)),
            shear: 1.5 * c * deep.sqrt() * stiffness.shear_share,
            friction: tool.friction(),
            reach: self.reach(),
        });
    }

    fn approach(&self, body: usize, model: &mut LocalModel) {
        let tool = self.world.tool(self.tool);
        let within = FASTEST * Ahead::horizon(self.world.dt());
        let Some(near) = self.world.approach(self.tool, body, within) else {
            return;
        };
        let stiffness = &self.stiffness[body];
        let c = stiffness.factor(tool.gauge());
        let first = FIRST_DEPTH * tool.gauge();
        model.push(Row {
            normal: near.normal,
            point: local(&model.reference, near.point),
            gap: near.gap.max(0.0),
            law: Law::Round(c),
            along: [0.0; 3],
            shear: 1.5 * c * first.sqrt() * stiffness.shear_share,
            friction: tool.friction(),
            reach: self.reach() + within,
        });
    }

    /// How far from its reference a row holds, m.
    fn reach(&self) -> f64 {
        self.world.tool(self.tool).gauge() + ALONG * Ahead::horizon(self.world.dt())
    }
}

fn press(group: &Group, pose: &Pose) -> Press {
    let normal = scale(group.normal, 1.0 / norm(group.normal));
    Press {
        force: dot(group.force, normal).max(0.0),
        normal,
        place: pose.position,
    }
}

/// A point of the world in the tool's frame, m.
fn local(pose: &Pose, point: [f64; 3]) -> [f64; 3] {
    rotate_back(pose.orientation, sub(point, pose.position))
}
