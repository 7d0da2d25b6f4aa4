//! Loop's smoothing subdivision as fixed weights (Loop 1987, "Smooth subdivision surfaces based on
//! triangles"; Warren's weights, 1995, for vertices of valence n):
//!
//! ```text
//! edge point    e  = 3/8 (a + b) + 1/8 (c + d)        a, b its ends, c, d the corners across
//! vertex point  v' = (1 - n beta) v + beta sum(v_i)   beta = 3 / (8 n) for n > 3, 3/16 for n = 3
//! crease        e  = 1/2 (a + b),  v' = 3/4 v + 1/8 (v_a + v_b)
//! limit         v_inf = (1 - n gamma) v + gamma sum(v_i),  gamma = 1 / (n + 3 / (8 beta))
//! ```
//!
//! Edges with one or more than two triangles are creases; a vertex with other than two of them is
//! kept. Loop's limit lies inside a convex cage: on a mesh of edge h and radius R by about
//! h^2 / (8 R), so that the picture would miss the surface that an instrument touches. The cage is
//! therefore moved outward first, by one step of Richardson's iteration towards interpolation,
//! p' = p + (p - L p) with L the limit weights; what is left over is (1 - L)^2 p.

use super::edges::{Edges, Neighbours};
use super::stencils::{Row, gathered, product};

/// A surface of one topology, refined.
#[derive(Debug)]
pub(super) struct Subdivision {
    /// The fine triangles; the four parts of one stay together, for the GPU's vertex cache.
    pub triangles: Vec<[u32; 3]>,
    /// How the cage's vertices are moved outward.
    pub outward: Vec<Row>,
    /// The fine vertices as sums of the moved cage's; the first ones stem from its vertices.
    pub fine: Vec<Row>,
}

impl Subdivision {
    pub fn new(triangles: &[[u32; 3]], vertices: usize, levels: u32) -> Self {
        let kept = || (0..vertices as u32).map(|v| vec![(v, 1.0)]).collect();
        let mut surface = Self {
            triangles: triangles.to_vec(),
            outward: kept(),
            fine: kept(),
        };
        for level in 0..levels {
            let edges = Edges::new(&surface.triangles);
            if level == 0 {
                surface.outward = outward(&edges, vertices);
            }
            surface.refine(&edges);
        }
        surface
    }

    fn refine(&mut self, edges: &Edges) {
        let old = self.fine.len();
        let mut points = ring(edges, old, beta, 1.0 / 8.0);
        points.extend(edges.all.iter().map(|edge| {
            let [[a, b], [c, d]] = [edge.ends, edge.opposite];
            match edge.crease {
                true => vec![(a, 0.5), (b, 0.5)],
                false => gathered(vec![(a, 0.375), (b, 0.375), (c, 0.125), (d, 0.125)]),
            }
        }));
        self.fine = product(&points, &self.fine);
        let quarters = |(corners, sides): (&[u32; 3], &[u32; 3])| {
            let [a, b, c] = *corners;
            let [ab, bc, ca] = sides.map(|edge| old as u32 + edge);
            [[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]
        };
        let pairs = self.triangles.iter().zip(&edges.of_triangle);
        self.triangles = pairs.flat_map(quarters).collect();
    }
}

fn beta(valence: usize) -> f64 {
    match valence {
        3 => 3.0 / 16.0,
        n => 3.0 / (8.0 * n.max(1) as f64),
    }
}

fn gamma(valence: usize) -> f64 {
    1.0 / (valence.max(1) as f64 + 3.0 / (8.0 * beta(valence)))
}

/// Rows over each vertex and those around it: `inner` (of the valence) for each of them inside the
/// surface, `crease` for the two along a crease.
fn ring(edges: &Edges, vertices: usize, inner: fn(usize) -> f64, crease: f64) -> Vec<Row> {
    let around = Neighbours::new(edges.all.iter().map(|e| e.ends), vertices);
    let sharp = edges.all.iter().filter(|e| e.crease).map(|e| e.ends);
    let along = Neighbours::new(sharp, vertices);
    let row = |v: usize| {
        let (others, each) = match along.of(v) {
            [] => (around.of(v), inner(around.of(v).len())),
            two @ [_, _] => (two, crease),
            _ => (&[][..], 0.0),
        };
        let own = (v as u32, 1.0 - each * others.len() as f64);
        gathered(others.iter().map(|o| (*o, each)).chain([own]).collect())
    };
    (0..vertices).map(row).collect()
}

/// 2 - L.
fn outward(edges: &Edges, vertices: usize) -> Vec<Row> {
    let limit = ring(edges, vertices, gamma, 1.0 / 6.0);
    let rows = limit.into_iter().enumerate().map(|(v, row)| {
        let back = row.into_iter().map(|(source, weight)| (source, -weight));
        gathered(back.chain([(v as u32, 2.0)]).collect())
    });
    rows.collect()
}
