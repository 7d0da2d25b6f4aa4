//! Triangles that a tool may touch in the coming tick.

use super::tissue::Tissue;
use super::tool::Tool;

/// How far beyond the tool's radius triangles are collected, as a share of its gauge: room for what
/// speeds the tissue up in one tick.
const MARGIN: f64 = 0.25;

/// Collects into `tool.candidates` what lies near the volume swept from where its proxy stands to its
/// target, or comes there in a tick of `dt` at the speed it has. Room for all triangles has been reserved, so nothing is allocated.
pub(crate) fn collect(tool: &mut Tool, bodies: &[impl Tissue], dt: f64) {
    tool.candidates.clear();
    // A point that turns by an angle on a circle of radius r leaves its chord by less than r angle^2 / 8.
    let angle = crate::vec3::norm(tool.proxy.spin_to(&tool.target));
    let bulge = 0.125 * tool.arm * angle * angle;
    let reach = tool.radius + MARGIN * tool.gauge + bulge.min(2.0 * tool.arm);
    let (here, there) = (
        tool.core.bounds(&tool.proxy),
        tool.core.bounds(&tool.target),
    );
    for (b, body) in bodies.iter().enumerate() {
        let reach = reach + dt * body.fastest();
        let bounds = [0, 1, 2].map(|axis| {
            let low = here.low[axis].min(there.low[axis]) - reach;
            let high = here.high[axis].max(there.high[axis]) + reach;
            (low as f32, high as f32)
        });
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
