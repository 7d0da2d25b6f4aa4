//! Tetrahedral meshes: validation, orientation, topology, quality.

mod boxed;
mod quality;
mod topology;

pub use quality::min_dihedral_deg;
pub use topology::{FACE_NODES, FREE_FACE, Surface};

use crate::error::{MOST_NODES, MOST_TETRAHEDRA, MeshError};
use crate::vec3::{Vec3, cross, dot, finite, norm, sub};

/// A validated mesh: finite points, every tetrahedron with positive volume, faces glued two by
/// two, no node unused.
#[derive(Debug, Clone)]
pub struct TetMesh {
    points: Vec<Vec3>,
    tetrahedra: Vec<[u32; 4]>,
    surface: Surface,
    glue: Vec<[u32; 4]>,
    report: MeshReport,
}

/// What was found while a mesh was validated.
#[derive(Debug, Clone, PartialEq)]
pub struct MeshReport {
    /// Tetrahedra that were given in the other orientation and turned over.
    pub flipped: usize,
    /// Volume, m^3.
    pub volume: f64,
    /// Smallest dihedral angle of all tetrahedra, degrees (70.5 in a regular one).
    pub min_dihedral_deg: f64,
    /// Shortest and longest edge, m.
    pub edge_range: [f64; 2],
}

/// |6 V| / (longest edge)^3 below which a tetrahedron counts as flat (0.707 in a regular one).
const FLAT: f64 = 1e-9;

impl TetMesh {
    /// Validates `points` (m) and `tetrahedra` (node ids, either orientation).
    ///
    /// # Errors
    /// The first fault found, with the element or node it was found at.
    pub fn new(points: &[Vec3], tetrahedra: &[[u32; 4]]) -> Result<Self, MeshError> {
        if points.is_empty() || tetrahedra.is_empty() {
            return Err(MeshError::Empty {
                nodes: points.len(),
                tetrahedra: tetrahedra.len(),
            });
        }
        check_size(points.len() as u64, tetrahedra.len() as u64)?;
        if let Some(node) = points.iter().position(|p| !finite(*p)) {
            return Err(MeshError::NotFinite { node });
        }
        check_ids(points.len(), tetrahedra)?;
        let (tetrahedra, flipped) = orient(points, tetrahedra)?;
        topology::refuse_duplicates(&tetrahedra)?;
        let glue = topology::glue_faces(&tetrahedra)?;
        let surface = Surface::new(&tetrahedra, &glue);
        let report = report(points, &tetrahedra, flipped);
        Ok(Self {
            points: points.to_vec(),
            tetrahedra,
            surface,
            glue,
            report,
        })
    }

    /// Node positions at rest, m.
    #[must_use]
    pub fn points(&self) -> &[Vec3] {
        &self.points
    }

    /// Node ids, all with positive volume.
    #[must_use]
    pub fn tetrahedra(&self) -> &[[u32; 4]] {
        &self.tetrahedra
    }

    /// The boundary, outward.
    #[must_use]
    pub fn surface(&self) -> &Surface {
        &self.surface
    }

    /// For face i (opposite node i) of each tetrahedron: 4 * neighbour + its face, or
    /// [`FREE_FACE`]. This, not shared node ids, is the truth about what hangs together.
    #[must_use]
    pub fn glue(&self) -> &[[u32; 4]] {
        &self.glue
    }

    /// What validation found.
    #[must_use]
    pub fn report(&self) -> &MeshReport {
        &self.report
    }
}

/// Six times the signed volume, m^3.
pub(crate) fn volume6(points: &[Vec3], t: [u32; 4]) -> f64 {
    let p = t.map(|n| points[n as usize]);
    dot(sub(p[1], p[0]), cross(sub(p[2], p[0]), sub(p[3], p[0])))
}

/// Barycentric coordinates of `q` in the tetrahedron with corners `p`, negative beyond a face.
pub(crate) fn barycentric(p: &[Vec3; 4], q: Vec3) -> [f64; 4] {
    let corners = [0, 1, 2, 3];
    let whole = volume6(p, corners);
    [0, 1, 2, 3].map(|i| {
        let mut part = *p;
        part[i] = q;
        volume6(&part, corners) / whole
    })
}

/// Whether a tetrahedron has no volume to speak of.
pub(crate) fn is_flat(points: &[Vec3], t: [u32; 4]) -> bool {
    let longest = edges(points, t).into_iter().fold(0.0, f64::max);
    volume6(points, t).abs() <= FLAT * longest * longest * longest
}

/// Refuses more than ids can number.
fn check_size(nodes: u64, tetrahedra: u64) -> Result<(), MeshError> {
    if nodes <= MOST_NODES && tetrahedra <= MOST_TETRAHEDRA {
        Ok(())
    } else {
        Err(MeshError::TooLarge { nodes, tetrahedra })
    }
}

fn check_ids(nodes: usize, tetrahedra: &[[u32; 4]]) -> Result<(), MeshError> {
    let mut used = vec![false; nodes];
    for (tetrahedron, t) in tetrahedra.iter().enumerate() {
        for &n in t {
            let Some(seen) = used.get_mut(n as usize) else {
                return Err(MeshError::OutOfRange {
                    tetrahedron,
                    node: u64::from(n),
                    nodes,
                });
            };
            *seen = true;
        }
    }
    match used.iter().position(|u| !u) {
        Some(node) => Err(MeshError::Unused { node }),
        None => Ok(()),
    }
}

fn orient(points: &[Vec3], tetrahedra: &[[u32; 4]]) -> Result<(Vec<[u32; 4]>, usize), MeshError> {
    let mut flipped = 0;
    let mut oriented = Vec::with_capacity(tetrahedra.len());
    for (tetrahedron, &t) in tetrahedra.iter().enumerate() {
        if is_flat(points, t) {
            return Err(MeshError::Flat { tetrahedron });
        }
        if volume6(points, t) < 0.0 {
            flipped += 1;
            oriented.push([t[0], t[2], t[1], t[3]]);
        } else {
            oriented.push(t);
        }
    }
    Ok((oriented, flipped))
}

fn edges(points: &[Vec3], t: [u32; 4]) -> [f64; 6] {
    const PAIRS: [[usize; 2]; 6] = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]];
    PAIRS.map(|[a, b]| norm(sub(points[t[a] as usize], points[t[b] as usize])))
}

fn report(points: &[Vec3], tetrahedra: &[[u32; 4]], flipped: usize) -> MeshReport {
    let mut report = MeshReport {
        flipped,
        volume: 0.0,
        min_dihedral_deg: 180.0,
        edge_range: [f64::INFINITY, 0.0],
    };
    for &t in tetrahedra {
        report.volume += volume6(points, t) / 6.0;
        report.min_dihedral_deg = report.min_dihedral_deg.min(min_dihedral_deg(points, t));
        for e in edges(points, t) {
            report.edge_range = [report.edge_range[0].min(e), report.edge_range[1].max(e)];
        }
    }
    report
}
