//! A surface embedded in tetrahedra: each of its points keeps its barycentric coordinates in the
//! tetrahedron that it lies in at rest, and so follows it (Mueller and Gross 2004, "Interactive
//! virtual materials"; the idea is that of free-form deformation, Sederberg and Parry 1986).
//!
//! ```text
//! x = sum_i w_i x_i,   w_i = V_i / V     V of the tetrahedron, V_i with corner i moved to the point
//! ```
//!
//! The weights sum to one, so that every affine motion is followed exactly. A point outside takes the
//! nearest tetrahedron, of equally near ones that which it leaves least; one of its weights is then
//! negative, and how far outside it lies is kept.
//!
//! When the topology changes:
//! - Unglued: a tetrahedron keeps its id and gets other nodes, which its points follow.
//! - Split: its points are looked for anew, in its parts.
//! - Removed, or with a gap between them: triangles with a corner there, or with corners on both sides
//!   of the gap, are hidden. On both sides of a gap are two tetrahedra that have nodes at the same
//!   place at rest which are not the same. Gaps that run between two tetrahedra that do not touch are not
//!   noticed, so the fine triangles should be smaller than the tetrahedra.

use super::error::FineError;
use super::stencils::Stencils;
use crate::contact::bounds::Bounds;
use crate::contact::tree::Tree;
use crate::contact::triangle::point_triangle;
use crate::mesh::{FACE_NODES, barycentric, is_flat};
use crate::vec3::{Vec3, axpy, finite, norm, scale, sub};

/// How far outside, as a share of a tetrahedron, rounding may put a point that is inside.
const ROUNDING: f64 = 1e-9;
/// How far a point at rest may be from where its weights say, as a share of the tetrahedron's size,
/// before it is looked for anew.
const AWAY: f64 = 1e-6;

/// Tetrahedra at rest; the removed ones too, which have the nodes they had.
#[derive(Debug, Clone, Copy)]
pub struct Tissue<'a> {
    /// Nodes, m.
    pub points: &'a [Vec3],
    /// Node ids.
    pub tetrahedra: &'a [[u32; 4]],
    /// Whether each tetrahedron was removed.
    pub removed: &'a [bool],
}

impl Tissue<'_> {
    fn corners(&self, t: usize) -> [Vec3; 4] {
        self.tetrahedra[t].map(|n| self.points[n as usize])
    }

    fn has_volume(&self, t: usize) -> bool {
        !is_flat(self.points, self.tetrahedra[t])
    }

    /// Refuses what cannot be worked with.
    pub(super) fn check(&self) -> Result<(), FineError> {
        let points = self.points.len();
        for (index, nodes) in self.tetrahedra.iter().enumerate() {
            if let Some(point) = nodes.iter().find(|n| **n as usize >= points) {
                return Err(FineError::OutOfRange {
                    what: "tetrahedron",
                    index,
                    point: *point,
                    points,
                });
            }
        }
        if let Some(index) = self.points.iter().position(|p| !finite(*p)) {
            return Err(FineError::NotFinite {
                what: "node",
                index,
            });
        }
        let (given, needed) = (self.removed.len(), self.tetrahedra.len());
        if given != needed {
            return Err(FineError::Count {
                what: "removed",
                given,
                needed,
            });
        }
        Ok(())
    }

    /// Square of the distance of `q` from tetrahedron `t`, which it lies outside of.
    fn square(&self, t: usize, q: Vec3) -> f64 {
        let p = self.corners(t);
        let faces = FACE_NODES.map(|face| point_triangle(q, &face.map(|i| p[i])).square);
        faces.into_iter().fold(f64::INFINITY, f64::min)
    }

    /// Length of the mean edge, m.
    pub(super) fn mean_edge(&self) -> f64 {
        let pairs = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]];
        let length = |t: usize| -> f64 {
            let p = self.corners(t);
            pairs.iter().map(|[a, b]| norm(sub(p[*a], p[*b]))).sum()
        };
        let count = self.tetrahedra.len();
        (0..count).map(length).sum::<f64>() / (6 * count).max(1) as f64
    }
}

/// Where a point lies: the tetrahedron, its weights there, how far outside (m).
#[derive(Debug, Clone, Copy)]
struct Home {
    tetrahedron: u32,
    weights: [f64; 4],
    distance: f64,
}

impl Home {
    /// The tetrahedron among `candidates` that `q` is deepest in, or leaves least.
    fn best(tissue: &Tissue, candidates: impl Iterator<Item = usize>, q: Vec3) -> Option<Self> {
        let depth = |weights: &[f64; 4]| weights.iter().copied().fold(f64::INFINITY, f64::min);
        let mut best: Option<Self> = None;
        for t in candidates {
            let weights = barycentric(&tissue.corners(t), q);
            let tetrahedron = t as u32;
            // Of equal ones the lowest id, in whatever order they are met.
            let better = best.is_none_or(|b| {
                let (old, new) = (depth(&b.weights), depth(&weights));
                new > old || (new == old && tetrahedron < b.tetrahedron)
            });
            if better {
                best = Some(Self {
                    tetrahedron,
                    weights,
                    distance: 0.0,
                });
            }
        }
        best.map(|mut home| {
            if depth(&home.weights) < -ROUNDING {
                home.distance = tissue.square(home.tetrahedron as usize, q).sqrt();
            }
            home
        })
    }
}

