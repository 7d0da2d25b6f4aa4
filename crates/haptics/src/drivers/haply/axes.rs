//! Haply's axes and ours.
//!
//! Haply: right-handed, +X right, +Y forward (away from the person), +Z up, origin at the mounting
//! plate (docs.haply.co, Basis Permutation; Developing with Inverse3). Ours: +x right, +y up, -z
//! away from the person. One is the other turned by a quarter about x, so orientations follow by
//! turning the quaternion's vector part: what Haply calls unturned is unturned here.

/// A vector of Haply's in our device frame.
pub(in crate::drivers) fn from_haply([x, y, z]: [f64; 3]) -> [f64; 3] {
    [x, z, -y]
}

/// A vector of our device frame in Haply's.
pub(in crate::drivers) fn to_haply([x, y, z]: [f64; 3]) -> [f64; 3] {
    [x, -z, y]
}

/// An orientation (w, x, y, z) of Haply's in our device frame; None where it is no orientation.
pub(in crate::drivers) fn turn_from_haply([w, x, y, z]: [f64; 4]) -> Option<[f64; 4]> {
    let norm = (w * w + x * x + y * y + z * z).sqrt();
    // Far from one it is no rounding of a unit quaternion.
    (norm > 0.5 && norm < 2.0).then(|| [w / norm, x / norm, z / norm, -y / norm])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_forward_and_up() {
        assert_eq!(from_haply([1.0, 0.0, 0.0]), [1.0, 0.0, 0.0]);
        assert_eq!(from_haply([0.0, 1.0, 0.0]), [0.0, 0.0, -1.0]);
        assert_eq!(from_haply([0.0, 0.0, 1.0]), [0.0, 1.0, 0.0]);
        let v = [0.1, -0.2, 0.3];
        assert_eq!(from_haply(to_haply(v)), v);
    }

    /// A turn about Haply's up is one about ours.
    #[test]
    fn turns_keep_their_axis() {
        let h = 0.5_f64.sqrt();
        let turned = turn_from_haply([h, 0.0, 0.0, h]).unwrap();
        assert!((turned[2] - h).abs() < 1e-15 && turned[1] == 0.0 && turned[3] == 0.0);
        assert_eq!(turn_from_haply([0.0; 4]), None);
        assert_eq!(turn_from_haply([f64::NAN, 0.0, 0.0, 0.0]), None);
    }
}
