//! What can be wrong with the input, each as one sentence: what, where, what to do.

use thiserror::Error;

/// Most nodes of a mesh: element records address them as id times 16 in u32, and one more stands for
/// padding.
pub const MOST_NODES: u64 = (u32::MAX / 16) as u64 - 1;
/// Most tetrahedra of a mesh: faces are numbered 4 * tetrahedron + face in u32.
pub const MOST_TETRAHEDRA: u64 = (u32::MAX / 4) as u64;

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
    /// More than 32-bit ids can number.
    #[error(
        "the mesh has {nodes} nodes and {tetrahedra} tetrahedra, but at most {most_nodes} and {most_tetrahedra} can be numbered; use larger elements",
        most_nodes = MOST_NODES,
        most_tetrahedra = MOST_TETRAHEDRA
    )]
    TooLarge {
        /// Number of nodes asked for (saturates).
        nodes: u64,
        /// Number of tetrahedra asked for (saturates).
        tetrahedra: u64,
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
    /// A surface that encloses nothing.
    #[error("the surface encloses no volume; give at least four triangles around a solid")]
    NoVolume,
    /// A triangle of a surface names a point that is not there.
    #[error(
        "triangle {triangle} names point {node}, but there are only {nodes} points; ids start at 0"
    )]
    NoSuchPoint {
        /// The triangle.
        triangle: usize,
        /// The id it names.
        node: u64,
        /// Number of points.
        nodes: usize,
    },
    /// A triangle of a surface without area.
    #[error(
        "triangle {triangle} is flat (its corners lie on a line); remove it or move its points"
    )]
    FlatTriangle {
        /// The triangle.
        triangle: usize,
    },
    /// A surface with a hole.
    #[error(
        "the surface is open: one triangle only has the edge between points {first} and {second}; close it, and merge points that are at one place"
    )]
    Open {
        /// One end of the edge.
        first: u32,
        /// The other.
        second: u32,
    },
    /// Neighbours that face different ways.
    #[error(
        "the two triangles at the edge between points {first} and {second} face different sides; turn one of them over"
    )]
    TurnedOver {
        /// One end of the edge.
        first: u32,
        /// The other.
        second: u32,
    },
    /// Three or more triangles at one edge.
    #[error(
        "more than two triangles share the edge between points {first} and {second}; give a surface that does not touch itself"
    )]
    Branching {
        /// One end of the edge.
        first: u32,
        /// The other.
        second: u32,
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
    /// Forces, masses or pressures would leave the range of single precision.
    #[error(
        "{name} is {value:e}, too large or too small to be computed in single precision in tetrahedron {tetrahedron}; give it in SI units"
    )]
    Magnitude {
        /// The parameter.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The tetrahedron.
        tetrahedron: usize,
    },
}

impl MaterialError {
    /// [`OutOfRange`](Self::OutOfRange) unless `ok`.
    pub(crate) fn unless(
        ok: bool,
        name: &'static str,
        value: f64,
        range: &'static str,
    ) -> Result<(), Self> {
        if ok {
            Ok(())
        } else {
            Err(Self::OutOfRange { name, value, range })
        }
    }
}

impl WorldError {
    /// [`OutOfRange`](Self::OutOfRange) unless `ok`.
    pub(crate) fn unless(
        ok: bool,
        name: &'static str,
        value: f64,
        range: &'static str,
    ) -> Result<(), Self> {
        if ok {
            Ok(())
        } else {
            Err(Self::OutOfRange { name, value, range })
        }
    }
}

/// A world that cannot be built or changed as asked.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum WorldError {
    /// See [`MaterialError`].
    #[error(transparent)]
    Material(#[from] MaterialError),
    /// The surface of a tool that is none; see [`MeshError`].
    #[error(transparent)]
    Surface(#[from] MeshError),
    /// A quaternion of zero or with NaN.
    #[error(
        "the tool's orientation is no rotation; give a quaternion (w, x, y, z) that is not zero"
    )]
    NoOrientation,
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
    /// An element too large or too small for single precision.
    #[error(
        "tetrahedron {tetrahedron} has a volume of {volume:.1e} m^3, too large or too small to be computed in single precision; give the points in metres"
    )]
    Size {
        /// The tetrahedron.
        tetrahedron: usize,
        /// Its volume, m^3.
        volume: f64,
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
    /// Viscosity lives where strain is averaged.
    #[error(
        "a material with a Prony series needs strain averaging; leave the averaging as it is by default"
    )]
    ViscousNeedsStrain,
    /// A body that is not there.
    #[error("body {body} does not exist; the world has {bodies}, numbered from 0")]
    NoSuchBody {
        /// The index given.
        body: usize,
        /// Number of bodies.
        bodies: usize,
    },
    /// A node id beyond the body's nodes.
    #[error("node {node} does not exist; the body has {nodes} nodes, numbered from 0")]
    NoSuchNode {
        /// The id given.
        node: u64,
        /// Number of nodes.
        nodes: usize,
    },
    /// A node that was cut out.
    #[error("node {node} has no tissue left since a cut; name a node that still has some")]
    NoTissueAt {
        /// The node.
        node: u32,
    },
    /// A body of which nothing is left.
    #[error("body {body} has no tissue left since a cut; nothing can be tied to it")]
    NoTissue {
        /// The body.
        body: usize,
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
pub enum SettleError {
    /// The search ran out of sweeps.
    #[error(
        "no equilibrium after {sweeps} sweeps: the unbalanced force is {residual:.1e} of the acting forces, {tolerance:.1e} was asked for; allow more max_seconds, or look whether something slides or falls, or has points that are not in metres"
    )]
    Unbalanced {
        /// Sweeps made.
        sweeps: u64,
        /// Relative unbalanced force reached.
        residual: f64,
        /// Relative unbalanced force asked for.
        tolerance: f64,
    },
    /// The search left the range of numbers; the bodies are as they were before it.
    #[error(
        "body {body} left the range of numbers after {sweeps} sweeps of settling and is as it was before; check its prescribed displacements, where the tools are, and that its points are in metres"
    )]
    Lost {
        /// The body.
        body: usize,
        /// Sweeps made.
        sweeps: u64,
    },
    /// A body that nothing carries; the bodies are as they were before.
    #[error(
        "body {body} was {distance:.1e} m away and still falling while it settled, and is as it was before; {}",
        why_adrift(*extent, *held)
    )]
    Adrift {
        /// The body.
        body: usize,
        /// How far its farthest node had come, m.
        distance: f64,
        /// Diagonal of the box around it at rest, m.
        extent: f64,
        /// Number of its held nodes.
        held: usize,
    },
    /// A number outside its range.
    #[error("{name} is {value}, but it must be a positive number")]
    OutOfRange {
        /// What it is.
        name: &'static str,
        /// The value given.
        value: f64,
    },
}

/// Farther across than any organ, m.
const WIDE: f64 = 3.0;

/// The likeliest reason why a body falls for ever, and what to do.
fn why_adrift(extent: f64, held: usize) -> String {
    if extent > WIDE {
        return format!(
            "it is {extent:.0} m across: if its points are in millimetres, give metres"
        );
    }
    match held {
        0 => "none of its nodes is held: hold some, or put it on what carries it".to_owned(),
        _ => format!(
            "{held} of its nodes are held, but they do not carry all of it: look for a part that hangs on \
             none of them, or for tissue far too soft for its weight"
        ),
    }
}
