//! The eyes: where they are, what they see, and what of it the lenses hide.

use openxr_sys as xr;
use xr::Result as R;
use xr::ViewConfigurationType as Configuration;

use crate::abi::{self, Answer, fault, invalid};
use crate::pose::Pose;
use crate::runtime::{Live, call};
use crate::script::{Fov, Script};
use crate::session::Session;
use crate::space::{Place, check_time};
use crate::system::view_count;

/// The inner views of four show this part of the field of view.
const INSET: f64 = 0.4;

/// Where an eye lies in the head, and its field of view.
///
/// The left eye's angles are mirrored for the right one; with four views, the inner two come last.
pub(crate) fn eye(script: &Script, configuration: Configuration, index: usize) -> (Pose, Fov) {
    let [left, right, up, down] = script.fov;
    if configuration == Configuration::PRIMARY_MONO {
        return (Pose::IDENTITY, script.fov);
    }
    let is_left = index.is_multiple_of(2);
    let x = if is_left {
        -script.ipd / 2.0
    } else {
        script.ipd / 2.0
    };
    let wide = if is_left {
        [left, right, up, down]
    } else {
        [-right, -left, up, down]
    };
    let fov = if index < 2 {
        wide
    } else {
        wide.map(|angle| (angle.tan() * INSET).atan())
    };
    (Pose::at([x, 0.0, 0.0]), fov)
}

fn to_fov([left, right, up, down]: Fov) -> xr::Fovf {
    xr::Fovf {
        angle_left: left as f32,
        angle_right: right as f32,
        angle_up: up as f32,
        angle_down: down as f32,
    }
}

pub(crate) extern "system" fn locate_views(
    session: xr::Session,
    info: *const xr::ViewLocateInfo,
    state: *mut xr::ViewState,
    capacity: u32,
    count: *mut u32,
    views: *mut xr::View,
) -> R {
    call("xrLocateViews", |runtime| {
        let live = runtime.live(session)?;
        let info = abi::input(info, xr::ViewLocateInfo::TYPE)?;
        let state = abi::output(state, xr::ViewState::TYPE)?;
        let time = info.display_time.as_nanos();
        check_time(time)?;
        live.check_used(info.view_configuration_type)?;
        let head = Place::of(live.script.head(), time);
        let seen = head.seen_from(live.place(info.space, time)?);
        // The bits of both kinds of flags have the same meaning.
        state.view_state_flags = xr::ViewStateFlags::from_raw(seen.flags.into_raw());
        let configuration = info.view_configuration_type;
        let kind = (view_count(configuration), xr::View::TYPE);
        let result = abi::two_calls_typed(capacity, count, views, kind, |index, view| {
            let (offset, fov) = eye(live.script, configuration, index);
            view.pose = seen.motion.pose.then(offset).into();
            view.fov = to_fov(fov);
        })?;
        live.session.note_located(time);
        Ok(result)
    })
}

/// Times of located views that are remembered: a loop has a frame or two in flight.
const LOCATED: usize = 8;

impl Session {
    fn note_located(&mut self, time: i64) {
        self.located.retain(|known| *known != time);
        self.located.push_back(time);
        if self.located.len() > LOCATED {
            self.located.pop_front();
        }
    }

    /// The time that the views of a frame were located for: its own if they were, else the last.
    pub(crate) fn take_located(&mut self, display: i64) -> Option<i64> {
        let own = self.located.contains(&display).then_some(display);
        let time = own.or(self.located.back().copied());
        self.located.retain(|known| *known > display);
        time
    }
}

impl Live<'_> {
    /// Checks that a view configuration is the one that the session was begun with.
    fn check_used(&self, configuration: Configuration) -> Answer<()> {
        if configuration == self.session.configuration {
            return Ok(());
        }
        let begun = self.session.configuration;
        let text = format!("the session was begun with {begun:?}, not {configuration:?}");
        fault(R::ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED, text)
    }
}

/// The hidden corners, the visible rest, or its outline, in the plane one metre before the eye.
pub(crate) struct Mask {
    vertices: Vec<[f64; 2]>,
    indices: Vec<u32>,
}

