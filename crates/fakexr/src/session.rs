//! Sessions: what they are bound to, and their way through the states.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault};
use crate::clock::Pacer;
use crate::event::Event;
use crate::extension::{EGL, HEADLESS, OPENGL, PRESENCE};
use crate::frame::FrameLoop;
use crate::gl::Gl;
use crate::hand::Tracker;
use crate::lifecycle::{Lifecycle, Steps};
use crate::runtime::{Live, Runtime, bad_handle, call, fresh_handle, need};
use crate::space::Space;
use crate::swapchain::Swapchain;
use crate::sync::Inputs;

/// What belongs to a session.
pub(crate) struct Session {
    pub(crate) handle: xr::Session,
    pub(crate) lost: bool,
    pub(crate) life: Lifecycle,
    pub(crate) gl: Option<Gl>,
    pub(crate) configuration: xr::ViewConfigurationType,
    pub(crate) frames: FrameLoop,
    pub(crate) pacer: Pacer,
    /// The times that views were located for and that no frame was ended for yet.
    pub(crate) located: VecDeque<i64>,
    pub(crate) spaces: BTreeMap<u64, Space>,
    pub(crate) swapchains: BTreeMap<u64, Swapchain>,
    pub(crate) trackers: BTreeMap<u64, Tracker>,
    /// The action sets that were attached, once.
    pub(crate) attached: Option<BTreeSet<u64>>,
    pub(crate) inputs: Inputs,
    /// The interaction profile of each hand, as of the last sync.
    pub(crate) profiles: BTreeMap<String, String>,
}

pub(crate) extern "system" fn opengl_requirements(
    instance: xr::Instance,
    system: xr::SystemId,
    requirements: *mut xr::GraphicsRequirementsOpenGLKHR,
) -> R {
    call("xrGetOpenGLGraphicsRequirementsKHR", |runtime| {
        runtime.need_system(instance, system)?;
        let instance = runtime.instance(instance)?;
        let out = abi::output(requirements, xr::GraphicsRequirementsOpenGLKHR::TYPE)?;
        out.min_api_version_supported = xr::Version::new(3, 3, 0);
        out.max_api_version_supported = xr::Version::new(4, 6, 0);
        instance.asked_requirements = true;
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn create_session(
    instance: xr::Instance,
    info: *const xr::SessionCreateInfo,
    session: *mut xr::Session,
) -> R {
    call("xrCreateSession", |runtime| {
        let info = abi::input(info, xr::SessionCreateInfo::TYPE)?;
        let out = abi::place(session)?;
        runtime.need_system(instance, info.system_id)?;
        let gl = runtime.bind_graphics(instance, info)?;
        if runtime.session.is_some() {
            return fault(
                R::ERROR_LIMIT_REACHED,
                "there is a session already; destroy it first",
            );
        }
        let (life, steps) = Lifecycle::new(runtime.script.wish);
        let handle = xr::Session::from_raw(fresh_handle());
        runtime.session = Some(Session::new(handle, life, gl));
        *out = handle;
        let mut live = runtime.live(handle)?;
        live.tell(steps);
        if live.instance.has(PRESENCE) {
            live.instance
                .events
                .push(Event::Presence(live.script.present));
        }
        Ok(R::SUCCESS)
    })
}

impl Session {
    fn new(handle: xr::Session, life: Lifecycle, gl: Option<Gl>) -> Self {
        Self {
            handle,
            lost: false,
            life,
            gl,
            configuration: xr::ViewConfigurationType::PRIMARY_STEREO,
            frames: FrameLoop::default(),
            pacer: Pacer::default(),
            located: VecDeque::new(),
            spaces: BTreeMap::new(),
            swapchains: BTreeMap::new(),
            trackers: BTreeMap::new(),
            attached: None,
            inputs: Inputs::default(),
            profiles: BTreeMap::new(),
        }
    }
}

impl Runtime {
    /// The OpenGL context in the chain of a session's description, or none for a headless one.
    fn bind_graphics(
        &mut self,
        instance: xr::Instance,
        info: &xr::SessionCreateInfo,
    ) -> Answer<Option<Gl>> {
        type Egl = xr::GraphicsBindingEGLMNDX;
        type Xlib = xr::GraphicsBindingOpenGLXlibKHR;
        let instance = self.instance(instance)?;
        let gl = if let Some(binding) = abi::chained::<Egl>(info.next, Egl::TYPE) {
            need(instance, EGL)?;
            Gl::from_egl(binding)?
        } else if let Some(binding) = abi::chained::<Xlib>(info.next, Xlib::TYPE) {
            need(instance, OPENGL)?;
            Gl::from_xlib(binding)?
        } else if instance.has(HEADLESS) {
            return Ok(None);
        } else {
            let text = "no graphics binding that is known here is in the session's chain";
            return fault(R::ERROR_GRAPHICS_DEVICE_INVALID, text);
        };
        if !instance.asked_requirements {
            let text = "call xrGetOpenGLGraphicsRequirementsKHR first";
            return fault(R::ERROR_GRAPHICS_REQUIREMENTS_CALL_MISSING, text);
        }
        Ok(Some(gl))
    }

    /// Forgets the session and what was told of it, and gives its textures back.
    pub(crate) fn drop_session(&mut self) {
        let Some(mut session) = self.session.take() else {
            return;
        };
        if let Some(instance) = &mut self.instance {
            instance.events.forget_session();
        }
        for swapchain in std::mem::take(&mut session.swapchains).into_values() {
            if let Some(gl) = &session.gl {
                gl.delete_textures(&swapchain.textures);
            }
        }
    }
}

impl Live<'_> {
    /// Tells the application of the states that its session went through.
    pub(crate) fn tell(&mut self, steps: Steps) {
        let now = self.clock.now();
        for state in steps {
            self.instance.events.push(Event::State(state, now));
        }
    }
}

pub(crate) extern "system" fn destroy_session(session: xr::Session) -> R {
    call("xrDestroySession", |runtime| {
        match &runtime.session {
            Some(living) if living.handle == session => runtime.drop_session(),
            _ => return bad_handle("session"),
        }
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn begin_session(
    session: xr::Session,
    info: *const xr::SessionBeginInfo,
) -> R {
    call("xrBeginSession", |runtime| {
        let info = abi::input(info, xr::SessionBeginInfo::TYPE)?;
        let headless = runtime.live(session)?.session.gl.is_none();
        if !headless {
            runtime.check_configuration(info.primary_view_configuration_type)?;
        }
        let mut live = runtime.live(session)?;
        live.session.life.begin()?;
        live.session.configuration = info.primary_view_configuration_type;
        live.session.frames = FrameLoop::default();
        if headless {
            let steps = live.session.life.rise_without_frames(live.script.wish);
            live.tell(steps);
        }
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn end_session(session: xr::Session) -> R {
    call("xrEndSession", |runtime| {
        let mut live = runtime.live(session)?;
        let steps = live.session.life.end(live.script.wish)?;
        if live.session.frames.is_open() {
            live.log
                .complain("xrEndSession: a frame was begun and never ended");
        }
        live.session.frames = FrameLoop::default();
        live.tell(steps);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn request_exit(session: xr::Session) -> R {
    call("xrRequestExitSession", |runtime| {
        let mut live = runtime.live(session)?;
        let steps = live.session.life.leave()?;
        live.tell(steps);
        Ok(R::SUCCESS)
    })
}
