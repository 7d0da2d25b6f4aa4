//! An Inverse3 on a serial port: a pseudo-terminal with the device at its far end, and a path that
//! leads to it as long as it is plugged in.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

/// How the device behaves, and what it has been told. Haply's axes.
#[derive(Debug, Default)]
pub struct Device {
    pub pos: [f32; 3],
    /// The force it plays: the last one, for ever.
    pub latched: [f32; 3],
    /// A heartbeat before, between and after answers.
    pub heartbeats: bool,
    /// Bytes that mean nothing before each answer.
    pub noise: bool,
    /// Wake-ups it does not hear.
    pub deaf: u32,
    /// The newer API's identifier instead of the old one's quaternion.
    pub long_id: bool,
    /// It takes forces and does not answer.
    pub mute: bool,
    /// Forces taken.
    pub taken: u64,
}

/// The device and its port.
pub struct SerialPort {
    device: Arc<Mutex<Device>>,
    pub path: PathBuf,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SerialPort {
    pub fn new(device: Device) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("surgisim-haply-{}-{count}", std::process::id());
        let mut port = Self {
            device: Arc::new(Mutex::new(device)),
            path: std::env::temp_dir().join(name),
            over: Arc::new(AtomicBool::new(false)),
            thread: None,
        };
        port.plug();
        port
    }

    pub fn device(&self) -> MutexGuard<'_, Device> {
        self.device.lock().unwrap()
    }

    pub fn name(&self) -> String {
        format!("haply-serial:{}", self.path.display())
    }

    pub fn plug(&mut self) {
        let (near, far) = pseudo_terminal();
        std::os::unix::fs::symlink(near, &self.path).unwrap();
        let (device, over) = (Arc::clone(&self.device), Arc::clone(&self.over));
        over.store(false, Ordering::Relaxed);
        self.thread = Some(std::thread::spawn(move || serve(far, &device, &over)));
    }

    pub fn unplug(&mut self) {
        let _ = std::fs::remove_file(&self.path);
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        self.device().latched = [0.0; 3];
    }
}

impl Drop for SerialPort {
    fn drop(&mut self) {
        self.unplug();
    }
}

/// The path of the near end, and the far one.
fn pseudo_terminal() -> (PathBuf, File) {
    // SAFETY: opens a descriptor that nobody else has; it is checked before it is owned.
    let far = unsafe {
        let fd = libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC);
        assert!(fd >= 0, "no pseudo-terminal");
        File::from_raw_fd(fd)
    };
    let mut name = [0; 64];
    // SAFETY: an open terminal, and a buffer of the length that is told.
    unsafe {
        assert_eq!(libc::grantpt(far.as_raw_fd()), 0);
        assert_eq!(libc::unlockpt(far.as_raw_fd()), 0);
        let told = libc::ptsname_r(far.as_raw_fd(), name.as_mut_ptr(), name.len());
        assert_eq!(told, 0);
    }
    // SAFETY: `ptsname_r` has ended the name with a zero.
    let name = unsafe { std::ffi::CStr::from_ptr(name.as_ptr()) };
    (PathBuf::from(name.to_str().unwrap()), far)
}

/// Answers until it is over. Without anyone at the near end reading tells an error, and again
/// bytes once there is.
fn serve(mut far: File, device: &Mutex<Device>, over: &AtomicBool) {
    let mut held: Vec<u8> = Vec::new();
    let mut piece = [0; 256];
    while !over.load(Ordering::Relaxed) {
        let mut poll = libc::pollfd {
            fd: far.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        // SAFETY: one valid pollfd of an open descriptor.
        unsafe { libc::poll(&raw mut poll, 1, 5) };
        if poll.revents & libc::POLLIN == 0 {
            if poll.revents != 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            continue;
        }
        if let Ok(count) = far.read(&mut piece) {
            held.extend_from_slice(&piece[..count]);
            let said = device.lock().unwrap().hear(&mut held);
            let _ = far.write_all(&said);
        }
    }
}

impl Device {
    /// Takes whole commands from the front of `held`; what it says to them.
    fn hear(&mut self, held: &mut Vec<u8>) -> Vec<u8> {
        let mut said = Vec::new();
        loop {
            match held.first() {
                Some(0x0a) => {
                    held.drain(..1);
                    said.extend(self.info());
                }
                Some(0x2a) if held.len() >= 13 => {
                    let command: Vec<u8> = held.drain(..13).collect();
                    said.extend(self.push(&command[1..]));
                }
                Some(0x2a) | None => return said,
                Some(other) => panic!("{other:#x} begins no command"),
            }
        }
    }

    fn info(&mut self) -> Vec<u8> {
        if self.deaf > 0 {
            self.deaf -= 1;
            return Vec::new();
        }
        let tail = match self.long_id {
            true => vec![0xcd; 16],
            false => [0.5_f32; 4].iter().flat_map(|x| x.to_le_bytes()).collect(),
        };
        let head = [0x0b, 0x9d, 0x04, 4, 7, 5];
        [self.beat(), head.to_vec(), tail].concat()
    }

    fn push(&mut self, force: &[u8]) -> Vec<u8> {
        self.taken += 1;
        for (axis, bytes) in self.latched.iter_mut().zip(force.chunks_exact(4)) {
            *axis = f32::from_le_bytes(bytes.try_into().unwrap());
        }
        if self.mute {
            return Vec::new();
        }
        let noise = if self.noise {
            &[0x00, 0xba, 0x2b, 0x7f][..]
        } else {
            &[]
        };
        let values = self.pos.iter().chain(&[0.0, 0.125, 0.0]);
        let values = values.flat_map(|x| x.to_le_bytes()).collect();
        [self.beat(), noise.to_vec(), vec![0x2b], values, self.beat()].concat()
    }

    /// Not every time: the device beats for itself.
    fn beat(&self) -> Vec<u8> {
        match self.heartbeats && !self.taken.is_multiple_of(3) {
            true => vec![0xba, 0x02, 0x02, 0x2b, self.taken as u8],
            false => Vec::new(),
        }
    }
}
