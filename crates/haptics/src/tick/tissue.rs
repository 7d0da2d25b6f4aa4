//! The tissue as the tick knows it: computed in it, or beside it.

use softbody::{Rupture, World};

use super::beside::Beside;
use super::options::{MOST_TICKS, TickError, TickOptions};
use crate::slow::{Move, Slow};

/// One of the two.
pub(super) enum Tissue {
    Within(Box<World>),
    Beside(Box<Beside>),
}

impl Tissue {
    pub fn new(world: World, options: &TickOptions) -> Result<Self, TickError> {
        let every = options.tissue_every;
        if !(1..=MOST_TICKS).contains(&every) {
            return Err(TickError::TissueEvery(every));
        }
        if every == 1 {
            return Ok(Self::Within(Box::new(world)));
        }
        let dt = world.dt();
        let slow = Slow::new(world, options.tool, every)
            .map_err(|_| TickError::SlowTissue { every, dt })?;
        Ok(Self::Beside(Box::new(Beside::new(slow, every, dt))))
    }

    /// None while another thread has it.
    pub fn world(&self) -> Option<&World> {
        match self {
            Self::Within(world) => Some(world),
            Self::Beside(beside) => Some(beside.slow()?.world()),
        }
    }

    /// Hash of its whole state, as of the last step that is known here.
    pub fn digest(&self) -> u64 {
        match self {
            Self::Within(world) => world.digest(),
            Self::Beside(beside) => beside.told().digest,
        }
    }

    /// Lets supports glide; false where too many bodies are moved at once.
    pub fn move_supports(&mut self, way: Move) -> bool {
        match self {
            Self::Within(world) => {
                world.move_supports(way.body as usize, way.offset, way.ticks);
                true
            }
            Self::Beside(beside) => beside.moves().add(way),
        }
    }

    /// What tore in the step that ended in this tick.
    pub fn tears(&self) -> &[Rupture] {
        match self {
            Self::Within(world) => world.ruptures(),
            Self::Beside(beside) => beside.tears(),
        }
    }

    /// Whether its state had to be taken back in this tick.
    pub fn is_faulty(&self) -> bool {
        match self {
            Self::Within(world) => world.stats().faults > 0,
            Self::Beside(beside) => beside.is_faulty(),
        }
    }
}
