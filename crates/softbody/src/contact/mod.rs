//! Rigid tools against the tissue's triangles.
//!
//! Once a tick the triangles near a tool's swept volume are collected ([`candidates`]). In every
//! substep the tool goes on, fast ones in parts so that they do not tunnel ([`way`]); the closest points
//! of a round tool and a triangle ([`triangle`]), or the nodes, corners and edges of tissue and
//! polyhedron that meet ([`solid`]), give contacts ([`find`]). Tissue against tissue is in [`tissues`].
//! [`solve`] resolves all of them together in the nodes.

pub mod approach;
mod bound;
pub(crate) mod bounds;
pub mod candidates;
mod core;
mod crossing;
pub mod find;
pub mod nodes;
pub mod points;
pub(crate) mod polyhedron;
pub mod pose;
mod press;
pub mod row;
mod side;
mod solid;
pub mod solve;
pub(crate) mod tissue;
pub mod tissues;
pub mod tool;
pub(crate) mod tree;
pub mod triangle;
pub mod way;
