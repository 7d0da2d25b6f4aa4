//! The surface of a body as contact sees it: what lies beside what, and where it is in this tick.

use crate::body::SoftBody;
use crate::contact::tissue::Tissue;
use crate::mesh::Surface;
use crate::vec3::{Vec3, add, cross, dot, norm, scale, sub};

/// No triangle, no node.
pub(crate) const NONE: u32 = u32::MAX;
/// Cosine between the normals of two triangles below which the surface is not smooth across their
/// edge; a convex one is a ridge.
const RIDGE: f64 = 0.87;
/// Nodes within this multiple of the mean edge along the surface are kin: they never touch.
const KINSHIP: f64 = 1.5;

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
    kin_starts: Vec<u32>,
    kin: Vec<u32>,
    // As of the start of the tick
    /// m
    pub points: Vec<Vec3>,
    /// Unit normals at the nodes.
    pub normals: Vec<Vec3>,
    /// The same for each fan.
    pub smooth: Vec<Vec3>,
    normals_are_old: bool,
    /// The box around it, m.
    pub bounds: [Vec3; 2],
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
            bounds: [[0.0; 3]; 2],
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

    /// Numbers the fans: from each corner over smooth edges around its node.
    fn find_fans(&mut self) {
        let mut fans = 0;
        let mut open = Vec::new();
        for t in 0..self.triangles.len() {
            for corner in 0..3 {
                if self.fans[t][corner] != NONE {
                    continue;
                }
                let node = self.triangles[t][corner];
                open.push(t);
                while let Some(t) = open.pop() {
                    for corner in 0..3 {
                        if self.triangles[t][corner] == node {
                            self.fans[t][corner] = fans;
                            continue;
                        }
                        let next = self.across[t][corner];
                        let new = |next: usize| {
                            let at = self.triangles[next].iter().position(|n| *n == node);
                            at.is_some_and(|c| self.fans[next][c] == NONE)
                        };
                        if next != NONE && new(next as usize) && self.is_smooth(t as u32, next) {
                            open.push(next as usize);
                        }
                    }
                }
                fans += 1;
            }
        }
        self.smooth = vec![[0.0; 3]; fans as usize];
    }

    /// Twice the area of a triangle as a vector.
    fn area(&self, t: u32) -> Vec3 {
        let [a, b, c] = self.triangles[t as usize].map(|n| self.points[n as usize]);
        cross(sub(b, a), sub(c, a))
    }

    fn is_smooth(&self, t: u32, other: u32) -> bool {
        let (n, m) = (self.area(t), self.area(other));
        dot(n, m) >= RIDGE * norm(n) * norm(m)
    }

    fn find_neighbours(&mut self) {
        for t in 0..self.triangles.len() as u32 {
            let across = [0, 1, 2].map(|corner| self.neighbour(t, corner));
            for (corner, other) in across.into_iter().enumerate() {
                if other != NONE && t < other && self.is_ridge(t, other) {
                    let nodes = self.triangles[t as usize];
                    self.ridges.push(Ridge {
                        nodes: [nodes[(corner + 1) % 3], nodes[(corner + 2) % 3]],
                        triangles: [t, other],
                    });
                }
            }
            self.across.push(across);
        }
    }

    fn neighbour(&self, t: u32, corner: usize) -> u32 {
        let nodes = self.triangles[t as usize];
        let (a, b) = (nodes[(corner + 1) % 3], nodes[(corner + 2) % 3]);
        let beside = |o: &&u32| **o != t && self.triangles[**o as usize].contains(&b);
        self.around(a).iter().find(beside).copied().unwrap_or(NONE)
    }

    fn is_ridge(&self, t: u32, other: u32) -> bool {
        let middle = |t: u32| {
            let [a, b, c] = self.triangles[t as usize].map(|n| self.points[n as usize]);
            scale(add(add(a, b), c), 1.0 / 3.0)
        };
        let convex = dot(self.area(t), sub(middle(other), middle(t))) < 0.0;
        convex && !self.is_smooth(t, other)
    }

    /// Triangles around a node.
    pub fn around(&self, node: u32) -> &[u32] {
        let n = node as usize;
        &self.around[self.starts[n] as usize..self.starts[n + 1] as usize]
    }

    /// Lists the kin of every node.
    pub fn find_kin(&mut self, rest: &[Vec3]) {
        if !self.kin_starts.is_empty() {
            return;
        }
        let reach = KINSHIP * self.edge;
        let place = |n: u32| rest[self.nodes[n as usize] as usize];
        let mut kin_starts = vec![0];
        let mut kin: Vec<u32> = Vec::new();
        // By shortest ways along edges (Bellman and Ford), from each node as far as `reach`; the
        // neighbours by an edge are kin at any distance.
        let mut way = vec![f64::INFINITY; self.nodes.len()];
        let mut reached: Vec<u32> = Vec::new();
        for start in 0..self.nodes.len() as u32 {
            reached.push(start);
            way[start as usize] = 0.0;
            let mut next = 0;
            while next < reached.len() {
                let from = reached[next];
                next += 1;
                for &to in self
                    .around(from)
                    .iter()
                    .flat_map(|t| &self.triangles[*t as usize])
                {
                    let length = way[from as usize] + norm(sub(place(to), place(from)));
                    let near = length <= reach || from == start;
                    if near && length < way[to as usize] {
                        way[to as usize] = length;
                        reached.push(to);
                    }
                }
            }
            reached.sort_unstable();
            reached.dedup();
            kin.extend(&reached);
            kin_starts.push(kin.len() as u32);
            reached
                .drain(..)
                .for_each(|n| way[n as usize] = f64::INFINITY);
        }
        (self.kin_starts, self.kin) = (kin_starts, kin);
    }

    /// Whether `node` and one of `others` are kin.
    pub fn is_kin(&self, node: u32, others: &[u32]) -> bool {
        let n = node as usize;
        let kin = &self.kin[self.kin_starts[n] as usize..self.kin_starts[n + 1] as usize];
        others.iter().any(|o| kin.binary_search(o).is_ok())
    }

    /// Looks where the body is at the start of a tick.
    pub fn look(&mut self, body: &impl Tissue) {
        let mut step: f64 = 0.0;
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for (point, &node) in self.points.iter_mut().zip(&self.nodes) {
            let now = body.position(node);
            let way = sub(now, *point);
            step = step.max(dot(way, way));
            for axis in 0..3 {
                low[axis] = low[axis].min(now[axis]);
                high[axis] = high[axis].max(now[axis]);
            }
            *point = now;
        }
        self.step = step.sqrt();
        self.bounds = [low, high];
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
        Skin::new(&self.rest, &self.surface)
    }
}

fn around(nodes: usize, triangles: &[[u32; 3]]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0; nodes + 1];
    for n in triangles.iter().flatten() {
        starts[*n as usize + 1] += 1;
    }
    for n in 0..nodes {
        starts[n + 1] += starts[n];
    }
    let mut next = starts.clone();
    let mut around = vec![0; 3 * triangles.len()];
    for (t, nodes) in triangles.iter().enumerate() {
        for n in nodes {
            around[next[*n as usize] as usize] = t as u32;
            next[*n as usize] += 1;
        }
    }
    (starts, around)
}

fn mean_edge(points: &[Vec3], triangles: &[[u32; 3]]) -> f64 {
    let mut sum = 0.0;
    for t in triangles {
        let p = t.map(|n| points[n as usize]);
        sum += (0..3).map(|i| norm(sub(p[(i + 1) % 3], p[i]))).sum::<f64>();
    }
    sum / (3 * triangles.len()) as f64
}
