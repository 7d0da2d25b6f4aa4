//! Frames by the book (RFC 6455, 5.7 has these examples), in every cut, and rubbish.

use super::*;

/// Everything that comes out of `bytes` fed in pieces of `piece`.
fn heard(bytes: &[u8], piece: usize, capacity: usize) -> Result<Vec<(Incoming, Vec<u8>)>, Breach> {
    let mut inbox = Inbox::with_capacity(capacity);
    let mut out = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let room = inbox.room();
        let count = piece.min(room.len()).min(rest.len());
        if count == 0 {
            return Err(Breach);
        }
        room[..count].copy_from_slice(&rest[..count]);
        inbox.arrived(count);
        rest = &rest[count..];
        while let Some(incoming) = inbox.next()? {
            let message = match incoming {
                Incoming::Message(len) => inbox.message(len).to_vec(),
                Incoming::Ping(payload, len) => payload[..len].to_vec(),
                Incoming::Close => Vec::new(),
            };
            out.push((incoming, message));
        }
    }
    Ok(out)
}

fn texts(bytes: &[u8], piece: usize) -> Vec<String> {
    let all = heard(bytes, piece, 1_000).unwrap();
    let text = |(_, bytes): (Incoming, Vec<u8>)| String::from_utf8(bytes).unwrap();
    all.into_iter().map(text).collect()
}

#[test]
fn fragments_with_a_ping_between_them_in_every_cut() {
    let mut wire = vec![0x81, 5, b'H', b'e', b'l', b'l', b'o'];
    wire.extend([0x01, 3, b'H', b'e', b'l', 0x89, 2, b'h', b'i', 0x8a, 0]);
    wire.extend([0x80, 2, b'l', b'o', 0x82, 126, 1, 0]);
    wire.extend([b'x'; 256]);
    let long = "x".repeat(256);
    for piece in 1..wire.len() {
        assert_eq!(
            texts(&wire, piece),
            ["Hello", "hi", "Hello", &long],
            "{piece}"
        );
    }
}

#[test]
fn what_the_book_forbids_is_told() {
    for wire in [
        &[0x81, 0x85, 1, 2, 3, 4, 0, 0, 0, 0, 0][..], // masked by a service
        &[0xc1, 0],                                   // a reserved bit
        &[0x83, 0],                                   // an opcode nobody knows
        &[0x80, 0],                                   // the end of nothing
        &[0x01, 0, 0x81, 0],                          // a message inside another
        &[0x09, 0],                                   // a ping in fragments
        &[0x89, 126, 0, 126],                         // a ping too long
        &[0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0],         // 4 GiB
        &[0x81, 126, 0x04, 0],                        // 1 024 bytes into 1 000
    ] {
        assert_eq!(heard(wire, 1, 1_000), Err(Breach), "{wire:x?}");
    }
    let close = heard(&[0x88, 0], 2, 100).unwrap();
    assert_eq!(close[0].0, Incoming::Close);
}

/// What we seal is what a service's own library understands, at both header sizes.
#[test]
fn sealed_frames_are_read_by_another_implementation() {
    use tungstenite::protocol::{Role, WebSocket};
    let mut masks = Masks::seeded(7);
    for len in [0, 1, 125, 126, 900] {
        let mut buffer = [b'y'; HEADER_ROOM + 900];
        let wire = seal(&mut buffer, len, Kind::Text, &mut masks)
            .unwrap()
            .to_vec();
        let mut far = WebSocket::from_raw_socket(std::io::Cursor::new(wire), Role::Server, None);
        assert_eq!(far.read().unwrap().to_text().unwrap(), "y".repeat(len));
    }
    assert!(seal(&mut [0; 20], 13, Kind::Text, &mut masks).is_none());
    assert_ne!(masks.next(), masks.next());
}

/// Rubbish, and frames with a few bytes spoilt, neither panic nor run for ever.
#[test]
fn rubbish_does_no_harm() {
    let mut masks = Masks::seeded(11);
    let mut byte = || masks.next()[0];
    let (mut breaches, mut messages) = (0, 0);
    for round in 0..3_000_usize {
        let mut wire: Vec<u8> = (0..200).map(|_| byte()).collect();
        if round % 2 == 0 {
            let frame = [&[0x81, 20][..], &[b'a'; 20], &[0x01, 3, b'b', b'b', b'b']].concat();
            wire = frame
                .iter()
                .chain(&[0x80, 0])
                .copied()
                .cycle()
                .take(200)
                .collect();
            let at = usize::from(byte()) % 200;
            wire[at] = byte();
        }
        match heard(&wire, 1 + usize::from(byte()) % 60, 300) {
            Ok(all) => messages += all.len(),
            Err(Breach) => breaches += 1,
        }
    }
    assert!(
        breaches > 1_000 && messages > 1_000,
        "{breaches} {messages}"
    );
}
