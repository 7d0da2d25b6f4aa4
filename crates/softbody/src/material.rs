//! Isotropic hyperelastic materials.
//!
//! With F the deformation gradient, J = det F, I_C = |F|^2 and the Lame constants
//! mu = E / (2 (1 + nu)), lambda = E nu / ((1 + nu)(1 - 2 nu)):
//!
//! - stable Neo-Hookean (Smith, de Goes, Kim 2018, without the rest-state barrier):
//!   psi = mu/2 (I_C - 3) - mu (J - 1) + (lambda + mu)/2 (J - 1)^2, defined for every J,
//!   inverted elements included;
//! - Neo-Hookean, logarithmic form (Bonet, Wood 2008):
//!   psi = mu/2 (I_C - 3) - mu ln J + lambda/2 (ln J)^2, for J > 0; below J = 0.1 it continues with
//!   the slope it has there;
//! - Mooney-Rivlin, compressible (Ciarlet 1988, with (ln J)^2), 0 <= r <= 1 the share of the second
//!   invariant II_C = |cof F|^2:
//!   psi = mu/2 ((1 - r)(I_C - 3) + r (II_C - 3)) - mu (1 + r) ln J + (lambda - 2 r mu)/2 (ln J)^2.
//!
//! All have the slope of linear elasticity with (E, nu) at F = 1.

use crate::error::MaterialError;

/// The energy density as a function of the deformation gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// Smith, de Goes, Kim 2018; the default.
    StableNeoHookean,
    /// Logarithmic form, as in Bonet and Wood 2008.
    NeoHookean,
    /// With the second invariant: stiffens more in compression and in equibiaxial stretch.
    MooneyRivlin {
        /// r = c_2 / (c_1 + c_2), in [0, 1].
        ratio: f64,
    },
}

impl Law {
    /// r of Mooney-Rivlin, 0 for the others.
    #[must_use]
    pub fn mooney(self) -> f64 {
        match self {
            Self::MooneyRivlin { ratio } => ratio,
            Self::StableNeoHookean | Self::NeoHookean => 0.0,
        }
    }
}

/// A Prony series: how much of the shear modulus fades, and how fast; see `viscosity`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Prony {
    terms: [[f64; 2]; Self::MOST],
    count: usize,
}

impl Prony {
    /// No term: elastic.
    pub const NONE: Self = Self {
        terms: [[0.0; 2]; Self::MOST],
        count: 0,
    };

    /// Most terms of a series.
    pub const MOST: usize = 4;

    /// A series of `[g, tau]`: shares of the instantaneous shear modulus, each > 0 and together < 1,
    /// and times in s, each > 0.
    ///
    /// # Errors
    /// Too many terms, or numbers outside their range.
    pub fn new(terms: &[[f64; 2]]) -> Result<Self, MaterialError> {
        let check = MaterialError::unless;
        let count = terms.len();
        let few = count <= Self::MOST;
        check(few, "the number of Prony terms", count as f64, "at most 4")?;
        let mut sum = 0.0;
        for &[g, tau] in terms {
            let share = g > 0.0 && g < 1.0;
            check(
                share,
                "a Prony share g",
                g,
                "between 0 and 1, both excluded",
            )?;
            let time = tau > 0.0 && tau.is_finite();
            check(
                time,
                "a Prony time tau",
                tau,
                "a positive number of seconds",
            )?;
            sum += g;
        }
        check(sum < 1.0, "the sum of the Prony shares", sum, "less than 1")?;
        let mut series = Self::default();
        series.terms[..count].copy_from_slice(terms);
        series.count = count;
        Ok(series)
    }

    /// `[g, tau]` of each term.
    #[must_use]
    pub fn terms(&self) -> &[[f64; 2]] {
        &self.terms[..self.count]
    }
}

/// A tissue: law and constants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Material {
    /// Which energy density.
    pub law: Law,
    /// Young's modulus E at small strain, Pa, > 0.
    pub young_modulus: f64,
    /// Poisson's ratio nu at small strain, in (0, 0.5).
    pub poisson_ratio: f64,
    /// Mass density, kg/m^3, > 0.
    pub density: f64,
    /// Mass-proportional (Rayleigh) damping rate, 1/s, >= 0: a free body's speed decays as
    /// exp(-damping t); a mode of angular frequency w has the damping ratio damping / (2 w).
    pub damping: f64,
    /// How the shear modulus fades; none: the tissue is elastic. With one, the moduli above are the
    /// instantaneous ones.
    pub prony: Prony,
}

/// Default of [`Material::damping`], 1/s.
pub const DEFAULT_DAMPING: f64 = 10.0;

impl Material {
    /// A stable Neo-Hookean material with the default damping.
    #[must_use]
    pub const fn soft(young_modulus: f64, poisson_ratio: f64, density: f64) -> Self {
        Self {
            law: Law::StableNeoHookean,
            young_modulus,
            poisson_ratio,
            density,
            damping: DEFAULT_DAMPING,
            prony: Prony::NONE,
        }
    }

    /// Shear modulus mu, Pa.
    #[must_use]
    pub fn mu(&self) -> f64 {
        self.young_modulus / (2.0 * (1.0 + self.poisson_ratio))
    }

    /// First Lame constant lambda, Pa.
    #[must_use]
    pub fn lambda(&self) -> f64 {
        let nu = self.poisson_ratio;
        self.young_modulus * nu / ((1.0 + nu) * (1.0 - 2.0 * nu))
    }

    /// What is left of lambda for (ln J)^2 or (J - 1)^2: lambda - 2 r mu, Pa.
    #[must_use]
    pub fn nodal_lambda(&self) -> f64 {
        self.lambda() - 2.0 * self.law.mooney() * self.mu()
    }

    /// Refuses constants outside their range.
    ///
    /// # Errors
    /// Names the constant, its value and its range.
    pub fn validate(&self) -> Result<(), MaterialError> {
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let check = MaterialError::unless;
        let nu = self.poisson_ratio;
        check(
            positive(self.young_modulus),
            "young_modulus",
            self.young_modulus,
            "a positive number of pascals",
        )?;
        check(
            nu > 0.0 && nu < 0.5,
            "poisson_ratio",
            nu,
            "between 0 and 0.5, both excluded",
        )?;
        let ratio = self.law.mooney();
        check(
            (0.0..=1.0).contains(&ratio) && self.nodal_lambda() > 0.0,
            "the ratio of Mooney-Rivlin",
            ratio,
            "from 0 to 1, and less than nu / (1 - 2 nu)",
        )?;
        check(
            positive(self.density),
            "density",
            self.density,
            "a positive number of kg/m^3",
        )?;
        check(
            self.damping.is_finite() && self.damping >= 0.0,
            "damping",
            self.damping,
            "a rate of 0 or more per second",
        )
    }
}
