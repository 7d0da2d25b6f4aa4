//! `Live` and `Lockstep`: one tick function under two clocks, on a copy of a world.

use std::sync::{Mutex, MutexGuard};

use haptics::{
    Command, ControlOptions, DEVICE_MODELS, DeviceInfo, Event, Happening, HapticDevice,
    LiveOptions, Mapping, MonotonicClock, Placement, Reopen, ReplayDevice, Snapshot, Tick,
    TickError, TickOptions, TickStats, Wish, drivers,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::convert::{array, triple};
use crate::errors::{IntoPy, bad_record, bad_value};
use crate::records::{command_bytes, command_rows, trace_bytes, trace_rows};
use crate::world::{World, find_tool};
use crate::{detached, entered, in_parts};

/// What a run is made of besides the world.
#[derive(FromPyObject)]
struct Setup {
    #[pyo3(item)]
    tool: usize,
    #[pyo3(item)]
    organ: usize,
    #[pyo3(item)]
    force_limit: f64,
    /// As `device::open` knows it, or "replay".
    #[pyo3(item)]
    device: String,
    /// ControlOptions as JSON; what is left out, of the mapping too, is the default of the scene.
    #[pyo3(item)]
    control: String,
    /// Corners of the box that the device's reach is laid over where `control` has no mapping, m.
    #[pyo3(item)]
    field: Option<([f64; 3], [f64; 3])>,
    /// Trace rows for "replay", else empty.
    #[pyo3(item)]
    trace: Vec<u8>,
    /// Ticks from one step of the tissue to the next; 1: it is stepped in the tick.
    #[pyo3(item)]
    tissue_every: u32,
    /// DeviceInfo of the recorded device for "replay", as JSON, else empty.
    #[pyo3(item)]
    device_info: String,
}

/// A value of ours from JSON; nothing gives the default.
fn from_json<T: Default + DeserializeOwned>(text: &str, what: &str) -> PyResult<T> {
    if text.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(text).map_err(|error| bad_value(format!("{what}: {error}")))
}

/// A value of ours as JSON.
fn to_json<T: Serialize>(value: &T) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| bad_value(error.to_string()))
}

/// Opens the device once more after it was lost; those made of numbers are never lost.
fn reopen(setup: &Setup) -> Option<Reopen> {
    let (driver, which) = drivers::find(&setup.device)?;
    let which = which.to_owned();
    Some(Box::new(move || (driver.reopen)(&which)))
}

fn device(world: &softbody::World, setup: &Setup) -> PyResult<Box<dyn HapticDevice>> {
    if setup.device == "replay" {
        let rows = trace_rows(&setup.trace)?;
        let info = from_json(&setup.device_info, "the recorded device")?;
        return Ok(Box::new(ReplayDevice::from_trace(&rows, info)));
    }
    let start = find_tool(world, setup.tool)?.position;
    drivers::open_at(&setup.device, start, world.dt()).map_err(IntoPy::into_py)
}

/// What lies between hand and tool; a mapping that is given in part is completed by the scene's.
fn control(setup: &Setup, info: &DeviceInfo, tool: [f64; 3]) -> PyResult<ControlOptions> {
    let what = "what lies between hand and tool";
    let mut given: Map<String, Value> = from_json(&setup.control, what)?;
    let mapping = given.remove("mapping").unwrap_or_default();
    let told = |error| bad_value(format!("{what}: {error}"));
    let mut control: ControlOptions = serde_json::from_value(given.into()).map_err(told)?;
    let scene = match setup.field {
        Some((low, high)) => Mapping::fitted(&info.workspace, low, high),
        None => control
            .centred(info, tool)
            .map_err(|e| TickError::from(e).into_py())?,
    };
    let mut whole: Map<String, Value> = from_json(&to_json(&scene)?, what)?;
    let part: Option<Map<String, Value>> = serde_json::from_value(mapping).map_err(told)?;
    whole.extend(part.unwrap_or_default());
    control.mapping = serde_json::from_value(whole.into()).map_err(told)?;
    Ok(control)
}

