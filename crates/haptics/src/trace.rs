//! The record of a run: what went in and what came out, one row a tick.

/// One tick. The layout is that of `TRACE_DTYPE` in `surgisim/snapshot.py`: 96 bytes, no padding.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct TraceRow {
    /// 1 after the first step.
    pub tick: u64,
    /// What the device asked for in this tick, m.
    pub hand: [f64; 3],
    /// Where the tool ended, m.
    pub tool: [f64; 3],
    /// Tissue on tool, mean over the tick, N. Not what the device was given: see the safety chain.
    pub force: [f64; 3],
    /// Pressed buttons, bit mask.
    pub buttons: u32,
    /// Contact points at the end of the tick.
    pub contacts: u32,
    /// Hash of the whole state on every [`DIGEST_EVERY`]th tick, else 0.
    pub digest: u64,
}

/// Ticks from one digest to the next.
pub const DIGEST_EVERY: u64 = 20;

impl TraceRow {
    /// Whether two rows agree in every bit (so that NaN equals itself and 0 differs from -0).
    #[must_use]
    pub fn same_bits(&self, other: &Self) -> bool {
        let bits = |v: [f64; 3]| v.map(f64::to_bits);
        self.tick == other.tick
            && bits(self.hand) == bits(other.hand)
            && bits(self.tool) == bits(other.tool)
            && bits(self.force) == bits(other.force)
            && self.buttons == other.buttons
            && self.contacts == other.contacts
            && self.digest == other.digest
    }
}

/// The first tick at which two traces differ in any bit, also where one of them ends early; None
/// if they agree.
#[must_use]
pub fn first_difference(a: &[TraceRow], b: &[TraceRow]) -> Option<u64> {
    let both = a.iter().zip(b);
    if let Some((row, _)) = both.clone().find(|(x, y)| !x.same_bits(y)) {
        return Some(row.tick);
    }
    let longer = if a.len() > b.len() { a } else { b };
    longer.get(a.len().min(b.len())).map(|row| row.tick)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_packed_as_numpy_has_it() {
        assert_eq!(size_of::<TraceRow>(), 96);
        assert_eq!(std::mem::offset_of!(TraceRow, buttons), 80);
        assert_eq!(std::mem::offset_of!(TraceRow, digest), 88);
    }

    #[test]
    fn one_bit_is_a_difference() {
        let rows = [1, 2, 3].map(|tick| TraceRow {
            tick,
            force: [f64::NAN, 0.0, 1.0],
            ..TraceRow::default()
        });
        let mut other = rows;
        assert_eq!(first_difference(&rows, &other), None);
        assert_eq!(first_difference(&rows, &rows[..2]), Some(3));
        other[1].force[1] = -0.0;
        assert_eq!(first_difference(&rows, &other), Some(2));
    }
}
