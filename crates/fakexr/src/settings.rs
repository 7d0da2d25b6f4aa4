//! Settings by name, as the test gives them.

use openxr_sys as xr;
use xr::EnvironmentBlendMode as Blend;

use crate::clock::Clock;
use crate::lifecycle::Wish;
use crate::runtime::Runtime;
use crate::system::view_count;
use crate::{event::Event, extension};

/// What was wrong with a setting.
pub(crate) type Fault = String;

impl Runtime {
    /// Sets a number by its name.
    pub(crate) fn set_number(&mut self, name: &str, value: f64) -> Result<(), Fault> {
        let on = value != 0.0;
        let script = &mut self.script;
        match name {
            "virtual_clock" => {
                self.clock = if on {
                    Clock::Virtual(Clock::START)
                } else {
                    Clock::Real
                };
            }
            "api_minor" => script.api_minor = value as u16,
            "headset" => script.headset = on,
            "period_ns" if value >= 1.0 => script.period = value as i64,
            "views" if [1.0, 2.0, 4.0].contains(&value) => script.views = value as usize,
            "eye_width" if value >= 1.0 => script.eye[0] = value as u32,
            "eye_height" if value >= 1.0 => script.eye[1] = value as u32,
            "ipd_m" => script.ipd = value,
            "fov_left" => script.fov[0] = value,
            "fov_right" => script.fov[1] = value,
            "fov_up" => script.fov[2] = value,
            "fov_down" => script.fov[3] = value,
            "mask_corner" if (0.0..=0.5).contains(&value) => self.set_mask(value),
            "should_render" => script.should_render = on,
            "keep_pictures" => script.keep_pictures = on,
            "patience_ms" if value >= 0.0 => script.patience_ms = value as u64,
            "bounds_width" => script.bounds = resize(script.bounds, 0, value),
            "bounds_depth" => script.bounds = resize(script.bounds, 1, value),
            "hand_source" => {
                script.hand_source = xr::HandTrackingDataSourceEXT::from_raw(value as i32);
            }
            "presence" => self.set_presence(on),
            _ => return Err(format!("there is no setting {name} of {value}")),
        }
        Ok(())
    }

    fn set_mask(&mut self, corner: f64) {
        self.script.mask_corner = corner;
        if let Ok(live) = self.live_owner()
            && live.instance.has(extension::VISIBILITY_MASK)
        {
            let configuration = live.session.configuration;
            for view in 0..view_count(configuration) as u32 {
                live.instance.events.push(Event::Mask(configuration, view));
            }
        }
    }

    fn set_presence(&mut self, present: bool) {
        let changed = self.script.present != present;
        self.script.present = present;
        if let Ok(live) = self.live_owner()
            && changed
            && live.instance.has(extension::PRESENCE)
        {
            live.instance.events.push(Event::Presence(present));
        }
    }

    /// Sets a text by its name; lists are separated by spaces.
    pub(crate) fn set_text(&mut self, name: &str, value: &str) -> Result<(), Fault> {
        let words = || value.split_whitespace();
        match name {
            "extensions" => {
                if let Some(unknown) = words().find(|name| extension::version(name).is_none()) {
                    return Err(format!("{unknown} is not known here"));
                }
                self.script.offered = words().map(str::to_owned).collect();
            }
            "blend_modes" => self.script.blend = words().map(blend).collect::<Result<_, _>>()?,
            "refresh_rates" => {
                let rates: Result<_, _> = words().map(str::parse).collect();
                self.script.refresh_rates = rates.map_err(|error| format!("{value}: {error}"))?;
            }
            "state" => self.set_wish(wish(value)?),
            _ => match name.strip_prefix("profile ") {
                Some(hand) if value.is_empty() => {
                    self.script.profiles.remove(hand);
                }
                Some(hand) => {
                    self.script
                        .profiles
                        .insert(hand.to_owned(), value.to_owned());
                }
                None => return Err(format!("there is no setting {name}")),
            },
        }
        Ok(())
    }

    fn set_wish(&mut self, wish: Wish) {
        self.script.wish = wish;
        if let Ok(mut live) = self.live_owner() {
            let steps = live.session.life.follow(wish);
            live.tell(steps);
        }
    }
}

/// A side of the room changed; no room with a side of nothing.
fn resize(bounds: Option<[f64; 2]>, side: usize, value: f64) -> Option<[f64; 2]> {
    let mut bounds = bounds.unwrap_or([value; 2]);
    bounds[side] = value;
    (value > 0.0).then_some(bounds)
}

fn blend(word: &str) -> Result<Blend, Fault> {
    Ok(match word {
        "opaque" => Blend::OPAQUE,
        "additive" => Blend::ADDITIVE,
        "alpha_blend" => Blend::ALPHA_BLEND,
        _ => return Err(format!("{word} is no blend mode")),
    })
}

fn wish(word: &str) -> Result<Wish, Fault> {
    Ok(match word {
        "idle" => Wish::Idle,
        "synchronized" => Wish::Synchronized,
        "visible" => Wish::Visible,
        "focused" => Wish::Focused,
        _ => {
            return Err(format!(
                "{word} is no state that a session can be wished into"
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_checked() {
        let mut runtime = Runtime::default();
        assert!(runtime.set_number("views", 4.0).is_ok());
        assert!(runtime.set_number("views", 3.0).is_err());
        assert!(runtime.set_number("viewz", 2.0).is_err());
        assert!(runtime.set_text("extensions", "XR_MND_headless").is_ok());
        assert_eq!(runtime.script.offered.len(), 1);
        assert!(runtime.set_text("extensions", "XR_nothing").is_err());
        assert!(
            runtime
                .set_text("blend_modes", "opaque alpha_blend")
                .is_ok()
        );
        assert_eq!(runtime.script.blend, [Blend::OPAQUE, Blend::ALPHA_BLEND]);
        assert!(runtime.set_text("state", "asleep").is_err());
    }

    #[test]
    fn a_room_without_a_side_is_none() {
        assert_eq!(resize(Some([2.0, 2.0]), 1, 3.0), Some([2.0, 3.0]));
        assert_eq!(resize(Some([2.0, 2.0]), 0, 0.0), None);
    }
}
