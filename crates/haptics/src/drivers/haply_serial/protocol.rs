//! The bytes. Little-endian, from the public HardwareAPI (`Inverse3.h`, `Inverse3.cpp`, Haply
//! Robotics 2022); the heartbeat from a public field note on firmware newer than that library.
//!
//! | direction | bytes |
//! | --- | --- |
//! | wake-up | `0A` -> a header, u16 id, u8 model, u8 hardware, u8 firmware, then 16 bytes: four floats in the old API, an identifier of 128 bits in the newer |
//! | force   | `2A`, 3 x f32 (N) -> `2B`, 6 x f32 (m, m/s) |
//! | unasked | `BA 02 02` and two bytes, between answers |
//!
//! There is no check sum and no escape, so being in step is judged by the values: a byte that
//! starts nothing plausible is passed over.

/// Asks who is there.
pub(super) const WAKE_UP: [u8; 1] = [0x0a];
const FORCE: u8 = 0x2a;
const STATE: u8 = 0x2b;
const STATE_LEN: usize = 25;
const HEARTBEAT: [u8; 3] = [0xba, 0x02, 0x02];
const HEARTBEAT_LEN: usize = 5;
/// A header and the short, or also the long, identifier.
const SHORT_INFO_LEN: usize = 6;
const INFO_LEN: usize = 22;
/// No handle is farther away, m, nor faster, m/s; nor, but for zero, is anything smaller.
const FARTHEST_M: f32 = 1.0;
const FASTEST_MPS: f32 = 100.0;
const SMALLEST: f32 = 1e-9;

/// The command for a force, Haply's axes, N.
pub(super) fn force(force: [f64; 3]) -> [u8; 13] {
    let mut bytes = [FORCE; 13];
    for (place, value) in bytes[1..].chunks_exact_mut(4).zip(force) {
        place.copy_from_slice(&(value as f32).to_le_bytes());
    }
    bytes
}

/// Who answered the wake-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Info {
    /// As the service spells it, "049D".
    pub(super) id: String,
    pub(super) model: u8,
    pub(super) hardware: u8,
    pub(super) firmware: u8,
    /// The 128 bits of the newer API in hexadecimal; empty where there are none.
    pub(super) long_id: String,
}

/// Bytes as they come, and what is in them.
pub(super) struct Inbox {
    bytes: [u8; 256],
    start: usize,
    end: usize,
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self {
            bytes: [0; 256],
            start: 0,
            end: 0,
        }
    }

    /// Where the next bytes go; never empty once [`state`](Self::state) has returned None.
    pub(super) fn room(&mut self) -> &mut [u8] {
        self.bytes.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        &mut self.bytes[self.end..]
    }

    /// So many have been put there.
    pub(super) fn arrived(&mut self, count: usize) {
        self.end = (self.end + count).min(self.bytes.len());
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.start = self.end;
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// The next position, m, Haply's axes; None where more has to come.
    pub(super) fn state(&mut self) -> Option<[f64; 3]> {
        loop {
            let rest = self.rest();
            match *rest.first()? {
                STATE if rest.len() < STATE_LEN => return None,
                STATE => {
                    let state = floats(&rest[1..STATE_LEN]);
                    if plausible(state) {
                        self.start += STATE_LEN;
                        return Some([state[0], state[1], state[2]].map(f64::from));
                    }
                    self.start += 1;
                }
                _ => self.start += pass(rest)?,
            }
        }
    }

    /// The answer to a wake-up: whole, or as much of it as an old firmware sends where `over`
    /// says that nothing more comes.
    pub(super) fn info(&mut self, over: bool) -> Option<Info> {
        loop {
            let rest = self.rest();
            match *rest.first()? {
                STATE if rest.len() < STATE_LEN => return None,
                STATE => self.start += STATE_LEN,
                0xba => self.start += pass(rest)?,
                _ if rest.len() >= INFO_LEN || (over && rest.len() >= SHORT_INFO_LEN) => break,
                _ => return None,
            }
        }
        let rest = self.rest();
        let long = rest.get(SHORT_INFO_LEN..INFO_LEN).unwrap_or(&[]);
        let info = Info {
            id: format!("{:04X}", u16::from_le_bytes([rest[1], rest[2]])),
            model: rest[3],
            hardware: rest[4],
            firmware: rest[5],
            long_id: long_id(long),
        };
        self.clear();
        Some(info)
    }
}

/// Bytes to pass over at the start of `rest`, which starts no state: a heartbeat, or one byte.
/// None where it could still become a heartbeat.
fn pass(rest: &[u8]) -> Option<usize> {
    let known = rest.len().min(HEARTBEAT.len());
    if rest[..known] != HEARTBEAT[..known] {
        return Some(1);
    }
    (rest.len() >= HEARTBEAT_LEN).then_some(HEARTBEAT_LEN)
}

