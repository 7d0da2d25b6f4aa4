//! The library's matrix as position and orientation in the device frame.

use crate::device::NO_TURN;
use crate::rotation::from_matrix;

/// Metres in a millimetre.
const MM: f64 = 1e-3;

/// Position (m) and unit quaternion (w, x, y, z) of a column-major transform with a translation in
/// millimetres. The axes are the device frame's already.
pub(super) fn pose(m: &[f64; 16]) -> ([f64; 3], [f64; 4]) {
    ([m[12] * MM, m[13] * MM, m[14] * MM], rotation(m))
}

/// The unit quaternion of the rotation part. What is no rotation turns nothing.
fn rotation(m: &[f64; 16]) -> [f64; 4] {
    let rows = [0, 1, 2].map(|row| [m[row], m[4 + row], m[8 + row]]);
    from_matrix(rows).unwrap_or(NO_TURN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(columns: [[f64; 3]; 3]) -> [f64; 16] {
        let mut m = [0.0; 16];
        for (i, column) in columns.iter().enumerate() {
            m[4 * i..4 * i + 3].copy_from_slice(column);
        }
        m[12..].copy_from_slice(&[10.0, -20.0, 30.0, 1.0]);
        m
    }

    #[test]
    fn half_turns_and_quarter_turns_come_out_whole() {
        let (x, y, z) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
        let minus = |v: [f64; 3]| v.map(|x| -x);
        let h = 0.5_f64.sqrt();
        for (columns, expected) in [
            ([x, y, z], [1.0, 0.0, 0.0, 0.0]),
            ([x, minus(y), minus(z)], [0.0, 1.0, 0.0, 0.0]),
            ([minus(x), y, minus(z)], [0.0, 0.0, 1.0, 0.0]),
            ([minus(x), minus(y), z], [0.0, 0.0, 0.0, 1.0]),
            ([x, z, minus(y)], [h, h, 0.0, 0.0]),
            ([y, z, x], [0.5, 0.5, 0.5, 0.5]),
        ] {
            let (pos, rot) = pose(&turned(columns));
            assert_eq!(pos, [0.01, -0.02, 0.03]);
            for i in 0..4 {
                assert!((rot[i] - expected[i]).abs() < 1e-15, "{rot:?} {expected:?}");
            }
        }
    }

    #[test]
    fn what_is_no_rotation_turns_nothing() {
        assert_eq!(pose(&[f64::NAN; 16]).1, NO_TURN);
        assert_eq!(pose(&[f64::INFINITY; 16]).1, NO_TURN);
    }
}
