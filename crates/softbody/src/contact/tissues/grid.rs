//! Points in the cells of a regular grid, in memory that was reserved when the model was built.

use crate::contact::bounds::Bounds;
use crate::vec3::{Vec3, sub};

/// Cells for each point there is room for.
const CELLS: usize = 2;
/// Most cells along an axis.
const MOST: f64 = 512.0;

/// Points by cell. Each lies in exactly one, so there is no list that could overflow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    low: Vec3,
    /// Cells a metre.
    density: Vec3,
    counts: [usize; 3],
    /// Where each cell begins in `items`, and the end.
    starts: Vec<u32>,
    items: Vec<u32>,
    /// Room for this many.
    room: usize,
}

impl Grid {
    /// Makes room for `items` points.
    pub fn reserve(&mut self, items: usize) {
        self.room = self.room.max(items);
        self.starts.clear();
        self.starts.reserve(CELLS * self.room + 2);
        self.items.clear();
        self.items.reserve(self.room);
    }

    /// Puts the points with their numbers into cells of about `spacing` (m) between `low` and `high`.
    pub fn fill(
        &mut self,
        points: impl Iterator<Item = (u32, Vec3)> + Clone,
        Bounds { low, high }: Bounds,
        spacing: f64,
    ) {
        let size = sub(high, low);
        self.low = low;
        self.counts = counts(size, spacing, CELLS * self.room);
        self.density = [0, 1, 2].map(|i| self.counts[i] as f64 / size[i].max(spacing));
        let cells: usize = self.counts.iter().product();
        self.starts.clear();
        self.starts.resize(cells + 2, 0);
        for (_, p) in points.clone() {
            let cell = self.cell(p);
            self.starts[cell + 2] += 1;
        }
        for cell in 1..cells + 2 {
            self.starts[cell] += self.starts[cell - 1];
        }
        self.items.clear();
        self.items.resize(self.starts[cells + 1] as usize, 0);
        for (item, p) in points {
            // The start of the next cell counts up to where it belongs.
            let cell = self.cell(p);
            let place = &mut self.starts[cell + 1];
            self.items[*place as usize] = item;
            *place += 1;
        }
    }

    /// Shows every point whose cell meets the box, in the order of cells.
    pub fn visit(&self, Bounds { low, high }: Bounds, mut see: impl FnMut(u32)) {
        let (from, to) = (self.place(low), self.place(high));
        for z in from[2]..=to[2] {
            for y in from[1]..=to[1] {
                let row = (z * self.counts[1] + y) * self.counts[0];
                let (start, end) = (self.starts[row + from[0]], self.starts[row + to[0] + 1]);
                for &item in &self.items[start as usize..end as usize] {
                    see(item);
                }
            }
        }
    }

    /// Along each axis; points outside belong to the outermost cells.
    fn place(&self, p: Vec3) -> [usize; 3] {
        // The conversion saturates, also for numbers that are none.
        [0, 1, 2].map(|i| {
            let cell = (p[i] - self.low[i]) * self.density[i];
            (cell as usize).min(self.counts[i] - 1)
        })
    }

    fn cell(&self, p: Vec3) -> usize {
        let [x, y, z] = self.place(p);
        (z * self.counts[1] + y) * self.counts[0] + x
    }
}

/// Cells along each axis, at most `room` altogether.
fn counts(size: Vec3, spacing: f64, room: usize) -> [usize; 3] {
    let mut counts = size.map(|s| (s / spacing).clamp(1.0, MOST));
    let product = |c: [f64; 3]| c.map(f64::floor).iter().product::<f64>();
    for _ in 0..3 {
        let excess = product(counts) / room as f64;
        if excess > 1.0 {
            counts = counts.map(|c| (c / excess.cbrt()).max(1.0));
        }
    }
    if product(counts) <= room as f64 {
        counts.map(|c| (c as usize).max(1))
    } else {
        [1; 3]
    }
}
