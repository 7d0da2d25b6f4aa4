//! The PyO3 module `surgisim._core`: conversions, one error map, one gate out of the interpreter.
//! No arithmetic. Everything a person meets is in `surgisim/simulation.py`.

mod convert;
mod errors;
mod mesh;
mod records;
mod run;
mod world;

use pyo3::prelude::*;

/// The native half of surgisim.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::mesh::TetMesh;
    #[pymodule_export]
    use super::run::{Live, Lockstep, first_difference};
    #[pymodule_export]
    use super::world::{World, check_material};
}

/// The one gate out of the interpreter: other Python threads run while `work` does.
fn detached<T: Send>(py: Python<'_>, work: impl Send + FnOnce() -> T) -> T {
    py.detach(work)
}
