//! Edges of a triangle mesh, and which vertices they join.

/// An edge between two vertices.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// Its ends, ascending.
    pub ends: [u32; 2],
    /// The corners across it in its first and its last triangle.
    pub opposite: [u32; 2],
    /// Whether one triangle has it, or more than two.
    pub crease: bool,
}

/// All edges, ascending by their ends, and the three of each triangle: 01, 12, 20.
#[derive(Debug, Clone)]
pub(super) struct Edges {
    pub all: Vec<Edge>,
    pub of_triangle: Vec<[u32; 3]>,
}

impl Edges {
    pub fn new(triangles: &[[u32; 3]]) -> Self {
        let mut sides = Vec::with_capacity(3 * triangles.len());
        for side in 0..3 {
            for (t, corners) in triangles.iter().enumerate() {
                let mut ends = [corners[side], corners[(side + 1) % 3]];
                ends.sort_unstable();
                sides.push((ends, corners[(side + 2) % 3], t, side));
            }
        }
        sides.sort_by_key(|side| side.0); // stable: the order within an edge is that of the input
        let mut edges = Self {
            all: Vec::new(),
            of_triangle: vec![[0; 3]; triangles.len()],
        };
        for run in sides.chunk_by(|a, b| a.0 == b.0) {
            for (_, _, triangle, side) in run {
                edges.of_triangle[*triangle][*side] = edges.all.len() as u32;
            }
            edges.all.push(Edge {
                ends: run[0].0,
                opposite: [run[0].1, run[run.len() - 1].1],
                crease: run.len() != 2,
            });
        }
        edges
    }
}

/// Which vertices are joined to each, ascending.
#[derive(Debug, Clone, Default)]
pub(super) struct Neighbours {
    starts: Vec<u32>,
    others: Vec<u32>,
}

impl Neighbours {
    pub fn new(ends: impl Iterator<Item = [u32; 2]>, vertices: usize) -> Self {
        let mut pairs: Vec<[u32; 2]> = ends.flat_map(|[a, b]| [[a, b], [b, a]]).collect();
        pairs.sort_unstable();
        let mut starts = vec![0; vertices + 1];
        pairs.iter().for_each(|p| starts[p[0] as usize + 1] += 1);
        for i in 0..vertices {
            starts[i + 1] += starts[i];
        }
        Self {
            starts,
            others: pairs.into_iter().map(|p| p[1]).collect(),
        }
    }

    pub fn of(&self, vertex: usize) -> &[u32] {
        &self.others[self.starts[vertex] as usize..self.starts[vertex + 1] as usize]
    }

    /// Those of each vertex in turn.
    pub fn all(&self) -> impl Iterator<Item = &[u32]> {
        let ends = self.starts.windows(2);
        ends.map(|ends| &self.others[ends[0] as usize..ends[1] as usize])
    }
}
