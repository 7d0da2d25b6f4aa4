//! A local contact model: what tissue or walls near the tool do to it, told in a few rows, so that
//! the 1 kHz tick can answer the hand while the tissue itself is computed more slowly.
//!
//! Sending a force from a slow simulation makes stiffness unstable in proportion to its period; a
//! contact model evaluated in every tick does not (`docs/haptics.md`). The coupling between hand and
//! tool is solved together with the rows (the compliance approach: Duriez, Dubois, Kheddar and
//! Andriot 2006; Saupin, Duriez and Cotin 2008; Peterlik et al. 2011). With the hand's tool at x, a
//! row with the unit normal n (from tissue to tool) and the point r of the tool is
//!
//! ```text
//! u   = p(x) - p(x_ref)                      way of the row's point since the reference
//! d   = -gap - n . (u + C f)                 how deep it is, with what the coupling gives way
//! l_n = law(d) >= 0,   l_n = 0 where d <= 0
//! l_t = along - k_t (u + C f)_t,             |l_t| <= mu l_n
//! f   = sum of l_n n + l_t                   force on the tool; it stands at x + C f
//! ```
//!
//! with C the coupling's compliance at the tool. Three laws: a **wall** does not yield; a **spring**
//! yields by d = l_n / k; a **round contact** of Hertz (1882) has l_n = c d^(3/2), so that a press stays
//! right as it gets deeper between two models. Projected Gauss-Seidel with [`SWEEPS`] sweeps, always as
//! many: what comes out depends on the inputs alone, never on the clock.

use softbody::Pose;

use crate::rotation::rotate;
use crate::vector::{add, cross, dot, finite, limited, norm, scale, sub};

/// Most rows of a model.
pub const MOST_ROWS: usize = 8;

/// Sweeps of Gauss-Seidel. With one row the first is exact; blocks of rows couple through C only.
const SWEEPS: usize = 12;
/// Newton steps for a round contact, from a bound that is at most a third too large.
const NEWTON: usize = 5;
/// Least that wall and coupling together give way, m/N: a wall against a tool that is exactly where
/// the hand is would answer with any force.
const LEAST_COMPLIANCE: f64 = 5e-5;

/// How a row yields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Not at all: compliance 0.
    Wall,
    /// As a spring of this stiffness, N/m.
    Spring(f64),
    /// As a round tool on an elastic half-space: this factor c of depth^(3/2), N/m^(3/2).
    Round(f64),
}

/// One contact, or one that may come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Unit normal from the tissue to the tool.
    pub normal: [f64; 3],
    /// The tool's point it is for: from the tool's position, in the tool's own frame, m.
    pub point: [f64; 3],
    /// Between tissue and point at the reference, along the normal, m; negative where it is pressed.
    pub gap: f64,
    /// How it yields along the normal.
    pub law: Law,
    /// Force along the surface at the reference, N.
    pub along: [f64; 3],
    /// Stiffness along the surface, N/m.
    pub shear: f64,
    /// Coulomb coefficient.
    pub friction: f64,
    /// How far from the reference it holds, m: from there to twice as far its force fades.
    pub reach: f64,
}

impl Row {
    /// A plane through `on_plane` (m, world) that never yields, for the point of a tool that is its
    /// position, in a model whose reference is at `reference`.
    #[must_use]
    pub fn wall(normal: [f64; 3], on_plane: [f64; 3], reference: [f64; 3]) -> Self {
        Self {
            normal,
            point: [0.0; 3],
            gap: dot(normal, sub(reference, on_plane)),
            law: Law::Wall,
            along: [0.0; 3],
            shear: 0.0,
            friction: 0.0,
            reach: f64::INFINITY,
        }
    }

    /// The same, yielding as a spring of `stiffness`, N/m.
    #[must_use]
    pub fn spring(
        normal: [f64; 3],
        on_plane: [f64; 3],
        reference: [f64; 3],
        stiffness: f64,
    ) -> Self {
        Self {
            law: Law::Spring(stiffness),
            ..Self::wall(normal, on_plane, reference)
        }
    }

