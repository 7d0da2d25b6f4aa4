//! Bindings: from actions to what is on the controllers.

use std::collections::BTreeSet;
use std::ffi::c_char;

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault, invalid};
use crate::instance::Instance;
use crate::profile::{self, Kind};
use crate::runtime::{Live, Runtime, bad_handle, call};
use crate::script::HANDS;

pub(crate) extern "system" fn suggest(
    instance: xr::Instance,
    info: *const xr::InteractionProfileSuggestedBinding,
) -> R {
    call("xrSuggestInteractionProfileBindings", |runtime| {
        runtime.instance(instance)?;
        if runtime
            .session
            .as_ref()
            .is_some_and(|session| session.attached.is_some())
        {
            let text = "action sets are attached; suggest bindings before";
            return fault(R::ERROR_ACTIONSETS_ALREADY_ATTACHED, text);
        }
        let info = abi::input(info, xr::InteractionProfileSuggestedBinding::TYPE)?;
        let list = abi::list(info.suggested_bindings, info.count_suggested_bindings)?;
        runtime.suggest(info.interaction_profile, list)
    })
}

impl Runtime {
    fn suggest(&mut self, profile: xr::Path, list: &[xr::ActionSuggestedBinding]) -> Answer {
        let Some(instance) = &mut self.instance else {
            return bad_handle("instance");
        };
        let name = instance.paths.text(profile)?.to_owned();
        let Some(profile) = profile::find(instance, &name) else {
            let why = if profile::is_known(&name) {
                "needs its extension"
            } else {
                "is not known"
            };
            return fault(
                R::ERROR_PATH_UNSUPPORTED,
                format!("the profile {name} {why}"),
            );
        };
        if list.is_empty() {
            return invalid(format!("no bindings were suggested for {name}"));
        }
        let mut bindings = Vec::new();
        for suggested in list {
            let id = suggested.action.into_raw();
            let path = instance.paths.text(suggested.binding)?.to_owned();
            let Some(kind) = profile.kind(instance, &path) else {
                return fault(R::ERROR_PATH_UNSUPPORTED, format!("{name} has no {path}"));
            };
            let Some(action) = instance.actions.get(&id) else {
                return bad_handle("action");
            };
            if !suits(action.kind, kind) {
                self.log.complain(format!(
                    "xrSuggestInteractionProfileBindings: {path} cannot serve the action {} ({:?})",
                    action.name, action.kind
                ));
                continue;
            }
            bindings.push((id, path));
        }
        instance.suggested.insert(name, bindings);
        Ok(R::SUCCESS)
    }
}

/// Whether something on a controller can drive, or be driven by, an action.
fn suits(action: xr::ActionType, kind: Kind) -> bool {
    match action {
        xr::ActionType::POSE_INPUT => kind == Kind::Pose,
        xr::ActionType::VIBRATION_OUTPUT => kind == Kind::Haptic,
        xr::ActionType::VECTOR2F_INPUT => kind == Kind::Vector,
        _ => kind == Kind::Scalar,
    }
}

pub(crate) extern "system" fn attach(
    session: xr::Session,
    info: *const xr::SessionActionSetsAttachInfo,
) -> R {
    call("xrAttachSessionActionSets", |runtime| {
        let live = runtime.live(session)?;
        let info = abi::input(info, xr::SessionActionSetsAttachInfo::TYPE)?;
        if live.session.attached.is_some() {
            let text = "action sets were attached to this session already";
            return fault(R::ERROR_ACTIONSETS_ALREADY_ATTACHED, text);
        }
        let sets = abi::list(info.action_sets, info.count_action_sets)?;
        let sets: BTreeSet<u64> = sets.iter().map(|set| set.into_raw()).collect();
        if sets.is_empty() {
            return invalid("there must be at least one action set");
        }
        if !sets.iter().all(|set| live.instance.sets.contains_key(set)) {
            return bad_handle("action set");
        }
        live.session.attached = Some(sets);
        Ok(R::SUCCESS)
    })
}

impl Live<'_> {
    /// Checks that an action set, by its handle, was attached.
    pub(crate) fn need_attached(&self, set: u64) -> Answer<()> {
        let attached = self.session.attached.as_ref();
        if attached.is_some_and(|sets| sets.contains(&set)) {
            return Ok(());
        }
        let text = "the action set was not attached (xrAttachSessionActionSets)";
        fault(R::ERROR_ACTIONSET_NOT_ATTACHED, text)
    }

    /// The binding paths of an action on the controllers in the hands, of one hand or of all.
    pub(crate) fn sources(&self, action: u64, hand: Option<&str>) -> Vec<String> {
        let held = self.session.profiles.iter();
        let held = held.filter(|(user, _)| hand.is_none_or(|hand| *user == hand));
        held.flat_map(|(user, profile)| bound(self.instance, profile, user, action))
            .collect()
    }
}

