//! Tissue that is too large for the tick: the world with a longer tick of its own, stepped beside
//! the loop, and what each of its steps tells the loop.
//!
//! A step takes where the tool is to go ([`Ahead`]), a [`Wish`], and comes out as a [`Told`]: a
//! [`LocalModel`] of what is near the tool, tears, the strongest contact.
//!
//! The world's own rules hold for its longer tick: at most `MAX_SUBSTEPS` substeps, and a mass floor
//! where these are too long for the mesh. The floor leaves every rest state as it is and slows quick
//! motion down (`docs/haptics.md` has figures).

mod ahead;
mod rows;
mod stiffness;
mod wish;

use softbody::{Pose, Rupture, World, WorldError};

use crate::control::{Felt, LocalModel};
use crate::snapshot::TouchPoint;

pub use ahead::Ahead;
pub(crate) use wish::{Move, Moves, Wish};

use stiffness::Stiffness;

/// Most tears that a step tells; what tears beyond is counted.
pub(crate) const TEARS: usize = 32;

/// What a step of the tissue tells the loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub model: LocalModel,
    /// Steps made so far.
    pub steps: u64,
    /// The tissue's own force on its tool, mean over the step.
    pub own: Felt,
    /// Largest in-plane strain near the tool.
    pub strain: f64,
    pub touch: Option<TouchPoint>,
    pub tears: [Rupture; TEARS],
    pub tear_count: usize,
    pub tears_lost: u64,
    /// Its state left the range of numbers and was taken back.
    pub fault: bool,
    /// Hash of the whole state.
    pub digest: u64,
}

/// The world and what is known of its stiffness.
pub(crate) struct Slow {
    world: World,
    tool: usize,
    every: u32,
    /// Length of the loop's tick, s.
    dt: f64,
    stiffness: Vec<Stiffness>,
    told: Told,
}

impl Slow {
    /// Steps `world` once in `every` ticks of the loop, which are as long as the world's are now.
    pub fn new(mut world: World, tool: usize, every: u32) -> Result<Self, WorldError> {
        let dt = world.dt();
        world.set_dt(dt * f64::from(every))?;
        let stiffness = world.bodies().iter().map(Stiffness::new).collect();
        let place = world.tool(tool);
        let pose = Pose {
            position: place.position,
            orientation: place.orientation,
        };
        let mut slow = Self {
            told: Told {
                model: LocalModel::empty(pose, 0, every),
                steps: 0,
                own: Felt::default(),
                strain: 0.0,
                touch: None,
                tears: [NO_TEAR; TEARS],
                tear_count: 0,
                tears_lost: 0,
                fault: false,
                digest: world.digest(),
            },
            world,
            tool,
            every,
            dt,
            stiffness,
        };
        slow.told.model = slow.rows(0);
        Ok(slow)
    }

    /// What the last step told.
    pub fn told(&self) -> &Told {
        &self.told
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world with the loop's tick again.
    pub fn into_world(mut self) -> World {
        // It had this dt before.
        let _ = self.world.set_dt(self.dt);
        self.world
    }

    /// Lets supports glide from the next step on.
    pub fn apply(&mut self, moves: &Moves) {
        for way in moves.list() {
            let steps = way.ticks.div_ceil(self.every);
            self.world
                .move_supports(way.body as usize, way.offset, steps);
        }
    }

    /// One step, for the tool as `wish` has it.
    pub fn step(&mut self, wish: &Wish) {
        self.apply(&wish.moves);
        self.world.pose_tool(self.tool, wish.pose);
        self.world.step();
        self.tell(wish.tick);
    }

    /// Half of the tool's thickness, m.
    pub fn gauge(&self) -> f64 {
        self.world.tool(self.tool).gauge()
    }

    fn tell(&mut self, born: u64) {
        let model = self.rows(born);
        let (told, tool) = (&mut self.told, self.world.tool(self.tool));
        told.model = model;
        told.steps += 1;
        told.own = Felt {
            force: tool.force,
            torque: tool.torque,
            contacts: tool.contact_count,
        };
        told.strain = tool.surface_strain;
        told.touch = tool.touch.map(|touch| TouchPoint {
            body: touch.body,
            triangle: touch.triangle,
            rest_point: touch.rest_point,
            normal: touch.normal,
        });
        let tears = self.world.ruptures();
        told.tear_count = tears.len().min(TEARS);
        told.tears[..told.tear_count].copy_from_slice(&tears[..told.tear_count]);
        told.tears_lost += (tears.len() - told.tear_count) as u64;
        told.fault = self.world.stats().faults > 0;
        told.digest = self.world.digest();
    }
}

const NO_TEAR: Rupture = Rupture {
    body: 0,
    triangle: 0,
    strain: 0.0,
    point: [0.0; 3],
    rest_point: [0.0; 3],
};
