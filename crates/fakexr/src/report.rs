//! What was written down, as JSON for the test to read.

use serde_json::{Value, json};

use crate::picture::Picture;
use crate::runtime::Runtime;

impl Runtime {
    /// One part of it, from number `first` on; null for a part that there is not.
    pub(crate) fn read(&self, what: &str, first: u64) -> Value {
        let from = |index: u64| usize::try_from(index).unwrap_or(usize::MAX);
        match what {
            "errors" => self.log.errors.iter().skip(from(first)).cloned().collect(),
            "haptics" => json!(self.log.haptics.get(from(first)..).unwrap_or_default()),
            "frames" => {
                let wanted = self.log.frames.iter().filter(|frame| frame.index >= first);
                json!(wanted.collect::<Vec<_>>())
            }
            "calls" => json!(self.log.calls),
            "counts" => self.counts(),
            "pictures" => self.list_pictures(),
            "script" => self.say_script(i64::try_from(first).unwrap_or_default()),
            _ => Value::Null,
        }
    }

    fn counts(&self) -> Value {
        let state = self
            .session
            .as_ref()
            .map(|s| format!("{:?}", s.life.state()).to_lowercase());
        json!({
            "errors": self.log.error_count,
            "frames": self.log.frame_count,
            "missed": self.log.missed,
            "discarded": self.log.discarded,
            "now": self.clock.now(),
            "period": self.script.period,
            "instance": self.instance.is_some(),
            "state": state,
            "held": self.session.as_ref().map(|s| {
                s.swapchains.values().filter(|swapchain| swapchain.queue.is_held()).count()
            }),
        })
    }

    fn list_pictures(&self) -> Value {
        let one = |picture: &Picture| {
            json!({
                "layer": picture.layer,
                "surface": picture.surface,
                "depth": picture.depth,
                "size": picture.size,
            })
        };
        self.log.pictures.iter().map(one).collect()
    }

    /// Where everything is at a time, 0 for the present one, and what is pressed.
    fn say_script(&self, time: i64) -> Value {
        let time = if time > 0 { time } else { self.clock.now() };
        let poses = self.script.tracked.iter().map(|(path, tracked)| {
            let pose = tracked.at(time).pose;
            let numbers = [pose.q.as_slice(), pose.p.as_slice()].concat();
            (
                path.clone(),
                json!({"pose": numbers, "flags": tracked.flags.into_raw()}),
            )
        });
        json!({
            "poses": poses.collect::<serde_json::Map<_, _>>(),
            "inputs": self.script.inputs,
            "profiles": self.script.profiles,
        })
    }
}
