//! Three numbers in space: the few operations the tick needs, written out so that every mode
//! computes the same bits.

/// `a + b`.
pub(crate) fn add(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// `a - b`.
pub(crate) fn sub(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// `s a`.
pub(crate) fn scale(a: [f64; 3], s: f64) -> [f64; 3] {
    [a[0] * s, a[1] * s, a[2] * s]
}

/// `a . b`.
pub(crate) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// `a x b`.
pub(crate) fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// Euclidean length.
pub(crate) fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

/// Whether all three are numbers.
pub(crate) fn finite(a: [f64; 3]) -> bool {
    a.iter().all(|x| x.is_finite())
}

/// `a`, shortened to length `limit` (m, m/s, N: the unit of `a`) where it is longer; the direction
/// stays. Where the length is beyond the range of numbers there is no telling the direction, and
/// the result is zero. The second value tells whether it was shortened.
pub(crate) fn limited(a: [f64; 3], limit: f64) -> ([f64; 3], bool) {
    let length = norm(a);
    if !length.is_finite() {
        ([0.0; 3], true)
    } else if length > limit {
        (scale(a, limit / length), true)
    } else {
        (a, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limited_vectors_are_numbers_whatever_came_in() {
        assert_eq!(limited([0.3, 0.0, 0.4], 1.0), ([0.3, 0.0, 0.4], false));
        assert_eq!(limited([0.0, -8.0, 0.0], 2.0), ([0.0, -2.0, 0.0], true));
        for huge in [1e200, f64::INFINITY, f64::NAN] {
            assert_eq!(limited([huge, 1.0, 0.0], 2.0), ([0.0; 3], true));
        }
    }
}
