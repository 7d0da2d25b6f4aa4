//! From the maker's frame to ours and back.
//!
//! Theirs is right-handed with x towards the person, y to the right and z up (CHAI3D,
//! `CDeltaDevices.cpp` and the frame of its worlds; the maker's manuals draw the same). Ours has x
//! to the right, y up and z towards the person. So our axis i is their axis `THEIRS[i]`, a cyclic
//! change: a rotation, the same for positions, forces and torques. A rotation matrix R in their
//! axes becomes P R P^T.

/// Their axis that is our x, y and z.
const THEIRS: [usize; 3] = [1, 2, 0];

/// A vector of theirs in our axes.
pub(super) fn ours(theirs: [f64; 3]) -> [f64; 3] {
    THEIRS.map(|axis| theirs[axis])
}

/// A vector of ours in their axes.
pub(super) fn theirs(ours: [f64; 3]) -> [f64; 3] {
    let mut out = [0.0; 3];
    for (axis, value) in THEIRS.into_iter().zip(ours) {
        out[axis] = value;
    }
    out
}

/// Their rotation matrix, rows first, as a unit quaternion (w, x, y, z) in our axes.
///
/// Shepperd 1978 (J. Guidance and Control 1:223): the largest of the four is taken from its root,
/// the others by division through it, so that no digits are lost whatever the angle.
pub(super) fn quaternion(theirs: &[[f64; 3]; 3]) -> [f64; 4] {
    let r = THEIRS.map(|row| THEIRS.map(|column| theirs[row][column]));
    let trace = r[0][0] + r[1][1] + r[2][2];
    let diagonal = [trace, r[0][0], r[1][1], r[2][2]];
    let largest = (1..4).fold(0, |best, i| {
        if diagonal[i] > diagonal[best] {
            i
        } else {
            best
        }
    });
    let mut q = [0.0; 4];
    if largest == 0 {
        q[0] = 1.0 + trace;
        q[1] = r[2][1] - r[1][2];
        q[2] = r[0][2] - r[2][0];
        q[3] = r[1][0] - r[0][1];
    } else {
        let (i, j, k) = [(0, 1, 2), (1, 2, 0), (2, 0, 1)][largest - 1];
        q[0] = r[k][j] - r[j][k];
        q[1 + i] = 1.0 + 2.0 * r[i][i] - trace;
        q[1 + j] = r[j][i] + r[i][j];
        q[1 + k] = r[k][i] + r[i][k];
    }
    let length = q.iter().map(|x| x * x).sum::<f64>().sqrt();
    q.map(|x| x / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_axes_are_ours_by_another_name() {
        assert_eq!(ours([1.0, 0.0, 0.0]), [0.0, 0.0, 1.0]);
        assert_eq!(ours([0.0, 1.0, 0.0]), [1.0, 0.0, 0.0]);
        assert_eq!(ours([0.0, 0.0, 1.0]), [0.0, 1.0, 0.0]);
        assert_eq!(theirs(ours([1.0, 2.0, 3.0])), [1.0, 2.0, 3.0]);
    }

    /// Rodrigues' formula.
    fn turn(axis: [f64; 3], angle: f64) -> [[f64; 3]; 3] {
        let (s, c) = angle.sin_cos();
        let [x, y, z] = axis;
        let cross = [[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]];
        let mut r = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                let same = f64::from(u8::from(i == j));
                r[i][j] = c * same + s * cross[i][j] + (1.0 - c) * axis[i] * axis[j];
            }
        }
        r
    }

    #[test]
    fn a_turn_about_any_axis_by_any_angle_keeps_both() {
        let h = 1.0 / 3.0_f64.sqrt();
        for axis in [
            [1.0, 0.0, 0.0],
            [0.0, 1.0, 0.0],
            [0.0, 0.0, 1.0],
            [0.6, 0.0, -0.8],
            [h; 3],
        ] {
            for angle in [0.0, 1e-9, 0.3, 1.6, 2.9, std::f64::consts::PI] {
                let q = quaternion(&turn(axis, angle));
                let (s, c) = (0.5 * angle).sin_cos();
                let about = ours(axis).map(|x| x * s);
                let expected = [c, about[0], about[1], about[2]];
                let apart = |sign: f64| (0..4).all(|i| (q[i] - sign * expected[i]).abs() < 1e-12);
                assert!(
                    apart(1.0) || apart(-1.0),
                    "{axis:?} {angle}: {q:?}, {expected:?}"
                );
            }
        }
    }
}
