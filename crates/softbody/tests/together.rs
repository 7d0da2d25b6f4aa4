//! Tools and tissues that share nodes: what each feels depends neither on their order nor on how
//! many substeps are made.

mod common;

use common::{Vec3, select};
use softbody::{Material, TetMesh, ToolShape, World};

/// 5 kPa.
const TISSUE: Material = Material::soft(5e3, 0.45, 1060.0);

/// A box with a corner at `at`.
fn block(at: Vec3, size: Vec3, cells: [usize; 3]) -> TetMesh {
    let mesh = TetMesh::boxed(size, cells).unwrap();
    let moved = |p: &Vec3| [0, 1, 2].map(|i| p[i] + at[i]);
    let points: Vec<Vec3> = mesh.points().iter().map(moved).collect();
    TetMesh::new(&points, mesh.tetrahedra()).unwrap()
}

/// Adds tissue that is held at its bottom.
fn standing(world: &mut World, mesh: &TetMesh) {
    let bottom = select(mesh, |p| p[2] == 0.0);
    world.add_soft_body(mesh, &[TISSUE], &bottom).unwrap();
}

fn length(v: Vec3) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Balls on a slab of 60 x 60 x 20 mm, in the order in which they are added.
struct Balls<'a> {
    cells: [usize; 3],
    radius: f64,
    /// Where they stand along x.
    at: &'a [f64],
    y: f64,
}

impl Balls<'_> {
    /// Presses them by `depth` within 0.5 s and waits. Returns the forces along z in the order of
    /// the places, N, stepped and then settled.
    fn press(&self, depth: f64, reverse: bool, substeps: u32) -> [Vec<f64>; 2] {
        let mut places = self.at.to_vec();
        if reverse {
            places.reverse();
        }
        let mesh = TetMesh::boxed([0.06, 0.06, 0.02], self.cells).unwrap();
        let mut world = World::new(1e-3, [0.0; 3]).unwrap();
        standing(&mut world, &mesh);
        let height = 0.0201 + self.radius;
        for &x in &places {
            let ball = ToolShape::Sphere {
                radius: self.radius,
            };
            world.add_tool(ball, [x, self.y, height], 0.0).unwrap();
        }
        world.force_substeps(Some(substeps)).unwrap();
        for tick in 0..1500 {
            let down = depth * f64::min(1.0, f64::from(tick) / 500.0);
            for (tool, &x) in places.iter().enumerate() {
                world.move_tool(tool, [x, self.y, height - down]);
            }
            world.step();
        }
        let stepped = forces(&world, reverse);
        let sweeps = world.settle(1e-5, 60.0).unwrap();
        let settled = forces(&world, reverse);
        println!(
            "{substeps} substeps, reverse {reverse}: {stepped:.5?} N, \
             settled in {sweeps}: {settled:.5?} N"
        );
        [stepped, settled]
    }
}

/// What each tool feels along z, N, from the last to the first for `reverse`.
fn forces(world: &World, reverse: bool) -> Vec<f64> {
    let mut forces: Vec<f64> = world.tools().iter().map(|t| t.force[2]).collect();
    if reverse {
        forces.reverse();
    }
    forces
}

/// The largest difference of two sets of forces, as a share of the largest force.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    let most = a.iter().fold(0.0, |m, x| f64::max(m, x.abs()));
    let each = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    each.fold(0.0, f64::max) / most
}

/// Two balls side by side, then three in a row, that share the nodes between them.
#[test]
fn the_order_of_tools_does_not_matter() {
    for at in [&[0.027, 0.0371][..], &[0.022, 0.0321, 0.0422]] {
        let balls = Balls {
            cells: [6, 6, 2],
            radius: 0.005,
            at,
            y: 0.03,
        };
        let [stepped, settled] = balls.press(0.004, false, 1);
        let [other, other_settled] = balls.press(0.004, true, 1);
        let [fine, _] = balls.press(0.004, false, 30);
        let order = [apart(&stepped, &other), apart(&settled, &other_settled)];
        let steps = [apart(&stepped, &fine), apart(&stepped, &settled)];
        println!(
            "by order, stepped and settled {order:.5?}; \
             by substeps, and stepped to settled {steps:.5?}"
        );
        assert!(order.iter().all(|x| *x < 1e-3) && steps.iter().all(|x| *x < 5e-3));
    }
}

/// The nearer one to the middle of the element carries all that the flat facet can.
#[test]
fn two_balls_on_one_element_settle() {
    let balls = Balls {
        cells: [4, 4, 2],
        radius: 0.002,
        at: &[0.031, 0.0351],
        y: 0.033,
    };
    let [stepped, settled] = balls.press(0.003, false, 1);
    let [other, other_settled] = balls.press(0.003, true, 6);
    let all = [
        apart(&settled, &stepped),
        apart(&settled, &other),
        apart(&settled, &other_settled),
    ];
    println!("apart {all:.5?}");
    assert!(all.iter().all(|x| *x < 1e-3));
}

