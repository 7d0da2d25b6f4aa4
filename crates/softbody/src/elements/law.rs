//! What of a law the element code needs to know.

use crate::material::Law;

/// Below this volume ratio laws with a logarithm continue with constant slope.
pub const J_MIN: f32 = 0.1;

/// Laws that are computed alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Stable Neo-Hookean.
    Stable,
    /// Logarithmic: Mooney-Rivlin, and Neo-Hookean as that with r = 0.
    Log,
}

impl Kind {
    pub fn of(law: Law) -> Self {
        match law {
            Law::StableNeoHookean => Self::Stable,
            Law::NeoHookean | Law::MooneyRivlin { .. } => Self::Log,
        }
    }
}

/// U(J) from J - 1; its slope is in `nodes`.
#[must_use]
pub fn pressure_energy(kind: Kind, j1: f64) -> f64 {
    if kind == Kind::Stable {
        return 0.5 * j1 * j1;
    }
    let j_min = f64::from(J_MIN);
    let log = libm::log(f64::max(1.0 + j1, j_min));
    0.5 * log * log + f64::min(1.0 + j1 - j_min, 0.0) * log / j_min
}

/// ln J, continued below [`J_MIN`].
pub fn log_volume(j: f64) -> f64 {
    let j_min = f64::from(J_MIN);
    libm::log(j.max(j_min)) + (j - j_min).min(0.0) / j_min
}
