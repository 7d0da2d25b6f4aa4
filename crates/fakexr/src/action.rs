//! Action sets and actions.

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault};
use crate::instance::Instance;
use crate::path::Paths;
use crate::runtime::{Runtime, bad_handle, call, fresh_handle};

/// A set of actions that are in use at the same time.
#[derive(Debug)]
pub(crate) struct ActionSet {
    name: String,
    localized: String,
    pub(crate) priority: u32,
}

/// What a person does or feels, whatever with.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) set: u64,
    pub(crate) name: String,
    localized: String,
    pub(crate) kind: xr::ActionType,
    /// The hands that are told apart.
    pub(crate) subactions: Vec<String>,
}

impl Action {
    /// The hand that a path asks for, or none for all together.
    pub(crate) fn subaction(&self, path: xr::Path, paths: &Paths) -> Answer<Option<String>> {
        if path == xr::Path::NULL {
            return Ok(None);
        }
        let text = paths.text(path)?;
        if self.subactions.iter().any(|known| known == text) {
            return Ok(Some(text.to_owned()));
        }
        let text = format!("the action {} was not made for {text}", self.name);
        fault(R::ERROR_PATH_UNSUPPORTED, text)
    }
}

/// Checks a name that becomes part of a path.
fn check_name(name: &str) -> Answer<()> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    if name.is_empty() {
        return fault(R::ERROR_NAME_INVALID, "a name is empty");
    }
    if name.chars().all(allowed) {
        return Ok(());
    }
    let text = format!("{name:?} has characters other than a-z, 0-9, '-', '_' and '.'");
    fault(R::ERROR_PATH_FORMAT_INVALID, text)
}

fn check_both(
    (name, localized): (&str, &str),
    others: impl Iterator<Item = (String, String)>,
) -> Answer<()> {
    check_name(name)?;
    if localized.is_empty() {
        return fault(
            R::ERROR_LOCALIZED_NAME_INVALID,
            format!("{name} has no localized name"),
        );
    }
    for (other, other_localized) in others {
        if other == name {
            return fault(
                R::ERROR_NAME_DUPLICATED,
                format!("there is a {name} already"),
            );
        }
        if other_localized == localized {
            let text = format!("there is a {localized:?} already");
            return fault(R::ERROR_LOCALIZED_NAME_DUPLICATED, text);
        }
    }
    Ok(())
}

pub(crate) extern "system" fn create_action_set(
    instance: xr::Instance,
    info: *const xr::ActionSetCreateInfo,
    set: *mut xr::ActionSet,
) -> R {
    call("xrCreateActionSet", |runtime| {
        let instance = runtime.instance(instance)?;
        let info = abi::input(info, xr::ActionSetCreateInfo::TYPE)?;
        let out = abi::place(set)?;
        let name = abi::fixed_text(&info.action_set_name)?;
        let localized = abi::fixed_text(&info.localized_action_set_name)?;
        let others = instance
            .sets
            .values()
            .map(|s| (s.name.clone(), s.localized.clone()));
        check_both((&name, &localized), others)?;
        let handle = fresh_handle();
        let priority = info.priority;
        let new = ActionSet {
            name,
            localized,
            priority,
        };
        instance.sets.insert(handle, new);
        *out = xr::ActionSet::from_raw(handle);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn destroy_action_set(set: xr::ActionSet) -> R {
    call("xrDestroyActionSet", |runtime| {
        let set = set.into_raw();
        let Some(instance) = &mut runtime.instance else {
            return bad_handle("action set");
        };
        if instance.sets.remove(&set).is_none() {
            return bad_handle("action set");
        }
        instance.actions.retain(|_, action| action.set != set);
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn create_action(
    set: xr::ActionSet,
    info: *const xr::ActionCreateInfo,
    action: *mut xr::Action,
) -> R {
    call("xrCreateAction", |runtime| {
        let set = set.into_raw();
        if runtime.is_attached(set) {
            let text = "the action set is attached; make its actions before";
            return fault(R::ERROR_ACTIONSETS_ALREADY_ATTACHED, text);
        }
        let Some(instance) = &mut runtime.instance else {
            return bad_handle("action set");
        };
        if !instance.sets.contains_key(&set) {
            return bad_handle("action set");
        }
        let info = abi::input(info, xr::ActionCreateInfo::TYPE)?;
        let out = abi::place(action)?;
        let new = Action::new(set, info, instance)?;
        let handle = fresh_handle();
        instance.actions.insert(handle, new);
        *out = xr::Action::from_raw(handle);
        Ok(R::SUCCESS)
    })
}

/// The paths by which an action can tell its sources apart.
const SUBACTIONS: [&str; 5] = [
    "/user/hand/left",
    "/user/hand/right",
    "/user/head",
    "/user/gamepad",
    "/user/treadmill",
];

impl Action {
    fn new(set: u64, info: &xr::ActionCreateInfo, instance: &Instance) -> Answer<Self> {
        let name = abi::fixed_text(&info.action_name)?;
        let localized = abi::fixed_text(&info.localized_action_name)?;
        let siblings = instance.actions.values().filter(|action| action.set == set);
        let others = siblings.map(|a| (a.name.clone(), a.localized.clone()));
        check_both((&name, &localized), others)?;
        let mut subactions: Vec<String> = Vec::new();
        for &path in abi::list(info.subaction_paths, info.count_subaction_paths)? {
            let text = instance.paths.text(path)?;
            if !SUBACTIONS.contains(&text) || subactions.iter().any(|known| known == text) {
                let text = format!("{text} is given twice or is no subaction path");
                return fault(R::ERROR_PATH_UNSUPPORTED, text);
            }
            subactions.push(text.to_owned());
        }
        Ok(Self {
            set,
            name,
            localized,
            kind: info.action_type,
            subactions,
        })
    }
}

impl Runtime {
    /// Whether an action set belongs to the session for good.
    fn is_attached(&self, set: u64) -> bool {
        let attached = self
            .session
            .as_ref()
            .and_then(|session| session.attached.as_ref());
        attached.is_some_and(|sets| sets.contains(&set))
    }
}

pub(crate) extern "system" fn destroy_action(action: xr::Action) -> R {
    call("xrDestroyAction", |runtime| {
        let Some(instance) = &mut runtime.instance else {
            return bad_handle("action");
        };
        match instance.actions.remove(&action.into_raw()) {
            Some(_) => Ok(R::SUCCESS),
            None => bad_handle("action"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_and_unique() {
        let others = || [("grasp".to_owned(), "Grasp".to_owned())].into_iter();
        assert!(check_both(("cut", "Cut"), others()).is_ok());
        for bad in [
            ("", "Cut"),
            ("Cut", "Cut"),
            ("cut", ""),
            ("grasp", "Hold"),
            ("hold", "Grasp"),
        ] {
            assert!(check_both(bad, others()).is_err(), "{bad:?}");
        }
    }
}
