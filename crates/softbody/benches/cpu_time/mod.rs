//! CPU time of this thread as what criterion measures, so that strangers on the machine count less.

use crate::clock::cpu_seconds;
use criterion::Throughput;
use criterion::measurement::{Measurement, ValueFormatter};

pub struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = f64;
    /// ns
    type Value = f64;

    fn start(&self) -> f64 {
        cpu_seconds()
    }

    fn end(&self, start: f64) -> f64 {
        1e9 * (cpu_seconds() - start)
    }

    fn add(&self, a: &f64, b: &f64) -> f64 {
        a + b
    }

    fn zero(&self) -> f64 {
        0.0
    }

    fn to_f64(&self, nanoseconds: &f64) -> f64 {
        *nanoseconds
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Microseconds
    }
}

struct Microseconds;

impl ValueFormatter for Microseconds {
    fn scale_values(&self, _typical: f64, values: &mut [f64]) -> &'static str {
        values.iter_mut().for_each(|x| *x *= 1e-3);
        "us CPU"
    }

    /// Of elements (tetrahedra).
    fn scale_throughputs(
        &self,
        _typical: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        let (Throughput::Elements(count) | Throughput::Bytes(count)) = *throughput else {
            return "1";
        };
        values.iter_mut().for_each(|x| *x = 1e3 * count as f64 / *x);
        "tetrahedra a us"
    }

    fn scale_for_machines(&self, _values: &mut [f64]) -> &'static str {
        "ns"
    }
}
