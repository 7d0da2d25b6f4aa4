//! First pass: what elements tell their nodes.

use super::batch::{Element, TetBatch};
use super::corners::AtCornersMut;
use super::matrix::{cofactor, displacement_gradient, twice_green, volume_change};
use super::scratch::Gradients;
use crate::simd::{LANES, Node, Real, Strain};

/// Adds V mu E and V lambda (J - 1) of every element of `batch` to the records of its four nodes;
/// without `STRAIN` only the latter. Keeps their H.
#[inline(always)]
pub fn add_strains<T: Real, const STRAIN: bool>(
    batch: &TetBatch,
    u: &[Node<T::Scalar>],
    strains: &mut [Strain<T::Scalar>],
    kept: &mut Gradients<T::Scalar>,
) {
    for first in (0..LANES).step_by(T::WIDTH) {
        let e = Element::<T>::of(batch, first);
        let h = displacement_gradient(&e.g, &e.gather(u));
        kept.store(first, &h);
        let change = e.v_lambda * volume_change(&h, &cofactor(&h));
        let strains = AtCornersMut::new(&batch.corners, strains);
        if STRAIN {
            let [e11, e22, e33, e23, e13, e12] = twice_green(&h);
            let m = T::all(0.5) * e.v_mu;
            let shear = [m * e11, m * e22, m * e33, m * e23, m * e13, m * e12];
            let [e11, e22, e33, e23, e13, e12] = shear;
            let add = [e11, e22, e33, e23, e13, e12, change, T::all(0.0)];
            T::add_to_strains(strains, first, &add);
        } else {
            T::add_to_volumes(strains, first, change);
        }
    }
}
