//! How near a node is to a surface, on which side, and how near two ridges are to each other.
//!
//! A node of one surface touches a triangle of another only where both face each other: the far side
//! of thin tissue faces away from what comes from this side, and so it never pulls it through. On
//! which side of the surface a node is follows from the normal of what it is nearest to, a triangle,
//! an edge (the sum of two) or a node (Baerentzen and Aanaes 2005, with the weights of Max 1999).

use super::skin::{NONE, Ridge, Skin};
use crate::contact::triangle::{Closest, INSIDE, area2, point_triangle};
use crate::vec3::{Vec3, add, axpy, cross, dot, norm, scale, sub};

/// Surfaces face each other where the cosine between their normals is below minus this.
const FACING: f64 = 0.1;
/// Distance, as a share of the triangle's size, up to which the way to a node is rounding.
const ON: f64 = 1e-4;
/// The same, up to which a node beside the rim of a face still lies on the face: rims that coincide
/// would carry by chance otherwise.
const RIM: f64 = 0.05;
/// Cosine between the way to an edge or a corner and the normal there, below which the node is
/// beside the surface, neither over it nor under it.
const BESIDE: f64 = 0.85;
/// Most triangles that a node passes over in a substep.
const HOPS: usize = 8;
/// sin^2 of the angle below which two ridges are parallel.
const PARALLEL: f64 = 0.01;
/// Tolerance of the cosine that tells whether a direction lies between the normals beside a ridge:
/// a narrow rim rolls under load.
const BETWEEN: f64 = 0.25;

/// Unit normal of a triangle; zero where it has no area.
pub(super) fn face_normal(p: &[Vec3; 3]) -> Vec3 {
    unit(area2(p))
}

fn unit(v: Vec3) -> Vec3 {
    let length = norm(v);
    if length > 0.0 {
        scale(v, 1.0 / length)
    } else {
        [0.0; 3]
    }
}

/// Whether surfaces with these unit normals face each other.
pub(super) fn facing(a: Vec3, b: Vec3) -> bool {
    dot(a, b) < -FACING
}

/// A surface, and where its nodes are now.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a, P: Fn(u32) -> Vec3> {
    pub skin: &'a Skin,
    pub at: P,
}

/// What a node is to a surface.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proximity {
    /// Behind the surface.
    pub inside: bool,
    /// Neither over the surface nor under it.
    pub beside: bool,
    /// Where on the triangle, or just past its rim, the node is.
    pub weights: [f64; 3],
    /// Unit vector out of the surface.
    pub normal: Vec3,
    /// Distance along it, m, negative behind the surface.
    pub gap: f64,
}

impl<P: Fn(u32) -> Vec3> Shape<'_, P> {
    pub fn corners(&self, t: u32) -> [Vec3; 3] {
        self.skin.triangles[t as usize].map(&self.at)
    }

    /// From triangle `from` to the nearest one that faces `normal`, as long as each is nearer to
    /// `p` than the last. A node that is being squeezed through thin tissue is led back to the
    /// side that it came from in this way.
    pub fn nearest(&self, from: u32, p: Vec3, normal: Vec3) -> (u32, Closest) {
        let mut best = (from, point_triangle(p, &self.corners(from)));
        for _ in 0..HOPS {
            let here = best;
            let mut try_also = |t: u32| {
                let corners = self.corners(t);
                let closest = point_triangle(p, &corners);
                let nearer = closest.square < best.1.square;
                if nearer && facing(face_normal(&corners), normal) {
                    best = (t, closest);
                }
            };
            match place(&here.1) {
                Place::Face => {}
                Place::Edge(corner) => {
                    let across = self.skin.across[here.0 as usize][corner];
                    if across != NONE {
                        try_also(across);
                    }
                }
                Place::Corner(corner) => {
                    let node = self.skin.triangles[here.0 as usize][corner];
                    self.skin.around(node).iter().for_each(|t| try_also(*t));
                }
            }
            if best.0 == here.0 {
                break;
            }
        }
        best
    }

    /// What `p` is to triangle `t`, to which it is `closest`.
    pub fn judge(&self, t: u32, closest: &Closest, p: Vec3) -> Proximity {
        let corners = self.corners(t);
        let way = sub(p, closest.on_triangle);
        let (distance, place) = (norm(way), place(closest));
        let size = norm(sub(corners[1], corners[0]));
        let over = dot(self.outward(t, &place), way);
        let beside = over.abs() < BESIDE * distance;
        let past_rim = beside && distance <= RIM * size;
        if past_rim || distance <= ON * size {
            let normal = self.smooth(t, &closest.weights);
            let (weights, way) = if past_rim {
                foot(p, &corners)
            } else {
                (closest.weights, way)
            };
            let gap = dot(normal, way);
            return Proximity {
                inside: gap < 0.0,
                beside: false,
                weights,
                normal,
                gap,
            };
        }
        Proximity {
            inside: over < 0.0,
            beside,
            weights: closest.weights,
            normal: scale(way, 1.0_f64.copysign(over) / distance),
            gap: distance.copysign(over),
        }
    }

    /// Normal of the smooth surface that the triangles stand for (Phong 1975): where a node lies on a
    /// surface it must not depend on which of two triangles it lies on, or forces flicker. Past a rim
    /// it is that of the face.
    fn smooth(&self, t: u32, weights: &[f64; 3]) -> Vec3 {
        let fans = self.skin.fans[t as usize];
        let each = fans.iter().zip(weights);
        unit(each.fold([0.0; 3], |sum, (fan, w)| {
            axpy(sum, *w, self.skin.smooth[*fan as usize])
        }))
    }

    /// Normal of triangle `t` at one of its points.
    fn outward(&self, t: u32, place: &Place) -> Vec3 {
        let face = |t: u32| face_normal(&self.corners(t));
        match place {
            Place::Face => face(t),
            Place::Edge(corner) => match self.skin.across[t as usize][*corner] {
                NONE => face(t),
                other => unit(add(face(t), face(other))),
            },
            Place::Corner(corner) => {
                self.skin.normals[self.skin.triangles[t as usize][*corner] as usize]
            }
        }
    }

    /// Mean unit normal beside a ridge, and its cosine to both.
    fn crest(&self, ridge: &Ridge) -> (Vec3, f64) {
        let [a, b] = ridge.triangles.map(|t| face_normal(&self.corners(t)));
        let crest = unit(add(a, b));
        (crest, dot(crest, a))
    }
}

