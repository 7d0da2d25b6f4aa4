//! What no trainee should do, and some will: nodes torn away, shaken and scrambled, tools thrown
//! through the tissue, gravity of a star. Numbers stay finite, speeds bounded, and the tissue comes
//! back.

mod common;

use common::{Vec3, nearest, select};
use softbody::{Material, TetMesh, ToolShape, World};

const NONE: Vec3 = [0.0; 3];
/// No node may ever be faster, m/s.
const FASTEST: f64 = 100.0;
/// How near to its settled place each node is a second later, m.
const BACK: f64 = 0.5e-3;

/// Block of 0.05 m and 6 cells a side (8.3 mm), or of 0.018 m with 3 mm cells; Young's modulus (Pa),
/// Poisson's ratio.
#[derive(Clone, Copy)]
struct Case {
    size: f64,
    young_modulus: f64,
    poisson_ratio: f64,
}

const CASES: [Case; 3] = [
    case(0.05, 5e3, 0.45),
    case(0.05, 50e3, 0.45),
    case(0.018, 5e3, 0.49),
];

const fn case(size: f64, young_modulus: f64, poisson_ratio: f64) -> Case {
    Case {
        size,
        young_modulus,
        poisson_ratio,
    }
}

/// A block under its weight, at rest, and where its nodes are then.
struct Victim {
    what: String,
    mesh: TetMesh,
    world: World,
    rest: Vec<Vec3>,
    /// Largest speed met, m/s.
    fastest: f64,
    ticks_on_guard: u32,
    faults: u32,
}

impl Victim {
    fn new(case: Case) -> Self {
        Self::under(case, [0.0, 0.0, -9.81])
    }

    fn under(case: Case, gravity: Vec3) -> Self {
        let mesh = TetMesh::boxed([case.size; 3], [6; 3]).unwrap();
        let bottom = select(&mesh, |p| p[2] == 0.0);
        let mut world = World::new(1e-3, gravity).unwrap();
        let material = Material::soft(case.young_modulus, case.poisson_ratio, 1060.0);
        world.add_soft_body(&mesh, &[material], &bottom).unwrap();
        let what = format!(
            "{} mm, {} kPa, nu {}",
            1e3 * case.size,
            1e-3 * case.young_modulus,
            case.poisson_ratio
        );
        Self {
            what,
            rest: mesh.points().to_vec(),
            mesh,
            world,
            fastest: 0.0,
            ticks_on_guard: 0,
            faults: 0,
        }
    }

    fn settled(mut self) -> Self {
        self.world.settle(1e-5, 60.0).unwrap();
        self.rest = self.positions();
        self
    }

    fn positions(&self) -> Vec<Vec3> {
        let mut positions = vec![NONE; self.mesh.points().len()];
        self.world.body(0).write_positions(&mut positions);
        positions
    }

    fn step(&mut self) {
        self.world.step();
        let body = self.world.body(0);
        for n in 0..body.node_count() as u32 {
            let (p, v) = (body.position(n), body.velocity(n));
            assert!(p.iter().chain(&v).all(|x| x.is_finite()), "node {n}");
            if body.supports().binary_search(&n).is_err() {
                self.fastest = self.fastest.max(length(v));
            }
        }
        self.ticks_on_guard += u32::from(self.world.stats().guard);
        self.faults += self.world.stats().faults;
    }

    /// Holds `nodes` `away` from where they settled.
    fn hold(&mut self, nodes: &[u32], away: impl Fn(u32) -> Vec3) {
        let place = |n: &u32| {
            let (settled, rest) = (self.rest[*n as usize], self.mesh.points()[*n as usize]);
            let away = away(*n);
            [0, 1, 2].map(|i| settled[i] - rest[i] + away[i])
        };
        let places: Vec<Vec3> = nodes.iter().map(place).collect();
        self.world.body_mut(0).prescribe(nodes, &places).unwrap();
    }

    fn release(&mut self, nodes: &[u32]) {
        self.world.body_mut(0).release(nodes).unwrap();
    }

    fn free_nodes(&self) -> Vec<u32> {
        select(&self.mesh, |p| p[2] > 0.0)
    }

    /// Largest distance of a node from where it settled, m.
    fn off(&self) -> f64 {
        let each = self.positions().into_iter().zip(&self.rest);
        each.map(|(p, q)| length([0, 1, 2].map(|i| p[i] - q[i])))
            .fold(0.0, f64::max)
    }

    /// A second without abuse. Returns whether the tissue came back and was never too fast.
    fn recovers(&mut self, abuse: &str) -> bool {
        let mut back = None;
        for tick in 1..=1000 {
            self.step();
            if self.off() > BACK {
                back = None;
            } else {
                back = back.or(Some(tick));
            }
        }
        println!(
            "{}, {abuse}: at most {:.1} m/s, {:.3} mm off after 1 s (within {} mm from tick {back:?}), \
             {} ticks on guard",
            self.what,
            self.fastest,
            1e3 * self.off(),
            1e3 * BACK,
            self.ticks_on_guard
        );
        assert_eq!(self.faults, 0);
        self.fastest < FASTEST && self.off() < BACK
    }
}

