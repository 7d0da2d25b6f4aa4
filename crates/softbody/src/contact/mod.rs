//! Rigid tools against the tissue's triangles.
//!
//! Once a tick the triangles near a tool's swept volume are collected ([`candidates`]); in every
//! substep the closest points of tool and triangle ([`triangle`]) give contacts ([`find`]) that
//! [`solve`] resolves in the nodes. Tissue against tissue is in [`tissues`].

pub mod candidates;
pub mod find;
mod side;
pub mod solve;
pub(crate) mod tissue;
pub mod tissues;
pub mod tool;
pub mod triangle;
