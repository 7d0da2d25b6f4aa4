//! The tool and the tissue in a tick, wherever the tissue is computed.

use softbody::Pose;

use super::Tick;
use super::beside::Away;
use super::tissue::Tissue;
use crate::command::Command;
use crate::control::{Felt, TissueCounts};
use crate::device::Wrench;
use crate::meters::Reading;
use crate::slow::{Slow, Told};
use crate::snapshot::{Probe, TouchPoint};
use crate::vector::{norm, scale, sub};

impl Tick {
    /// A step of tissue that is computed beside the loop, where one has come.
    pub(super) fn take_tissue(&mut self) {
        let Tissue::Beside(beside) = &mut self.tissue else {
            return;
        };
        if let Some(born) = beside.arrive(self.tick) {
            let force = beside.told().own.force;
            let came = Command::TissueCame { born, force };
            self.applied.push(came.record(self.tick));
        }
    }

    pub(super) fn take_recorded_tissue(&mut self, born: u64) -> bool {
        match &mut self.tissue {
            Tissue::Beside(beside) => beside.arrive_as_recorded(born),
            Tissue::Within(_) => false,
        }
    }

    /// Tells tissue that is computed beside the loop where the tool is.
    pub(super) fn ask_tissue(&mut self) {
        let pose = Pose {
            position: self.probe.position,
            orientation: self.probe.orientation,
        };
        if let Tissue::Beside(beside) = &mut self.tissue {
            beside.ask(self.tick, pose);
        }
    }

    /// The tool to where the hand has it, and what the tissue does to it.
    pub(super) fn touch(&mut self) {
        let turned = self.device.0.info().input_dof == 6 || self.options.control.port.on;
        let orientation = if turned {
            self.control.tool().orientation
        } else {
            self.probe.orientation
        };
        let tool = self.options.tool;
        let (pose, felt, strain, touch) = match &mut self.tissue {
            Tissue::Within(world) => {
                let pose = self.control.tool();
                world.pose_tool(
                    tool,
                    Pose {
                        orientation,
                        ..pose
                    },
                );
                world.step();
                seen(world.tool(tool))
            }
            Tissue::Beside(beside) => {
                let felt = self
                    .control
                    .feel(self.tick, &mut beside.rendering, orientation);
                let told = beside.told();
                let touch = told.touch.filter(|_| felt.contacts > 0);
                (self.control.tool(), felt, told.strain, touch)
            }
        };
        self.look_at_tool(pose, &felt, strain, touch);
    }

    fn look_at_tool(&mut self, pose: Pose, felt: &Felt, strain: f64, touch: Option<TouchPoint>) {
        let from = self.probe.position;
        self.probe = Probe {
            position: pose.position,
            velocity: scale(sub(pose.position, from), 1.0 / self.dt),
            force: felt.force,
            torque: felt.torque,
            orientation: pose.orientation,
            device: Wrench::default(),
            buttons: self.sample.buttons,
            contacts: felt.contacts,
            strain,
            touch,
        };
        let reading = Reading {
            from,
            to: self.probe.position,
            force_n: norm(self.probe.force),
            contacts: self.probe.contacts,
            strain,
        };
        self.meters
            .add(&reading, self.options.force_limit_n, self.dt);
    }

    /// What became of the models of tissue that is computed beside the loop.
    #[must_use]
    pub fn tissue_counts(&self) -> Option<TissueCounts> {
        match &self.tissue {
            Tissue::Within(_) => None,
            Tissue::Beside(beside) => Some(beside.rendering.counts()),
        }
    }

    /// From now on steps of tissue beside the loop act when a record says.
    pub(crate) fn follow_record(&mut self) {
        if let Tissue::Beside(beside) = &mut self.tissue {
            beside.follow_record();
        }
    }

    /// Gives tissue that is computed beside the loop to another thread; None where there is none.
    pub(crate) fn part_tissue(&mut self, away: Away) -> Option<Box<Slow>> {
        match &mut self.tissue {
            Tissue::Within(_) => None,
            Tissue::Beside(beside) => beside.part(away),
        }
    }

    /// What tissue that is computed beside the loop told last.
    pub(crate) fn told(&self) -> Option<&Told> {
        match &self.tissue {
            Tissue::Within(_) => None,
            Tissue::Beside(beside) => Some(beside.told()),
        }
    }

    /// Takes the tissue back.
    pub(crate) fn rejoin_tissue(&mut self, slow: Box<Slow>) {
        if let Tissue::Beside(beside) = &mut self.tissue {
            beside.rejoin(slow);
        }
    }
}

/// What a step did to a tool.
fn seen(tool: &softbody::Tool) -> (Pose, Felt, f64, Option<TouchPoint>) {
    let pose = Pose {
        position: tool.position,
        orientation: tool.orientation,
    };
    let felt = Felt {
        force: tool.force,
        torque: tool.torque,
        contacts: tool.contact_count,
    };
    let touch = tool.touch.map(|touch| TouchPoint {
        body: touch.body,
        triangle: touch.triangle,
        rest_point: touch.rest_point,
        normal: touch.normal,
    });
    (pose, felt, tool.surface_strain, touch)
}
