//! The displayed surface of deforming tissue: finer than the mechanical mesh, and carried by it.
//!
//! ```text
//! fine = W coarse       W fixed weights, each row sums to one
//! ```
//!
//! Two ways to come by the weights: [`FineSurface::smooth`] subdivides the mechanical surface
//! ([`subdivision`]), [`FineSurface::embedded`] carries any finer surface in the tetrahedra
//! ([`embedding`]). A frame ([`FineSurface::frame`]) sums the weights, computes the normals of what has
//! become of the surface, and packs both for the GPU, without allocating; the same input gives the
//! same bits.
//!
//! The smooth way keeps the cage's outward step apart from the rest of the weights: multiplied into
//! them it would make three terms of one.

mod edges;
mod embedding;
mod error;
mod shading;
mod stencils;
mod subdivision;

pub use embedding::Tissue;
pub use error::{FineError, MOST_LEVELS};

use crate::vec3::{Vec3, finite, norm, sub};
use embedding::Embedding;
use shading::{Hollows, vertex_normals};
use stencils::Stencils;
use subdivision::Subdivision;

/// A place in f32 with a fourth number that is carried along: x, y, z, and openness, or nothing.
type Place = [f32; 4];

/// What the GPU gets of a vertex: position (m), unit normal, openness to light, blood.
pub type Packed = [f32; 8];

/// Where the weights come from.
#[derive(Debug, Clone)]
enum Origin {
    Smooth(Cage),
    Embedded(Embedding),
}

/// The mechanical surface around a smooth one.
#[derive(Debug, Clone)]
struct Cage {
    triangles: Vec<[u32; 3]>,
    outward: Stencils,
    hollows: Hollows,
    normals: Vec<Place>,
    moved: Vec<Place>,
    blood: Vec<f32>,
}

/// A fine surface of one topology of the coarse one.
#[derive(Debug, Clone)]
pub struct FineSurface {
    origin: Origin,
    stencils: Stencils,
    /// All triangles, and those that are shown.
    whole: Vec<[u32; 3]>,
    triangles: Vec<[u32; 3]>,
    hollows: Option<Hollows>,
    scale: f64,
    coarse: Vec<Place>,
    places: Vec<Place>,
    normals: Vec<Place>,
}

impl FineSurface {
    /// Subdivides the surface `triangles` of `vertices` vertices `levels` times.
    ///
    /// # Errors
    /// No triangles, vertices that are not there, too many levels.
    pub fn smooth(triangles: &[[u32; 3]], vertices: usize, levels: u32) -> Result<Self, FineError> {
        check_triangles(triangles, vertices)?;
        let much = (triangles.len() as u64) << (2 * levels.min(MOST_LEVELS));
        if levels > MOST_LEVELS || 3 * much > u64::from(u32::MAX) {
            return Err(FineError::TooFine {
                levels,
                triangles: triangles.len(),
            });
        }
        let Subdivision {
            triangles: fine,
            outward,
            fine: rows,
        } = Subdivision::new(triangles, vertices, levels);
        let cage = Cage {
            triangles: triangles.to_vec(),
            outward: Stencils::new(outward.iter().map(Vec::as_slice)),
            hollows: Hollows::new(triangles, vertices, 1.0),
            normals: vec![[0.0; 4]; vertices],
            moved: vec![[0.0; 4]; vertices],
            blood: vec![0.0; vertices],
        };
        let stencils = Stencils::new(rows.iter().map(Vec::as_slice));
        Ok(Self::new(Origin::Smooth(cage), stencils, fine, vertices))
    }

    /// Embeds the surface `triangles` of the points `rest` (m) in `tissue`.
    ///
    /// # Errors
    /// No triangles, points or nodes that are not there or not finite, no tetrahedra.
    pub fn embedded(
        tissue: &Tissue,
        rest: &[Vec3],
        triangles: &[[u32; 3]],
    ) -> Result<Self, FineError> {
        tissue.check()?;
        check_triangles(triangles, rest.len())?;
        if let Some(index) = rest.iter().position(|p| !finite(*p)) {
            let what = "vertex";
            return Err(FineError::NotFinite { what, index });
        }
        let embedding = Embedding::new(tissue, rest)?;
        let stencils = embedding.stencils(tissue);
        let origin = Origin::Embedded(embedding);
        let nodes = tissue.points.len();
        let mut surface = Self::new(origin, stencils, triangles.to_vec(), nodes);
        surface.scale = tissue.mean_edge() / mean_side(rest, triangles).max(f64::MIN_POSITIVE);
        surface.show(tissue);
        Ok(surface)
    }

    fn new(origin: Origin, stencils: Stencils, fine: Vec<[u32; 3]>, coarse: usize) -> Self {
        let count = stencils.len();
        Self {
            origin,
            stencils,
            triangles: fine.clone(),
            whole: fine,
            hollows: None,
            scale: 1.0,
            coarse: vec![[0.0; 4]; coarse],
            places: vec![[0.0; 4]; count],
            normals: vec![[0.0; 4]; count],
        }
    }

    /// Number of its vertices.
    #[must_use]
    pub fn vertices(&self) -> usize {
        self.places.len()
    }

    /// Number of vertices or nodes that carry it.
    #[must_use]
    pub fn carriers(&self) -> usize {
        self.coarse.len()
    }

    /// The triangles to be shown, in the orientation of those given.
    #[must_use]
    pub fn triangles(&self) -> &[[u32; 3]] {
        &self.triangles
    }

