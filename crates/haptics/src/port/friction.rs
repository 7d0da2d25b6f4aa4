//! The seal of a port: elasto-plastic friction along the shaft and about it.
//!
//! The shaft's surface moves in the seal by `x = (axial, r roll)` (m, r the shaft's radius). The seal
//! is dragged along elastically by z and slips where that would exceed the presliding distance Z:
//!
//! - force on the shaft `-k z`, `k = f_k / Z`, `|z| <= Z`; slip along z
//!
//! This is the elasto-plastic model of Dupont, Hayward, Armstrong and Altpeter (2002, IEEE Trans.
//! Automat. Contr. 47:787) with its transition at the breakaway: elastic below it, so that small
//! movements do not make it creep, plastic from it on. As in Hayward, Armstrong, Altpeter and Dupont
//! (2009, IEEE Trans. Contr. Syst. Technol. 17) it is integrated over the way, not over time: no
//! velocity is needed and no time step enters.
//!
//! **Exact steps.** Along a straight increment of length S and direction e: z moves with e until
//! `|z| = Z`, then stays on the circle, where its angle A to e follows `Z A' = -sin A`, that is
//! `tan(A / 2) = tan(A_0 / 2) exp(-s / Z)`. Two halves of an increment give what the whole gives. A
//! shaft that is being turned is held less along its axis, and the other way round.
//!
//! **Passivity.** `z(s) e <= z_0 e + s`, so the stored `k |z|^2 / 2` grows by no more than
//! `k z_0 dx + k S^2 / 2`: with the force held over the tick T the hand can gain at most
//! `k S^2 / 2` in it, which a device of own damping `b >= k T / 2` dissipates (Colgate and Schenkel
//! 1997).

use super::model::PortFriction;

/// The seal's deformation, m: along the shaft, around it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Seal {
    drag: [f64; 2],
}

impl Seal {
    /// Moves the shaft's surface by `way` (m, axial and around) through a seal that is dragged along
    /// by at most `most`.
    pub fn slide(&mut self, way: [f64; 2], most: f64) {
        let length = libm::hypot(way[0], way[1]);
        if !length.is_finite() || length == 0.0 {
            return;
        }
        let e = way.map(|x| x / length);
        let [z0, z1] = self.drag;
        let (along, across) = (z0 * e[0] + z1 * e[1], e[0] * z1 - e[1] * z0);
        let room = (most * most - across * across).max(0.0).sqrt() - along;
        let (along, across) = if length <= room {
            (along + length, across)
        } else {
            on_circle(across, length - room.max(0.0), most)
        };
        self.drag = [along * e[0] - across * e[1], along * e[1] + across * e[0]];
    }

    /// Force on the shaft's surface, N: along it, around it.
    pub fn force(&self, friction: &PortFriction) -> [f64; 2] {
        self.drag.map(|z| -friction.stiffness() * z)
    }

    /// Energy in the deformed seal, J.
    #[cfg(test)]
    pub fn stored(&self, friction: &PortFriction) -> f64 {
        0.5 * friction.stiffness() * self.drag.map(|z| z * z).iter().sum::<f64>()
    }
}

/// Along and across the direction of sliding after `slip` on the circle of radius `most`.
fn on_circle(across: f64, slip: f64, most: f64) -> (f64, f64) {
    let sine = (across / most).clamp(-1.0, 1.0);
    let cosine = (1.0 - sine * sine).sqrt();
    let t = sine / (1.0 + cosine) * libm::exp(-slip / most);
    let scale = most / (1.0 + t * t);
    ((1.0 - t * t) * scale, 2.0 * t * scale)
}

#[cfg(test)]
mod tests;
