//! The one map from Rust errors to the classes of `surgisim/errors.py`.

use pyo3::prelude::*;

mod classes {
    pyo3::import_exception!(surgisim.errors, DeviceError);
    pyo3::import_exception!(surgisim.errors, MaterialError);
    pyo3::import_exception!(surgisim.errors, MeshError);
    pyo3::import_exception!(surgisim.errors, RecordError);
    pyo3::import_exception!(surgisim.errors, StabilityError);
    pyo3::import_exception!(surgisim.errors, SurgisimError);
}

use classes::{DeviceError, MaterialError, MeshError, RecordError, StabilityError, SurgisimError};

/// Turns an error of ours into the Python exception it belongs to.
pub trait IntoPy {
    /// The exception.
    fn into_py(self) -> PyErr;
}

macro_rules! raise {
    ($($error:ty => $class:ident),* $(,)?) => {$(
        impl IntoPy for $error {
            fn into_py(self) -> PyErr {
                $class::new_err(self.to_string())
            }
        }
    )*};
}

raise! {
    softbody::MeshError => MeshError,
    softbody::FineError => MeshError,
    softbody::MaterialError => MaterialError,
    softbody::SettleError => StabilityError,
    softbody::TopologyError => MeshError,
    haptics::OpenError => DeviceError,
    haptics::LiveError => DeviceError,
}

impl IntoPy for softbody::WorldError {
    fn into_py(self) -> PyErr {
        match self {
            Self::Material(inner) => inner.into_py(),
            Self::Surface(inner) => inner.into_py(),
            Self::MaterialCount { .. } | Self::ViscousNeedsStrain => {
                MaterialError::new_err(self.to_string())
            }
            Self::NoSuchNode { .. } | Self::DisplacementCount { .. } => {
                MeshError::new_err(self.to_string())
            }
            other => SurgisimError::new_err(other.to_string()),
        }
    }
}

impl IntoPy for haptics::CommandError {
    fn into_py(self) -> PyErr {
        let text = self.to_string();
        match self {
            Self::Stopped | Self::Full { .. } => DeviceError::new_err(text),
            Self::NoSuchBody { .. } | Self::NotFinite | Self::TooFar => bad_value(text),
            Self::UnknownCode { .. }
            | Self::BadValue { .. }
            | Self::OutOfOrder { .. }
            | Self::OnlyRecorded => bad_record(text),
        }
    }
}

impl IntoPy for haptics::TickError {
    fn into_py(self) -> PyErr {
        match self {
            Self::Missing { what, index, count } => missing(what, index, count),
            Self::ForceLimit(_) | Self::TissueEvery(_) | Self::SlowTissue { .. } => {
                bad_value(self.to_string())
            }
            Self::Control(_) => DeviceError::new_err(self.to_string()),
        }
    }
}

/// For bodies and tools that are not there.
pub fn missing(what: &str, index: usize, count: usize) -> PyErr {
    bad_value(format!(
        "{what} {index} does not exist; the world has {count}"
    ))
}

/// For states that left the range of numbers.
pub fn unstable(text: String) -> PyErr {
    StabilityError::new_err(text)
}

/// For arrays of the wrong shape.
pub fn bad_mesh(text: String) -> PyErr {
    MeshError::new_err(text)
}

/// For names and numbers that are not known.
pub fn bad_value(text: String) -> PyErr {
    SurgisimError::new_err(text)
}

/// For records that cannot be read.
pub fn bad_record(text: String) -> PyErr {
    RecordError::new_err(text)
}

/// For laws that are not known.
pub fn bad_material(text: String) -> PyErr {
    MaterialError::new_err(text)
}
