//! What lies around each surface triangle at rest, over which its stretch is averaged.
//!
//! Weights, for triangles whose centres are r < R apart (bell of Bazant and Jirasek 2002, J. Eng.
//! Mech. 128:1119), A being the area of the other one:
//!
//! ```text
//! w = A (1 - r^2 / R^2)^2
//! ```
//!
//! A bell of reach R weighs as much as a disc of radius R / sqrt(3), here 5.8 mm: about the tip of an
//! instrument. Only triangles are taken that are joined to the middle through others within reach
//! and face the same way, so that the two faces of a thin edge stay apart.

use crate::mesh::Surface;
use crate::vec3::{Vec3, add, cross, dot, norm, scale, sub};

/// R above, m. Chosen: strains at failure were measured by image correlation (Brunon et al. 2010, J.
/// Biomech. 43:2221), which averages over some millimetres as well.
const REACH: f64 = 0.010;

/// One triangle of a patch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub triangle: u32,
    pub weight: f32,
    /// Cosine and sine of twice the angle from the axes of the patch's middle to its own.
    pub turn: [f32; 2],
}

/// The patches of all triangles.
#[derive(Debug)]
pub(super) struct Patches {
    starts: Vec<u32>,
    members: Vec<Member>,
}

impl Patches {
    pub fn new(points: &[Vec3], surface: &Surface) -> Self {
        let at_rest = |t: &[u32; 3]| Rest::new(t.map(|n| points[n as usize]));
        let rest: Vec<_> = surface.triangles.iter().map(at_rest).collect();
        let mut at_node = vec![Vec::new(); points.len()];
        for (triangle, nodes) in (0..).zip(&surface.triangles) {
            nodes
                .iter()
                .for_each(|n| at_node[*n as usize].push(triangle));
        }
        let beside = |t: u32| surface.triangles[t as usize].map(|n| &at_node[n as usize]);
        let mut patches = Self {
            starts: vec![0],
            members: Vec::new(),
        };
        let mut asked_by = vec![u32::MAX; rest.len()];
        for middle in 0..rest.len() as u32 {
            let mut next = patches.members.len();
            patches.take(middle, middle, &rest);
            asked_by[middle as usize] = middle;
            while let Some(&Member { triangle, .. }) = patches.members.get(next) {
                for &other in beside(triangle).into_iter().flatten() {
                    let asked = std::mem::replace(&mut asked_by[other as usize], middle);
                    if asked != middle && rest[other as usize].belongs_to(&rest[middle as usize]) {
                        patches.take(other, middle, &rest);
                    }
                }
                next += 1;
            }
            patches.starts.push(patches.members.len() as u32);
        }
        patches
    }

    fn take(&mut self, triangle: u32, middle: u32, rest: &[Rest]) {
        let (own, middle) = (&rest[triangle as usize], &rest[middle as usize]);
        self.members.push(Member {
            triangle,
            weight: own.weight(middle) as f32,
            turn: own.turn(middle).map(|x| x as f32),
        });
    }

    /// The patch of `triangle`, which comes first in it.
    pub fn of(&self, triangle: u32) -> &[Member] {
        let [first, last] = [0, 1].map(|i| self.starts[triangle as usize + i] as usize);
        &self.members[first..last]
    }
}

/// A triangle at rest.
struct Rest {
    centre: Vec3,
    area: f64,
    normal: Vec3,
    /// Along its first edge.
    axis: Vec3,
}

impl Rest {
    fn new(p: [Vec3; 3]) -> Self {
        let (e1, e2) = (sub(p[1], p[0]), sub(p[2], p[0]));
        let twice = cross(e1, e2);
        Self {
            centre: scale(add(add(p[0], p[1]), p[2]), 1.0 / 3.0),
            area: 0.5 * norm(twice),
            normal: scale(twice, 1.0 / norm(twice)),
            axis: scale(e1, 1.0 / norm(e1)),
        }
    }

    fn belongs_to(&self, middle: &Self) -> bool {
        self.weight(middle) > 0.0 && dot(self.normal, middle.normal) > 0.0
    }

    fn weight(&self, middle: &Self) -> f64 {
        let far = norm(sub(self.centre, middle.centre)) / REACH;
        self.area * (1.0 - far * far).max(0.0).powi(2)
    }

    /// Its axis is first laid into the middle's plane by the shortest turn between the normals,
    /// v + c x v + c x (c x v) / (1 + n m) with c = n x m.
    fn turn(&self, middle: &Self) -> [f64; 2] {
        let c = cross(self.normal, middle.normal);
        let once = cross(c, self.axis);
        let share = 1.0 / (1.0 + dot(self.normal, middle.normal));
        let laid = add(add(self.axis, once), scale(cross(c, once), share));
        let (x, y) = (
            dot(laid, middle.axis),
            dot(laid, cross(middle.normal, middle.axis)),
        );
        [x * x - y * y, 2.0 * x * y]
    }
}
