//! Does the device play what it was given? The service tells with each state the force it has; it
//! differs where the dialect is wrong, a scale or a filter stands between, or another program
//! pushes too (forces of all sessions add up).

use crate::vector::{norm, sub};

/// A difference is one beyond this, N ...
const SLACK_N: f64 = 0.02;
/// ... and this part of what was sent.
const SLACK_PART: f64 = 0.05;
/// So many differences in a row are reported.
const IN_A_ROW: u32 = 20;
/// How long they stay reported after the last one, answers: a second. Reporting takes the force
/// away and with it the difference; without this it would come and go.
const REMEMBERED: u32 = 1_000;

/// Compares forces sent with forces told back.
#[derive(Debug, Default)]
pub(super) struct EchoWatch {
    /// The latest three, newest first: the service may answer with the state before or after it
    /// took the command.
    sent: [[f64; 3]; 3],
    in_a_row: u32,
    alarm: u32,
    errors: u64,
}

impl EchoWatch {
    pub(super) fn sent(&mut self, force: [f64; 3]) {
        self.sent = [force, self.sent[0], self.sent[1]];
    }

    /// What the answer says; whether it is to be reported that force and echo differ.
    pub(super) fn heard(&mut self, echo: [f64; 3]) -> bool {
        self.alarm = self.alarm.saturating_sub(1);
        if self.sent.iter().any(|force| follows(echo, *force)) {
            self.in_a_row = 0;
        } else {
            self.errors += 1;
            self.in_a_row += 1;
            if self.in_a_row >= IN_A_ROW {
                self.alarm = REMEMBERED;
            }
        }
        self.alarm > 0
    }

    /// Differences so far.
    pub(super) fn errors(&self) -> u64 {
        self.errors
    }
}

/// Whether `echo` is `force`, up to the slack.
fn follows(echo: [f64; 3], force: [f64; 3]) -> bool {
    norm(sub(echo, force)) <= SLACK_N + SLACK_PART * norm(force)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_force_that_follows_late_is_no_difference() {
        let mut watch = EchoWatch::default();
        for i in 0..100 {
            let force = |i: i32| [f64::from(i), 0.0, 1.0];
            watch.sent(force(i));
            assert!(!watch.heard(force((i - 2).max(0))), "{i}");
        }
        assert_eq!(watch.errors(), 0);
    }

    #[test]
    fn a_scale_is_reported_and_remembered() {
        let mut watch = EchoWatch::default();
        let mut first = None;
        for i in 0..50 {
            watch.sent([0.0, 0.0, 2.0]);
            if watch.heard([0.0, 0.0, 1.0]) {
                first = first.or(Some(i));
            }
        }
        assert_eq!((first, watch.errors()), (Some(IN_A_ROW - 1), 50));
        watch.sent([0.0; 3]);
        let reported = (0..2_000).take_while(|_| watch.heard([0.0; 3])).count();
        assert_eq!(reported, REMEMBERED as usize - 1);
    }
}
