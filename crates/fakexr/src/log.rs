//! What the application did: its mistakes, its frames, its haptics.

use std::collections::{BTreeMap, VecDeque};

use openxr_sys as xr;
use serde::Serialize;

use crate::abi::{Answer, Stop};
use crate::picture::Picture;

/// The newest frames, and the first errors, that are kept with their content.
const KEPT: usize = 20_000;

/// One frame as xrEndFrame got it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Frame {
    pub(crate) index: u64,
    /// The time that the application named, and the one that xrWaitFrame had predicted.
    pub(crate) display_time: i64,
    pub(crate) predicted_time: i64,
    pub(crate) should_render: bool,
    /// The time that views were last located for, if they were since the frame before.
    pub(crate) views_time: Option<i64>,
    pub(crate) blend_mode: &'static str,
    pub(crate) layers: Vec<Layer>,
}

/// One layer of a frame.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Layer {
    pub(crate) kind: &'static str,
    pub(crate) flags: u64,
    pub(crate) space: &'static str,
    /// A projection's views, or the one surface of a quad.
    pub(crate) surfaces: Vec<Surface>,
    /// Width and height of a quad in metres.
    pub(crate) size: Option<[f32; 2]>,
    pub(crate) eye: Option<&'static str>,
}

/// Part of a swapchain's image, and where it is seen.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Surface {
    /// x, y, z, w of the quaternion and the position, in the layer's space.
    pub(crate) pose: [f32; 7],
    /// Left, right, up, down in radians.
    pub(crate) fov: Option<[f32; 4]>,
    pub(crate) swapchain: u64,
    /// x, y, width, height in pixels.
    pub(crate) rect: [i32; 4],
    pub(crate) array_index: u32,
    pub(crate) format: i64,
    pub(crate) depth: Option<Depth>,
}

/// The depth that goes with a view.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Depth {
    pub(crate) swapchain: u64,
    pub(crate) rect: [i32; 4],
    pub(crate) near: f32,
    pub(crate) far: f32,
    pub(crate) min: f32,
    pub(crate) max: f32,
}

/// One pulse, or the end of all.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Haptic {
    pub(crate) time: i64,
    pub(crate) action: String,
    pub(crate) paths: Vec<String>,
    pub(crate) stop: bool,
    pub(crate) duration: i64,
    pub(crate) frequency: f32,
    pub(crate) amplitude: f32,
}

/// Everything that is written down.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) errors: Vec<String>,
    pub(crate) error_count: u64,
    pub(crate) calls: BTreeMap<&'static str, u64>,
    pub(crate) frames: VecDeque<Frame>,
    pub(crate) frame_count: u64,
    pub(crate) missed: u64,
    pub(crate) discarded: u64,
    pub(crate) haptics: Vec<Haptic>,
    pub(crate) pictures: Vec<Picture>,
}

impl Log {
    /// Writes down what is legal but wrong, or wrong and refused.
    pub(crate) fn complain(&mut self, text: impl Into<String>) {
        self.error_count += 1;
        if self.errors.len() < KEPT {
            self.errors.push(text.into());
        }
    }

    /// The result that a call gives to the application; its mistakes are written down.
    pub(crate) fn settle(&mut self, function: &str, answer: Answer) -> xr::Result {
        match answer {
            Ok(result) | Err(Stop::Refusal(result)) => result,
            Err(Stop::Fault(result, text)) => {
                self.complain(format!("{function}: {text} ({})", name(result)));
                result
            }
        }
    }

    pub(crate) fn frame(&mut self, frame: Frame) {
        self.frame_count += 1;
        if self.frames.len() == KEPT {
            self.frames.pop_front();
        }
        self.frames.push_back(frame);
    }
}

/// The name of a result as the specification writes it.
pub(crate) fn name(result: xr::Result) -> String {
    let text = format!("{result:?}");
    match result.into_raw() {
        _ if text.starts_with(char::is_alphabetic) => format!("XR_{text}"),
        code @ 0.. => format!("XR_UNKNOWN_SUCCESS_{code}"),
        code => format!("XR_UNKNOWN_FAILURE_{}", -i64::from(code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::fault;

    #[test]
    fn only_the_applications_mistakes_are_counted() {
        let mut log = Log::default();
        let lost = xr::Result::ERROR_SESSION_LOST;
        assert_eq!(log.settle("xrWaitFrame", Err(Stop::Refusal(lost))), lost);
        assert_eq!(log.error_count, 0);
        let order = xr::Result::ERROR_CALL_ORDER_INVALID;
        assert_eq!(
            log.settle("xrEndFrame", fault(order, "no frame was begun")),
            order
        );
        assert_eq!(
            log.errors,
            ["xrEndFrame: no frame was begun (XR_ERROR_CALL_ORDER_INVALID)"]
        );
    }

    #[test]
    fn unknown_results_have_names() {
        assert_eq!(name(xr::Result::from_raw(77)), "XR_UNKNOWN_SUCCESS_77");
        assert_eq!(
            name(xr::Result::from_raw(-777_777)),
            "XR_UNKNOWN_FAILURE_777777"
        );
        assert_eq!(name(xr::Result::FRAME_DISCARDED), "XR_FRAME_DISCARDED");
    }
}