/// The tetrahedra that are there, by their boxes.
struct Search<'a> {
    tissue: &'a Tissue<'a>,
    live: Vec<usize>,
    tree: Tree,
}

impl<'a> Search<'a> {
    fn new(tissue: &'a Tissue<'a>) -> Self {
        let there = |t: &usize| !tissue.removed[*t] && tissue.has_volume(*t);
        let live: Vec<usize> = (0..tissue.tetrahedra.len()).filter(there).collect();
        let tree = Tree::new(live.iter().map(|t| Bounds::new(&tissue.corners(*t))));
        Self { tissue, live, tree }
    }

    fn home(&self, q: Vec3) -> Option<Home> {
        let mut near = Vec::new();
        let here = Bounds::new(&[q]);
        self.tree.overlapping(&here, |i| near.push(self.live[i]));
        let inside = Home::best(self.tissue, near.iter().copied(), q);
        if let Some(home) = inside.filter(|home| home.distance == 0.0) {
            return Some(home);
        }
        let square = |i: usize| self.tissue.square(self.live[i], q);
        let (_, least) = self.tree.nearest(&here, f64::INFINITY, square)?;
        // Tetrahedra around one node or edge are equally near, but for rounding.
        let reach = least.sqrt() * (1.0 + ROUNDING);
        near.clear();
        self.tree
            .overlapping(&here.grown(reach), |i| near.push(self.live[i]));
        near.retain(|t| self.tissue.square(*t, q) <= reach * reach);
        Home::best(self.tissue, near.into_iter(), q)
    }
}

/// Points of a fine surface, each in its tetrahedron.
#[derive(Debug, Clone)]
pub(super) struct Embedding {
    rest: Vec<Vec3>,
    homes: Vec<Home>,
    known: usize,
}

impl Embedding {
    pub fn new(tissue: &Tissue, rest: &[Vec3]) -> Result<Self, FineError> {
        let search = Search::new(tissue);
        let home = |q: &Vec3| search.home(*q).ok_or(FineError::NoTissue);
        Ok(Self {
            rest: rest.to_vec(),
            homes: rest.iter().map(home).collect::<Result<_, _>>()?,
            known: tissue.tetrahedra.len(),
        })
    }

    /// Tetrahedra there were when the points were last looked for.
    pub fn known(&self) -> usize {
        self.known
    }

    /// How far outside each point lies, m.
    pub fn distances(&self) -> impl Iterator<Item = f64> {
        self.homes.iter().map(|home| home.distance)
    }

    /// Weights over the nodes.
    pub fn stencils(&self, tissue: &Tissue) -> Stencils {
        let rows: Vec<[(u32, f64); 4]> = (self.homes.iter())
            .map(|home| {
                let nodes = tissue.tetrahedra[home.tetrahedron as usize];
                std::array::from_fn(|i| (nodes[i], home.weights[i]))
            })
            .collect();
        Stencils::new(rows.iter().map(|row| &row[..]))
    }

    /// Looks for the points of tetrahedra that have been split since.
    pub fn follow(&mut self, tissue: &Tissue) {
        for (home, q) in self.homes.iter_mut().zip(&self.rest) {
            let old = home.tetrahedron as usize;
            let p = tissue.corners(old);
            let size = norm(sub(p[1], p[0]));
            let away = (0..4).fold(scale(*q, -1.0), |sum, i| axpy(sum, home.weights[i], p[i]));
            if norm(away) <= AWAY * size {
                continue;
            }
            let parts = std::iter::once(old).chain(self.known..tissue.tetrahedra.len());
            if let Some(found) = Home::best(tissue, parts, *q) {
                *home = found;
            }
        }
        self.known = tissue.tetrahedra.len();
    }

    /// Whether a triangle is where no tissue is, or reaches over a gap.
    pub fn hides(&self, tissue: &Tissue, triangle: &[u32; 3]) -> bool {
        let homes = triangle.map(|v| self.homes[v as usize].tetrahedron as usize);
        homes.iter().any(|t| tissue.removed[*t])
            || (0..3).any(|i| parted(tissue, homes[i], homes[(i + 1) % 3]))
    }
}

/// Whether two tetrahedra have nodes at the same place at rest that are not the same.
fn parted(tissue: &Tissue, first: usize, second: usize) -> bool {
    let [a, b] = [first, second].map(|t| tissue.tetrahedra[t]);
    let same = |n: u32, m: u32| n != m && tissue.points[n as usize] == tissue.points[m as usize];
    first != second && a.iter().any(|n| b.iter().any(|m| same(*n, *m)))
}