    /// Number of triangles that are not shown, because their tissue is gone or has parted.
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.whole.len() - self.triangles.len()
    }

    /// How far outside of the tissue each vertex lies at rest, m; 0 for those inside, and for all of a
    /// subdivided surface.
    #[must_use]
    pub fn distances(&self) -> Vec<f64> {
        match &self.origin {
            Origin::Smooth(_) => vec![0.0; self.vertices()],
            Origin::Embedded(embedding) => embedding.distances().collect(),
        }
    }

    /// Takes over a changed topology of the tetrahedra; ids are those they were embedded with.
    ///
    /// # Errors
    /// A subdivided surface; nodes that are not there or not finite; fewer nodes or tetrahedra than
    /// before.
    pub fn follow(&mut self, tissue: &Tissue) -> Result<(), FineError> {
        tissue.check()?;
        let Origin::Embedded(embedding) = &mut self.origin else {
            return Err(FineError::NotEmbedded);
        };
        let nodes = self.coarse.len();
        fewer("points", tissue.points.len(), nodes)?;
        fewer("tetrahedra", tissue.tetrahedra.len(), embedding.known())?;
        embedding.follow(tissue);
        self.stencils = embedding.stencils(tissue);
        self.coarse.resize(tissue.points.len(), [0.0; 4]);
        self.show(tissue);
        Ok(())
    }

    /// Finds out which triangles are to be shown.
    fn show(&mut self, tissue: &Tissue) {
        let Origin::Embedded(embedding) = &self.origin else {
            return;
        };
        let whole = self.whole.iter().copied();
        self.triangles = whole.filter(|t| !embedding.hides(tissue, t)).collect();
        let vertices = self.places.len();
        self.hollows = Some(Hollows::new(&self.triangles, vertices, self.scale));
    }

    /// Writes the surface as it is with the carriers at `positions` (m): see [`Packed`].
    ///
    /// `blood` is its film's thickness at the carriers, 0 to 1.
    ///
    /// # Errors
    /// Other numbers of positions, of blood or of vertices than the surface has; nothing is written then.
    pub fn frame<T: Copy + Into<f64>>(
        &mut self,
        positions: &[[T; 3]],
        blood: Option<&[f32]>,
        packed: &mut [Packed],
    ) -> Result<(), FineError> {
        let carriers = self.coarse.len();
        as_many("positions", positions.len(), carriers)?;
        as_many("blood", blood.map_or(carriers, <[f32]>::len), carriers)?;
        as_many("out", packed.len(), self.places.len())?;
        for (place, position) in self.coarse.iter_mut().zip(positions) {
            let [x, y, z] = position.map(|x| x.into() as f32);
            *place = [x, y, z, 1.0];
        }
        let carrying = match &mut self.origin {
            Origin::Smooth(cage) => cage.prepare(&mut self.coarse),
            Origin::Embedded(_) => &self.coarse,
        };
        self.stencils.apply(carrying, &mut self.places);
        vertex_normals(&self.places, &self.triangles, &mut self.normals);
        if let Some(hollows) = &self.hollows {
            hollows.measure(&self.places, &mut self.normals);
        }
        self.pack(packed);
        self.wet(blood, packed);
        Ok(())
    }

    fn pack(&self, packed: &mut [Packed]) {
        let fine = self.places.iter().zip(&self.normals);
        let of_cage = self.hollows.is_none();
        for (([x, y, z, carried], [i, j, k, own]), out) in fine.zip(packed) {
            let open = if of_cage { carried } else { own };
            *out = [*x, *y, *z, *i, *j, *k, *open, 0.0];
        }
    }

    fn wet(&mut self, blood: Option<&[f32]>, packed: &mut [Packed]) {
        let Some(blood) = blood else {
            return;
        };
        let carrying = match &mut self.origin {
            Origin::Smooth(cage) => {
                let moved = &mut cage.blood;
                cage.outward
                    .apply_to_scalars(blood, |i, sum| moved[i] = sum);
                &cage.blood
            }
            Origin::Embedded(_) => blood,
        };
        let stencils = &self.stencils;
        stencils.apply_to_scalars(carrying, |i, sum| packed[i][7] = sum);
    }
}

impl Cage {
    /// Measures how open its vertices are, and moves them outward.
    fn prepare(&mut self, given: &mut [Place]) -> &[Place] {
        vertex_normals(given, &self.triangles, &mut self.normals);
        self.hollows.measure(given, &mut self.normals);
        for (place, normal) in given.iter_mut().zip(&self.normals) {
            place[3] = normal[3];
        }
        self.outward.apply(given, &mut self.moved);
        &self.moved
    }
}

fn check_triangles(triangles: &[[u32; 3]], points: usize) -> Result<(), FineError> {
    if triangles.is_empty() {
        return Err(FineError::Empty);
    }
    let beyond = |t: &[u32; 3]| t.iter().copied().find(|v| *v as usize >= points);
    let mut named = triangles.iter().enumerate();
    match named.find_map(|(index, t)| beyond(t).map(|point| (index, point))) {
        None => Ok(()),
        Some((index, point)) => Err(FineError::OutOfRange {
            what: "triangle",
            index,
            point,
            points,
        }),
    }
}

fn as_many(what: &'static str, given: usize, needed: usize) -> Result<(), FineError> {
    match given == needed {
        true => Ok(()),
        false => Err(FineError::Count {
            what,
            given,
            needed,
        }),
    }
}

fn fewer(what: &'static str, given: usize, before: usize) -> Result<(), FineError> {
    as_many(what, given.min(before), before)
}

/// Length of the triangles' mean side, m.
fn mean_side(points: &[Vec3], triangles: &[[u32; 3]]) -> f64 {
    let length = |t: &[u32; 3]| -> f64 {
        let p = t.map(|v| points[v as usize]);
        (0..3).map(|i| norm(sub(p[i], p[(i + 1) % 3]))).sum()
    };
    triangles.iter().map(length).sum::<f64>() / (3 * triangles.len()) as f64
}
