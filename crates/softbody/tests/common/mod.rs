//! Shared by the physics tests.
#![allow(dead_code, reason = "each test binary uses its own part")]

use softbody::{Material, TetMesh, World};

pub type Vec3 = [f64; 3];

/// Node ids whose rest position satisfies `inside`.
pub fn select(mesh: &TetMesh, inside: impl Fn(Vec3) -> bool) -> Vec<u32> {
    (0..mesh.points().len() as u32)
        .filter(|&n| inside(mesh.points()[n as usize]))
        .collect()
}

/// The node nearest to `p` at rest.
pub fn nearest(mesh: &TetMesh, p: Vec3) -> u32 {
    let square = |n: &u32| -> f64 {
        let q = mesh.points()[*n as usize];
        (0..3).map(|i| (p[i] - q[i]).powi(2)).sum()
    };
    (0..mesh.points().len() as u32)
        .min_by(|a, b| square(a).total_cmp(&square(b)))
        .unwrap()
}

/// A body with some nodes clamped, settled under gravity; returns the world.
pub fn settled(mesh: &TetMesh, material: Material, fixed: &[u32], gravity: Vec3) -> World {
    let mut world = World::new(1e-3, gravity).unwrap();
    world.add_soft_body(mesh, &[material], fixed).unwrap();
    let sweeps = world.settle(1e-5, 60.0).unwrap();
    println!("settled in {sweeps} sweeps");
    world
}

/// Fails unless `value` is within `share` of `truth`; prints both.
pub fn assert_close(what: &str, value: f64, truth: f64, share: f64) {
    let error = value / truth - 1.0;
    println!(
        "{what}: {value:.6} against {truth:.6}, error {:+.2} %",
        100.0 * error
    );
    assert!(
        error.abs() <= share,
        "{what}: {value} is {error:+.4} off {truth}"
    );
}
