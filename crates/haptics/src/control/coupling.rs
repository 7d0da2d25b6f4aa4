//! The virtual coupling: a spring and a damper between the hand and the tool, so that no contact,
//! however stiff, is stiffer in the hand than the device bears (Colgate, Stanley and Brown 1995;
//! Adams and Hannaford 1999).
//!
//! It lies at the handle, in the device frame, so that no scaling and no lever of a port makes it
//! stiffer than the device was asked for. With the handle at x the tool goes where `x + r` sends it;
//! r is the **deflection**, and the hand feels `f = K r + B r'`. At rest a contact of stiffness k is
//! felt as the series of both, `(1/K + 1/k)^-1`. In free space r is exactly zero and so is the force:
//! the coupling has no weight and no drag.
//!
//! Against tissue that is computed in the tick the tool's place is an input and the tissue's force F
//! comes back (an admittance): the deflection is moved by that force,
//!
//! ```text
//! m r'' = F - K r - B_m r'        B_m = 2 sqrt(K m)
//! ```
//!
//! one semi-implicit Euler step a tick. F is known only after the tool has moved. Such a staggered
//! pair is stable while the mass M of the tissue that moves with the tool stays below about
//! `m + T B_m / 2` (the added-mass effect: Causin, Gerbeau and Nobile 2005), which is why r has a
//! mass m. The tissue that a probe's tip carries along weighs a few grams.
//!
//! Against a local model (`local.rs`) the proxy's place is computed from the hand's: r is given, and
//! its rate is taken from differences through a first-order filter, since encoders move in steps.
//!
//! Turns go the same way with a rotation vector for r, an inertia for m and a torque for F.

use std::f64::consts::TAU;

use crate::control::gains::Gains;
use crate::vector::{add, dot, finite, limited, scale, sub};

/// Mass m of the deflection, kg.
const MASS_KG: f64 = 0.02;
/// The same of a turn, kg m^2: that mass at 5 cm.
const INERTIA_KG_M2: f64 = 5e-5;
/// Corner of the filter of a given deflection's rate, Hz.
const RATE_CORNER_HZ: f64 = 60.0;
/// Largest deflection, m: beyond, hand and tool have nothing to do with each other.
const FARTHEST_M: f64 = 0.3;
/// The same of a turn, rad.
const FARTHEST_RAD: f64 = 1.0;

/// The springs of place and turn, and their state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coupling {
    full: Gains,
    gains: Gains,
    dt: f64,
    /// Whether the place's deflection was given.
    given: bool,
    place: Spring,
    turn: Spring,
}

impl Coupling {
    /// At rest, for ticks of `dt` seconds.
    #[must_use]
    pub fn new(gains: Gains, dt: f64) -> Self {
        Self {
            full: gains,
            gains,
            dt,
            given: false,
            place: Spring::default(),
            turn: Spring::default(),
        }
    }

    /// Keeps `share` (0 to 1) of the stiffness, as where the loop is not in real time.
    pub fn limit(&mut self, share: f64) {
        let share = share.clamp(0.01, 1.0);
        self.gains = Gains {
            stiffness: self.full.stiffness * share,
            damping: self.full.damping * share.sqrt(),
            rotational_stiffness: self.full.rotational_stiffness * share,
        };
    }

    /// Gains in force.
    #[must_use]
    pub fn gains(&self) -> Gains {
        self.gains
    }

    /// From the handle to where the tool's handle would be, device frame: m, and as a rotation
    /// vector, rad.
    #[must_use]
    pub fn deflection(&self) -> ([f64; 3], [f64; 3]) {
        (self.place.deflection, self.turn.deflection)
    }

