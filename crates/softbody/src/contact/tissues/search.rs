//! What may touch what in the coming tick.
//!
//! Bodies whose boxes are apart are skipped, and so is a pair in which nothing was near, until both have
//! moved by what was free between them. Otherwise nodes of the one are put into a grid, and each
//! triangle of the other looks at those in reach. Reach grows with speed: nothing that is farther apart
//! than reach meets within a tick.
//!
//! The first look at a pair has no limit for nodes that are inside, so that bodies which overlap
//! from the start are pushed apart from everywhere.

use super::grid::Grid;
use super::pair::{Near, PASSED, Pair, Push, ridge_room};
use super::proximity::{Shape, face_normal, facing};
use super::skin::{NONE, Skin};
use crate::contact::bounds::Bounds;
use crate::contact::triangle::point_triangle;
use crate::vec3::{dot, sub};

/// Reach at rest, as a share of the finer mesh's edge: room for sudden motion.
const MARGIN: f64 = 0.25;
/// Reach for the motion of a tick, as a multiple of that of the last.
const HASTE: f64 = 2.0;

/// The nearest triangles of a node.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// That face it.
    facing: u32,
    facing_square: f64,
    /// Of all.
    any: u32,
    any_square: f64,
}

/// Memory for looking at one pair after the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    grid: Grid,
    found: Vec<Found>,
}

impl Search {
    /// Makes room for `items` nodes or ridges.
    pub fn reserve(&mut self, items: usize) {
        self.grid.reserve(items);
        let room = items.saturating_sub(self.found.len());
        self.found.reserve(room);
    }

    /// Brings up to date what the nodes and ridges of `pair` are near to.
    pub fn look(&mut self, pair: &mut Pair, skins: &mut [Skin]) {
        let [a, b] = pair.ids();
        let motion = skins[a].step + skins[b].step;
        pair.clear -= motion;
        let edge = skins[a].edge.min(skins[b].edge);
        let idle = pair.known && pair.count == 0 && pair.ridges.is_empty();
        if idle && pair.clear > HASTE * motion {
            return;
        }
        let reach = HASTE * motion + MARGIN * edge;
        let (region, apart) = skins[a].bounds.common(&skins[b].bounds, reach);
        if apart > 0.0 {
            pair.forget();
            (pair.known, pair.clear) = (true, reach + apart);
            return;
        }
        skins[a].update_normals();
        skins[b].update_normals();
        let (mine, other) = (&skins[a], &skins[b]);
        self.nodes(pair, mine, other, (reach, region));
        let first = !std::mem::replace(&mut pair.known, true);
        self.settle_nodes(pair, mine, other, (reach, first));
        if pair.has_ridges() {
            self.ridges(pair, mine, other, (reach + PASSED * edge, region));
        }
        pair.clear = reach;
    }

    /// Finds the nearest triangles of the nodes in `region`.
    fn nodes(&mut self, pair: &Pair, mine: &Skin, other: &Skin, (reach, region): (f64, Bounds)) {
        let most = if pair.known || pair.is_self() {
            reach * reach
        } else {
            f64::INFINITY
        };
        self.found.clear();
        let nothing = Found {
            facing: NONE,
            facing_square: most,
            any: NONE,
            any_square: most,
        };
        self.found.resize(mine.nodes.len(), nothing);
        let points = mine.points.iter().enumerate();
        let points = points.filter(|(_, p)| region.contains(p));
        self.grid.fill(
            points.map(|(n, p)| (n as u32, *p)),
            region,
            mine.edge.max(reach),
        );
        let Self { grid, found } = self;
        for (t, nodes) in other.triangles.iter().enumerate() {
            let corners = nodes.map(|n| other.points[n as usize]);
            let bounds = if most.is_finite() {
                Bounds::new(&corners).grown(reach)
            } else {
                region
            };
            if !bounds.overlaps(&region) {
                continue;
            }
            let normal = face_normal(&corners);
            grid.visit(bounds, |n| {
                let (p, found) = (mine.points[n as usize], &mut found[n as usize]);
                let height = dot(normal, sub(p, corners[0]));
                let faces = facing(normal, mine.normals[n as usize]);
                let square = height * height;
                let own = pair.is_self();
                let useful = faces && square < found.facing_square && !(own && height <= 0.0)
                    || !own && square < found.any_square;
                if !useful || own && mine.is_kin(n, nodes) {
                    return;
                }
                let square = point_triangle(p, &corners).square;
                if square < found.any_square {
                    (found.any, found.any_square) = (t as u32, square);
                }
                if faces && square < found.facing_square {
                    (found.facing, found.facing_square) = (t as u32, square);
                }
            });
        }
    }

