//! Ligaments and fascia: springs from a point of tissue to the world or to other tissue.
//!
//! An attachment pulls its ends a (always tissue) and b together along the line n from a to b:
//!
//!   F = T n on a, -F on b,   T = k (L - L0) + c dL/dt,   T >= 0 if it bears tension only
//!
//! L: its length, m; L0 >= 0: its rest length, m; k > 0: its stiffness, N/m; c >= 0: its damping,
//! N s/m. With L0 = 0 it is a tie, F = k (b - a), which has no line to be slack along. An end in
//! tissue is a sum of nodes with weights w_j >= 0 that add up to 1; node j feels w_j F. Once T passes
//! the breaking force the attachment is broken for good. How it is advanced in time, and why so, is
//! told in `solve`.
//!
//! Valid for all k from 1e-3 to 1e9 N/m, but a tick knows displacements u only to 6e-8 |u|, and with
//! them T only to 6e-8 k |u|: with u = 10 mm and k = 1e6 N/m to 0.6 mN.

mod follow;
mod place;
mod rest;
pub(crate) mod solve;

use crate::contact::tissue::Tissue;
use crate::digest::Digest;
use crate::error::WorldError;
use crate::vec3::{Vec3, axpy, finite, norm, scale, sub};
use crate::world::World;
use solve::{Knot, Line};

/// A point of tissue: nodes of one body with weights that add up to 1. Unused ones weigh 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TissuePoint {
    /// The body.
    pub body: usize,
    /// Its nodes.
    pub nodes: [u32; 4],
    /// Their weights.
    pub weights: [f64; 4],
}

impl TissuePoint {
    /// A node.
    #[must_use]
    pub fn node(body: usize, node: u32) -> Self {
        Self {
            body,
            nodes: [node; 4],
            weights: [1.0, 0.0, 0.0, 0.0],
        }
    }

    /// The nodes that weigh anything, by place.
    fn parts(self) -> impl Iterator<Item = (usize, u32, f64)> {
        let all = (0..4).map(move |j| (j, self.nodes[j], self.weights[j]));
        all.filter(|(_, _, w)| *w != 0.0)
    }
}

/// What an attachment leads to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Anchor {
    /// A point of the world, m; see [`World::move_anchor`].
    World(Vec3),
    /// A point of the same or another body.
    Tissue(TissuePoint),
}

/// What an attachment is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spring {
    /// k, N/m.
    pub stiffness: f64,
    /// L0, m; None: the distance when it is attached.
    pub rest_length: Option<f64>,
    /// c, N s/m.
    pub damping: f64,
    /// Tension that breaks it, N; None: nothing does.
    pub breaking_force: Option<f64>,
    /// Whether it is slack where it is shorter than L0, as a ligament is.
    pub tension_only: bool,
}

impl Spring {
    /// Tension only, without damping, unbreakable, at rest where it is attached.
    #[must_use]
    pub fn new(stiffness: f64) -> Self {
        Self {
            stiffness,
            rest_length: None,
            damping: 0.0,
            breaking_force: None,
            tension_only: true,
        }
    }

    fn validate(&self) -> Result<(), WorldError> {
        let check = WorldError::unless;
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let not_negative = |x: f64| x.is_finite() && x >= 0.0;
        let (k, c) = (self.stiffness, self.damping);
        check(positive(k), "stiffness", k, "a positive number of N/m")?;
        check(not_negative(c), "damping", c, "0 or more N s/m")?;
        let length = self.rest_length.unwrap_or(0.0);
        check(not_negative(length), "rest_length", length, "0 or more m")?;
        let limit = self.breaking_force.unwrap_or(1.0);
        check(
            positive(limit),
            "breaking_force",
            limit,
            "a positive number of N",
        )
    }
}

/// An attachment that broke in the last step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Break {
    /// The attachment.
    pub attachment: usize,
    /// The tension that it broke at, N.
    pub force: f64,
    /// Where it leaves the tissue of its first end, world, m.
    pub point: Vec3,
}

/// A spring between two points. Made by [`World::attach`].
#[derive(Debug, Clone)]
pub struct Attachment {
    from: TissuePoint,
    to: Anchor,
    spring: Spring,
    rest_length: f64,
    /// A world anchor at the end of the coming tick, m; at its start it is in `to`.
    target: Vec3,
    /// Where the nodes of both ends are among the knots.
    knots: [[usize; 4]; 2],
    /// F in the last substep, N.
    pull: Vec3,
    line: Line,
    /// The tension, N, mean over the last tick; negative where it pushes.
    pub force: f64,
    /// What it pulls on its first end with, world, N, mean over the last tick.
    pub force_vector: Vec3,
    /// Length at the end of the last tick, m, also when it is broken.
    pub length: f64,
    /// Whether it is broken or was detached.
    pub broken: bool,
}

impl Attachment {
    /// Its first end.
    #[must_use]
    pub fn from(&self) -> TissuePoint {
        self.from
    }

