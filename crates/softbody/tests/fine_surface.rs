//! The displayed surface: subdivided against formulas, embedded against brute force, frames against a
//! slow twin in f64.

mod common;

use common::select;
use softbody::fine::{MOST_LEVELS, Packed, Tissue};
use softbody::{FineError, FineSurface, Material, Room, TetMesh, World};

type Vec3 = [f64; 3];

fn sub(a: Vec3, b: Vec3) -> Vec3 {
    std::array::from_fn(|k| a[k] - b[k])
}

fn dot(a: Vec3, b: Vec3) -> f64 {
    (0..3).map(|k| a[k] * b[k]).sum()
}

fn cross(a: Vec3, b: Vec3) -> Vec3 {
    std::array::from_fn(|k| a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3])
}

fn times(m: [Vec3; 3], p: Vec3) -> Vec3 {
    m.map(|row| dot(row, p))
}

/// A turn about an oblique axis, by Rodrigues' formula.
fn turn(angle: f64) -> [Vec3; 3] {
    let (s, c) = angle.sin_cos();
    let [x, y, z] = [1.0 / 3.0, 2.0 / 3.0, -2.0 / 3.0];
    let k = 1.0 - c;
    [
        [c + x * x * k, x * y * k - z * s, x * z * k + y * s],
        [y * x * k + z * s, c + y * y * k, y * z * k - x * s],
        [z * x * k - y * s, z * y * k + x * s, c + z * z * k],
    ]
}

/// A unit octahedron: all corners have four neighbours.
fn octahedron() -> (Vec<Vec3>, Vec<[u32; 3]>) {
    let points = [0, 1, 2].map(|k| {
        let mut p = [0.0; 3];
        p[k] = 1.0;
        [p, p.map(|x| -x)]
    });
    let triangles = vec![
        [0, 2, 4],
        [2, 1, 4],
        [1, 3, 4],
        [3, 0, 4],
        [2, 0, 5],
        [1, 2, 5],
        [3, 1, 5],
        [0, 3, 5],
    ];
    (points.into_iter().flatten().collect(), triangles)
}

fn frame(surface: &mut FineSurface, positions: &[Vec3]) -> Vec<Packed> {
    let mut packed = vec![[f32::NAN; 8]; surface.vertices()];
    surface.frame(positions, None, &mut packed).unwrap();
    packed
}

fn place(vertex: &Packed) -> Vec3 {
    std::array::from_fn(|k| f64::from(vertex[k]))
}

fn normal(vertex: &Packed) -> Vec3 {
    std::array::from_fn(|k| f64::from(vertex[3 + k]))
}

fn close(a: Vec3, b: Vec3, within: f64) -> bool {
    let gap = sub(a, b);
    dot(gap, gap).sqrt() <= within
}

/// Area-weighted normals in f64.
fn slow_normals(places: &[Vec3], triangles: &[[u32; 3]]) -> Vec<Vec3> {
    let mut sums = vec![[0.0; 3]; places.len()];
    for t in triangles {
        let [a, b, c] = t.map(|v| places[v as usize]);
        let area = cross(sub(b, a), sub(c, a));
        for v in t {
            for k in 0..3 {
                sums[*v as usize][k] += area[k];
            }
        }
    }
    sums.into_iter()
        .map(|n| n.map(|x| x / dot(n, n).sqrt()))
        .collect()
}

/// A block with a finer surface around its middle: inside, on its faces, and a little outside.
fn block() -> (TetMesh, Vec<Vec3>, Vec<[u32; 3]>) {
    let mesh = TetMesh::boxed([0.04, 0.03, 0.03], [4, 3, 3]).unwrap();
    let (octahedron, triangles) = octahedron();
    let mut ball = FineSurface::smooth(&triangles, octahedron.len(), 3).unwrap();
    let shape = frame(&mut ball, &octahedron);
    let around = |vertex: &Packed| {
        let [x, y, z] = place(vertex);
        [0.02 + 0.03 * x, 0.015 + 0.012 * y, 0.015 + 0.022 * z]
    };
    let rest = shape.iter().map(around).collect();
    (mesh, rest, ball.triangles().to_vec())
}

