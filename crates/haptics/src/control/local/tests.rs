use softbody::UPRIGHT;

use super::*;

const UP: [f64; 3] = [0.0, 1.0, 0.0];

fn model(rows: &[Row]) -> LocalModel {
    let mut model = LocalModel::empty(Pose::from([0.0; 3]), 0, 16);
    rows.iter().for_each(|row| assert!(model.push(*row)));
    model
}

fn at(x: f64, y: f64) -> Pose {
    Pose::from([x, y, 0.0])
}

#[test]
fn a_wall_is_as_stiff_as_the_coupling() {
    let wall = model(&[Row::wall(UP, [0.0, -0.01, 0.0], [0.0; 3])]);
    let felt = wall.feel(&at(0.003, -0.012), &alike(1_500.0));
    assert!((felt.force[1] - 3.0).abs() < 1e-12, "{felt:?}");
    assert_eq!((felt.force[0], felt.contacts), (0.0, 1));
    assert_eq!(
        wall.feel(&at(0.0, -0.0099), &alike(1_500.0)),
        Felt::default()
    );
    // Without a coupling something has to give way.
    let felt = wall.feel(&at(0.0, -0.011), &alike(f64::INFINITY));
    assert!((felt.force[1] - 20.0).abs() < 1e-9, "{felt:?}");
}

#[test]
fn a_spring_and_the_coupling_are_in_series() {
    for k in [20.0, 300.0, 2_000.0] {
        let spring = model(&[Row::spring(UP, [0.0; 3], [0.0; 3], k)]);
        let felt = spring.feel(&at(0.0, -0.002), &alike(1_500.0));
        let series = 1.0 / (1.0 / k + 1.0 / 1_500.0);
        assert!((felt.force[1] - 0.002 * series).abs() < 1e-12);
    }
}

#[test]
fn a_round_contact_follows_hertz_whatever_the_coupling() {
    let c = 930.0;
    for stiffness in [5.0, 100.0, 1_500.0, 1e5, f64::INFINITY] {
        for depth in [1e-6, 1e-4, 3e-3, 0.02] {
            let row = Row {
                law: Law::Round(c),
                ..Row::wall(UP, [0.0; 3], [0.0; 3])
            };
            let felt = model(&[row]).feel(&at(0.0, -depth), &alike(stiffness));
            let d = depth - felt.force[1] / stiffness;
            let error = felt.force[1] / (c * d.powf(1.5)) - 1.0;
            assert!(error.abs() < 1e-9, "{stiffness} {depth}: {error}");
        }
    }
}

#[test]
fn two_walls_make_a_groove_and_each_carries_its_part() {
    let slant = |x: f64| [x * 0.5_f64.sqrt(), 0.5_f64.sqrt(), 0.0];
    let walls = [1.0, -1.0].map(|x| Row::wall(slant(x), [0.0; 3], [0.0; 3]));
    let felt = model(&walls).feel(&at(0.0, -0.002), &alike(1_000.0));
    // The tool is pushed straight up to the bottom of the groove.
    assert!((felt.force[1] - 2.0).abs() < 1e-6, "{felt:?}");
    assert!(felt.force[0].abs() < 1e-6 && felt.contacts == 2);
    // Beside it only one wall is met.
    let felt = model(&walls).feel(&at(0.003, -0.002), &alike(1_000.0));
    assert!(felt.contacts == 1 && felt.force[0] < 0.0);
}

#[test]
fn friction_sticks_and_then_slides_at_its_cone() {
    let row = Row {
        shear: 400.0,
        friction: 0.3,
        ..Row::spring(UP, [0.0; 3], [0.0; 3], 500.0)
    };
    let rough = model(&[row]);
    let felt = rough.feel(&at(0.0002, -0.002), &alike(1_000.0));
    // In series with the coupling along the surface, too.
    let stuck = -0.0002 / (1.0 / 400.0 + 1.0 / 1_000.0);
    assert!((felt.force[0] - stuck).abs() < 1e-9, "{felt:?}");
    let felt = rough.feel(&at(0.01, -0.002), &alike(1_000.0));
    assert!(
        (felt.force[0] + 0.3 * felt.force[1]).abs() < 1e-9,
        "{felt:?}"
    );
    // What was there at the reference stays there.
    let row = Row {
        along: [0.05, 0.0, 0.0],
        ..row
    };
    let felt = model(&[row]).feel(&at(0.0, -0.002), &alike(f64::INFINITY));
    assert!((felt.force[0] - 0.05).abs() < 1e-12);
}

