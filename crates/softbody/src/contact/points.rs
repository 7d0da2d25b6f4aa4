//! A tool's contacts one by one, for those who render them elsewhere.

use super::tool::Tool;
use crate::vec3::{Vec3, axpy, scale};

/// One point in which a tool presses on tissue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ContactPoint {
    /// The body touched.
    pub body: u32,
    /// Its surface triangle.
    pub triangle: u32,
    /// Where on the tool's surface, m.
    pub point: Vec3,
    /// From the tissue to the tool's core.
    pub normal: Vec3,
    /// What the tissue pushes on the tool there, N, in the last substep of the last step.
    pub force: Vec3,
}

impl Tool {
    /// The contacts that carry a force at the end of the last step. Their forces add up to that of
    /// the last substep, while [`force`](Self::force) is the mean over the step; how a force is
    /// split among neighbours is not determined.
    pub fn contacts(&self) -> impl Iterator<Item = ContactPoint> + '_ {
        let pushing = self.contacts.iter().filter(|c| c.row.lambda_n > 0.0);
        pushing.map(|c| ContactPoint {
            body: c.body,
            triangle: c.triangle,
            point: axpy(c.on_core, -self.radius, c.normal),
            normal: c.normal,
            force: scale(c.row.lambda(), -1.0 / self.impulse_length),
        })
    }

    /// Coulomb coefficient against tissue.
    #[must_use]
    pub fn friction(&self) -> f64 {
        self.friction
    }

    /// About half of its thickness, m: the radius of a round tool.
    #[must_use]
    pub fn gauge(&self) -> f64 {
        self.gauge
    }
}