fn tick(world: &World, setup: &Setup) -> PyResult<Tick> {
    let world = world.enter()?;
    let device = device(&world, setup)?;
    let control = control(
        setup,
        device.info(),
        find_tool(&world, setup.tool)?.position,
    )?;
    let options = TickOptions {
        tool: setup.tool,
        organ: setup.organ,
        force_limit_n: setup.force_limit,
        control,
        tissue_every: setup.tissue_every,
    };
    Tick::new(world.clone(), device, options).map_err(IntoPy::into_py)
}

fn snapshot_dict<'py>(py: Python<'py>, s: &Snapshot) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("tick", s.tick)?;
    dict.set_item("time_s", s.time_s)?;
    dict.set_item("position", triple(s.probe.position))?;
    dict.set_item("velocity", triple(s.probe.velocity))?;
    dict.set_item("force", triple(s.probe.force))?;
    dict.set_item("device_force", triple(s.probe.device.f))?;
    dict.set_item("buttons", s.probe.buttons)?;
    dict.set_item("strain", s.probe.strain)?;
    dict.set_item("touching", s.probe.contacts > 0)?;
    dict.set_item("contact_rest", s.probe.touch.map(|t| triple(t.rest_point)))?;
    dict.set_item("contact_normal", s.probe.touch.map(|t| triple(t.normal)))?;
    let m = &s.meters;
    dict.set_item("path_length_m", m.path_length_m)?;
    dict.set_item("peak_force_n", m.peak_force_n)?;
    dict.set_item("contact_s", m.contact_s)?;
    dict.set_item("over_limit_s", m.over_limit_s)?;
    dict.set_item("over_limit_ns", m.over_limit_ns)?;
    dict.set_item("peak_strain", m.peak_strain)?;
    dict.set_item("positions", array(py, &s.positions))?;
    Ok(dict)
}

fn event_dict<'py>(py: Python<'py>, event: &Event) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("tick", event.tick)?;
    dict.set_item("time_s", event.time_s)?;
    dict.set_item("kind", event.what.kind())?;
    match event.what {
        Happening::TissueTorn {
            body,
            triangle,
            strain,
            point,
            rest_point,
        } => {
            dict.set_item("body", body)?;
            dict.set_item("triangle", triangle)?;
            dict.set_item("strain", strain)?;
            dict.set_item("point", triple(point))?;
            dict.set_item("rest_point", triple(rest_point))?;
        }
        Happening::ForceLimit { force_n, point } => {
            dict.set_item("force_n", force_n)?;
            dict.set_item("point", triple(point))?;
        }
        Happening::TissueBehind { late_s } => dict.set_item("late_s", late_s)?,
        Happening::ForceWaits | Happening::DeviceBack => {}
        Happening::Fault(fault) => dict.set_item("fault", fault.to_string())?,
    }
    Ok(dict)
}

fn distribution<'py>(py: Python<'py>, d: &haptics::Distribution) -> PyResult<Bound<'py, PyDict>> {
    let p = d.percentiles();
    let dict = PyDict::new(py);
    dict.set_item("count", p.count)?;
    dict.set_item("p50_ns", p.p50_ns)?;
    dict.set_item("p99_ns", p.p99_ns)?;
    dict.set_item("p99_9_ns", p.p99_9_ns)?;
    dict.set_item("p99_99_ns", p.p99_99_ns)?;
    dict.set_item("max_ns", p.max_ns)?;
    let buckets: Vec<_> = d.buckets().iter().map(|b| (b.to_ns, b.count)).collect();
    dict.set_item("buckets", buckets)?;
    Ok(dict)
}

/// Each value but the scheduler's name is a reason, or None where the system granted it.
fn placement_into(dict: &Bound<'_, PyDict>, placement: &Placement) -> PyResult<()> {
    dict.set_item("scheduler", placement.scheduler.name())?;
    dict.set_item("fallback", placement.scheduler.why())?;
    dict.set_item("passed_over", placement.passed_over.as_deref())?;
    dict.set_item("memory_unlocked", placement.memory_unlocked.as_deref())?;
    dict.set_item("memory_untouched", placement.memory_untouched.as_deref())?;
    dict.set_item("deep_sleep", placement.deep_sleep.as_deref())
}

