//! The process ends in every way it can while a hand feels a force, and the last thing the device
//! is told is zero. The program starts itself as a child, whose device writes each force to a pipe.
//!
//! Not run by the standard harness: a child that dies of a signal must have a `main` of its own.

#[path = "../common/mod.rs"]
mod common;

#[cfg(unix)]
mod child;
#[cfg(unix)]
mod parent;

#[cfg(unix)]
fn main() {
    match std::env::var(parent::END) {
        Ok(end) => child::run(&end),
        Err(_) => parent::run(),
    }
}

#[cfg(not(unix))]
fn main() {}
