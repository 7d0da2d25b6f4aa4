//! What happens when numbers are lost: the tick survives, and so does the tissue.

mod common;

use common::select;
use softbody::{Material, Prony, TetMesh, World};

/// Faults in each of eleven ticks, when a support is sent out of the range of numbers in the first.
fn faults(prony: Prony, substeps: Option<u32>) -> Vec<u32> {
    let mesh = TetMesh::boxed([0.1; 3], [4; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
    let tissue = Material {
        prony,
        ..Material::soft(5e3, 0.45, 1060.0)
    };
    world.add_soft_body(&mesh, &[tissue], &bottom).unwrap();
    world.force_substeps(substeps).unwrap();
    (0..10).for_each(|_| world.step());
    let hold = |world: &mut World, x: f64| {
        let body = world.body_mut(0);
        body.prescribe(&bottom[..1], &[[x, 0.0, 0.0]]).unwrap();
    };
    hold(&mut world, 1e30);
    world.step();
    let mut faults = vec![world.stats().faults];
    hold(&mut world, 0.0);
    for _ in 0..10 {
        world.step();
        faults.push(world.stats().faults);
    }
    let finite = |n| world.body(0).position(n).iter().all(|x| x.abs() < 1.0);
    assert!((0..world.body(0).node_count() as u32).all(finite));
    faults
}

#[test]
fn tissue_recovers_when_the_cause_of_a_fault_is_gone() {
    let prony = Prony::new(&[[0.5, 0.1]]).unwrap();
    for (what, prony) in [("elastic", Prony::NONE), ("viscoelastic", prony)] {
        for substeps in [None, Some(1), Some(4)] {
            let faults = faults(prony, substeps);
            println!("{what}, {substeps:?} substeps: faults {faults:?}");
            assert!(
                faults.iter().sum::<u32>() > 0,
                "there was none to recover from"
            );
            assert!(faults[3..].iter().all(|f| *f == 0));
        }
    }
}
