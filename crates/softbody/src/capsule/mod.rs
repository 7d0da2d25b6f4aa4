//! The organ's capsule: how far its surface may stretch before it tears.
//!
//! A surface triangle with rest edges E = [E1 E2] (in its plane) and present edges e = [e1 e2]
//! has the in-plane deformation F2 = e E^-1 and the stretch tensor C = F2^T F2. What one triangle
//! shows depends on how the mesh happens to lie: beside a stiff nodule a small one stretches far
//! more than the tissue around it. So C is averaged over a patch of fixed size, each tensor turned
//! into the plane of the triangle in the middle, with the weights of [`patch`]:
//!
//! ```text
//! C = sum w C_i / sum w,    strain = sqrt(largest eigenvalue of C) - 1
//! ```
//!
//! A triangle tears when that strain passes the ultimate local strain of the capsule, and stays torn;
//! the mesh is not opened. Only triangles near a tool are looked at. Where a cut lays tissue bare
//! there is no capsule. A triangle that a cut has halved counts alone, and for no other.

mod patch;

use std::sync::Arc;

use crate::body::SoftBody;
use crate::capsule::patch::Patches;
use crate::mesh::Surface;
use crate::vec3::{Vec3, add, axpy, cross, dot, norm, scale, sub};

/// A triangle of the capsule that tore in the last step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rupture {
    /// The body.
    pub body: u32,
    /// Its surface triangle.
    pub triangle: u32,
    /// The largest in-plane strain around it.
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
    /// By the numbers that triangles had before the first cut.
    patches: Arc<Patches>,
    /// That number of each triangle, NONE where a cut made it.
    before: Vec<u32>,
    /// The present number of each such triangle, NONE where a cut took it.
    now: Vec<u32>,
}

impl Capsule {
    pub fn new(points: &[Vec3], surface: &Surface) -> Self {
        let inverse = |t: &[u32; 3]| inverse_edges(t.map(|n| points[n as usize]));
        let numbers = 0..surface.triangles.len() as u32;
        Self {
            ultimate_strain: f64::INFINITY,
            inverse_edges: surface.triangles.iter().map(inverse).collect(),
            torn: vec![false; surface.triangles.len()],
            patches: Arc::new(Patches::new(points, surface)),
            before: numbers.clone().collect(),
            now: numbers.collect(),
        }
    }

    /// One more triangle, without a capsule: as if its rest edges had no end, so that no strain counts.
    pub fn expose(&mut self) {
        self.inverse_edges.push(BARE);
        self.torn.push(false);
        self.before.push(NONE);
    }

    /// `triangle` vanishes; the last one takes its number.
    pub fn hide(&mut self, triangle: usize) {
        self.part(triangle);
        self.inverse_edges.swap_remove(triangle);
        self.torn.swap_remove(triangle);
        self.before.swap_remove(triangle);
        if let Some(&moved) = self.before.get(triangle).filter(|moved| **moved != NONE) {
            self.now[moved as usize] = triangle as u32;
        }
    }

    /// The first of two triangles became both, with these corners at rest.
    pub fn halve(&mut self, [whole, part]: [usize; 2], corners: [[Vec3; 3]; 2]) {
        self.torn[part] = self.torn[whole];
        self.part(whole);
        if self.inverse_edges[whole] != BARE {
            [self.inverse_edges[whole], self.inverse_edges[part]] = corners.map(inverse_edges);
        }
    }

    /// `triangle` is no longer what it was before the first cut.
    fn part(&mut self, triangle: usize) {
        let before = std::mem::replace(&mut self.before[triangle], NONE);
        if before != NONE {
            self.now[before as usize] = NONE;
        }
    }

    /// Room for `most` triangles in all.
    pub fn hold_room(&mut self, most: usize) {
        let more = most.saturating_sub(self.torn.len());
        self.inverse_edges.reserve_exact(more);
        self.torn.reserve_exact(more);
        self.before.reserve_exact(more);
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

/// No triangle.
const NONE: u32 = u32::MAX;

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

/// An in-plane tensor: the mean of its diagonal, half the difference of its diagonal, and what is off it.
type Plane = [f64; 3];

impl SoftBody {
    /// Largest in-plane strain around surface triangle `triangle`, averaged as [`capsule`](self) says;
    /// -1 where a cut has laid tissue bare, which has no capsule.
    #[must_use]
    pub fn surface_strain(&self, triangle: u32) -> f64 {
        let [mean, deviator, shear] = self.surface_stretch(triangle);
        (mean + (deviator * deviator + shear * shear).sqrt()).sqrt() - 1.0
    }

    /// The mean of C over the patch of `triangle`.
    fn surface_stretch(&self, triangle: u32) -> Plane {
        let Capsule {
            before,
            now,
            patches,
            ..
        } = &self.capsule;
        let before = before[triangle as usize];
        if before == NONE {
            return self.triangle_stretch(triangle);
        }
        let (mut sum, mut weights) = ([0.0; 3], 0.0);
        for member in patches.of(before) {
            let here = now[member.triangle as usize];
            if here != NONE {
                let [mean, deviator, shear] = self.triangle_stretch(here);
                let (w, [cos, sin]) = (f64::from(member.weight), member.turn.map(f64::from));
                let turned = [
                    mean,
                    cos * deviator - sin * shear,
                    sin * deviator + cos * shear,
                ];
                sum = axpy(sum, w, turned);
                weights += w;
            }
        }
        scale(sum, 1.0 / weights)
    }

    /// C of one triangle, in its own axes: the first along its first edge.
    fn triangle_stretch(&self, triangle: u32) -> Plane {
        let p = self.surface.triangles[triangle as usize].map(|n| self.position(n));
        let (e1, e2) = (sub(p[1], p[0]), sub(p[2], p[0]));
        let [ia, ib, ic] = self.capsule.inverse_edges[triangle as usize].map(f64::from);
        let f1 = scale(e1, ia);
        let f2 = add(scale(e1, ib), scale(e2, ic));
        let (c11, c12, c22) = (dot(f1, f1), dot(f1, f2), dot(f2, f2));
        [0.5 * (c11 + c22), 0.5 * (c11 - c22), c12]
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
