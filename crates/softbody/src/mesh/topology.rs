//! Which tetrahedron faces which through each face, and the boundary.

use crate::error::MeshError;

/// Marks a face without a neighbour.
pub const FREE_FACE: u32 = u32::MAX;

/// Nodes of face i (opposite node i) of a positively oriented tetrahedron, outward.
pub const FACE_NODES: [[usize; 3]; 4] = [[1, 2, 3], [0, 3, 2], [0, 1, 3], [0, 2, 1]];

/// The boundary of a mesh as outward triangles.
#[derive(Debug, Clone, Default)]
pub struct Surface {
    /// Node ids of each triangle, counter-clockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
    /// Which corners no triangle before names.
    pub owned: Vec<[bool; 3]>,
}

impl Surface {
    pub(super) fn new(tetrahedra: &[[u32; 4]], glue: &[[u32; 4]]) -> Self {
        let mut surface = Self::default();
        for (nodes, glued) in tetrahedra.iter().zip(glue) {
            for face in 0..4 {
                if glued[face] == FREE_FACE {
                    surface.triangles.push(FACE_NODES[face].map(|i| nodes[i]));
                }
            }
        }
        let mut named = std::collections::HashSet::new();
        let first = surface.triangles.iter();
        surface.owned = first.map(|t| t.map(|n| named.insert(n))).collect();
        surface
    }
}

fn sorted<const N: usize>(mut ids: [u32; N]) -> [u32; N] {
    ids.sort_unstable();
    ids
}

pub(super) fn refuse_duplicates(tetrahedra: &[[u32; 4]]) -> Result<(), MeshError> {
    let mut keys: Vec<([u32; 4], usize)> = tetrahedra
        .iter()
        .enumerate()
        .map(|(i, t)| (sorted(*t), i))
        .collect();
    keys.sort_unstable();
    match keys.windows(2).find(|w| w[0].0 == w[1].0) {
        Some(w) => Err(MeshError::Duplicate {
            first: w[0].1,
            second: w[1].1,
        }),
        None => Ok(()),
    }
}

pub(super) fn glue_faces(tetrahedra: &[[u32; 4]]) -> Result<Vec<[u32; 4]>, MeshError> {
    let mut glue = vec![[FREE_FACE; 4]; tetrahedra.len()];
    let mut faces: Vec<([u32; 3], u32)> = Vec::with_capacity(4 * tetrahedra.len());
    for (t, nodes) in tetrahedra.iter().enumerate() {
        for (face, corner) in FACE_NODES.iter().enumerate() {
            faces.push((sorted(corner.map(|i| nodes[i])), (4 * t + face) as u32));
        }
    }
    faces.sort_unstable();
    for run in faces.chunk_by(|a, b| a.0 == b.0) {
        match run {
            [_] => {}
            [a, b] => {
                let [(ta, fa), (tb, fb)] = [a.1, b.1].map(|f| (f as usize / 4, f as usize % 4));
                if !opposed(tetrahedra[ta], fa, tetrahedra[tb], fb) {
                    return Err(MeshError::Overlap {
                        first: ta,
                        second: tb,
                    });
                }
                glue[ta][fa] = b.1;
                glue[tb][fb] = a.1;
            }
            more => {
                return Err(MeshError::NonManifold {
                    tetrahedron: more[0].1 as usize / 4,
                });
            }
        }
    }
    Ok(glue)
}

/// Whether two glued faces run in opposite senses, as they must when the two tetrahedra lie on
/// the two sides of the face.
fn opposed(a: [u32; 4], fa: usize, b: [u32; 4], fb: usize) -> bool {
    let a = FACE_NODES[fa].map(|i| a[i]);
    let b = FACE_NODES[fb].map(|i| b[i]);
    (0..3).any(|s| a[0] == b[s] && a[1] == b[(s + 2) % 3] && a[2] == b[(s + 1) % 3])
}
