//! Triangles that a tool may touch in the coming tick.

use super::tissue::Tissue;
use super::tool::Tool;

/// How far beyond the tool's radius triangles are collected, as a share of its gauge: room for what
/// speeds the tissue up in one tick.
const MARGIN: f64 = 0.25;

/// Collects into the tools' candidates what lies near the volume swept from where a tool's proxy stands to
/// its target, or comes there in a tick of `dt` at the speed it has. Room for all triangles has been
/// reserved, so nothing is allocated.
pub(crate) fn collect(tools: &mut [Tool], bodies: &[impl Tissue], dt: f64) {
    for tool in &mut *tools {
        tool.candidates.clear();
    }
    if tools.is_empty() {
        return; // nobody asks how fast the tissue is
    }
    for (b, body) in bodies.iter().enumerate() {
        let way = dt * body.fastest();
        for tool in &mut *tools {
            collect_of(b as u32, body, tool, way);
        }
    }
}

/// Those of one body, whose nodes come `way` (m) far at most.
fn collect_of(id: u32, body: &impl Tissue, tool: &mut Tool, way: f64) {
    // A point that turns by an angle on a circle of radius r leaves its chord by less than r angle^2 / 8.
    let angle = crate::vec3::norm(tool.proxy.spin_to(&tool.target));
    let bulge = 0.125 * tool.arm * angle * angle;
    let reach = tool.radius + MARGIN * tool.gauge + bulge.min(2.0 * tool.arm) + way;
    let (here, there) = (
        tool.core.bounds(&tool.proxy),
        tool.core.bounds(&tool.target),
    );
    let bounds = [0, 1, 2].map(|axis| {
        let low = here.low[axis].min(there.low[axis]) - reach;
        let high = here.high[axis].max(there.high[axis]) + reach;
        (low as f32, high as f32)
    });
    for (t, nodes) in body.triangles().iter().enumerate() {
        if near(body, nodes, &bounds) {
            tool.candidates.push((id, t as u32));
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
