//! Edges of a polyhedron against edges of the tissue.
//!
//! With the directions d and e the normal is d x e, pointing into the tool. The tissue's edge has to lie
//! beyond both faces of the tool's edge, else a face is nearer (the arcs of normals cross on the unit
//! sphere: Gregorius 2013), and, deep inside, not to get out more easily through a third face.

use super::polyhedron::{Edge, Nearest, Polyhedron};
use super::triangle::INSIDE;
use crate::vec3::{Vec3, add, axpy, cross, dot, norm, scale, sub};

/// Sine of the angle between two edges below which they are parallel.
const PARALLEL: f64 = 1e-6;
/// How far, as the sine of an angle, the normal of two edges may be from between those of the faces: an
/// edge of the tissue that lies on a face is only near its plane.
const ROUND: f64 = 0.1;
/// Share of an edge of the tissue over which the normal turns into that of a face.
const NEAR: f64 = 0.5;
/// Depth behind the nearest face over that behind the faces of an edge, below which it is not the edge
/// where tissue leaves the tool.
const CLEAR: f64 = 0.5;

/// Where an edge of the tool and an edge of the tissue are nearest.
pub(super) struct Crossing {
    /// Parameter on the tissue's edge.
    pub t: f64,
    pub on_tool: Vec3,
    /// From the tissue to the tool.
    pub normal: Vec3,
    /// Height of the tool's edge over the tissue's, m.
    pub over: f64,
}

impl Crossing {
    /// None where it is not inside of both, or a face of the tool is nearer.
    pub fn new(tool: &Edge, tissue: &[Vec3; 2], sharp: bool) -> Option<Self> {
        let (d, e) = (sub(tool.ends[1], tool.ends[0]), sub(tissue[1], tissue[0]));
        let normal = cross(d, e);
        let square = dot(normal, normal);
        let (dd, ee, de) = (dot(d, d), dot(e, e), dot(d, e));
        if square <= PARALLEL * PARALLEL * dd * ee {
            return None;
        }
        // Closest points of the two lines (Ericson 2004, 5.1.8).
        let r = sub(tool.ends[0], tissue[0]);
        let (s, t) = (
            (de * dot(e, r) - ee * dot(d, r)) / square,
            (dd * dot(e, r) - de * dot(d, r)) / square,
        );
        let within = |x: f64| (-INSIDE..=1.0 + INSIDE).contains(&x);
        if !within(s) || !within(t) {
            return None;
        }
        let outward = add(tool.normals[0], tool.normals[1]);
        let sign = if dot(normal, outward) > 0.0 {
            -1.0
        } else {
            1.0
        };
        let normal = scale(normal, sign / square.sqrt());
        if tool.inward.iter().any(|face| dot(normal, *face) < -ROUND) {
            return None;
        }
        let t = t.clamp(0.0, 1.0);
        let normal = if sharp {
            blended(tool, tissue, t, normal)
        } else {
            normal
        };
        let on_tool = axpy(tool.ends[0], s.clamp(0.0, 1.0), d);
        let over = dot(normal, sub(on_tool, axpy(tissue[0], t, e)));
        Some(Self {
            t,
            on_tool,
            normal,
            over,
        })
    }
}

/// Whether an edge of the tissue that is behind both faces of a tool's edge leaves the tool best there:
/// where it is as deep behind the one as behind the other, no third face may be much nearer.
pub(super) fn leaves_by(solid: &Polyhedron, tool: &Edge, tissue: &[Vec3; 2]) -> bool {
    let depths = |x: &Vec3| tool.normals.map(|n| dot(n, sub(tool.ends[0], *x)));
    let [start, end] = [depths(&tissue[0]), depths(&tissue[1])];
    let (a, b) = (start[0] - start[1], end[0] - end[1]);
    let t = if a == b {
        0.5
    } else {
        (a / (a - b)).clamp(0.0, 1.0)
    };
    let x = axpy(tissue[0], t, sub(tissue[1], tissue[0]));
    let [one, other] = depths(&x);
    let own = one.min(other);
    let near = solid.nearest(x, 0.0);
    let deep = |near: Nearest| near.is_inside && norm(sub(near.point, x)) >= CLEAR * own;
    near.is_some_and(deep)
}

/// The normal of two edges turned towards that of a face, the more the nearer an end of the tissue's edge
/// that lies on this face is to the tool's edge. So a node that slides over the edge is pushed the same
/// way before, by the edges that lead to it, and after, by the face.
fn blended(tool: &Edge, tissue: &[Vec3; 2], t: f64, normal: Vec3) -> Vec3 {
    let mut blend = normal;
    for (end, share) in tissue.iter().zip([t, 1.0 - t]) {
        let from_edge = sub(*end, tool.ends[0]);
        let [one, other] = tool.inward.map(|face| dot(face, from_edge));
        if share < NEAR && one.max(other) > 0.0 {
            let face = tool.normals[usize::from(other > one)];
            let difference = sub(scale(face, -1.0), normal);
            blend = axpy(blend, 1.0 - share / NEAR, difference);
        }
    }
    scale(blend, 1.0 / norm(blend))
}
