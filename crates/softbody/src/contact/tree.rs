//! A tree of boxes around things that do not move against each other (top-down, split at the median;
//! Ericson 2004, 6.2).

use super::bounds::Bounds;

/// Most items of a leaf.
const LEAF: usize = 4;
/// Branches are halved, so this is enough for any number of items that u32 can count.
const DEPTH: usize = 64;

#[derive(Debug, Clone)]
struct Branch {
    bounds: Bounds,
    /// Items of a leaf, else the range is empty and the children follow at `next`.
    items: std::ops::Range<u32>,
    next: [u32; 2],
}

/// Items by their boxes. Queries do not allocate, and meet items in one order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    branches: Vec<Branch>,
    items: Vec<(u32, Bounds)>,
}

impl Tree {
    pub fn new(bounds: impl Iterator<Item = Bounds>) -> Self {
        let items: Vec<_> = bounds.enumerate().map(|(i, b)| (i as u32, b)).collect();
        let mut tree = Self {
            branches: Vec::new(),
            items,
        };
        if !tree.items.is_empty() {
            tree.grow(0, tree.items.len());
        }
        tree
    }

    /// Adds the branch of the items from `start` to `end`; returns its index.
    fn grow(&mut self, start: usize, end: usize) -> u32 {
        let mine = &mut self.items[start..end];
        let bounds = mine.iter().map(|i| i.1).reduce(Bounds::join).unwrap();
        let branch = self.branches.len();
        let items = start as u32..end as u32;
        self.branches.push(Branch {
            bounds,
            items,
            next: [0; 2],
        });
        if mine.len() > LEAF {
            let size = [0, 1, 2].map(|i| bounds.high[i] - bounds.low[i]);
            let axis = (0..3)
                .max_by(|a, b| size[*a].total_cmp(&size[*b]))
                .unwrap_or(0);
            let middle = |b: &Bounds| b.low[axis] + b.high[axis];
            mine.sort_by(|a, b| middle(&a.1).total_cmp(&middle(&b.1)));
            let half = start.midpoint(end);
            let next = [self.grow(start, half), self.grow(half, end)];
            self.branches[branch].items = 0..0;
            self.branches[branch].next = next;
        }
        branch as u32
    }

    /// Calls `visit` with each item whose box overlaps `bounds`.
    pub fn overlapping(&self, bounds: &Bounds, mut visit: impl FnMut(usize)) {
        let mut stack = Stack::new(self.branches.len());
        while let Some(branch) = stack.pop() {
            let branch = &self.branches[branch as usize];
            if !branch.bounds.overlaps(bounds) {
                continue;
            }
            if branch.items.is_empty() {
                branch.next.iter().rev().for_each(|b| stack.push(*b));
                continue;
            }
            for (item, own) in &self.items[branch.items.start as usize..branch.items.end as usize] {
                if own.overlaps(bounds) {
                    visit(*item as usize);
                }
            }
        }
    }

    /// The item nearest to `bounds` with a squared distance below `limit`, and that square; `square`
    /// measures it.
    pub fn nearest(
        &self,
        bounds: &Bounds,
        limit: f64,
        square: impl Fn(usize) -> f64,
    ) -> Option<(usize, f64)> {
        let mut best = (None, limit);
        let mut stack = Stack::new(self.branches.len());
        while let Some(branch) = stack.pop() {
            let branch = &self.branches[branch as usize];
            if branch.bounds.square(bounds) >= best.1 {
                continue;
            }
            if branch.items.is_empty() {
                let far = branch.next.map(|b| self.branches[b as usize].bounds);
                let [a, b] = far.map(|b| b.square(bounds));
                let [first, second] = branch.next;
                let order = if a <= b {
                    [second, first]
                } else {
                    [first, second]
                };
                order.iter().for_each(|b| stack.push(*b)); // the nearer is looked at first
                continue;
            }
            for (item, _) in &self.items[branch.items.start as usize..branch.items.end as usize] {
                let found = square(*item as usize);
                if found < best.1 {
                    best = (Some(*item as usize), found);
                }
            }
        }
        best.0.map(|item| (item, best.1))
    }
}

/// Branches still to be looked at.
struct Stack {
    branches: [u32; DEPTH],
    count: usize,
}

impl Stack {
    /// Holds the root of a tree of `branches`.
    fn new(branches: usize) -> Self {
        Self {
            branches: [0; DEPTH],
            count: usize::from(branches > 0),
        }
    }

    fn push(&mut self, branch: u32) {
        self.branches[self.count] = branch;
        self.count += 1;
    }

    fn pop(&mut self) -> Option<u32> {
        self.count = self.count.checked_sub(1)?;
        Some(self.branches[self.count])
    }
}
