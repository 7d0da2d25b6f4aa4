//! Structured boxes for tests and examples.

use super::{TetMesh, check_size};
use crate::error::MeshError;

/// Six tetrahedra around the main diagonal of a unit cell; corner bits: 1 = x, 2 = y, 4 = z.
const CELL: [[usize; 4]; 6] = [
    [0, 1, 3, 7],
    [0, 3, 2, 7],
    [0, 2, 6, 7],
    [0, 6, 4, 7],
    [0, 4, 5, 7],
    [0, 5, 1, 7],
];

impl TetMesh {
    /// A box with one corner at the origin, `size` in m, `cells` along x, y, z, six tetrahedra a
    /// cell. Cells are mirrored alternately, so that the diagonals have no preferred direction
    /// (with a single diagonal a bending beam drifts sideways).
    ///
    /// # Errors
    /// [`MeshError::BadBox`] for sizes or counts that are not positive, [`MeshError::TooLarge`] for
    /// more cells than can be numbered.
    pub fn boxed(size: [f64; 3], cells: [usize; 3]) -> Result<Self, MeshError> {
        let good = size.iter().all(|s| s.is_finite() && *s > 0.0) && cells.iter().all(|c| *c > 0);
        if !good {
            return Err(MeshError::BadBox { size, cells });
        }
        let product = |counts: [u64; 3]| counts.into_iter().fold(1, u64::saturating_mul);
        let counts = cells.map(|c| c as u64);
        let nodes = product(counts.map(|c| c.saturating_add(1)));
        check_size(nodes, product(counts).saturating_mul(6))?;
        let [nx, ny, nz] = cells.map(|c| c + 1);
        let mut points = Vec::with_capacity(nx * ny * nz);
        for k in 0..nz {
            for j in 0..ny {
                for i in 0..nx {
                    let at = |c: usize, axis: usize| size[axis] * (c as f64 / cells[axis] as f64);
                    points.push([at(i, 0), at(j, 1), at(k, 2)]);
                }
            }
        }
        let mut tetrahedra = Vec::with_capacity(6 * cells.iter().product::<usize>());
        for k in 0..cells[2] {
            for j in 0..cells[1] {
                for i in 0..cells[0] {
                    // Mirror the cell in every axis along which its index is odd.
                    let mirror = (i & 1) | (j & 1) << 1 | (k & 1) << 2;
                    let corner = |c: usize| {
                        let c = c ^ mirror;
                        ((k + (c >> 2)) * ny + j + (c >> 1 & 1)) * nx + i + (c & 1)
                    };
                    tetrahedra.extend(CELL.iter().map(|t| t.map(|c| corner(c) as u32)));
                }
            }
        }
        let mut mesh = Self::new(&points, &tetrahedra)?;
        mesh.report.flipped = 0; // the mirrored cells are ours, not the caller's
        Ok(mesh)
    }
}
