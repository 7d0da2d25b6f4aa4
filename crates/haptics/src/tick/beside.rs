//! The loop's side of tissue that is computed beside it: what goes there and what comes from there.
//!
//! Every `every` ticks the tick says where its tool is and how fast (a [`Wish`]); a step of the tissue
//! answers with a [`Told`]. Three ways, one rule: what came is a command of the tick it acted in, and
//! tells the tick it was made for, so that a replay makes the same steps and takes them in the same
//! ticks.
//!
//! - here: in lockstep, the step is made in the tick it is due in, one period after its wish;
//! - away: live, a thread steps the tissue and sends what it told when it is ready;
//! - recorded: a step is made for the wish that a recorded arrival names, when it says.

use std::collections::VecDeque;

use rtrb::Producer;
use softbody::{Pose, Rupture};

use crate::control::Rendering;
use crate::slow::{Ahead, Moves, Slow, Told, Wish};
use crate::triple_buffer::Reader;

/// Wishes that may wait for an arrival.
pub(crate) const WISHES: usize = 64;

/// The tick's end where the tissue is in a thread of its own.
pub(crate) struct Away {
    pub wishes: Producer<Wish>,
    pub told: Reader<Told>,
}

/// Where the tissue's steps are made.
enum Link {
    Here(Box<Slow>),
    Away(Away),
    Recorded(Box<Slow>, VecDeque<Wish>),
}

/// Tissue beside the loop.
pub(crate) struct Beside {
    every: u32,
    pub rendering: Rendering,
    told: Told,
    /// Whether `told` came in this tick.
    arrived: bool,
    link: Option<Link>,
    /// The wish whose step is due next, where it is made here.
    waiting: Option<Wish>,
    moves: Moves,
    ahead: Ahead,
}

impl Beside {
    /// For a loop of ticks of `dt` seconds.
    pub fn new(slow: Slow, every: u32, dt: f64) -> Self {
        let told = *slow.told();
        let reference = told.model.reference;
        let ahead = Ahead::new(reference.position, dt, every, slow.gauge());
        let first = Wish {
            tick: 0,
            pose: reference,
            moves: Moves::default(),
        };
        Self {
            every,
            rendering: Rendering::new(told.model, dt),
            told,
            arrived: false,
            link: Some(Link::Here(Box::new(slow))),
            waiting: Some(first),
            moves: Moves::default(),
            ahead,
        }
    }

    /// What the tissue told last.
    pub fn told(&self) -> &Told {
        &self.told
    }

    /// What tore in the step that came in this tick.
    pub fn tears(&self) -> &[Rupture] {
        let count = if self.arrived {
            self.told.tear_count
        } else {
            0
        };
        &self.told.tears[..count]
    }

    /// Whether the step that came in this tick had a state that was none.
    pub fn is_faulty(&self) -> bool {
        self.arrived && self.told.fault
    }

    /// Where the tissue is, unless another thread has it.
    pub fn slow(&self) -> Option<&Slow> {
        match self.link.as_ref()? {
            Link::Here(slow) | Link::Recorded(slow, _) => Some(slow),
            Link::Away(_) => None,
        }
    }

    /// What of the tissue is due at the start of `tick`; returns for which tick it was made.
    pub fn arrive(&mut self, tick: u64) -> Option<u64> {
        self.arrived = false;
        if !self.rendering.has_room() {
            return None;
        }
        match self.link.as_mut()? {
            Link::Here(slow) => {
                let due = |w: &mut Wish| tick >= w.tick + u64::from(self.every);
                let wish = self.waiting.take_if(due)?;
                slow.step(&wish);
                self.told = *slow.told();
            }
            Link::Away(away) => {
                let told = away.told.latest();
                if told.steps <= self.told.steps {
                    return None;
                }
                self.told = *told;
            }
            Link::Recorded(..) => return None,
        }
        Some(self.take())
    }

    /// The recorded arrival of the step that was made for the tick `born`; false where there is none.
    pub fn arrive_as_recorded(&mut self, born: u64) -> bool {
        let Some(Link::Recorded(slow, wishes)) = &mut self.link else {
            return false;
        };
        while let Some(wish) = wishes.pop_front() {
            if wish.tick == born {
                slow.step(&wish);
                self.told = *slow.told();
                self.take();
                return true;
            }
            slow.apply(&wish.moves);
        }
        false
    }

    fn take(&mut self) -> u64 {
        self.rendering.take(&self.told.model);
        self.arrived = true;
        self.told.model.born_tick
    }

    /// Asks for a step where `tick` begins a period.
    pub fn ask(&mut self, tick: u64, pose: Pose) {
        self.ahead.note(pose.position);
        if !tick.is_multiple_of(u64::from(self.every)) {
            return;
        }
        let wish = Wish {
            tick,
            pose: Pose {
                position: self.ahead.step(),
                ..pose
            },
            moves: self.moves,
        };
        let sent = match &mut self.link {
            Some(Link::Here(_)) => {
                let free = self.waiting.is_none();
                free.then(|| self.waiting = Some(wish))
            }
            Some(Link::Away(away)) => away.wishes.push(wish).ok(),
            Some(Link::Recorded(slow, wishes)) => {
                if wishes.len() == WISHES {
                    // So long without an arrival only where there are no more.
                    let oldest = wishes.pop_front();
                    oldest.iter().for_each(|oldest| slow.apply(&oldest.moves));
                }
                wishes.push_back(wish);
                Some(())
            }
            None => None,
        };
        if sent.is_some() {
            self.moves = Moves::default();
        }
    }

    /// The list of moves that go with the next wish.
    pub fn moves(&mut self) -> &mut Moves {
        &mut self.moves
    }

    /// From now on arrivals come as they were recorded.
    pub fn follow_record(&mut self) {
        self.link = match self.link.take() {
            Some(Link::Here(slow)) => {
                let mut wishes = VecDeque::with_capacity(WISHES);
                wishes.extend(self.waiting.take());
                Some(Link::Recorded(slow, wishes))
            }
            other => other,
        };
    }

    /// Gives the tissue away to another thread, against the tick's end of the way there.
    pub fn part(&mut self, mut away: Away) -> Option<Box<Slow>> {
        match self.link.take() {
            Some(Link::Here(slow)) => {
                if let Some(wish) = self.waiting.take() {
                    // There is room: it is the first.
                    let _ = away.wishes.push(wish);
                }
                self.link = Some(Link::Away(away));
                Some(slow)
            }
            other => {
                self.link = other;
                None
            }
        }
    }

    /// Takes it back.
    pub fn rejoin(&mut self, slow: Box<Slow>) {
        self.link = Some(Link::Here(slow));
    }

    pub fn into_slow(self) -> Option<Slow> {
        match self.link? {
            Link::Here(slow) | Link::Recorded(slow, _) => Some(*slow),
            Link::Away(_) => None,
        }
    }
}
