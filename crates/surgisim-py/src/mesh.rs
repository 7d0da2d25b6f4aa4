//! `TetMesh`.

use numpy::{PyArray2, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert::{array, rows};
use crate::errors::IntoPy;

/// A validated mesh.
#[pyclass(frozen, module = "surgisim._core")]
pub struct TetMesh(pub softbody::TetMesh);

#[pymethods]
impl TetMesh {
    #[new]
    fn new(
        points: PyReadonlyArray2<'_, f64>,
        tetrahedra: PyReadonlyArray2<'_, u32>,
    ) -> PyResult<Self> {
        let (points, tetrahedra) = (rows(&points, "points")?, rows(&tetrahedra, "tetrahedra")?);
        softbody::TetMesh::new(&points, &tetrahedra)
            .map(Self)
            .map_err(IntoPy::into_py)
    }

    #[staticmethod]
    fn r#box(size: [f64; 3], cells: [usize; 3]) -> PyResult<Self> {
        softbody::TetMesh::boxed(size, cells)
            .map(Self)
            .map_err(IntoPy::into_py)
    }

    #[getter]
    fn points<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray2<f64>> {
        array(py, self.0.points())
    }

    #[getter]
    fn tetrahedra<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray2<u32>> {
        array(py, self.0.tetrahedra())
    }

    #[getter]
    fn surface<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray2<u32>> {
        array(py, &self.0.surface().triangles)
    }

    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let report = self.0.report();
        let dict = PyDict::new(py);
        dict.set_item("flipped", report.flipped)?;
        dict.set_item("volume", report.volume)?;
        dict.set_item("min_dihedral_deg", report.min_dihedral_deg)?;
        let [shortest, longest] = report.edge_range;
        dict.set_item("edge_range", (shortest, longest))?;
        Ok(dict)
    }
}