/// The paths of one hand that are bound to an action when it holds a certain controller.
fn bound<'a>(
    instance: &'a Instance,
    profile: &str,
    hand: &'a str,
    action: u64,
) -> impl Iterator<Item = String> + 'a {
    let suggested = instance.suggested.get(profile).into_iter().flatten();
    let mine = move |path: &str| {
        path.strip_prefix(hand)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    suggested
        .filter(move |(id, path)| *id == action && mine(path))
        .map(|(_, path)| path.clone())
}

pub(crate) extern "system" fn current_profile(
    session: xr::Session,
    user: xr::Path,
    state: *mut xr::InteractionProfileState,
) -> R {
    call("xrGetCurrentInteractionProfile", |runtime| {
        let live = runtime.live(session)?;
        let out = abi::output(state, xr::InteractionProfileState::TYPE)?;
        if live.session.attached.is_none() {
            let text = "attach action sets first (xrAttachSessionActionSets)";
            return fault(R::ERROR_ACTIONSET_NOT_ATTACHED, text);
        }
        let hand = live.instance.paths.text(user)?.to_owned();
        if !HANDS.contains(&hand.as_str()) {
            return fault(R::ERROR_PATH_UNSUPPORTED, format!("{hand} is no hand"));
        }
        out.interaction_profile = match live.session.profiles.get(&hand) {
            Some(profile) => live.instance.paths.path(profile),
            None => xr::Path::NULL,
        };
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn bound_sources(
    session: xr::Session,
    info: *const xr::BoundSourcesForActionEnumerateInfo,
    capacity: u32,
    count: *mut u32,
    sources: *mut xr::Path,
) -> R {
    call("xrEnumerateBoundSourcesForAction", |runtime| {
        let live = runtime.live(session)?;
        let info = abi::input(info, xr::BoundSourcesForActionEnumerateInfo::TYPE)?;
        let id = info.action.into_raw();
        let Some(action) = live.instance.actions.get(&id) else {
            return bad_handle("action");
        };
        live.need_attached(action.set)?;
        let paths = live.sources(id, None);
        let paths: Vec<xr::Path> = paths
            .iter()
            .map(|path| live.instance.paths.path(path))
            .collect();
        abi::two_calls(capacity, count, sources, &paths)
    })
}

pub(crate) extern "system" fn localized_name(
    session: xr::Session,
    info: *const xr::InputSourceLocalizedNameGetInfo,
    capacity: u32,
    count: *mut u32,
    buffer: *mut c_char,
) -> R {
    call("xrGetInputSourceLocalizedName", |runtime| {
        let live = runtime.live(session)?;
        let info = abi::input(info, xr::InputSourceLocalizedNameGetInfo::TYPE)?;
        if info.which_components.is_empty() {
            return invalid("no part of the name was asked for");
        }
        let path = live.instance.paths.text(info.source_path)?;
        let Some(hand) = HANDS.iter().find(|hand| path.starts_with(**hand)) else {
            return fault(
                R::ERROR_PATH_UNSUPPORTED,
                format!("{path} is bound to nothing"),
            );
        };
        let profile = live.session.profiles.get(*hand).map_or("", String::as_str);
        abi::two_calls_text(
            capacity,
            count,
            buffer,
            &words(info.which_components, path, profile),
        )
    })
}

/// A name for people, as `right hand touch controller trigger value`.
fn words(which: xr::InputSourceLocalizedNameFlags, path: &str, profile: &str) -> String {
    type Part = xr::InputSourceLocalizedNameFlags;
    let parts: Vec<&str> = path.split('/').collect();
    let mut words = Vec::new();
    if which.contains(Part::USER_PATH) {
        words.push(format!("{} hand", parts.get(3).unwrap_or(&"")));
    }
    if which.contains(Part::INTERACTION_PROFILE) {
        words.push(profile.rsplit('/').next().unwrap_or("").to_owned());
    }
    if which.contains(Part::COMPONENT) {
        words.push(parts.get(5..).unwrap_or(&[]).join(" "));
    }
    words.join(" ").replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_people_are_made_of_the_parts_asked_for() {
        type Part = xr::InputSourceLocalizedNameFlags;
        let path = "/user/hand/right/input/trigger/value";
        let profile = "/interaction_profiles/oculus/touch_controller";
        let all = Part::USER_PATH | Part::INTERACTION_PROFILE | Part::COMPONENT;
        assert_eq!(
            words(all, path, profile),
            "right hand touch controller trigger value"
        );
        assert_eq!(
            words(Part::USER_PATH, "/user/hand/left", profile),
            "left hand"
        );
    }

    #[test]
    fn what_serves_an_action_is_of_its_kind() {
        assert!(suits(xr::ActionType::BOOLEAN_INPUT, Kind::Scalar));
        assert!(!suits(xr::ActionType::POSE_INPUT, Kind::Scalar));
        assert!(!suits(xr::ActionType::FLOAT_INPUT, Kind::Haptic));
    }
}
