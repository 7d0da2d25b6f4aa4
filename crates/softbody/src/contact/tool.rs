//! Rigid instruments, moved by position.

use crate::error::WorldError;
use crate::vec3::{Vec3, add, axpy, finite, norm, scale, sub};

/// The shape of a tool: all points within `radius` of its core.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ToolShape {
    /// The core is the tool's position.
    Sphere {
        /// m
        radius: f64,
    },
    /// The core is the segment position +- half_length * axis.
    Capsule {
        /// m
        radius: f64,
        /// Half the length of the core, m.
        half_length: f64,
        /// Direction of the core; any length but zero.
        axis: Vec3,
    },
}

/// The contact that carries the largest force.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Touch {
    /// The body touched.
    pub body: u32,
    /// Its surface triangle.
    pub triangle: u32,
    /// Barycentric coordinates in the triangle.
    pub weights: [f32; 3],
    /// The material point touched, in the undeformed body, m.
    pub rest_point: Vec3,
    /// From the tissue to the tool's core.
    pub normal: Vec3,
}

/// A tool and what the tissue did to it.
#[derive(Debug, Clone)]
pub struct Tool {
    pub(crate) radius: f64,
    /// Half of the core segment, m.
    pub(crate) half_core: Vec3,
    pub(crate) friction: f64,
    pub(crate) start: Vec3,
    pub(crate) target: Vec3,
    pub(crate) candidates: Vec<(u32, u32)>,
    pub(crate) contacts: Vec<super::find::Contact>,
    pub(crate) touched: Vec<super::solve::Touched>,
    /// Whether the core is known to be outside of each body.
    pub(crate) outside: Vec<bool>,
    /// Turns their impulses into the forces of the last substep, s^2.
    pub(crate) impulse_length: f64,
    /// Where it is, m.
    pub position: Vec3,
    /// What the tissue pushes on it, N, mean over the last tick.
    pub force: Vec3,
    /// The same as a torque about its position, N m.
    pub torque: Vec3,
    /// Points in contact at the end of the last tick.
    pub contact_count: u32,
    /// The strongest contact at the end of the last tick.
    pub touch: Option<Touch>,
    /// Largest in-plane strain of the tissue's surface near the tool.
    pub surface_strain: f64,
}

impl Tool {
    pub(crate) fn new(shape: ToolShape, position: Vec3, friction: f64) -> Result<Self, WorldError> {
        let check = WorldError::unless;
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let (radius, half_core) = match shape {
            ToolShape::Sphere { radius } => (radius, [0.0; 3]),
            ToolShape::Capsule {
                radius,
                half_length,
                axis,
            } => {
                check(
                    positive(half_length),
                    "half_length",
                    half_length,
                    "a positive length in m",
                )?;
                let length = norm(axis);
                check(
                    positive(length),
                    "the length of axis",
                    length,
                    "more than zero",
                )?;
                (radius, scale(axis, half_length / length))
            }
        };
        check(positive(radius), "radius", radius, "a positive length in m")?;
        let fine = friction.is_finite() && friction >= 0.0;
        check(fine, "friction", friction, "a coefficient of 0 or more")?;
        if !finite(position) {
            return Err(WorldError::NotFinite {
                name: "the tool's position",
            });
        }
        Ok(Self {
            radius,
            half_core,
            friction,
            start: position,
            target: position,
            candidates: Vec::new(),
            contacts: Vec::new(),
            touched: Vec::new(),
            outside: Vec::new(),
            impulse_length: 1.0,
            position,
            force: [0.0; 3],
            torque: [0.0; 3],
            contact_count: 0,
            touch: None,
            surface_strain: 0.0,
        })
    }

    /// m
    #[must_use]
    pub fn radius(&self) -> f64 {
        self.radius
    }

    pub(crate) fn begin_tick(&mut self) {
        self.start = self.position;
        self.force = [0.0; 3];
        self.torque = [0.0; 3];
        self.contact_count = 0;
        self.touch = None;
        self.surface_strain = 0.0;
    }

    /// To `fraction` of its way through this tick.
    pub(crate) fn advance(&mut self, fraction: f64) {
        self.position = axpy(self.start, fraction, sub(self.target, self.start));
    }

    /// Both ends of the core.
    pub(crate) fn core(&self) -> [Vec3; 2] {
        [
            sub(self.position, self.half_core),
            add(self.position, self.half_core),
        ]
    }
}
