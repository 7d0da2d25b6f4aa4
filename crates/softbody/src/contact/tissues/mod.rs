//! Tissue against tissue: the surfaces of two bodies, or one that folds onto itself.
//!
//! Once a tick nodes and ridges near another surface are found ([`search`], with a [`grid`]); what
//! a node is near to is remembered ([`pair`]). In every substep the distances of nodes from triangles
//! and of crossing ridges ([`proximity`]) give contacts ([`contact`]) that [`solve`] makes ready to be
//! resolved in the nodes of both, together with those of tools.

mod contact;
mod grid;
mod pair;
mod proximity;
mod search;
mod skin;
mod solve;
mod topology;

use crate::body::SoftBody;
use crate::contact::nodes::{Nodes, Touched};
use crate::contact::row::{Substep, sweep};
use crate::contact::tissue::Tissue;
use crate::digest::Digest;
use crate::vec3::{Vec3, add, axpy, scale};
use contact::Contact;
use pair::Pair;
use search::Search;
use skin::Skin;
use solve::{ENOUGH, prepare};

/// Coulomb coefficient between tissues unless another is set.
pub const DEFAULT_FRICTION: f64 = 0.1;

/// All surfaces, and where they touch.
#[derive(Debug, Clone)]
pub(crate) struct Tissues {
    pub friction: f64,
    skins: Vec<Skin>,
    /// Whether each body was cut since its skin was made.
    old: Vec<bool>,
    /// In the order in which the bodies were added.
    pairs: Vec<Pair>,
    search: Search,
    pub(super) contacts: Vec<Contact>,
    /// Turns the contacts' impulses into the forces of the last substep, s^2.
    impulse_length: f64,
}

impl Default for Tissues {
    fn default() -> Self {
        Self {
            friction: DEFAULT_FRICTION,
            skins: Vec::new(),
            old: Vec::new(),
            pairs: Vec::new(),
            search: Search::default(),
            contacts: Vec::new(),
            impulse_length: 1.0,
        }
    }
}

impl Tissues {
    /// Adds the surface of the latest body: it collides with all others and not with itself.
    pub fn add(&mut self, bodies: &[SoftBody]) {
        let new = self.skins.len() as u32;
        let body = &bodies[new as usize];
        self.skins.push(body.skin());
        self.old.push(false);
        for old in 0..new {
            self.pairs.push(Pair::new([old, new], true));
            self.pairs.push(Pair::new([new, old], true));
        }
        self.pairs.push(Pair::new([new, new], false));
        self.renew(bodies);
    }

    /// `body` was cut.
    pub fn changed(&mut self, body: usize, bodies: &[SoftBody]) {
        self.old[body] = true;
        self.renew(bodies);
    }

    /// Makes the skins anew of bodies that were cut and may touch something.
    fn renew(&mut self, bodies: &[SoftBody]) {
        for (b, body) in bodies.iter().enumerate() {
            if !self.old[b] || !self.is_used(b) {
                continue;
            }
            let before = std::mem::replace(&mut self.skins[b], body.skin());
            for pair in self.pairs.iter_mut().filter(|p| p.ids().contains(&b)) {
                if pair.on && pair.is_self() {
                    self.skins[b].find_kin(&body.rest);
                }
                let skins = &self.skins;
                let was = |i: usize| if i == b { &before } else { &skins[i] };
                let ids = pair.ids();
                pair.carry(ids.map(was), ids.map(|i| &skins[i]));
            }
            self.contacts.clear();
            self.old[b] = false;
        }
        self.reserve();
    }

    fn is_used(&self, body: usize) -> bool {
        self.pairs.iter().any(|p| p.on && p.ids().contains(&body))
    }

    /// Whether bodies `a` and `b` collide; for `a` = `b`, whether it does with itself.
    pub fn switch(&mut self, a: usize, b: usize, on: bool, bodies: &[SoftBody]) {
        for pair in &mut self.pairs {
            let ids = pair.ids();
            if ids == [a, b] || ids == [b, a] {
                pair.on = on;
                pair.forget();
            }
        }
        self.contacts.clear();
        self.renew(bodies);
        for body in [a, b] {
            self.skins[body].look_anew(&bodies[body]); // while off, nobody did
        }
        if a == b && on {
            self.skins[a].find_kin(&bodies[a].rest);
        }
    }

