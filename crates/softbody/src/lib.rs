//! Soft tissue and contact inside a 1 kHz tick.
//!
//! Total-Lagrangian explicit dynamics on linear tetrahedra with strain averaged at the nodes. A
//! [`World`] owns soft bodies and position-driven tools; [`World::step`] advances all of them by
//! one tick without allocating, locking or panicking. Everything here is a pure function of
//! (model, state, inputs, dt): no clock, thread, file, log or device.
//!
//! Where to look: the element is in `elements`, vector instructions in `simd`, time stepping and the
//! mass floor in [`stepping`], static equilibrium in [`settle`], contact in [`contact`], ligaments in
//! [`attachments`], cuts in [`topology`], what is shown of the surface in [`fine`].

pub mod attachments;
pub mod body;
mod calibration;
pub mod capsule;
pub mod contact;
pub mod denormals;
mod digest;
mod elements;
mod energy;
pub mod error;
pub mod fine;
pub mod material;
pub mod mesh;
pub mod settle;
mod simd;
pub mod stepping;
mod supports;
mod tangles;
pub mod topology;
mod vec3;
mod viscosity;
pub mod world;

pub use attachments::{Anchor, Attachment, Break, Spring, TissuePoint};
pub use body::SoftBody;
pub use capsule::Rupture;
pub use contact::approach::Approach;
pub use contact::points::ContactPoint;
pub use contact::pose::{Pose, UPRIGHT};
pub use contact::tool::{Tool, ToolShape, Touch};
pub use elements::Averaging;
pub use error::{MaterialError, MeshError, SettleError, WorldError};
pub use fine::{FineError, FineSurface};
pub use material::{Law, Material, Prony};
pub use mesh::{MeshReport, TetMesh};
pub use simd::Kernel;
pub use topology::{Room, TopologyError};
pub use world::{StepStats, World};
