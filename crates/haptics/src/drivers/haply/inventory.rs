//! The service's first message: what is connected and how it is set. Read once, before the tick,
//! so with serde_json and without a schema: what a version does not tell is not there.

use serde_json::Value;

use super::request::is_plain;
use super::state::GRIPS;
use super::target::Target;
use crate::device::OpenError;

/// The device and the grip that are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) device: String,
    /// Empty for none.
    pub(super) grip: String,
}

/// The entries of a list.
fn entries<'a>(inventory: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    let all = inventory.get(list).and_then(Value::as_array);
    all.into_iter().flatten()
}

fn id(entry: &Value) -> Option<&str> {
    entry.get("device_id")?.as_str().filter(|id| is_plain(id))
}

/// Ids and types of the devices.
pub(super) fn devices(inventory: &Value) -> Vec<(String, String)> {
    let kind = |entry: &Value| entry.pointer("/config/type")?.as_str().map(str::to_owned);
    entries(inventory, "inverse3")
        .filter_map(|entry| Some((id(entry)?.to_owned(), kind(entry).unwrap_or_default())))
        .collect()
}

/// Ids of the grips. One may be listed under two names; it is still one.
fn grips(inventory: &Value) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for entry in GRIPS.iter().flat_map(|list| entries(inventory, list)) {
        if let Some(id) = id(entry).filter(|id| !ids.iter().any(|known| known == id)) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// Takes the device and the grip that were asked for: the first device and the only grip where
/// nothing was.
pub(super) fn choose(inventory: &Value, target: &Target) -> Result<Chosen, OpenError> {
    let ids: Vec<String> = devices(inventory).into_iter().map(|(id, _)| id).collect();
    let grips = grips(inventory);
    let absent = |what: &str, there: &[String]| OpenError::NotConnected {
        device: format!("haply:{}", target.device),
        why: match there {
            [] => format!("the Inverse Service runs and sees no {what}"),
            some => format!("the Inverse Service sees only {what} {}", some.join(", ")),
        },
        todo: "check its cable and power, and the name",
    };
    let first = |wanted: &str| ids.iter().find(|id| wanted.is_empty() || *id == wanted);
    let device = first(&target.device).ok_or_else(|| absent("Inverse3", &ids))?;
    let grip = match (target.grip.as_str(), grips.as_slice()) {
        ("", []) => String::new(),
        ("", [only]) => only.clone(),
        ("", several) => return Err(several_grips(device, several)),
        (wanted, _) if grips.iter().any(|grip| grip == wanted) => wanted.to_owned(),
        _ => return Err(absent("VerseGrip", &grips)),
    };
    Ok(Chosen {
        device: device.clone(),
        grip,
    })
}

fn several_grips(device: &str, grips: &[String]) -> OpenError {
    OpenError::Refused {
        device: format!("haply:{device}"),
        why: format!("several VerseGrips are connected: {}", grips.join(", ")),
        todo: "say which is on this device, as in haply:049D+61576",
    }
}

/// How the device is set for our session.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Settings {
    /// "inverse3", "inverse3x", "minverse" or empty.
    pub(super) kind: String,
    /// The origin lies in the middle of the workspace (presets `arm_..._centered`).
    pub(super) centered: bool,
    basis: String,
    /// Scales of the service's own transforms.
    scales: Vec<f64>,
    force_gate: Option<f64>,
    damping: Option<f64>,
    firmware: String,
    own_weight: Option<bool>,
    calibrated: bool,
    able: bool,
}

/// Reads the settings of the chosen device: as `full` tells them, else the first message.
pub(super) fn settings(full: &Value, inventory: &Value, chosen: &Chosen) -> Settings {
    let of = |message| entries(message, "inverse3").find(|entry| id(entry) == Some(&chosen.device));
    let (now, first) = (of(full), of(inventory));
    let at = |path: &str| -> Option<&Value> {
        let told = now.and_then(|entry| entry.pointer(path));
        told.or_else(|| first.and_then(|entry| entry.pointer(path)))
    };
    let text = |path| at(path).and_then(Value::as_str).unwrap_or("");
    let version = |part| at(part).and_then(Value::as_u64).unwrap_or(0);
    let scale = |path: &str| at(path).and_then(Value::as_f64);
    let transforms = ["/config/mount/scale", "/state/transform/scale"];
    let scales = transforms.iter().flat_map(|path| {
        let axes = ["x", "y", "z"];
        axes.map(|axis| scale(&format!("{path}/{axis}")).unwrap_or(1.0))
    });
    let yes = |path: &str| at(path).and_then(Value::as_bool) != Some(false);
    Settings {
        kind: text("/config/type").to_owned(),
        centered: text("/config/preset").contains("centered"),
        basis: text("/config/basis/permutation").replace('+', ""),
        scales: scales.collect(),
        force_gate: scale("/config/filters/force_gate/gain"),
        damping: scale("/config/filters/damping/scalar"),
        firmware: format!(
            "{}.{}",
            version("/config/device_info/major_version"),
            version("/config/device_info/minor_version")
        ),
        own_weight: at("/config/gravity_compensation/enabled").and_then(Value::as_bool),
        calibrated: yes("/status/calibrated"),
        able: yes("/status/ready") && yes("/status/power_supply"),
    }
}

