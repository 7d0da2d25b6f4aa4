//! What the service answers to each message: the state of all devices, of which one and perhaps
//! one grip are ours.
//!
//! Fields that equal their default are left out by the service (docs.haply.co, Simulation Channel):
//! a missing coordinate is 0, a missing orientation none. Grips come under three names
//! (`wireless_verse_grip`, `verse_grip`, `custom_verse_grip`); wireless ones have `buttons` a, b, c,
//! wired ones a single `button`.

use super::json::{Malformed, Reader};
use crate::device::NO_TURN;

/// The arrays in which grips are listed.
pub(super) const GRIPS: [&str; 3] = ["wireless_verse_grip", "verse_grip", "custom_verse_grip"];

/// An Inverse3's part, Haply's axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DeviceState {
    /// Position, m.
    pub(super) pos: [f64; 3],
    /// The force it says it was given, N.
    pub(super) force: [f64; 3],
    /// Its positions mean something.
    pub(super) calibrated: bool,
    /// It can play forces: powered and ready.
    pub(super) able: bool,
}

/// A grip's part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GripState {
    /// Orientation (w, x, y, z), Haply's axes.
    pub(super) rot: [f64; 4],
    /// Button a is bit 0, b bit 1, c bit 2.
    pub(super) buttons: u32,
}

/// What concerns us in one answer; None where the service does not list it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) device: Option<DeviceState>,
    pub(super) grip: Option<GripState>,
}

/// Reads an answer for the device `device` and the grip `grip` (empty for none).
pub(super) fn read(message: &[u8], device: &[u8], grip: &[u8]) -> Result<Answer, Malformed> {
    let mut answer = Answer::default();
    let mut reader = Reader::new(message);
    reader.object(|name, reader| {
        if name == b"inverse3" {
            each(reader, device, DEVICE, device_member, &mut answer.device)
        } else if !grip.is_empty() && GRIPS.iter().any(|list| list.as_bytes() == name) {
            each(reader, grip, GRIP, grip_member, &mut answer.grip)
        } else {
            reader.skip()
        }
    })?;
    reader.end()?;
    Ok(answer)
}

const DEVICE: DeviceState = DeviceState {
    pos: [0.0; 3],
    force: [0.0; 3],
    calibrated: true,
    able: true,
};
const GRIP: GripState = GripState {
    rot: NO_TURN,
    buttons: 0,
};

