//! Rigid instruments, moved by position and orientation.

use std::sync::Arc;

use super::core::Core;
use super::polyhedron::Polyhedron;
use super::pose::Pose;
use super::tissue::Tissue;
use super::way::Motion;
use crate::error::WorldError;
use crate::vec3::{Vec3, axpy, norm, scale, sub};

/// The shape of a tool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ToolShape {
    /// All points within `radius` of the tool's position.
    Sphere {
        /// m
        radius: f64,
    },
    /// All points within `radius` of the segment position +- half_length * axis.
    Capsule {
        /// m
        radius: f64,
        /// Half the length of the core, m.
        half_length: f64,
        /// Direction of the core; any length but zero.
        axis: Vec3,
    },
    /// A box around the tool's position.
    Box {
        /// Half its edges, along its own axes, m.
        half_extents: Vec3,
        /// Radius of its edges, m, less than each half edge; 0: they are sharp.
        rounding: f64,
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
    pub(crate) core: Core,
    pub(crate) radius: f64,
    /// Distance of the core's farthest point from the tool's position, m.
    pub(crate) arm: f64,
    /// About half of the tool's thickness, m.
    pub(crate) gauge: f64,
    pub(crate) friction: f64,
    /// Where it was when the tick began, and will be when it ends.
    pub(crate) start: Pose,
    pub(crate) target: Pose,
    /// Where it stands for contact now, and stood before the substep; see `way`.
    pub(crate) proxy: Pose,
    pub(crate) before: Pose,
    /// Whether the proxy has to look where it goes.
    pub(crate) careful: bool,
    /// How many contacts it may list; the same in clones, unlike the capacity.
    pub(crate) room: usize,
    pub(crate) candidates: Vec<(u32, u32)>,
    pub(crate) contacts: Vec<super::find::Contact>,
    /// Whether the core is known to be outside of each body.
    pub(crate) outside: Vec<bool>,
    /// For each corner of a polyhedron what it is behind; used by the running search.
    pub(crate) behind: Vec<u32>,
    /// Turns their impulses into the forces of the last substep, s^2.
    pub(crate) impulse_length: f64,
    /// Where it is, m.
    pub position: Vec3,
    /// How it is turned: unit quaternion (w, x, y, z).
    pub orientation: [f64; 4],
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
    pub(crate) fn new(shape: ToolShape, pose: Pose, friction: f64) -> Result<Self, WorldError> {
        match shape {
            ToolShape::Sphere { radius } => {
                check_size("radius", radius)?;
                Self::of(Core::Rod { half: [0.0; 3] }, radius, pose, friction)
            }
            ToolShape::Capsule {
                radius,
                half_length,
                axis,
            } => {
                check_size("half_length", half_length)?;
                let length = norm(axis);
                let fine = is_size(length);
                WorldError::unless(fine, "the length of axis", length, "more than zero")?;
                check_size("radius", radius)?;
                let half = scale(axis, half_length / length);
                Self::of(Core::Rod { half }, radius, pose, friction)
            }
            ToolShape::Box {
                half_extents,
                rounding,
            } => {
                half_extents
                    .iter()
                    .try_for_each(|x| check_size("a half extent of the box", *x))?;
                let least = half_extents.into_iter().fold(f64::INFINITY, f64::min);
                let (fine, range) = (
                    (0.0..least).contains(&rounding),
                    "0 or more and less than each half extent, in m",
                );
                WorldError::unless(fine, "rounding", rounding, range)?;
                let core = half_extents.map(|x| x - rounding);
                let (points, triangles) = Polyhedron::boxed(core);
                Self::mesh(&points, &triangles, rounding, pose, friction)
            }
        }
    }

    /// All points within `rounding` of what a closed surface encloses.
    pub(crate) fn mesh(
        points: &[Vec3],
        triangles: &[[u32; 3]],
        rounding: f64,
        pose: Pose,
        friction: f64,
    ) -> Result<Self, WorldError> {
        let fine = rounding.is_finite() && rounding >= 0.0;
        WorldError::unless(fine, "rounding", rounding, "0 or a positive length in m")?;
        let solid = Polyhedron::new(points, triangles)?;
        let corners = solid.corners.len();
        let mut tool = Self::of(Core::Solid(Arc::new(solid)), rounding, pose, friction)?;
        tool.behind = vec![0; corners];
        Ok(tool)
    }

    fn of(core: Core, radius: f64, pose: Pose, friction: f64) -> Result<Self, WorldError> {
        check_friction(friction)?;
        if !crate::vec3::finite(pose.position) {
            return Err(WorldError::NotFinite {
                name: "the tool's position",
            });
        }
        if !pose.is_valid() {
            return Err(WorldError::NoOrientation);
        }
        let pose = pose.normalised();
        Ok(Self {
            arm: core.arm(),
            gauge: core.gauge(radius),
            core,
            radius,
            friction,
            start: pose,
            target: pose,
            proxy: pose,
            before: pose,
            careful: false,
            room: 0,
            candidates: Vec::new(),
            contacts: Vec::new(),
            outside: Vec::new(),
            behind: Vec::new(),
            impulse_length: 1.0,
            position: pose.position,
            orientation: pose.orientation,
            force: [0.0; 3],
            torque: [0.0; 3],
            contact_count: 0,
            touch: None,
            surface_strain: 0.0,
        })
    }

    /// Radius of a sphere, a capsule or of a polyhedron's edges, m.
    #[must_use]
    pub fn radius(&self) -> f64 {
        self.radius
    }

    /// Room for the contacts with `triangles` triangles.
    pub(crate) fn reserve(&mut self, triangles: usize) {
        let contacts = match &self.core {
            Core::Rod { .. } => 2 * triangles,
            Core::Solid(solid) => 4 * (triangles + solid.corners.len()),
        };
        self.room = contacts;
        let missing = |capacity: usize, there: usize| capacity.saturating_sub(there);
        self.candidates
            .reserve(missing(triangles, self.candidates.len()));
        self.contacts
            .reserve(missing(contacts, self.contacts.len()));
    }

    pub(crate) fn begin_tick(&mut self) {
        self.start = self.pose();
        self.force = [0.0; 3];
        self.torque = [0.0; 3];
        self.contact_count = 0;
        self.touch = None;
        self.surface_strain = 0.0;
    }

    /// To `fraction` of its way through this tick.
    pub(crate) fn advance(&mut self, fraction: f64) {
        let way = sub(self.target.position, self.start.position);
        self.position = axpy(self.start.position, fraction, way);
        self.orientation = if fraction == 1.0 {
            self.target.orientation
        } else {
            self.start.toward(&self.target, fraction).orientation
        };
    }

    /// To its target at once.
    pub(crate) fn arrive(&mut self) {
        self.position = self.target.position;
        self.orientation = self.target.orientation;
    }

    /// Takes what the proxy has come in a substep as no motion. Returns whether it is still on its way.
    pub(crate) fn stop(&mut self) -> bool {
        let moving = self.careful && self.before != self.proxy;
        self.before = self.proxy;
        moving
    }

    pub(crate) fn pose(&self) -> Pose {
        Pose {
            position: self.position,
            orientation: self.orientation,
        }
    }

    /// What it has come in a substep that is `share` of the tick.
    pub(super) fn motion(&self, share: f64) -> Motion {
        if self.careful || self.before.orientation != self.proxy.orientation {
            let (before, after) = (self.before, self.proxy);
            return Motion::Turning { before, after };
        }
        let way = sub(self.target.position, self.start.position);
        Motion::Straight(scale(way, share))
    }

    /// A length that is at most the least distance of the proxy to its candidates, m.
    pub(crate) fn clearance(&self, bodies: &[impl Tissue]) -> f64 {
        let distances = self.candidates.iter().map(|&(b, t)| {
            let body = &bodies[b as usize];
            let triangle = body.corners(body.triangles()[t as usize]);
            self.core.distance(&self.proxy, &triangle)
        });
        (distances.fold(f64::INFINITY, f64::min) - self.radius).max(0.0)
    }
}

fn is_size(x: f64) -> bool {
    x.is_finite() && x > 0.0
}

pub(crate) fn check_friction(x: f64) -> Result<(), WorldError> {
    let fine = x.is_finite() && x >= 0.0;
    WorldError::unless(fine, "friction", x, "a coefficient of 0 or more")
}

fn check_size(name: &'static str, x: f64) -> Result<(), WorldError> {
    WorldError::unless(is_size(x), name, x, "a positive length in m")
}