    /// Decides what each node is near to. A node that was outside stays so until it is found
    /// outside elsewhere or leaves reach; one that is met for the first time is inside only where
    /// the nearest of all triangles agrees, and never inside its own body: that is where it always is.
    fn settle_nodes(
        &self,
        pair: &mut Pair,
        mine: &Skin,
        other: &Skin,
        (reach, first): (f64, bool),
    ) {
        let shape = Shape {
            skin: other,
            at: |n: u32| other.points[n as usize],
        };
        let own = pair.is_self();
        pair.count = 0;
        for (n, near) in pair.near.iter_mut().enumerate() {
            let (found, p) = (self.found[n], mine.points[n]);
            if let Some(t) = near.triangle() {
                let square = point_triangle(p, &shape.corners(t)).square;
                if near.is_inside() || square <= found.facing_square {
                    let lost = !near.is_inside() && square > reach * reach;
                    if lost {
                        (*near, pair.push[n]) = (Near::NOTHING, Push::default());
                    } else {
                        pair.count += 1;
                    }
                    continue;
                }
            }
            *near = Near::NOTHING; // its push stays, should it only pass to another triangle
            if found.facing == NONE {
                pair.push[n] = Push::default();
                continue;
            }
            let inside = |t: u32| {
                let closest = point_triangle(p, &shape.corners(t));
                shape.judge(t, &closest, p).inside
            };
            let is_inside = inside(found.facing);
            let kept = if is_inside {
                !own && inside(found.any)
            } else {
                !first || found.facing_square <= reach * reach
            };
            if kept {
                *near = Near::new(found.facing, is_inside);
                pair.count += 1;
            } else {
                pair.push[n] = Push::default();
            }
        }
    }

    /// Lists the ridges that are within `reach` of each other.
    fn ridges(
        &mut self,
        pair: &mut Pair,
        mine: &Skin,
        other: &Skin,
        (reach, region): (f64, Bounds),
    ) {
        let ends = |skin: &Skin, r: usize| skin.ridges[r].nodes.map(|n| skin.points[n as usize]);
        let middle = |r: usize| {
            let [p, q] = ends(mine, r);
            [0, 1, 2].map(|i| 0.5 * (p[i] + q[i]))
        };
        let mut half: f64 = 0.0;
        for r in 0..mine.ridges.len() {
            let [p, q] = ends(mine, r);
            let way = sub(q, p);
            half = half.max(0.5 * dot(way, way).sqrt());
        }
        let all = (0..mine.ridges.len()).map(|r| (r as u32, middle(r)));
        self.grid.fill(all, mine.bounds, mine.edge.max(reach));
        pair.ridges.clear();
        let own = pair.is_self();
        for (s, ridge) in other.ridges.iter().enumerate() {
            let bounds = Bounds::new(&ends(other, s)).grown(reach);
            if !bounds.overlaps(&region) {
                continue;
            }
            self.grid.visit(bounds.grown(half), |r| {
                let near = Bounds::new(&ends(mine, r as usize)).overlaps(&bounds);
                let kin = || {
                    let [p, q] = mine.ridges[r as usize].nodes;
                    mine.is_kin(p, &ridge.nodes) || mine.is_kin(q, &ridge.nodes)
                };
                let full = pair.ridges.len() >= ridge_room(mine, other); // not the capacity: clones have another
                if near && !full && !(own && (r as usize >= s || kin())) {
                    pair.ridges.push([r, s as u32]);
                }
            });
        }
    }
}
