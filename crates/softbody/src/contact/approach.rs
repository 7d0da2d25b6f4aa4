//! Where a tool that touches nothing would touch first.

use super::core::Core;
use super::pose::Pose;
use super::tissue::Tissue;
use super::tool::Tool;
use super::triangle::{point_triangle, segment_triangle};
use crate::vec3::{Vec3, axpy, dot, norm, scale, sub};
use crate::world::World;

/// The place of a body that is nearest to a tool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Approach {
    /// Surface triangle of the body.
    pub triangle: u32,
    /// Where on the tool's surface, m.
    pub point: Vec3,
    /// From the tissue to the tool.
    pub normal: Vec3,
    /// Between the two surfaces, m; negative where they overlap.
    pub gap: f64,
}

impl World {
    /// Where `tool`, as it stands now, is nearest to `body`, if that is less than `within` (m) and the
    /// tool's core is outside. Of a solid tool only its sharp corners are looked at, and what of the
    /// tissue's nodes is near its faces. Neither allocates nor changes anything.
    #[must_use]
    pub fn approach(&self, tool: usize, body: usize, within: f64) -> Option<Approach> {
        let (tool, body) = (&self.tools[tool], &self.bodies[body]);
        let pose = tool.pose();
        let bounds = tool.core.bounds(&pose);
        let reach = tool.radius + within;
        let mut best: Option<Approach> = None;
        for (t, nodes) in body.triangles().iter().enumerate() {
            let corners = body.corners(*nodes);
            let near = (0..3).all(|axis| {
                let [a, b, c] = corners.map(|p| p[axis]);
                a.min(b).min(c) <= bounds.high[axis] + reach
                    && a.max(b).max(c) >= bounds.low[axis] - reach
            });
            if !near {
                continue;
            }
            let found = tool.approach_to(&pose, t as u32, &corners, reach);
            let nearer = |a: &Approach| best.is_none_or(|b| a.gap < b.gap);
            if let Some(found) = found.filter(nearer) {
                best = Some(found);
            }
        }
        best.filter(|a| a.gap < within)
    }
}

impl Tool {
    fn approach_to(
        &self,
        pose: &Pose,
        triangle: u32,
        corners: &[Vec3; 3],
        reach: f64,
    ) -> Option<Approach> {
        let between = |on_tool: Vec3, on_tissue: Vec3| {
            let way = sub(on_tool, on_tissue);
            let distance = norm(way);
            let outward = super::triangle::area2(corners);
            if distance == 0.0 || dot(outward, way) <= 0.0 {
                return None; // behind the surface, or on it
            }
            let normal = scale(way, 1.0 / distance);
            Some(Approach {
                triangle,
                point: axpy(on_tool, -self.radius, normal),
                normal,
                gap: distance - self.radius,
            })
        };
        match &self.core {
            Core::Rod { half } => {
                let ends = [scale(*half, -1.0), *half].map(|p| pose.place(p));
                let near = segment_triangle(ends[0], ends[1], corners);
                between(near.on_core, near.on_triangle)
            }
            Core::Solid(solid) => {
                let of_corners = solid.corners.iter().filter_map(|corner| {
                    let near = point_triangle(pose.place(corner.point), corners);
                    between(near.on_core, near.on_triangle)
                });
                let of_nodes = corners.iter().filter_map(|node| {
                    let near = solid.nearest(pose.local(*node), reach)?;
                    let outside = !near.is_inside;
                    outside
                        .then(|| between(pose.place(near.point), *node))
                        .flatten()
                });
                of_corners
                    .chain(of_nodes)
                    .min_by(|a, b| a.gap.total_cmp(&b.gap))
            }
        }
    }
}
