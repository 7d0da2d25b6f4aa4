//! Effects: what a device without force can still let a hand feel. A rumble motor, a VR controller
//! and a glove take one effect at a time, a few dozen a second.
//!
//! [`Rumble`] turns the force of a tick into effects for two motors:
//!
//! - the **low**, strong motor tells how hard one presses. Sensation grows with the logarithm of
//!   the stimulus (Fechner 1860), so with force F, `F_s` = [`SOFT_N`] and `F_full` = [`FULL_N`]
//!   `low = ln(1 + F / F_s) / ln(1 + F_full / F_s)`, at most 1: a tenth of a newton is felt, and
//!   soft tissue and a nodule are told apart;
//! - the **high**, weak motor tells that something was touched or gave way. With F low-passed to G,
//!   `G' = (F - G) / tau`, the knock is `|F - G| / tau` in N/s; it is held and fades with
//!   [`KNOCK_FADE_S`], because a motor with a weight needs tens of milliseconds to turn, and
//!   `high = knock / KNOCK_FULL`, at most 1.

use crate::device::DevErr;
use crate::vector::{add, limited, norm, scale, sub};

/// What is felt until the next one, or until its time is over.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    /// Amplitude of the slow, strong vibration, 0 to 1.
    pub low: f64,
    /// Amplitude of the quick, weak vibration, 0 to 1.
    pub high: f64,
    /// Time after which it ends by itself, ms.
    pub duration_ms: u32,
}

impl Effect {
    /// Ends what is felt.
    pub const NONE: Self = Self {
        low: 0.0,
        high: 0.0,
        duration_ms: 0,
    };

    /// Whether anything is felt.
    #[must_use]
    pub fn is_felt(&self) -> bool {
        self.low > 0.0 || self.high > 0.0
    }
}

/// Something that plays effects. Keeps the tick's rules: no allocation, no lock, no waiting.
pub trait EffectSink: Send {
    /// Plays `effect` in place of the one before.
    ///
    /// # Errors
    /// Where the device is gone or refuses it.
    fn effect(&mut self, effect: Effect) -> Result<(), DevErr>;
}

/// Force that is shown with the full amplitude, N.
pub const FULL_N: f64 = 3.0;
/// Force up to which the amplitude grows about linearly, N.
pub const SOFT_N: f64 = 0.3;
/// Change of force that is shown with the full amplitude, N/s: a brisk tap on tissue.
pub const KNOCK_FULL: f64 = 60.0;
/// Time in which a knock fades, s.
pub const KNOCK_FADE_S: f64 = 0.06;
/// Effects are at least so many ticks apart: 16 ms, as a rumble motor is no quicker.
pub const UPDATE_TICKS: u32 = 16;
/// Time after which an effect ends, ms, so that the motors of a loop that hangs fall silent.
pub const DURATION_MS: u32 = 1_000;
/// An unchanged effect is renewed after so many ticks, well before it ends.
pub const RENEW_TICKS: u32 = 500;

// At a tick a millisecond an effect outlasts the wait for its renewal.
const _: () = assert!(DURATION_MS > RENEW_TICKS + UPDATE_TICKS);

/// Time of the low-pass whose slope is the knock, s.
const SLOPE_S: f64 = 0.008;
/// Amplitudes come in so many steps; a finer difference is not felt and need not be sent.
const STEPS: f64 = 32.0;
/// No force is taken for larger than this, N.
const FORCE_LIMIT_N: f64 = 1e3;

/// From the force of every tick to the few effects that a motor can follow. Knows no clock: a call
/// is a tick.
#[derive(Clone, Debug)]
pub struct Rumble {
    dt: f64,
    force: [f64; 3],
    followed: [f64; 3],
    knock: f64,
    since: u32,
    playing: Effect,
}

impl Rumble {
    /// Silent; called every `dt` seconds.
    #[must_use]
    pub fn new(dt: f64) -> Self {
        Self {
            dt,
            force: [0.0; 3],
            followed: [0.0; 3],
            knock: 0.0,
            since: UPDATE_TICKS,
            playing: Effect::NONE,
        }
    }

    /// The force of this tick, N; the effect to play now, where there is a new one. A force that is
    /// no number counts as none.
    pub fn tick(&mut self, force: [f64; 3]) -> Option<Effect> {
        self.follow(limited(force, FORCE_LIMIT_N).0);
        self.since = self.since.saturating_add(1);
        if self.since <= UPDATE_TICKS {
            return None;
        }
        let next = self.wanted();
        let unchanged = next.low == self.playing.low && next.high == self.playing.high;
        let ending = next.is_felt() && self.since >= RENEW_TICKS;
        if unchanged && !ending {
            return None;
        }
        self.since = 1;
        self.playing = next;
        Some(next)
    }

    /// Forgets the force: [`Effect::NONE`] is being played from now on.
    pub fn silence(&mut self) {
        *self = Self {
            since: 1,
            ..Self::new(self.dt)
        };
    }

    fn follow(&mut self, force: [f64; 3]) {
        self.force = force;
        let gap = sub(force, self.followed);
        self.followed = add(self.followed, scale(gap, self.dt / (SLOPE_S + self.dt)));
        let slope = norm(sub(force, self.followed)) / SLOPE_S;
        let fade = KNOCK_FADE_S / (KNOCK_FADE_S + self.dt);
        self.knock = slope.max(self.knock * fade);
    }

    fn wanted(&self) -> Effect {
        let low = (norm(self.force) / SOFT_N).ln_1p() / (FULL_N / SOFT_N).ln_1p();
        let effect = Effect {
            low: stepped(low),
            high: stepped(self.knock / KNOCK_FULL),
            duration_ms: DURATION_MS,
        };
        if effect.is_felt() {
            effect
        } else {
            Effect::NONE
        }
    }
}

fn stepped(amplitude: f64) -> f64 {
    (amplitude.min(1.0) * STEPS).round() / STEPS
}

#[cfg(test)]
mod tests;
