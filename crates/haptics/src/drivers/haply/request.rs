//! What we say to the service, written into a fixed buffer.

use std::fmt::{self, Write};

use super::frame::HEADER_ROOM;

/// Room for the longest message.
const ROOM: usize = 512;
/// Longest name of a device that is taken.
const LONGEST_ID: usize = 64;

/// How a force is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Up to service 3.4 (Isaac Lab, i4h-workflows and every other public sample).
    Values,
    /// From service 3.5 (its documentation; the older form is "still accepted").
    Vector,
}

impl Dialect {
    /// The name of the member that holds the force.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Vector => "vector",
        }
    }

    /// That of a service 3.`minor`, then the other.
    pub(super) fn to_try(minor: u32) -> [Self; 2] {
        if minor >= 5 {
            [Self::Vector, Self::Values]
        } else {
            [Self::Values, Self::Vector]
        }
    }
}

/// Whether `id` can stand in a message as it is.
pub(super) fn is_plain(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(plain)
}

/// Writes messages for one device.
pub(super) struct Request {
    id: String,
    dialect: Dialect,
    buffer: [u8; HEADER_ROOM + ROOM],
    used: usize,
}

impl Request {
    /// For a device whose id [`is_plain`].
    pub(super) fn new(id: &str, dialect: Dialect) -> Self {
        Self {
            id: id.to_owned(),
            dialect,
            buffer: [0; HEADER_ROOM + ROOM],
            used: 0,
        }
    }

    /// The device's name.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The first message of a session: who we are (from 3.5), and a wish to be told everything
    /// once more, now as it is for this session. No force.
    pub(super) fn hello(&mut self) -> Result<(&mut [u8], usize), fmt::Error> {
        let profile = match self.dialect {
            Dialect::Vector => r#""configure":{"profile":{"name":"org.surgisim:core"}},"#,
            Dialect::Values => "",
        };
        self.used = 0;
        write!(
            self,
            r#"{{"session":{{{profile}"force_render_full_state":{{}}}},"#
        )?;
        self.command([0.0; 3])
    }

    /// The message of every tick: `force`, N, Haply's axes, finite. In micronewtons it is exact.
    pub(super) fn force(&mut self, force: [f64; 3]) -> Result<(&mut [u8], usize), fmt::Error> {
        self.used = 0;
        self.write_str("{")?;
        self.command(force)
    }

    /// The command and the end; the buffer with room for a header, and the payload's length.
    fn command(&mut self, [x, y, z]: [f64; 3]) -> Result<(&mut [u8], usize), fmt::Error> {
        self.write_str(r#""inverse3":[{"device_id":""#)?;
        self.put_id()?;
        let member = self.dialect.name();
        write!(
            self,
            r#"","commands":{{"set_cursor_force":{{"{member}":{{"x":{x:.6},"y":{y:.6},"z":{z:.6}}}}}}}}}]}}"#
        )?;
        Ok((&mut self.buffer, self.used))
    }

    fn put_id(&mut self) -> fmt::Result {
        let Self {
            id, buffer, used, ..
        } = self;
        put(buffer, used, id)
    }
}

fn put(buffer: &mut [u8], used: &mut usize, text: &str) -> fmt::Result {
    let start = HEADER_ROOM + *used;
    let place = buffer.get_mut(start..start + text.len());
    place.ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
    *used += text.len();
    Ok(())
}

impl Write for Request {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        put(&mut self.buffer, &mut self.used, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: Result<(&mut [u8], usize), fmt::Error>) -> String {
        let (buffer, len) = written.unwrap();
        String::from_utf8(buffer[HEADER_ROOM..HEADER_ROOM + len].to_vec()).unwrap()
    }

    #[test]
    fn both_dialects_as_documented() {
        let mut request = Request::new("049D", Dialect::Vector);
        assert_eq!(
            text(request.force([0.0, -0.25, 1.5])),
            r#"{"inverse3":[{"device_id":"049D","commands":{"set_cursor_force":{"vector":{"x":0.000000,"y":-0.250000,"z":1.500000}}}}]}"#
        );
        let mut request = Request::new("049D", Dialect::Values);
        let said: serde_json::Value = serde_json::from_str(&text(request.hello())).unwrap();
        let force = "/inverse3/0/commands/set_cursor_force/values/z";
        assert_eq!(said.pointer(force).unwrap().as_f64(), Some(0.0));
        assert!(said.pointer("/session/force_render_full_state").is_some());
        assert!(said.pointer("/session/configure").is_none());
    }

    #[test]
    fn too_much_is_an_error_and_ids_are_plain() {
        let mut request = Request::new(&"9".repeat(LONGEST_ID), Dialect::Vector);
        assert!(request.hello().is_ok());
        assert!(request.force([1e300; 3]).is_err());
        assert!(request.force([1.0; 3]).is_ok());
        assert!(is_plain("049D") && !is_plain("") && !is_plain("a\"b") && !is_plain("é"));
    }
}