/// A ball pressed into the seam of two blocks, whose supports overlap by 1.8 mm.
#[test]
fn a_ball_on_a_seam_is_the_same_for_all_substeps() {
    let mut runs = Vec::new();
    for substeps in [1, 6, 100] {
        let left = block([0.0; 3], [0.03, 0.06, 0.03], [3, 6, 3]);
        let right = block([0.0302, 0.003, 0.0], [0.03, 0.06, 0.031], [3, 6, 3]);
        let mut world = World::new(1e-3, [0.0; 3]).unwrap();
        standing(&mut world, &left);
        standing(&mut world, &right);
        world.set_tissue_friction(0.0).unwrap();
        let ball = ToolShape::Sphere { radius: 0.008 };
        world.add_tool(ball, [0.03, 0.03, 0.04], 0.0).unwrap();
        world.move_supports(1, [-0.002, 0.0, 0.0], 300);
        world.force_substeps(Some(substeps)).unwrap();
        for tick in 0..1500 {
            let down = 0.008 * f64::min(1.0, f64::from(tick) / 500.0);
            world.move_tool(0, [0.03, 0.03, 0.04 - down]);
            world.step();
        }
        let all = |w: &World| [w.tool(0).force, w.tissue_force(0, 1)].concat();
        runs.push(all(&world));
        let sweeps = world.settle(1e-4, 60.0).unwrap();
        runs.push(all(&world));
        let [stepped, settled] = [&runs[runs.len() - 2], &runs[runs.len() - 1]];
        println!(
            "{substeps} substeps: ball and left block feel {stepped:.5?} N, \
             settled in {sweeps}: {settled:.5?} N"
        );
    }
    for part in [0..3, 3..6] {
        let off = runs
            .iter()
            .map(|run| apart(&runs[0][part.clone()], &run[part.clone()]));
        let off = off.fold(0.0, f64::max);
        println!("apart {off:.1e}");
        assert!(off < 5e-3);
    }
}

/// A block on another all of whose nodes are held sinks in by what these give way, not more and
/// more.
#[test]
fn tissue_rests_on_held_tissue() {
    let weight = 9.81 * 1060.0 * 0.02 * 0.02 * 0.04;
    let mut runs = Vec::new();
    for substeps in [1, 6, 50] {
        let floor = block([0.0; 3], [0.06, 0.06, 0.01], [5, 5, 1]);
        let upper = block([0.021, 0.018, 0.01], [0.02, 0.02, 0.04], [2, 2, 4]);
        let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
        world
            .add_soft_body(&floor, &[TISSUE], &select(&floor, |_| true))
            .unwrap();
        world.add_soft_body(&upper, &[TISSUE], &[]).unwrap();
        world.force_substeps(Some(substeps)).unwrap();
        let sunk = |world: &World| {
            let heights =
                (0..world.body(1).node_count() as u32).map(|n| world.body(1).position(n)[2]);
            0.01 - heights.fold(1.0, f64::min)
        };
        let mut after = [0.0; 2];
        for after in &mut after {
            (0..1500).for_each(|_| world.step());
            *after = sunk(&world);
        }
        let force = world.tissue_force(1, 0)[2];
        let sweeps = world.settle(1e-5, 60.0).unwrap();
        let settled = (sunk(&world), world.tissue_force(1, 0)[2]);
        println!(
            "{substeps} substeps: {after:.7?} m deep, {force:.5} N; \
             settled in {sweeps}: {settled:.7?}"
        );
        assert!((force / weight - 1.0).abs() < 2e-3 && (settled.1 / weight - 1.0).abs() < 1e-4);
        runs.extend([after[0], after[1], settled.0]);
    }
    let (least, most) = (
        runs.iter().copied().fold(1.0, f64::min),
        runs.iter().copied().fold(0.0, f64::max),
    );
    println!("sunk in by {least:.3e} to {most:.3e} m");
    assert!(most < 5e-4 && most < 1.05 * least);
}

/// Sum of m v over all bodies, kg m/s.
fn momentum(world: &World) -> Vec3 {
    let mut sum = [0.0; 3];
    for body in world.bodies() {
        for (n, m) in body.masses().iter().enumerate() {
            let v = body.velocity(n as u32);
            for axis in 0..3 {
                sum[axis] += f64::from(*m) * v[axis];
            }
        }
    }
    sum
}

