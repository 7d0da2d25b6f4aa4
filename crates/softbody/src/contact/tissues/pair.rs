//! The nodes of one surface against the triangles of another, or of the same.

use super::contact::Contact;
use super::proximity::{Shape, crossing, facing};
use super::skin::{NONE, Skin};
use crate::contact::tissue::Tissue;
use crate::vec3::Vec3;

/// Deepest that ridges are taken to have passed through each other, as a share of the edge.
pub(super) const PASSED: f64 = 0.25;
/// Marks a node that is behind the triangle it is near to.
const INSIDE: u32 = 1 << 31;

/// What a node is near to, kept between ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near(pub u32);

impl Near {
    pub const NOTHING: Self = Self(NONE);

    pub fn new(triangle: u32, inside: bool) -> Self {
        Self(triangle | if inside { INSIDE } else { 0 })
    }

    pub fn is_inside(self) -> bool {
        self != Self::NOTHING && self.0 & INSIDE != 0
    }

    pub fn triangle(self) -> Option<u32> {
        (self != Self::NOTHING).then_some(self.0 & !INSIDE)
    }
}

/// Force of a node's contact in the last substep, N: a good guess for the next.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Push {
    pub normal: f64,
    pub along: Vec3,
}

/// Two bodies in the order (whose nodes, whose triangles), which may be one body.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub bodies: [u32; 2],
    /// Whether they collide.
    pub on: bool,
    /// What each node of the first is near to.
    pub near: Vec<Near>,
    /// Its force on each of these nodes.
    pub push: Vec<Push>,
    /// How many nodes are near to something.
    pub count: usize,
    /// Ridges of both that are near to each other. Only in the pair whose first body is not the later.
    pub ridges: Vec<[u32; 2]>,
    /// Whether it was looked at since it was switched on or a fault.
    pub known: bool,
    /// Least distance between the two surfaces where nothing is near, m.
    pub clear: f64,
    /// What the second pushes on the first with, through these contacts, N, mean over the tick.
    pub force: Vec3,
}

/// Most pairs of ridges of two skins that are looked after; a ridge crosses few others.
pub(super) fn ridge_room(mine: &Skin, other: &Skin) -> usize {
    4 * (mine.ridges.len() + other.ridges.len())
}

impl Pair {
    pub fn new(bodies: [u32; 2], on: bool) -> Self {
        Self {
            bodies,
            on,
            near: Vec::new(),
            push: Vec::new(),
            count: 0,
            ridges: Vec::new(),
            known: false,
            clear: 0.0,
            force: [0.0; 3],
        }
    }

    pub fn ids(&self) -> [usize; 2] {
        self.bodies.map(|b| b as usize)
    }

    /// Whether both are one body.
    pub fn is_self(&self) -> bool {
        self.bodies[0] == self.bodies[1]
    }

    /// Of the two orders of a pair of bodies the one that looks after the ridges.
    pub fn has_ridges(&self) -> bool {
        self.bodies[0] <= self.bodies[1]
    }

    /// Makes room, if it is on.
    pub fn reserve(&mut self, skins: &[Skin]) {
        if !self.on {
            return;
        }
        let [a, b] = self.ids();
        self.near.resize(skins[a].nodes.len(), Near::NOTHING);
        self.push.resize(skins[a].nodes.len(), Push::default());
        let room = self.ridge_room(skins);
        let have = self.ridges.len();
        self.ridges.reserve(room.saturating_sub(have));
        debug_assert!(skins[b].triangles.len() < INSIDE as usize);
    }

    /// Most pairs of ridges that it looks after.
    pub fn ridge_room(&self, skins: &[Skin]) -> usize {
        let [a, b] = self.ids();
        if self.has_ridges() {
            ridge_room(&skins[a], &skins[b])
        } else {
            0
        }
    }

