//! Symplectic Euler with automatic substeps and a stiffness floor on the mass.
//!
//! One tick dt is cut into n substeps h = dt / n; in each
//!
//!   v <- v / (1 + h alpha) + h (f + m g) / m_eff,  u += h v
//!   m_eff = max(m, h^2 needed(k))
//!
//! Symplectic Euler is stable while h^2 w^2 <= 4 for the largest frequency w. The energy is at most
//! a sum over elements of V M |sum_a g_a . u_a|^2 with M of mu and lambda (means at nodes only lower
//! it, see `elements`), and V M |sum_a g_a . u_a|^2 <= 4 V M sum_a |g_a|^2 |u_a|^2 (Cauchy and Schwarz
//! over the four nodes). So w^2 <= 4 max k_a / m_a with the stiffness bound k of `elements`, and
//! h^2 k <= m would be enough on every mesh. A single tetrahedron attains the 4; most meshes need a
//! third of k, which `calibration` finds out.
//!
//! k is measured in every tick. The floor keeps every node stable whatever the element is like
//! (slivers, stiff inclusions), at the price of added inertia, never of stiffness: rest states do
//! not depend on it. n is the smallest number up to [`MAX_SUBSTEPS`] with which the floor adds at
//! most [`ADDED_SHARE`] of the free nodes' mass. Gravity acts on the true mass.
//!
//! A mass that rises at constant speed adds energy, with no end where tissue collapses and reopens: a
//! loose element turned inside out met bounds of 1e5 and 1e12 N/m in turn. So where a bound rises to
//! more than [`RISE`] times what it was, the node keeps its momentum, not its speed:
//!
//!   v <- v m_eff(k before) / m_eff(k now), both with the present h,  if k now > RISE k before
//!
//! which takes energy and never gives any. Smaller rises, and all falls, which take energy anyway, leave
//! the speed. And where k is more than [`ABSURD`] times that at rest (J near 0, or stretched several
//! times), motion is the floor's and not the tissue's; there each measurement also takes
//!
//!   v <- v m_eff(ABSURD k_rest) / m_eff(k)
//!
//! so that such an element creeps back by about f / k a substep. Without a floor, m_eff = m, nothing
//! changes, nor does it in calm: from 1.5 on already the vibrations of a floored block would be changed.
//!
//! Violent ticks: where a node would pass about a third of an element's height in one substep, its
//! speed is clipped to that. For the next [`CALM`] ticks n is at its maximum and the bound is
//! measured in every substep; where fewer substeps are forced, only in the first, as always.

use crate::body::{Memory, SoftBody};
use crate::calibration::part_of_bound;
use crate::vec3::{Vec3, axpy, sub, wide};

/// Most substeps of a tick.
pub const MAX_SUBSTEPS: u32 = 6;
/// Added mass that is accepted when the number of substeps is chosen, as a share of the free mass:
/// it changes the frequency of a slow mode by half of this.
pub const ADDED_SHARE: f64 = 0.02;
/// Ticks of caution after a violent one.
pub const CALM: u32 = 20;
/// Largest motion in a substep as a share of the smallest element height at the node.
pub(crate) const COURANT: f32 = 0.35;

/// Rise of a bound from one measurement to the next beyond which nodes keep their momentum.
const RISE: f32 = 2.0;
/// Multiple of the bound at rest from which on motion that the floor carries is damped away.
const ABSURD: f32 = 30.0;

/// Ticks in which a bound falls to 1/e of the way to what is measured, and after which a body makes
/// fewer substeps if it may.
pub(crate) const SLOWLY: u32 = 100;

/// How many substeps a body makes. More at once when it needs them, fewer only after a while:
/// alternating between two numbers feeds vibrations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pace {
    substeps: u32,
    /// Ticks for which fewer would have done.
    idle: u32,
}

impl Pace {
    fn follow(&mut self, wanted: u32) -> u32 {
        self.idle = if wanted < self.substeps {
            self.idle + 1
        } else {
            0
        };
        if wanted > self.substeps || self.idle > SLOWLY {
            self.substeps = wanted;
            self.idle = 0;
        }
        self.substeps
    }

    /// All of it, for the digest.
    pub(crate) fn word(self) -> u64 {
        u64::from(self.substeps) << 32 | u64::from(self.idle)
    }
}

/// What the mass floor did in the last step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Floor {
    /// Free nodes with added mass.
    pub floored: usize,
    /// Free nodes.
    pub free: usize,
    /// Sum of m_eff - m, kg.
    pub added_mass: f64,
}

/// Numbers of all nodes.
struct Nodes<'a> {
    mass: &'a [f32],
    inverse_mass: &'a [f32],
    stiffness: &'a [f32],
    rest_stiffness: &'a [f32],
}

