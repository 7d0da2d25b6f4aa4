//! Contacts of a polyhedron with tissue.
//!
//! Two surfaces of triangles touch, but for chance, in three ways: a node of the tissue on a face, a
//! corner of the tool on a triangle of the tissue, an edge on an edge. Each gives a contact whose
//! normal is known whether the two are apart or have gone into each other:
//!
//! - node x: the nearest point q of the tool's surface; normal of the face, away from the tool;
//! - corner c: normal of the triangle that it lies over or, where it is behind one that faces it, of
//!   the one that it is the least behind;
//! - edges with directions d and e: d x e, pointing into the tool (see `crossing`).
//!
//! A sharp tool's normals are blended where nodes slide over its edges, and tissue's edges under its
//! corners. Of a rounded tool, nodes also touch edges and corners, and corners edges and nodes, along
//! the way between the closest points. Everything is done in the tool's own frame.

use super::bounds::Bounds;
use super::crossing::{Crossing, leaves_by};
use super::find::Contact;
use super::polyhedron::{Corner, Polyhedron};
use super::pose::Pose;
use super::press::blend;
use super::tissue::Tissue;
use super::triangle::{area2, point_triangle};
use crate::vec3::{Vec3, add, dot, finite, norm, scale, sub};

/// Contacts are listed up to this distance, as a share of the gauge.
const SLACK: f64 = 0.25;
/// Distances below this share of the gauge are none.
const NONE: f64 = 1e-6;
/// Share of the gauge by which a corner may be beside a triangle or deeper behind one than behind another,
/// and up to which edges may be in each other anywhere.
const ALIKE: f64 = 0.02;
/// A corner that is behind no triangle.
const NOWHERE: u32 = u32::MAX;

/// What a search works on.
pub(super) struct Search<'a> {
    pub solid: &'a Polyhedron,
    pub pose: Pose,
    pub radius: f64,
    pub contacts: &'a mut Vec<Contact>,
    /// How many contacts there may be.
    pub room: usize,
    /// For each corner the contact with the triangle that it is behind.
    pub behind: &'a mut [u32],
}

/// A triangle of the tissue in the tool's frame.
struct Patch {
    /// Body and triangle.
    id: (u32, u32),
    nodes: [u32; 3],
    points: [Vec3; 3],
    normal: Vec3,
}

/// A pair of points that may not come nearer than the radius, in the tool's frame.
pub(super) struct Pair {
    pub weights: [f64; 3],
    pub on_tool: Vec3,
    /// From the tissue to the tool.
    pub normal: Vec3,
}

