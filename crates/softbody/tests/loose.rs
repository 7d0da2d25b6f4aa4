//! Tissue cut loose, turned inside out and cut to rags gains no energy without end, and calms down.

mod common;

use common::{Vec3, select};
use softbody::{Law, Material, Prony, Room, TetMesh, World};

const NONE: Vec3 = [0.0; 3];
const LAWS: [Law; 3] = [
    Law::StableNeoHookean,
    Law::NeoHookean,
    Law::MooneyRivlin { ratio: 0.5 },
];
/// Storms of each kind.
const SEEDS: u64 = 6;
/// What soft rags may hold while they are still tangled, J; without bounds on memory it was 1e11.
const MOST: f64 = 50.0;
/// No node may ever be faster, m/s.
const FASTEST: f64 = 100.0;
const ROOM: Room = Room {
    nodes: 600,
    tetrahedra: 2000,
    triangles: 4000,
};

fn length(v: Vec3) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn fastest(world: &World) -> f64 {
    let nodes = 0..world.body(0).node_count() as u32;
    let speeds = nodes.map(|n| length(world.body(0).velocity(n)));
    speeds.fold(0.0, f64::max)
}

fn volume([a, b, c, d]: [Vec3; 4]) -> f64 {
    let [x, y, z] = [b, c, d].map(|p| [0, 1, 2].map(|i| p[i] - a[i]));
    x[0] * (y[1] * z[2] - y[2] * z[1])
        + x[1] * (y[2] * z[0] - y[0] * z[2])
        + x[2] * (y[0] * z[1] - y[1] * z[0])
}

/// One tetrahedron let go of by all its neighbours, a node drawn through the opposite face, released.
/// Returns J and the fastest node (m/s) 3 s later.
fn turned_inside_out(law: Law, young_modulus: f64, nu: f64, substeps: Option<u32>) -> [f64; 2] {
    let mesh = TetMesh::boxed([0.1; 3], [3; 3]).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let mut world = World::new(1e-3, NONE).unwrap();
    let material = Material {
        law,
        ..Material::soft(young_modulus, nu, 1060.0)
    };
    world.add_soft_body(&mesh, &[material], &bottom).unwrap();
    world.reserve_for_cutting(0, ROOM).unwrap();
    world.force_substeps(substeps).unwrap();
    let inner = |glue: &[u32; 4]| glue.iter().all(|face| *face != u32::MAX);
    let loose = mesh.glue().iter().position(inner).unwrap() as u32;
    let faces = [0, 1, 2, 3].map(|face| 4 * loose + face);
    world.unglue(0, &faces).unwrap();
    let nodes = world.body(0).tetrahedra()[loose as usize];
    let rest = nodes.map(|n| world.body(0).rest_position(n));
    let beyond = |i: usize| 2.0 * ((rest[1][i] + rest[2][i] + rest[3][i]) / 3.0 - rest[0][i]);
    let places = [[0, 1, 2].map(beyond), NONE, NONE, NONE];
    world.body_mut(0).prescribe(&nodes, &places).unwrap();
    (0..30).for_each(|_| world.step());
    let now = |world: &World| volume(nodes.map(|n| world.body(0).position(n))) / volume(rest);
    assert!(now(&world) < -0.9);
    world.body_mut(0).release(&nodes).unwrap();
    (0..3000).for_each(|_| world.step());
    [now(&world), fastest(&world)]
}

#[test]
fn a_loose_element_turned_inside_out_comes_back() {
    for law in LAWS {
        for nu in [0.3, 0.45, 0.49] {
            for young_modulus in [5e3, 1e6] {
                for substeps in [None, Some(1), Some(3)] {
                    let [j, v] = turned_inside_out(law, young_modulus, nu, substeps);
                    println!(
                        "{law:?}, {young_modulus} Pa, nu {nu}, substeps {substeps:?}: after 3 s J {j:.6}, \
                         {v:.1e} m/s"
                    );
                    assert!((j - 1.0).abs() < 1e-3 && v < 1e-2);
                }
            }
        }
    }
}

/// Numbers that look random but repeat (xorshift).
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, n: usize) -> usize {
        (self.throw() % n as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.throw() % (1 << 30)) as f64 / f64::from(1 << 30)
    }
}

