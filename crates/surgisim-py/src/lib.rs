//! The PyO3 module `surgisim._core`: conversions, one error map, one gate out of the interpreter.
//! No arithmetic. Everything a person meets is in `surgisim/simulation`.

mod convert;
mod errors;
mod fine;
mod mesh;
mod records;
mod run;
mod world;

use std::sync::{Mutex, MutexGuard, TryLockError};

use pyo3::prelude::*;

/// The native half of surgisim.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::fine::FineSurface;
    #[pymodule_export]
    use super::mesh::TetMesh;
    #[pymodule_export]
    use super::run::{Live, Lockstep, first_difference, simulated_devices, survey_devices};
    #[pymodule_export]
    use super::world::{World, check_material};
}

/// The one gate out of the interpreter: other Python threads run while `work` does.
fn detached<T: Send>(py: Python<'_>, work: impl Send + FnOnce() -> T) -> T {
    py.detach(work)
}

/// `ticks` ticks of `work`, in parts, so that Ctrl-C is heard in between. `work` is told how many
/// to make.
fn in_parts(
    py: Python<'_>,
    ticks: u64,
    mut work: impl Send + FnMut(u64) -> PyResult<()>,
) -> PyResult<()> {
    const PART: u64 = 1_000;
    let mut left = ticks;
    while left > 0 {
        let part = left.min(PART);
        detached(py, || work(part))?;
        py.check_signals()?;
        left -= part;
    }
    Ok(())
}

/// What is inside, unless another thread is: it must not be waited for with the interpreter held.
fn entered<'a, T>(inside: &'a Mutex<T>, busy: &str) -> PyResult<MutexGuard<'a, T>> {
    match inside.try_lock() {
        Ok(guard) => Ok(guard),
        Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => Err(errors::bad_value(busy.to_owned())),
    }
}
