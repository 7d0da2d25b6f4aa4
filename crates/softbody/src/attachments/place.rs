//! From a point in space to the point of tissue that is there.

use super::TissuePoint;
use crate::contact::triangle::point_triangle;
use crate::error::WorldError;
use crate::mesh::barycentric;
use crate::vec3::{Vec3, finite};
use crate::world::World;

impl World {
    /// The point of `body` that is nearest to `point` (m) now: in the tetrahedron around it, or on
    /// the surface.
    ///
    /// # Errors
    /// An unknown body, one that was removed to the last element, a point that is not finite.
    pub fn tissue_point(&self, body: usize, point: Vec3) -> Result<TissuePoint, WorldError> {
        let bodies = self.bodies.len();
        let id = body;
        let Some(body) = self.bodies.get(id) else {
            return Err(WorldError::NoSuchBody { body: id, bodies });
        };
        if !finite(point) {
            let name = "the point of an attachment";
            return Err(WorldError::NotFinite { name });
        }
        for (_, nodes) in body.live() {
            if let Some(weights) = inside(nodes.map(|n| body.position(n)), point) {
                let nodes = *nodes;
                return Ok(TissuePoint {
                    body: id,
                    nodes,
                    weights,
                });
            }
        }
        if body.live().next().is_none() {
            return Err(WorldError::NoTissue { body: id });
        }
        let mut nearest = (f64::INFINITY, TissuePoint::node(id, 0));
        for &[a, b, c] in &body.surface.triangles {
            let closest = point_triangle(point, &[a, b, c].map(|n| body.position(n)));
            if closest.square < nearest.0 {
                let [u, v, w] = closest.weights;
                let on_surface = TissuePoint {
                    body: id,
                    nodes: [a, b, c, a],
                    weights: [u, v, w, 0.0],
                };
                nearest = (closest.square, on_surface);
            }
        }
        Ok(nearest.1)
    }
}

/// Barycentric weights of `q` in the tetrahedron with corners `p`, if it is inside.
fn inside(p: [Vec3; 4], q: Vec3) -> Option<[f64; 4]> {
    let weights = barycentric(&p, q);
    weights.iter().all(|w| *w >= 0.0).then_some(weights)
}