impl Settings {
    /// Whether a force may be sent to a device that is set like this.
    pub(super) fn acceptable(&self, chosen: &Chosen) -> Result<(), OpenError> {
        let refused = |why: &str, todo| {
            Err(OpenError::Refused {
                device: format!("haply:{}", chosen.device),
                why: why.to_owned(),
                todo,
            })
        };
        if !matches!(self.basis.as_str(), "" | "XYZ") {
            let why = format!("the service permutes its axes ({})", self.basis);
            return refused(&why, "set the basis to XYZ in Haply Hub");
        }
        if self.scales.iter().any(|scale| (scale - 1.0).abs() > 1e-6) {
            return refused("the service scales its positions", "set the scale to 1");
        }
        if !self.able {
            return refused("it is not ready", "plug in its power supply");
        }
        if !self.calibrated {
            return refused(
                "it is not calibrated",
                "put the handle into its rest and wait for the light",
            );
        }
        Ok(())
    }

    /// For the record.
    pub(super) fn text(&self) -> String {
        let filter = |name: &str, value: Option<f64>| {
            value.map_or(String::new(), |value| format!(", {name} {value}"))
        };
        let weight = match self.own_weight {
            Some(false) => ", gravity compensation off",
            _ => "",
        };
        format!(
            "firmware {}{}{}{weight}",
            self.firmware,
            filter("force_gate", self.force_gate),
            filter("damping", self.damping)
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn target(device: &str, grip: &str) -> Target {
        Target {
            address: ([127, 0, 0, 1], 1).into(),
            events: None,
            device: device.to_owned(),
            grip: grip.to_owned(),
        }
    }

    fn two_hands() -> Value {
        json!({"inverse3": [{"device_id": "A"}, {"device_id": "B"}, {"device_id": "\""}],
            "wireless_verse_grip": [{"device_id": "1"}, {"device_id": "2"}],
            "custom_verse_grip": [{"device_id": "2"}]})
    }

    #[test]
    fn what_is_asked_for_is_taken() {
        let chosen = choose(&two_hands(), &target("B", "2")).unwrap();
        assert_eq!((&*chosen.device, &*chosen.grip), ("B", "2"));
        let missing = choose(&two_hands(), &target("C", "2")).unwrap_err();
        assert!(missing.to_string().contains("A, B"), "{missing}");
        let no_grip = choose(&two_hands(), &target("A", "3")).unwrap_err();
        assert!(no_grip.to_string().contains("1, 2"), "{no_grip}");
        let either = choose(&two_hands(), &target("A", "")).unwrap_err();
        assert!(matches!(either, OpenError::Refused { .. }));
        let alone = json!({"inverse3": [{"device_id": "A"}]});
        assert_eq!(choose(&alone, &target("", "")).unwrap().grip, "");
        let nobody = choose(&json!({}), &target("", "")).unwrap_err();
        assert!(matches!(nobody, OpenError::NotConnected { .. }));
    }

    #[test]
    fn settings_that_bend_the_frame_are_refused() {
        let chosen = choose(&two_hands(), &target("A", "1")).unwrap();
        let with = |config: Value, status: Value| {
            let full = json!({"inverse3": [
                {"device_id": "A", "config": config, "status": status}]});
            settings(&full, &two_hands(), &chosen)
        };
        let plain = with(
            json!({"type": "minverse", "preset": "arm_front_centered",
                "basis": {"permutation": "+XYZ"}, "gravity_compensation": {"enabled": false},
                "filters": {"force_gate": {"gain": 0.3}, "damping": {"scalar": 0.0}},
                "device_info": {"major_version": 7, "minor_version": 4}}),
            json!({}),
        );
        assert_eq!(plain.acceptable(&chosen), Ok(()));
        assert!(plain.centered && plain.kind == "minverse");
        let text = "firmware 7.4, force_gate 0.3, damping 0, gravity compensation off";
        assert_eq!(plain.text(), text);
        for (config, status) in [
            (json!({"basis": {"permutation": "XZY"}}), json!({})),
            (json!({"mount": {"scale": {"y": 2}}}), json!({})),
            (json!({}), json!({"calibrated": false})),
            (json!({}), json!({"power_supply": false})),
        ] {
            let refused = with(config, status).acceptable(&chosen);
            assert!(matches!(refused, Err(OpenError::Refused { .. })));
        }
    }
}
