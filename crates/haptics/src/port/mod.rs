//! The port of a laparoscopic instrument, between the device and the tool.
//!
//! The shaft turns about a fixed point of the abdominal wall: the tip goes left when the hand goes
//! right, by a lever that grows with the depth, and the port's seal holds the shaft. The
//! [tick](crate::Tick) calls, in this order: [`Port::to_tip`] with the handle's pose in the world,
//! [`Port::to_handle`] with what the tissue does to the tool, [`Port::friction`].
//!
//! In `kinematics` is where the tool is, in `statics` what passes to the hand, in `friction` the
//! seal, in `model` the numbers with their sources. Plain numbers throughout: nothing allocates, and
//! the same handle poses give the same bits.

mod friction;
mod kinematics;
mod model;
mod statics;
mod turn;

use friction::Seal;
use kinematics::Shaft;

use crate::rotation::normalised;
use crate::vector::{finite, norm, scale, sub};
pub use model::{PortError, PortFriction, PortModel};

/// What a port and its instrument are doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PortState {
    /// There is no port: the tool is where the handle is.
    #[default]
    Off,
    /// The tip is inside.
    Inside,
    /// The hub is at the port or has just left it: the shaft only slides.
    Hub,
    /// The tip is out of the port; the shaft still points at it, without friction.
    Outside,
    /// The handle's pose is no number: everything stays as it was.
    Lost,
}

/// Where a port puts the tool.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PortPose {
    /// Position of the tool, m.
    pub tip: [f64; 3],
    /// Orientation of the tool, unit quaternion (w, x, y, z): its own -z lies along the shaft. That
    /// of the handle where there is no port.
    pub orientation: [f64; 4],
    /// From the pivot to the tip, m; negative outside, 0 without a port.
    pub depth_m: f64,
    /// Lateral motion of the tip per lateral motion of the handle, against it; -1 without a port, 0
    /// where the shaft only slides. A tissue of stiffness K is felt sideways as `lever^2 K`.
    pub lever: f64,
    /// What the port is doing.
    pub state: PortState,
}

/// A port with an instrument in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Port {
    model: PortModel,
    shaft: Shaft,
    state: PortState,
    seal: Seal,
    /// As it was at the last [`friction`](Self::friction), if it was in the seal.
    rubbed: Option<Shaft>,
}

impl Default for Port {
    fn default() -> Self {
        Self::with(PortModel::default())
    }
}

impl Port {
    /// A port whose seal is at rest.
    ///
    /// # Errors
    /// Where a value is not a number or beyond what an instrument can be.
    pub fn new(model: PortModel) -> Result<Self, PortError> {
        model.check()?;
        Ok(Self::with(model))
    }

    fn with(model: PortModel) -> Self {
        Self {
            shaft: Shaft::start(model.pivot),
            model,
            state: PortState::Off,
            seal: Seal::default(),
            rubbed: None,
        }
    }

    /// What it is made of.
    #[must_use]
    pub fn model(&self) -> &PortModel {
        &self.model
    }

    /// Puts the instrument into the port, or takes it out. The tool's next pose is elsewhere.
    pub fn switch(&mut self, on: bool) {
        if on != self.model.on {
            *self = Self::with(PortModel { on, ..self.model });
        }
    }

    /// Makes the seal no stiffer than the device can render; see
    /// [`PortFriction::limit_stiffness`].
    pub fn limit_stiffness(&mut self, k_max: f64) {
        self.model.friction = self.model.friction.limit_stiffness(k_max);
        self.seal = Seal::default();
    }

    /// The tool's pose for the handle's, both in the world.
    pub fn to_tip(&mut self, handle_pos: [f64; 3], handle_rot: [f64; 4]) -> PortPose {
        let moved = if self.model.on {
            self.shaft.moved(&self.model, handle_pos, handle_rot)
        } else {
            normalised(handle_rot)
                .filter(|_| finite(handle_pos))
                .map(|rot| self.shaft.without_port(handle_pos, rot))
        };
        self.state = match moved {
            None => PortState::Lost,
            Some(_) if !self.model.on => PortState::Off,
            Some(shaft) if shaft.at_hub => PortState::Hub,
            Some(shaft) if shaft.depth < 0.0 => PortState::Outside,
            Some(_) => PortState::Inside,
        };
        if let Some(shaft) = moved {
            self.shaft = shaft;
        }
        self.pose()
    }

    /// Where the handle has to be for the tip to be at `tip`, both in the world, m: for scripts.
    /// At the pivot itself the shaft keeps its direction.
    #[must_use]
    pub fn handle_for(&self, tip: [f64; 3]) -> [f64; 3] {
        if !self.model.on {
            return tip;
        }
        let inside = sub(tip, self.model.pivot);
        let depth = norm(inside);
        let d = if depth > 1e-6 {
            scale(inside, 1.0 / depth)
        } else {
            self.shaft.direction
        };
        let outside = (self.model.length_m - depth).max(self.model.min_outside_m);
        sub(self.model.pivot, scale(d, outside))
    }

    /// The tool's pose since the last [`to_tip`](Self::to_tip).
    #[must_use]
    pub fn pose(&self) -> PortPose {
        PortPose {
            tip: self.shaft.tip,
            orientation: self.shaft.orientation,
            depth_m: self.shaft.depth,
            lever: 0.0 - self.shaft.lateral,
            state: self.state,
        }
    }

    /// What the hand feels of a force on the tool (N) and a torque about its position (N m), without
    /// friction: force, and torque about the handle's position. Linear: what is no number stays none.
    #[must_use]
    pub fn to_handle(&self, tip_force: [f64; 3], tip_torque: [f64; 3]) -> ([f64; 3], [f64; 3]) {
        if self.model.on {
            self.shaft.felt(tip_force, tip_torque)
        } else {
            (tip_force, tip_torque)
        }
    }

    /// What the hand feels of the seal in this tick of `dt` seconds: force (N), and torque about the
    /// handle's position (N m). Once after each [`to_tip`](Self::to_tip). The seal lets go where the
    /// shaft moves without the hand, on its way back from the hub: what the hand has not put in it
    /// does not get out.
    pub fn friction(&mut self, dt: f64) -> ([f64; 3], [f64; 3]) {
        let friction = self.model.friction;
        let in_seal = self.model.on && self.shaft.depth > 0.0;
        let before = self.rubbed.unwrap_or(self.shaft);
        if !in_seal || self.shaft.swings_back(&before) {
            self.seal = Seal::default();
            self.rubbed = in_seal.then_some(self.shaft);
            return ([0.0; 3], [0.0; 3]);
        }
        self.rubbed = Some(self.shaft);
        let radius = friction.shaft_radius_m;
        let way = [
            self.shaft.depth - before.depth,
            radius * self.shaft.roll_since(&before),
        ];
        self.seal.slide(way, friction.presliding_m);
        let [along, around] = self.seal.force(&friction);
        let viscous = if dt.is_finite() && dt > 0.0 {
            friction.viscous_n_s_per_m / dt
        } else {
            0.0
        };
        let axial = along - viscous * way[0];
        let roll = radius * (around - viscous * way[1]);
        let d = self.shaft.direction;
        self.shaft.felt(scale(d, axial), scale(d, roll))
    }
}

#[cfg(test)]
mod tests;