/// A coarse block at 8 m/s hits a fine one at rest: no node goes farther in the tick of the impact
/// than 0.35 of its elements' height (at most a cell's edge), what one block loses the other gains,
/// and that is the force read out.
#[test]
fn tissue_throws_no_nodes() {
    let soft = Material {
        damping: 0.0,
        ..Material::soft(1e3, 0.45, 1060.0)
    };
    let (dt, cell) = (1e-4, 1e-3);
    let coarse = block([-0.0211, 0.0, 0.0], [0.02; 3], [2, 2, 2]);
    let fine = block([0.0, 0.0063, 0.0057], [0.004, 0.008, 0.008], [4, 8, 8]);
    for friction in [0.0, 0.3] {
        let mut world = World::new(dt, [0.0; 3]).unwrap();
        world.set_tissue_friction(friction).unwrap();
        world.force_substeps(Some(1)).unwrap();
        for mesh in [&coarse, &fine] {
            let all = select(mesh, |_| true);
            world.add_soft_body(mesh, &[soft], &all).unwrap();
        }
        let thrown = select(&coarse, |_| true);
        let ahead = vec![[8.0 * dt, 1.0 * dt, 0.0]; thrown.len()];
        world.body_mut(0).prescribe(&thrown, &ahead).unwrap();
        world.step();
        for b in 0..2 {
            let all: Vec<u32> = (0..world.body(b).node_count() as u32).collect();
            world.body_mut(b).release(&all).unwrap();
        }
        let mut before = momentum(&world);
        let places = |world: &World| -> Vec<Vec3> {
            (0..world.body(1).node_count() as u32)
                .map(|n| world.body(1).position(n))
                .collect()
        };
        let start = places(&world);
        while length(world.tissue_force(1, 0)) == 0.0 {
            before = momentum(&world);
            world.step();
        }
        let way = |(a, b): (&Vec3, &Vec3)| length([0, 1, 2].map(|i| a[i] - b[i]));
        let farthest = start
            .iter()
            .zip(&places(&world))
            .map(way)
            .fold(0.0, f64::max);
        let (after, force) = (momentum(&world), world.tissue_force(1, 0));
        let lost = length([0, 1, 2].map(|i| after[i] - before[i])) / length(before);
        let mut given = [0.0; 3];
        for (n, m) in world.body(1).masses().iter().enumerate() {
            let v = world.body(1).velocity(n as u32);
            (0..3).for_each(|i| given[i] += f64::from(*m) * v[i]);
        }
        let read = length([0, 1, 2].map(|i| force[i] * dt - given[i])) / length(given);
        let reach = 0.35 * cell;
        let cone = force[1].hypot(force[2]) / force[0];
        println!(
            "friction {friction}: {force:.2?} N, tangential {cone:.4} of normal; \
             farthest {:.4} of reach; momentum lost {lost:.1e}; impulse off {read:.1e}; guard {}",
            farthest / reach,
            world.stats().guard
        );
        assert_eq!(world.stats().floored_fraction, 0.0);
        assert!(world.stats().guard && farthest > 0.5 * reach && farthest < 1.0001 * reach);
        assert!(lost < 1e-5 && read < 1e-5 && cone < friction + 1e-6);
    }
}

/// Two jaws that close on the rim of a flap until they overlap by 2 mm cannot both have their way
/// with the nodes between them: the tissue slips out, and no force grows without bound.
#[test]
fn closing_jaws_meet_no_more_than_tissue_can_bear() {
    for (y, friction) in [(0.019, 0.0), (0.019, 0.5), (0.0205, 0.0), (0.0205, 0.5)] {
        let flap = TetMesh::boxed([0.03, 0.02, 0.002], [10, 7, 1]).unwrap();
        let mut world = World::new(1e-3, [0.0; 3]).unwrap();
        let root = select(&flap, |p| p[1] == 0.0);
        world.add_soft_body(&flap, &[TISSUE], &root).unwrap();
        let jaw = ToolShape::Box {
            half_extents: [0.004, 0.006, 0.002],
            rounding: 0.0005,
        };
        let place = |side: f64, open: f64| [0.0151, y, 0.001 + side * (0.002 + open)];
        for side in [-1.0, 1.0] {
            world.add_tool(jaw, place(side, 0.0015), friction).unwrap();
        }
        let mut shut = world.clone();
        let mut most: f64 = 0.0;
        for tick in 0..600 {
            let open = 0.0015 - 2.5e-5 * f64::from(tick.min(100));
            world.move_tool(0, place(-1.0, open));
            world.move_tool(1, place(1.0, open));
            world.step();
            let forces = world.tools().iter().map(|t| length(t.force));
            most = forces.fold(most, f64::max);
        }
        let left = world
            .tools()
            .iter()
            .map(|t| length(t.force))
            .fold(0.0, f64::max);
        println!("jaws at {y}, friction {friction}: at most {most:.2} N, at the end {left:.4} N");
        assert!(most < 6.0 && left < 0.05);
        for (tool, side) in [(0, -1.0), (1, 1.0)] {
            shut.move_tool(tool, place(side, -0.001));
        }
        let sweeps = shut.settle(1e-4, 1.0);
        let held = shut
            .tools()
            .iter()
            .map(|t| length(t.force))
            .fold(0.0, f64::max);
        println!("settled from where they are open: {held:.2} N, {sweeps:?}");
        assert!(held < 20.0);
    }
}
