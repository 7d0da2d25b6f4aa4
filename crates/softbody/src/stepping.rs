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
//! Violent ticks: where a node would pass about a third of an element's height in one substep, its
//! speed is clipped to that. For the next [`CALM`] ticks n is at its maximum and the bound is
//! measured in every substep; where fewer substeps are forced, only in the first, as always.

use crate::body::SoftBody;
use crate::vec3::{Vec3, axpy, sub, wide};

/// Most substeps of a tick.
pub const MAX_SUBSTEPS: u32 = 6;
/// Added mass that is accepted when the number of substeps is chosen, as a share of the free mass:
/// it changes the frequency of a slow mode by half of this.
pub const ADDED_SHARE: f64 = 0.02;
/// Ticks of caution after a violent one.
pub const CALM: u32 = 20;
/// Largest motion in a substep as a share of the smallest element height at the node.
const COURANT: f32 = 0.35;

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
        let (mut mass, mut added, mut whole) = (0.0, 0.0, 0.0);
        for (n, (m, w)) in self.mass.iter().zip(&self.inverse_mass).enumerate() {
            let free = if *w > 0.0 { 1.0 } else { 0.0 };
            whole += m;
            mass += free * m;
            let least = (h * h * self.needed_by_mesh(n, self.stiffness[n])) as f32;
            added += free * (least - m).max(0.0);
        }
        match (mass > 0.0, whole > 0.0) {
            (true, _) => f64::from(added) / f64::from(mass),
            (false, true) => f64::INFINITY,
            (false, false) => 0.0,
        }
    }

    /// Whether effective masses have to follow the bound in every substep.
    pub(crate) fn is_violent(&self) -> bool {
        self.calm_ticks < CALM
    }

    /// m_eff from the bound just measured, for substeps of `h`.
    pub(crate) fn set_masses(&mut self, h: f64) -> Floor {
        let mut floor = Floor::default();
        for n in 0..self.mass.len() {
            let added = self.added_mass(n, h);
            let mass = self.mass[n] + added;
            // 0 without tissue, see `topology`
            self.inverse_mass[n] = if mass > 0.0 { 1.0 / mass } else { 0.0 };
            floor.free += usize::from(mass > 0.0);
            floor.floored += usize::from(added > 0.0);
            floor.added_mass += f64::from(added);
        }
        for &node in &self.supports.nodes {
            let n = node as usize;
            let added = self.added_mass(n, h);
            floor.floored -= usize::from(added > 0.0);
            floor.added_mass -= f64::from(added);
            floor.free -= usize::from(self.inverse_mass[n] > 0.0);
            self.inverse_mass[n] = 0.0;
        }
        floor
    }

    /// m_eff - m of node `n`, kg.
    #[inline(always)]
    fn added_mass(&self, n: usize, h: f64) -> f32 {
        let least = h * h * self.needed(n, self.stiffness[n]);
        (least as f32 - self.mass[n]).max(0.0)
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
        false
    }
}
