//! The organ's capsule: how far its surface may stretch before it tears.
//!
//! A surface triangle with rest edges E = [E1 E2] (in its plane) and present edges e = [e1 e2]
//! has the in-plane deformation F2 = e E^-1. Its largest principal stretch is the root of the
//! larger eigenvalue of C = F2^T F2, and its strain that stretch minus one. A triangle tears when
//! the strain passes the ultimate local strain of the capsule and stays torn; the mesh is not
//! opened. Only triangles near a tool are looked at. Where a cut lays tissue bare there is no capsule.

use crate::body::SoftBody;
use crate::mesh::Surface;
use crate::vec3::{Vec3, add, cross, dot, norm, scale, sub};

/// A triangle of the capsule that tore in the last step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rupture {
    /// The body.
    pub body: u32,
    /// Its surface triangle.
    pub triangle: u32,
    /// Its largest in-plane strain.
    pub strain: f64,
    /// Centre of the triangle, world, m.
    pub point: Vec3,
    /// Centre of the triangle at rest, m.
    pub rest_point: Vec3,
}

/// Limit and state of a body's surface.
#[derive(Debug, Clone)]
pub(crate) struct Capsule {
    pub ultimate_strain: f64,
    /// Inverse of the rest edges in the triangle's own frame: [1/a, -b/(a c), 1/c].
    inverse_edges: Vec<[f32; 3]>,
    torn: Vec<bool>,
}

impl Capsule {
    pub fn new(points: &[Vec3], surface: &Surface) -> Self {
        let inverse = |t: &[u32; 3]| inverse_edges(t.map(|n| points[n as usize]));
        Self {
            ultimate_strain: f64::INFINITY,
            inverse_edges: surface.triangles.iter().map(inverse).collect(),
            torn: vec![false; surface.triangles.len()],
        }
    }

    /// One more triangle, without a capsule: as if its rest edges had no end, so that no strain counts.
    pub fn expose(&mut self) {
        self.inverse_edges.push(BARE);
        self.torn.push(false);
    }

    /// `triangle` vanishes; the last one takes its number.
    pub fn hide(&mut self, triangle: usize) {
        self.inverse_edges.swap_remove(triangle);
        self.torn.swap_remove(triangle);
    }

    /// The first of two triangles became both, with these corners at rest.
    pub fn halve(&mut self, [whole, part]: [usize; 2], corners: [[Vec3; 3]; 2]) {
        self.torn[part] = self.torn[whole];
        if self.inverse_edges[whole] != BARE {
            [self.inverse_edges[whole], self.inverse_edges[part]] = corners.map(inverse_edges);
        }
    }

    /// Room for `most` triangles in all.
    pub fn hold_room(&mut self, most: usize) {
        let more = most.saturating_sub(self.torn.len());
        self.inverse_edges.reserve_exact(more);
        self.torn.reserve_exact(more);
    }

    pub fn is_torn(&self, triangle: u32) -> bool {
        self.torn.get(triangle as usize).copied().unwrap_or(false)
    }

    pub fn digest(&self, digest: &mut crate::digest::Digest) {
        digest.number(self.ultimate_strain);
        for (i, _) in self.torn.iter().enumerate().filter(|(_, torn)| **torn) {
            digest.word(i as u64);
        }
    }
}

/// Of a triangle of bare tissue.
const BARE: [f32; 3] = [0.0; 3];

/// Of a triangle with these corners at rest.
fn inverse_edges(p: [Vec3; 3]) -> [f32; 3] {
    let (e1, e2) = (sub(p[1], p[0]), sub(p[2], p[0]));
    // In the frame along e1: E1 = (a, 0), E2 = (b, c).
    let a = norm(e1);
    let b = dot(e1, e2) / a;
    let c = norm(cross(e1, e2)) / a;
    [1.0 / a, -b / (a * c), 1.0 / c].map(|x| x as f32)
}

impl SoftBody {
    /// Largest in-plane strain of surface triangle `triangle`; -1 where a cut has laid tissue bare, which
    /// has no capsule.
    #[must_use]
    pub fn surface_strain(&self, triangle: u32) -> f64 {
        let p = self.surface.triangles[triangle as usize].map(|n| self.position(n));
        let (e1, e2) = (sub(p[1], p[0]), sub(p[2], p[0]));
        let [ia, ib, ic] = self.capsule.inverse_edges[triangle as usize].map(f64::from);
        let f1 = scale(e1, ia);
        let f2 = add(scale(e1, ib), scale(e2, ic));
        let (c11, c12, c22) = (dot(f1, f1), dot(f1, f2), dot(f2, f2));
        let half = 0.5 * (c11 + c22);
        let radius = (0.25 * (c11 - c22) * (c11 - c22) + c12 * c12).sqrt();
        (half + radius).sqrt() - 1.0
    }

    /// Tears `triangle` of body `body` if it is stretched beyond the limit.
    pub(crate) fn tear(&mut self, body: u32, triangle: u32, strain: f64) -> Option<Rupture> {
        let torn = &mut self.capsule.torn[triangle as usize];
        if *torn || strain <= self.capsule.ultimate_strain {
            return None;
        }
        *torn = true;
        let nodes = self.surface.triangles[triangle as usize];
        let centre = |p: [Vec3; 3]| scale(add(add(p[0], p[1]), p[2]), 1.0 / 3.0);
        Some(Rupture {
            body,
            triangle,
            strain,
            point: centre(nodes.map(|n| self.position(n))),
            rest_point: centre(nodes.map(|n| self.rest_position(n))),
        })
    }
}
