//! What a person or a system does to a session that runs: losses, and looking ahead anew.

use openxr_sys as xr;

use crate::event::Event;
use crate::pose::Pose;
use crate::runtime::Runtime;
use crate::script::{Origins, on_floor};
use crate::settings::Fault;

impl Runtime {
    /// Takes something away, or announces it.
    pub(crate) fn lose(&mut self, what: &str) -> Result<(), Fault> {
        let now = self.clock.now();
        let nothing = || format!("there is no {what} to lose");
        match what {
            "session" => self.session.as_mut().ok_or_else(nothing)?.lost = true,
            "instance" => self.instance.as_mut().ok_or_else(nothing)?.lost = true,
            "runtime" => {
                self.script.unavailable = true;
                if let Some(instance) = &mut self.instance {
                    instance.lost = true;
                }
            }
            "session pending" => {
                let mut live = self.live_owner().map_err(|_| nothing())?;
                let steps = live.session.life.pend();
                live.tell(steps);
            }
            "instance pending" => {
                let instance = self.instance.as_mut().ok_or_else(nothing)?;
                instance.events.push(Event::InstanceLoss(now));
            }
            _ => return Err(format!("{what} cannot be lost")),
        }
        Ok(())
    }

    /// The person looks straight ahead anew: LOCAL and LOCAL_FLOOR move at `since`.
    pub(crate) fn recentre(&mut self, local: Pose, since: i64) {
        let before = self.script.origins.local_at(since - 1);
        self.script.origins = Origins {
            local,
            before,
            since,
        };
        let Some(instance) = self.instance.as_mut().filter(|_| self.session.is_some()) else {
            return;
        };
        let local_change = before.inverse().then(local);
        let floor_change = on_floor(before).inverse().then(on_floor(local));
        for (kind, pose) in [
            (xr::ReferenceSpaceType::LOCAL, local_change),
            (xr::ReferenceSpaceType::LOCAL_FLOOR, floor_change),
        ] {
            instance.events.push(Event::Recentre(kind, since, pose));
        }
    }
}
