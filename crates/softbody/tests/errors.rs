//! Every refusal, word by word: what, where, what to do.

use softbody::{Law, Material, MeshError, SettleError, TetMesh, ToolShape, World};

const TET: [[f64; 3]; 4] = [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

fn refused(points: &[[f64; 3]], tetrahedra: &[[u32; 4]]) -> String {
    TetMesh::new(points, tetrahedra).unwrap_err().to_string()
}

fn with(extra: &[[f64; 3]]) -> Vec<[f64; 3]> {
    TET.iter().chain(extra).copied().collect()
}

#[test]
fn meshes() {
    let one = [[0, 1, 2, 3]];
    assert_eq!(
        refused(&[], &[]),
        "the mesh is empty (0 nodes, 0 tetrahedra); give at least one tetrahedron"
    );
    let mut nan = TET;
    nan[2][1] = f64::NAN;
    assert_eq!(
        refused(&nan, &one),
        "node 2 has a coordinate that is not a finite number; check the points array"
    );
    assert_eq!(
        refused(&TET, &[[0, 1, 2, 4]]),
        "tetrahedron 0 names node 4, but there are only 4 nodes; ids start at 0"
    );
    let mut flat = TET;
    flat[3] = [1.0, 1.0, 0.0];
    assert_eq!(
        refused(&flat, &one),
        "tetrahedron 0 is flat (its four nodes lie in a plane); remove it or move its nodes"
    );
    assert_eq!(
        refused(&TET, &[[0, 1, 2, 3], [3, 1, 2, 0]]),
        "tetrahedra 0 and 1 have the same four nodes; remove one of them"
    );
    assert_eq!(
        refused(&with(&[[2.0, 2.0, 2.0]]), &[[0, 1, 2, 3], [0, 1, 2, 4]]),
        "tetrahedra 0 and 1 lie on the same side of their common face (one of them is inverted); \
         repair the mesh"
    );
    assert_eq!(
        refused(
            &with(&[[0.3, 0.3, -1.0], [0.3, 0.3, -2.0]]),
            &[[0, 1, 2, 3], [0, 1, 2, 4], [0, 1, 2, 5]]
        ),
        "more than two tetrahedra share one face of tetrahedron 0; repair the mesh"
    );
    assert_eq!(
        refused(&with(&[[5.0; 3]]), &one),
        "node 4 belongs to no tetrahedron; remove it from the points"
    );
    let error = TetMesh::boxed([0.1, 0.0, 0.1], [1, 1, 0]).unwrap_err();
    assert!(matches!(error, MeshError::BadBox { .. }));
    assert_eq!(
        error.to_string(),
        "a box needs positive sizes and at least one cell a side, not [0.1, 0.0, 0.1] m with \
         [1, 1, 0] cells"
    );
}

#[test]
fn boxes_beyond_32_bit_ids() {
    for cells in [[2000, 2000, 2000], [usize::MAX; 3], [1, 1, usize::MAX]] {
        let error = TetMesh::boxed([0.1; 3], cells).unwrap_err();
        assert!(matches!(error, MeshError::TooLarge { .. }), "{error}");
    }
    assert_eq!(
        TetMesh::boxed([0.1; 3], [1000; 3]).unwrap_err().to_string(),
        "the mesh has 1003003001 nodes and 6000000000 tetrahedra, but at most 268435454 and \
         1073741823 can be numbered; use larger elements"
    );
}

#[test]
fn either_orientation_is_accepted_and_reported() {
    let mesh = TetMesh::new(&TET, &[[0, 2, 1, 3]]).unwrap();
    assert_eq!(
        (mesh.report().flipped, mesh.tetrahedra()[0]),
        (1, [0, 1, 2, 3])
    );
}

#[test]
fn materials() {
    let fine = Material::soft(5e3, 0.45, 1060.0);
    let refused = |m: Material| m.validate().unwrap_err().to_string();
    assert_eq!(
        refused(Material {
            young_modulus: -1.0,
            ..fine
        }),
        "young_modulus is -1, but it must be a positive number of pascals"
    );
    for nu in [0.0, 0.5, 0.7, f64::NAN] {
        assert_eq!(
            refused(Material {
                poisson_ratio: nu,
                ..fine
            }),
            format!("poisson_ratio is {nu}, but it must be between 0 and 0.5, both excluded")
        );
    }
    assert_eq!(
        refused(Material {
            density: f64::INFINITY,
            ..fine
        }),
        "density is inf, but it must be a positive number of kg/m^3"
    );
    assert_eq!(
        refused(Material {
            damping: -2.0,
            law: Law::NeoHookean,
            ..fine
        }),
        "damping is -2, but it must be a rate of 0 or more per second"
    );
}

#[test]
fn worlds() {
    let mesh = TetMesh::boxed([0.1; 3], [1; 3]).unwrap();
    let soft = Material::soft(5e3, 0.45, 1060.0);
    assert_eq!(
        World::new(0.0, [0.0; 3]).unwrap_err().to_string(),
        "dt is 0, but it must be more than 0 and at most 0.1 s"
    );
    assert_eq!(
        World::new(1e-3, [0.0, f64::NAN, 0.0])
            .unwrap_err()
            .to_string(),
        "gravity is not finite; give three finite numbers"
    );
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    assert_eq!(
        world
            .add_soft_body(&mesh, &[soft, soft], &[])
            .unwrap_err()
            .to_string(),
        "2 materials for 6 tetrahedra; give one, or one per tetrahedron"
    );
    let missing = "node 8 does not exist; the body has 8 nodes, numbered from 0";
    assert_eq!(
        world
            .add_soft_body(&mesh, &[soft], &[8])
            .unwrap_err()
            .to_string(),
        missing
    );
    world.add_soft_body(&mesh, &[soft], &[]).unwrap();
    let body = world.body_mut(0);
    assert_eq!(
        body.prescribe(&[8], &[[0.0; 3]]).unwrap_err().to_string(),
        missing
    );
    assert_eq!(body.release(&[8]).unwrap_err().to_string(), missing);
    assert_eq!(
        body.prescribe(&[1, 2], &[[0.0; 3]])
            .unwrap_err()
            .to_string(),
        "1 displacements for 2 nodes; give one per node"
    );
    assert_eq!(
        body.prescribe(&[1], &[[f64::NAN; 3]])
            .unwrap_err()
            .to_string(),
        "a prescribed displacement is not finite; give three finite numbers"
    );
    assert_eq!(world.reaction(0, &[8]).unwrap_err().to_string(), missing);
    assert_eq!(
        world.force_substeps(Some(0)).unwrap_err().to_string(),
        "substeps is 0, but it must be from 1 to 1000"
    );
}

#[test]
fn tools() {
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    let mut refused = |shape, position, friction| {
        world
            .add_tool(shape, position, friction)
            .unwrap_err()
            .to_string()
    };
    let ball = ToolShape::Sphere { radius: 0.01 };
    let rod = |half_length, axis| ToolShape::Capsule {
        radius: 0.01,
        half_length,
        axis,
    };
    let x = [1.0, 0.0, 0.0];
    assert_eq!(
        refused(ToolShape::Sphere { radius: -1.0 }, x, 0.0),
        "radius is -1, but it must be a positive length in m"
    );
    assert_eq!(
        refused(rod(0.0, x), x, 0.0),
        "half_length is 0, but it must be a positive length in m"
    );
    assert_eq!(
        refused(rod(0.1, [0.0; 3]), x, 0.0),
        "the length of axis is 0, but it must be more than zero"
    );
    assert_eq!(
        refused(ball, x, -0.1),
        "friction is -0.1, but it must be a coefficient of 0 or more"
    );
    assert_eq!(
        refused(ball, [f64::INFINITY; 3], 0.0),
        "the tool's position is not finite; give three finite numbers"
    );
}

#[test]
fn settling_a_falling_body_says_so() {
    let mesh = TetMesh::boxed([0.1; 3], [1; 3]).unwrap();
    let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
    world
        .add_soft_body(&mesh, &[Material::soft(5e3, 0.45, 1060.0)], &[])
        .unwrap();
    let error = world.settle(1e-5, 0.05).unwrap_err();
    assert!(
        matches!(error, SettleError::Unbalanced { sweeps: 50, residual, .. } if residual > 0.1)
    );
    assert_eq!(
        SettleError::Unbalanced {
            sweeps: 50,
            residual: 1.0,
            tolerance: 1e-5
        }
        .to_string(),
        "no equilibrium after 50 sweeps: the unbalanced force is 1.0e0 of the acting forces, \
         1.0e-5 was asked for; allow more max_seconds, or look whether something slides or falls, \
         or has points that are not in metres"
    );
}

#[test]
fn settling_with_nonsense_is_refused() {
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(
            world.settle(bad, 1.0).unwrap_err().to_string(),
            format!("tolerance is {bad}, but it must be a positive number")
        );
        assert_eq!(
            world.settle(1e-5, bad).unwrap_err().to_string(),
            format!("max_seconds is {bad}, but it must be a positive number")
        );
    }
}