impl Nodes<'_> {
    fn len(&self) -> usize {
        self.mass.len()
    }

    #[inline(always)]
    fn part_of_bound(&self, n: usize, share: f32) -> f32 {
        part_of_bound(self.stiffness[n], self.rest_stiffness[n], share)
    }
}

/// Sums over `nodes`, eight at a time, so that they fill a register.
#[inline(always)]
fn sums(nodes: usize, of: impl Fn(usize) -> [f32; 2]) -> [f64; 2] {
    let mut sums = [[0.0f32; 8]; 2];
    let whole = nodes - nodes % 8;
    for first in (0..whole).step_by(8) {
        for lane in 0..8 {
            let [a, b] = of(first + lane);
            sums[0][lane] += a;
            sums[1][lane] += b;
        }
    }
    for n in whole..nodes {
        let [a, b] = of(n);
        sums[0][n - whole] += a;
        sums[1][n - whole] += b;
    }
    sums.map(|lanes| lanes.iter().map(|x| f64::from(*x)).sum())
}

impl SoftBody {
    /// Substeps this body asks for in the coming tick of `dt`.
    pub(crate) fn wanted_substeps(&mut self, dt: f64) -> u32 {
        let wanted = if self.calm_ticks < CALM {
            MAX_SUBSTEPS
        } else {
            self.least_substeps(dt)
        };
        self.pace.follow(wanted)
    }

    fn least_substeps(&self, dt: f64) -> u32 {
        let enough = |n: &u32| self.added_share(dt / f64::from(*n)) <= ADDED_SHARE;
        (1..MAX_SUBSTEPS).find(enough).unwrap_or(MAX_SUBSTEPS)
    }

    /// What substeps of `h` would add to the free nodes' mass, as a share of it. Infinite where every
    /// node is held, because nobody knows in what shape they will be let go; 0 where no tissue is left.
    fn added_share(&self, h: f64) -> f64 {
        let nodes = self.nodes();
        let square = (h * h) as f32;
        let [mass, added] = sums(nodes.len(), |n| {
            let free = if nodes.inverse_mass[n] > 0.0 {
                1.0
            } else {
                0.0
            };
            let least = square * nodes.part_of_bound(n, self.needed);
            let added = (least - nodes.mass[n]).max(0.0);
            [free * nodes.mass[n], free * added]
        });
        if mass > 0.0 {
            return added / mass;
        }
        let held = nodes.mass.iter().any(|m| *m > 0.0);
        if held { f64::INFINITY } else { 0.0 }
    }

    /// Whether effective masses have to follow the bound in every substep.
    pub(crate) fn is_violent(&self) -> bool {
        self.calm_ticks < CALM
    }

    /// Slows the nodes whose bound has just risen far, in substeps of `h`, so that their momentum stays,
    /// and those whose bound is absurd; comes before the bounds are taken over.
    pub(crate) fn brake(&mut self, h: f64) {
        let is_due = |k: f32, now: f32, rest: f32| now > RISE * k || now.max(k) > ABSURD * rest;
        let bounds = self.stiffness.iter().zip(&self.f).zip(&self.rest_stiffness);
        if !bounds.fold(false, |any, ((k, f), rest)| any | is_due(*k, f[3], *rest)) {
            return;
        }
        let square = (h * h) as f32;
        for n in 0..self.mass.len() {
            let (k, now, rest) = (self.stiffness[n], self.f[n][3], self.rest_stiffness[n]);
            if self.inverse_mass[n] == 0.0 || !is_due(k, now, rest) {
                continue;
            }
            let part = |k| part_of_bound(k, rest, self.share[n]);
            let mass = |k| self.mass[n].max(square * part(k));
            let mut keep = 1.0;
            if now > RISE * k {
                keep *= mass(k) / mass(now);
            }
            if now.max(k) > ABSURD * rest {
                keep *= mass(ABSURD * rest) / mass(now.max(k));
            }
            self.v[n] = self.v[n].map(|v| v * keep);
        }
    }

    /// m_eff from the bound just measured, for substeps of `h`.
    pub(crate) fn set_masses(&mut self, h: f64) -> Floor {
        let square = (h * h) as f32;
        let mut inverse = std::mem::take(&mut self.inverse_mass);
        let nodes = self.nodes();
        let share = &self.share[..nodes.len()];
        for (n, inverse) in inverse.iter_mut().enumerate() {
            let mass = nodes.mass[n].max(square * nodes.part_of_bound(n, share[n]));
            // 0 without tissue, see `topology`
            *inverse = if mass > 0.0 { 1.0 / mass } else { 0.0 };
        }
        for &node in &self.supports.nodes {
            inverse[node as usize] = 0.0;
        }
        self.inverse_mass = inverse;
        self.floor()
    }

