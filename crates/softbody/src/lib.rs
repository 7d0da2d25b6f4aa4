//! Soft tissue and contact inside a 1 kHz tick.
//!
//! Total-Lagrangian explicit dynamics on linear tetrahedra with averaged nodal pressure. A
//! [`World`] owns soft bodies and position-driven tools; [`World::step`] advances all of them by
//! one tick without allocating, locking or panicking. Everything here is a pure function of
//! (model, state, inputs, dt): no clock, thread, file, log or device.
//!
//! Where to look: the element is in `elasticity`, its data layout in `batch`, time stepping
//! and the mass floor in [`stepping`], static equilibrium in [`settle`], contact in [`contact`].

#[cfg(target_arch = "x86_64")]
mod avx2;
mod batch;
pub mod body;
pub mod capsule;
pub mod contact;
mod corners;
pub mod denormals;
mod digest;
mod elasticity;
mod elements;
mod energy;
pub mod error;
mod kernel;
mod lanes;
pub mod material;
pub mod mesh;
pub mod settle;
mod side_by_side;
pub mod stepping;
mod supports;
mod vec3;
pub mod world;

pub use body::SoftBody;
pub use capsule::Rupture;
pub use contact::tool::{Tool, ToolShape, Touch};
pub use error::{MaterialError, MeshError, SettleError, WorldError};
pub use kernel::Kernel;
pub use material::{Law, Material};
pub use mesh::{MeshReport, TetMesh};
pub use world::{StepStats, World};
