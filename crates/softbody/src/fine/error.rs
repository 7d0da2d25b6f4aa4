//! Why a fine surface cannot be made or followed.

use thiserror::Error;

/// Most levels of subdivision: each makes four triangles of one.
pub const MOST_LEVELS: u32 = 6;

/// A fine surface that cannot be.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FineError {
    /// No triangles.
    #[error("a surface needs at least one triangle; give some")]
    Empty,
    /// A vertex or node that is not there.
    #[error("{what} {index} names point {point}, but there are {points}, numbered from 0")]
    OutOfRange {
        /// Triangle or tetrahedron.
        what: &'static str,
        /// Which.
        index: usize,
        /// What it names.
        point: u32,
        /// Number of points.
        points: usize,
    },
    /// Too many levels, or more vertices than can be numbered.
    #[error(
        "{levels} levels of subdivision make too much of {triangles} triangles; give {MOST_LEVELS} or fewer"
    )]
    TooFine {
        /// Levels asked for.
        levels: u32,
        /// Coarse triangles.
        triangles: usize,
    },
    /// A coordinate is NaN or infinite.
    #[error("{what} {index} has a coordinate that is not a finite number; check the array")]
    NotFinite {
        /// Node or vertex.
        what: &'static str,
        /// Which.
        index: usize,
    },
    /// Nothing to embed in.
    #[error("no tetrahedron has a volume, so nothing can be embedded; give a mesh of tissue")]
    NoTissue,
    /// Arrays that do not belong together.
    #[error("{what} has {given} rows where {needed} are needed; give as many")]
    Count {
        /// The array.
        what: &'static str,
        /// Its rows.
        given: usize,
        /// Rows that belong there.
        needed: usize,
    },
    /// A subdivided surface has no tetrahedra to follow.
    #[error("a subdivided surface follows no tetrahedra; make a new one of the new triangles")]
    NotEmbedded,
}
