//! WebSocket frames (RFC 6455) in fixed buffers: the tick may not allocate, which every client
//! library does for each message. The handshake is tungstenite's; after it only this is spoken.
//!
//! Client to service every frame is masked; service to client none is (5.1). Messages may come in
//! fragments, with control frames between them (5.4, 5.5).

/// Bytes kept free before a payload for the longest header that [`seal`] writes.
pub(super) const HEADER_ROOM: usize = 8;
/// Longest payload of a control frame (5.5).
const CONTROL_MAX: usize = 125;

/// What a frame is (5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A message in text.
    Text = 1,
    /// The end of the connection.
    Close = 8,
    /// The answer to a ping.
    Pong = 10,
}

/// Masks are there to keep proxies from mistaking payload for requests (10.3). A counter under a
/// mixing function (splitmix64: Steele, Lea, Flood 2014), seeded from outside, is enough for that.
pub(super) struct Masks {
    counter: u64,
}

impl Masks {
    pub(super) fn seeded(seed: u64) -> Self {
        Self { counter: seed }
    }

    fn next(&mut self) -> [u8; 4] {
        self.counter = self.counter.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.counter;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) as u32).to_le_bytes()
    }
}

/// Turns the payload at `buffer[HEADER_ROOM..HEADER_ROOM + len]` into a masked frame in place and
/// returns it; None where it is too long for a frame of ours.
pub(super) fn seal<'a>(
    buffer: &'a mut [u8],
    len: usize,
    kind: Kind,
    masks: &mut Masks,
) -> Option<&'a [u8]> {
    let frame = buffer.get_mut(..HEADER_ROOM + len)?;
    let mask = masks.next();
    for (byte, key) in frame[HEADER_ROOM..].iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
    frame[HEADER_ROOM - 4..HEADER_ROOM].copy_from_slice(&mask);
    let first = 0x80 | kind as u8;
    let start = if len <= CONTROL_MAX {
        frame[2..4].copy_from_slice(&[first, 0x80 | len as u8]);
        2
    } else {
        let [high, low] = u16::try_from(len).ok()?.to_be_bytes();
        frame[..4].copy_from_slice(&[first, 0x80 | 126, high, low]);
        0
    };
    Some(&frame[start..])
}

/// The far side does not keep to the protocol, or says more than there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Breach;

/// What has come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// A whole message: so many bytes of [`Inbox::message`].
    Message(usize),
    /// A ping, to be answered with its payload.
    Ping([u8; CONTROL_MAX], usize),
    /// The far side ends the connection.
    Close,
}

/// Bytes as they came from the socket, and the message that is put together from them.
pub(super) struct Inbox {
    /// The message so far at `..message`, bytes not looked at yet at `start..end`.
    bytes: Box<[u8]>,
    message: usize,
    start: usize,
    end: usize,
    /// A fragmented message has begun and not ended.
    open: bool,
    /// The message at the front is whole and has been handed out.
    whole: bool,
}

/// A frame's header.
struct Header {
    first: u8,
    /// Bytes of the header, then of the payload.
    size: usize,
    payload: usize,
}

impl Inbox {
    /// Room for messages of up to about `capacity` bytes.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            bytes: vec![0; capacity].into_boxed_slice(),
            message: 0,
            start: 0,
            end: 0,
            open: false,
            whole: false,
        }
    }

    /// Where the next bytes from the socket go; empty where there is no more room.
    pub(super) fn room(&mut self) -> &mut [u8] {
        self.release();
        let rest = self.message;
        self.bytes.copy_within(self.start..self.end, rest);
        self.end = rest + self.end - self.start;
        self.start = rest;
        &mut self.bytes[self.end..]
    }

    /// So many bytes have been put into [`room`](Self::room).
    pub(super) fn arrived(&mut self, count: usize) {
        self.end = (self.end + count).min(self.bytes.len());
    }

    /// The first `len` bytes of the message that was reported last.
    pub(super) fn message(&self, len: usize) -> &[u8] {
        &self.bytes[..len.min(self.message)]
    }

    fn release(&mut self) {
        if self.whole {
            self.message = 0;
            self.whole = false;
        }
    }

    /// The next message or control frame among what has arrived; None where more has to come.
    pub(super) fn next(&mut self) -> Result<Option<Incoming>, Breach> {
        self.release();
        loop {
            let Some(header) = self.header()? else {
                return Ok(None);
            };
            let begin = self.start + header.size;
            let end = begin + header.payload;
            if end > self.end {
                // A frame that can never fit is told at once.
                let fits = self.message + header.size + header.payload <= self.bytes.len();
                return if fits { Ok(None) } else { Err(Breach) };
            }
            self.start = end;
            if let Some(incoming) = self.take(header.first, begin, end)? {
                return Ok(Some(incoming));
            }
        }
    }

    /// The header at `start`, None where it is not all there.
    fn header(&self) -> Result<Option<Header>, Breach> {
        let [first, second, rest @ ..] = &self.bytes[self.start..self.end] else {
            return Ok(None);
        };
        let control = first & 0x08 != 0;
        // Reserved bits; a mask; control frames in fragments or too long.
        if first & 0x70 != 0 || second & 0x80 != 0 || (control && first & 0x80 == 0) {
            return Err(Breach);
        }
        let (size, payload) = match (second & 0x7f, rest) {
            (126 | 127, _) if control => return Err(Breach),
            (126, [a, b, ..]) => (4, u64::from(u16::from_be_bytes([*a, *b]))),
            (127, [a, b, c, d, e, f, g, h, ..]) => {
                let long = [*a, *b, *c, *d, *e, *f, *g, *h];
                (10, u64::from_be_bytes(long))
            }
            (126 | 127, _) => return Ok(None),
            (short, _) => (2, u64::from(short)),
        };
        if payload > self.bytes.len() as u64 {
            return Err(Breach);
        }
        Ok(Some(Header {
            first: *first,
            size,
            payload: payload as usize,
        }))
    }

    fn take(&mut self, first: u8, begin: usize, end: usize) -> Result<Option<Incoming>, Breach> {
        let last = first & 0x80 != 0;
        match first & 0x0f {
            0 if self.open => {}
            1 | 2 if !self.open => self.open = true,
            8 => return Ok(Some(Incoming::Close)),
            9 => {
                let mut payload = [0; CONTROL_MAX];
                payload[..end - begin].copy_from_slice(&self.bytes[begin..end]);
                return Ok(Some(Incoming::Ping(payload, end - begin)));
            }
            10 => return Ok(None),
            _ => return Err(Breach),
        }
        self.bytes.copy_within(begin..end, self.message);
        self.message += end - begin;
        if !last {
            return Ok(None);
        }
        self.open = false;
        self.whole = true;
        Ok(Some(Incoming::Message(self.message)))
    }
}

#[cfg(test)]
mod tests;
