//! No contact throws nodes.
//!
//! As in `integrate`, no node j may move farther in a substep than its reach a_j, a share of the
//! smallest element height at it. Where contacts would carry one farther, the impulses Lambda_c of
//! all contacts c, of tools and of tissues, are cut to
//!
//!   s_c Lambda_c,   s_c = min over free nodes j of c of min(1, a_j m_j / sum_c |w_cj| |Lambda_c|)
//!
//! so that |u_j| <= sum_c s_c |w_cj| |Lambda_c| / m_j <= a_j by the triangle inequality. Friction
//! stays in its cone, what tissues exchange still adds up to zero, and the forces read out are those
//! of the impulses applied. Tools and tissues sink in by the rest and are pushed out in the substeps
//! that follow. Speeds that are left are clipped to a_j / h, as in `integrate`.
//!
//! Two tools that close on one node until nothing is left between them ask for what cannot be, and
//! push it against each other by more with every sweep, while it stays where it is. So where several
//! tools touch a node, it is not |u_j| that has contacts cut but sum_c |w_cj| |Lambda_c| / m_j.
//! That holds while bodies settle too, where |u_j| has no bound.

use super::nodes::{Nodes, Touched};
use super::row::Row;
use super::tissue::Tissue;
use super::tissues::Tissues;
use super::tool::Tool;
use crate::vec3::{axpy, dot, norm, scale, sub};

/// Cuts impulses that would carry a node too far; a tool whose impulses are cut has to be careful.
/// Returns whether there were any.
pub(super) fn cut(
    tools: &mut [Tool],
    tissues: &mut Tissues,
    touched: &mut Nodes,
    bodies: &[impl Tissue],
) -> bool {
    let nodes = &mut touched.list;
    let most = |t: &Touched| {
        let body = &bodies[t.body as usize];
        if t.contested {
            body.squeeze(t.node)
        } else {
            body.reach(t.node)
        }
    };
    for tool in &mut *tools {
        add_ways(&mut tool.contacts, nodes);
    }
    add_ways(&mut tissues.contacts, nodes);
    let way = |t: &Touched| if t.contested { t.way } else { norm(t.moved) };
    let too_far = |t: &Touched| t.inverse_mass > 0.0 && way(t) > most(t);
    if !nodes.iter().any(too_far) {
        return false;
    }
    for t in &mut *nodes {
        t.moved = [0.0; 3];
    }
    for tool in tools {
        tool.careful |= shorten(&mut tool.contacts, nodes, most);
    }
    shorten(&mut tissues.contacts, nodes, most);
    true
}

/// Adds up how far each contact alone would move its nodes.
fn add_ways<const N: usize>(contacts: &mut [impl AsMut<Row<N>>], touched: &mut [Touched]) {
    for row in contacts.iter_mut().map(|c| c.as_mut()) {
        let square = row.lambda_n * row.lambda_n + dot(row.lambda_t, row.lambda_t);
        for j in 0..N {
            let way = row.weights[j].abs() * row.free[j] * square.sqrt();
            touched[row.touched[j]].way += way;
        }
    }
}

/// Cuts contacts where their nodes' ways are longer than the `most` that they may be, and moves free
/// nodes by what is left. Returns whether it cut any.
fn shorten<const N: usize>(
    contacts: &mut [impl AsMut<Row<N>>],
    touched: &mut [Touched],
    most: impl Fn(&Touched) -> f64,
) -> bool {
    let mut any = false;
    for row in contacts.iter_mut().map(|c| c.as_mut()) {
        let mut share: f64 = 1.0;
        for (j, touched) in row.touched.map(|i| &touched[i]).iter().enumerate() {
            if row.weights[j] * row.free[j] != 0.0 && touched.way > most(touched) {
                share = share.min(most(touched) / touched.way);
            }
        }
        any |= share < 1.0;
        row.lambda_n *= share;
        row.lambda_t = scale(row.lambda_t, share);
        let lambda = row.lambda();
        for j in 0..N {
            let moved = &mut touched[row.touched[j]].moved;
            *moved = axpy(*moved, row.weights[j] * row.free[j], lambda);
        }
    }
    any
}

/// Moves the nodes touched, and marks bodies that were cut or clipped as violent.
pub(super) fn shift(touched: &Nodes, bodies: &mut [impl Tissue], cut: bool, h: f64) {
    for t in &touched.list {
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
