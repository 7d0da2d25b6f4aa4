//! Passivity observer and controller (Hannaford and Ryu 2002) of what lies between hand and tissue,
//! exact for a force that is held from tick to tick.
//!
//! Tissue gives back what was stored in it, and so does the spring of the coupling: that energy is
//! the hand's own. What must not be is energy that comes from sampling, delay or limits. So the
//! observer keeps the balance of the two-port between them,
//!
//! ```text
//! E_k = sum( - f_{j-1} . (x_j - x_{j-1}) - t_{j-1} . turn_j )     taken from the hand
//!     + sum( F_j . (y_j - y_{j-1}) + T_j . turn_j )              given to the tissue, its sign
//!     + sum( f_c |dx_j| + b |dx_j|^2 / T )                       taken by the device's friction
//!     - U_k                                                      stored in the coupling
//! ```
//!
//! with the force **f that acted** on the device in the interval, after all limits and delays,
//! positions x as the device told them, the friction f_c, b that it declares, the tissue's mean force
//! F on the tool that went from y_{j-1} to y_j in a straight line (so that the work is exact), and
//! the coupling's energy U. A balance kept at the device alone would take the release of a pressed
//! organ for activity as soon as it forgets how far it was pressed.
//!
//! Where the balance is negative and the hand moves, the controller brakes: `f -= alpha v`,
//! `alpha = min(-E / (T v^2), alpha_max)`. A brake is itself a damper in the sampled loop:
//! `alpha_max = 0.2 m / (T (1 + d))` for a delay of d ticks keeps it stable.
//!
//! What was dissipated long ago must not pay for a burst now: the credit is capped, and leaks away
//! with a time constant of seconds. A debt stays while the tool touches tissue, which may still give
//! back what the hand was spared by a limit or a ramp. In the air nothing gives it back: where it was
//! torn or rubbed away the hand would feel a drag long after. There it is capped and leaks as well.
//! Nor does a debt drag at the hand in the tissue once it is larger than what a loop makes in a few
//! ticks: such a one comes from a limit, mostly by sliding under a force that is cut off, and never comes
//! back. The hand is given nothing then as long as it lasts, and pays what it would pay without it.

use crate::device::{DeviceInfo, NO_TURN, Wrench};
use crate::rotation::difference;
use crate::vector::{add, dot, norm, scale, sub};

/// Ticks of delay that can be accounted for.
pub(crate) const LONGEST_DELAY: usize = 8;
/// Positions that a speed is taken over, ticks.
const WINDOW: usize = 4;
/// Most credit kept, J.
const CREDIT_J: f64 = 5e-3;
/// Most debt that is taken along into the air, J: the brake has it back within centimetres.
const DEBT_J: f64 = 10e-3;
/// Time constant of the leak of both, s.
const LEAK_S: f64 = 2.0;
/// Braking per mass and tick.
const BRAKE_SHARE: f64 = 0.2;

/// The balance and the brake.
#[derive(Clone, Copy, Debug)]
pub struct Passivity {
    dt: f64,
    friction_n: f64,
    damping: f64,
    slowest: f64,
    strongest: f64,
    delay: usize,
    /// E + U, J.
    gained_j: f64,
    stored_j: f64,
    past: [[f64; 3]; WINDOW + 1],
    rot: [f64; 4],
    known: bool,
    played: [Wrench; LONGEST_DELAY + 1],
    feels_turns: bool,
    braked: u64,
}

impl Passivity {
    /// For a device at ticks of `dt` seconds.
    #[must_use]
    pub fn new(info: &DeviceInfo, dt: f64) -> Self {
        let delay = (info.delay_ticks as usize).min(LONGEST_DELAY);
        Self {
            dt,
            friction_n: info.friction_n,
            damping: info.damping,
            slowest: 2.0 * info.resolution_m / (WINDOW as f64 * dt),
            strongest: BRAKE_SHARE * info.mass_kg / (dt * (1.0 + delay as f64)),
            delay,
            gained_j: 0.0,
            stored_j: 0.0,
            past: [[0.0; 3]; WINDOW + 1],
            rot: NO_TURN,
            known: false,
            played: [Wrench::default(); LONGEST_DELAY + 1],
            feels_turns: info.output_dof == 6,
            braked: 0,
        }
    }

