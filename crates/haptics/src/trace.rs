//! The record of a run: what went in and what came out, one row a tick.

/// One tick. The layout is that of `TRACE_DTYPE` in `surgisim/snapshot.py`: 248 bytes, no padding.
///
/// `hand`, `hand_rot`, `buttons`, `status`, `missed` and the device's own faults are what went in;
/// the rest is what came out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct TraceRow {
    /// 1 after the first step.
    pub tick: u64,
    /// Where the device said the hand was, device frame, m; the last reading where there was none.
    pub hand: [f64; 3],
    /// How it was turned, unit quaternion (w, x, y, z).
    pub hand_rot: [f64; 4],
    /// Where the tool ended, m.
    pub tool: [f64; 3],
    /// How it was turned, unit quaternion (w, x, y, z).
    pub tool_rot: [f64; 4],
    /// Tissue on tool, mean over the tick, N. Not what the device was given: see the safety chain.
    pub force: [f64; 3],
    /// Tissue on tool about the tool's position, mean over the tick, N m.
    pub torque: [f64; 3],
    /// What the device plays after it, device frame, N.
    pub device_force: [f64; 3],
    /// The same for torque, N m.
    pub device_torque: [f64; 3],
    /// Pressed buttons, bit mask.
    pub buttons: u32,
    /// Contact points at the end of the tick.
    pub contacts: u32,
    /// What the device said of itself, see [`Status`](crate::Status).
    pub status: u32,
    /// Which faults were present, see [`Fault::bit`](crate::Fault::bit), and [`FORCE_KEPT`].
    pub faults: u32,
    /// Whole ticks that were missed before this one.
    pub missed: u64,
    /// Hash of the whole state on every [`DIGEST_EVERY`]th tick, else 0.
    pub digest: u64,
}

/// Bit of [`TraceRow::faults`] that is none: the device did not take a new force and went on with
/// that of the tick before.
pub const FORCE_KEPT: u32 = 1 << 16;

/// Ticks from one digest to the next.
pub const DIGEST_EVERY: u64 = 20;

impl TraceRow {
    /// Whether two rows agree in every bit (so that NaN equals itself and 0 differs from -0).
    #[must_use]
    pub fn same_bits(&self, other: &Self) -> bool {
        self.numbers() == other.numbers() && self.counts() == other.counts()
    }

    fn numbers(&self) -> [u64; 26] {
        let mut bits = [0; 26];
        let all = [
            &self.hand[..],
            &self.hand_rot,
            &self.tool,
            &self.tool_rot,
            &self.force,
            &self.torque,
            &self.device_force,
            &self.device_torque,
        ];
        for (bits, number) in bits.iter_mut().zip(all.into_iter().flatten()) {
            *bits = number.to_bits();
        }
        bits
    }

    fn counts(&self) -> [u64; 7] {
        [
            self.tick,
            u64::from(self.buttons),
            u64::from(self.contacts),
            u64::from(self.status),
            u64::from(self.faults),
            self.missed,
            self.digest,
        ]
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
        assert_eq!(size_of::<TraceRow>(), 248);
        assert_eq!(std::mem::offset_of!(TraceRow, buttons), 216);
        assert_eq!(std::mem::offset_of!(TraceRow, digest), 240);
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
