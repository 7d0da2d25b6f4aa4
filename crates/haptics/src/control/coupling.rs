//! The virtual coupling: a spring and a damper between the hand and the tool, so that no contact,
//! however stiff, is stiffer in the hand than the device bears (Colgate, Stanley and Brown 1995;
//! Adams and Hannaford 1999).
//!
//! With the hand at x_h the tool is at `x_h + r`; r is the **deflection**, and the hand feels
//! `f = K r + B r'`. At rest a contact of stiffness k is felt as the series of both,
//! `(1/K + 1/k)^-1`. In free space r is exactly zero and so is the force: the coupling has no weight
//! and no drag.
//!
//! Against tissue that is computed in the tick the tool's place is an input and the tissue's force F
//! comes back (an admittance): the deflection is moved by that force,
//!
//! ```text
//! m r'' = F - K r - B_m r'        B_m = 2 sqrt(K m)
//! ```
//!
//! one semi-implicit Euler step a tick. F is known only after the tool has moved; such a staggered
//! pair is stable while the tissue's mass that moves with the tool, M, stays below
//! `m + T B_m / 2` (the added-mass condition of Causin, Gerbeau and Nobile 2005 for a unilateral
//! contact), which is why r has a mass m. The tissue under a probe's tip weighs a few grams.
//!
//! Against a local model (`local`) the proxy's place is computed from the hand's: r is given, and
//! its rate is taken from differences through a first-order filter, since encoders move in steps.

use std::f64::consts::TAU;

use crate::control::gains::Gains;
use crate::vector::{add, finite, limited, scale, sub};

/// Mass m of the deflection, kg.
const MASS_KG: f64 = 0.02;
/// Corner of the filter of a given deflection's rate, Hz.
const RATE_CORNER_HZ: f64 = 60.0;
/// Largest deflection, m: beyond, hand and tool have nothing to do with each other.
const FARTHEST_M: f64 = 0.3;

/// The spring and its state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coupling {
    full: Gains,
    gains: Gains,
    dt: f64,
    deflection: [f64; 3],
    rate: [f64; 3],
}

impl Coupling {
    /// At rest, for ticks of `dt` seconds.
    #[must_use]
    pub fn new(gains: Gains, dt: f64) -> Self {
        Self {
            full: gains,
            gains,
            dt,
            deflection: [0.0; 3],
            rate: [0.0; 3],
        }
    }

    /// Keeps `share` (0 to 1) of the stiffness, as where the loop is not in real time.
    pub fn limit(&mut self, share: f64) {
        let share = share.clamp(0.01, 1.0);
        self.gains = Gains {
            stiffness: self.full.stiffness * share,
            damping: self.full.damping * share.sqrt(),
        };
    }

    /// Gains in force.
    #[must_use]
    pub fn gains(&self) -> Gains {
        self.gains
    }

    /// From the hand to the tool, m.
    #[must_use]
    pub fn deflection(&self) -> [f64; 3] {
        self.deflection
    }

    /// The force on the hand (N) after a tick in which the tissue pushed the tool with `force` (N).
    /// What is not a number counts as nothing.
    pub fn yield_to(&mut self, force: [f64; 3]) -> [f64; 3] {
        let force = if finite(force) { force } else { [0.0; 3] };
        let k = self.gains.stiffness;
        if k.is_infinite() {
            return force;
        }
        let (h, b) = (self.dt, 2.0 * (k * MASS_KG).sqrt());
        let push = sub(force, scale(self.deflection, k));
        let drag = 1.0 + h * (b + h * k) / MASS_KG;
        self.rate = scale(add(self.rate, scale(push, h / MASS_KG)), 1.0 / drag);
        self.move_to(add(self.deflection, scale(self.rate, h)));
        add(scale(self.deflection, k), scale(self.rate, b))
    }

    /// The force on the hand (N) for a deflection found by constraints, m.
    pub fn hold_at(&mut self, deflection: [f64; 3]) -> [f64; 3] {
        let Gains { stiffness, damping } = self.gains;
        let new = scale(sub(deflection, self.deflection), 1.0 / self.dt);
        let share = 1.0 - (-TAU * RATE_CORNER_HZ * self.dt).exp();
        self.rate = add(self.rate, scale(sub(new, self.rate), share));
        self.move_to(deflection);
        add(scale(self.deflection, stiffness), scale(self.rate, damping))
    }

    /// Lets hand and tool be at one place again.
    pub fn release(&mut self) {
        self.deflection = [0.0; 3];
        self.rate = [0.0; 3];
    }

    fn move_to(&mut self, deflection: [f64; 3]) {
        let (within, beyond) = limited(deflection, FARTHEST_M);
        self.deflection = within;
        if beyond {
            self.rate = [0.0; 3];
        }
    }
}
