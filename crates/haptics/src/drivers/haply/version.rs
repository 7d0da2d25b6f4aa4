//! Which version of the service runs: `GET /version` (docs.haply.co, HTTP). From 3.5 on it is
//! answered on the port of the simulation channel, before that on 10000.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// Longest answer that is read, bytes.
const LONGEST: usize = 64 * 1024;
/// Where the simulation channel and, in older services, HTTP are.
const CHANNEL_PORT: u16 = 10_001;
const OLDER_PORT: u16 = 10_000;

/// A version of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) major: u32,
    pub(super) minor: u32,
    /// As it was told.
    pub(super) text: String,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoVersion {
    /// Nobody is there.
    Unreachable(String),
    /// Somebody is there and does not say, or nothing that is a version.
    Untold(String),
}

/// Asks at `address`, and at the older port where that is not where it would be.
pub(super) fn ask(address: SocketAddr) -> Result<Version, NoVersion> {
    let first = asked(address);
    if first.is_err() && address.port() == CHANNEL_PORT {
        return asked(SocketAddr::new(address.ip(), OLDER_PORT)).or(first);
    }
    first
}

fn asked(address: SocketAddr) -> Result<Version, NoVersion> {
    let answer = get(address).map_err(|why| NoVersion::Unreachable(why.to_string()))?;
    let told = body(&answer).and_then(|value| told(&value));
    let Some(text) = told else {
        let line = String::from_utf8_lossy(answer.split(|b| *b == b'\r').next().unwrap_or(b""))
            .chars()
            .take(80)
            .collect();
        return Err(NoVersion::Untold(line));
    };
    parsed(&text).ok_or(NoVersion::Untold(text))
}

/// The bytes of the answer, up to where its body is whole or the far side is done.
fn get(address: SocketAddr) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let host = address.ip();
    let port = address.port();
    let ask = format!("GET /version HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes())?;
    let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
    let until = Instant::now() + PATIENCE;
    while answer.len() < LONGEST && Instant::now() < until && body(&answer).is_none() {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(count) => answer.extend_from_slice(&piece[..count]),
        }
    }
    Ok(answer)
}

/// The JSON object in an HTTP answer, if all of it is there. The sizes that a chunked answer has
/// around it contain no braces.
fn body(answer: &[u8]) -> Option<Value> {
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let body = &answer[head + 4..];
    let first = body.iter().position(|byte| *byte == b'{')?;
    let last = body.iter().rposition(|byte| *byte == b'}')?;
    serde_json::from_slice(body.get(first..=last)?).ok()
}

/// The version in the answer, plain (3.0 to 3.5) or in the envelope of 3.5's other routes.
fn told(answer: &Value) -> Option<String> {
    let paths = [
        "/project_version",
        "/data/project_version",
        "/git_tag",
        "/data/git_tag",
    ];
    let text = paths.iter().find_map(|path| answer.pointer(path)?.as_str());
    text.map(|text| text.chars().take(40).collect())
}

fn parsed(text: &str) -> Option<Version> {
    let mut parts = text.trim_start_matches('v').split(['.', '-']);
    Some(Version {
        major: parts.next()?.parse().ok()?,
        minor: parts.next()?.parse().ok()?,
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version_in(answer: &str) -> Option<Version> {
        parsed(&told(&body(answer.as_bytes())?)?)
    }

    #[test]
    fn plain_wrapped_and_chunked() {
        for answer in [
            "HTTP/1.1 200 OK\r\n\r\n{\"git_tag\":\"3.4.9\",\"project_version\":\"3.5.0.0\"}",
            "HTTP/1.1 200 OK\r\nA: b\r\n\r\n{\"ok\":true,\"data\":{\"project_version\":\"3.5.1\"}}",
            "HTTP/1.1 200 OK\r\n\r\n12\r\n{\"git_tag\":\"3.5.0-2\"}\r\n0\r\n\r\n",
        ] {
            let version = version_in(answer).unwrap();
            assert_eq!((version.major, version.minor), (3, 5), "{answer}");
        }
    }

    #[test]
    fn what_is_no_version() {
        for answer in [
            "HTTP/1.1 404 Not Found\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n{\"project_version\":\"3.",
            "HTTP/1.1 200 OK\r\n\r\n{\"project_version\":\"new\"}",
            "HTTP/1.1 200 OK\r\n\r\n{\"project_version\":3}",
            "}{",
        ] {
            assert_eq!(version_in(answer), None, "{answer}");
        }
    }
}