/// An edge split anywhere, or most faces let go that lie about across one axis.
fn cut(world: &mut World, dice: &mut Dice) {
    if dice.below(2) == 0 {
        let all = world.body(0).tetrahedra();
        let t = all[dice.below(all.len())];
        let (i, j) = (dice.below(4), dice.below(4));
        let _ = world.split(0, [t[i], t[j]], 0.15 + 0.7 * dice.unit()); // some make slivers: refused
        return;
    }
    let (x, axis) = (0.02 + 0.06 * dice.unit(), dice.below(3));
    let body = world.body(0);
    let beyond = |t: usize| {
        let nodes = body.tetrahedra()[t];
        nodes
            .map(|n| body.rest_position(n)[axis])
            .iter()
            .sum::<f64>()
            > 4.0 * x
    };
    let mut faces = Vec::new();
    for (t, glue) in body.glue().iter().enumerate() {
        for (face, other) in glue.iter().enumerate() {
            let first = *other != u32::MAX && *other as usize / 4 > t;
            if first && beyond(t) != beyond(*other as usize / 4) && dice.unit() < 0.7 {
                faces.push((4 * t + face) as u32);
            }
        }
    }
    world.unglue(0, &faces).unwrap();
}

/// A block set in motion and cut 30 times within 0.3 s. Returns the energy (J) that it had at first, the
/// most that it had after the last cut and what is left after 1.5 s, and the fastest node ever (m/s).
fn storm(material: Material, free: bool, seed: u64) -> [f64; 4] {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mesh = TetMesh::boxed([0.1; 3], [3; 3]).unwrap();
    let gravity = if free { NONE } else { [0.0, 0.0, -9.81] };
    let mut world = World::new(1e-3, gravity).unwrap();
    let bottom = select(&mesh, |p| p[2] == 0.0);
    let top = select(&mesh, |p| p[2] > 0.0999);
    world.add_soft_body(&mesh, &[material], &bottom).unwrap();
    world.reserve_for_cutting(0, ROOM).unwrap();
    let body = world.body_mut(0);
    body.prescribe(&top, &vec![[0.02, 0.01, 0.0]; top.len()])
        .unwrap();
    world.settle(1e-3, 5.0).unwrap();
    world.body_mut(0).release(&top).unwrap();
    if free {
        world.body_mut(0).release(&bottom).unwrap();
    }
    let energy = |world: &World| world.body(0).energy(gravity).total();
    let first = energy(&world);
    let (mut most, mut quickest) = (f64::NEG_INFINITY, 0.0f64);
    for tick in 0..1500 {
        if tick % 10 == 0 && tick < 300 {
            cut(&mut world, &mut dice);
        }
        world.step();
        assert_eq!(world.stats().faults, 0);
        quickest = quickest.max(fastest(&world));
        if tick >= 300 {
            most = most.max(energy(&world));
        }
    }
    [first, most, energy(&world), quickest]
}

#[test]
fn blocks_cut_to_pieces_calm_down() {
    for law in LAWS {
        for nu in [0.45, 0.49] {
            let material = Material {
                law,
                ..Material::soft(1e6, nu, 1060.0)
            };
            for seed in 1..=SEEDS {
                let [first, most, last, quickest] = storm(material, true, seed);
                println!(
                    "{law:?}, nu {nu}, seed {seed}: {first:.2} J at first, at most {most:.1e} J after the \
                     cuts, {last:.1e} J in the end, at most {quickest:.1} m/s"
                );
                assert!(most < 5.0 * first && last < first);
            }
        }
    }
}

#[test]
fn soft_viscous_rags_hang_quietly() {
    let prony = Prony::new(&[[0.4, 0.05], [0.2, 1.0]]).unwrap();
    for law in LAWS {
        for nu in [0.3, 0.45, 0.49] {
            let material = Material {
                law,
                prony,
                ..Material::soft(2e3, nu, 1060.0)
            };
            for seed in 1..=SEEDS {
                let [first, most, last, quickest] = storm(material, false, seed);
                println!(
                    "{law:?}, viscous, nu {nu}, seed {seed}: {first:.2e} J at first, at most {most:.1e} J \
                     after the cuts, {last:.1e} J in the end, at most {quickest:.1} m/s"
                );
                assert!(most < MOST && last < first && quickest < FASTEST);
            }
        }
    }
}