    /// Whether the device turns the hand, so that turning costs it work.
    #[must_use]
    pub fn feels_turns(&self) -> bool {
        self.feels_turns
    }

    /// Takes in where the device is now (m) and how it is turned, at the start of a tick.
    pub fn observe(&mut self, position: [f64; 3], rot: [f64; 4]) {
        if !self.known {
            self.past = [position; WINDOW + 1];
            self.rot = rot;
            self.known = true;
            return;
        }
        let turn = difference(self.rot, rot);
        self.rot = rot;
        let way = sub(position, self.past[WINDOW]);
        self.past.rotate_left(1);
        self.past[WINDOW] = position;
        let acted = self.played[LONGEST_DELAY - self.delay];
        let rubbed = self.friction_n * norm(way) + self.damping * dot(way, way) / self.dt;
        self.gained_j += rubbed - dot(acted.f, way) - dot(acted.t, turn);
    }

    /// Takes in what the tool gave to the tissue in this tick and what the coupling holds now, J as
    /// the hand feels them, and whether the tool touches the tissue.
    pub fn account(&mut self, given_j: f64, stored_j: f64, touches: bool) {
        self.stored_j = stored_j;
        self.gained_j -= given_j;
        let balance = self.balance_j();
        if balance.is_nan() {
            self.gained_j = stored_j;
        } else if balance > 0.0 || !touches {
            let kept = (balance * (1.0 - self.dt / LEAK_S)).clamp(-DEBT_J, CREDIT_J);
            self.gained_j = stored_j + kept;
        }
    }

    /// `force` (N), braked where the balance is negative.
    pub fn brake(&mut self, force: [f64; 3]) -> [f64; 3] {
        let way = sub(self.past[WINDOW], self.past[0]);
        let velocity = scale(way, 1.0 / (WINDOW as f64 * self.dt));
        let speed2 = dot(velocity, velocity);
        let balance = self.balance_j();
        if balance >= 0.0 || speed2 <= self.slowest * self.slowest {
            return force;
        }
        self.braked += 1;
        let alpha = (-balance / (self.dt * speed2)).min(self.strongest);
        // Braked by so much, the hand is given no energy.
        let enough = (dot(force, velocity) / speed2).max(0.0);
        let drags = (3.0 + balance / DEBT_J).clamp(0.0, 1.0);
        let alpha = alpha.min(enough + drags * (alpha - enough).max(0.0));
        add(force, scale(velocity, -alpha))
    }

    /// Notes what the device was given in this tick.
    pub fn plays(&mut self, wrench: &Wrench) {
        self.played.rotate_left(1);
        self.played[LONGEST_DELAY] = *wrench;
    }

    /// The device did not take the last force: it goes on with the one before.
    pub fn kept(&mut self) {
        self.played[LONGEST_DELAY] = self.played[LONGEST_DELAY - 1];
    }

    /// Where the device is now is not known: what the hand does until it is, is not counted.
    pub fn lose_sight(&mut self) {
        self.known = false;
    }

    /// The last force was not played after all.
    pub fn unplayed(&mut self) {
        self.played[LONGEST_DELAY] = Wrench::default();
    }

    /// A break in the run, at whose end the coupling holds `stored_j`, J: what the hand did meanwhile
    /// is not known, and what filled the coupling is no debt of the hand.
    pub fn forget(&mut self, stored_j: f64) {
        self.known = false;
        let debt = self.balance_j().min(0.0);
        self.stored_j = stored_j;
        self.gained_j = stored_j + debt;
        self.played = [Wrench::default(); LONGEST_DELAY + 1];
    }

    /// The balance E, J.
    #[must_use]
    pub fn balance_j(&self) -> f64 {
        self.gained_j - self.stored_j
    }

    /// Ticks in which it braked.
    #[must_use]
    pub fn braked(&self) -> u64 {
        self.braked
    }
}
