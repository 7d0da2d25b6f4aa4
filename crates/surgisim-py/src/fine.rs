//! `FineSurface`.

use std::sync::{Mutex, MutexGuard};

use numpy::{PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2, PyReadwriteArray2};
use pyo3::prelude::*;

use softbody::fine::Tissue;

use crate::convert::{array, rows};
use crate::errors::{IntoPy, bad_mesh};
use crate::{detached, entered};

/// A displayed surface.
#[pyclass(frozen, module = "surgisim._core")]
pub struct FineSurface(Mutex<softbody::FineSurface>);

/// Places of the carriers, as they come.
#[derive(FromPyObject)]
pub enum Places<'py> {
    Double(PyReadonlyArray2<'py, f64>),
    Single(PyReadonlyArray2<'py, f32>),
}

/// Points at rest, tetrahedra, which were removed.
type GivenTissue<'py> = (
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray2<'py, u32>,
    PyReadonlyArray1<'py, bool>,
);

#[pymethods]
impl FineSurface {
    #[staticmethod]
    fn smooth(
        py: Python<'_>,
        triangles: PyReadonlyArray2<'_, u32>,
        vertices: usize,
        levels: u32,
    ) -> PyResult<Self> {
        let triangles = rows(&triangles, "triangles")?;
        made(detached(py, || {
            softbody::FineSurface::smooth(&triangles, vertices, levels)
        }))
    }

    #[staticmethod]
    fn embedded(
        py: Python<'_>,
        tissue: GivenTissue<'_>,
        rest: PyReadonlyArray2<'_, f64>,
        triangles: PyReadonlyArray2<'_, u32>,
    ) -> PyResult<Self> {
        let (rest, triangles) = (rows(&rest, "rest")?, rows(&triangles, "triangles")?);
        made(in_tissue(py, &tissue, |tissue| {
            softbody::FineSurface::embedded(tissue, &rest, &triangles)
        })?)
    }

    fn follow(&self, py: Python<'_>, tissue: GivenTissue<'_>) -> PyResult<()> {
        let surface = &mut *self.enter()?;
        in_tissue(py, &tissue, |tissue| surface.follow(tissue))?.map_err(IntoPy::into_py)
    }

    fn frame(
        &self,
        py: Python<'_>,
        positions: Places<'_>,
        blood: Option<PyReadonlyArray1<'_, f32>>,
        mut out: PyReadwriteArray2<'_, f32>,
    ) -> PyResult<()> {
        let blood = blood.as_ref().map(|b| b.as_slice()).transpose()?;
        let (packed, rest) = out.as_slice_mut()?.as_chunks_mut::<8>();
        if !rest.is_empty() {
            return Err(bad_mesh("out needs rows of 8 numbers".to_owned()));
        }
        let surface = &mut *self.enter()?;
        let done = match &positions {
            Places::Double(array) => {
                let places = array.as_slice()?.as_chunks().0;
                detached(py, || surface.frame(places, blood, packed))
            }
            Places::Single(array) => {
                let places = array.as_slice()?.as_chunks().0;
                detached(py, || surface.frame(places, blood, packed))
            }
        };
        done.map_err(IntoPy::into_py)
    }

    /// Vertices, carriers, hidden triangles.
    fn counts(&self) -> PyResult<(usize, usize, usize)> {
        let surface = self.enter()?;
        Ok((surface.vertices(), surface.carriers(), surface.hidden()))
    }

    fn triangles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<u32>>> {
        Ok(array(py, self.enter()?.triangles()))
    }

    fn distances<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<f64>>> {
        Ok(PyArray1::from_vec(py, self.enter()?.distances()))
    }
}

impl FineSurface {
    fn enter(&self) -> PyResult<MutexGuard<'_, softbody::FineSurface>> {
        entered(
            &self.0,
            "this surface is at work in another thread; wait for it",
        )
    }
}

fn made(result: Result<softbody::FineSurface, softbody::FineError>) -> PyResult<FineSurface> {
    let surface = result.map_err(IntoPy::into_py)?;
    Ok(FineSurface(Mutex::new(surface)))
}

/// Does `work` with what was given, out of the interpreter.
fn in_tissue<T: Send>(
    py: Python<'_>,
    (points, tetrahedra, removed): &GivenTissue<'_>,
    work: impl Send + FnOnce(&Tissue) -> T,
) -> PyResult<T> {
    let (points, tetrahedra) = (rows(points, "points")?, rows(tetrahedra, "tetrahedra")?);
    let removed = removed.as_slice()?;
    let tissue = Tissue {
        points: &points,
        tetrahedra: &tetrahedra,
        removed,
    };
    Ok(detached(py, || work(&tissue)))
}