    /// Its other end; a point of the world is where it is now.
    #[must_use]
    pub fn to(&self) -> Anchor {
        self.to
    }

    /// What it is like.
    #[must_use]
    pub fn spring(&self) -> &Spring {
        &self.spring
    }

    /// L0, m.
    #[must_use]
    pub fn rest_length(&self) -> f64 {
        self.rest_length
    }

    /// Whether T is never below 0.
    fn slackens(&self) -> bool {
        self.spring.tension_only && self.rest_length > 0.0
    }

    /// T of length `length` at rest, N.
    fn tension(&self, length: f64) -> f64 {
        let tension = self.spring.stiffness * (length - self.rest_length);
        if self.slackens() {
            tension.max(0.0)
        } else {
            tension
        }
    }

    fn let_go(&mut self) {
        self.broken = true;
        self.pull = [0.0; 3];
    }

    /// Forces on its nodes if they belong to `body`.
    pub(crate) fn node_forces(&self, body: usize) -> impl Iterator<Item = (u32, Vec3)> {
        let pull = self.pull;
        let ends = [(Some(self.from), 1.0), (self.to.tissue(), -1.0)];
        let mine = ends
            .into_iter()
            .filter_map(move |(point, sign)| point.filter(|p| p.body == body).map(|p| (p, sign)));
        mine.flat_map(move |(point, sign)| {
            point
                .parts()
                .map(move |(_, node, w)| (node, scale(pull, sign * w)))
        })
    }
}

impl Anchor {
    fn tissue(self) -> Option<TissuePoint> {
        match self {
            Self::World(_) => None,
            Self::Tissue(point) => Some(point),
        }
    }
}

/// All attachments of a world, and the room to advance them.
#[derive(Debug, Default)]
pub(crate) struct Attachments {
    pub all: Vec<Attachment>,
    /// All nodes of theirs, by body and node, each once.
    pub knots: Vec<Knot>,
    /// Those there were, while they are listed anew.
    knots_before: Vec<Knot>,
    /// What broke in the last step.
    pub broken: Vec<Break>,
    /// Where the ends are in tetrahedra, while tissue is being cut.
    homes: Vec<[Option<follow::Home>; 2]>,
}

/// By hand, because a cloned `Vec` only has room for what is in it, and a step must not allocate.
impl Clone for Attachments {
    fn clone(&self) -> Self {
        let mut broken = Vec::with_capacity(self.all.len());
        broken.extend(&self.broken);
        let mut attachments = Self {
            all: self.all.clone(),
            knots: Vec::new(),
            knots_before: Vec::new(),
            broken,
            homes: Vec::new(),
        };
        attachments.hold_room();
        attachments.knots.extend(&self.knots);
        attachments
    }
}

impl Attachments {
    /// Nodes of `body` that are pulled at.
    pub(crate) fn nodes(&self, body: usize) -> impl Iterator<Item = u32> {
        let whole = self.all.iter().filter(|a| !a.broken);
        whole.flat_map(move |a| a.node_forces(body).map(|(node, _)| node))
    }

    fn push(&mut self, attachment: Attachment) {
        self.all.push(attachment);
        self.broken.reserve(self.all.len() - self.broken.len());
        self.hold_room();
        self.tie_knots();
    }

    /// Room for all knots and homes there may be.
    fn hold_room(&mut self) {
        let count = self.all.len();
        let hold = |have: usize, most: usize| most.saturating_sub(have);
        self.knots.reserve(hold(self.knots.len(), 8 * count));
        let before = self.knots_before.len();
        self.knots_before.reserve(hold(before, 8 * count));
        self.homes.reserve(hold(self.homes.len(), count));
    }

    /// Lists all nodes of all attachments, and tells these where theirs are. Knots that there were
    /// before still know what contacts are foretold.
    fn tie_knots(&mut self) {
        let Self {
            all,
            knots,
            knots_before,
            ..
        } = self;
        std::mem::swap(knots, knots_before);
        let ends = |a: &Attachment| [Some(a.from), a.to.tissue()];
        let parts = |p: TissuePoint| p.parts().map(move |(_, n, _)| Knot::new(p.body as u32, n));
        knots.clear();
        knots.extend(all.iter().flat_map(ends).flatten().flat_map(parts));
        knots.sort_unstable_by_key(Knot::key);
        knots.dedup_by_key(|knot| knot.key());
        for knot in knots.iter_mut() {
            if let Ok(i) = knots_before.binary_search_by_key(&knot.key(), Knot::key) {
                knot.contact = knots_before[i].contact;
            }
        }
        for attachment in all {
            let points = ends(attachment);
            for (places, point) in attachment.knots.iter_mut().zip(points) {
                let Some(point) = point else { continue };
                for (j, node, _) in point.parts() {
                    let key = (point.body as u32, node);
                    places[j] = knots
                        .binary_search_by_key(&key, Knot::key)
                        .unwrap_or_default();
                }
            }
        }
    }

