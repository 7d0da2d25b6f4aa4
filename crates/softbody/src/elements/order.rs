//! Which elements lie side by side.
//!
//! Elements of a batch are added to their nodes one after the other, and a sum that has just been
//! stored is slow to load again. Neighbours in a mesh follow each other in its file; dealt in that
//! order, a batch would add to the same node up to six times. So each batch takes, from the next
//! [`WINDOW`] elements, those that meet its nodes least often.

use crate::simd::LANES;

/// Elements that a batch may choose from: enough to find unlike ones, few enough to stay near.
const WINDOW: usize = 64;

/// The indices `order` of `tetrahedra`, so that every sixteen from the first on share few nodes.
#[must_use]
pub fn spread(order: &[usize], tetrahedra: &[[u32; 4]]) -> Vec<usize> {
    let nodes = tetrahedra.iter().flatten().max().map_or(0, |n| n + 1);
    let mut met = vec![0u32; nodes as usize]; // by the present batch
    let (mut window, mut rest) = (Vec::with_capacity(WINDOW), order.iter().copied());
    let mut out: Vec<usize> = Vec::with_capacity(order.len());
    while out.len() < order.len() {
        window.extend(rest.by_ref().take(WINDOW - window.len()));
        let of = |t: usize| tetrahedra[t].map(|n| n as usize);
        if out.len().is_multiple_of(LANES) {
            let last = &out[out.len().saturating_sub(LANES)..];
            last.iter()
                .for_each(|t| of(*t).iter().for_each(|n| met[*n] = 0));
        }
        let most = |t: &usize| of(*t).iter().map(|n| met[*n]).max();
        let best = (0..window.len()).min_by_key(|i| most(&window[*i]));
        let Some(best) = best else { break };
        let t = window.remove(best); // the first of the best: near its place in the file
        of(t).iter().for_each(|n| met[*n] += 1);
        out.push(t);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::TetMesh;

    /// How often the busiest node is met in a batch, on average.
    fn meetings(order: &[usize], tetrahedra: &[[u32; 4]]) -> f64 {
        let most = |batch: &[usize]| {
            let nodes = || batch.iter().flat_map(|t| tetrahedra[*t]);
            let often = |n: u32| nodes().filter(|m| *m == n).count();
            nodes().map(often).max().unwrap_or(0)
        };
        let batches = order.chunks(LANES);
        batches.clone().map(most).sum::<usize>() as f64 / batches.len() as f64
    }

    #[test]
    fn batches_share_few_nodes_and_every_element_is_in_one() {
        let mesh = TetMesh::boxed([0.1; 3], [6; 3]).unwrap();
        let all: Vec<usize> = (0..mesh.tetrahedra().len()).collect();
        let dealt = spread(&all, mesh.tetrahedra());
        let (before, after) = (
            meetings(&all, mesh.tetrahedra()),
            meetings(&dealt, mesh.tetrahedra()),
        );
        println!(
            "the busiest node of a batch is met {before:.1} times in file order, {after:.1} dealt"
        );
        assert!(after < 0.5 * before);
        let mut sorted = dealt;
        sorted.sort_unstable();
        assert_eq!(sorted, all);
    }
}
