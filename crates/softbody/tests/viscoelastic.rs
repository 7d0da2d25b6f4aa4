//! Prony series against their closed form.

mod common;

use common::{assert_close, select};
use softbody::{Averaging, Law, Material, Prony, TetMesh, World, WorldError};

const SERIES: [[f64; 2]; 2] = [[0.45, 0.05], [0.30, 0.4]];

fn tissue(law: Law, terms: &[[f64; 2]]) -> Material {
    Material {
        law,
        prony: Prony::new(terms).unwrap(),
        ..Material::soft(3e3, 0.45, 1060.0)
    }
}

/// G(t) / G(0)
fn relaxation(t: f64) -> f64 {
    let fading = |[g, tau]: [f64; 2]| g * (1.0 - (-t / tau).exp());
    1.0 - SERIES.into_iter().map(fading).sum::<f64>()
}

/// A block with all boundary nodes held, sheared by `shear`; every node follows, so F is homogeneous.
fn sheared(material: Material, shear: f64) -> (World, Vec<u32>) {
    let mesh = TetMesh::boxed([0.03, 0.03, 0.03], [3, 3, 3]).unwrap();
    let all = select(&mesh, |_| true);
    let top = select(&mesh, |p| p[2] == 0.03);
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    world.add_soft_body(&mesh, &[material], &all).unwrap();
    let u: Vec<_> = (mesh.points().iter())
        .map(|p| [shear * p[2], 0.0, 0.0])
        .collect();
    world.body_mut(0).prescribe(&all, &u).unwrap();
    (world, top)
}

fn pull(world: &mut World, nodes: &[u32]) -> f64 {
    world.reaction(0, nodes).unwrap().iter().map(|r| r[0]).sum()
}

/// After a step of shear the force falls as G(t), small and large strains alike.
#[test]
fn shear_relaxes_as_the_series_says() {
    for law in [Law::StableNeoHookean, Law::NeoHookean] {
        for shear in [0.01, 0.4] {
            let (mut world, top) = sheared(tissue(law, &SERIES), shear);
            let (mut elastic, _) = sheared(tissue(law, &[]), shear);
            world.step(); // brings the nodes there
            elastic.step();
            let whole = pull(&mut elastic, &top);
            let mut worst: f64 = 0.0;
            for tick in 1..=1000 {
                let ratio = pull(&mut world, &top) / whole;
                // The strain grows during the first tick, so half of it is the mean age.
                let t = 1e-3 * (f64::from(tick) - 0.5);
                worst = worst.max((ratio - relaxation(t)).abs());
                world.step();
            }
            println!("{law:?}, shear {shear}: worst {worst:.1e} of G(0) in 1 s");
            assert!(worst < 2e-4);
        }
    }
}

/// `reaction` only looks.
#[test]
fn looking_changes_nothing() {
    let (mut world, top) = sheared(tissue(Law::StableNeoHookean, &SERIES), 0.1);
    world.step();
    world.step();
    let before = world.digest();
    pull(&mut world, &top);
    assert_eq!(world.digest(), before);
}

/// At rest only the long-term modulus is left: the same sag as elastic tissue of that modulus.
#[test]
fn rest_is_that_of_the_lasting_modulus() {
    let mesh = TetMesh::boxed([0.06, 0.02, 0.02], [12, 4, 4]).unwrap();
    let clamp = select(&mesh, |p| p[0] == 0.0);
    let tip = common::nearest(&mesh, [0.06, 0.01, 0.01]);
    // Only mu fades, so the elastic twin has another Poisson's ratio.
    let series = tissue(Law::NeoHookean, &SERIES);
    let (mu, lambda) = (series.mu() * relaxation(1e9), series.lambda());
    let twin = Material {
        young_modulus: mu * (3.0 * lambda + 2.0 * mu) / (lambda + mu),
        poisson_ratio: 0.5 * lambda / (lambda + mu),
        prony: Prony::NONE,
        ..series
    };
    let gravity = [0.0, 0.0, -0.5];
    let twin = common::settled(&mesh, twin, &clamp, gravity);
    let truth = twin.body(0).displacement(tip)[2];
    let mut world = common::settled(&mesh, series, &clamp, gravity);
    let settled = world.body(0).displacement(tip)[2];
    assert_close("settled sag", settled, truth, 1e-4);
    for _ in 0..200 {
        world.step();
    }
    let stays = world.body(0).displacement(tip)[2];
    assert_close("0.2 s later", stays, truth, 1e-3);
}

#[test]
fn impossible_series_are_refused() {
    for terms in [
        &[[0.5, 0.0]][..],
        &[[0.0, 1.0]],
        &[[0.6, 1.0], [0.5, 2.0]],
        &[[0.1, f64::NAN]],
        &[[0.1, 1.0]; 5],
    ] {
        println!("{}", Prony::new(terms).unwrap_err());
    }
    let mesh = TetMesh::boxed([0.03; 3], [2; 3]).unwrap();
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    let material = tissue(Law::NeoHookean, &SERIES);
    let refused = world.add_soft_body_with(&mesh, &[material], &[], Averaging::Pressure);
    assert_eq!(refused, Err(WorldError::ViscousNeedsStrain));
}
