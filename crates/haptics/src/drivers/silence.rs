//! When a device that was asked and does not answer is lost, for the drivers that exchange messages
//! with it.

use std::time::{Duration, Instant};

/// Silent for longer it is lost ...
const AFTER: Duration = Duration::from_millis(100);
/// ... if it was asked so often meanwhile: a tick that slept through has asked nobody.
const TRIES: u32 = 20;

/// How long nothing has been heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Silence {
    since: Instant,
    tries: u32,
}

impl Silence {
    /// From now on.
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            tries: 0,
        }
    }

    /// It was asked once more in vain; whether that is once too often.
    pub(super) fn is_too_long(&mut self) -> bool {
        self.tries += 1;
        self.tries >= TRIES && self.since.elapsed() > AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_time_nor_tries_alone_are_a_loss() {
        let mut silence = Silence::new();
        assert!((0..5 * TRIES).all(|_| !silence.is_too_long()));
        let mut asleep = Silence::new();
        asleep.since -= 2 * AFTER;
        assert!((1..TRIES).all(|_| !asleep.is_too_long()));
        assert!(asleep.is_too_long());
    }
}
