//! What a tool touches, point by point, and what it would touch next.

use softbody::{Material, Pose, TetMesh, ToolShape, World};

const RADIUS: f64 = 0.008;
const TOP: f64 = 0.04;

/// A block with its top at `TOP`, held at the bottom, and `shape` at (0.05, `y`, 0.05).
fn world(shape: ToolShape, y: f64) -> World {
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    let mesh = TetMesh::boxed([0.1, TOP, 0.1], [8, 4, 8]).unwrap();
    let bottom: Vec<u32> = (0..mesh.points().len() as u32)
        .filter(|n| mesh.points()[*n as usize][1] < 1e-9)
        .collect();
    let liver = Material::soft(6_270.0, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[liver], &bottom).unwrap();
    world.add_tool(shape, [0.05, y, 0.05], 0.1).unwrap();
    world
}

fn sphere(y: f64) -> World {
    world(ToolShape::Sphere { radius: RADIUS }, y)
}

#[test]
fn forces_of_the_points_add_up_to_that_of_the_tool() {
    let mut world = sphere(TOP + RADIUS);
    for i in 1..=200 {
        let depth = 0.005 * f64::from(i) / 200.0;
        world.move_tool(0, [0.05, TOP + RADIUS - depth, 0.05]);
        world.step();
    }
    (0..300).for_each(|_| world.step());
    let tool = world.tool(0);
    let mut sum = [0.0; 3];
    for contact in tool.contacts() {
        for axis in 0..3 {
            sum[axis] += contact.force[axis];
        }
        // On the ball, pushed away from the block.
        let from_centre: f64 = (0..3)
            .map(|i| (contact.point[i] - tool.position[i]).powi(2))
            .sum();
        assert!((from_centre.sqrt() - RADIUS).abs() < 1e-9);
        assert!(contact.normal[1] > 0.3, "{contact:?}");
        assert_eq!(contact.body, 0);
    }
    assert_eq!(tool.contacts().count(), tool.contact_count as usize);
    assert!(tool.force[1] > 0.1);
    for axis in 0..3 {
        assert!((sum[axis] - tool.force[axis]).abs() < 1e-3 * tool.force[1]);
    }
    assert_eq!((tool.friction(), tool.gauge()), (0.1, RADIUS));
}

#[test]
fn the_nearest_place_is_found_before_it_is_touched() {
    let world = sphere(TOP + RADIUS + 0.003);
    let near = world.approach(0, 0, 0.005).unwrap();
    assert!((near.gap - 0.003).abs() < 1e-7, "{near:?}");
    assert!((near.normal[1] - 1.0).abs() < 1e-6);
    assert!((near.point[1] - (TOP + 0.003)).abs() < 1e-7);
    assert_eq!(world.approach(0, 0, 0.002), None, "out of reach");
    assert_eq!(world.tool(0).contacts().count(), 0);
    let deep = sphere(TOP - 0.002).approach(0, 0, 0.005);
    assert_eq!(deep, None, "its centre is inside");
    let pressed = sphere(TOP + RADIUS - 0.003).approach(0, 0, 0.005).unwrap();
    assert!((pressed.gap + 0.003).abs() < 1e-7, "{pressed:?}");
}

#[test]
fn corners_and_faces_of_a_box_are_seen() {
    let shape = ToolShape::Box {
        half_extents: [0.01, 0.005, 0.01],
        rounding: 0.001,
    };
    let world = world(shape, TOP + 0.005 + 0.002);
    let near = world.approach(0, 0, 0.01).unwrap();
    assert!((near.gap - 0.002).abs() < 1e-6, "{near:?}");
    assert!(near.normal[1] > 0.999);
}

#[test]
fn a_longer_tick_comes_to_the_same_rest() {
    let press = |dt: f64, seconds: f64| {
        let mut world = sphere(TOP + RADIUS - 0.001);
        world.set_dt(dt).unwrap();
        world.pose_tool(0, Pose::from([0.05, TOP + RADIUS - 0.005, 0.05]));
        for _ in 0..(seconds / dt).round() as usize {
            world.step();
        }
        assert_eq!(world.dt(), dt);
        world.tool(0).force[1]
    };
    let (quick, slow) = (press(1e-3, 2.0), press(0.016, 4.0));
    assert!((slow / quick - 1.0).abs() < 0.01, "{slow} N, {quick} N");
    let mut world = sphere(TOP);
    assert!(world.set_dt(0.0).is_err() && world.set_dt(0.2).is_err() && world.dt() == 1e-3);
    assert_eq!(world.body(0).materials()[0].young_modulus, 6_270.0);
}
