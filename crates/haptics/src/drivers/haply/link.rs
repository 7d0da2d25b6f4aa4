//! The connection: tungstenite's handshake, then our frames over a socket that never blocks.

use std::hash::{BuildHasher, RandomState};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use super::frame::{self, HEADER_ROOM, Inbox, Incoming, Kind, Masks};
use crate::drivers::wait;

/// Room for the longest message of the service: the inventory of a dozen devices with their
/// settings is some 30 kB.
const CAPACITY: usize = 256 * 1024;
/// How long connecting and the handshake may take, each.
const PATIENCE: Duration = Duration::from_secs(1);

/// The connection has ended, or the far side does not keep to the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// An open connection.
pub(super) struct Link {
    stream: TcpStream,
    inbox: Inbox,
    masks: Masks,
    /// For frames of our own, a pong or the end.
    control: [u8; HEADER_ROOM + 125],
}

/// A stream that remembers what was read: the service speaks first, and its first message may
/// come in one piece with the end of the handshake.
struct Tap<'a> {
    stream: &'a TcpStream,
    read: Vec<u8>,
}

impl Read for Tap<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.read.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}

impl Write for Tap<'_> {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}

/// Connects and shakes hands; the stream, and what followed the handshake.
pub(super) fn connected(address: SocketAddr) -> Result<(TcpStream, Vec<u8>), String> {
    let failed = |why: std::io::Error| why.to_string();
    let stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(failed)?;
    let tap = Tap {
        stream: &stream,
        read: Vec::new(),
    };
    let shaken = tungstenite::client(format!("ws://{address}/"), tap);
    let (socket, _) = shaken.map_err(|why| why.to_string())?;
    let read = &socket.get_ref().read;
    let end = read.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let rest = end.map_or(Vec::new(), |end| read[end + 4..].to_vec());
    drop(socket);
    Ok((stream, rest))
}

impl Link {
    /// Connects to the service.
    pub(super) fn open(address: SocketAddr) -> Result<Self, String> {
        let (stream, rest) = connected(address)?;
        stream
            .set_nonblocking(true)
            .map_err(|why| why.to_string())?;
        let mut inbox = Inbox::with_capacity(CAPACITY);
        inbox.room()[..rest.len()].copy_from_slice(&rest);
        inbox.arrived(rest.len());
        Ok(Self {
            stream,
            inbox,
            // The standard library's own source of unpredictable numbers.
            masks: Masks::seeded(RandomState::new().hash_one(0)),
            control: [0; HEADER_ROOM + 125],
        })
    }

    /// Sends the `len` bytes of text that lie in `buffer` after the room for a header.
    pub(super) fn send(&mut self, buffer: &mut [u8], len: usize) -> Result<(), Broken> {
        let frame = frame::seal(buffer, len, Kind::Text, &mut self.masks).ok_or(Broken)?;
        put(&self.stream, frame)
    }

    /// The length of the next message, if one has come. It is read with
    /// [`message`](Self::message) before the next call.
    pub(super) fn poll(&mut self) -> Result<Option<usize>, Broken> {
        loop {
            match self.inbox.next().map_err(|_| Broken)? {
                Some(Incoming::Message(len)) => return Ok(Some(len)),
                Some(Incoming::Ping(payload, len)) => {
                    self.control(Kind::Pong, &payload[..len])?;
                    continue;
                }
                Some(Incoming::Close) => return Err(Broken),
                None => {}
            }
            let room = self.inbox.room();
            if room.is_empty() {
                return Err(Broken);
            }
            match self.stream.read(room) {
                Ok(0) => return Err(Broken),
                Ok(count) => self.inbox.arrived(count),
                Err(why) if why.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(why) if why.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(Broken),
            }
        }
    }

    /// The message that [`poll`](Self::poll) told of.
    pub(super) fn message(&self, len: usize) -> &[u8] {
        self.inbox.message(len)
    }

    /// Waits until something comes, no longer than `within`.
    pub(super) fn wait(&self, within: Duration) {
        wait::readable(&self.stream, within);
    }

    /// Says that it is over, and ends the connection.
    pub(super) fn close(&mut self) {
        // 1000: a normal end (RFC 6455, 7.4.1). Where it cannot be sent it is over as well.
        let _ = self.control(Kind::Close, &1000_u16.to_be_bytes());
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    fn control(&mut self, kind: Kind, payload: &[u8]) -> Result<(), Broken> {
        let place = &mut self.control[HEADER_ROOM..HEADER_ROOM + payload.len()];
        place.copy_from_slice(payload);
        let sealed = frame::seal(&mut self.control, payload.len(), kind, &mut self.masks);
        put(&self.stream, sealed.ok_or(Broken)?)
    }
}

/// All of `frame` or nothing that could be mended: with one message on its way at a time, a
/// socket whose buffer is full belongs to a service that reads no more.
fn put(mut stream: &TcpStream, frame: &[u8]) -> Result<(), Broken> {
    loop {
        match stream.write(frame) {
            Ok(count) if count == frame.len() => return Ok(()),
            Err(why) if why.kind() == ErrorKind::Interrupted => {}
            _ => return Err(Broken),
        }
    }
}
