//! Fast tools do not pass through thin tissue.

mod common;

use common::{Vec3, select};
use softbody::{Material, TetMesh, ToolShape, World};

/// A sheet of 60 x 60 x 8 mm, 5 kPa, held at its rim, its top at z = 8 mm.
fn sheet(substeps: Option<u32>) -> World {
    let mesh = TetMesh::boxed([0.06, 0.06, 0.008], [15, 15, 2]).unwrap();
    let rim = select(&mesh, |p| (0..2).any(|i| p[i] == 0.0 || p[i] == 0.06));
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    let tissue = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[tissue], &rim).unwrap();
    world.force_substeps(substeps).unwrap();
    world
}

/// The farthest that a node of the sheet has moved, m, and the fastest it moves, m/s.
fn most(world: &World) -> (f64, f64) {
    let length = |v: Vec3| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    let body = world.body(0);
    let nodes = 0..body.node_count() as u32;
    nodes.fold((0.0, 0.0), |(way, speed): (f64, f64), n| {
        (
            way.max(length(body.displacement(n))),
            speed.max(length(body.velocity(n))),
        )
    })
}

/// A tool above the sheet, driven along z.
struct Thrust {
    world: World,
    tool: usize,
    height: f64,
    /// The largest met so far, N and m/s.
    force: f64,
    fastest: f64,
}

impl Thrust {
    fn new((shape, height): (ToolShape, f64), substeps: Option<u32>) -> Self {
        let mut world = sheet(substeps);
        let at = [0.0293, 0.0311, 0.010 + height];
        let tool = world.add_tool(shape, at, 0.2).unwrap();
        Self {
            world,
            tool,
            height,
            force: 0.0,
            fastest: 0.0,
        }
    }

    /// To `down` below where it was; it touches after 2 mm.
    fn go(&mut self, down: f64) {
        let at = [0.0293, 0.0311, 0.010 + self.height - down];
        self.world.move_tool(self.tool, at);
        self.world.step();
        self.force = self.force.max(self.world.tool(self.tool).force[2]);
        self.fastest = self.fastest.max(most(&self.world).1);
    }

    /// Mean force in `ticks` of standing still, N.
    fn wait(&mut self, down: f64, ticks: u32) -> f64 {
        let each = (0..ticks).map(|_| {
            self.go(down);
            self.world.tool(self.tool).force[2]
        });
        each.sum::<f64>() / f64::from(ticks)
    }
}

/// Goes down by `way` at `speed`, stays for 0.3 s (or, `brief`, 10 ms), leaps back and waits for a second.
/// Returns the largest force.
fn thrust(tool: (ToolShape, f64), speed: f64, way: f64, brief: bool, substeps: Option<u32>) -> f64 {
    let mut thrust = Thrust::new(tool, substeps);
    let ticks = (way / speed / 1e-3).round() as u32;
    for tick in 1..=ticks {
        thrust.go(way * f64::from(tick) / f64::from(ticks));
    }
    if !brief {
        thrust.wait(way, 200); // it may bounce
    }
    let held = thrust.wait(way, if brief { 10 } else { 100 });
    let (deep, _) = most(&thrust.world);
    thrust.wait(0.0, 1000);
    let (left, _) = most(&thrust.world);
    println!(
        "{:?}, {speed} m/s for {:.0} mm, {substeps:?} substeps: at most {:.2} N and {:.1} m/s, held with \
         {held:.3} N, the sheet {:.1} mm deep, {:.3} mm off a second after",
        tool.0,
        1e3 * way,
        thrust.force,
        thrust.fastest,
        1e3 * deep,
        1e3 * left
    );
    assert!(held > 0.0, "the tool went through");
    assert_eq!(thrust.world.tool(thrust.tool).force, [0.0; 3]);
    assert!(left < 0.5e-3, "the sheet did not come back");
    thrust.force
}

fn tools() -> [(ToolShape, f64); 5] {
    let ball = |radius| (ToolShape::Sphere { radius }, radius);
    let rod = ToolShape::Capsule {
        radius: 0.001,
        half_length: 0.008,
        axis: [1.0, 0.2, 0.0],
    };
    let plate = |half_extents: Vec3| {
        let shape = ToolShape::Box {
            half_extents,
            rounding: 0.0,
        };
        (shape, half_extents[2])
    };
    // A blade of 1 mm edge on, and lying flat.
    let (blade, flat) = (plate([0.006, 0.0005, 0.005]), plate([0.006, 0.005, 0.0005]));
    [ball(0.001), ball(0.005), (rod, 0.001), blade, flat]
}

#[test]
fn fast_tools_do_not_tunnel() {
    for tool in tools() {
        let forces = [0.1, 1.0, 12.0].map(|v| thrust(tool, v, 0.012, false, None));
        println!("largest forces: {forces:.2?} N");
        thrust(tool, 12.0, 0.012, false, Some(1));
    }
}

#[test]
fn a_leap_of_100_mm_does_not_tunnel() {
    for tool in tools() {
        for substeps in [None, Some(1)] {
            thrust(tool, 100.0, 0.1, true, substeps);
        }
    }
}
