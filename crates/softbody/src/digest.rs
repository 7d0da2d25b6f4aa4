//! A hash of state bits, to compare runs. Not cryptographic.

/// Multiply-rotate hash over 64-bit words; every bit of every word moves the result.
#[derive(Debug, Clone, Copy)]
pub struct Digest(u64);

impl Digest {
    pub fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub fn word(&mut self, word: u64) {
        // The odd constant is 2^64 divided by the golden ratio (Knuth's multiplicative hashing).
        self.0 = (self.0 ^ word)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29);
    }

    pub fn number(&mut self, x: f64) {
        self.word(x.to_bits());
    }

    pub fn node(&mut self, node: &[f32; 4]) {
        self.word(u64::from(node[0].to_bits()) << 32 | u64::from(node[1].to_bits()));
        self.word(u64::from(node[2].to_bits()));
    }

    pub fn value(self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}
