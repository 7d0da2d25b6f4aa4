//! The twin, a tick at a time, for whoever takes turns with it: `benches/simulators.py`.
//!
//! Arguments, SI units: the box's three sizes, its three counts of cells, the axis (0, 1, 2) at
//! whose 0 it is held, E, nu, density, gravity along y, the sphere's radius. Then a line in, a
//! line out:
//!
//! - `tick X Y Z`: one tick that ends with the sphere's centre there; CPU seconds of this thread,
//!   upward force on the sphere (N).
//! - `positions`: of all nodes, m.
//! - `damping A`: proportional to mass from now on, 1/s; an empty line.

mod twin;

mod clock;

use clock::cpu_seconds;
use softbody::{Material, TetMesh};
use std::io::{BufRead, Write};
use twin::Twin;

const DT: f64 = 1e-3;

/// The scene that the arguments describe.
fn scene(arguments: &[f64]) -> Twin {
    let &[
        x,
        y,
        z,
        nx,
        ny,
        nz,
        axis,
        young_modulus,
        nu,
        density,
        gravity,
        radius,
    ] = arguments
    else {
        panic!("twelve numbers, not {arguments:?}");
    };
    let cells = [nx, ny, nz].map(|n| n as usize);
    let mesh = TetMesh::boxed([x, y, z], cells).expect("a box");
    let held: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][axis as usize] == 0.0)
        .collect();
    let tissue = Material::soft(young_modulus, nu, density);
    let mut twin = Twin::new(&mesh, &tissue, &held, radius);
    twin.gravity = [0.0, gravity, 0.0];
    twin
}

/// One tick; CPU time, s, and upward force, N.
fn tick(twin: &mut Twin, centre: [f64; 3]) -> [f64; 2] {
    twin.sphere.centre = centre;
    let since = cpu_seconds();
    twin.step(DT);
    let seconds = cpu_seconds() - since;
    twin.forces();
    [seconds, twin.sphere.force()[1]]
}

fn answer(twin: &mut Twin, question: &str) -> Vec<f64> {
    let mut words = question.split_whitespace();
    let what = words.next();
    let numbers: Vec<f64> = words.map(|w| w.parse().expect("a number")).collect();
    match what {
        Some("tick") => tick(twin, numbers.try_into().expect("three numbers")).to_vec(),
        Some("positions") => twin.x.as_flattened().to_vec(),
        Some("damping") => {
            twin.rayleigh[0] = numbers[0];
            Vec::new()
        }
        _ => panic!("tick X Y Z, positions or damping A, not {question:?}"),
    }
}

fn main() {
    let arguments: Vec<f64> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .map(|argument| argument.parse().expect("a number"))
        .collect();
    if arguments.is_empty() {
        println!("the other half of benches/chart.py, which starts it");
        return;
    }
    let mut twin = scene(&arguments);
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let numbers = answer(&mut twin, &line.expect("text"));
        let words: Vec<String> = numbers.iter().map(f64::to_string).collect();
        writeln!(out, "{}", words.join(" ")).expect("a reader");
        out.flush().expect("a reader");
    }
}
