//! Instances, their paths, and the names of results and structures.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::c_char;

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault, invalid};
use crate::action::{Action, ActionSet};
use crate::event::Events;
use crate::path::Paths;
use crate::runtime::{Runtime, bad_handle, call, fresh_handle, lock, refuse};
use crate::{extension, log};

/// What belongs to an instance.
pub(crate) struct Instance {
    pub(crate) handle: xr::Instance,
    pub(crate) api: xr::Version,
    pub(crate) extensions: BTreeSet<String>,
    pub(crate) lost: bool,
    pub(crate) events: Events,
    pub(crate) paths: Paths,
    pub(crate) sets: BTreeMap<u64, ActionSet>,
    pub(crate) actions: BTreeMap<u64, Action>,
    /// Suggested bindings: profile, then action and path.
    pub(crate) suggested: BTreeMap<String, Vec<(u64, String)>>,
    /// Whether xrGetOpenGLGraphicsRequirementsKHR was called, which a session with OpenGL needs.
    pub(crate) asked_requirements: bool,
    pub(crate) messengers: BTreeSet<u64>,
}

impl Instance {
    /// Whether what became part of 1.1 may be used.
    pub(crate) fn is_1_1(&self) -> bool {
        self.api.minor() >= 1
    }

    /// Whether an extension is enabled.
    pub(crate) fn has(&self, extension: &str) -> bool {
        self.extensions.contains(extension)
    }
}

pub(crate) extern "system" fn enumerate_extensions(
    layer: *const c_char,
    capacity: u32,
    count: *mut u32,
    properties: *mut xr::ExtensionProperties,
) -> R {
    call("xrEnumerateInstanceExtensionProperties", |runtime| {
        if !layer.is_null() {
            return fault(R::ERROR_API_LAYER_NOT_PRESENT, "a runtime has no layers");
        }
        let offered: Vec<&String> = runtime.script.offered.iter().collect();
        let kind = (offered.len(), xr::ExtensionProperties::TYPE);
        abi::two_calls_typed(capacity, count, properties, kind, |index, item| {
            abi::write_text(&mut item.extension_name, offered[index]);
            item.extension_version = extension::version(offered[index]).unwrap_or(1);
        })
    })
}

pub(crate) extern "system" fn create_instance(
    info: *const xr::InstanceCreateInfo,
    instance: *mut xr::Instance,
) -> R {
    call("xrCreateInstance", |runtime| {
        runtime.need_available()?;
        let info = abi::input(info, xr::InstanceCreateInfo::TYPE)?;
        let out = abi::place(instance)?;
        let api = runtime.check_version(info.application_info.api_version)?;
        if abi::fixed_text(&info.application_info.application_name)?.is_empty() {
            return fault(R::ERROR_NAME_INVALID, "the application has no name");
        }
        let extensions = runtime.check_extensions(info)?;
        if runtime.instance.is_some() {
            return fault(
                R::ERROR_LIMIT_REACHED,
                "there is an instance already; destroy it first",
            );
        }
        let new = Instance::new(api, extensions);
        *out = new.handle;
        runtime.instance = Some(new);
        Ok(R::SUCCESS)
    })
}

impl Instance {
    pub(crate) fn new(api: xr::Version, extensions: BTreeSet<String>) -> Self {
        Self {
            handle: xr::Instance::from_raw(fresh_handle()),
            api,
            extensions,
            lost: false,
            events: Events::default(),
            paths: Paths::default(),
            sets: BTreeMap::new(),
            actions: BTreeMap::new(),
            suggested: BTreeMap::new(),
            asked_requirements: false,
            messengers: BTreeSet::new(),
        }
    }
}

impl Runtime {
    fn need_available(&self) -> Answer<()> {
        if self.script.unavailable {
            refuse(R::ERROR_RUNTIME_UNAVAILABLE)
        } else {
            Ok(())
        }
    }

    /// Versions that are too new are no mistake: applications ask for 1.1 first and then for 1.0.
    fn check_version(&self, wanted: xr::Version) -> Answer<xr::Version> {
        if wanted.major() != 1 || wanted.minor() > self.script.api_minor {
            return refuse(R::ERROR_API_VERSION_UNSUPPORTED);
        }
        Ok(wanted)
    }