    /// Room for all, so that a step never allocates.
    pub fn reserve(&mut self) {
        if !self.pairs.iter().any(|p| p.on) {
            return;
        }
        self.pairs.iter_mut().for_each(|p| p.reserve(&self.skins));
        let most = self.skins.iter().map(|s| s.nodes.len().max(s.ridges.len()));
        self.search.reserve(most.max().unwrap_or(0));
        let on = self.pairs.iter().filter(|p| p.on);
        let contacts: usize = on.map(|p| p.near.len() + p.ridge_room(&self.skins)).sum();
        let have = self.contacts.len();
        self.contacts.reserve(contacts.saturating_sub(have));
    }

    /// Starts a tick: looks what may touch in it.
    pub fn collect(&mut self, bodies: &[impl Tissue]) {
        for (b, body) in bodies.iter().enumerate() {
            if self.is_used(b) {
                self.skins[b].look(body);
            }
        }
        for pair in self.pairs.iter_mut().filter(|p| p.on) {
            pair.force = [0.0; 3];
            self.search.look(pair, &mut self.skins);
        }
    }

    /// Lists the contacts of the coming substep.
    pub fn find(&mut self, bodies: &[impl Tissue]) {
        self.contacts.clear();
        for (id, pair) in self.pairs.iter_mut().enumerate().filter(|p| p.1.on) {
            pair.find(id as u32, &self.skins, bodies, &mut self.contacts);
        }
    }

    /// Whether some were found.
    pub fn touch(&self) -> bool {
        !self.contacts.is_empty()
    }

    /// Lists the nodes that they touch, and measures what they need while they are resolved.
    pub(super) fn prepare(
        &mut self,
        touched: &mut Nodes,
        bodies: &[impl Tissue],
        substep: Substep,
    ) {
        prepare(&mut self.contacts, touched, bodies, substep);
    }

    /// One sweep over them. Returns whether they changed little.
    pub(super) fn sweep(&mut self, touched: &mut [Touched], h: f64) -> bool {
        sweep(&mut self.contacts, touched, (self.friction, ENOUGH), h)
    }

    /// Adds this substep's impulses to the mean forces, and keeps them as a start for the next.
    pub(super) fn read_out(&mut self, substep: Substep) {
        self.impulse_length = substep.h * substep.push;
        let to_force = 1.0 / self.impulse_length;
        for contact in &self.contacts {
            let pair = &mut self.pairs[contact.pair as usize];
            pair.force = axpy(pair.force, substep.share * to_force, contact.row.lambda());
            if let Some(push) = pair.push.get_mut(contact.own as usize) {
                push.normal = contact.row.lambda_n * to_force;
                push.along = scale(contact.row.lambda_t, to_force);
            }
        }
    }

    /// Points that push.
    pub fn count(&self) -> u32 {
        self.contacts
            .iter()
            .filter(|c| c.row.lambda_n > 0.0)
            .count() as u32
    }

    /// Forces on the nodes of `body` in the last substep, N.
    pub fn node_forces(&self, body: u32) -> impl Iterator<Item = (u32, Vec3)> + '_ {
        let length = self.impulse_length;
        self.contacts
            .iter()
            .flat_map(move |c| c.node_forces(body, length))
    }

    /// What body `by` pushed on body `on` with in the last tick, N, mean over it.
    pub fn force(&self, on: usize, by: usize) -> Vec3 {
        let mut force = [0.0; 3];
        for pair in self.pairs.iter().filter(|p| p.on && !p.is_self()) {
            if pair.ids() == [on, by] {
                force = add(force, pair.force);
            } else if pair.ids() == [by, on] {
                force = add(force, scale(pair.force, -1.0));
            }
        }
        force
    }

    /// Forgets what was near; after a fault.
    pub fn forget(&mut self) {
        self.pairs.iter_mut().for_each(Pair::forget);
        self.contacts.clear();
    }

    /// All that the future depends on. Nothing where nothing can touch.
    pub fn digest(&self, digest: &mut Digest) {
        if !self.pairs.iter().any(|p| p.on) {
            return;
        }
        digest.number(self.friction);
        for pair in self.pairs.iter().filter(|p| p.on) {
            digest.word(u64::from(pair.bodies[0]) << 32 | u64::from(pair.bodies[1]));
            for (near, push) in pair.near.iter().zip(&pair.push) {
                digest.word(u64::from(near.0));
                digest.number(push.normal);
                push.along.iter().for_each(|x| digest.number(*x));
            }
            pair.ridges
                .iter()
                .flatten()
                .for_each(|r| digest.word(u64::from(*r)));
            digest.number(pair.clear);
            digest.word(u64::from(pair.known));
        }
        for x in self.skins.iter().flat_map(|s| &s.points).flatten() {
            digest.number(*x); // the next tick's reach grows with the way from here
        }
    }
}
