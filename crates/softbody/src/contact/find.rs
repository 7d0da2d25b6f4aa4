//! Which triangles a tool touches.

use super::side::{Facing, Side};
use super::tissue::Tissue;
use super::tool::Tool;
use super::triangle::{Closest, segment_triangle};
use crate::vec3::{Vec3, scale, sub};

/// Contacts are listed up to this distance beyond the radius, as a share of it: room for the motion
/// of the tissue in one substep.
const SLACK: f64 = 0.1;

/// One tool against one triangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact {
    pub body: u32,
    pub triangle: u32,
    pub nodes: [u32; 3],
    pub weights: [f64; 3],
    /// 1 / m_j, 0 for held nodes; for friction.
    pub free: [f64; 3],
    /// The same with what held nodes give way by; for the normal part.
    pub yielding: [f64; 3],
    /// 1 / W of the normal part and of friction, the latter infinite where all nodes are held.
    pub mass: f64,
    pub mass_t: f64,
    pub on_core: Vec3,
    /// Unit normal of the triangle, and the height of `on_core` over its plane, m.
    pub outward: Vec3,
    pub over: f64,
    /// Whether the closest point lies inside the triangle, not on an edge.
    pub inside: bool,
    /// Of the distance between core and triangle, m^2.
    pub square: f64,
    /// From the tissue to the core; zero where the core lies on the triangle.
    pub normal: Vec3,
    /// Where its nodes are among those that the tool touches.
    pub touched: [usize; 3],
    /// Penetration, m, and slip in the substep, m, if nothing were resolved.
    pub depth: f64,
    pub slip: Vec3,
    pub lambda_n: f64,
    pub lambda_t: Vec3,
}

/// Lists in `tool.contacts` the candidates that the tool, where it will be at the end of the coming
/// substep, touches or may touch.
pub(crate) fn find(tool: &mut Tool, bodies: &[impl Tissue]) {
    tool.contacts.clear();
    let [a, b] = tool.core();
    let reach = tool.radius * (1.0 + SLACK);
    for (id, body) in bodies.iter().enumerate() {
        let first = tool.contacts.len();
        let mut side = Side::new(tool.radius);
        let body_id = id as u32;
        let start = tool.candidates.partition_point(|c| c.0 < body_id);
        for &(_, triangle) in tool.candidates[start..]
            .iter()
            .take_while(|c| c.0 == body_id)
        {
            let nodes = body.triangles()[triangle as usize];
            let p = body.corners(nodes);
            let closest = segment_triangle(a, b, &p);
            if closest.square > reach * reach {
                continue;
            }
            let Some(facing) = Facing::new(&p, &closest) else {
                continue;
            };
            side.see(&p, &closest, &facing);
            let touched = Contact::new(body, body_id, triangle, &closest, &facing);
            tool.contacts.push(touched); // room for all is reserved
        }
        if tool.outside[id] {
            side.over = side.over.max(0.0);
        }
        // Where nothing is in reach, the next look has to judge again.
        tool.outside[id] = side.over >= 0.0 && tool.contacts.len() > first;
        side.keep_touched(&mut tool.contacts, first);
    }
}

impl Contact {
    fn new(
        tissue: &impl Tissue,
        body: u32,
        triangle: u32,
        closest: &Closest,
        facing: &Facing,
    ) -> Self {
        let nodes = tissue.triangles()[triangle as usize];
        let free = nodes.map(|n| tissue.inverse_mass(n));
        Self {
            body,
            triangle,
            nodes,
            weights: closest.weights,
            free,
            yielding: free,
            mass: 0.0,
            mass_t: 0.0,
            on_core: closest.on_core,
            outward: facing.outward,
            over: facing.over,
            inside: closest.is_inside(),
            square: closest.square,
            normal: facing.normal,
            touched: [0; 3],
            depth: 0.0,
            slip: [0.0; 3],
            lambda_n: 0.0,
            lambda_t: [0.0; 3],
        }
    }

    /// Whether it pushes, or still has a friction from when it did.
    pub fn acts(&self) -> bool {
        self.lambda_n > 0.0 || self.lambda_t != [0.0; 3]
    }

    /// Forces on its nodes if they belong to `body`.
    pub(crate) fn node_forces(
        &self,
        body: u32,
        impulse_length: f64,
    ) -> impl Iterator<Item = (u32, Vec3)> + '_ {
        let lambda = sub(self.lambda_t, scale(self.normal, self.lambda_n));
        let mine = self.body == body;
        (0..3).filter(move |_| mine).map(move |j| {
            (
                self.nodes[j],
                scale(lambda, self.weights[j] / impulse_length),
            )
        })
    }
}
