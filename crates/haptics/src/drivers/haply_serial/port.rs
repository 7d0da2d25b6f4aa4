//! The port: bytes in and out without waiting, and whether it is still there.

use std::io::ErrorKind;
use std::time::Duration;

use serial2::SerialPort;

use crate::drivers::wait;

/// Any speed will do: the port is a USB device that calls itself serial.
const BAUD: u32 = 115_200;

/// The port is no longer there, or takes no more bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gone;

/// An open port.
pub(super) struct Port(SerialPort);

impl Port {
    pub(super) fn open(path: &str) -> std::io::Result<Self> {
        let mut port = SerialPort::open(path, BAUD)?;
        alone(&port)?;
        never_wait(&mut port)?;
        port.discard_buffers()?;
        Ok(Self(port))
    }

    /// What has come, 0 bytes where nothing has.
    pub(super) fn read(&self, buffer: &mut [u8]) -> Result<usize, Gone> {
        match self.0.read(buffer) {
            // On Unix nothing is told by an error, no bytes at all by the end of the line.
            Ok(0) if cfg!(unix) => Err(Gone),
            Ok(count) => Ok(count),
            Err(why) if is_nothing(why.kind()) => Ok(0),
            Err(_) => Err(Gone),
        }
    }

    /// Sends all of `bytes`, a frame of a few bytes. A port whose buffer is full of such frames
    /// belongs to a device that hears no more.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), Gone> {
        match self.0.write(bytes) {
            Ok(count) if count == bytes.len() => Ok(()),
            _ => Err(Gone),
        }
    }

    /// Waits until something comes, no longer than `within`.
    pub(super) fn wait(&self, within: Duration) {
        wait::readable(&self.0, within);
    }
}

fn is_nothing(kind: ErrorKind) -> bool {
    let nothing = [
        ErrorKind::TimedOut,
        ErrorKind::WouldBlock,
        ErrorKind::Interrupted,
    ];
    nothing.contains(&kind)
}

/// Refuses a port that is open already, and keeps others out: two loops would take each other's
/// answers and overwrite each other's forces. Windows does so by itself.
#[cfg(unix)]
fn alone(port: &SerialPort) -> std::io::Result<()> {
    use std::os::fd::AsRawFd;

    let fd = port.as_raw_fd();
    // SAFETY: the descriptor is open for as long as `port` is borrowed. The lock is for programs
    // that ask for it, ours among them, whoever runs them; the other keeps out programs that do not.
    let locked = unsafe { libc::flock(fd, libc::LOCK_EX | libc::LOCK_NB) };
    if locked < 0 {
        return Err(std::io::Error::other("it is in use"));
    }
    // SAFETY: as above; the call has no further argument. Without it there is still the lock.
    unsafe { libc::ioctl(fd, libc::TIOCEXCL) };
    Ok(())
}

#[cfg(not(unix))]
fn alone(_port: &SerialPort) -> std::io::Result<()> {
    Ok(())
}

#[cfg(not(windows))]
fn never_wait(port: &mut SerialPort) -> std::io::Result<()> {
    port.set_read_timeout(Duration::ZERO)?;
    port.set_write_timeout(Duration::ZERO)
}

/// The crate's own timeouts are whole milliseconds there, at least one. This setting returns at
/// once with what has come (COMMTIMEOUTS, Remarks).
#[cfg(windows)]
fn never_wait(port: &mut SerialPort) -> std::io::Result<()> {
    port.set_windows_timeouts(&serial2::os::windows::CommTimeouts {
        read_interval_timeout: u32::MAX,
        read_total_timeout_multiplier: 0,
        read_total_timeout_constant: 0,
        write_total_timeout_multiplier: 0,
        write_total_timeout_constant: 1,
    })
}
