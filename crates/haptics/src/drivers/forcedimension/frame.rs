//! From the maker's frame to ours and back.
//!
//! Theirs is right-handed with x towards the person, y to the right and z up (CHAI3D,
//! `CDeltaDevices.cpp` and the frame of its worlds; the maker's manuals draw the same). Ours has x
//! to the right, y up and z towards the person. So our axis i is their axis `THEIRS[i]`, a cyclic
//! change: a rotation, the same for positions, forces and torques. A rotation matrix R in their
//! axes becomes P R P^T.

use crate::rotation::from_matrix;

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

/// Their rotation matrix, rows first, as a unit quaternion (w, x, y, z) in our axes; no numbers
/// where it is none, which the tick takes for what it is.
pub(super) fn quaternion(theirs: &[[f64; 3]; 3]) -> [f64; 4] {
    let ours = THEIRS.map(|row| THEIRS.map(|column| theirs[row][column]));
    from_matrix(ours).unwrap_or([f64::NAN; 4])
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
