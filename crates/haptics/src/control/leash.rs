//! A tool never leaps: where the hand's place jumps (a tracker that found itself again, a device
//! plugged in anew, a run that starts with the hand elsewhere), the tool glides after it, and the
//! hand gets no force until the tool has caught up.

use crate::vector::{add, limited, norm, sub};

/// Fastest hand that is followed at once, m/s: four times what a person does with an instrument.
const FASTEST: f64 = 4.0;
/// How fast the tool glides after a leap, m/s.
const GLIDE: f64 = 0.25;

/// The tool's place before the coupling, and whether it is behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leash {
    step: f64,
    glide: f64,
    place: [f64; 3],
    behind: bool,
}

impl Leash {
    /// From where the tool is (m), for ticks of `dt` seconds.
    #[must_use]
    pub fn new(place: [f64; 3], dt: f64) -> Self {
        Self {
            step: FASTEST * dt,
            glide: GLIDE * dt,
            place,
            behind: false,
        }
    }

    /// Follows the hand (m) for a tick; true where it leapt just now.
    pub fn follow(&mut self, hand: [f64; 3]) -> bool {
        let gap = sub(hand, self.place);
        let leapt = !self.behind && norm(gap) > self.step;
        self.behind |= leapt;
        if self.behind {
            let (way, behind) = limited(gap, self.glide);
            self.place = add(self.place, way);
            self.behind = behind;
        }
        if !self.behind {
            self.place = hand;
        }
        leapt
    }

    /// Where the tool should be, m.
    #[must_use]
    pub fn place(&self) -> [f64; 3] {
        self.place
    }

    /// Whether the tool is still on its way to the hand.
    #[must_use]
    pub fn behind(&self) -> bool {
        self.behind
    }
}
