//! Closest points of a triangle and a point or a segment.

use crate::vec3::{Vec3, add, axpy, cross, dot, norm, scale, sub};

/// Below this barycentric weight a closest point counts as on an edge.
pub(crate) const INSIDE: f64 = 1e-6;

/// Twice the area of a triangle, along its normal.
pub(crate) fn area2(p: &[Vec3; 3]) -> Vec3 {
    cross(sub(p[1], p[0]), sub(p[2], p[0]))
}

/// Angle of a triangle at corner `i`, rad.
pub(crate) fn angle(p: &[Vec3; 3], i: usize) -> f64 {
    let (a, b) = (sub(p[(i + 1) % 3], p[i]), sub(p[(i + 2) % 3], p[i]));
    libm::atan2(norm(cross(a, b)), dot(a, b))
}

/// A pair of closest points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closest {
    /// Barycentric coordinates on the triangle.
    pub weights: [f64; 3],
    /// The point on the triangle.
    pub on_triangle: Vec3,
    /// The point on the other shape's core.
    pub on_core: Vec3,
    /// Squared distance.
    pub square: f64,
}

impl Closest {
    fn new(weights: [f64; 3], p: &[Vec3; 3], on_core: Vec3) -> Self {
        let on_triangle = axpy(
            axpy(scale(p[0], weights[0]), weights[1], p[1]),
            weights[2],
            p[2],
        );
        let gap = sub(on_core, on_triangle);
        Self {
            weights,
            on_triangle,
            on_core,
            square: dot(gap, gap),
        }
    }

    /// Whether the point lies inside the triangle, not on an edge or a corner.
    pub(crate) fn is_inside(&self) -> bool {
        self.weights.iter().all(|w| *w > INSIDE)
    }
}

/// Closest point of triangle `p` to `q`, by the Voronoi region that `q` lies in (Ericson 2004,
/// 5.1.5).
#[must_use]
pub fn point_triangle(q: Vec3, p: &[Vec3; 3]) -> Closest {
    let (ab, ac, aq) = (sub(p[1], p[0]), sub(p[2], p[0]), sub(q, p[0]));
    let (d1, d2) = (dot(ab, aq), dot(ac, aq));
    if d1 <= 0.0 && d2 <= 0.0 {
        return Closest::new([1.0, 0.0, 0.0], p, q);
    }
    let bq = sub(q, p[1]);
    let (d3, d4) = (dot(ab, bq), dot(ac, bq));
    if d3 >= 0.0 && d4 <= d3 {
        return Closest::new([0.0, 1.0, 0.0], p, q);
    }
    let vc = d1 * d4 - d3 * d2;
    if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        let t = d1 / (d1 - d3);
        return Closest::new([1.0 - t, t, 0.0], p, q);
    }
    let cq = sub(q, p[2]);
    let (d5, d6) = (dot(ab, cq), dot(ac, cq));
    if d6 >= 0.0 && d5 <= d6 {
        return Closest::new([0.0, 0.0, 1.0], p, q);
    }
    let vb = d5 * d2 - d1 * d6;
    if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        let t = d2 / (d2 - d6);
        return Closest::new([1.0 - t, 0.0, t], p, q);
    }
    let va = d3 * d6 - d5 * d4;
    if va <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0 {
        let t = (d4 - d3) / ((d4 - d3) + (d5 - d6));
        return Closest::new([0.0, 1.0 - t, t], p, q);
    }
    let sum = va + vb + vc;
    Closest::new([va / sum, vb / sum, vc / sum], p, q)
}

/// Closest points of triangle `p` and the segment from `a` to `b`: the better of both ends
/// against the triangle, the segment against each edge, and the point where the segment pierces
/// the triangle.
#[must_use]
pub fn segment_triangle(a: Vec3, b: Vec3, p: &[Vec3; 3]) -> Closest {
    let mut best = point_triangle(a, p);
    let mut keep = |other: Closest| {
        if other.square < best.square {
            best = other;
        }
    };
    keep(point_triangle(b, p));
    for (i, j) in [(0, 1), (1, 2), (2, 0)] {
        let (s, t) = segment_segment(a, b, p[i], p[j]);
        let mut weights = [0.0; 3];
        weights[i] = 1.0 - t;
        weights[j] = t;
        keep(Closest::new(weights, p, axpy(a, s, sub(b, a))));
    }
    if let Some(pierced) = pierce(a, b, p) {
        keep(pierced);
    }
    best
}

