//! Which triangles a tool touches.

use std::ops::Range;

use super::core::Core;
use super::pose::Pose;
use super::press::blend;
use super::row::Row;
use super::side::{Facing, Side};
use super::solid::{Pair, Search};
use super::tissue::Tissue;
use super::tool::Tool;
use super::triangle::{Closest, INSIDE, overlap, segment_triangle};
use crate::vec3::{Vec3, dot, scale, sub};

/// Contacts are listed up to this distance beyond the radius, as a share of it: room for the motion
/// of the tissue in one substep.
const SLACK: f64 = 0.1;
/// Two points of a core count as two from this distance, as a share of the radius.
const APART: f64 = 1e-3;

/// One tool against one triangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact {
    pub body: u32,
    pub triangle: u32,
    pub nodes: [u32; 3],
    pub row: Row<3>,
    pub on_core: Vec3,
    /// Unit normal of the triangle, and the height of `on_core` over its plane, m.
    pub outward: Vec3,
    pub over: f64,
    /// Whether the closest point lies inside the triangle, not on an edge.
    pub inside: bool,
    /// Of the distance between core and triangle, m^2.
    pub square: f64,
    /// From the tissue to the core; zero where the core lies on the triangle.
    pub normal: Vec3,
}

/// Lists in `tool.contacts` the candidates that the tool's proxy, where it will be at the end of the
/// coming substep, touches or may touch.
pub(crate) fn find(tool: &mut Tool, bodies: &[impl Tissue]) {
    tool.contacts.clear();
    for (id, body) in bodies.iter().enumerate() {
        let id = id as u32;
        let start = tool.candidates.partition_point(|c| c.0 < id);
        let end = tool.candidates.partition_point(|c| c.0 <= id);
        match &tool.core {
            Core::Rod { half } => {
                let ends = [scale(*half, -1.0), *half].map(|p| tool.proxy.place(p));
                find_rod(tool, ends, id, body, start..end);
            }
            Core::Solid(solid) => {
                let mut search = Search {
                    solid,
                    pose: tool.proxy,
                    radius: tool.radius,
                    contacts: &mut tool.contacts,
                    room: tool.room,
                    behind: &mut tool.behind,
                };
                search.body(id, body, &tool.candidates[start..end]);
            }
        }
    }
}

/// The contacts of a sphere or a capsule, whose core has the ends `ends`, with body `id`.
fn find_rod(tool: &mut Tool, ends: [Vec3; 2], id: u32, body: &impl Tissue, range: Range<usize>) {
    let [a, b] = ends;
    let reach = tool.radius * (1.0 + SLACK);
    let first = tool.contacts.len();
    let mut side = Side::new(tool.radius);
    for &(_, triangle) in &tool.candidates[range] {
        let nodes = body.triangles()[triangle as usize];
        let p = body.corners(nodes);
        let closest = segment_triangle(a, b, &p);
        if closest.square > reach * reach {
            continue;
        }
        let Some(facing) = Facing::new(&p, &closest) else {
            continue;
        };
        side.see(&p, &closest, &facing);
        let mut list = |closest: &Closest, facing: &Facing| {
            let contact = Contact::of_rod(body, (id, triangle), closest, facing);
            tool.contacts.push(contact); // room for all is reserved
        };
        let ends = if a == b { None } else { overlap(a, b, &p) };
        if let Some(ends) = ends.filter(|ends| along(ends, &closest, reach)) {
            for end in ends {
                Facing::new(&p, &end).iter().for_each(|f| list(&end, f));
            }
        } else {
            list(&closest, &facing);
        }
    }
    if tool.outside[id as usize] {
        side.over = side.over.max(0.0);
    }
    // Where nothing is in reach, the next look has to judge again.
    tool.outside[id as usize] = side.over >= 0.0 && tool.contacts.len() > first;
    side.keep_touched(&mut tool.contacts, first);
    drop_doubles(&mut tool.contacts, first);
}