/// Foot of the perpendicular from `q` to the plane of triangle `p`, in barycentric coordinates that may
/// be negative, and the way from there.
fn foot(q: Vec3, p: &[Vec3; 3]) -> ([f64; 3], Vec3) {
    let (d, e, to) = (sub(p[1], p[0]), sub(p[2], p[0]), sub(q, p[0]));
    let normal = cross(d, e);
    let square = dot(normal, normal);
    let v = dot(cross(to, e), normal) / square;
    let w = dot(cross(d, to), normal) / square;
    let way = scale(normal, dot(to, normal) / square);
    ([1.0 - v - w, v, w], way)
}

/// The part of a triangle that a closest point lies on.
enum Place {
    Face,
    /// The edge opposite this corner.
    Edge(usize),
    Corner(usize),
}

fn place(closest: &Closest) -> Place {
    let w = &closest.weights;
    if let Some(corner) = w.iter().position(|w| *w > 1.0 - INSIDE) {
        return Place::Corner(corner);
    }
    w.iter()
        .position(|w| *w <= INSIDE)
        .map_or(Place::Face, Place::Edge)
}

/// Where two ridges cross.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    /// Weights of the ends of the first, and of the second.
    pub weights: [f64; 4],
    /// Unit vector from the second to the first.
    pub normal: Vec3,
    /// Distance along it, m, negative where they have passed through each other.
    pub gap: f64,
}

/// How ridge `r` of `a` crosses ridge `s` of `b`: where the line that is normal to both lies within
/// both, and points out of both between the normals beside them. Parallel ridges do not cross.
pub(super) fn crossing<P: Fn(u32) -> Vec3, Q: Fn(u32) -> Vec3>(
    (a, r): (&Shape<P>, &Ridge),
    (b, s): (&Shape<Q>, &Ridge),
) -> Option<Crossing> {
    let (p, q) = (r.nodes.map(&a.at), s.nodes.map(&b.at));
    let (d, e, way) = (sub(p[1], p[0]), sub(q[1], q[0]), sub(p[0], q[0]));
    let (dd, ee, de) = (dot(d, d), dot(e, e), dot(d, e));
    let determinant = dd * ee - de * de;
    if determinant <= PARALLEL * dd * ee {
        return None;
    }
    let x = (de * dot(e, way) - ee * dot(d, way)) / determinant;
    let y = (dd * dot(e, way) - de * dot(d, way)) / determinant;
    let within = |x: f64| x > INSIDE && x < 1.0 - INSIDE;
    if !(within(x) && within(y)) {
        return None;
    }
    let ((up, wide), (down, broad)) = (b.crest(s), a.crest(r));
    let across = unit(cross(d, e));
    let normal = scale(across, 1.0_f64.copysign(dot(across, up)));
    let between = |cosine: f64, least: f64| cosine >= (least - BETWEEN).max(BETWEEN);
    let fits = between(dot(normal, up), wide) && between(-dot(normal, down), broad);
    let gap = dot(normal, axpy(axpy(way, x, d), -y, e));
    fits.then_some(Crossing {
        weights: [1.0 - x, x, 1.0 - y, y],
        normal,
        gap,
    })
}
