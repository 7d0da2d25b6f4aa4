//! Boxes along the axes.

use crate::vec3::Vec3;

/// An axis-parallel box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub low: Vec3,
    pub high: Vec3,
}

impl Bounds {
    /// Around nothing.
    pub const EMPTY: Self = Self {
        low: [f64::INFINITY; 3],
        high: [f64::NEG_INFINITY; 3],
    };

    pub fn new(points: &[Vec3]) -> Self {
        let mut bounds = Self::EMPTY;
        points.iter().for_each(|p| bounds.include(p));
        bounds
    }

    /// Grows to where `p` is.
    pub fn include(&mut self, p: &Vec3) {
        for axis in 0..3 {
            self.low[axis] = self.low[axis].min(p[axis]);
            self.high[axis] = self.high[axis].max(p[axis]);
        }
    }

    pub fn contains(&self, p: &Vec3) -> bool {
        (0..3).all(|i| p[i] >= self.low[i] && p[i] <= self.high[i])
    }

    /// Larger by `by` on all sides.
    pub fn grown(self, by: f64) -> Self {
        Self {
            low: self.low.map(|x| x - by),
            high: self.high.map(|x| x + by),
        }
    }

    pub fn join(self, other: Self) -> Self {
        Self::new(&[self.low, self.high, other.low, other.high])
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        (0..3).all(|i| self.low[i] <= other.high[i] && other.low[i] <= self.high[i])
    }

    /// What two boxes have in common when each is larger by `reach`, and how far apart they are then (m,
    /// negative where they overlap).
    pub fn common(&self, other: &Self, reach: f64) -> (Self, f64) {
        let low = [0, 1, 2].map(|i| self.low[i].max(other.low[i]) - reach);
        let high = [0, 1, 2].map(|i| self.high[i].min(other.high[i]) + reach);
        let apart = (0..3)
            .map(|i| low[i] - high[i])
            .fold(f64::NEG_INFINITY, f64::max);
        (Self { low, high }, apart)
    }

    /// Square of the distance between two boxes.
    pub fn square(&self, other: &Self) -> f64 {
        let gap = |i: usize| {
            let gap = (self.low[i] - other.high[i]).max(other.low[i] - self.high[i]);
            gap.max(0.0)
        };
        [0, 1, 2].map(|i| gap(i) * gap(i)).iter().sum()
    }
}
