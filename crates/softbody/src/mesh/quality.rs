//! Element quality.

use crate::vec3::{Vec3, cross, dot, norm, sub};

/// Smallest of the six dihedral angles of a positively oriented tetrahedron, degrees.
#[must_use]
pub fn min_dihedral_deg(points: &[Vec3], t: [u32; 4]) -> f64 {
    let p = t.map(|n| points[n as usize]);
    // Outward normals of the faces opposite to nodes 0..3.
    let face = |a: usize, b: usize, c: usize| cross(sub(p[b], p[a]), sub(p[c], p[a]));
    let normals = [face(1, 2, 3), face(0, 3, 2), face(0, 1, 3), face(0, 2, 1)];
    let mut smallest: f64 = 180.0;
    for i in 0..4 {
        for j in i + 1..4 {
            let lengths = norm(normals[i]) * norm(normals[j]);
            let cosine = -dot(normals[i], normals[j]) / lengths;
            smallest = smallest.min(libm::acos(cosine.clamp(-1.0, 1.0)).to_degrees());
        }
    }
    smallest
}
