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

/// Euclidean length.
pub(crate) fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

/// Whether all three are numbers.
pub(crate) fn finite(a: [f64; 3]) -> bool {
    a.iter().all(|x| x.is_finite())
}

/// `a`, shortened to length `limit` (m, m/s, N: the unit of `a`) where it is longer; the direction
/// stays. The second value tells whether it was shortened.
pub(crate) fn limited(a: [f64; 3], limit: f64) -> ([f64; 3], bool) {
    let length = norm(a);
    if length > limit {
        (scale(a, limit / length), true)
    } else {
        (a, false)
    }
}