#[test]
fn settling_that_loses_the_numbers_changes_nothing() {
    let mesh = TetMesh::boxed([0.1; 3], [2; 3]).unwrap();
    let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
    let soft = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[soft], &[0, 1, 2]).unwrap();
    for far in [1e60, 1e300] {
        world
            .body_mut(0)
            .prescribe(&[0], &[[far, 0.0, 0.0]])
            .unwrap();
        let before = world.digest();
        let error = world.settle(1e-5, 1.0).unwrap_err();
        assert!(
            matches!(error, SettleError::Lost { body: 0, .. }),
            "{error}"
        );
        println!("{error}");
        assert_eq!(world.digest(), before);
    }
}

/// Inputs that single precision cannot hold are named, not blamed on the motion later.
#[test]
fn magnitudes_beyond_single_precision() {
    let refused = |size: f64, material: Material| {
        let mesh = TetMesh::boxed([size; 3], [1; 3]).unwrap();
        let mut world = World::new(1e-3, [0.0; 3]).unwrap();
        world
            .add_soft_body(&mesh, &[material], &[])
            .unwrap_err()
            .to_string()
    };
    let soft = |young_modulus, density| Material::soft(young_modulus, 0.45, density);
    let law = Law::NeoHookean;
    for stiff in [1e300, 1e-300] {
        let text = refused(
            0.1,
            Material {
                law,
                ..soft(stiff, 1060.0)
            },
        );
        let what = format!("young_modulus is {stiff:e}, too large or too small to be computed");
        assert!(text.starts_with(&what), "{text}");
    }
    assert_eq!(
        refused(0.1, soft(5e3, 1e45)),
        "density is 1e45, too large or too small to be computed in single precision in \
         tetrahedron 0; give it in SI units"
    );
    for size in [1e-13, 1e13] {
        let text = refused(size, soft(5e3, 1060.0));
        assert!(text.contains("give the points in metres"), "{text}");
    }
}