fn stats_dict<'py>(py: Python<'py>, stats: &TickStats) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("ticks", stats.ticks)?;
    dict.set_item("rate_hz", stats.achieved_hz())?;
    dict.set_item("dropped", stats.counters.dropped)?;
    dict.set_item("late", stats.counters.late)?;
    dict.set_item("longest_late_ns", stats.counters.longest_late_ns)?;
    dict.set_item("longest_burst", stats.counters.longest_burst)?;
    let control = &stats.control;
    dict.set_item("clamped", control.safety.clamped)?;
    dict.set_item("slew_limited", control.safety.slew_limited)?;
    dict.set_item("silenced", control.safety.silenced)?;
    dict.set_item("waited", control.safety.waited)?;
    dict.set_item("braked", control.braked)?;
    dict.set_item("watchdog_trips", control.watchdog_trips)?;
    dict.set_item("leaps", control.leaps)?;
    dict.set_item("device_watchdog", stats.device_watchdog)?;
    dict.set_item("echo_errors", stats.echo_errors)?;
    placement_into(&dict, &stats.placement)?;
    dict.set_item("steal", stats.steal)?;
    let disturbance = stats.disturbance.map(|d| {
        (
            d.ticks,
            d.minor_faults,
            d.major_faults,
            d.waits,
            d.preemptions,
        )
    });
    dict.set_item("disturbance", disturbance)?;
    let tissue = stats.tissue.map(|tissue| {
        (
            tissue.models,
            tissue.fell_behind,
            tissue.weak_ticks,
            tissue.largest_step_n,
        )
    });
    dict.set_item("tissue", tissue)?;
    dict.set_item("tissue_steps", distribution(py, &stats.tissue_steps)?)?;
    dict.set_item("cpu", distribution(py, &stats.cpu)?)?;
    dict.set_item("lateness", distribution(py, &stats.lateness)?)?;
    Ok(dict)
}

const BUSY: &str = "this run is being advanced or stopped in another thread; wait for it";

/// Aim, buttons and supports, sent to either kind of run.
macro_rules! shared_methods {
    ($class:ident) => {
        #[pymethods]
        impl $class {
            fn aim(&self, point: [f64; 3]) -> PyResult<()> {
                self.send(Command::Aim { point })
            }

            fn press(&self, mask: u32) -> PyResult<()> {
                self.send(Command::Buttons { mask })
            }

            fn move_supports(&self, body: u32, offset: [f64; 3], ticks: u32) -> PyResult<()> {
                self.send(Command::MoveSupports {
                    body,
                    offset,
                    ticks,
                })
            }

            fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
                // Copied first: making Python objects may run other code, which may come back here.
                let snapshot = self.run()?.snapshot().clone();
                snapshot_dict(py, &snapshot)
            }

            fn drain_events<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
                let mut events = Vec::new();
                self.run()?.drain_events(&mut events);
                events.iter().map(|e| event_dict(py, e)).collect()
            }

            fn drain_trace<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
                let mut rows = Vec::new();
                self.run()?.drain_trace(&mut rows);
                Ok(PyBytes::new(py, &trace_bytes(&rows)))
            }

            fn drain_commands<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
                let mut rows = Vec::new();
                self.run()?.drain_commands(&mut rows);
                Ok(PyBytes::new(py, &command_bytes(&rows)))
            }
        }

        impl $class {
            fn send(&self, command: Command) -> PyResult<()> {
                self.run()?.send(command).map_err(IntoPy::into_py)
            }
        }
    };
}

/// A run whose ticks are asked for, as fast as the machine can.
#[pyclass(frozen, module = "surgisim._core")]
pub struct Lockstep(Mutex<haptics::Lockstep>);

#[pymethods]
impl Lockstep {
    #[new]
    fn new(world: &World, setup: Setup) -> PyResult<Self> {
        let clock = Box::new(MonotonicClock::default());
        Ok(Self(Mutex::new(haptics::Lockstep::new(
            tick(world, &setup)?,
            clock,
        ))))
    }

    /// What lies between hand and tool, ControlOptions as JSON.
    #[getter]
    fn control(&self) -> PyResult<String> {
        to_json(&self.run()?.tick().control_options())
    }

    /// DeviceInfo as JSON.
    #[getter]
    fn device_info(&self) -> PyResult<String> {
        to_json(self.run()?.tick().device_info())
    }

    /// Trace rows, events and commands wait without bound until they are drained.
    fn advance(&self, py: Python<'_>, ticks: u64) -> PyResult<()> {
        let mut guard = self.run()?;
        let run = &mut *guard;
        in_parts(py, ticks, |part| {
            run.advance(part);
            Ok(())
        })
    }