/// Triangles share their edges and corners: of contacts from `first` on at the same point only one is
/// kept. How a force is split among equal ones is not determined, and each costs as much as the first.
fn drop_doubles(contacts: &mut Vec<Contact>, first: usize) {
    let mut kept = first;
    for i in first..contacts.len() {
        let contact = contacts[i];
        let double = |other: &Contact| contact.is_double_of(other);
        if contact.inside || !contacts[first..kept].iter().any(double) {
            contacts[kept] = contact;
            kept += 1;
        }
    }
    contacts.truncate(kept);
}

/// Whether a core lies along a triangle, so that both ends of where it is over it may be touched, and
/// one of them is the closest point.
fn along(ends: &[Closest; 2], closest: &Closest, reach: f64) -> bool {
    let apart = sub(ends[0].on_core, ends[1].on_core);
    let nearest = ends[0].square.min(ends[1].square);
    ends.iter().all(|end| end.square <= reach * reach)
        && dot(apart, apart) > APART * APART * reach * reach
        && nearest <= closest.square + APART * APART * reach * reach
}

impl Contact {
    fn of_rod(tissue: &impl Tissue, id: (u32, u32), closest: &Closest, facing: &Facing) -> Self {
        Self {
            on_core: closest.on_core,
            outward: facing.outward,
            over: facing.over,
            inside: closest.is_inside(),
            square: closest.square,
            normal: facing.normal,
            ..Self::new(tissue, id, closest.weights)
        }
    }

    /// Of a polyhedron at `pose` that is `over` the tissue.
    pub(super) fn of_solid(
        tissue: &impl Tissue,
        id: (u32, u32),
        pose: &Pose,
        pair: &Pair,
        over: f64,
    ) -> Self {
        let normal = pose.turn(pair.normal);
        Self {
            on_core: pose.place(pair.on_tool),
            outward: normal,
            over,
            inside: true,
            square: over * over,
            normal,
            ..Self::new(tissue, id, pair.weights)
        }
    }

    fn new(tissue: &impl Tissue, id: (u32, u32), weights: [f64; 3]) -> Self {
        let nodes = tissue.triangles()[id.1 as usize];
        Self {
            body: id.0,
            triangle: id.1,
            nodes,
            row: Row::new(weights, [0.0; 3]),
            on_core: [0.0; 3],
            outward: [0.0; 3],
            over: 0.0,
            inside: false,
            square: 0.0,
            normal: [0.0; 3],
        }
    }

    /// By how much the tissue is nearer to the core than `radius`, m.
    pub(super) fn depth_in(&self, tissue: &impl Tissue, radius: f64) -> f64 {
        let point = blend(tissue.corners(self.nodes), self.row.weights);
        radius - dot(self.normal, sub(self.on_core, point))
    }

    /// Whether core and tissue meet in the same points: with the same weights of the same nodes.
    fn is_double_of(&self, other: &Self) -> bool {
        let apart = sub(self.on_core, other.on_core);
        let near = dot(apart, apart) <= INSIDE * INSIDE * self.square;
        near && (0..3).all(|j| {
            let there = other.nodes.iter().position(|n| *n == self.nodes[j]);
            let weight = there.map_or(0.0, |k| other.row.weights[k]);
            (self.row.weights[j] - weight).abs() <= INSIDE
        })
    }

    /// Forces on its nodes if they belong to `body`.
    pub(crate) fn node_forces(
        &self,
        body: u32,
        impulse_length: f64,
    ) -> impl Iterator<Item = (u32, Vec3)> + '_ {
        let lambda = self.row.lambda();
        let mine = self.body == body;
        (0..3).filter(move |_| mine).map(move |j| {
            (
                self.nodes[j],
                scale(lambda, self.row.weights[j] / impulse_length),
            )
        })
    }
}

impl AsMut<Row<3>> for Contact {
    fn as_mut(&mut self) -> &mut Row<3> {
        &mut self.row
    }
}