    const NONE: Self = Self {
        normal: [0.0; 3],
        point: [0.0; 3],
        gap: f64::INFINITY,
        law: Law::Spring(0.0),
        along: [0.0; 3],
        shear: 0.0,
        friction: 0.0,
        reach: f64::INFINITY,
    };

    fn is_sound(&self) -> bool {
        let law = match self.law {
            Law::Wall => 0.0,
            Law::Spring(k) | Law::Round(k) => k,
        };
        let numbers = [self.gap, law, self.shear, self.friction];
        finite(self.normal)
            && finite(self.point)
            && finite(self.along)
            && numbers.iter().all(|x| x.is_finite())
            && law >= 0.0
            && self.shear >= 0.0
            && self.friction >= 0.0
            && self.reach > 0.0
    }
}

/// What is near the tool, from one moment of the tissue. Plain numbers, copied from thread to thread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalModel {
    rows: [Row; MOST_ROWS],
    count: usize,
    /// The tool's pose that gaps and forces are for.
    pub reference: Pose,
    /// The tick whose tool it was computed for.
    pub born_tick: u64,
    /// Ticks from one model to the next; it is due that long after it was born.
    pub period_ticks: u32,
}

/// What a model does to the tool.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Felt {
    /// On the tool, N.
    pub force: [f64; 3],
    /// About the tool's position, N m.
    pub torque: [f64; 3],
    /// Rows that push.
    pub contacts: u32,
}

/// What the coupling between hand and tool gives way at the tool: metres per newton, symmetric.
pub type Compliance = [[f64; 3]; 3];

/// A coupling of `stiffness` (N/m) alike in all directions; infinite for none.
#[must_use]
pub fn alike(stiffness: f64) -> Compliance {
    let c = 1.0 / stiffness;
    [[c, 0.0, 0.0], [0.0, c, 0.0], [0.0, 0.0, c]]
}

impl LocalModel {
    /// Nothing near a tool at `reference`.
    #[must_use]
    pub fn empty(reference: Pose, born_tick: u64, period_ticks: u32) -> Self {
        Self {
            rows: [Row::NONE; MOST_ROWS],
            count: 0,
            reference,
            born_tick,
            period_ticks,
        }
    }

    /// Adds a row; false where there is no room, or one of its numbers is none.
    pub fn push(&mut self, row: Row) -> bool {
        let fits = self.count < MOST_ROWS && row.is_sound();
        if fits {
            self.rows[self.count] = row;
            self.count += 1;
        }
        fits
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows[..self.count]
    }

    /// What it does to a tool that the hand holds at `pose` through a coupling of `compliance`.
    #[must_use]
    pub fn feel(&self, pose: &Pose, compliance: &Compliance) -> Felt {
        let mut solve: [Solve; MOST_ROWS] = [Solve::default(); MOST_ROWS];
        for (s, row) in solve.iter_mut().zip(self.rows()) {
            *s = Solve::start(row, &self.reference, pose, compliance);
        }
        let solve = &mut solve[..self.count];
        let mut total = [0.0; 3];
        for _ in 0..SWEEPS {
            for (s, row) in solve.iter_mut().zip(self.rows()) {
                s.relax(row, compliance, &mut total);
            }
        }
        let mut felt = Felt::default();
        for (s, row) in solve.iter().zip(self.rows()) {
            let force = s.force(row);
            felt.force = add(felt.force, force);
            felt.torque = add(felt.torque, cross(s.lever, force));
            felt.contacts += u32::from(s.normal > 0.0);
        }
        if finite(felt.force) && finite(felt.torque) {
            felt
        } else {
            Felt::default()
        }
    }
}

/// `compliance` times `force`, m.
pub(crate) fn give(compliance: &Compliance, force: [f64; 3]) -> [f64; 3] {
    compliance.map(|row| dot(row, force))
}

