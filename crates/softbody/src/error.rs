//! What can be wrong with the input, each as one sentence: what, where, what to do.

use thiserror::Error;

/// A mesh that cannot be simulated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum MeshError {
    /// No nodes or no tetrahedra.
    #[error(
        "the mesh is empty ({nodes} nodes, {tetrahedra} tetrahedra); give at least one tetrahedron"
    )]
    Empty {
        /// Number of nodes given.
        nodes: usize,
        /// Number of tetrahedra given.
        tetrahedra: usize,
    },
    /// A coordinate is NaN or infinite.
    #[error("node {node} has a coordinate that is not a finite number; check the points array")]
    NotFinite {
        /// The node.
        node: usize,
    },
    /// A node id beyond the points.
    #[error(
        "tetrahedron {tetrahedron} names node {node}, but there are only {nodes} nodes; ids start at 0"
    )]
    OutOfRange {
        /// The tetrahedron.
        tetrahedron: usize,
        /// The node id it names.
        node: u64,
        /// Number of nodes.
        nodes: usize,
    },
    /// No volume.
    #[error(
        "tetrahedron {tetrahedron} is flat (its four nodes lie in a plane); remove it or move its nodes"
    )]
    Flat {
        /// The tetrahedron.
        tetrahedron: usize,
    },
    /// The same four nodes twice.
    #[error("tetrahedra {first} and {second} have the same four nodes; remove one of them")]
    Duplicate {
        /// The first.
        first: usize,
        /// The second.
        second: usize,
    },
    /// Two elements on the same side of their common face.
    #[error(
        "tetrahedra {first} and {second} lie on the same side of their common face (one of them is inverted); repair the mesh"
    )]
    Overlap {
        /// The first.
        first: usize,
        /// The second.
        second: usize,
    },
    /// Three or more elements at one face.
    #[error(
        "more than two tetrahedra share one face of tetrahedron {tetrahedron}; repair the mesh"
    )]
    NonManifold {
        /// One of the tetrahedra.
        tetrahedron: usize,
    },
    /// A node without an element.
    #[error("node {node} belongs to no tetrahedron; remove it from the points")]
    Unused {
        /// The node.
        node: usize,
    },
    /// A box with a size or a cell count of zero.
    #[error(
        "a box needs positive sizes and at least one cell a side, not {size:?} m with {cells:?} cells"
    )]
    BadBox {
        /// Edge lengths, m.
        size: [f64; 3],
        /// Cells along each edge.
        cells: [usize; 3],
    },
}

/// A material outside its valid range.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum MaterialError {
    /// A parameter outside its range.
    #[error("{name} is {value}, but it must be {range}")]
    OutOfRange {
        /// The parameter.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The range in words.
        range: &'static str,
    },
}

/// A world that cannot be built or changed as asked.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum WorldError {
    /// See [`MaterialError`].
    #[error(transparent)]
    Material(#[from] MaterialError),
    /// A number outside its range.
    #[error("{name} is {value}, but it must be {range}")]
    OutOfRange {
        /// What it is.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The range in words.
        range: &'static str,
    },
    /// A vector with NaN or infinity.
    #[error("{name} is not finite; give three finite numbers")]
    NotFinite {
        /// What it is.
        name: &'static str,
    },
    /// The wrong number of materials.
    #[error("{given} materials for {tetrahedra} tetrahedra; give one, or one per tetrahedron")]
    MaterialCount {
        /// Materials given.
        given: usize,
        /// Tetrahedra in the mesh.
        tetrahedra: usize,
    },
    /// A node id beyond the body's nodes.
    #[error("node {node} does not exist; the body has {nodes} nodes, numbered from 0")]
    NoSuchNode {
        /// The id given.
        node: u64,
        /// Number of nodes.
        nodes: usize,
    },
    /// Two lists that belong together differ in length.
    #[error("{displacements} displacements for {nodes} nodes; give one per node")]
    DisplacementCount {
        /// Displacements given.
        displacements: usize,
        /// Node ids given.
        nodes: usize,
    },
}

/// Equilibrium was not reached.
#[derive(Debug, Clone, PartialEq, Error)]
#[error(
    "no equilibrium after {sweeps} sweeps: the unbalanced force is {residual:.1e} of the acting forces, {tolerance:.1e} was asked for; allow more max_seconds, or hold the body"
)]
pub struct SettleError {
    /// Sweeps made.
    pub sweeps: u64,
    /// Relative unbalanced force reached.
    pub residual: f64,
    /// Relative unbalanced force asked for.
    pub tolerance: f64,
}
