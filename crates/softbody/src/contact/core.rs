//! What a tool is made of: all points within its radius of a core.

use std::sync::Arc;

use super::bounds::Bounds;
use super::polyhedron::Polyhedron;
use super::pose::Pose;
use super::triangle::segment_triangle;
use crate::vec3::{Vec3, add, norm, scale, sub};

/// A core, in the tool's own frame.
#[derive(Debug, Clone)]
pub(crate) enum Core {
    /// The segment between -half and half, of a sphere the point 0.
    Rod {
        /// m
        half: Vec3,
    },
    /// What a closed surface encloses.
    Solid(Arc<Polyhedron>),
}

impl Core {
    /// Distance of its farthest point from the tool's position, m.
    pub fn arm(&self) -> f64 {
        match self {
            Self::Rod { half } => norm(*half),
            Self::Solid(solid) => solid.arm,
        }
    }

    /// About half of how thick the tool is, m.
    pub fn gauge(&self, radius: f64) -> f64 {
        match self {
            Self::Rod { .. } => radius,
            Self::Solid(solid) => solid.gauge + radius,
        }
    }

    /// The axis-parallel box around it in the world.
    pub fn bounds(&self, pose: &Pose) -> Bounds {
        let around = |centre: Vec3, halves: [Vec3; 3]| {
            let turned = halves.map(|h| pose.turn(h));
            let half = [0, 1, 2].map(|i| turned.iter().map(|h| h[i].abs()).sum());
            Bounds {
                low: sub(centre, half),
                high: add(centre, half),
            }
        };
        match self {
            Self::Rod { half } => around(pose.position, [*half, [0.0; 3], [0.0; 3]]),
            Self::Solid(solid) => {
                let [x, y, z] = scale(sub(solid.bounds.high, solid.bounds.low), 0.5);
                let centre = scale(add(solid.bounds.high, solid.bounds.low), 0.5);
                let halves = [[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]];
                around(pose.place(centre), halves)
            }
        }
    }

    /// Distance to a triangle of the world, m, or somewhat less.
    pub fn distance(&self, pose: &Pose, triangle: &[Vec3; 3]) -> f64 {
        match self {
            Self::Rod { half } => {
                let ends = [scale(*half, -1.0), *half].map(|p| pose.place(p));
                segment_triangle(ends[0], ends[1], triangle).square.sqrt()
            }
            Self::Solid(solid) => solid.distance(&Bounds::new(&triangle.map(|p| pose.local(p)))),
        }
    }
}
