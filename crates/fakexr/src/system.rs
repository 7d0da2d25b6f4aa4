//! The headset as a whole: what it is, what it shows, how many views it has.

use openxr_sys as xr;
use xr::Result as R;
use xr::ViewConfigurationType as Configuration;

use crate::abi::{self, Answer, fault};
use crate::extension::{HAND_TRACKING, PRESENCE, QUAD_VIEWS};
use crate::runtime::{Runtime, call, refuse};

const SYSTEM: u64 = 1;
/// Pixels that a swapchain's image may have along each side.
pub(crate) const MAX_IMAGE: u32 = 4096;
/// Layers that a frame may have.
pub(crate) const MAX_LAYERS: u32 = 16;

impl Runtime {
    fn check_system(&mut self, instance: xr::Instance, system: xr::SystemId) -> Answer<()> {
        self.instance(instance)?;
        if system.into_raw() == SYSTEM {
            return Ok(());
        }
        fault(
            R::ERROR_SYSTEM_INVALID,
            "this is not the system that xrGetSystem gave",
        )
    }

    /// The view configurations that this instance may use, the best first.
    pub(crate) fn configurations(&self) -> Vec<Configuration> {
        let quad_views = self
            .instance
            .as_ref()
            .is_some_and(|i| i.is_1_1() || i.has(QUAD_VIEWS));
        match self.script.views {
            1 => vec![Configuration::PRIMARY_MONO],
            4 if quad_views => vec![
                Configuration::PRIMARY_STEREO_WITH_FOVEATED_INSET,
                Configuration::PRIMARY_STEREO,
            ],
            _ => vec![Configuration::PRIMARY_STEREO],
        }
    }

    /// Checks that a view configuration is offered.
    pub(crate) fn check_configuration(&self, configuration: Configuration) -> Answer<()> {
        if self.configurations().contains(&configuration) {
            return Ok(());
        }
        let text = format!("{configuration:?} is not among the view configurations offered");
        fault(R::ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED, text)
    }
}

/// Number of views of a configuration.
pub(crate) fn view_count(configuration: Configuration) -> usize {
    match configuration {
        Configuration::PRIMARY_MONO => 1,
        Configuration::PRIMARY_STEREO_WITH_FOVEATED_INSET => 4,
        _ => 2,
    }
}

pub(crate) extern "system" fn get_system(
    instance: xr::Instance,
    info: *const xr::SystemGetInfo,
    system: *mut xr::SystemId,
) -> R {
    call("xrGetSystem", |runtime| {
        runtime.instance(instance)?;
        let info = abi::input(info, xr::SystemGetInfo::TYPE)?;
        if info.form_factor != xr::FormFactor::HEAD_MOUNTED_DISPLAY {
            let text = format!("{:?} is not what this is", info.form_factor);
            return fault(R::ERROR_FORM_FACTOR_UNSUPPORTED, text);
        }
        if !runtime.script.headset {
            return refuse(R::ERROR_FORM_FACTOR_UNAVAILABLE);
        }
        *abi::place(system)? = xr::SystemId::from_raw(SYSTEM);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn system_properties(
    instance: xr::Instance,
    system: xr::SystemId,
    properties: *mut xr::SystemProperties,
) -> R {
    call("xrGetSystemProperties", |runtime| {
        runtime.check_system(instance, system)?;
        let instance = runtime.instance(instance)?;
        let out = abi::output(properties, xr::SystemProperties::TYPE)?;
        out.system_id = system;
        out.vendor_id = 0;
        abi::write_text(&mut out.system_name, "a headset made of numbers");
        out.graphics_properties = xr::SystemGraphicsProperties {
            max_swapchain_image_height: MAX_IMAGE,
            max_swapchain_image_width: MAX_IMAGE,
            max_layer_count: MAX_LAYERS,
        };
        out.tracking_properties = xr::SystemTrackingProperties {
            orientation_tracking: xr::TRUE,
            position_tracking: xr::TRUE,
        };
        type Hands = xr::SystemHandTrackingPropertiesEXT;
        if let Some(hands) = abi::chained_mut::<Hands>(out.next, Hands::TYPE) {
            hands.supports_hand_tracking = instance.has(HAND_TRACKING).into();
        }
        type Presence = xr::SystemUserPresencePropertiesEXT;
        if let Some(presence) = abi::chained_mut::<Presence>(out.next, Presence::TYPE) {
            presence.supports_user_presence = instance.has(PRESENCE).into();
        }
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn blend_modes(
    instance: xr::Instance,
    system: xr::SystemId,
    configuration: Configuration,
    capacity: u32,
    count: *mut u32,
    modes: *mut xr::EnvironmentBlendMode,
) -> R {
    call("xrEnumerateEnvironmentBlendModes", |runtime| {
        runtime.check_system(instance, system)?;
        runtime.check_configuration(configuration)?;
        abi::two_calls(capacity, count, modes, &runtime.script.blend)
    })
}

pub(crate) extern "system" fn configurations(
    instance: xr::Instance,
    system: xr::SystemId,
    capacity: u32,
    count: *mut u32,
    configurations: *mut Configuration,
) -> R {
    call("xrEnumerateViewConfigurations", |runtime| {
        runtime.check_system(instance, system)?;
        abi::two_calls(capacity, count, configurations, &runtime.configurations())
    })
}

pub(crate) extern "system" fn configuration_properties(
    instance: xr::Instance,
    system: xr::SystemId,
    configuration: Configuration,
    properties: *mut xr::ViewConfigurationProperties,
) -> R {
    call("xrGetViewConfigurationProperties", |runtime| {
        runtime.check_system(instance, system)?;
        runtime.check_configuration(configuration)?;
        let out = abi::output(properties, xr::ViewConfigurationProperties::TYPE)?;
        out.view_configuration_type = configuration;
        out.fov_mutable = xr::TRUE;
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn configuration_views(
    instance: xr::Instance,
    system: xr::SystemId,
    configuration: Configuration,
    capacity: u32,
    count: *mut u32,
    views: *mut xr::ViewConfigurationView,
) -> R {
    call("xrEnumerateViewConfigurationViews", |runtime| {
        runtime.check_system(instance, system)?;
        runtime.check_configuration(configuration)?;
        let [width, height] = runtime.script.eye;
        let kind = (view_count(configuration), xr::ViewConfigurationView::TYPE);
        abi::two_calls_typed(capacity, count, views, kind, |_, view| {
            view.recommended_image_rect_width = width;
            view.max_image_rect_width = MAX_IMAGE;
            view.recommended_image_rect_height = height;
            view.max_image_rect_height = MAX_IMAGE;
            view.recommended_swapchain_sample_count = 1;
            view.max_swapchain_sample_count = 1;
        })
    })
}

impl Runtime {
    /// Checks the system that a session or its requirements are asked for.
    pub(crate) fn need_system(&mut self, instance: xr::Instance, id: xr::SystemId) -> Answer<()> {
        self.check_system(instance, id)?;
        if self.script.headset {
            Ok(())
        } else {
            refuse(R::ERROR_FORM_FACTOR_UNAVAILABLE)
        }
    }
}
