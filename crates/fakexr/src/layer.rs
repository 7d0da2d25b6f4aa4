//! Layers of a frame: what the specification asks of them, checked one by one.

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault, invalid};
use crate::extension::DEPTH;
use crate::gl::is_depth;
use crate::log::{Depth, Layer, Surface};
use crate::picture::{self, Picture};
use crate::pose::Pose;
use crate::runtime::{Live, bad_handle};
use crate::space::Anchor;
use crate::swapchain::Swapchain;
use crate::system::{MAX_LAYERS, view_count};

/// What a frame shows, and the pictures of it if they are kept.
type Shown = (Vec<Layer>, Vec<Picture>);

fn bad_layer<T>(text: impl Into<String>) -> Answer<T> {
    fault(R::ERROR_LAYER_INVALID, text)
}

impl Live<'_> {
    /// Checks all layers of a frame.
    pub(crate) fn check_layers(&mut self, info: &xr::FrameEndInfo) -> Answer<Shown> {
        if info.layer_count > MAX_LAYERS {
            let text = format!("{} layers are more than {MAX_LAYERS}", info.layer_count);
            return fault(R::ERROR_LAYER_LIMIT_EXCEEDED, text);
        }
        let mut shown = Shown::default();
        for &pointer in abi::list(info.layers, info.layer_count)? {
            let layer = self.check_layer(pointer, &mut shown)?;
            shown.0.push(layer);
        }
        Ok(shown)
    }

    fn check_layer(
        &self,
        pointer: *const xr::CompositionLayerBaseHeader,
        shown: &mut Shown,
    ) -> Answer<Layer> {
        type Projection = xr::CompositionLayerProjection;
        type Quad = xr::CompositionLayerQuad;
        if pointer.is_null() {
            return bad_layer("a layer is a null pointer");
        }
        if let Some(layer) = abi::first::<Projection>(pointer.cast(), Projection::TYPE) {
            return self.check_projection(layer, shown);
        }
        if let Some(layer) = abi::first::<Quad>(pointer.cast(), Quad::TYPE) {
            return self.check_quad(layer, shown);
        }
        bad_layer("only projections and quads are known here")
    }

    fn check_projection(
        &self,
        layer: &xr::CompositionLayerProjection,
        shown: &mut Shown,
    ) -> Answer<Layer> {
        let expected = view_count(self.session.configuration);
        if layer.view_count as usize != expected {
            return invalid(format!(
                "{} views were given for {expected}",
                layer.view_count
            ));
        }
        let mut surfaces = Vec::new();
        for (index, view) in abi::list(layer.views, layer.view_count)?.iter().enumerate() {
            let place = (shown.0.len(), index);
            surfaces.push(self.check_view(view, place, &mut shown.1)?);
        }
        Ok(Layer {
            kind: "projection",
            flags: layer.layer_flags.into_raw(),
            space: self.space_name(layer.space)?,
            surfaces,
            size: None,
            eye: None,
        })
    }

    fn check_view(
        &self,
        view: &xr::CompositionLayerProjectionView,
        place: (usize, usize),
        pictures: &mut Vec<Picture>,
    ) -> Answer<Surface> {
        type View = xr::CompositionLayerProjectionView;
        type DepthInfo = xr::CompositionLayerDepthInfoKHR;
        abi::input(std::ptr::from_ref(view), View::TYPE)?;
        let mut surface = self.check_surface(&view.sub_image, view.pose, place, pictures)?;
        surface.fov = Some(check_fov(view.fov)?);
        if let Some(depth) = abi::chained::<DepthInfo>(view.next, DepthInfo::TYPE) {
            surface.depth = Some(self.check_depth(depth, place, pictures)?);
        }
        Ok(surface)
    }

    fn check_quad(&self, quad: &xr::CompositionLayerQuad, shown: &mut Shown) -> Answer<Layer> {
        let size = [quad.size.width, quad.size.height];
        if !size.iter().all(|side| side.is_finite() && *side > 0.0) {
            return invalid(format!("a quad of {size:?} m cannot be seen"));
        }
        let place = (shown.0.len(), 0);
        let surface = self.check_surface(&quad.sub_image, quad.pose, place, &mut shown.1)?;
        Ok(Layer {
            kind: "quad",
            flags: quad.layer_flags.into_raw(),
            space: self.space_name(quad.space)?,
            surfaces: vec![surface],
            size: Some(size),
            eye: Some(match quad.eye_visibility {
                xr::EyeVisibility::LEFT => "left",
                xr::EyeVisibility::RIGHT => "right",
                xr::EyeVisibility::BOTH => "both",
                other => return invalid(format!("{other:?} is no eye")),
            }),
        })
    }

    fn space_name(&self, space: xr::Space) -> Answer<&'static str> {
        let Some(space) = self.session.spaces.get(&space.into_raw()) else {
            return bad_handle("space");
        };
        Ok(match &space.anchor {
            Anchor::Reference(xr::ReferenceSpaceType::VIEW) => "view",
            Anchor::Reference(xr::ReferenceSpaceType::LOCAL) => "local",
            Anchor::Reference(xr::ReferenceSpaceType::LOCAL_FLOOR) => "local_floor",
            Anchor::Reference(_) => "stage",
            Anchor::Action(..) => "action",
        })
    }

    fn check_surface(
        &self,
        image: &xr::SwapchainSubImage,
        pose: xr::Posef,
        place: (usize, usize),
        pictures: &mut Vec<Picture>,
    ) -> Answer<Surface> {
        let position = pose.position;
        let rotation = pose.orientation;
        if !Pose::from(pose).is_unit() {
            let text = format!("the quaternion {rotation:?} is not of length one");
            return fault(R::ERROR_POSE_INVALID, text);
        }
        let (swapchain, rect) = self.check_image(image)?;
        if is_depth(swapchain.format) {
            return bad_layer("a swapchain of depth was given where colour is needed");
        }
        self.keep_picture(swapchain, image, place, pictures)?;
        Ok(Surface {
            pose: [
                rotation.x, rotation.y, rotation.z, rotation.w, position.x, position.y, position.z,
            ],
            fov: None,
            swapchain: image.swapchain.into_raw(),
            rect,
            array_index: image.image_array_index,
            format: swapchain.format,
            depth: None,
        })
    }

    fn keep_picture(
        &self,
        swapchain: &Swapchain,
        image: &xr::SwapchainSubImage,
        place: (usize, usize),
        pictures: &mut Vec<Picture>,
    ) -> Answer<()> {
        if let Some(gl) = self
            .session
            .gl
            .as_ref()
            .filter(|_| self.script.keep_pictures)
        {
            let rect = to_array(image.image_rect);
            pictures.push(picture::take(
                gl,
                swapchain,
                rect,
                image.image_array_index,
                place,
            )?);
        }
        Ok(())
    }

    /// Checks that an image was released and that its part lies inside it.
    fn check_image(&self, image: &xr::SwapchainSubImage) -> Answer<(&Swapchain, [i32; 4])> {
        let Some(swapchain) = self.session.swapchains.get(&image.swapchain.into_raw()) else {
            return bad_handle("swapchain");
        };
        if swapchain.queue.shown.is_none() {
            return bad_layer("no image of the layer's swapchain was released");
        }
        let rect = to_array(image.image_rect);
        if !fits(rect, swapchain.size) {
            let text = format!(
                "the part {rect:?} does not lie in an image of {:?}",
                swapchain.size
            );
            return fault(R::ERROR_SWAPCHAIN_RECT_INVALID, text);
        }
        if image.image_array_index >= swapchain.layers {
            let (index, layers) = (image.image_array_index, swapchain.layers);
            return invalid(format!("array index {index} of a swapchain of {layers}"));
        }
        Ok((swapchain, rect))
    }

    fn check_depth(
        &self,
        depth: &xr::CompositionLayerDepthInfoKHR,
        place: (usize, usize),
        pictures: &mut Vec<Picture>,
    ) -> Answer<Depth> {
        if !self.instance.has(DEPTH) {
            return bad_layer(format!("depth was given without {DEPTH}"));
        }
        let (swapchain, rect) = self.check_image(&depth.sub_image)?;
        if !is_depth(swapchain.format) {
            return bad_layer("a swapchain of colour was given where depth is needed");
        }
        let range = [depth.min_depth, depth.max_depth];
        let within = range.iter().all(|bound| (0.0..=1.0).contains(bound));
        if !within || range[0] > range[1] || depth.near_z == depth.far_z {
            let text = format!(
                "depth from {range:?}, near {} m, far {} m",
                depth.near_z, depth.far_z
            );
            return invalid(text);
        }
        self.keep_picture(swapchain, &depth.sub_image, place, pictures)?;
        Ok(Depth {
            swapchain: depth.sub_image.swapchain.into_raw(),
            rect,
            near: depth.near_z,
            far: depth.far_z,
            min: depth.min_depth,
            max: depth.max_depth,
        })
    }
}

