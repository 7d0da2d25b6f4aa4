//! What the loop asks of the tissue's next step.

use softbody::Pose;

/// Bodies whose supports may be moved within a slow period.
const MOST: usize = 16;

/// The tool at one tick, and what is to happen from the next step on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub tick: u64,
    pub pose: Pose,
    /// m/s
    pub velocity: [f64; 3],
    pub moves: Moves,
}

/// Supports that glide: `Command::MoveSupports`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Move {
    pub body: u32,
    /// m
    pub offset: [f64; 3],
    /// Ticks of the loop.
    pub ticks: u32,
}

/// The moves since the last wish; of each body the latest.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moves {
    list: [Move; MOST],
    count: usize,
}

impl Moves {
    pub fn list(&self) -> &[Move] {
        &self.list[..self.count]
    }

    /// Adds one; false where there are too many bodies.
    pub fn add(&mut self, new: Move) -> bool {
        let same = self.list().iter().position(|old| old.body == new.body);
        let place = same.unwrap_or(self.count);
        if place == MOST {
            return false;
        }
        self.list[place] = new;
        self.count = self.count.max(place + 1);
        true
    }
}