/// Goes through a list of devices and keeps the one called `wanted`, if it tells a state.
fn each<T: Copy>(
    reader: &mut Reader<'_>,
    wanted: &[u8],
    blank: T,
    member: fn(&[u8], &mut Reader<'_>, &mut T) -> Result<(), Malformed>,
    found: &mut Option<T>,
) -> Result<(), Malformed> {
    if reader.null()? {
        return Ok(());
    }
    reader.array(|reader| {
        let (mut ours, mut told, mut value) = (false, false, blank);
        reader.object(|name, reader| {
            match name {
                b"device_id" => {
                    ours = reader.text()? == wanted;
                    return Ok(());
                }
                b"state" => told = true,
                _ => {}
            }
            member(name, reader, &mut value)
        })?;
        if ours && told {
            *found = Some(value);
        }
        Ok(())
    })
}

fn device_member(
    name: &[u8],
    reader: &mut Reader<'_>,
    device: &mut DeviceState,
) -> Result<(), Malformed> {
    match name {
        b"state" => reader.object(|name, reader| match name {
            b"cursor_position" => numbers(reader, b"xyz", &mut device.pos),
            b"current_cursor_force" => numbers(reader, b"xyz", &mut device.force),
            _ => reader.skip(),
        }),
        b"status" => reader.object(|name, reader| match name {
            b"calibrated" => {
                device.calibrated = flag(reader, true)?;
                Ok(())
            }
            b"ready" | b"power_supply" => {
                device.able &= flag(reader, true)?;
                Ok(())
            }
            _ => reader.skip(),
        }),
        _ => reader.skip(),
    }
}

fn grip_member(
    name: &[u8],
    reader: &mut Reader<'_>,
    grip: &mut GripState,
) -> Result<(), Malformed> {
    if name != b"state" {
        return reader.skip();
    }
    reader.object(|name, reader| match name {
        b"orientation" => numbers(reader, b"wxyz", &mut grip.rot),
        b"buttons" => reader.object(|name, reader| {
            let bit = match name {
                b"a" => 0,
                b"b" => 1,
                b"c" => 2,
                _ => return reader.skip(),
            };
            grip.buttons |= u32::from(flag(reader, false)?) << bit;
            Ok(())
        }),
        b"button" => {
            grip.buttons |= u32::from(flag(reader, false)?);
            Ok(())
        }
        _ => reader.skip(),
    })
}

/// Yes or no, also as a number; `untold` where it is null.
fn flag(reader: &mut Reader<'_>, untold: bool) -> Result<bool, Malformed> {
    if reader.null()? {
        return Ok(untold);
    }
    reader.truth().or_else(|_| Ok(reader.number()? != 0.0))
}

/// An object of numbers, whose names are the letters of `names`.
fn numbers<const N: usize>(
    reader: &mut Reader<'_>,
    names: &[u8; N],
    values: &mut [f64; N],
) -> Result<(), Malformed> {
    if reader.null()? {
        return Ok(());
    }
    reader.object(|name, reader| {
        let index = names.iter().position(|letter| name == [*letter]);
        match index {
            Some(index) => {
                values[index] = reader.number()?;
                Ok(())
            }
            None => reader.skip(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the shape of the documentation's example, device and grip each beside another one.
    const STATE: &str = r#"{"session_id":7,"inverse3":[
        {"device_id":"04BA","state":{"cursor_position":{"x":9,"y":9,"z":9}},"status":{}},
        {"status":{"calibrated":false,"in_use":false,"power_supply":true,"ready":true},
         "state":{"cursor_position":{"x":0.104,"z":-0.061},"control_mode":"idle",
         "current_cursor_force":{"y":1.5},"transform":{"scale":{"x":1,"y":1,"z":1}}},
         "device_id":"049D"}],
        "wireless_verse_grip":[{"device_id":"61576","state":{"battery_level":0.9,
         "orientation":{"w":0.6,"x":0,"y":0.8,"z":0},"buttons":{"a":false,"b":true,"c":true}}}],
        "verse_grip":[{"device_id":"12","state":{"button":1,"hall":3}}],
        "custom_verse_grip":null}"#;

    #[test]
    fn ours_is_picked_and_what_is_left_out_is_the_default() {
        let answer = read(STATE.as_bytes(), b"049D", b"61576").unwrap();
        let device = answer.device.unwrap();
        assert_eq!(device.pos, [0.104, 0.0, -0.061]);
        assert_eq!(device.force, [0.0, 1.5, 0.0]);
        assert!(!device.calibrated && device.able);
        let grip = answer.grip.unwrap();
        assert_eq!((grip.rot, grip.buttons), ([0.6, 0.0, 0.8, 0.0], 0b110));
        let wired = read(STATE.as_bytes(), b"049D", b"12")
            .unwrap()
            .grip
            .unwrap();
        assert_eq!((wired.rot, wired.buttons), (NO_TURN, 1));
    }

    #[test]
    fn who_is_not_listed_is_not_found() {
        assert_eq!(read(STATE.as_bytes(), b"0000", b""), Ok(Answer::default()));
        assert_eq!(read(b"{}", b"049D", b"1"), Ok(Answer::default()));
        let stateless = br#"{"inverse3":[{"device_id":"049D"}]}"#;
        assert_eq!(read(stateless, b"049D", b""), Ok(Answer::default()));
    }

    #[test]
    fn another_shape_is_malformed() {
        for bad in [
            &b"[]"[..],
            b"{\"inverse3\":{}}",
            b"{\"inverse3\":[{\"state\":{\"cursor_position\":{\"x\":\"0\"}}}]}",
            b"{\"inverse3\":[{\"status\":{\"ready\":\"no\"}}]}",
            b"{} {}",
            b"\xff\xfe",
        ] {
            assert_eq!(read(bad, b"049D", b""), Err(Malformed));
        }
    }
}
