//! Closed surfaces of triangles as tools, and what contact asks of them.
//!
//! A face is met by the nodes of tissue, a corner meets the tissue's triangles, an edge its edges; but
//! only where the surface is convex and sharp. In hollows and on flat parts others touch first.

use super::bounds::Bounds;
use super::tree::Tree;
use super::triangle::{Closest, INSIDE, angle, area2, point_triangle};
use crate::error::MeshError;
use crate::vec3::{Vec3, add, axpy, cross, dot, finite, norm, scale, sub};

/// Sine of the angle between two faces from which on their edge is sharp.
const SHARP: f64 = 1e-4;
/// Twice a triangle's area over the square of its longest edge, below which it counts as flat.
const FLAT: f64 = 1e-9;
/// Gauges from a node inside to the nearest face, up to which it is pushed out: from the middle of a
/// sphere as well.
const DEEPEST: f64 = 3.0;

/// A sharp edge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub ends: [Vec3; 2],
    /// Directions in its two faces, square to it and away from it.
    pub inward: [Vec3; 2],
    /// Normals of its two faces.
    pub normals: [Vec3; 2],
}

/// A sharp corner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corner {
    pub point: Vec3,
    /// Normal of the surface there, weighted by angle (Baerentzen and Aanaes 2005).
    pub outward: Vec3,
}

/// A face with its normal, and the sums of normals along its edges (edge i lies opposite corner i) and
/// at its corners.
#[derive(Debug, Clone, Copy)]
struct Face {
    points: [Vec3; 3],
    normal: Vec3,
    at_edges: [Vec3; 3],
    at_corners: [Vec3; 3],
}

/// The point of a surface nearest to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nearest {
    pub point: Vec3,
    /// Unit normal of the face if the point lies inside of one.
    pub face: Option<Vec3>,
    /// Whether the other point is inside the solid.
    pub is_inside: bool,
}

/// A solid that is bounded by triangles, in its own frame.
#[derive(Debug, Clone)]
pub(crate) struct Polyhedron {
    faces: Vec<Face>,
    face_tree: Tree,
    pub edges: Vec<Edge>,
    pub edge_tree: Tree,
    pub corners: Vec<Corner>,
    pub corner_tree: Tree,
    pub bounds: Bounds,
    /// Distance of its farthest point from the origin, m.
    pub arm: f64,
    /// Volume over surface: half the thickness of a plate, a third of the radius of a sphere, m.
    pub gauge: f64,
}

impl Polyhedron {
    /// Validates a closed surface, outward or inward all over.
    pub fn new(points: &[Vec3], triangles: &[[u32; 3]]) -> Result<Self, MeshError> {
        check(points, triangles)?;
        let normals = triangles.iter().map(|t| area2(&corners(points, t)));
        let areas2: Vec<f64> = normals.map(norm).collect();
        let volume6 = triangles.iter().map(|t| {
            let [a, b, c] = t.map(|n| sub(points[n as usize], points[triangles[0][0] as usize]));
            dot(a, cross(b, c))
        });
        let (volume6, area2): (f64, f64) = (volume6.sum(), areas2.iter().sum());
        let used: Vec<Vec3> = triangles
            .iter()
            .flatten()
            .map(|n| points[*n as usize])
            .collect();
        let bounds = Bounds::new(&used);
        let extent = norm(sub(bounds.high, bounds.low));
        if volume6.abs() < FLAT * area2 * extent {
            return Err(MeshError::NoVolume);
        }
        let outward = |t: &[u32; 3]| {
            if volume6 > 0.0 {
                *t
            } else {
                [t[0], t[2], t[1]]
            }
        };
        let triangles: Vec<_> = triangles.iter().map(outward).collect();
        let neighbours = neighbours(&triangles)?;
        let mut solid = Self {
            faces: Vec::new(),
            face_tree: Tree::default(),
            edges: Vec::new(),
            edge_tree: Tree::default(),
            corners: Vec::new(),
            corner_tree: Tree::default(),
            bounds,
            arm: used.iter().map(|p| norm(*p)).fold(0.0, f64::max),
            gauge: volume6.abs() / 3.0 / area2,
        };
        solid.build(points, &triangles, &neighbours);
        Ok(solid)
    }

    fn build(&mut self, points: &[Vec3], triangles: &[[u32; 3]], neighbours: &[[u32; 3]]) {
        let normal = |t: &[u32; 3]| {
            let n = area2(&corners(points, t));
            scale(n, 1.0 / norm(n))
        };
        let normals: Vec<Vec3> = triangles.iter().map(normal).collect();
        let mut at_points = vec![[0.0; 3]; points.len()];
        let mut is_sharp = vec![false; points.len()];
        for (f, t) in triangles.iter().enumerate() {
            for i in 0..3 {
                let (start, end) = (t[(i + 1) % 3], t[(i + 2) % 3]);
                let corner = &mut at_points[t[i] as usize];
                *corner = axpy(*corner, angle(&corners(points, t), i), normals[f]);
                let other = neighbours[f][i] as usize;
                let ends = [start, end].map(|n| points[n as usize]);
                let edge = Edge::new(ends, normals[f], normals[other]);
                if dot(edge.inward[0], normals[other]) < -SHARP {
                    is_sharp[start as usize] = true;
                    is_sharp[end as usize] = true;
                    if start < end {
                        self.edges.push(edge); // its other face comes with start > end
                    }
                }
            }
        }
        for (f, t) in triangles.iter().enumerate() {
            self.faces.push(Face {
                points: corners(points, t),
                normal: normals[f],
                at_edges: neighbours[f].map(|other| add(normals[f], normals[other as usize])),
                at_corners: t.map(|n| at_points[n as usize]),
            });
        }
        let corners = (0..points.len()).filter(|n| is_sharp[*n]);
        self.corners.extend(corners.map(|n| Corner {
            point: points[n],
            outward: at_points[n],
        }));
        self.face_tree = Tree::new(self.faces.iter().map(|f| Bounds::new(&f.points)));
        self.edge_tree = Tree::new(self.edges.iter().map(|e| Bounds::new(&e.ends)));
        self.corner_tree = Tree::new(self.corners.iter().map(|c| Bounds::new(&[c.point])));
    }

