//! Passivity observer and controller (Hannaford and Ryu 2002), exact for a force that is held from
//! tick to tick.
//!
//! The loop must not give the hand more energy than the device's own friction takes. The observer
//! keeps the balance
//!
//! ```text
//! E_k = E_{k-1} - f_{k-1} . (x_k - x_{k-1}) + f_c |x_k - x_{k-1}| + b |x_k - x_{k-1}|^2 / T
//! ```
//!
//! with the force **f that acted** in the interval, after all limits and delays, positions x as the
//! device told them, and the friction f_c, b that it declares. Where the balance is negative and the
//! hand moves, the controller brakes: `f -= alpha v`, `alpha = min(-E / (T v^2), alpha_max)`, with
//! `alpha_max = 0.8 m / T`, beyond which the brake itself would oscillate.
//!
//! What was dissipated long ago must not pay for a burst now: the credit is capped, and leaks away
//! with a time constant of seconds.

use crate::device::DeviceInfo;
use crate::vector::{add, dot, norm, scale, sub};

/// Ticks of delay that can be accounted for.
pub(crate) const LONGEST_DELAY: usize = 8;
/// Positions that a speed is taken over, ticks.
const WINDOW: usize = 4;
/// Most credit kept, J.
const CREDIT_J: f64 = 0.02;
/// Time constant of the leak, s.
const LEAK_S: f64 = 2.0;
/// Braking per mass and tick.
const BRAKE_SHARE: f64 = 0.8;

/// The balance and the brake.
#[derive(Clone, Copy, Debug)]
pub struct Passivity {
    dt: f64,
    friction_n: f64,
    damping: f64,
    slowest: f64,
    strongest: f64,
    delay: usize,
    balance_j: f64,
    past: [[f64; 3]; WINDOW + 1],
    known: bool,
    played: [[f64; 3]; LONGEST_DELAY + 1],
    braked: u64,
}

impl Passivity {
    /// For a device at ticks of `dt` seconds.
    #[must_use]
    pub fn new(info: &DeviceInfo, dt: f64) -> Self {
        Self {
            dt,
            friction_n: info.friction_n,
            damping: info.damping,
            slowest: 2.0 * info.resolution_m / (WINDOW as f64 * dt),
            strongest: BRAKE_SHARE * info.mass_kg / dt,
            delay: (info.delay_ticks as usize).min(LONGEST_DELAY),
            balance_j: 0.0,
            past: [[0.0; 3]; WINDOW + 1],
            known: false,
            played: [[0.0; 3]; LONGEST_DELAY + 1],
            braked: 0,
        }
    }

    /// Takes in where the device is now (m), at the start of a tick.
    pub fn observe(&mut self, position: [f64; 3]) {
        if !self.known {
            self.past = [position; WINDOW + 1];
            self.known = true;
            return;
        }
        let way = sub(position, self.past[WINDOW]);
        self.past.rotate_left(1);
        self.past[WINDOW] = position;
        let acted = self.played[LONGEST_DELAY - self.delay];
        let rubbed = self.friction_n * norm(way) + self.damping * dot(way, way) / self.dt;
        let leak = 1.0 - (self.dt / LEAK_S) * f64::from(self.balance_j > 0.0);
        self.balance_j = (self.balance_j * leak - dot(acted, way) + rubbed).min(CREDIT_J);
    }

    /// `force` (N), braked where the balance is negative.
    pub fn brake(&mut self, force: [f64; 3]) -> [f64; 3] {
        let way = sub(self.past[WINDOW], self.past[0]);
        let velocity = scale(way, 1.0 / (WINDOW as f64 * self.dt));
        let speed2 = dot(velocity, velocity);
        if self.balance_j >= 0.0 || speed2 <= self.slowest * self.slowest {
            return force;
        }
        self.braked += 1;
        let alpha = (-self.balance_j / (self.dt * speed2)).min(self.strongest);
        add(force, scale(velocity, -alpha))
    }

    /// Notes the force (N) that the device was given in this tick.
    pub fn plays(&mut self, force: [f64; 3]) {
        self.played.rotate_left(1);
        self.played[LONGEST_DELAY] = force;
    }

    /// The last force was not played after all.
    pub fn unplayed(&mut self) {
        self.played[LONGEST_DELAY] = [0.0; 3];
    }

    /// A break in the run: what the hand did meanwhile is not known.
    pub fn forget(&mut self) {
        self.known = false;
        self.balance_j = self.balance_j.min(0.0);
        self.played = [[0.0; 3]; LONGEST_DELAY + 1];
    }

    /// The balance, J.
    #[must_use]
    pub fn balance_j(&self) -> f64 {
        self.balance_j
    }

    /// Ticks in which it braked.
    #[must_use]
    pub fn braked(&self) -> u64 {
        self.braked
    }
}
