//! Weighted sums with fixed weights: row i of the result is the sum over its entries of
//! weight times value.
//!
//! All rows lie behind each other in one array, so that a frame reads it once from front to back.

use super::Place;

/// One weight of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub source: u32,
    pub weight: f32,
}

/// A row while weights are worked out: sources, ascending, each with its weight.
pub(super) type Row = Vec<(u32, f64)>;

/// Sums each source once, in ascending order, and leaves out what came to nothing.
pub(super) fn gathered(mut terms: Row) -> Row {
    terms.sort_by_key(|term| term.0);
    let mut row = Row::with_capacity(terms.len());
    for (source, weight) in terms {
        match row.last_mut() {
            Some(last) if last.0 == source => last.1 += weight,
            _ => row.push((source, weight)),
        }
    }
    row.retain(|term| term.1 != 0.0);
    row
}

/// Rows of the product: first `inner`, then `outer`.
pub(super) fn product(outer: &[Row], inner: &[Row]) -> Vec<Row> {
    let spread = |row: &Row| {
        let terms = row.iter().flat_map(|(middle, weight)| {
            let inner = inner[*middle as usize].iter();
            inner.map(move |(source, own)| (*source, weight * own))
        });
        gathered(terms.collect())
    };
    outer.iter().map(spread).collect()
}

/// Rows, flattened.
#[derive(Debug, Clone, Default)]
pub(super) struct Stencils {
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

impl Stencils {
    pub fn new<'a>(rows: impl Iterator<Item = &'a [(u32, f64)]>) -> Self {
        let mut stencils = Self::default();
        stencils.starts.push(0);
        for row in rows {
            let entry = |&(source, weight): &(u32, f64)| Entry {
                source,
                weight: weight as f32,
            };
            stencils.entries.extend(row.iter().map(entry));
            stencils.starts.push(stencils.entries.len() as u32);
        }
        stencils
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn rows(&self) -> impl Iterator<Item = &[Entry]> {
        let ends = self.starts.windows(2);
        ends.map(|ends| &self.entries[ends[0] as usize..ends[1] as usize])
    }

    /// Sums all four components of `values`.
    pub fn apply(&self, values: &[Place], sums: &mut [Place]) {
        for (row, sum) in self.rows().zip(sums) {
            let mut total = [0.0f32; 4];
            for entry in row {
                let value = &values[entry.source as usize];
                for k in 0..4 {
                    total[k] += entry.weight * value[k];
                }
            }
            *sum = total;
        }
    }

    /// Sums single numbers.
    pub fn apply_to_scalars(&self, values: &[f32], mut sums: impl FnMut(usize, f32)) {
        for (i, row) in self.rows().enumerate() {
            let terms = row.iter().map(|e| e.weight * values[e.source as usize]);
            sums(i, terms.sum());
        }
    }
}
