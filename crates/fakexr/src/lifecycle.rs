//! The states of a session, in the order that the specification gives them.
//!
//! IDLE, READY, (xrBeginSession) SYNCHRONIZED, VISIBLE, FOCUSED, and back through VISIBLE,
//! SYNCHRONIZED, STOPPING, (xrEndSession) IDLE; EXITING after xrRequestExitSession.

use openxr_sys as xr;
use xr::SessionState as State;

use crate::abi::{Answer, fault};

/// How far the session is to go: what the person with the headset does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wish {
    /// The headset lies on the table: a running session is stopped.
    Idle,
    /// The session runs and its frames are not shown.
    Synchronized,
    /// Its frames are shown and something else has the input.
    Visible,
    /// It has the input.
    Focused,
}

/// Where a session stands.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    state: State,
    running: bool,
    leaving: bool,
}

/// The states gone through by a call, one event each.
pub(crate) type Steps = Vec<State>;

impl Lifecycle {
    /// A session that was just made, and the states that it goes through by itself.
    pub(crate) fn new(wish: Wish) -> (Self, Steps) {
        let mut new = Self {
            state: State::UNKNOWN,
            running: false,
            leaving: false,
        };
        let mut steps = new.enter(State::IDLE);
        steps.extend(new.follow(wish));
        (new, steps)
    }

    pub(crate) fn state(&self) -> State {
        self.state
    }

    pub(crate) fn is_focused(&self) -> bool {
        self.state == State::FOCUSED
    }

    fn enter(&mut self, state: State) -> Steps {
        self.state = state;
        vec![state]
    }

    /// Checks that the session runs, which frames and the end of it need.
    pub(crate) fn need_running(&self) -> Answer<()> {
        if self.running {
            return Ok(());
        }
        let text = "the session does not run; call xrBeginSession when it is READY";
        fault(xr::Result::ERROR_SESSION_NOT_RUNNING, text)
    }

    /// xrBeginSession.
    pub(crate) fn begin(&mut self) -> Answer<()> {
        if self.running {
            return fault(
                xr::Result::ERROR_SESSION_RUNNING,
                "the session runs already",
            );
        }
        if self.state != State::READY {
            let text = format!("the session is {:?}, not READY", self.state);
            return fault(xr::Result::ERROR_SESSION_NOT_READY, text);
        }
        self.running = true;
        Ok(())
    }

    /// xrEndSession.
    pub(crate) fn end(&mut self, wish: Wish) -> Answer<Steps> {
        self.need_running()?;
        if self.state != State::STOPPING {
            let text = format!(
                "the session is {:?}; end it when it is STOPPING",
                self.state
            );
            return fault(xr::Result::ERROR_SESSION_NOT_STOPPING, text);
        }
        self.running = false;
        let mut steps = self.enter(State::IDLE);
        steps.extend(if self.leaving {
            self.enter(State::EXITING)
        } else {
            self.follow(wish)
        });
        Ok(steps)
    }

    /// xrRequestExitSession.
    pub(crate) fn leave(&mut self) -> Answer<Steps> {
        self.need_running()?;
        self.leaving = true;
        Ok(self.follow(Wish::Idle))
    }

    /// The frame loop has come round once: the session may rise by one state.
    pub(crate) fn frame(&mut self, wish: Wish) -> Steps {
        match self.rise(wish) {
            Some(state) if self.running => self.enter(state),
            _ => Steps::new(),
        }
    }

    /// Goes at once where the person wants it, as far as it needs no call of the application.
    ///
    /// A session that has begun rises only with its first frame.
    pub(crate) fn follow(&mut self, wish: Wish) -> Steps {
        let mut steps = Steps::new();
        while let Some(next) = self.next(wish) {
            steps.extend(self.enter(next));
        }
        steps
    }

    /// A session without graphics has no frames to rise with.
    pub(crate) fn rise_without_frames(&mut self, wish: Wish) -> Steps {
        let mut steps = Steps::new();
        while let Some(next) = self.rise(wish) {
            steps.extend(self.enter(next));
        }
        steps
    }

