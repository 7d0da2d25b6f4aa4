//! Rotations against what is known of them in closed form.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_3, PI};

use super::*;
use crate::vector::sub;

/// What numbers of size 1 may lose in a handful of operations.
const ULPS: f64 = 1e-15;

fn apart(a: [f64; 3], b: [f64; 3]) -> f64 {
    norm(sub(a, b))
}

/// Vectors in all directions, of lengths up to `longest`, from a small fixed generator.
fn vectors(count: usize, longest: f64) -> impl Iterator<Item = [f64; 3]> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..count).map(move |_| {
        let direction = [draw() - 0.5, draw() - 0.5, draw() - 0.5];
        scale(direction, draw() * longest / norm(direction).max(1e-3))
    })
}

#[test]
fn quarter_turns_turn_the_axes_into_each_other() {
    let about_z = from_vector([0.0, 0.0, FRAC_PI_2]);
    assert!(apart(rotate(about_z, [1.0, 0.0, 0.0]), [0.0, 1.0, 0.0]) < ULPS);
    assert!(apart(rotate(about_z, [0.0, 1.0, 0.0]), [-1.0, 0.0, 0.0]) < ULPS);
    assert!(apart(rotate_back(about_z, [0.0, 1.0, 0.0]), [1.0, 0.0, 0.0]) < ULPS);
    let about_x = from_vector([FRAC_PI_2, 0.0, 0.0]);
    // b first, then a: z is turned into -y by x, and into x by z after that.
    let both = multiply(about_z, about_x);
    assert!(apart(rotate(both, [0.0, 0.0, 1.0]), [1.0, 0.0, 0.0]) < ULPS);
}

#[test]
fn a_third_of_a_turn_about_the_diagonal_permutes_the_axes_exactly() {
    let q = [0.5, 0.5, 0.5, 0.5];
    assert_eq!(rotate(q, [1.0, 2.0, 3.0]), [3.0, 1.0, 2.0]);
    let rows = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
    assert_eq!(to_matrix(q), rows);
    assert_eq!(from_matrix(rows), Some(q));
    let vector = to_vector(q);
    assert!(apart(vector, scale([1.0; 3], 2.0 * FRAC_PI_3 / 3f64.sqrt())) < ULPS);
}

#[test]
fn vector_and_quaternion_are_inverse_up_to_half_a_turn() {
    for vector in vectors(2000, 1.0) {
        for length in [
            1e-300, 1e-160, 1e-20, 1e-9, 1e-8, 1.1e-8, 1e-4, 0.3, 2.0, 3.1, PI,
        ] {
            let v = scale(vector, length / norm(vector));
            let back = to_vector(from_vector(v));
            let off = apart(back, v).min(if length == PI {
                apart(scale(back, -1.0), v)
            } else {
                9.0
            });
            assert!(off <= 2.0 * ULPS * length.max(1e-300), "{v:?} {back:?}");
        }
    }
    assert_eq!(from_vector([0.0; 3]), NO_TURN);
    assert_eq!(to_vector(NO_TURN), [0.0; 3]);
    assert_eq!(to_vector(NO_TURN.map(|x| -x)), [0.0; 3]);
}

#[test]
fn a_long_way_round_comes_back_as_the_shorter_one() {
    let back = to_vector(from_vector([0.0, 1.5 * PI, 0.0]));
    assert!(apart(back, [0.0, -0.5 * PI, 0.0]) < ULPS, "{back:?}");
}

#[test]
fn products_are_those_of_matrices() {
    for (a, b) in vectors(1000, 3.0).zip(vectors(1300, 3.0).skip(300)) {
        let (p, q) = (from_vector(a), from_vector(b));
        let (m, n, both) = (to_matrix(p), to_matrix(q), to_matrix(multiply(p, q)));
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| m[i][k] * n[k][j]).sum();
                assert!((product - both[i][j]).abs() < 2.0 * ULPS);
            }
        }
        let v = [0.3, -0.4, 0.5];
        assert!(apart(rotate_back(p, rotate(p, v)), v) < 2.0 * ULPS);
        assert!((norm(rotate(p, v)) - norm(v)).abs() < ULPS);
        let home = multiply(conjugate(p), p);
        assert!(norm([home[1], home[2], home[3]]) < ULPS && (home[0] - 1.0).abs() < ULPS);
    }
}

#[test]
fn matrices_come_back_wherever_the_largest_component_is() {
    let mut seen = [0; 4];
    for vector in vectors(2000, 3.1) {
        let q = from_vector(vector);
        let back = from_matrix(to_matrix(q)).unwrap();
        let largest = (0..4).max_by(|&i, &j| q[i].abs().total_cmp(&q[j].abs()));
        seen[largest.unwrap()] += 1;
        let q = nearer(q, back);
        assert!(
            (0..4).all(|i| (back[i] - q[i]).abs() < ULPS),
            "{back:?} {q:?}"
        );
        assert!(back[0] >= 0.0);
    }
    assert!(seen.iter().all(|&n| n > 50), "{seen:?}");
    for half_turn in [
        [0.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ] {
        assert_eq!(from_matrix(to_matrix(half_turn)), Some(half_turn));
    }
    assert_eq!(from_matrix([[f64::NAN; 3]; 3]), None);
    assert_eq!(from_matrix([[f64::INFINITY; 3]; 3]), None);
}

#[test]
fn the_difference_is_what_has_to_be_turned_further() {
    for (a, b) in vectors(1000, 3.0).zip(vectors(1300, 3.0).skip(300)) {
        let (from, to) = (from_vector(a), from_vector(b));
        let led = multiply(from_vector(difference(from, to)), from);
        let to = nearer(to, led);
        assert!(
            (0..4).all(|i| (led[i] - to[i]).abs() < ULPS),
            "{led:?} {to:?}"
        );
        assert!(norm(difference(from, to)) <= PI);
        assert!(norm(difference(to, to.map(|x| -x))) < ULPS);
    }
}

#[test]
fn only_numbers_with_a_direction_become_unit_quaternions() {
    assert_eq!(
        normalised([0.0, 0.0, -3.0, 4.0]),
        Some([0.0, 0.0, -0.6, 0.8])
    );
    for none in [
        [0.0; 4],
        [f64::NAN, 1.0, 0.0, 0.0],
        [f64::INFINITY, 0.0, 0.0, 0.0],
        [1e200; 4],
        [1e-200, 0.0, 0.0, 0.0],
    ] {
        assert_eq!(normalised(none), None, "{none:?}");
    }
}