fn floats(bytes: &[u8]) -> [f32; 6] {
    std::array::from_fn(|i| {
        let at = 4 * i;
        f32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    })
}

fn plausible(state: [f32; 6]) -> bool {
    let within = |x: &f32, most| *x == 0.0 || (SMALLEST..=most).contains(&x.abs());
    let (pos, velocity) = state.split_at(3);
    pos.iter().all(|x| within(x, FARTHEST_M)) && velocity.iter().all(|x| within(x, FASTEST_MPS))
}

/// The identifier, or nothing where the bytes are the old API's unit quaternion.
fn long_id(bytes: &[u8]) -> String {
    let squares = bytes.chunks_exact(4).map(|four| {
        let value = f32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        value * value
    });
    if (squares.sum::<f32>() - 1.0).abs() < 1e-2 {
        return String::new();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(pos: [f32; 3]) -> Vec<u8> {
        let values = pos.into_iter().chain([0.0, -0.25, 1e-3]);
        let floats = values.flat_map(f32::to_le_bytes);
        std::iter::once(STATE).chain(floats).collect()
    }

    /// All positions in `wire`, fed in pieces of `piece`.
    fn positions(wire: &[u8], piece: usize) -> Vec<[f64; 3]> {
        let mut inbox = Inbox::new();
        let mut all = Vec::new();
        let mut rest = wire;
        while !rest.is_empty() {
            let room = inbox.room();
            let count = piece.min(room.len()).min(rest.len());
            assert!(count > 0, "no room");
            room[..count].copy_from_slice(&rest[..count]);
            inbox.arrived(count);
            rest = &rest[count..];
            all.extend(std::iter::from_fn(|| inbox.state()));
        }
        all
    }

    #[test]
    fn heartbeats_between_states_in_every_cut() {
        let beat = [0xba, 2, 2, STATE, 0xba];
        let wire = [
            &beat[..],
            &beat,
            &state([0.5, 0.0, -0.25]),
            &beat,
            &state([0.125; 3]),
        ]
        .concat();
        for piece in 1..wire.len() {
            assert_eq!(
                positions(&wire, piece),
                [[0.5, 0.0, -0.25], [0.125; 3]],
                "{piece}"
            );
        }
    }

    /// Starting in the middle of a frame, or losing bytes of one, costs no more than two frames.
    #[test]
    fn it_falls_into_step_again() {
        let frames: Vec<u8> = (0..20).flat_map(|_| state([0.03, -0.12, 0.151])).collect();
        for cut in 1..STATE_LEN {
            assert!(positions(&frames[cut..], 7).len() >= 18, "{cut}");
            let gap = [&frames[..100 - cut], &frames[100..]].concat();
            assert!(positions(&gap, 7).len() >= 17, "{cut}");
        }
    }

    #[test]
    fn rubbish_is_hardly_ever_a_position() {
        let mut seed = 3_u64;
        let mut byte = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 56) as u8
        };
        let wire: Vec<u8> = (0..300_000).map(|_| byte()).collect();
        let all = positions(&wire, 61);
        assert!(all.len() <= 3, "{}", all.len());
    }

    #[test]
    fn both_answers_to_a_wake_up() {
        let head = [0x0b, 0x9d, 0x04, 4, 7, 5];
        let unit: Vec<u8> = [0.5_f32; 4].iter().flat_map(|x| x.to_le_bytes()).collect();
        for (tail, long_id) in [(&unit[..], ""), (&[0xab; 16], &"ab".repeat(16)), (&[], "")] {
            let mut inbox = Inbox::new();
            let wire = [&state([0.1; 3])[..], &[0xba, 2, 2, 0, 0], &head, tail].concat();
            inbox.room()[..wire.len()].copy_from_slice(&wire);
            inbox.arrived(wire.len());
            if tail.is_empty() {
                assert_eq!(inbox.info(false), None);
            }
            let info = inbox.info(true).unwrap();
            assert_eq!((&*info.id, info.model, info.firmware), ("049D", 4, 5));
            assert_eq!(info.long_id, long_id);
        }
    }

    #[test]
    fn a_force_is_thirteen_bytes() {
        let bytes = force([1.0, -2.0, 0.5]);
        assert_eq!(bytes[0], 0x2a);
        assert_eq!(bytes[1..5], 1.0_f32.to_le_bytes());
        assert_eq!(bytes[9..], 0.5_f32.to_le_bytes());
    }
}