fn embedded(mesh: &TetMesh, rest: &[Vec3], triangles: &[[u32; 3]]) -> FineSurface {
    let removed = vec![false; mesh.tetrahedra().len()];
    FineSurface::embedded(&tissue(mesh, &removed), rest, triangles).unwrap()
}

fn tissue<'a>(mesh: &'a TetMesh, removed: &'a [bool]) -> Tissue<'a> {
    Tissue {
        points: mesh.points(),
        tetrahedra: mesh.tetrahedra(),
        removed,
    }
}

#[test]
fn a_corner_of_an_octahedron_comes_to_where_the_formula_says() {
    let (points, triangles) = octahedron();
    let mut surface = FineSurface::smooth(&triangles, points.len(), 1).unwrap();
    let packed = frame(&mut surface, &points);
    // n = 4: beta = 3/32, gamma = 1 / (4 + 3/8 * 32/3) = 1/8; around a corner the ring's sum is zero,
    // so outward 2 - (1 - 4/8) = 3/2, and the vertex point (1 - 4 * 3/32) 3/2 = 15/16.
    assert!(close(place(&packed[0]), [15.0 / 16.0, 0.0, 0.0], 1e-7));
    // an edge point: 3/8 (a + b) + 1/8 (c + d) of the corners 0 and 2, across them 4 and 5
    assert!(close(
        place(&packed[6]),
        [9.0 / 16.0, 9.0 / 16.0, 0.0],
        1e-7
    ));
    assert_eq!(surface.triangles().len(), 32);
    assert_eq!(surface.vertices(), 6 + 12);
}

#[test]
fn smooth_weights_sum_to_one_and_keep_affine_motion() {
    let (points, triangles) = octahedron();
    let mut surface = FineSurface::smooth(&triangles, points.len(), 3).unwrap();
    let m = [[1.1, 0.2, 0.0], [-0.1, 0.9, 0.3], [0.0, 0.05, 1.2]];
    let moved = |p: Vec3| -> Vec3 {
        let q = times(m, p);
        [q[0] + 0.5, q[1] - 2.0, q[2] + 1.0]
    };
    let still = frame(&mut surface, &points);
    let carried: Vec<Vec3> = points.iter().map(|p| moved(*p)).collect();
    for (before, after) in still.iter().zip(&frame(&mut surface, &carried)) {
        assert!(close(moved(place(before)), place(after), 2e-6));
    }
    let mut wet = vec![[0.0; 8]; surface.vertices()];
    surface.frame(&points, Some(&[0.7; 6]), &mut wet).unwrap();
    assert!(wet.iter().all(|v| (v[7] - 0.7).abs() < 1e-6));
}

#[test]
fn a_turn_turns_places_and_normals_of_both_kinds() {
    let (points, triangles) = octahedron();
    let (mesh, rest, fine) = block();
    let smooth = FineSurface::smooth(&triangles, points.len(), 2).unwrap();
    let turned = turn(1.1);
    for (mut surface, carriers) in [
        (smooth, points.clone()),
        (embedded(&mesh, &rest, &fine), mesh.points().to_vec()),
    ] {
        let moved: Vec<Vec3> = carriers.iter().map(|p| times(turned, *p)).collect();
        let (still, after) = (frame(&mut surface, &carriers), frame(&mut surface, &moved));
        for (a, b) in still.iter().zip(&after) {
            assert!(close(times(turned, place(a)), place(b), 1e-6));
            assert!(close(times(turned, normal(a)), normal(b), 2e-4));
            assert!((a[6] - b[6]).abs() < 2e-3, "openness turns with it");
        }
    }
}

