//! Synchronisation: what the controllers say becomes what the actions are.

use std::collections::BTreeMap;

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer};
use crate::event::Event;
use crate::runtime::{Live, call};
use crate::script::Script;

/// From here on a button that is a number counts as pressed.
const PRESSED: f64 = 0.5;

/// An action as of the last sync.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct State {
    pub(crate) active: bool,
    pub(crate) value: [f64; 2],
    pub(crate) changed: bool,
    pub(crate) since: i64,
}

/// An action, of one hand or of all together.
type Key = (u64, Option<String>);

/// All actions as of the last sync.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    states: BTreeMap<Key, State>,
    poses: BTreeMap<Key, String>,
}

impl Inputs {
    /// The state of an action; not active if it was not synchronised.
    pub(crate) fn state(&self, action: u64, hand: Option<String>) -> State {
        self.states
            .get(&(action, hand))
            .copied()
            .unwrap_or_default()
    }

    /// The path whose pose a pose action has.
    pub(crate) fn pose_path(&self, action: u64, hand: &Option<String>) -> Option<&str> {
        self.poses.get(&(action, hand.clone())).map(String::as_str)
    }

    /// Without focus nothing is active.
    fn rest(&mut self) {
        self.poses.clear();
        for state in self.states.values_mut() {
            *state = State::default();
        }
    }

    fn update(&mut self, key: Key, sources: &[String], value: [f64; 2], now: i64) {
        let before = self.states.get(&key).copied().unwrap_or_default();
        let active = !sources.is_empty();
        let value = if active { value } else { [0.0; 2] };
        let changed = active && before.active && value != before.value;
        let since = if changed || !before.active {
            now
        } else {
            before.since
        };
        let since = if active { since } else { 0 };
        let new = State {
            active,
            value,
            changed,
            since,
        };
        self.states.insert(key, new);
    }
}

/// What several sources of one action make together: the one that is moved farthest.
pub(crate) fn combine(values: impl Iterator<Item = [f64; 2]>) -> [f64; 2] {
    let size = |v: &[f64; 2]| v[0].hypot(v[1]);
    values
        .max_by(|a, b| size(a).total_cmp(&size(b)))
        .unwrap_or_default()
}

/// What a source says for an action of some kind.
pub(crate) fn read(script: &Script, path: &str, kind: xr::ActionType) -> [f64; 2] {
    let own = |path: &str| script.inputs.get(path).copied();
    if kind == xr::ActionType::VECTOR2F_INPUT {
        let axis = |name| own(&format!("{path}/{name}")).unwrap_or_default()[0];
        return own(path).unwrap_or_else(|| [axis("x"), axis("y")]);
    }
    let stick = |end, axis: usize| Some(own(path.strip_suffix(end)?)?[axis]);
    let part = |end| Some(own(&format!("{path}/{end}"))?[0]);
    let value = own(path)
        .map(|value| value[0])
        .or_else(|| stick("/x", 0))
        .or_else(|| stick("/y", 1))
        .or_else(|| part("value"))
        .or_else(|| part("force"))
        .or_else(|| part("click"))
        .unwrap_or_default();
    let pressed = kind == xr::ActionType::BOOLEAN_INPUT;
    [
        if pressed {
            f64::from(value >= PRESSED)
        } else {
            value
        },
        0.0,
    ]
}

/// Action sets in use, each for one hand or for all.
type Active = [(u64, Option<String>)];

/// Whether a source may serve an action set now.
fn allows(sets: &Active, set: u64, path: &str) -> bool {
    let may = |limit: &Option<String>| limit.as_ref().is_none_or(|hand| path.starts_with(hand));
    sets.iter()
        .any(|(active, limit)| *active == set && may(limit))
}

pub(crate) extern "system" fn sync_actions(
    session: xr::Session,
    info: *const xr::ActionsSyncInfo,
) -> R {
    call("xrSyncActions", |runtime| {
        let mut live = runtime.live(session)?;
        let info = abi::input(info, xr::ActionsSyncInfo::TYPE)?;
        let list = abi::list(info.active_action_sets, info.count_active_action_sets)?;
        let mut sets = Vec::new();
        for active in list {
            live.need_attached(active.action_set.into_raw())?;
            let limit = match active.subaction_path {
                xr::Path::NULL => None,
                path => Some(live.instance.paths.text(path)?.to_owned()),
            };
            sets.push((active.action_set.into_raw(), limit));
        }
        live.update_profiles();
        if !live.session.life.is_focused() {
            live.session.inputs.rest();
            return Ok(R::SESSION_NOT_FOCUSED);
        }
        live.sync(&sets)
    })
}