    pub fn digest(&self, digest: &mut Digest) {
        for a in &self.all {
            digest.word(u64::from(a.broken));
            let anchor = match a.to {
                Anchor::World(point) => point,
                Anchor::Tissue(_) => [0.0; 3],
            };
            let spring = [a.spring.stiffness, a.rest_length, a.spring.damping];
            let numbers = [a.pull, a.target, anchor, spring];
            numbers.iter().flatten().for_each(|x| digest.number(*x));
        }
        let foretold = self.knots.iter().flat_map(|k| k.contact);
        foretold.for_each(|x| digest.number(x));
    }
}

impl World {
    /// Ties a point of tissue to `to` with a spring. Returns the attachment's index.
    ///
    /// # Errors
    /// Unknown bodies and nodes, nodes that were cut out, weights that do not add up to 1, a world point
    /// that is not finite, numbers of the spring outside their range.
    pub fn attach(
        &mut self,
        from: TissuePoint,
        to: Anchor,
        spring: Spring,
    ) -> Result<usize, WorldError> {
        spring.validate()?;
        self.check_point(&from)?;
        match to {
            Anchor::World(point) if !finite(point) => {
                let name = "the point of an attachment";
                return Err(WorldError::NotFinite { name });
            }
            Anchor::World(_) => {}
            Anchor::Tissue(point) => self.check_point(&point)?,
        }
        let way = sub(place_of(to, &self.bodies), from.place(&self.bodies));
        let length = norm(way);
        let mut attachment = Attachment {
            from,
            to,
            spring,
            rest_length: spring.rest_length.unwrap_or(length),
            target: match to {
                Anchor::World(point) => point,
                Anchor::Tissue(_) => [0.0; 3],
            },
            knots: [[0; 4]; 2],
            pull: [0.0; 3],
            line: Line::default(),
            force: 0.0,
            force_vector: [0.0; 3],
            length,
            broken: false,
        };
        attachment.force = attachment.tension(length);
        if length > 0.0 {
            attachment.pull = scale(way, attachment.force / length);
        }
        attachment.force_vector = attachment.pull;
        self.attachments.push(attachment);
        Ok(self.attachments.all.len() - 1)
    }

    fn check_point(&self, point: &TissuePoint) -> Result<(), WorldError> {
        let Some(body) = self.bodies.get(point.body) else {
            let (body, bodies) = (point.body, self.bodies.len());
            return Err(WorldError::NoSuchBody { body, bodies });
        };
        for &node in &point.nodes {
            body.check_node(node)?;
            if body.is_dead(node) {
                return Err(WorldError::NoTissueAt { node });
            }
        }
        let sum: f64 = point.weights.iter().sum();
        WorldError::unless(
            point.weights.iter().all(|w| *w >= 0.0) && (sum - 1.0).abs() < 1e-6,
            "the sum of an attachment point's weights",
            sum,
            "1, and none of them negative",
        )
    }

    /// The world point that `attachment` leads to reaches `position` at the end of the next step.
    /// Ignored where it leads to tissue, and if `position` is not finite.
    pub fn move_anchor(&mut self, attachment: usize, position: Vec3) {
        if finite(position) {
            self.attachments.all[attachment].target = position;
        }
    }

    /// Cuts `attachment`: from now on it is broken. No [`Break`] tells of it.
    pub fn detach(&mut self, attachment: usize) {
        let attachment = &mut self.attachments.all[attachment];
        attachment.let_go();
        (attachment.force, attachment.force_vector) = (0.0, [0.0; 3]);
    }

    /// All attachments, the broken ones too.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments.all
    }

    /// What broke in the last step.
    #[must_use]
    pub fn broken(&self) -> &[Break] {
        &self.attachments.broken
    }

    /// Elastic energy k (L - L0)^2 / 2 of all attachments, J.
    #[must_use]
    pub fn attachment_energy(&self) -> f64 {
        let whole = self.attachments.all.iter().filter(|a| !a.broken);
        let energy = |a: &Attachment| {
            let way = sub(place_of(a.to, &self.bodies), a.from.place(&self.bodies));
            let tension = a.tension(norm(way));
            0.5 * tension * tension / a.spring.stiffness
        };
        whole.map(energy).sum()
    }
}

impl TissuePoint {
    /// Where it is, m.
    pub(crate) fn place(self, bodies: &[impl Tissue]) -> Vec3 {
        let body = &bodies[self.body];
        let sum = |sum, (_, node, w)| axpy(sum, w, body.position(node));
        self.parts().fold([0.0; 3], sum)
    }
}

/// Where an anchor is, m.
fn place_of(anchor: Anchor, bodies: &[impl Tissue]) -> Vec3 {
    match anchor {
        Anchor::World(point) => point,
        Anchor::Tissue(point) => point.place(bodies),
    }
}
