//! Contacts of tissue with tissue as equations between the nodes of both.
//!
//! As with a rigid tool, contacts are found before a substep h and resolved after it, together with
//! those of tools (`contact/solve.rs`). With x = sum_j w_j x_j, the way from the second surface to the
//! first, and its normal n, what is missing is d = g - n . x, g the distance asked for.
//!
//! The w_j add up to 0, so momentum is conserved; before the substep x was parallel to n, so Lambda_n
//! leaves the angular momentum alone as well. Friction does so where x is 0, as it is while
//! surfaces stay together.
//!
//! g is 0, but where the surfaces overlapped before the substep they are only asked to part by a share
//! of the elements' height a tick: an overlap is pushed out at a few cm/s, not in an explosion. What
//! parts under load gains energy; where folds are crumpled so that overlaps come again and again, this
//! is slow enough for the tissue's damping.
//!
//! Lambda starts from what it was in the last substep. Where two meshes do not match there are more
//! contacts than their surfaces can move apart in different ways, and Gauss-Seidel converges so slowly
//! in what they have in common that from zero a rest state flickers by several per cent.
//!
//! Held nodes yield and return to their places, as they do with tools, so what presses on them stays
//! in an overlap d = F / k. Asked to part by no more than the above, F could not grow beyond k times
//! that: in many substeps tissue would sink through what is held. And two supports that overlap,
//! which nothing can undo, would push each other with a force that falls with h. So where held nodes
//! take part in an overlap, a contact asks all nodes together for g = (1 - f) gap, f the share of the
//! free ones in sum_j w_j^2, while the free ones part no faster than above. At rest the gap is
//! -F / (f k) for any h, and what is held on both sides does not push.

use super::contact::Contact;
use crate::contact::nodes::{NONE, Nodes};
use crate::contact::row::{Row, Substep};
use crate::contact::tissue::Tissue;
use crate::vec3::{dot, scale};

/// Sweeps end when no contact changes by more than this share of the largest.
pub(super) const ENOUGH: f64 = 1e-5;
/// How far overlapping surfaces part in a tick, as a share of the smallest element's height.
const PARTING: f64 = 0.005;

/// Lists the nodes that the contacts touch, moves them by what is pushed from the start, and measures
/// what the contacts need while they are resolved.
pub(super) fn prepare(
    contacts: &mut [Contact],
    touched: &mut Nodes,
    bodies: &[impl Tissue],
    substep: Substep,
) {
    for contact in contacts {
        let x = contact.difference(|body, node| bodies[body as usize].position(node));
        let v = contact.difference(|body, node| bodies[body as usize].velocity(node));
        let parted = parted(contact, bodies, substep.share);
        let (gap, of, nodes, row) = (contact.gap, contact.bodies, contact.nodes, &mut contact.row);
        row.weigh(substep, |j| (&bodies[of[j] as usize], nodes[j]));
        let over = dot(row.normal, x);
        row.depth = parted - over;
        if gap < 0.0 && row.free.contains(&0.0) {
            row.parting = row.depth;
            row.depth = (1.0 - share_of_free(row)) * gap - over;
        }
        row.slip = row.along_surface(scale(v, substep.h));
        let to_lambda = substep.h * substep.push;
        row.lambda_n *= to_lambda;
        row.lambda_t = row.along_surface(scale(row.lambda_t, to_lambda));
        for j in 0..4 {
            row.touched[j] = touched.place((of[j], nodes[j]), row.free[j], NONE);
        }
        if row.acts() {
            row.begin(&mut touched.list);
        }
    }
}

/// sum_j w_j^2 of the free nodes over that of all.
fn share_of_free(row: &Row<4>) -> f64 {
    let square = |counts: fn(f64) -> bool| -> f64 {
        let each = row.weights.iter().zip(row.free);
        each.filter(|(_, inverse_mass)| counts(*inverse_mass))
            .map(|(w, _)| w * w)
            .sum()
    };
    square(|inverse_mass| inverse_mass > 0.0) / square(|_| true)
}

/// Distance to which free nodes may have parted at the end of the substep, m.
fn parted(contact: &Contact, bodies: &[impl Tissue], share: f64) -> f64 {
    if contact.gap >= 0.0 {
        return 0.0;
    }
    let heights = (0..4).map(|j| bodies[contact.bodies[j] as usize].height(contact.nodes[j]));
    let height = heights.fold(f64::INFINITY, f64::min);
    (contact.gap + PARTING * height * share).min(0.0)
}
