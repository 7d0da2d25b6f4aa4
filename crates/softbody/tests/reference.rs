//! Settled answers against mesh-converged reference solutions (quadratic hexahedra, refined until
//! they stop moving; compressible Neo-Hookean, logarithmic form, unless said otherwise).

mod common;

use common::{assert_close, nearest, select, settled};
use softbody::{Law, Material, TetMesh, ToolShape, World};

const NONE: [f64; 3] = [0.0; 3];

fn neo_hookean(young_modulus: f64, poisson_ratio: f64, density: f64) -> Material {
    Material { law: Law::NeoHookean, ..Material::soft(young_modulus, poisson_ratio, density) }
}

/// Beam 0.10 x 0.02 x 0.02 m clamped at x = 0, E 50 kPa, density 1000, own weight along -z;
/// displacement (m) of the centre of the free end face.
fn beam(poisson_ratio: f64) -> [f64; 3] {
    let mesh = TetMesh::boxed([0.1, 0.02, 0.02], [30, 6, 6]).unwrap();
    let clamp = select(&mesh, |p| p[0] == 0.0);
    let material = neo_hookean(50e3, poisson_ratio, 1000.0);
    let world = settled(&mesh, material, &clamp, [0.0, 0.0, -9.81]);
    world.body(0).displacement(nearest(&mesh, [0.1, 0.01, 0.01]))
}

#[test]
fn beam_sags_at_poisson_ratio_0_30() {
    let u = beam(0.30);
    assert_close("beam nu .30 uz", u[2], -0.05740, 0.05);
    assert_close("beam nu .30 ux", u[0], -0.01961, 0.05);
}

#[test]
fn beam_sags_at_poisson_ratio_0_45() {
    let u = beam(0.45);
    assert_close("beam nu .45 uz", u[2], -0.05697, 0.05);
    assert_close("beam nu .45 ux", u[0], -0.01919, 0.05);
    assert!(u[1].abs() < 1e-4, "drifts sideways by {} m", u[1]);
}

fn stretched(law: Law) -> (f64, f64) {
    let mesh = TetMesh::boxed([0.1; 3], [12; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let top = select(&mesh, |p| p[2] == 0.1);
    let mut world = World::new(1e-3, NONE).unwrap();
    let material = Material { law, ..Material::soft(5e3, 0.45, 1060.0) };
    world.add_soft_body(&mesh, &[material], &bottom).unwrap();
    for part in 1..=5 {
        let lift = vec![[0.0, 0.0, 0.01 * f64::from(part)]; top.len()];
        world.body_mut(0).prescribe(&top, &lift).unwrap();
        world.settle(1e-5, 60.0).unwrap();
    }
    let pull: f64 = world.reaction(0, &top).unwrap().iter().map(|r| r[2]).sum();
    let neck = world.body(0).displacement(nearest(&mesh, [0.0, 0.05, 0.05]))[0];
    (pull, neck)
}

#[test]
fn block_stretched_by_half_neo_hookean() {
    let (pull, neck) = stretched(Law::NeoHookean);
    assert_close("stretch Neo-Hookean reaction", pull, 20.56, 0.05);
    assert_close("stretch Neo-Hookean neck", neck, 0.00993, 0.05);
}

#[test]
fn block_stretched_by_half_stable_neo_hookean() {
    let (pull, _) = stretched(Law::StableNeoHookean);
    assert_close("stretch stable Neo-Hookean reaction", pull, 20.77, 0.05);
}

#[test]
fn block_sags_under_its_own_weight() {
    let mesh = TetMesh::boxed([0.1; 3], [12; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let material = neo_hookean(5e3, 0.45, 1060.0);
    let world = settled(&mesh, material, &bottom, [0.0, 0.0, -9.81]);
    let sag = world.body(0).displacement(nearest(&mesh, [0.05, 0.05, 0.1]))[2];
    assert_close("block sag", sag, -0.00879, 0.05);
}

/// Force of a frictionless rigid sphere of 20 mm radius pressed 15 mm into the block.
fn indentation(poisson_ratio: f64) -> f64 {
    let mesh = TetMesh::boxed([0.1; 3], [12; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    let material = Material::soft(5e3, poisson_ratio, 1060.0);
    world.add_soft_body(&mesh, &[material], &bottom).unwrap();
    let above = |depth: f64| [0.05, 0.05, 0.12 - depth];
    let tool = world.add_tool(ToolShape::Sphere { radius: 0.02 }, above(0.0), 0.0).unwrap();
    for step in 1..=300 {
        world.move_tool(tool, above(0.015 * f64::from(step) / 300.0));
        world.step();
    }
    world.settle(1e-4, 60.0).unwrap();
    world.tool(tool).force[2]
}

#[test]
fn sphere_pressed_into_the_block() {
    assert_close("indentation nu .45", indentation(0.45), 0.577, 0.05);
    assert_close("indentation nu .49", indentation(0.49), 0.641, 0.05);
}
