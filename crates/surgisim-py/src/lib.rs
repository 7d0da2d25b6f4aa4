//! The PyO3 module `surgisim._core`.
