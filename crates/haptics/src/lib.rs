//! Everything that runs in real time: the device in the hand, the 1 kHz tick, its safety, and the
//! exchange with the slow side.
//!
//! [`Tick::advance`] is one millisecond: device, tool, tissue, force, safety chain, device.
//! [`Live`] calls it against the wall clock in a real-time thread, [`Lockstep`] as fast as it can
//! or as it was recorded; the same inputs give the same bits in both.
//!
//! Where to look: the order of things in a tick is in [`Tick`], what reaches the hand in
//! [`Safety`], how the hand's space lies in the world in [`Mapping`], what keeps the hand's loop
//! stable in [`Coupling`] and [`Passivity`], tissue that is too large for the tick in [`LocalModel`],
//! [`Rendering`] and `slow`, the simulated hand in [`SimulatedHand`], late and missed
//! ticks in `pacer`, real-time rights in `realtime`, what happens to the force when the process ends
//! in `exit`, the lock-free latest value in [`triple_buffer`].

mod clock;
mod command;
mod control;
mod device;
pub mod drivers;
pub mod effects;
mod endless;
mod event;
mod exchange;
mod exit;
mod live;
mod lockstep;
mod mapping;
mod meters;
mod pacer;
mod port;
mod realtime;
mod replay;
pub mod rotation;
mod safety;
mod simulated;
mod slow;
mod snapshot;
mod telemetry;
mod tick;
mod trace;
pub mod triple_buffer;
mod vector;

pub use clock::{Clock, MonotonicClock};
pub use command::{
    CODE_AIM, CODE_BUTTONS, CODE_MOVE_SUPPORTS, CODE_TISSUE_CAME, Command, CommandError,
    CommandRecord, REACH_M,
};
pub use control::{
    Compliance, Control, ControlCounts, ControlError, ControlOptions, Coupling, FADE_OUT_S, Felt,
    Gains, LARGEST_STEP_N, LIFE_PERIODS, Law, LocalModel, MOST_ROWS, Passivity, Rendering, Row,
    TissueCounts, WATCHDOG_TICKS, alike,
};
pub use device::{
    Ball, ClockOwner, DevErr, DeviceInfo, HapticDevice, InfoError, NO_TURN, OpenError,
    SERVO_SILENCE_MS, Sample, Servo, ServoEnd, Status, Wrench, WriteStatus,
};
pub use event::{Event, FORCE_LIMIT_REARM, FORCE_WAITS_S, Fault, Happening};
pub use exchange::{Capacities, Lost};
pub use live::{LONGEST_SPIN_NS, Live, LiveError, LiveOptions, Reopen, Stopped};
pub use lockstep::Lockstep;
pub use mapping::{LARGEST_FIT, Mapping, MappingError, MappingState, SCALE_RANGE};
pub use meters::Meters;
pub use port::{Port, PortError, PortFriction, PortModel, PortPose, PortState};
pub use realtime::{DeadlineShares, Held, LATE_STIFFNESS_SHARE, Placement, Scheduler, Wish, enter};
pub use replay::ReplayDevice;
pub use safety::{CALM_TICKS, LimitError, Safety, SafetyCounts, SafetyLimits};
pub use simulated::{
    Arm, DEVICE_MODELS, DeviceModel, EnergyMeter, HandError, HandModel, INVERSE3, OMEGA,
    SimulatedDevice, SimulatedHand, TOUCH,
};
pub use slow::Ahead;
pub use snapshot::{Probe, Snapshot, TouchPoint};
pub use telemetry::{
    Bucket, Distribution, Disturbance, LATE_NS, LoopCounters, Percentiles, TickStats, WARM_UP_TICKS,
};
pub use tick::{COMMANDS_PER_TICK, EVENTS_PER_TICK, MOST_TICKS, Tick, TickError, TickOptions};
pub use trace::{DIGEST_EVERY, FORCE_KEPT, TraceRow, first_difference};
