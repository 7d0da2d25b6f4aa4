//! The nodes that contacts touch in a substep, each listed once for all tools and tissues.

use crate::vec3::Vec3;

/// Marks a node that is not listed, or that no tool touches.
pub(super) const NONE: u32 = u32::MAX;

/// A node that is touched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Touched {
    pub body: u32,
    pub node: u32,
    /// By how much contact has moved it in this substep, m.
    pub moved: Vec3,
    /// Sum of the lengths by which contacts move it, m.
    pub way: f64,
    /// What moves it; 0 for held nodes.
    pub inverse_mass: f64,
    /// The tool that touches it, or [`NONE`]; and whether several do.
    tool: u32,
    pub contested: bool,
}

/// All that are touched.
#[derive(Debug, Clone, Default)]
pub(crate) struct Nodes {
    pub list: Vec<Touched>,
    /// For every node of every body where it is in `list`, or [`NONE`].
    places: Vec<Vec<u32>>,
}

impl Nodes {
    /// Room for bodies with so many nodes each, so that a step never allocates.
    pub fn reserve(&mut self, counts: impl Iterator<Item = usize>) {
        let mut all = 0;
        for (body, count) in counts.enumerate() {
            if self.places.len() == body {
                self.places.push(Vec::new());
            }
            let room = count.max(self.places[body].len());
            self.places[body].resize(room, NONE);
            all += room;
        }
        self.list.reserve(all.saturating_sub(self.list.len()));
    }

    /// Takes all from the list.
    pub fn clear(&mut self) {
        for t in self.list.drain(..) {
            self.places[t.body as usize][t.node as usize] = NONE;
        }
    }

    /// Where a node that `tool`, or other tissue ([`NONE`]), touches is in the list, where it is put
    /// if it is not there yet. Tools come before tissues.
    pub fn place(&mut self, (body, node): (u32, u32), inverse_mass: f64, tool: u32) -> usize {
        let place = &mut self.places[body as usize][node as usize];
        if *place == NONE {
            *place = self.list.len() as u32;
            self.list.push(Touched {
                body,
                node,
                moved: [0.0; 3],
                way: 0.0,
                inverse_mass,
                tool,
                contested: false,
            }); // room for all is reserved
        }
        let place = *place as usize;
        self.list[place].contested |= self.list[place].tool != tool && tool != NONE;
        place
    }
}
