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
//! mass m. The tissue that a probe's tip carries along weighs a few grams. Where a mapping enlarges
//! movement M is larger in the hand, by scale times force_scale, and m with it.
//!
//! Against a local model (`local.rs`) the proxy's place is computed from the hand's: r is given, and
//! its rate is taken from differences through a first-order filter, since encoders move in steps.
//!
//! Turns go the same way with a rotation vector for r, an inertia for m and a torque for F.

use std::f64::consts::TAU;

use crate::control::gains::Gains;
use crate::vector::{add, dot, finite, limited, scale, sub};

/// Mass m of the deflection, kg.
const MASS_KG: f64 = 0.04;
/// The same of a turn, kg m^2: that mass at 5 cm.
const INERTIA_KG_M2: f64 = 1e-4;
/// Corner of the filter of a given deflection's rate, Hz.
const RATE_CORNER_HZ: f64 = 60.0;
/// Largest deflection, m: beyond, hand and tool have nothing to do with each other.
const FARTHEST_M: f64 = 0.3;
/// The same of a turn, rad.
const FARTHEST_RAD: f64 = 1.0;

/// The springs of place and turn, and their state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coupling {
    enlarged: f64,
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
            enlarged: 1.0,
            full: gains,
            gains,
            dt,
            given: false,
            place: Spring::default(),
            turn: Spring::default(),
        }
    }

    /// Behind a mapping that makes masses of the world `share` times as large in the hand. Where it
    /// makes them larger the deflection's own mass has to grow with them, or it could not carry the
    /// tissue that moves with the tool.
    #[must_use]
    pub fn behind(self, share: f64) -> Self {
        Self {
            enlarged: share.max(1.0),
            ..self
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
            mass: MASS_KG * self.enlarged,
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
        let mass = if self.given {
            0.0
        } else {
            MASS_KG * self.enlarged
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    const DT: f64 = 1e-3;

    /// Largest way of the tool (m) in the last of a thousand ticks, after a knock: `mass` (kg) of
    /// tissue on 100 N/m moves with it, and the mapping makes `scale` mm of a mm of hand.
    fn trembles(mass: f64, scale: f64, coupling: Coupling) -> f64 {
        let mut coupling = coupling;
        let mut places = [0.0; 3];
        let mut largest = 0.0_f64;
        for tick in 0..1000 {
            let knock = if tick < 5 { 0.5 } else { 0.0 };
            places = [scale * coupling.deflection().0[1], places[0], places[1]];
            let acceleration = (places[0] - 2.0 * places[1] + places[2]) / (DT * DT);
            let force = knock - 100.0 * places[0] - mass * acceleration;
            coupling.yield_to([0.0, force, 0.0], [0.0; 3]);
            if tick > 900 {
                largest = largest.max(places[0].abs());
            }
        }
        largest
    }

    #[test]
    fn behind_a_mapping_that_enlarges_movement_the_tissue_is_carried_all_the_same() {
        let gains = Gains {
            stiffness: 1500.0,
            damping: 5.0,
            rotational_stiffness: f64::INFINITY,
        };
        let coupling = Coupling::new(gains, DT);
        let grams = 0.03;
        assert!(trembles(grams, 1.0, coupling) < 1e-6);
        assert!(trembles(grams, 3.0, coupling) > 0.1); // what would be without
        assert!(trembles(grams, 3.0, coupling.behind(3.0)) < 1e-6);
        // Where movement is made smaller, the mass is large enough as it is.
        assert_eq!(coupling.behind(0.5), coupling);
    }
}