/// A row in a solve.
#[derive(Clone, Copy, Default)]
struct Solve {
    /// From the tool's position to its point, world, m.
    lever: [f64; 3],
    /// u, m
    way: [f64; 3],
    /// How much of the row holds here, 0 to 1.
    share: f64,
    /// What the coupling gives way along the normal, and in the mean across it, m/N.
    yielding: f64,
    across: f64,
    /// l_n, l_t, N
    normal: f64,
    along: [f64; 3],
}

impl Solve {
    fn start(row: &Row, reference: &Pose, pose: &Pose, compliance: &Compliance) -> Self {
        let lever = rotate(pose.orientation, row.point);
        let before = rotate(reference.orientation, row.point);
        let way = add(sub(pose.position, reference.position), sub(lever, before));
        let trace: f64 = (0..3).map(|i| compliance[i][i]).sum();
        let yielding = dot(row.normal, give(compliance, row.normal));
        Self {
            lever,
            way,
            share: (2.0 - norm(way) / row.reach).clamp(0.0, 1.0),
            yielding,
            across: 0.5 * (trace - yielding).max(0.0),
            ..Self::default()
        }
    }

    fn force(&self, row: &Row) -> [f64; 3] {
        add(scale(row.normal, self.normal), self.along)
    }

    /// One step of Gauss-Seidel: this row's force for what all push, `total`, which is kept up.
    fn relax(&mut self, row: &Row, compliance: &Compliance, total: &mut [f64; 3]) {
        let others = sub(*total, scale(row.normal, self.normal));
        let way = add(self.way, give(compliance, others));
        let depth = -row.gap - dot(row.normal, way);
        self.normal = row.law.scaled(self.share).push(depth, self.yielding);
        *total = add(others, scale(row.normal, self.normal));
        let along = self.rub(row, add(self.way, give(compliance, *total)));
        *total = add(*total, sub(along, self.along));
        self.along = along;
    }

    /// l_t where the point has gone `way`. The coupling may be softer in one direction of the surface
    /// than in the other: a step for their mean converges in both.
    fn rub(&self, row: &Row, way: [f64; 3]) -> [f64; 3] {
        let shear = row.shear * self.share;
        let across = sub(way, scale(row.normal, dot(row.normal, way)));
        let wanted = sub(scale(row.along, self.share), scale(across, shear));
        let more = sub(wanted, self.along);
        let along = add(self.along, scale(more, 1.0 / (1.0 + shear * self.across)));
        limited(along, row.friction * self.normal).0
    }
}

impl Law {
    fn scaled(self, share: f64) -> Self {
        match self {
            Self::Wall if share < 1.0 => Self::Spring(share / LEAST_COMPLIANCE),
            Self::Wall => self,
            Self::Spring(k) => Self::Spring(k * share),
            Self::Round(c) => Self::Round(c * share),
        }
    }

    /// l_n >= 0 with l_n = law(depth - yielding l_n), N.
    fn push(self, depth: f64, yielding: f64) -> f64 {
        if depth <= 0.0 {
            return 0.0;
        }
        match self {
            Self::Wall => depth / yielding.max(LEAST_COMPLIANCE),
            Self::Spring(k) => k * depth / (1.0 + k * yielding),
            Self::Round(c) => {
                let s = round_root(depth, c * yielding);
                c * s * s * s
            }
        }
    }
}

/// The root s >= 0 of s^2 + a s^3 = depth: the square root of how deep a round contact is. Convex
/// and rising, so Newton's steps come down to it from any bound above.
fn round_root(depth: f64, a: f64) -> f64 {
    let mut s = depth.sqrt();
    if a > 0.0 {
        s = s.min(libm::cbrt(depth / a));
    }
    for _ in 0..NEWTON {
        let value = s * s * (1.0 + a * s) - depth;
        s -= value / (s * (2.0 + 3.0 * a * s));
    }
    s
}

#[cfg(test)]
mod tests;