#[test]
fn normals_of_a_deformed_surface_are_those_of_the_slow_twin() {
    let (mesh, rest, fine) = block();
    let mut surface = embedded(&mesh, &rest, &fine);
    let bent: Vec<Vec3> = (mesh.points().iter())
        .map(|[x, y, z]| [*x, y + 4.0 * x * x, z * (1.0 + 9.0 * y)])
        .collect();
    let packed = frame(&mut surface, &bent);
    let places: Vec<Vec3> = packed.iter().map(place).collect();
    for (vertex, slow) in packed.iter().zip(slow_normals(&places, &fine)) {
        assert!(close(normal(vertex), slow, 1e-4));
    }
}

#[test]
fn embedded_points_are_found_as_brute_force_finds_them() {
    let (mesh, rest, fine) = block();
    let mut surface = embedded(&mesh, &rest, &fine);
    let packed = frame(&mut surface, mesh.points());
    let size = [0.04, 0.03, 0.03];
    let (mut outside, distances) = (0, surface.distances());
    for ((vertex, q), distance) in packed.iter().zip(&rest).zip(distances) {
        assert!(close(place(vertex), *q, 1e-8));
        let beyond: Vec3 = std::array::from_fn(|k| (q[k] - size[k]).max(-q[k]).max(0.0));
        assert!((distance - dot(beyond, beyond).sqrt()).abs() < 1e-9);
        outside += usize::from(distance > 0.0);
    }
    assert!(
        outside > 10 && outside < rest.len() / 2,
        "{outside} outside"
    );
    // Affine motion is kept by weights that are extrapolated, too.
    let stretched: Vec<Vec3> = (mesh.points().iter())
        .map(|[x, y, z]| [1.3 * x + 0.2 * z, y - 0.1 * x, 0.8 * z])
        .collect();
    for (vertex, [x, y, z]) in frame(&mut surface, &stretched).iter().zip(&rest) {
        let expected = [1.3 * x + 0.2 * z, y - 0.1 * x, 0.8 * z];
        assert!(close(place(vertex), expected, 1e-8));
    }
}

#[test]
fn a_point_stays_with_the_tetrahedron_around_it() {
    let (mesh, rest, fine) = block();
    let mut surface = embedded(&mesh, &rest, &fine);
    // One node moves: what is not in a tetrahedron at it stays exactly where it is.
    let middle = [0.02, 0.01, 0.01];
    let node = mesh
        .points()
        .iter()
        .position(|p| close(*p, middle, 1e-9))
        .unwrap();
    let mut points = mesh.points().to_vec();
    let still = frame(&mut surface, &points);
    points[node][1] += 0.003;
    let moved = frame(&mut surface, &points);
    let mut followed = 0;
    for ((a, b), q) in still.iter().zip(&moved).zip(&rest) {
        let inside: Vec3 = std::array::from_fn(|k| q[k].clamp(0.0, [0.04, 0.03, 0.03][k]));
        let near = (0..3).all(|k| (inside[k] - middle[k]).abs() < 0.01 + 1e-9);
        assert!(near || place(a) == place(b));
        followed += usize::from(place(a) != place(b));
    }
    assert!(followed > 0);
}

#[test]
fn the_same_input_gives_the_same_bits_from_f32_and_f64() {
    let (points, triangles) = octahedron();
    let mut surface = FineSurface::smooth(&triangles, points.len(), 2).unwrap();
    let single: Vec<[f32; 3]> = points.iter().map(|p| p.map(|x| 0.3 * x as f32)).collect();
    let double: Vec<Vec3> = single.iter().map(|p| p.map(f64::from)).collect();
    let mut first = vec![[0.0; 8]; surface.vertices()];
    surface.frame(&single, None, &mut first).unwrap();
    assert_eq!(first, frame(&mut surface, &double));
    assert_eq!(first, frame(&mut surface.clone(), &double));
}

