//! What the loop asks of the tissue's next step.

use softbody::Pose;

/// Bodies whose supports may be moved within a slow period.
const MOST: usize = 16;

/// What a step is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    /// The tick it begins at.
    pub tick: u64,
    /// Where the tool goes.
    pub pose: Pose,
    /// What is to happen from this step on.
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