impl Search<'_> {
    /// Lists the contacts with the triangles `near` of body `id`.
    pub fn body(&mut self, id: u32, body: &impl Tissue, near: &[(u32, u32)]) {
        self.behind.fill(NOWHERE);
        for &(_, triangle) in near {
            let nodes = body.triangles()[triangle as usize];
            let points = body.corners(nodes).map(|p| self.pose.local(p));
            let normal = area2(&points);
            let twice = norm(normal);
            if twice == 0.0 {
                continue;
            }
            let patch = Patch {
                id: (id, triangle),
                nodes,
                points,
                normal: scale(normal, 1.0 / twice),
            };
            self.nodes(body, &patch);
            self.corners(body, &patch, near);
            self.edges(body, &patch);
        }
    }

    fn reach(&self) -> f64 {
        self.radius + SLACK * (self.solid.gauge + self.radius)
    }

    /// Nodes of the tissue on faces (of a rounded tool also on edges and corners).
    fn nodes(&mut self, body: &impl Tissue, patch: &Patch) {
        let owned = body.owned(patch.id.1);
        for j in (0..3).filter(|j| owned[*j]) {
            let x = patch.points[j];
            let Some(near) = self.solid.nearest(x, self.reach()) else {
                continue;
            };
            let way = sub(near.point, x);
            let distance = norm(way);
            let out = if near.is_inside { -1.0 } else { 1.0 };
            if out * distance > self.reach() {
                continue;
            }
            let rounded = self.radius > 0.0 && distance > NONE * self.solid.gauge;
            let normal = match near.face {
                Some(normal) => scale(normal, -1.0),
                None if rounded || near.is_inside => scale(way, out / distance),
                None => continue,
            };
            let mut weights = [0.0; 3];
            weights[j] = 1.0;
            let pair = Pair {
                weights,
                on_tool: near.point,
                normal,
            };
            let contact = Contact::of_solid(body, patch.id, &self.pose, &pair, out * distance);
            self.list(contact);
        }
    }

    /// Corners of the tool on a triangle.
    fn corners(&mut self, body: &impl Tissue, patch: &Patch, near: &[(u32, u32)]) {
        let solid = self.solid;
        let bounds = Bounds::new(&patch.points).grown(self.reach().max(solid.gauge));
        solid.corner_tree.overlapping(&bounds, |c| {
            let Some((mut pair, over)) = self.corner(patch, &solid.corners[c]) else {
                return;
            };
            if self.radius == 0.0 {
                pair.normal = self.smooth_normal(body, patch, &pair.weights, near);
            }
            let contact = Contact::of_solid(body, patch.id, &self.pose, &pair, over);
            if over < 0.0 {
                let alike = ALIKE * solid.gauge;
                let before = self.contacts.get_mut(self.behind[c] as usize);
                match before {
                    Some(before) if over < before.over - alike => return,
                    Some(before) if over > before.over + alike => {
                        *before = contact;
                        return;
                    }
                    Some(_) => {}
                    None => self.behind[c] = self.contacts.len() as u32,
                }
            }
            self.list(contact);
        });
    }

    /// The corner's contact with the triangle, and its height over it.
    fn corner(&self, patch: &Patch, corner: &Corner) -> Option<(Pair, f64)> {
        if dot(corner.outward, patch.normal) >= 0.0 {
            return None; // the tool comes from the other side
        }
        let closest = point_triangle(corner.point, &patch.points);
        let way = sub(corner.point, closest.on_triangle);
        let (over, distance) = (dot(patch.normal, way), norm(way));
        // Over an edge the corner meets both triangles, so that it is the same on either side.
        let aside = (distance * distance - over * over).max(0.0).sqrt();
        let beside = aside > ALIKE * self.solid.gauge;
        let most = if over < 0.0 {
            self.solid.gauge
        } else {
            self.reach()
        };
        if distance > most {
            return None;
        }
        let normal = match beside {
            false => patch.normal,
            true if self.radius > 0.0 && over > 0.0 => scale(way, 1.0 / distance),
            true => return None,
        };
        let pair = Pair {
            weights: closest.weights,
            on_tool: corner.point,
            normal,
        };
        Some((pair, over))
    }

    /// The normal of the tissue interpolated between its nodes, where it is the mean over the triangles
    /// `near` by their areas (Phong 1975): what a corner feels does not jump when it slides over an edge.
    fn smooth_normal(
        &self,
        body: &impl Tissue,
        patch: &Patch,
        weights: &[f64; 3],
        near: &[(u32, u32)],
    ) -> Vec3 {
        let mut at_nodes = [[0.0; 3]; 3];
        for &(_, triangle) in near {
            let nodes = body.triangles()[triangle as usize];
            for (own, at_node) in patch.nodes.iter().zip(&mut at_nodes) {
                if nodes.contains(own) {
                    *at_node = add(*at_node, area2(&body.corners(nodes)));
                }
            }
        }
        let unit = at_nodes.map(|n| scale(n, 1.0 / norm(n)));
        let mean = blend(unit, *weights);
        let mean = scale(mean, 1.0 / norm(mean));
        if finite(mean) {
            self.pose.turn_back(mean)
        } else {
            patch.normal
        }
    }

    /// Edges of the tool on edges of the tissue.
    fn edges(&mut self, body: &impl Tissue, patch: &Patch) {
        let solid = self.solid;
        let reach = self.reach().max(solid.gauge);
        for i in 0..3 {
            let j = (i + 1) % 3;
            if patch.nodes[i] > patch.nodes[j] {
                continue; // it belongs to the triangle beyond
            }
            let ends = [patch.points[i], patch.points[j]];
            let bounds = Bounds::new(&ends).grown(reach);
            solid.edge_tree.overlapping(&bounds, |e| {
                let edge = &solid.edges[e];
                let Some(crossing) = Crossing::new(edge, &ends, self.radius == 0.0) else {
                    return;
                };
                let over = crossing.over;
                let apart = over > self.reach();
                let deep = over < -ALIKE * solid.gauge;
                if apart || deep && (over < -solid.gauge || !leaves_by(solid, edge, &ends)) {
                    return;
                }
                let mut weights = [0.0; 3];
                (weights[i], weights[j]) = (1.0 - crossing.t, crossing.t);
                let pair = Pair {
                    weights,
                    on_tool: crossing.on_tool,
                    normal: crossing.normal,
                };
                self.list(Contact::of_solid(body, patch.id, &self.pose, &pair, over));
            });
        }
    }

    /// Adds a contact while there is room; so much is reserved that it can only run out where a fine
    /// tool lies deep in coarse tissue.
    fn list(&mut self, contact: Contact) {
        if self.contacts.len() < self.room {
            self.contacts.push(contact);
        }
    }
}