#[test]
fn a_body_that_nothing_holds_does_not_settle() {
    let mesh = TetMesh::boxed([0.05; 3], [2; 3]).unwrap();
    let mut world = World::new(1e-3, [0.0, 0.0, -9.81]).unwrap();
    let soft = Material::soft(5e3, 0.45, 1060.0);
    world.add_soft_body(&mesh, &[soft], &[]).unwrap();
    let before = world.digest();
    let error = world.settle(1e-5, 60.0).unwrap_err();
    println!("{error}");
    assert!(matches!(
        error,
        SettleError::Adrift {
            body: 0,
            held: 0,
            ..
        }
    ));
    assert!(
        error.to_string().contains("none of its nodes is held"),
        "{error}"
    );
    assert_eq!(world.digest(), before);
}

#[test]
fn a_fall_for_ever_is_told_with_its_likeliest_reason() {
    let told = |extent, held| {
        let error = SettleError::Adrift {
            body: 2,
            distance: 700.0,
            extent,
            held,
        };
        error.to_string()
    };
    for held in [0, 81] {
        let text = told(104.0, held);
        assert!(
            text.ends_with("it is 104 m across: if its points are in millimetres, give metres")
        );
    }
    let text = told(0.2, 81);
    assert!(
        text.contains("81 of its nodes are held, but they do not carry all of it"),
        "{text}"
    );
}

#[test]
fn tools_that_are_none_are_told() {
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    let points = [
        [0.0, 0.0, 0.0],
        [0.01, 0.0, 0.0],
        [0.0, 0.01, 0.0],
        [0.0, 0.0, 0.01],
    ];
    let tetrahedron = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]];
    let mut told = |points: &[[f64; 3]], triangles: &[[u32; 3]], expected: &str| {
        let error = world.add_mesh_tool(points, triangles, 0.0, [0.0; 3], 0.0);
        let text = error.unwrap_err().to_string();
        println!("{text}");
        assert!(text.contains(expected), "{text}");
    };
    told(&points, &tetrahedron[..3], "is open");
    told(&points, &[], "no volume");
    let mut turned = tetrahedron;
    turned[3].swap(0, 1);
    told(&points, &turned, "face different sides");
    let mut beyond = tetrahedron;
    beyond[0][0] = 7;
    told(&points, &beyond, "names point 7");
    let mut lost = points;
    lost[2][1] = f64::NAN;
    told(&lost, &tetrahedron, "not a finite number");
    let mut flat = points;
    flat[3] = [0.005, 0.0, 0.0];
    told(&flat, &tetrahedron, "is flat");
    let fine = world.add_mesh_tool(&points, &tetrahedron, 0.0, [0.0; 3], 0.0);
    assert_eq!(fine, Ok(0));
    for (half_extents, rounding) in [
        ([0.01, 0.0, 0.01], 0.0),
        ([0.01, f64::NAN, 0.01], 0.0),
        ([0.01; 3], 0.01),
        ([0.01; 3], -1.0),
    ] {
        let shape = ToolShape::Box {
            half_extents,
            rounding,
        };
        let text = world
            .add_tool(shape, [0.0; 3], 0.0)
            .unwrap_err()
            .to_string();
        println!("{text}");
        assert!(text.contains("must be"));
    }
    let nowhere = softbody::Pose {
        position: [0.0; 3],
        orientation: [0.0; 4],
    };
    let ball = ToolShape::Sphere { radius: 0.01 };
    let text = world.add_tool(ball, nowhere, 0.0).unwrap_err().to_string();
    assert!(text.contains("no rotation"));
}