/// A field of view whose four corners are cut off at `cut` of its sides.
pub(crate) fn mask(fov: Fov, cut: f64, kind: xr::VisibilityMaskTypeKHR) -> Option<Mask> {
    let [left, right, up, down] = fov.map(f64::tan);
    let (dx, dy) = ((right - left) * cut, (up - down) * cut);
    // Anti-clockwise from the bottom left corner: two points that cut each corner.
    let octagon = vec![
        [left, down + dy],
        [left + dx, down],
        [right - dx, down],
        [right, down + dy],
        [right, up - dy],
        [right - dx, up],
        [left + dx, up],
        [left, up - dy],
    ];
    match kind {
        xr::VisibilityMaskTypeKHR::LINE_LOOP => {
            let indices = (0..8).collect();
            Some(Mask {
                vertices: octagon,
                indices,
            })
        }
        xr::VisibilityMaskTypeKHR::VISIBLE_TRIANGLE_MESH => {
            let indices = (1..7).flat_map(|i| [0, i, i + 1]).collect();
            Some(Mask {
                vertices: octagon,
                indices,
            })
        }
        xr::VisibilityMaskTypeKHR::HIDDEN_TRIANGLE_MESH => {
            let corners = [[left, down], [right, down], [right, up], [left, up]];
            let vertices = [octagon, corners.to_vec()].concat();
            let indices = vec![8, 1, 0, 9, 3, 2, 10, 5, 4, 11, 7, 6];
            Some(Mask { vertices, indices })
        }
        _ => None,
    }
}

pub(crate) extern "system" fn visibility_mask(
    session: xr::Session,
    configuration: Configuration,
    index: u32,
    kind: xr::VisibilityMaskTypeKHR,
    out: *mut xr::VisibilityMaskKHR,
) -> R {
    call("xrGetVisibilityMaskKHR", |runtime| {
        let live = runtime.live(session)?;
        live.check_used(configuration)?;
        let out = abi::output(out, xr::VisibilityMaskKHR::TYPE)?;
        let index = index as usize;
        if index >= view_count(configuration) {
            return invalid(format!("there is no view {index}"));
        }
        let (_, fov) = eye(live.script, configuration, index);
        let Some(mask) = mask(fov, live.script.mask_corner, kind) else {
            return invalid("there is no such kind of mask");
        };
        write_mask(out, &mask)
    })
}

fn write_mask(out: &mut xr::VisibilityMaskKHR, mask: &Mask) -> Answer {
    let point = |&[x, y]: &[f64; 2]| xr::Vector2f {
        x: x as f32,
        y: y as f32,
    };
    let vertices: Vec<xr::Vector2f> = mask.vertices.iter().map(point).collect();
    let (capacity, places) = (out.vertex_capacity_input, out.vertices);
    abi::two_calls(
        capacity,
        &raw mut out.vertex_count_output,
        places,
        &vertices,
    )?;
    let (capacity, places) = (out.index_capacity_input, out.indices);
    abi::two_calls(
        capacity,
        &raw mut out.index_count_output,
        places,
        &mask.indices,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eyes_mirror_each_other_and_insets_see_less() {
        let script = Script::default();
        let four = Configuration::PRIMARY_STEREO_WITH_FOVEATED_INSET;
        let (left, left_fov) = eye(&script, four, 0);
        let (right, right_fov) = eye(&script, four, 1);
        assert_eq!(left.p[0], -right.p[0]);
        assert_eq!([left_fov[0], left_fov[1]], [-right_fov[1], -right_fov[0]]);
        let (inner, inner_fov) = eye(&script, four, 3);
        assert_eq!(inner, right);
        assert!(inner_fov[1] < right_fov[1] && inner_fov[0] > right_fov[0]);
    }

    #[test]
    fn hidden_and_visible_fill_the_field_of_view() {
        let area = |kind| {
            let mask = mask([-0.9, 0.8, 0.85, -0.85], 0.3, kind).unwrap();
            let corner = |&i: &u32| mask.vertices[i as usize];
            mask.indices
                .chunks(3)
                .map(|t| (corner(&t[0]), corner(&t[1]), corner(&t[2])))
                .map(|(a, b, c)| {
                    ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs() / 2.0
                })
                .sum::<f64>()
        };
        let whole = (0.9_f64.tan() + 0.8_f64.tan()) * 2.0 * 0.85_f64.tan();
        let hidden = area(xr::VisibilityMaskTypeKHR::HIDDEN_TRIANGLE_MESH);
        let visible = area(xr::VisibilityMaskTypeKHR::VISIBLE_TRIANGLE_MESH);
        assert!((hidden + visible - whole).abs() < 1e-12 * whole);
        assert!(hidden > 0.1 * whole);
    }
}