/// The body's tetrahedra at rest as they are now.
fn follow(surface: &mut FineSurface, world: &World) {
    let body = &world.bodies()[0];
    let nodes = 0..body.node_count() as u32;
    let points: Vec<Vec3> = nodes.map(|n| body.rest_position(n)).collect();
    let now = Tissue {
        points: &points,
        tetrahedra: body.tetrahedra(),
        removed: body.removed(),
    };
    surface.follow(&now).unwrap();
}

fn cut_world() -> (World, TetMesh, FineSurface, Vec<Vec3>) {
    let (mesh, rest, fine) = block();
    let surface = embedded(&mesh, &rest, &fine);
    let mut world = World::new(1e-3, [0.0; 3]).unwrap();
    let held = select(&mesh, |p| p[0] == 0.0);
    let soft = [Material::soft(5e3, 0.45, 1060.0)];
    world.add_soft_body(&mesh, &soft, &held).unwrap();
    let room = Room {
        nodes: 200,
        tetrahedra: 400,
        triangles: 800,
    };
    world.reserve_for_cutting(0, room).unwrap();
    (world, mesh, surface, rest)
}

fn at_rest(surface: &mut FineSurface, world: &World) -> Vec<Packed> {
    let body = &world.bodies()[0];
    let nodes = 0..body.node_count() as u32;
    frame(
        surface,
        &nodes.map(|n| body.rest_position(n)).collect::<Vec<_>>(),
    )
}

#[test]
fn triangles_in_removed_tissue_are_hidden_and_counted() {
    let (mut world, mesh, mut surface, rest) = cut_world();
    let centre = |t: &[u32; 4]| -> f64 { t.map(|n| mesh.points()[n as usize][0]).iter().sum() };
    let right: Vec<u32> = (0..mesh.tetrahedra().len() as u32)
        .filter(|t| centre(&mesh.tetrahedra()[*t as usize]) > 4.0 * 0.03)
        .collect();
    let all = surface.triangles().len();
    world.remove(0, &right).unwrap();
    follow(&mut surface, &world);
    assert_eq!(surface.triangles().len() + surface.hidden(), all);
    assert!(surface.hidden() > 20);
    let shown = surface.triangles().iter().flatten();
    assert!(shown.clone().all(|v| rest[*v as usize][0] < 0.03 + 1e-9));
    let left = rest.iter().filter(|p| p[0] < 0.028).count();
    let named: std::collections::HashSet<_> = shown.collect();
    assert!(named.len() >= left, "what is left is shown whole");
}

#[test]
fn a_split_leaves_every_point_in_place_and_lets_it_follow_the_new_node() {
    let (mut world, mesh, mut surface, rest) = cut_world();
    let edges: Vec<[u32; 2]> = mesh
        .surface()
        .triangles
        .iter()
        .map(|t| [t[0], t[1]])
        .collect();
    for edge in edges.iter().step_by(11) {
        // An edge may have been split before.
        let _ = world.split(0, *edge, 0.4);
    }
    let nodes = world.bodies()[0].node_count();
    assert!(nodes > mesh.points().len() + 3);
    follow(&mut surface, &world);
    assert_eq!(surface.hidden(), 0);
    for (vertex, q) in at_rest(&mut surface, &world).iter().zip(&rest) {
        assert!(close(place(vertex), *q, 1e-8));
    }
    let body = &world.bodies()[0];
    let mut points: Vec<Vec3> = (0..nodes as u32).map(|n| body.rest_position(n)).collect();
    let before = frame(&mut surface, &points);
    points[mesh.points().len()..]
        .iter_mut()
        .for_each(|p| p[2] += 0.002);
    let after = frame(&mut surface, &points);
    assert!(before.iter().zip(&after).any(|(a, b)| place(a) != place(b)));
}

