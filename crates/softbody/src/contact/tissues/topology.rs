//! What lies beside what on a surface, found when a body is added.

use super::skin::{NONE, Ridge, Skin};
use crate::contact::triangle::area2;
use crate::vec3::{Vec3, add, dot, norm, scale, sub};

/// Cosine between the normals of two triangles below which the surface is not smooth across their
/// edge; a convex one is a ridge.
const RIDGE: f64 = 0.87;
/// Nodes within this multiple of the mean edge along the surface are kin: they never touch.
const KINSHIP: f64 = 1.5;

impl Skin {
    /// Numbers the fans: from each corner over smooth edges around its node.
    pub(super) fn find_fans(&mut self) {
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

    /// Corners of a triangle, m.
    fn corners(&self, t: u32) -> [Vec3; 3] {
        self.triangles[t as usize].map(|n| self.points[n as usize])
    }

    fn is_smooth(&self, t: u32, other: u32) -> bool {
        let [n, m] = [t, other].map(|t| area2(&self.corners(t)));
        dot(n, m) >= RIDGE * norm(n) * norm(m)
    }

    pub(super) fn find_neighbours(&mut self) {
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
            let [a, b, c] = self.corners(t);
            scale(add(add(a, b), c), 1.0 / 3.0)
        };
        let convex = dot(area2(&self.corners(t)), sub(middle(other), middle(t))) < 0.0;
        convex && !self.is_smooth(t, other)
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
}

/// Triangles around each node: where they start, and their ids.
pub(super) fn around(nodes: usize, triangles: &[[u32; 3]]) -> (Vec<u32>, Vec<u32>) {
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

/// m
pub(super) fn mean_edge(points: &[Vec3], triangles: &[[u32; 3]]) -> f64 {
    let mut sum = 0.0;
    for t in triangles {
        let p = t.map(|n| points[n as usize]);
        sum += (0..3).map(|i| norm(sub(p[(i + 1) % 3], p[i]))).sum::<f64>();
    }
    sum / (3 * triangles.len()) as f64
}
