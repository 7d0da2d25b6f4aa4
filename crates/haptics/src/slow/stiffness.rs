//! How stiff a body is under a round tool: theory, and what the last steps showed.
//!
//! A sphere of radius R on a half-space pushes back with F = c d^(3/2), `c = 4/3 E* sqrt(R)`,
//! E* = E / (1 - nu^2) (Hertz 1882); its tangent dF/dd = 2 E* a with the contact's radius a holds for
//! every axisymmetric tool (Sneddon 1965; Pharr, Oliver and Brotzen 1992). Organs are no half-spaces,
//! shafts no spheres, nodules stiffer than what is around them. F^(2/3) = c^(2/3) d is a line, so its
//! slope is fitted to how force and depth change from step to step,
//!
//! ```text
//! c^(2/3) = (W theory^(2/3) + sum w dq dd) / (W + sum w dd^2),   q = F^(2/3)
//! ```
//!
//! with weights w that fade by [`KEEP`] a step and theory as a prior worth [`PRIOR_M`] of way, within
//! [`RANGE`] times theory. Steps in which the tool went along the surface rather than into it tell
//! nothing and do not count.
//!
//! Along the surface a contact is 2 (1 - nu) / (2 - nu) times as stiff as into it (Mindlin 1949).

use softbody::SoftBody;

use crate::vector::{add, dot, norm, scale, sub};

/// What a step's weight is after the next.
const KEEP: f64 = 0.9;
/// Way over which the steps say as much as theory, m.
const PRIOR_M: f64 = 0.5e-3;
/// Least and most of c, as a multiple of theory.
const RANGE: (f64, f64) = (0.25, 8.0);

/// What is known of one body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stiffness {
    /// E*, Pa, mean over the body.
    modulus: f64,
    /// Stiffness along the surface as a share of that into it.
    pub shear_share: f64,
    /// Sums of dq dd and dd^2.
    moments: [f64; 2],
    last: Option<Press>,
}

/// A contact at the end of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Press {
    /// Force along the normal, N.
    pub force: f64,
    pub normal: [f64; 3],
    /// Where the tool is, m.
    pub place: [f64; 3],
}

impl Stiffness {
    pub fn new(body: &SoftBody) -> Self {
        let materials = body.materials();
        let count = materials.len().max(1) as f64;
        let mean = |of: fn(f64, f64) -> f64| {
            let each = materials
                .iter()
                .map(|m| of(m.young_modulus, m.poisson_ratio));
            each.sum::<f64>() / count
        };
        Self {
            modulus: mean(|e, nu| e / (1.0 - nu * nu)),
            shear_share: mean(|_, nu| 2.0 * (1.0 - nu) / (2.0 - nu)),
            moments: [0.0; 2],
            last: None,
        }
    }

    /// c for a tool that is round with this radius (m) where it touches, N/m^(3/2).
    pub fn factor(&self, radius: f64) -> f64 {
        let theory = 4.0 / 3.0 * self.modulus * radius.sqrt();
        let slope = power_2_3(theory);
        let [dq_dd, dd2] = self.moments;
        let prior = PRIOR_M * PRIOR_M;
        let fitted = (prior * slope + dq_dd) / (prior + dd2);
        let (least, most) = RANGE;
        fitted
            .max(0.0)
            .powi(3)
            .sqrt()
            .clamp(least * theory, most * theory)
    }

    /// Takes in the body's contact at the end of a step; None where it is not touched.
    pub fn see(&mut self, now: Option<Press>) {
        if let (Some(before), Some(now)) = (self.last, now) {
            self.compare(&before, &now);
        }
        self.last = now;
    }

    fn compare(&mut self, before: &Press, now: &Press) {
        let normal = add(before.normal, now.normal);
        let length = norm(normal);
        if length < 1.0 {
            return; // touched from another side
        }
        let normal = scale(normal, 1.0 / length);
        let way = sub(now.place, before.place);
        let deeper = -dot(normal, way);
        if deeper * deeper < 0.5 * dot(way, way) {
            return;
        }
        let more = power_2_3(now.force) - power_2_3(before.force);
        self.moments = self.moments.map(|sum| KEEP * sum);
        self.moments[0] += more * deeper;
        self.moments[1] += deeper * deeper;
    }
}

/// x^(2/3), for x >= 0.
fn power_2_3(x: f64) -> f64 {
    let root = libm::cbrt(x);
    root * root
}

/// How deep a contact is that pushes with `force` (N), for the factor `c`: m.
pub(super) fn depth(force: f64, c: f64) -> f64 {
    power_2_3(force / c)
}

#[cfg(test)]
mod tests {
    use softbody::{Material, TetMesh, World};

    use super::*;

    const UP: [f64; 3] = [0.0, 1.0, 0.0];

    fn liver() -> Stiffness {
        let mut world = World::new(1e-3, [0.0; 3]).unwrap();
        let mesh = TetMesh::boxed([0.1; 3], [2; 3]).unwrap();
        let material = Material::soft(6_270.0, 0.45, 1060.0);
        world.add_soft_body(&mesh, &[material], &[]).unwrap();
        Stiffness::new(world.body(0))
    }

    fn press(c: f64, deep: f64, along: f64) -> Press {
        Press {
            force: c * deep.powf(1.5),
            normal: UP,
            place: [along, -deep, 0.0],
        }
    }

    #[test]
    fn before_the_first_step_it_is_what_hertz_says() {
        let known = liver();
        let hertz = 4.0 / 3.0 * 6_270.0 / (1.0 - 0.45 * 0.45) * 0.008_f64.sqrt();
        assert!((known.factor(0.008) / hertz - 1.0).abs() < 1e-12);
        assert!((known.shear_share - 1.1 / 1.55).abs() < 1e-12);
        assert!((depth(hertz * 0.004_f64.powf(1.5), hertz) - 0.004).abs() < 1e-12);
    }

    #[test]
    fn a_body_that_is_stiffer_than_it_looks_is_found_out_within_a_press() {
        for times in [0.5, 3.0] {
            let mut known = liver();
            let c = times * known.factor(0.008);
            for step in 1..=12 {
                known.see(Some(press(c, 0.0005 * f64::from(step), 0.0)));
            }
            let found = known.factor(0.008) / c;
            assert!((found - 1.0).abs() < 0.15, "{times}: {found}");
        }
    }

    #[test]
    fn sliding_and_nonsense_teach_nothing() {
        let mut known = liver();
        let c = known.factor(0.008);
        for step in 0..20 {
            // Forces that have nothing to do with how deep it is.
            let along = 0.003 * f64::from(step);
            let force = press(9.0 * c, 0.002 + 1e-4 * f64::from(step % 3), along);
            known.see(Some(force));
        }
        assert_eq!(known.factor(0.008), c);
        let mut known = liver();
        for step in 0..20 {
            known.see(Some(press(1e4 * c, 0.001 * f64::from(1 + step % 2), 0.0)));
        }
        assert!((known.factor(0.008) / c - RANGE.1).abs() < 1e-9);
        known.see(None);
        known.see(Some(press(c, 0.01, 0.0)));
        assert!((known.factor(0.008) / c - RANGE.1).abs() < 1e-9, "no step");
    }
}