impl Live<'_> {
    /// A controller is there if bindings were suggested for it.
    fn update_profiles(&mut self) {
        let suggested = &self.instance.suggested;
        let held = self.script.profiles.iter();
        let held = held.filter(|(_, profile)| suggested.contains_key(*profile));
        let held: BTreeMap<String, String> = held.map(|(h, p)| (h.clone(), p.clone())).collect();
        if held != self.session.profiles {
            self.session.profiles = held;
            self.instance.events.push(Event::Profile);
        }
    }

    /// The priority that each source serves: it is silent for sets of a lower one.
    fn highest(&self, sets: &Active) -> BTreeMap<String, u32> {
        let mut highest = BTreeMap::new();
        for (&id, action) in &self.instance.actions {
            let priority = self.instance.sets[&action.set].priority;
            for path in self.sources(id, None) {
                if allows(sets, action.set, &path) {
                    let known = highest.entry(path).or_insert(priority);
                    *known = priority.max(*known);
                }
            }
        }
        highest
    }

    fn sync(&mut self, sets: &Active) -> Answer {
        let now = self.clock.now();
        let highest = self.highest(sets);
        let mut updates = Vec::new();
        for (&id, action) in &self.instance.actions {
            let priority = self.instance.sets[&action.set].priority;
            for hand in action.subactions.iter().cloned().map(Some).chain([None]) {
                let mut sources = self.sources(id, hand.as_deref());
                sources.retain(|path| {
                    allows(sets, action.set, path) && highest.get(path) == Some(&priority)
                });
                updates.push(((id, hand), action.kind, sources));
            }
        }
        self.session.inputs.poses.clear();
        for (key, kind, sources) in updates {
            let value = combine(sources.iter().map(|path| read(self.script, path, kind)));
            if let (xr::ActionType::POSE_INPUT, Some(path)) = (kind, sources.first()) {
                self.session.inputs.poses.insert(key.clone(), path.clone());
            }
            self.session.inputs.update(key, &sources, value, now);
        }
        Ok(R::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read_as_the_action_needs_it() {
        let mut script = Script::default();
        let mut press = |path: &str, x, y| script.inputs.insert(path.to_owned(), [x, y]);
        press("/t/value", 0.8, 0.0);
        press("/s", 0.3, -0.4);
        press("/p/x", 0.6, 0.0);
        let float = xr::ActionType::FLOAT_INPUT;
        let boolean = xr::ActionType::BOOLEAN_INPUT;
        let vector = xr::ActionType::VECTOR2F_INPUT;
        assert_eq!(read(&script, "/t/value", float), [0.8, 0.0]);
        assert_eq!(read(&script, "/t", float), [0.8, 0.0]);
        assert_eq!(read(&script, "/t/value", boolean), [1.0, 0.0]);
        assert_eq!(read(&script, "/s/y", float), [-0.4, 0.0]);
        assert_eq!(read(&script, "/s", vector), [0.3, -0.4]);
        assert_eq!(read(&script, "/p", vector), [0.6, 0.0]);
        assert_eq!(read(&script, "/q", boolean), [0.0, 0.0]);
    }

    #[test]
    fn the_source_that_is_moved_farthest_counts() {
        assert_eq!(
            combine([[0.1, 0.0], [-0.9, 0.0], [0.5, 0.5]].into_iter()),
            [-0.9, 0.0]
        );
        assert_eq!(combine(std::iter::empty()), [0.0; 2]);
    }

    #[test]
    fn a_change_is_told_once_with_its_time() {
        let mut inputs = Inputs::default();
        let source = ["/t".to_owned()];
        let mut at = |value, now| {
            inputs.update((1, None), &source, [value, 0.0], now);
            inputs.state(1, None)
        };
        assert!(!at(0.0, 10).changed);
        let pressed = at(1.0, 20);
        assert!(pressed.changed && pressed.since == 20);
        let held = at(1.0, 30);
        assert!(!held.changed && held.since == 20);
        inputs.update((1, None), &[], [1.0, 0.0], 40);
        assert_eq!(inputs.state(1, None), State::default());
    }
}
