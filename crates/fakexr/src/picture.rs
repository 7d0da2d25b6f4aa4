//! Pictures of what was submitted, kept when the test asks for them.

use crate::abi::Answer;
use crate::gl::{Gl, is_depth};
use crate::swapchain::Swapchain;

/// The part of an image that a layer showed.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Number of the layer and of the surface in it.
    pub(crate) layer: usize,
    pub(crate) surface: usize,
    pub(crate) depth: bool,
    pub(crate) size: [usize; 2],
    /// Four bytes a pixel (red, green, blue, alpha, or one float), rows from the bottom.
    pub(crate) bytes: Vec<u8>,
}

/// Reads the part `rect` (x, y, width, height) of what a swapchain shows.
pub(crate) fn take(
    gl: &Gl,
    swapchain: &Swapchain,
    rect: [i32; 4],
    array_index: u32,
    (layer, surface): (usize, usize),
) -> Answer<Picture> {
    let shown = swapchain
        .queue
        .shown
        .expect("a layer shows released images only");
    let depth = is_depth(swapchain.format);
    let all = gl.read(
        swapchain.textures[shown],
        swapchain.size,
        swapchain.layers,
        depth,
    )?;
    let [x, y, width, height] = rect.map(|side| usize::try_from(side).expect("checked"));
    let [row, rows] = swapchain.size.map(|side| side as usize);
    let start = array_index as usize * row * rows;
    let bytes = (y..y + height)
        .flat_map(|line| {
            let from = 4 * (start + line * row + x);
            all[from..from + 4 * width].iter().copied()
        })
        .collect();
    Ok(Picture {
        layer,
        surface,
        depth,
        size: [width, height],
        bytes,
    })
}
