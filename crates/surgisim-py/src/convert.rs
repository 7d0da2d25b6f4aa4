//! NumPy arrays to rows and back.

use numpy::ndarray::Array2;
use numpy::{Element, PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

use crate::errors::bad_mesh;

/// Rows of an (n, N) array; a MeshError names `what` if the shape is another.
pub fn rows<T: Element + Copy, const N: usize>(
    array: &PyReadonlyArray2<'_, T>,
    what: &str,
) -> PyResult<Vec<[T; N]>> {
    // What lies between words cannot be read in place.
    let whole = |stride: &isize| stride % size_of::<T>() as isize == 0;
    if !array.data().is_aligned() || !array.strides().iter().all(whole) {
        return Err(bad_mesh(format!(
            "{what} does not lie on whole words in memory; give a copy of it"
        )));
    }
    let view = array.as_array();
    if view.ncols() != N {
        let shape = view.shape();
        return Err(bad_mesh(format!(
            "{what} has shape {shape:?}; give an (n, {N}) array"
        )));
    }
    Ok(view
        .outer_iter()
        .map(|row| std::array::from_fn(|i| row[i]))
        .collect())
}

/// An (n, N) array of a copy of `rows`.
pub fn array<'py, T: Element + Copy, const N: usize>(
    py: Python<'py>,
    rows: &[[T; N]],
) -> Bound<'py, PyArray2<T>> {
    let flat: Vec<T> = rows.iter().flatten().copied().collect();
    let shaped = Array2::from_shape_vec((rows.len(), N), flat);
    PyArray2::from_owned_array(py, shaped.expect("as many numbers as rows times columns"))
}

/// A vector as the tuple that the stub promises.
pub fn triple([x, y, z]: [f64; 3]) -> (f64, f64, f64) {
    (x, y, z)
}
