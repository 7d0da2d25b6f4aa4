//! Contact and friction of all tools and tissues, implicit in the nodes, together.
//!
//! Contacts are found before the tissue moves in a substep h and resolved after it. Gauss-Seidel
//! sweeps over all of them ([`row`](super::row)), those of tools ([`press`](super::press)) and those
//! between tissues (`tissues/solve.rs`), give the Lambda that shift the nodes:
//!
//!   u_j += w_j Lambda / m_j,     v_j += w_j Lambda / (m_j h)
//!
//! m_j are the effective masses that the integrator used: with true masses the force read out would
//! be too low by the share of added mass.
//!
//! One tool after the other, each would undo what those before it had reached in the nodes that they
//! share: rest states then depend on the order of the tools and on h, by some per cent, and there may
//! be none. So the sweeps go through the contacts of all, and end when those of each tool, and those
//! of tissues, change by less than a share of the largest among themselves: a light touch beside a
//! heavy load is as exact as it is alone.
//!
//! Held nodes do not move, so a triangle that a few of them hold could only yield by throwing the
//! others far away. While contacts are resolved they therefore give way, by F / k with the bound k of
//! `elasticity` (so m_j = k_j h^2), and return to their places afterwards: a tool may sink into them.
//! k bounds; that makes held surfaces tens of times as hard as the tissue.
//!
//! Tools are rigid, so a contact is resolved fully and there is no stiffness to tune. The
//! friction clamp is iterated together with the normal part: clamped once, explicitly, it is tens
//! of per cent wrong where tissue sticks.

use super::bound;
use super::nodes::Nodes;
use super::press::{prepare, read_out};
use super::row::{Substep, sweep};
use super::tissue::Tissue;
use super::tissues::Tissues;
use super::tool::Tool;

/// Most Gauss-Seidel sweeps in a substep. Too few, and what sticks creeps.
const SWEEPS: usize = 32;
/// Sweeps end when no contact of a tool changes by more than this share of its largest.
const ENOUGH: f64 = 1e-4;

/// Resolves, after a substep, the contacts that were found before it. `touched` has room for all.
pub(crate) fn resolve(
    tools: &mut [Tool],
    tissues: &mut Tissues,
    touched: &mut Nodes,
    bodies: &mut [impl Tissue],
    substep: Substep,
) {
    touched.clear();
    for tool in tools.iter_mut().enumerate() {
        prepare(tool, touched, bodies, substep);
    }
    tissues.prepare(touched, bodies, substep);
    iterate(tools, tissues, touched, substep.h);
    let cut = bound::cut(tools, tissues, touched, bodies);
    bound::shift(touched, bodies, cut, substep.h);
    for tool in tools {
        read_out(tool, bodies, substep);
    }
    tissues.read_out(substep);
}

/// Sweeps until all change little.
fn iterate(tools: &mut [Tool], tissues: &mut Tissues, touched: &mut Nodes, h: f64) {
    for _ in 0..SWEEPS {
        let mut done = true;
        for tool in &mut *tools {
            let limits = (tool.friction, ENOUGH);
            done &= sweep(&mut tool.contacts, &mut touched.list, limits, h);
        }
        done &= tissues.sweep(&mut touched.list, h);
        if done {
            break;
        }
    }
}