fn torn_away(case: Case, place: &str, away: Vec3) -> bool {
    let mut victim = Victim::new(case).settled();
    let height = if place == "inner" { 0.5 } else { 1.0 };
    let across = if place == "corner" { 1.0 } else { 0.5 };
    let at = [across, across, height].map(|x| x * case.size);
    let node = nearest(&victim.mesh, at);
    victim.hold(&[node], |_| away);
    victim.step();
    victim.release(&[node]);
    victim.recovers(&format!("{place} node by {away:?} m"))
}

fn length(v: Vec3) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

const PLACES: [&str; 3] = ["inner", "corner", "face"];
const WAYS: [Vec3; 3] = [[0.05, 0.0, 0.0], [0.0, 0.0, 0.05], [0.0, 0.0, -0.05]];

#[test]
fn a_node_is_torn_away_by_50_mm() {
    for case in CASES {
        for place in PLACES {
            for away in WAYS {
                assert!(torn_away(case, place, away));
            }
        }
    }
}

#[test]
fn a_node_is_shaken_by_50_mm() {
    for case in CASES {
        for (place, height) in [("inner", 0.5), ("face", 1.0)] {
            let mut victim = Victim::new(case).settled();
            let at = [0.5 * case.size, 0.5 * case.size, height * case.size];
            let node = nearest(&victim.mesh, at);
            for tick in 0..200 {
                let way = if tick / 5 % 2 == 0 { 0.05 } else { -0.05 };
                victim.hold(&[node], |_| [way, 0.0, 0.0]);
                victim.step();
            }
            victim.release(&[node]);
            assert!(victim.recovers(&format!("{place} node shaken")));
        }
    }
}

/// Numbers in [-1, 1) that look random but repeat (SplitMix64).
fn scatter(seed: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    (x >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// Every free node somewhere else for a tick, up to `share` edges along each axis.
fn scrambled(case: Case, share: f64, seed: u64) -> bool {
    let mut victim = Victim::new(case).settled();
    let edge = case.size / 6.0;
    let free = victim.free_nodes();
    let away =
        |n: u32| [0, 1, 2].map(|i| share * edge * scatter(1_000_000 * seed + u64::from(3 * n + i)));
    victim.hold(&free, away);
    victim.step();
    victim.release(&free);
    victim.recovers(&format!("scrambled by {share} edges, seed {seed}"))
}

#[test]
fn every_node_is_scrambled() {
    for seed in 1..=2 {
        for share in [0.25, 0.5, 0.75] {
            assert!(scrambled(CASES[0], share, seed));
            assert!(scrambled(CASES[1], share, seed));
            assert!(scrambled(CASES[2], share, seed));
        }
    }
}

#[test]
fn every_node_of_a_fine_mesh_is_scrambled_at_nu_0_49() {
    (1..=10).for_each(|seed| assert!(scrambled(CASES[2], 0.75, seed), "seed {seed}"));
}

/// 100 mm in a tick, four times; `share` is the tool's radius over the size of the block.
fn thrown_through(case: Case, share: f64) -> bool {
    let mut victim = Victim::new(case).settled();
    let radius = share * case.size;
    let at = |x: f64| [x, 0.47 * case.size, 0.6 * case.size];
    let (near, far) = (-0.025, 0.075);
    let ball = ToolShape::Sphere { radius };
    let tool = victim.world.add_tool(ball, at(near), 0.3).unwrap();
    let mut most: f64 = 0.0;
    for x in [far, near, far, near] {
        victim.world.move_tool(tool, at(x));
        victim.step();
        most = most.max(length(victim.world.tool(tool).force));
    }
    victim.recovers(&format!(
        "tool of {:.1} mm thrown through, at most {most:.0} N",
        1e3 * radius
    ))
}

#[test]
fn a_small_tool_is_thrown_through_the_block_and_back() {
    for case in CASES {
        assert!(thrown_through(case, 0.1));
    }
}

/// Where the tick has 3 or more substeps the tool stands inside the tissue in some of them.
#[test]
fn a_large_tool_is_thrown_through_the_block_and_back() {
    for case in CASES {
        assert!(thrown_through(case, 0.3));
    }
}

#[test]
fn any_gravity_is_finite() {
    for case in CASES {
        for g in [0.0, 1e2, 1e4] {
            let mut victim = Victim::under(case, [0.0, 0.3 * g, -g]);
            (0..500).for_each(|_| victim.step());
            println!(
                "{}, gravity {g} m/s^2: at most {:.1} m/s, moved by at most {:.1} mm, {} faults",
                victim.what,
                victim.fastest,
                1e3 * victim.off(),
                victim.faults
            );
            assert!(victim.fastest < FASTEST && victim.faults == 0);
            assert!(g > 0.0 || victim.off() == 0.0);
        }
    }
}