#[test]
fn a_coupling_that_is_softer_in_one_direction_is_solved_as_well() {
    let soft = [[4e-3, 0.0, 0.0], [0.0, 1e-3, 0.0], [0.0, 0.0, 2e-4]];
    let row = Row {
        shear: 700.0,
        friction: 10.0,
        ..Row::spring(UP, [0.0; 3], [0.0; 3], 500.0)
    };
    let pose = Pose::from([0.001, -0.004, 0.001]);
    let felt = model(&[row]).feel(&pose, &soft);
    for (axis, c, k) in [(0, 4e-3, 700.0), (1, 1e-3, 500.0), (2, 2e-4, 700.0)] {
        let series = -pose.position[axis] / (1.0 / k + c);
        assert!((felt.force[axis] / series - 1.0).abs() < 1e-3, "{felt:?}");
    }
}

#[test]
fn a_point_beside_the_tools_position_turns_with_it_and_makes_a_torque() {
    let row = Row {
        point: [0.1, 0.0, 0.0],
        ..Row::spring(UP, [0.0; 3], [0.0; 3], 200.0)
    };
    let half = 0.05_f64;
    let turned = Pose {
        position: [0.0; 3],
        orientation: [half.cos(), 0.0, 0.0, -half.sin()],
    };
    let felt = model(&[row]).feel(&turned, &alike(f64::INFINITY));
    let down = 0.1 * (2.0 * half).sin();
    assert!((felt.force[1] - 200.0 * down).abs() < 1e-9, "{felt:?}");
    let lever = 0.1 * (2.0 * half).cos();
    assert!((felt.torque[2] - lever * felt.force[1]).abs() < 1e-9);
    assert_eq!(turned.orientation[1], UPRIGHT[1]);
}

#[test]
fn a_row_fades_beyond_where_it_holds() {
    let row = Row {
        reach: 0.01,
        ..Row::spring(UP, [0.0; 3], [0.0; 3], 100.0)
    };
    let force = |x: f64| {
        model(&[row])
            .feel(&at(x, -0.001), &alike(f64::INFINITY))
            .force[1]
    };
    assert!((force(0.009) - 0.1).abs() < 1e-12);
    assert!(force(0.015) < 0.06 && force(0.015) > 0.04);
    assert_eq!(force(0.021), 0.0);
    let wall = Row {
        reach: 0.01,
        ..Row::wall(UP, [0.0; 3], [0.0; 3])
    };
    let gone = model(&[wall]).feel(&at(0.03, -0.001), &alike(1_000.0));
    assert_eq!(gone, Felt::default());
}

#[test]
fn what_is_no_number_is_not_taken_and_does_not_come_out() {
    let mut model = LocalModel::empty(Pose::from([0.0; 3]), 0, 16);
    for bad in [f64::NAN, f64::INFINITY] {
        let wall = Row::wall(UP, [0.0; 3], [0.0; 3]);
        assert!(!model.push(Row { gap: bad, ..wall }));
        assert!(!model.push(Row {
            law: Law::Round(bad),
            ..wall
        }));
        assert!(!model.push(Row {
            along: [bad, 0.0, 0.0],
            ..wall
        }));
    }
    assert!(!model.push(Row {
        law: Law::Spring(-1.0),
        ..Row::wall(UP, [0.0; 3], [0.0; 3])
    }));
    assert!(model.rows().is_empty());
    for _ in 0..MOST_ROWS {
        assert!(model.push(Row::wall(UP, [0.0; 3], [0.0; 3])));
    }
    assert!(!model.push(Row::wall(UP, [0.0; 3], [0.0; 3])), "it is full");
    let nowhere = model.feel(&at(f64::NAN, 0.0), &alike(1_000.0));
    assert_eq!(nowhere, Felt::default());
    let far = model.feel(&at(0.0, -1e308), &alike(1_000.0));
    assert!(finite(far.force));
}