    /// The runtime is about to go away.
    pub(crate) fn pend(&mut self) -> Steps {
        self.enter(State::LOSS_PENDING)
    }

    fn next(&self, wish: Wish) -> Option<State> {
        match self.state {
            State::IDLE if !self.leaving && wish > Wish::Idle => Some(State::READY),
            State::READY if !self.running && wish == Wish::Idle => Some(State::IDLE),
            State::READY if self.running && (self.leaving || wish == Wish::Idle) => {
                Some(State::STOPPING)
            }
            State::FOCUSED if self.leaving || wish < Wish::Focused => Some(State::VISIBLE),
            State::VISIBLE if self.leaving || wish < Wish::Visible => Some(State::SYNCHRONIZED),
            State::SYNCHRONIZED if self.leaving || wish < Wish::Synchronized => {
                Some(State::STOPPING)
            }
            State::SYNCHRONIZED | State::VISIBLE => self.rise(wish),
            _ => None,
        }
    }

    fn rise(&self, wish: Wish) -> Option<State> {
        match self.state {
            _ if self.leaving => None,
            State::READY if wish >= Wish::Synchronized => Some(State::SYNCHRONIZED),
            State::SYNCHRONIZED if wish >= Wish::Visible => Some(State::VISIBLE),
            State::VISIBLE if wish >= Wish::Focused => Some(State::FOCUSED),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn focused() -> Lifecycle {
        let (mut session, steps) = Lifecycle::new(Wish::Focused);
        assert_eq!(steps, [State::IDLE, State::READY]);
        session.begin().unwrap();
        for state in [State::SYNCHRONIZED, State::VISIBLE, State::FOCUSED] {
            assert_eq!(session.frame(Wish::Focused), [state]);
        }
        assert!(session.frame(Wish::Focused).is_empty());
        session
    }

    #[test]
    fn a_session_rises_frame_by_frame() {
        assert!(focused().is_focused());
    }

    #[test]
    fn a_headset_that_is_taken_off_stops_the_session_and_put_on_makes_it_ready() {
        let mut session = focused();
        let down = [State::VISIBLE, State::SYNCHRONIZED, State::STOPPING];
        assert_eq!(session.follow(Wish::Idle), down);
        assert_eq!(session.end(Wish::Idle).unwrap(), [State::IDLE]);
        assert!(session.need_running().is_err());
        assert_eq!(session.follow(Wish::Focused), [State::READY]);
    }

    #[test]
    fn a_session_asked_to_exit_exits_and_does_not_become_ready() {
        let mut session = focused();
        session.leave().unwrap();
        assert_eq!(
            session.end(Wish::Focused).unwrap(),
            [State::IDLE, State::EXITING]
        );
        assert!(session.follow(Wish::Focused).is_empty());
        assert!(session.leave().is_err());
    }

    #[test]
    fn calls_out_of_turn_are_refused() {
        let (mut session, _) = Lifecycle::new(Wish::Idle);
        assert!(session.begin().is_err() && session.end(Wish::Idle).is_err());
        session.follow(Wish::Visible);
        session.begin().unwrap();
        assert!(session.begin().is_err(), "begun twice");
        assert!(session.end(Wish::Visible).is_err(), "not stopping");
    }

    #[test]
    fn another_application_in_front_takes_the_focus_and_gives_it_back() {
        let mut session = focused();
        assert_eq!(session.follow(Wish::Visible), [State::VISIBLE]);
        assert_eq!(session.follow(Wish::Focused), [State::FOCUSED]);
    }

    #[test]
    fn a_session_that_waits_for_its_first_frame_can_be_stopped() {
        let (mut session, _) = Lifecycle::new(Wish::Focused);
        session.begin().unwrap();
        assert_eq!(session.follow(Wish::Idle), [State::STOPPING]);
    }
}
