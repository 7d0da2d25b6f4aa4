//! Triangles that a tool may touch in the coming tick.

use super::tissue::Tissue;
use super::tool::Tool;
use crate::vec3::{norm, sub};

/// How far beyond the tool's radius triangles are collected, as a share of the radius: room for
/// the motion of the tissue in one tick.
const MARGIN: f64 = 0.25;
/// A tool that moves by more than this share of its radius in a tick may leap into tissue.
const LEAP: f64 = 0.5;

/// Collects into `tool.candidates` what lies near the volume swept from its start to its target.
/// Room for all triangles has been reserved, so nothing is allocated.
pub(crate) fn collect(tool: &mut Tool, bodies: &[impl Tissue]) {
    tool.candidates.clear();
    if norm(sub(tool.target, tool.start)) > LEAP * tool.radius {
        tool.outside.fill(false);
    }
    let reach = tool.radius * (1.0 + MARGIN);
    let bounds = |axis: usize| {
        let half = tool.half_core[axis].abs() + reach;
        let (a, b) = (tool.start[axis], tool.target[axis]);
        ((a.min(b) - half) as f32, (a.max(b) + half) as f32)
    };
    let bounds = [bounds(0), bounds(1), bounds(2)];
    for (b, body) in bodies.iter().enumerate() {
        for (t, nodes) in body.triangles().iter().enumerate() {
            if near(body, nodes, &bounds) {
                tool.candidates.push((b as u32, t as u32));
            }
        }
    }
}

fn near(body: &impl Tissue, nodes: &[u32; 3], bounds: &[(f32, f32); 3]) -> bool {
    (0..3).all(|axis| {
        let x = nodes.map(|n| body.coordinate(n, axis));
        let (low, high) = bounds[axis];
        x[0].min(x[1]).min(x[2]) <= high && x[0].max(x[1]).max(x[2]) >= low
    })
}