    /// Force (N) and torque (N m) on the hand after a tick in which the tool passed on `force` and
    /// `torque`, all in the device frame. What is not a number counts as nothing.
    pub fn yield_to(&mut self, force: [f64; 3], torque: [f64; 3]) -> ([f64; 3], [f64; 3]) {
        let place = Inertia {
            mass: MASS_KG,
            farthest: FARTHEST_M,
        };
        let stiffness = self.gains.stiffness;
        (
            self.place.yield_to(force, stiffness, place, self.dt),
            self.yield_turn(torque),
        )
    }

    /// Energy held by the springs and their deflections' motion, J. A deflection that was given has no
    /// mass.
    #[must_use]
    pub fn stored_j(&self) -> f64 {
        let Gains {
            stiffness,
            rotational_stiffness,
            ..
        } = self.gains;
        let mass = if self.given { 0.0 } else { MASS_KG };
        self.place.energy(stiffness, mass) + self.turn.energy(rotational_stiffness, INERTIA_KG_M2)
    }

    /// As [`yield_to`](Self::yield_to), where the tool's place was found together with its contacts, so that `force` is
    /// what the spring holds: r = force / K.
    pub fn hold(&mut self, force: [f64; 3], torque: [f64; 3]) -> ([f64; 3], [f64; 3]) {
        let turn = self.yield_turn(torque);
        if self.gains.stiffness.is_infinite() {
            return (force, turn);
        }
        (self.hold_at(scale(force, 1.0 / self.gains.stiffness)), turn)
    }

    fn yield_turn(&mut self, torque: [f64; 3]) -> [f64; 3] {
        let turn = Inertia {
            mass: INERTIA_KG_M2,
            farthest: FARTHEST_RAD,
        };
        let stiffness = self.gains.rotational_stiffness;
        self.turn.yield_to(torque, stiffness, turn, self.dt)
    }

    /// The force on the hand (N) for a deflection found by constraints, m. What is not a number
    /// counts as none.
    pub fn hold_at(&mut self, deflection: [f64; 3]) -> [f64; 3] {
        let Gains {
            stiffness, damping, ..
        } = self.gains;
        self.given = true;
        let place = &mut self.place;
        let found = finite(deflection);
        let deflection = if found { deflection } else { [0.0; 3] };
        let new = scale(sub(deflection, place.deflection), 1.0 / self.dt);
        let share = 1.0 - (-TAU * RATE_CORNER_HZ * self.dt).exp();
        place.rate = add(place.rate, scale(sub(new, place.rate), share));
        place.move_to(deflection, FARTHEST_M);
        add(
            scale(place.deflection, stiffness),
            scale(place.rate, damping),
        )
    }
}

/// What a deflection has to carry.
#[derive(Clone, Copy)]
struct Inertia {
    mass: f64,
    farthest: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Spring {
    deflection: [f64; 3],
    rate: [f64; 3],
}

impl Spring {
    fn yield_to(&mut self, load: [f64; 3], k: f64, inertia: Inertia, h: f64) -> [f64; 3] {
        if k.is_infinite() {
            return load; // what is not a number meets the safety chain
        }
        let load = if finite(load) { load } else { [0.0; 3] };
        let Inertia { mass, farthest } = inertia;
        let b = 2.0 * (k * mass).sqrt();
        let push = sub(load, scale(self.deflection, k));
        let drag = 1.0 + h * (b + h * k) / mass;
        self.rate = scale(add(self.rate, scale(push, h / mass)), 1.0 / drag);
        self.move_to(add(self.deflection, scale(self.rate, h)), farthest);
        add(scale(self.deflection, k), scale(self.rate, b))
    }

    fn energy(&self, k: f64, mass: f64) -> f64 {
        if k.is_infinite() {
            return 0.0;
        }
        let spring = k * dot(self.deflection, self.deflection);
        0.5 * (spring + mass * dot(self.rate, self.rate))
    }

    fn move_to(&mut self, deflection: [f64; 3], farthest: f64) {
        let (within, beyond) = limited(deflection, farthest);
        self.deflection = within;
        if beyond {
            self.rate = [0.0; 3];
        }
    }
}
