//! No tool throws nodes.
//!
//! As in `integrate`, no node j may move farther in a substep than its reach a_j, a share of the
//! smallest element height at it. Where contact would carry one farther, the impulses Lambda_c of the
//! contacts c are cut to
//!
//!   s_c Lambda_c,   s_c = min over free nodes j of c of min(1, a_j m_j / sum_c w_cj |Lambda_c|)
//!
//! so that |u_j| <= sum_c s_c w_cj |Lambda_c| / m_j <= a_j by the triangle inequality. Friction stays in
//! its cone, and the force read out is that of the impulses applied. The tool sinks in by the rest and
//! pushes it out in the substeps that follow. Speeds that are left are clipped to a_j / h.

use super::find::Contact;
use super::row::Touched;
use super::tissue::Tissue;
use crate::vec3::{axpy, dot, norm, scale, sub};

/// Cuts impulses that would carry a node too far. Returns whether there were any.
pub(super) fn cut(
    contacts: &mut [Contact],
    touched: &mut [Touched],
    bodies: &[impl Tissue],
) -> bool {
    let reach = |t: &Touched| bodies[t.body as usize].reach(t.node);
    let too_far = |t: &Touched| t.inverse_mass > 0.0 && norm(t.moved) > reach(t);
    if !touched.iter().any(too_far) {
        return false;
    }
    for t in &mut *touched {
        (t.moved, t.way) = ([0.0; 3], 0.0);
    }
    for row in contacts.iter().map(|c| &c.row) {
        let square = row.lambda_n * row.lambda_n + dot(row.lambda_t, row.lambda_t);
        for j in 0..3 {
            let way = row.weights[j] * row.free[j] * square.sqrt();
            touched[row.touched[j]].way += way;
        }
    }
    for row in contacts.iter_mut().map(|c| &mut c.row) {
        let mut share: f64 = 1.0;
        for (j, touched) in row.touched.map(|i| &touched[i]).iter().enumerate() {
            if row.weights[j] * row.free[j] > 0.0 && touched.way > reach(touched) {
                share = share.min(reach(touched) / touched.way);
            }
        }
        row.lambda_n *= share;
        row.lambda_t = scale(row.lambda_t, share);
        let lambda = row.lambda();
        for j in 0..3 {
            let moved = &mut touched[row.touched[j]].moved;
            *moved = axpy(*moved, row.weights[j] * row.free[j], lambda);
        }
    }
    true
}

/// Moves the nodes touched, and marks bodies that were cut or clipped as violent.
pub(super) fn shift(touched: &[Touched], bodies: &mut [impl Tissue], cut: bool, h: f64) {
    for t in touched {
        let body = &mut bodies[t.body as usize];
        if t.inverse_mass == 0.0 {
            body.shift(t.node, t.moved, [0.0; 3]);
            continue;
        }
        let mut dv = scale(t.moved, 1.0 / h);
        let before = body.velocity(t.node);
        let after = axpy(before, 1.0, dv);
        let (speed, most) = (norm(after), body.reach(t.node) / h);
        if speed > most {
            dv = sub(scale(after, most / speed), before);
        }
        body.shift(t.node, t.moved, dv);
        if cut || speed > most {
            body.startle();
        }
    }
}