    /// Takes what it knows from the skins its bodies had before a cut to those they have now: nodes and
    /// triangles that are still there keep each other. The surface that the cut has made is yet to be
    /// looked at.
    pub fn carry(&mut self, before: [&Skin; 2], now: [&Skin; 2]) {
        if !self.on || !self.known {
            return self.forget();
        }
        let (mine, other) = (before[0], before[1]);
        let mut near = vec![Near::NOTHING; now[0].nodes.len()];
        let mut push = vec![Push::default(); now[0].nodes.len()];
        self.count = 0;
        for (n, id) in mine.nodes.iter().enumerate() {
            let triangle = self.near[n].triangle().and_then(|t| {
                let nodes = other.triangles[t as usize].map(|n| other.nodes[n as usize]);
                now[1].triangle_of(nodes)
            });
            if let (Some(t), Some(place)) = (triangle, now[0].number_of(*id)) {
                near[place as usize] = Near::new(t, self.near[n].is_inside());
                push[place as usize] = self.push[n];
                self.count += 1;
            }
        }
        (self.near, self.push) = (near, push);
        self.ridges.clear();
        self.clear = 0.0;
    }

    /// Forgets everything; the next look will be the first.
    pub fn forget(&mut self) {
        self.near.fill(Near::NOTHING);
        self.push.fill(Push::default());
        self.ridges.clear();
        (self.count, self.known, self.clear) = (0, false, 0.0);
        self.force = [0.0; 3];
    }

    /// Lists the contacts of the coming substep: every node that is near to something, and every two
    /// ridges that are. There is room for all.
    pub fn find(
        &mut self,
        id: u32,
        skins: &[Skin],
        bodies: &[impl Tissue],
        contacts: &mut Vec<Contact>,
    ) {
        let [a, b] = self.ids();
        let at = |body: usize| move |n: u32| bodies[body].position(skins[body].nodes[n as usize]);
        let (mine, other) = (
            Shape {
                skin: &skins[a],
                at: at(a),
            },
            Shape {
                skin: &skins[b],
                at: at(b),
            },
        );
        if self.count > 0 {
            for n in 0..self.near.len() {
                contacts.extend(self.node(id, n, &mine, &other));
            }
        }
        for &ridges in &self.ridges {
            contacts.extend(self.crossing(id, ridges, &mine, &other));
        }
    }

    /// The contact of node `n`, if it is near to something and faces it.
    fn node<P: Fn(u32) -> Vec3, Q: Fn(u32) -> Vec3>(
        &mut self,
        id: u32,
        n: usize,
        mine: &Shape<P>,
        other: &Shape<Q>,
    ) -> Option<Contact> {
        let before = self.near[n].triangle()?;
        let push = std::mem::take(&mut self.push[n]);
        let (p, normal) = ((mine.at)(n as u32), mine.skin.normals[n]);
        let (t, closest) = other.nearest(before, p, normal);
        let proximity = other.judge(t, &closest, p);
        if proximity.beside && proximity.inside {
            self.near[n] = Near::NOTHING;
            self.count -= 1;
            return None;
        }
        self.near[n] = Near::new(t, proximity.inside);
        if proximity.beside || !facing(proximity.normal, normal) {
            return None;
        }
        let [i, j, k] = other.skin.triangles[t as usize].map(|n| other.skin.nodes[n as usize]);
        let [u, v, w] = proximity.weights;
        let [a, b] = self.bodies;
        let mut contact = Contact::new(
            id,
            [a, b, b, b],
            [mine.skin.nodes[n], i, j, k],
            [1.0, -u, -v, -w],
            (proximity.normal, proximity.gap),
        );
        contact.own = n as u32;
        (contact.row.lambda_n, contact.row.lambda_t) = (push.normal, push.along);
        Some(contact)
    }

    /// The contact of two ridges, if they cross.
    fn crossing<P: Fn(u32) -> Vec3, Q: Fn(u32) -> Vec3>(
        &self,
        id: u32,
        [r, s]: [u32; 2],
        mine: &Shape<P>,
        other: &Shape<Q>,
    ) -> Option<Contact> {
        let (r, s) = (
            &mine.skin.ridges[r as usize],
            &other.skin.ridges[s as usize],
        );
        let crossing = crossing((mine, r), (other, s))?;
        if crossing.gap < -PASSED * mine.skin.edge.min(other.skin.edge) {
            return None; // on the far sides of the bodies, or of a neck that fast tissue passes
        }
        let [u, v, w, x] = crossing.weights;
        let [i, j] = r.nodes.map(|n| mine.skin.nodes[n as usize]);
        let [k, l] = s.nodes.map(|n| other.skin.nodes[n as usize]);
        let [a, b] = self.bodies;
        Some(Contact::new(
            id,
            [a, a, b, b],
            [i, j, k, l],
            [u, v, -w, -x],
            (crossing.normal, crossing.gap),
        ))
    }
}
