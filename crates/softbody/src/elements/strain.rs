//! First pass: what elements tell their nodes.

use super::batch::{Element, TetBatch};
use super::corners::AtCornersMut;
use super::matrix::{cofactor, displacement_gradient, green, volume_change};
use crate::simd::{LANES, Node, Real, Strain};

/// Adds V mu E and V lambda (J - 1) of every element to the records of its four nodes; without
/// `STRAIN` only the latter.
#[inline(always)]
pub fn add_strains<T: Real, const STRAIN: bool>(
    batches: &[TetBatch],
    u: &[Node<T::Scalar>],
    strains: &mut [Strain<T::Scalar>],
) {
    for batch in batches {
        for first in (0..LANES).step_by(T::WIDTH) {
            let e = Element::<T>::of(batch, first);
            let h = displacement_gradient(&e.g, &e.gather(u));
            let change = e.v_lambda * volume_change(&h, &cofactor(&h));
            let strains = AtCornersMut::new(&batch.corners, strains);
            if STRAIN {
                let [e11, e22, e33, e23, e13, e12] = green(&h);
                let m = e.v_mu;
                let shear = [m * e11, m * e22, m * e33, m * e23, m * e13, m * e12];
                let [e11, e22, e33, e23, e13, e12] = shear;
                let add = [e11, e22, e33, e23, e13, e12, change, T::all(0.0)];
                T::add_to_strains(strains, first, &add);
            } else {
                T::add_to_volumes(strains, first, change);
            }
        }
    }
}