    fn check_extensions(&self, info: &xr::InstanceCreateInfo) -> Answer<BTreeSet<String>> {
        let mut enabled = BTreeSet::new();
        for &name in abi::list(info.enabled_extension_names, info.enabled_extension_count)? {
            let name = abi::text(name)?;
            if !self.script.offered.contains(name) {
                let text = format!("{name} is not offered by this runtime");
                return fault(R::ERROR_EXTENSION_NOT_PRESENT, text);
            }
            enabled.insert(name.to_owned());
        }
        for (name, needed) in [
            (extension::DATA_SOURCE, extension::HAND_TRACKING),
            (extension::EGL, extension::OPENGL),
        ] {
            if enabled.contains(name) && !enabled.contains(needed) {
                let text = format!("{name} was enabled without {needed}");
                return fault(R::ERROR_EXTENSION_DEPENDENCY_NOT_ENABLED, text);
            }
        }
        Ok(enabled)
    }
}

pub(crate) extern "system" fn destroy_instance(instance: xr::Instance) -> R {
    call("xrDestroyInstance", |runtime| {
        runtime.instance_even_if_lost(instance)?;
        runtime.drop_session();
        runtime.instance = None;
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn instance_properties(
    instance: xr::Instance,
    properties: *mut xr::InstanceProperties,
) -> R {
    call("xrGetInstanceProperties", |runtime| {
        runtime.instance(instance)?;
        let out = abi::output(properties, xr::InstanceProperties::TYPE)?;
        out.runtime_version = xr::Version::new(0, 1, 0);
        abi::write_text(&mut out.runtime_name, "surgisim fakexr");
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn poll_event(
    instance: xr::Instance,
    buffer: *mut xr::EventDataBuffer,
) -> R {
    call("xrPollEvent", |runtime| {
        let session = runtime
            .session
            .as_ref()
            .map(|s| s.handle)
            .unwrap_or_default();
        let events = &mut runtime.instance(instance)?.events;
        let buffer = abi::output(buffer, xr::EventDataBuffer::TYPE)?;
        let found = events.poll(session, buffer);
        Ok(if found {
            R::SUCCESS
        } else {
            R::EVENT_UNAVAILABLE
        })
    })
}

/// Room for the name of a result or of a structure: 64 characters.
const STRING: u32 = xr::MAX_RESULT_STRING_SIZE as u32;
const _: () = assert!(xr::MAX_STRUCTURE_NAME_SIZE == xr::MAX_RESULT_STRING_SIZE);

pub(crate) extern "system" fn result_to_string(
    instance: xr::Instance,
    value: R,
    buffer: *mut c_char,
) -> R {
    call("xrResultToString", |runtime| {
        runtime.instance_even_if_lost(instance)?;
        abi::write_text(abi::room(buffer, STRING)?, &log::name(value));
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn structure_type_to_string(
    instance: xr::Instance,
    value: xr::StructureType,
    buffer: *mut c_char,
) -> R {
    call("xrStructureTypeToString", |runtime| {
        runtime.instance_even_if_lost(instance)?;
        let name = format!("{value:?}");
        let known = name.starts_with(char::is_alphabetic);
        let prefix = if known {
            "XR_TYPE"
        } else {
            "XR_UNKNOWN_STRUCTURE_TYPE"
        };
        abi::write_text(abi::room(buffer, STRING)?, &format!("{prefix}_{name}"));
        Ok(R::SUCCESS)
    })
}

/// Whether `handle` is the living instance, for the loader's table.
pub(crate) fn enabled_extensions(handle: xr::Instance) -> Answer<(bool, BTreeSet<String>)> {
    let runtime = lock();
    match &runtime.instance {
        Some(instance) if instance.handle == handle => {
            Ok((instance.is_1_1(), instance.extensions.clone()))
        }
        _ if handle == xr::Instance::NULL => invalid("only few functions need no instance"),
        _ => bad_handle("instance"),
    }
}