    /// Recorded commands (bytes of COMMAND_DTYPE) act in the ticks they were recorded for.
    fn schedule(&self, commands: &[u8]) -> PyResult<()> {
        let rows = command_rows(commands)?;
        let scheduled = self.run()?.schedule(&rows);
        scheduled.map_err(|error| bad_record(error.to_string()))
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let stats = self.run()?.stats().clone();
        stats_dict(py, &stats)
    }
}

impl Lockstep {
    fn run(&self) -> PyResult<MutexGuard<'_, haptics::Lockstep>> {
        entered(&self.0, BUSY)
    }
}

shared_methods!(Lockstep);

/// A run on its own thread at the world's rate.
#[pyclass(frozen, module = "surgisim._core")]
pub struct Live(Mutex<haptics::Live>);

#[pymethods]
impl Live {
    /// Starts the thread; `priority` None asks for no real-time scheduling.
    #[new]
    fn new(world: &World, setup: Setup, priority: Option<i32>) -> PyResult<Self> {
        let options = LiveOptions {
            scheduler: priority.map_or(Wish::Normal, |priority| Wish::Fifo { priority }),
            ..LiveOptions::default()
        };
        let tick = tick(world, &setup)?;
        let live = haptics::Live::start_with(tick, options, reopen(&setup));
        Ok(Self(Mutex::new(live.map_err(IntoPy::into_py)?)))
    }

    /// What lies between hand and tool, ControlOptions as JSON.
    #[getter]
    fn control(&self) -> PyResult<String> {
        to_json(self.run()?.control())
    }

    /// DeviceInfo as JSON.
    #[getter]
    fn device_info(&self) -> PyResult<String> {
        to_json(self.run()?.device_info())
    }

    #[getter]
    fn running(&self) -> PyResult<bool> {
        Ok(self.run()?.is_running())
    }

    /// (scheduler, why not real time or None, why memory is not locked or None)
    #[getter]
    fn placement(&self) -> PyResult<(&'static str, Option<String>, Option<String>)> {
        let placement = self.run()?.placement().clone();
        let why = placement.scheduler.why().map(str::to_owned);
        Ok((placement.scheduler.name(), why, placement.memory_unlocked))
    }

    /// Events, trace rows and commands that found their ring full.
    #[getter]
    fn lost(&self) -> PyResult<(u64, u64, u64)> {
        let lost = self.run()?.lost();
        Ok((lost.events, lost.trace, lost.commands))
    }

    /// Ends the thread with zero force; what it left can still be drained.
    fn stop<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let mut guard = self.run()?;
        let run = &mut *guard;
        let stopped = detached(py, || run.stop());
        drop(guard);
        let stopped = stopped.map_err(IntoPy::into_py)?;
        let dict = stats_dict(py, &stopped.stats)?;
        dict.set_item("panic", stopped.panic)?;
        Ok(dict)
    }
}

impl Live {
    fn run(&self) -> PyResult<MutexGuard<'_, haptics::Live>> {
        entered(&self.0, BUSY)
    }
}

shared_methods!(Live);

/// (name, model, here, why, whether it has force) of all devices, and of what was looked for in vain.
#[pyfunction]
pub fn survey_devices(py: Python<'_>) -> Vec<(String, String, bool, String, bool)> {
    let seen = detached(py, drivers::survey);
    let told = |s: drivers::Sighting| {
        let force = drivers::find(&s.name).is_some_and(|(driver, _)| driver.force);
        (s.name, s.model, s.here, s.why, force)
    };
    seen.into_iter().map(told).collect()
}

/// (what follows "simulated:", what it resembles) of the devices made of numbers.
#[pyfunction]
pub fn simulated_devices() -> Vec<(&'static str, String)> {
    DEVICE_MODELS
        .iter()
        .map(|model| (model.name, model.info().model))
        .collect()
}

/// The first tick at which two traces (bytes of TRACE_DTYPE) differ in any bit, or None.
#[pyfunction]
pub fn first_difference(a: &[u8], b: &[u8]) -> PyResult<Option<u64>> {
    Ok(haptics::first_difference(&trace_rows(a)?, &trace_rows(b)?))
}