/// Both ends of the part of the segment from `a` to `b` that lies over triangle `p`, with the points
/// below them, if there is one: the segment is cut at the planes through the triangle's edges (Cyrus
/// and Beck 1978).
#[must_use]
pub fn overlap(a: Vec3, b: Vec3, p: &[Vec3; 3]) -> Option<[Closest; 2]> {
    let normal = area2(p);
    let square = dot(normal, normal);
    // Barycentric coordinates of what lies below a point; the third is 1 minus the others.
    let weight = |q: Vec3, i: usize| {
        let (j, k) = (p[(i + 1) % 3], p[(i + 2) % 3]);
        dot(normal, cross(sub(k, j), sub(q, j))) / square
    };
    let (mut from, mut to): (f64, f64) = (0.0, 1.0);
    for i in 0..3 {
        let (start, end) = (weight(a, i), weight(b, i));
        if start < 0.0 && end < 0.0 {
            return None;
        }
        let crossing = start / (start - end);
        if start < 0.0 {
            from = from.max(crossing);
        } else if end < 0.0 {
            to = to.min(crossing);
        }
    }
    (from < to).then(|| [from, to].map(|s| point_triangle(axpy(a, s, sub(b, a)), p)))
}

/// Parameters s, t in [0, 1] of the closest points a + s (b - a), c + t (d - c) (Ericson 2004,
/// 5.1.9).
fn segment_segment(a: Vec3, b: Vec3, c: Vec3, d: Vec3) -> (f64, f64) {
    let (d1, d2, r) = (sub(b, a), sub(d, c), sub(a, c));
    let (e1, e2, f) = (dot(d1, d1), dot(d2, d2), dot(d2, r));
    if e1 == 0.0 {
        return (0.0, (f / e2).clamp(0.0, 1.0));
    }
    let (along, cr) = (dot(d1, d2), dot(d1, r));
    let denominator = e1 * e2 - along * along;
    let s = if denominator > 1e-12 * e1 * e2 {
        ((along * f - cr * e2) / denominator).clamp(0.0, 1.0)
    } else {
        0.5 // parallel: any point will do
    };
    let t = (along * s + f) / e2;
    let clamped = t.clamp(0.0, 1.0);
    let s = if t == clamped {
        s
    } else {
        ((along * clamped - cr) / e1).clamp(0.0, 1.0)
    };
    (s, clamped)
}

fn pierce(a: Vec3, b: Vec3, p: &[Vec3; 3]) -> Option<Closest> {
    let normal = area2(p);
    let (da, db) = (dot(normal, sub(a, p[0])), dot(normal, sub(b, p[0])));
    if da * db >= 0.0 {
        return None;
    }
    let q = add(scale(a, db / (db - da)), scale(b, -da / (db - da)));
    let closest = point_triangle(q, p);
    closest.weights.iter().all(|w| *w > 0.0).then_some(closest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Brute force over a fine lattice of both shapes.
    fn lattice(a: Vec3, b: Vec3, p: &[Vec3; 3]) -> f64 {
        let n = 60;
        let mut best = f64::INFINITY;
        for i in 0..=n {
            for j in 0..=n - i {
                let w = [i, j, n - i - j].map(|k| f64::from(k) / f64::from(n));
                for s in 0..=n {
                    let on = axpy(a, f64::from(s) / f64::from(n), sub(b, a));
                    best = best.min(Closest::new(w, p, on).square);
                }
            }
        }
        best.sqrt()
    }

    #[test]
    fn closest_points_agree_with_a_lattice() {
        let mut state = 7u64;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as f64 / f64::from(1u32 << 31) * 2.0 - 1.0
        };
        for _ in 0..40 {
            let mut point = || [random(), random(), random()];
            let p = [point(), point(), point()];
            let (a, b) = (point(), point());
            let on_point = point_triangle(a, &p);
            assert!((on_point.square.sqrt() - lattice(a, a, &p)).abs() < 0.04);
            let on_segment = segment_triangle(a, b, &p);
            let brute = lattice(a, b, &p);
            assert!(on_segment.square.sqrt() <= brute + 1e-12, "not the closest");
            assert!(
                brute - on_segment.square.sqrt() < 0.06,
                "too close to be true"
            );
        }
    }
}
