//! Sums and peaks taken inside the tick, so that no reader can miss one.

use crate::vector::{norm, sub};

/// Since the start of the run; the fields of `Meters` in `surgisim/snapshot.py`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Meters {
    /// Length of the tip's path, m.
    pub path_length_m: f64,
    /// Largest force on the instrument, N.
    pub peak_force_n: f64,
    /// Time with at least one contact point, s.
    pub contact_s: f64,
    /// Time above the force limit, s.
    pub over_limit_s: f64,
    /// Integral of the force above the limit, N s.
    pub over_limit_ns: f64,
    /// Largest in-plane strain of the organ's surface near the instrument.
    pub peak_strain: f64,
}

/// One tick as the meters see it.
pub(crate) struct Reading {
    pub(crate) from: [f64; 3],
    pub(crate) to: [f64; 3],
    pub(crate) force_n: f64,
    pub(crate) contacts: u32,
    pub(crate) strain: f64,
}

impl Meters {
    /// Adds a tick of `dt` seconds. What is not a number adds nothing.
    pub(crate) fn add(&mut self, reading: &Reading, force_limit_n: f64, dt: f64) {
        let way = norm(sub(reading.to, reading.from));
        if way.is_finite() {
            self.path_length_m += way;
        }
        // max() passes over NaN.
        self.peak_force_n = self.peak_force_n.max(reading.force_n);
        self.peak_strain = self.peak_strain.max(reading.strain);
        if reading.contacts > 0 {
            self.contact_s += dt;
        }
        if reading.force_n > force_limit_n {
            self.over_limit_s += dt;
            self.over_limit_ns += (reading.force_n - force_limit_n) * dt;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_beyond_the_limit_is_summed_up() {
        let mut meters = Meters::default();
        for (i, force_n) in [0.0, 2.0, 5.0, f64::NAN, 4.0].into_iter().enumerate() {
            let y = -1e-3 * i as f64;
            let reading = Reading {
                from: [0.0, y + 1e-3, 0.0],
                to: [0.0, y, 0.0],
                force_n,
                contacts: u32::from(force_n > 0.0),
                strain: 0.01 * i as f64,
            };
            meters.add(&reading, 3.0, 1e-3);
        }
        assert!((meters.path_length_m - 5e-3).abs() < 1e-12);
        assert_eq!(meters.peak_force_n, 5.0);
        assert!((meters.contact_s - 3e-3).abs() < 1e-12);
        assert!((meters.over_limit_s - 2e-3).abs() < 1e-12);
        assert!((meters.over_limit_ns - 3e-3).abs() < 1e-12);
        assert_eq!(meters.peak_strain, 0.04);
    }
}
