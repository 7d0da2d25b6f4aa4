//! The device keeps the last force until the next one comes, so a loop that hangs would leave it
//! pushing. A thread beside the loop looks whether forces still come and sends none where they do
//! not. It ends with the process: what a killed process leaves, only the device's power takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::port::Port;
use super::protocol;

/// How long a force may hold where nobody has said.
const USUAL_US: u64 = 100_000;

/// What loop and watchdog share.
pub(super) struct Shared {
    pub(super) port: Port,
    since: Instant,
    /// When the loop last wrote, us since `since`.
    written_us: AtomicU64,
    /// It wrote a force, not none.
    pushing: AtomicBool,
    /// The watchdog has taken it away.
    tripped: AtomicBool,
    patience_us: AtomicU64,
    over: AtomicBool,
}

impl Shared {
    fn now_us(&self) -> u64 {
        self.since.elapsed().as_micros() as u64
    }

    /// The loop is about to write a force, or none.
    pub(super) fn written(&self, pushing: bool) {
        self.written_us.store(self.now_us(), Ordering::SeqCst);
        self.pushing.store(pushing, Ordering::SeqCst);
        self.tripped.store(false, Ordering::SeqCst);
    }

    /// Whether the force was taken away since the loop last wrote.
    pub(super) fn tripped(&self) -> bool {
        self.tripped.load(Ordering::SeqCst)
    }

    /// How long a force may hold, us.
    pub(super) fn set_patience(&self, us: u64) {
        self.patience_us.store(us, Ordering::SeqCst);
    }

    /// Takes the force away where it has held for too long; again each time, until the loop writes.
    fn look(&self) {
        let held = self
            .now_us()
            .saturating_sub(self.written_us.load(Ordering::SeqCst));
        if self.pushing.load(Ordering::SeqCst) && held > self.patience_us.load(Ordering::SeqCst) {
            self.tripped.store(true, Ordering::SeqCst);
            let _ = self.port.write(&protocol::force([0.0; 3]));
        }
    }
}

/// The thread; it ends with this.
pub(super) struct Watchdog {
    pub(super) shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    pub(super) fn over(port: Port) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            port,
            since: Instant::now(),
            written_us: AtomicU64::new(0),
            pushing: AtomicBool::new(false),
            tripped: AtomicBool::new(false),
            patience_us: AtomicU64::new(USUAL_US),
            over: AtomicBool::new(false),
        });
        let seen = Arc::clone(&shared);
        let watching = move || {
            while !seen.over.load(Ordering::SeqCst) {
                seen.look();
                let patience = seen.patience_us.load(Ordering::SeqCst);
                std::thread::sleep(Duration::from_micros((patience / 4).clamp(1_000, 20_000)));
            }
        };
        let named = std::thread::Builder::new().name("haply-watchdog".to_owned());
        Ok(Self {
            shared,
            thread: Some(named.spawn(watching)?),
        })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
