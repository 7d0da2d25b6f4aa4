//! The surface of a body as contact sees it: what lies beside what, and where it is in this tick.

use super::topology::{around, mean_edge};
use crate::body::SoftBody;
use crate::contact::bounds::Bounds;
use crate::contact::tissue::Tissue;
use crate::mesh::Surface;
use crate::vec3::{Vec3, add, cross, dot, norm, scale, sub};

/// No triangle, no node.
pub(crate) const NONE: u32 = u32::MAX;
/// A convex edge: its nodes and the triangles beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ridge {
    pub nodes: [u32; 2],
    pub triangles: [u32; 2],
}

/// The surface of a body. Nodes are numbered within it, ascending with those of the body.
#[derive(Debug, Clone)]
pub(crate) struct Skin {
    // Model
    /// Ids in the body.
    pub nodes: Vec<u32>,
    pub triangles: Vec<[u32; 3]>,
    /// Triangles around each node: `around[starts[n]..starts[n + 1]]`.
    starts: Vec<u32>,
    around: Vec<u32>,
    /// Triangle across the edge opposite each corner, or [`NONE`].
    pub across: Vec<[u32; 3]>,
    pub ridges: Vec<Ridge>,
    /// For each triangle's corners which of `smooth` belongs to it: one for all triangles around a
    /// node that are smooth with each other.
    pub fans: Vec<[u32; 3]>,
    /// Mean length of the edges at rest, m.
    pub edge: f64,
    /// Kin of each node, ascending: `kin[kin_starts[n]..]`. Empty until asked for.
    pub(super) kin_starts: Vec<u32>,
    pub(super) kin: Vec<u32>,
    // As of the start of the tick
    /// m
    pub points: Vec<Vec3>,
    /// Unit normals at the nodes.
    pub normals: Vec<Vec3>,
    /// The same for each fan.
    pub smooth: Vec<Vec3>,
    normals_are_old: bool,
    /// The box around it, m.
    pub bounds: Bounds,
    /// The longest way of a node in the last tick, m.
    pub step: f64,
}

impl Skin {
    pub fn new(rest: &[Vec3], surface: &Surface) -> Self {
        let mut nodes: Vec<u32> = surface.triangles.iter().flatten().copied().collect();
        nodes.sort_unstable();
        nodes.dedup();
        let number = |n: &u32| nodes.partition_point(|m| m < n) as u32;
        let each = surface.triangles.iter();
        let triangles: Vec<[u32; 3]> = each.map(|t| t.each_ref().map(number)).collect();
        let (starts, around) = around(nodes.len(), &triangles);
        let points: Vec<Vec3> = nodes.iter().map(|n| rest[*n as usize]).collect();
        let mut skin = Self {
            across: Vec::new(),
            ridges: Vec::new(),
            fans: vec![[NONE; 3]; triangles.len()],
            smooth: Vec::new(),
            edge: mean_edge(&points, &triangles),
            kin_starts: Vec::new(),
            kin: Vec::new(),
            normals: vec![[0.0; 3]; nodes.len()],
            normals_are_old: true,
            bounds: Bounds::EMPTY,
            step: 0.0,
            nodes,
            triangles,
            starts,
            around,
            points,
        };
        skin.find_neighbours();
        skin.find_fans();
        skin
    }

    /// The number of a node of the body.
    pub fn number_of(&self, id: u32) -> Option<u32> {
        self.nodes.binary_search(&id).ok().map(|n| n as u32)
    }

    /// The triangle with these nodes of the body, in whichever order.
    pub fn triangle_of(&self, ids: [u32; 3]) -> Option<u32> {
        let [a, b, c] = ids.map(|id| self.number_of(id));
        let (a, b, c) = (a?, b?, c?);
        let is_it = |t: &&u32| {
            let nodes = &self.triangles[**t as usize];
            nodes.contains(&b) && nodes.contains(&c)
        };
        self.around(a).iter().find(is_it).copied()
    }

    /// Triangles around a node.
    pub fn around(&self, node: u32) -> &[u32] {
        let n = node as usize;
        &self.around[self.starts[n] as usize..self.starts[n + 1] as usize]
    }

    /// Whether `node` and one of `others` are kin.
    pub fn is_kin(&self, node: u32, others: &[u32]) -> bool {
        let n = node as usize;
        let kin = &self.kin[self.kin_starts[n] as usize..self.kin_starts[n + 1] as usize];
        others.iter().any(|o| kin.binary_search(o).is_ok())
    }

    /// Looks where the body is, however it came there.
    pub fn look_anew(&mut self, body: &impl Tissue) {
        self.look(body);
        self.step = 0.0;
    }

    /// Looks where the body is at the start of a tick.
    pub fn look(&mut self, body: &impl Tissue) {
        let mut step: f64 = 0.0;
        self.bounds = Bounds::EMPTY;
        for (point, &node) in self.points.iter_mut().zip(&self.nodes) {
            let now = body.position(node);
            let way = sub(now, *point);
            step = step.max(dot(way, way));
            self.bounds.include(&now);
            *point = now;
        }
        self.step = step.sqrt();
        self.normals_are_old = true;
    }

    /// Brings the nodes' normals up to date: those of the triangles around, each weighted by
    /// sin(angle) / (product of the two edges), which is exact on a sphere (Max 1999).
    pub fn update_normals(&mut self) {
        if !std::mem::take(&mut self.normals_are_old) {
            return;
        }
        self.normals.fill([0.0; 3]);
        self.smooth.fill([0.0; 3]);
        for (t, fans) in self.triangles.iter().zip(&self.fans) {
            let p = t.map(|n| self.points[n as usize]);
            let edges = [sub(p[1], p[0]), sub(p[2], p[1]), sub(p[0], p[2])];
            let square = edges.map(|e| dot(e, e));
            let normal = cross(edges[0], edges[1]);
            for (corner, &n) in t.iter().enumerate() {
                let product = square[corner] * square[(corner + 2) % 3];
                if product > 0.0 {
                    let share = scale(normal, 1.0 / product);
                    let (sum, smooth) = (&mut self.normals[n as usize], fans[corner] as usize);
                    *sum = add(*sum, share);
                    self.smooth[smooth] = add(self.smooth[smooth], share);
                }
            }
        }
        for n in self.normals.iter_mut().chain(&mut self.smooth) {
            let length = norm(*n);
            *n = if length > 0.0 {
                scale(*n, 1.0 / length)
            } else {
                *n
            };
        }
    }
}

impl SoftBody {
    /// Its surface for contact with tissue.
    pub(crate) fn skin(&self) -> Skin {
        let mut skin = Skin::new(&self.rest, &self.surface);
        skin.look_anew(self);
        skin
    }
}
