//! What a tick reports once, when it happens.

use super::tissue::Tissue;
use super::{EVENTS_PER_TICK, Tick};
use crate::event::{Event, FORCE_LIMIT_REARM, FORCE_WAITS_S, Fault, Happening};
use crate::vector::norm;

impl Tick {
    pub(super) fn report_tears(&mut self) {
        for i in 0..self.tissue.tears().len() {
            let tear = self.tissue.tears()[i];
            self.happened(Happening::TissueTorn {
                body: tear.body,
                triangle: tear.triangle,
                strain: tear.strain,
                point: tear.point,
                rest_point: tear.rest_point,
            });
        }
    }

    pub(super) fn report_force(&mut self) {
        let force_n = norm(self.probe.force);
        let limit = self.options.force_limit_n;
        if !self.over_limit && force_n > limit {
            self.over_limit = true;
            let point = self.probe.position;
            self.happened(Happening::ForceLimit { force_n, point });
        } else if force_n < FORCE_LIMIT_REARM * limit {
            self.over_limit = false;
        }
        self.report_wait();
        self.report_delay();
    }

    /// Tells once that the hand still gets no force.
    fn report_wait(&mut self) {
        let waited_s = self.control.counts().safety.waited as f64 * self.dt;
        if !self.told_of_wait && waited_s >= FORCE_WAITS_S {
            self.told_of_wait = true;
            self.happened(Happening::ForceWaits);
        }
    }

    fn report_delay(&mut self) {
        let Tissue::Beside(beside) = &self.tissue else {
            return;
        };
        let behind = beside.rendering.is_behind();
        if behind && !std::mem::replace(&mut self.tissue_is_behind, behind) {
            let late_s = beside.rendering.age(self.tick) as f64 * self.dt;
            self.happened(Happening::TissueBehind { late_s });
        }
        self.tissue_is_behind = behind;
    }

    /// Notes a fault and reports it where it was not present in the tick before.
    pub(super) fn fault(&mut self, fault: Fault) {
        let known = (self.faults_before | self.faults) & fault.bit() != 0;
        self.faults |= fault.bit();
        if !known {
            self.happened(Happening::Fault(fault));
        }
    }

    pub(super) fn happened(&mut self, what: Happening) {
        if self.events.len() == EVENTS_PER_TICK {
            self.events_lost += 1;
            return;
        }
        self.events.push(Event {
            tick: self.tick,
            time_s: self.time_s(),
            what,
        });
    }
}
