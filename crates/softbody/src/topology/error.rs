//! Why a body's topology cannot be changed as asked.

use thiserror::Error;

/// A change of topology that was refused; nothing has changed.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TopologyError {
    /// A body that is not there.
    #[error("body {body} does not exist; the world has {bodies}, numbered from 0")]
    NoSuchBody {
        /// The index given.
        body: usize,
        /// Number of bodies.
        bodies: usize,
    },
    /// A tetrahedron id that was never given.
    #[error(
        "tetrahedron {tetrahedron} does not exist; the body has had {tetrahedra}, numbered from 0"
    )]
    NoSuchTetrahedron {
        /// The id given.
        tetrahedron: u32,
        /// Number of tetrahedra, the removed ones too.
        tetrahedra: usize,
    },
    /// A tetrahedron that is gone.
    #[error("tetrahedron {tetrahedron} is removed already; leave it out")]
    Removed {
        /// The tetrahedron.
        tetrahedron: u32,
    },
    /// The same tetrahedron twice in one list.
    #[error("tetrahedron {tetrahedron} is named twice; name each once")]
    Twice {
        /// The tetrahedron.
        tetrahedron: u32,
    },
    /// Two nodes that no tetrahedron has both of.
    #[error(
        "no tetrahedron has an edge from node {} to node {}; give two nodes of one tetrahedron",
        nodes[0], nodes[1]
    )]
    NoSuchEdge {
        /// The nodes given.
        nodes: [u32; 2],
    },
    /// A place that is not inside the edge.
    #[error("the fraction of a split is {fraction}, but it must be between 0 and 1, both excluded")]
    Fraction {
        /// The fraction given.
        fraction: f64,
    },
    /// A part too flat or too small for single precision.
    #[error(
        "splitting the edge from node {} to node {} at {fraction} makes a part of tetrahedron \
         {tetrahedron} that is too flat or too small to be computed; split nearer to the middle, \
         or not at all", nodes[0], nodes[1]
    )]
    TooThin {
        /// The edge.
        nodes: [u32; 2],
        /// The fraction given.
        fraction: f64,
        /// The tetrahedron.
        tetrahedron: u32,
    },
    /// A face that nothing is glued to.
    #[error("face {face} of tetrahedron {tetrahedron} is free already; leave it out")]
    NotGlued {
        /// The tetrahedron.
        tetrahedron: u32,
        /// Its face, 0 to 3.
        face: u32,
    },
    /// What is new would not fit.
    #[error(
        "the cut needs room for {needed} more {what}, but {left} are left; reserve more before \
         (World::reserve_for_cutting)"
    )]
    NoRoom {
        /// Nodes, tetrahedra or surface triangles.
        what: &'static str,
        /// How many it takes.
        needed: usize,
        /// How many would fit.
        left: usize,
    },
    /// More than 32-bit ids can number.
    #[error("room for {wanted} {what} was asked for, but at most {most} can be numbered")]
    TooMuch {
        /// Nodes, tetrahedra or surface triangles.
        what: &'static str,
        /// How many were asked for in all (saturates).
        wanted: usize,
        /// How many can be numbered.
        most: u64,
    },
}