#[test]
fn triangles_over_a_gap_are_hidden_and_its_sides_part() {
    let (mut world, mesh, mut surface, rest) = cut_world();
    let middle = |n: u32| (mesh.points()[n as usize][0] - 0.02).abs() < 1e-9;
    let mut faces = Vec::new();
    for (t, nodes) in mesh.tetrahedra().iter().enumerate() {
        let on: Vec<usize> = (0..4).filter(|i| middle(nodes[*i])).collect();
        if on.len() == 3 {
            let face = (0..4).find(|i| !on.contains(i)).unwrap();
            faces.push((4 * t + face) as u32);
        }
    }
    assert!(world.unglue(0, &faces).unwrap() > 0);
    follow(&mut surface, &world);
    assert!(surface.hidden() > 5);
    for t in surface.triangles() {
        let sides = t.map(|v| rest[v as usize][0] - 0.02);
        let (low, high) = (
            sides.iter().any(|x| *x < -1e-6),
            sides.iter().any(|x| *x > 1e-6),
        );
        assert!(!(low && high), "a triangle reaches over the gap");
    }
    // The right part moves away; nothing that is shown is stretched.
    let body = &world.bodies()[0];
    let right: std::collections::HashSet<u32> = (body.tetrahedra().iter())
        .filter(|t| t.iter().any(|n| body.rest_position(*n)[0] > 0.02 + 1e-9))
        .flatten()
        .copied()
        .collect();
    let positions: Vec<Vec3> = (0..body.node_count() as u32)
        .map(|n| {
            let mut p = body.rest_position(n);
            p[0] += if right.contains(&n) { 0.05 } else { 0.0 };
            p
        })
        .collect();
    let packed = frame(&mut surface, &positions);
    for t in surface.triangles() {
        let [a, b, c] = t.map(|v| sub(place(&packed[v as usize]), rest[v as usize]));
        assert!(close(a, b, 1e-7) && close(b, c, 1e-7));
    }
}

#[test]
fn what_cannot_be_made_or_followed_is_refused() {
    let (points, triangles) = octahedron();
    let too_fine = FineSurface::smooth(&triangles, 6, MOST_LEVELS + 1);
    assert!(matches!(too_fine, Err(FineError::TooFine { .. })));
    let empty = FineSurface::smooth(&[], 6, 1);
    assert_eq!(empty.unwrap_err(), FineError::Empty);
    let beyond = FineSurface::smooth(&triangles, 5, 1).unwrap_err();
    assert!(beyond.to_string().contains("names point 5"), "{beyond}");
    let mut smooth = FineSurface::smooth(&triangles, 6, 1).unwrap();
    let (mesh, rest, fine) = block();
    let removed = vec![false; mesh.tetrahedra().len()];
    let now = tissue(&mesh, &removed);
    assert_eq!(smooth.follow(&now), Err(FineError::NotEmbedded));
    let mut packed = vec![[5.0; 8]; smooth.vertices()];
    let few = smooth.frame(&points[1..], None, &mut packed);
    assert!(matches!(
        few,
        Err(FineError::Count {
            what: "positions",
            ..
        })
    ));
    assert!(packed.iter().all(|v| *v == [5.0; 8]));
    let wrong = smooth.frame(&points, Some(&[0.0; 5]), &mut packed);
    assert!(matches!(wrong, Err(FineError::Count { what: "blood", .. })));
    let mut nan = rest.clone();
    nan[3][1] = f64::NAN;
    let refused = FineSurface::embedded(&now, &nan, &fine).unwrap_err();
    assert!(matches!(refused, FineError::NotFinite { index: 3, .. }));
    let gone = vec![true; removed.len()];
    let nothing = FineSurface::embedded(&tissue(&mesh, &gone), &rest, &fine);
    assert_eq!(nothing.unwrap_err(), FineError::NoTissue);
    let mut surface = embedded(&mesh, &rest, &fine);
    let fewer = Tissue {
        tetrahedra: &mesh.tetrahedra()[1..],
        removed: &removed[1..],
        ..now
    };
    let refused = surface.follow(&fewer);
    assert!(matches!(
        refused,
        Err(FineError::Count {
            what: "tetrahedra",
            ..
        })
    ));
}
