//! A loop that presses into tissue, and a main thread that ends the process, or is busy until
//! someone else does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use haptics::{
    Command, DevErr, DeviceInfo, HapticDevice, Live, LiveOptions, Sample, SimulatedHand,
    TickOptions, Wrench, WriteStatus,
};

use crate::common::{START, TOP, hand, tick};

/// Writes the magnitude of every force to standard output, as the 8 bytes of an f64.
struct Reporting(SimulatedHand);

fn report(force_n: f64) {
    let bytes = force_n.to_ne_bytes();
    // SAFETY: reads 8 bytes of a live local. Not through std: no lock, no buffer.
    unsafe { libc::write(1, bytes.as_ptr().cast(), bytes.len()) };
}

impl HapticDevice for Reporting {
    fn info(&self) -> &DeviceInfo {
        self.0.info()
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.0.read()
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        report(wrench.f.iter().map(|x| x * x).sum::<f64>().sqrt());
        self.0.write(wrench)
    }

    fn zero(&mut self) {
        report(0.0);
        self.0.zero();
    }

    fn aim(&mut self, point: [f64; 3]) {
        self.0.aim(point);
    }
}

static TOLD: AtomicBool = AtomicBool::new(false);

extern "C" fn on_signal(_signal: libc::c_int) {
    TOLD.store(true, Ordering::SeqCst);
}

fn handle(signal: libc::c_int, handler: libc::sighandler_t) {
    // SAFETY: the handler stores into an atomic, or is one of the two that the system knows.
    unsafe { libc::signal(signal, handler) };
}

fn own_handler() -> libc::sighandler_t {
    on_signal as extern "C" fn(libc::c_int) as libc::sighandler_t
}

/// Plays a force until the process ends the way `end` names.
pub fn run(end: &str) {
    // Whoever began the test may have had them ignored, as nohup and shells in the background do.
    for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT] {
        handle(signal, libc::SIG_DFL);
    }
    match end {
        "handled before" => handle(libc::SIGTERM, own_handler()),
        "ignored" => handle(libc::SIGHUP, libc::SIG_IGN),
        _ => {}
    }
    let device = Reporting(hand());
    let mut live =
        Live::start(tick(device, TickOptions::default()), LiveOptions::default()).unwrap();
    let point = [START[0], TOP - 0.02, START[2]];
    live.send(Command::Aim { point }).unwrap();
    if end == "handled later" {
        handle(libc::SIGTERM, own_handler());
    }
    // The force is there once the ramp of the start has passed; the parent waits for it too.
    while live.is_running() && live.snapshot().tick < 1_500 {
        std::thread::sleep(Duration::from_millis(20));
    }
    end_the_process(end, live);
}

fn end_the_process(end: &str, live: Live) {
    match end {
        "exit" => std::process::exit(3),
        "abort" => std::process::abort(),
        "leak" => std::mem::forget(live),
        // Another thread, as a graphics driver's would be.
        "crash" => {
            std::thread::spawn(|| {
                let nowhere = std::hint::black_box(std::ptr::null_mut::<u8>());
                // SAFETY: none: this is a crash.
                unsafe { nowhere.write_volatile(1) };
            })
            .join()
            .unwrap();
        }
        "panic" => panic!("in the main thread"),
        "panic hook" => {
            std::panic::set_hook(Box::new(|_| std::process::abort()));
            let _ = std::thread::spawn(|| panic!("in some thread")).join();
        }
        "handled before" | "handled later" => {
            while !TOLD.load(Ordering::SeqCst) {
                std::hint::spin_loop();
            }
            std::mem::forget(live);
            std::process::exit(7);
        }
        // Busy, and asked by the parent.
        _ => loop {
            std::hint::spin_loop();
        },
    }
}