    /// What the masses just set have beyond the true ones.
    fn floor(&self) -> Floor {
        let nodes = self.nodes();
        let one = |yes: bool| if yes { 1.0 } else { 0.0 };
        let [free, floored] = sums(nodes.len(), |n| {
            let (w, m) = (nodes.inverse_mass[n], nodes.mass[n]);
            [one(w > 0.0), one(w > 0.0 && w < 1.0 / m)]
        });
        let mut floor = Floor {
            free: free as usize,
            floored: floored as usize,
            added_mass: 0.0,
        };
        if floor.floored > 0 {
            let [added, _] = sums(nodes.len(), |n| {
                let (w, m) = (nodes.inverse_mass[n], nodes.mass[n]);
                [one(w > 0.0) * (1.0 / w.max(f32::MIN_POSITIVE) - m), 0.0]
            });
            floor.added_mass = added.max(0.0);
        }
        floor
    }

    /// What effective masses depend on; all of one length.
    fn nodes(&self) -> Nodes<'_> {
        let count = self.mass.len();
        Nodes {
            mass: &self.mass,
            inverse_mass: &self.inverse_mass,
            stiffness: &self.stiffness[..count],
            rest_stiffness: &self.rest_stiffness[..count],
        }
    }

    /// One substep of all free nodes.
    pub(crate) fn integrate(&mut self, h: f64, gravity: Vec3) {
        if let Some(viscosity) = &mut self.viscosity {
            viscosity.wait(h);
        }
        let h = h as f32;
        let gravity = [gravity[0] as f32, gravity[1] as f32, gravity[2] as f32, 0.0];
        let reach = COURANT / h;
        let mut violent = false;
        let nodes = self.inverse_mass.iter().zip(&self.mass);
        let nodes = nodes.zip(self.damping.iter().zip(&self.height));
        let state = self.u.iter_mut().zip(&mut self.v).zip(&self.f);
        for (((w, mass), (damping, height)), ((u, v), f)) in nodes.zip(state) {
            if *w == 0.0 {
                continue;
            }
            let (keep, push) = (1.0 / (1.0 + h * damping), h * w);
            // All four components, because that is one register; w of f is no force.
            for axis in 0..4 {
                v[axis] = keep * v[axis] + push * (f[axis] + mass * gravity[axis]);
            }
            v[3] = 0.0;
            let square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
            let most = reach * height;
            if square > most * most {
                *v = v.map(|x| x * (most / square.sqrt()));
                violent = true;
            }
            for axis in 0..4 {
                u[axis] += h * v[axis];
            }
        }
        if violent {
            self.calm_ticks = 0;
        }
    }

    /// Starts a tick: remembers the displacements and moves the supports' target on.
    pub(crate) fn begin_tick(&mut self) {
        self.u_before.copy_from_slice(&self.u);
        self.supports.tick();
        self.calm_ticks = self.calm_ticks.saturating_add(1);
    }

    /// Held nodes to `fraction` of their way through this tick of `dt`.
    pub(crate) fn move_held_nodes(&mut self, fraction: f64, dt: f64) {
        let offset = self.supports.offset();
        for (&node, &target) in self.supports.nodes.iter().zip(&self.supports.displacements) {
            let n = node as usize;
            let start = wide(self.u_before[n]);
            let way = sub(axpy(target, 1.0, offset), start);
            let now = axpy(start, fraction, way);
            for axis in 0..3 {
                self.u[n][axis] = now[axis] as f32;
                self.v[n][axis] = (way[axis] / dt) as f32;
            }
        }
    }

    /// Held nodes to their places, at once, where these are numbers.
    fn put_held_nodes(&mut self) {
        let offset = self.supports.offset();
        for (&node, &target) in self.supports.nodes.iter().zip(&self.supports.displacements) {
            let place = axpy(target, 1.0, offset).map(|x| x as f32);
            if place.iter().all(|x| x.is_finite()) {
                self.u[node as usize] = [place[0], place[1], place[2], 0.0];
            }
        }
    }

    /// Velocity of `node` in this tick of `dt`, if it is held, m/s.
    pub(crate) fn held_velocity(&self, node: u32, dt: f64) -> Option<Vec3> {
        let way = |target| sub(target, wide(self.u_before[node as usize]));
        Some(way(self.supports.target(node)?).map(|x| x / dt))
    }

    /// Whether every number of the state is finite; if not, returns to the start of the tick, at
    /// rest.
    pub(crate) fn survive(&mut self) -> bool {
        let finite = |a: &[f32; 4]| (a[0] + a[1] + a[2]).is_finite();
        if self.u.iter().all(finite) && self.v.iter().all(finite) {
            return true;
        }
        self.u.copy_from_slice(&self.u_before);
        self.v.fill([0.0; 4]);
        self.calm_ticks = 0;
        self.put_held_nodes(); // the start may have been what was wrong
        if self.viscosity.is_some() {
            self.elastic_pass(Memory::Forget, false); // no lost numbers are remembered
        }
        false
    }
}
