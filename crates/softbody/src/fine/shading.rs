//! What light needs to know of a surface: its normals, and how open each place is.

use super::Place;
use super::edges::{Edges, Neighbours};

/// Length of a sum of areas below which a vertex has no normal, m^2.
const NO_AREA: f32 = 1e-15;
/// How much a hollow darkens, and the range of openness; chosen for the eye.
const DARKENING: f32 = 1.6;
const OPENNESS: [f32; 2] = [0.25, 1.08];

/// Unit normals of vertices, each triangle weighing with its area; the fourth number is 0. A vertex
/// without area gets (0, 1, 0).
pub(super) fn vertex_normals(places: &[Place], triangles: &[[u32; 3]], normals: &mut [Place]) {
    normals.fill([0.0; 4]);
    for corners in triangles {
        let [p, q, r] = corners.map(|v| places[v as usize]);
        let a: [f32; 3] = std::array::from_fn(|k| q[k] - p[k]);
        let b: [f32; 3] = std::array::from_fn(|k| r[k] - p[k]);
        let area = [
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
            0.0,
        ];
        for v in corners {
            let sum = &mut normals[*v as usize];
            for k in 0..4 {
                sum[k] += area[k];
            }
        }
    }
    for normal in normals {
        let [x, y, z, _] = *normal;
        let length = (x * x + y * y + z * z).sqrt();
        *normal = match length > NO_AREA {
            true => [x / length, y / length, z / length, 0.0],
            false => [0.0, 1.0, 0.0, 0.0],
        };
    }
}

/// How open places are to light: 1 on a plane, less in a hollow.
///
/// With the height of the neighbours' mean over the tangent plane, h, and their mean distance, l:
/// 1 - 1.6 s h / l. On a surface of curvature k it is h / l = k l / 2, so the scale s makes up for
/// another mesh width.
#[derive(Debug, Clone)]
pub(super) struct Hollows {
    neighbours: Neighbours,
    scale: f32,
}

impl Hollows {
    pub fn new(triangles: &[[u32; 3]], vertices: usize, scale: f64) -> Self {
        let edges = Edges::new(triangles).all;
        Self {
            neighbours: Neighbours::new(edges.iter().map(|e| e.ends), vertices),
            scale: scale as f32,
        }
    }

    /// Writes the openness of each place into the fourth number of its normal.
    pub fn measure(&self, places: &[Place], normals: &mut [Place]) {
        for ((place, others), normal) in places.iter().zip(self.neighbours.all()).zip(normals) {
            let (mut rise, mut length) = (0.0f32, 0.0f32);
            for other in others {
                let other = &places[*other as usize];
                let [x, y, z]: [f32; 3] = std::array::from_fn(|k| other[k] - place[k]);
                rise += x * normal[0] + y * normal[1] + z * normal[2];
                length += (x * x + y * y + z * z).sqrt();
            }
            let hollow = rise / length.max(1e-9);
            let open = 1.0 - DARKENING * self.scale * hollow;
            normal[3] = open.clamp(OPENNESS[0], OPENNESS[1]);
        }
    }
}
