//! On which side of tissue a tool is.

use super::find::Contact;
use super::triangle::{self, Closest, INSIDE};
use crate::vec3::{Vec3, axpy, dot, finite, norm, scale, sub};

/// Cosine between the normal of the surface at its nearest edge and the way out over it, above which
/// the edge lets a core out.
const WELL_BELOW: f64 = 0.7;
/// Distance from a triangle, as a share of its size, up to which a core lies on it: the way to it is
/// rounding then.
const ON: f64 = 1e-9;

/// How a triangle and the core face each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facing {
    /// Unit normal of the triangle.
    pub outward: Vec3,
    /// Height of the closest core point over the triangle's plane, m; negative behind it.
    pub over: f64,
    /// From the tissue to the core; zero where the core lies on the triangle.
    pub normal: Vec3,
}

impl Facing {
    /// None for triangles without area.
    pub fn new(p: &[Vec3; 3], closest: &Closest) -> Option<Self> {
        let outward = triangle::area2(p);
        let area2 = norm(outward);
        if area2 == 0.0 {
            return None;
        }
        let outward = scale(outward, 1.0 / area2);
        let gap = sub(closest.on_core, closest.on_triangle);
        let distance = norm(gap);
        let (over, normal) = if distance > ON * area2.sqrt() {
            (dot(outward, gap), scale(gap, 1.0 / distance))
        } else {
            (0.0, [0.0; 3])
        };
        Some(Self {
            outward,
            over,
            normal,
        })
    }
}

/// On which side of a body's surface the core is: on that of the nearest triangle, when the two come
/// into reach. A core behind some other triangle may just be in front of thin tissue. From then on a
/// core that is outside stays there, because tissue is pushed away from it; where tissue is squeezed
/// flat, its far side may come to be the nearer one.
///
/// Where the nearest point belongs to several triangles, the sign is that of the sum of their
/// normals, weighted by their angles at that point (Baerentzen and Aanaes 2005).
pub(crate) struct Side {
    nearest: f64,
    point: Vec3,
    /// Squares of distances that differ by less are the same, m^2.
    tolerance: f64,
    outward: Vec3,
    pub over: f64,
}

impl Side {
    pub fn new(radius: f64) -> Self {
        Self {
            nearest: f64::INFINITY,
            point: [0.0; 3],
            tolerance: 1e-10 * radius * radius,
            outward: [0.0; 3],
            over: 0.0,
        }
    }

    pub fn see(&mut self, p: &[Vec3; 3], closest: &Closest, facing: &Facing) {
        if closest.square > self.nearest + self.tolerance {
            return;
        }
        if closest.square < self.nearest - self.tolerance {
            (self.outward, self.over) = ([0.0; 3], 0.0);
            self.point = closest.on_triangle;
        }
        // Both sides of thin tissue may be equally near; then the first one counts.
        let apart = sub(closest.on_triangle, self.point);
        if dot(apart, apart) > self.tolerance {
            return;
        }
        self.nearest = self.nearest.min(closest.square);
        let angle = angle_at(p, &closest.weights);
        self.outward = axpy(self.outward, angle, facing.outward);
        self.over += angle * facing.over;
    }

    /// Of the contacts from `first` on keeps those through which this body can be touched.
    pub fn keep_touched(&self, contacts: &mut Vec<Contact>, first: usize) {
        let mut kept = first;
        for i in first..contacts.len() {
            if let Some(contact) = self.touched(contacts[i]) {
                contacts[kept] = contact;
                kept += 1;
            }
        }
        contacts.truncate(kept);
    }

    /// From outside everything is pushed away from the core. From inside the core is pushed out
    /// where it is nearest to the surface, not through the far side.
    fn touched(&self, contact: Contact) -> Option<Contact> {
        if contact.normal == [0.0; 3] {
            let normal = scale(self.outward, 1.0 / norm(self.outward));
            return finite(normal).then_some(Contact { normal, ..contact });
        }
        if self.over >= 0.0 || contact.over >= 0.0 {
            return Some(contact);
        }
        let near_side = dot(contact.outward, self.outward) > 0.0;
        if !near_side {
            return None;
        }
        let normal = scale(contact.normal, -1.0);
        if contact.inside {
            return Some(Contact { normal, ..contact });
        }
        // The nearest edge lets a core out that is well below it; beside it (a folded rim) "behind"
        // means nothing.
        let nearest = contact.square <= self.nearest + self.tolerance;
        let below = dot(self.outward, normal) > WELL_BELOW * norm(self.outward);
        (nearest && below).then_some(Contact { normal, ..contact })
    }
}

/// Angle that a triangle fills around one of its points, rad.
fn angle_at(p: &[Vec3; 3], weights: &[f64; 3]) -> f64 {
    use std::f64::consts::PI;
    if let Some(i) = weights.iter().position(|w| *w > 1.0 - INSIDE) {
        return triangle::angle(p, i);
    }
    if weights.iter().any(|w| *w <= INSIDE) {
        return PI; // on an edge
    }
    2.0 * PI
}
