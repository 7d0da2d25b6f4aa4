//! Starts children, ends them, and looks at what their devices were told.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// Environment variable that makes this program a child, and tells it how to end.
pub const END: &str = "SURGISIM_TEST_EXIT";

/// How a child ends: its name, the signal it is sent, and the status its parent sees.
struct Case {
    end: &'static str,
    sent: &'static [i32],
    status: Status,
}

#[derive(Debug, PartialEq)]
enum Status {
    Code(i32),
    Signal(i32),
}

const CASES: [Case; 15] = [
    asked("hang-up", &[libc::SIGHUP], Status::Signal(libc::SIGHUP)),
    asked("Ctrl-C", &[libc::SIGINT], Status::Signal(libc::SIGINT)),
    asked("Ctrl-\\", &[libc::SIGQUIT], Status::Signal(libc::SIGQUIT)),
    asked("terminate", &[libc::SIGTERM], Status::Signal(libc::SIGTERM)),
    asked("cpu time", &[libc::SIGXCPU], Status::Signal(libc::SIGXCPU)),
    asked("Ctrl-Z", &[libc::SIGTSTP], Status::Signal(libc::SIGTSTP)),
    asked("handled before", &[libc::SIGTERM], Status::Code(7)),
    asked("handled later", &[libc::SIGTERM], Status::Code(7)),
    // The signal that is ignored changes nothing; the second one ends it.
    asked(
        "ignored",
        &[libc::SIGHUP, libc::SIGTERM],
        Status::Signal(libc::SIGTERM),
    ),
    asked("exit", &[], Status::Code(3)),
    asked("abort", &[], Status::Signal(libc::SIGABRT)),
    asked("leak", &[], Status::Code(0)),
    asked("crash", &[], Status::Signal(libc::SIGSEGV)),
    asked("panic", &[], Status::Code(101)),
    asked("panic hook", &[], Status::Signal(libc::SIGABRT)),
];

const fn asked(end: &'static str, sent: &'static [i32], status: Status) -> Case {
    Case { end, sent, status }
}

/// Children that run side by side: each is a real-time loop.
const AT_ONCE: usize = 4;

pub fn run() {
    for cases in CASES.chunks(AT_ONCE) {
        std::thread::scope(|scope| {
            for case in cases {
                scope.spawn(|| case.check());
            }
        });
        for case in cases {
            println!("exit by {} ... ok", case.end);
        }
    }
}

/// How long a child may take to come to a force, and to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// Smallest force that counts as one, N.
const FELT_N: f64 = 0.1;
/// Writes of such a force after which the child is asked to end.
const FELT_WRITES: usize = 200;

/// What a device was told, as it comes in.
fn listen(mut pipe: ChildStdout, felt: Sender<()>) -> Vec<f64> {
    let (mut forces, mut bytes) = (Vec::new(), [0; 8]);
    let mut count = 0;
    while pipe.read_exact(&mut bytes).is_ok() {
        let force = f64::from_ne_bytes(bytes);
        count += usize::from(force > FELT_N);
        if force > FELT_N && count == FELT_WRITES {
            // Nobody waits for it where the child ends by itself.
            let _ = felt.send(());
        }
        forces.push(force);
    }
    forces
}

impl Case {
    fn check(&self) {
        let mut child = start(self.end);
        let pipe = child.stdout.take().unwrap();
        let (felt, presses) = channel();
        let reader = std::thread::spawn(move || listen(pipe, felt));
        for signal in self.sent {
            if *signal == self.sent[0] {
                presses.recv_timeout(PATIENCE).expect(self.end);
            }
            send(&child, *signal);
            std::thread::sleep(Duration::from_millis(50));
        }
        let status = self.wait(&mut child);
        let forces = reader.join().unwrap();
        assert_eq!(status, self.status, "{}", self.end);
        let felt = forces.iter().filter(|f| **f > FELT_N).count();
        assert!(
            felt >= FELT_WRITES,
            "{}: {felt} of {}",
            self.end,
            forces.len()
        );
        assert_eq!(forces.last(), Some(&0.0), "{}", self.end);
        // It was a hand that felt something until then, not one that had been let go before.
        let before = forces.iter().rev().find(|f| **f > 0.0).unwrap();
        assert!(*before > FELT_N, "{}: {before} N before the end", self.end);
    }

    /// Waits for the end; a child that was stopped by Ctrl-Z has ended as far as the hand goes.
    fn wait(&self, child: &mut Child) -> Status {
        if self.status == Status::Signal(libc::SIGTSTP) {
            let stopped = wait_until_stopped(child);
            child.kill().unwrap();
            child.wait().unwrap();
            return Status::Signal(stopped);
        }
        let start = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return told(status);
            }
            if start.elapsed() > PATIENCE {
                child.kill().unwrap();
                panic!("{}: the child does not end", self.end);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn start(end: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .env(END, end)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // Ctrl-Z stops nobody in a group whose parents are all gone, as this program's may be.
        .process_group(0)
        .spawn()
        .unwrap()
}

fn send(child: &Child, signal: i32) {
    // SAFETY: the child has not been waited for, so the number is its own.
    let failed = unsafe { libc::kill(child.id() as libc::pid_t, signal) };
    assert_eq!(failed, 0);
}

fn wait_until_stopped(child: &mut Child) -> i32 {
    let (start, mut status) = (Instant::now(), 0);
    let how = libc::WUNTRACED | libc::WNOHANG;
    while start.elapsed() < PATIENCE {
        // SAFETY: asks for a child of this process, writes into a live local.
        let found = unsafe { libc::waitpid(child.id() as libc::pid_t, &raw mut status, how) };
        if found != 0 {
            assert!(found > 0 && libc::WIFSTOPPED(status), "status {status:#x}");
            return libc::WSTOPSIG(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    panic!("the child does not stop");
}

fn told(status: ExitStatus) -> Status {
    match status.signal() {
        Some(signal) => Status::Signal(signal),
        None => Status::Code(status.code().unwrap()),
    }
}