fn to_array(rect: xr::Rect2Di) -> [i32; 4] {
    [
        rect.offset.x,
        rect.offset.y,
        rect.extent.width,
        rect.extent.height,
    ]
}

/// Whether a part of at least one pixel lies inside an image.
fn fits([x, y, width, height]: [i32; 4], size: [u32; 2]) -> bool {
    let along = |start: i32, length: i32, side: u32| {
        start >= 0 && length > 0 && i64::from(start) + i64::from(length) <= i64::from(side)
    };
    along(x, width, size[0]) && along(y, height, size[1])
}

fn check_fov(fov: xr::Fovf) -> Answer<[f32; 4]> {
    let angles = [
        fov.angle_left,
        fov.angle_right,
        fov.angle_up,
        fov.angle_down,
    ];
    let seen = angles
        .iter()
        .all(|angle| angle.abs() < std::f32::consts::FRAC_PI_2)
        && fov.angle_left < fov.angle_right
        && fov.angle_down < fov.angle_up;
    if seen {
        Ok(angles)
    } else {
        invalid(format!("the field of view {angles:?} is empty"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_lies_inside_its_image() {
        assert!(fits([0, 0, 256, 128], [256, 128]));
        assert!(fits([255, 0, 1, 1], [256, 128]));
        for bad in [
            [0, 0, 257, 1],
            [1, 0, 256, 1],
            [-1, 0, 8, 8],
            [0, 0, 0, 8],
            [0, i32::MAX, 1, 1],
        ] {
            assert!(!fits(bad, [256, 128]), "{bad:?}");
        }
    }

    #[test]
    fn a_field_of_view_has_a_width_and_a_height() {
        let fov = |left, right, up, down| xr::Fovf {
            angle_left: left,
            angle_right: right,
            angle_up: up,
            angle_down: down,
        };
        assert!(check_fov(fov(-0.9, 0.8, 0.8, -0.8)).is_ok());
        assert!(check_fov(fov(0.8, -0.9, 0.8, -0.8)).is_err());
        assert!(check_fov(fov(-0.9, 0.8, 0.8, 0.8)).is_err());
        assert!(check_fov(fov(-0.9, 1.6, 0.8, -0.8)).is_err());
        assert!(check_fov(fov(f32::NAN, 0.8, 0.8, -0.8)).is_err());
    }
}
