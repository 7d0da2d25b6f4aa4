//! The world at one tick, as the slow side sees it.

use softbody::SoftBody;

use crate::device::Wrench;
use crate::meters::Meters;
use crate::telemetry::LoopCounters;

/// The instrument in the hand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Probe {
    /// Tip, world m.
    pub position: [f64; 3],
    /// Tip, m/s: the way of the last tick over its time.
    pub velocity: [f64; 3],
    /// What the tissue pushes on the instrument, N, mean over the tick.
    pub force: [f64; 3],
    /// The same as a torque about the tip, N m.
    pub torque: [f64; 3],
    /// How it is turned, unit quaternion (w, x, y, z).
    pub orientation: [f64; 4],
    /// What the device was given in the tick, device frame, after the safety chain.
    pub device: Wrench,
    /// Pressed buttons, bit mask.
    pub buttons: u32,
    /// Contact points at the end of the tick.
    pub contacts: u32,
    /// Largest in-plane strain of the organ's surface near the instrument.
    pub strain: f64,
    /// Deepest contact, where there is one.
    pub touch: Option<TouchPoint>,
}

/// Where an instrument touches an organ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TouchPoint {
    /// Body in the world.
    pub body: u32,
    /// Surface triangle of the body.
    pub triangle: u32,
    /// The touched material point in the undeformed organ, m.
    pub rest_point: [f64; 3],
    /// Outward surface normal there in the deformed organ.
    pub normal: [f64; 3],
}

/// Everything the slow side may look at. Filled in place, never reallocated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Ticks since the start.
    pub tick: u64,
    /// Simulated time, s.
    pub time_s: f64,
    /// The instrument.
    pub probe: Probe,
    /// Sums and peaks since the start.
    pub meters: Meters,
    /// How the loop keeps its time; zero in lockstep.
    pub counters: LoopCounters,
    /// Nodes of the organ, m.
    pub positions: Vec<[f64; 3]>,
}

/// The nodes of `organ` (m) into `out`; allocates only where `out` has never held this organ.
pub(crate) fn write_nodes(organ: &SoftBody, out: &mut Vec<[f64; 3]>) {
    let to_come = organ.room().nodes; // a cut must not make a later snapshot allocate
    out.clear();
    out.reserve(organ.node_count() + to_come);
    out.resize(organ.node_count(), [0.0; 3]);
    organ.write_positions(out);
}