    /// The nearest point of the surface to `p`, which may lie up to `reach` outside.
    pub fn nearest(&self, p: Vec3, reach: f64) -> Option<Nearest> {
        let reach = reach.max(DEEPEST * self.gauge);
        let square = |f: usize| point_triangle(p, &self.faces[f].points).square;
        let near = self
            .face_tree
            .nearest(&Bounds::new(&[p]), reach * reach, square);
        let face = &self.faces[near?.0];
        let closest = point_triangle(p, &face.points);
        let normal = face.normal_at(&closest);
        let from_surface = sub(p, closest.on_triangle);
        Some(Nearest {
            point: closest.on_triangle,
            face: closest.is_inside().then_some(face.normal),
            is_inside: dot(normal, from_surface) < 0.0,
        })
    }

    /// Distance of its surface to a box, m, or somewhat less.
    pub fn distance(&self, bounds: &Bounds) -> f64 {
        let square = |f: usize| Bounds::new(&self.faces[f].points).square(bounds);
        let near = self.face_tree.nearest(bounds, f64::INFINITY, square);
        near.map_or(0.0, |(_, square)| square.sqrt())
    }

    /// The eight points and twelve outward triangles of a box.
    pub fn boxed(half: Vec3) -> ([Vec3; 8], [[u32; 3]; 12]) {
        let sign = |bit: usize| if bit == 0 { -1.0 } else { 1.0 };
        let points =
            std::array::from_fn(|n| [0, 1, 2].map(|axis| sign(n >> axis & 1) * half[axis]));
        let triangles = [
            [0, 2, 3],
            [0, 3, 1],
            [4, 5, 7],
            [4, 7, 6], // z
            [0, 1, 5],
            [0, 5, 4],
            [2, 6, 7],
            [2, 7, 3], // y
            [0, 4, 6],
            [0, 6, 2],
            [1, 3, 7],
            [1, 7, 5], // x
        ];
        (points, triangles)
    }
}

impl Edge {
    /// Counter-clockwise in the face with the normal `mine`.
    fn new(ends: [Vec3; 2], mine: Vec3, other: Vec3) -> Self {
        let along = sub(ends[1], ends[0]);
        let along = scale(along, 1.0 / norm(along));
        Self {
            ends,
            inward: [cross(mine, along), cross(along, other)],
            normals: [mine, other],
        }
    }
}

impl Face {
    /// Normal of the surface at a point of this face; on edges and at corners the sum that tells inside
    /// from outside (Baerentzen and Aanaes 2005).
    fn normal_at(&self, closest: &Closest) -> Vec3 {
        if let Some(i) = closest.weights.iter().position(|w| *w > 1.0 - INSIDE) {
            return self.at_corners[i];
        }
        let edge = closest.weights.iter().position(|w| *w <= INSIDE);
        edge.map_or(self.normal, |i| self.at_edges[i])
    }
}

fn corners(points: &[Vec3], t: &[u32; 3]) -> [Vec3; 3] {
    t.map(|n| points[n as usize])
}

fn check(points: &[Vec3], triangles: &[[u32; 3]]) -> Result<(), MeshError> {
    if triangles.is_empty() {
        return Err(MeshError::NoVolume);
    }
    if let Some(node) = points.iter().position(|p| !finite(*p)) {
        return Err(MeshError::NotFinite { node });
    }
    for (triangle, t) in triangles.iter().enumerate() {
        if let Some(node) = t.iter().find(|n| **n as usize >= points.len()) {
            let (node, nodes) = (u64::from(*node), points.len());
            return Err(MeshError::NoSuchPoint {
                triangle,
                node,
                nodes,
            });
        }
        let p = corners(points, t);
        let longest = [0, 1, 2].map(|i| norm(sub(p[i], p[(i + 1) % 3])));
        let longest = longest.into_iter().fold(0.0, f64::max);
        let area2 = norm(area2(&p));
        if area2.is_nan() || area2 <= FLAT * longest * longest {
            return Err(MeshError::FlatTriangle { triangle });
        }
    }
    Ok(())
}

/// For edge i (opposite corner i) of each triangle the triangle beyond.
fn neighbours(triangles: &[[u32; 3]]) -> Result<Vec<[u32; 3]>, MeshError> {
    let mut found = vec![[0; 3]; triangles.len()];
    let mut edges = Vec::with_capacity(3 * triangles.len());
    for (f, t) in triangles.iter().enumerate() {
        for i in 0..3 {
            let (a, b) = (t[(i + 1) % 3], t[(i + 2) % 3]);
            edges.push(([a.min(b), a.max(b)], a < b, f, i));
        }
    }
    edges.sort_unstable();
    for run in edges.chunk_by(|a, b| a.0 == b.0) {
        let [first, second] = run[0].0;
        match run {
            [_] => return Err(MeshError::Open { first, second }),
            [a, b] if a.1 != b.1 => {
                found[a.2][a.3] = b.2 as u32;
                found[b.2][b.3] = a.2 as u32;
            }
            [_, _] => return Err(MeshError::TurnedOver { first, second }),
            _ => return Err(MeshError::Branching { first, second }),
        }
    }
    Ok(found)
}
