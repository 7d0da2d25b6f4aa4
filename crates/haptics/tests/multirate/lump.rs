//! The model problem: a lump of tissue on a spring, pressed by a loose hand through a device that
//! resembles a Touch with a tick of delay, the tissue computed at a slow rate.
#![allow(dead_code, reason = "test and table use their own parts")]

use haptics::{
    Ahead, Arm, Control, ControlOptions, HapticDevice, LocalModel, Rendering, Row, SimulatedDevice,
    TOUCH, TissueCounts, Wrench,
};
use softbody::{Pose, UPRIGHT};

pub const DT: f64 = 1e-3;
const MASS: f64 = 0.02;
const DAMPING: f64 = 0.5;
/// Coupling of the two bad ways, N/m; as in the figures they are compared with.
const COUPLING: f64 = 2_000.0;
const UP: [f64; 3] = [0.0, 1.0, 0.0];
/// Slow rates as ticks from one step to the next: 1000, 200, 100, 62.5 and 30 Hz.
pub const EVERY: [u32; 5] = [1, 5, 10, 16, 33];
/// Height that the hand starts from, so that the safety chain sees it without force first, m.
const HEIGHT: f64 = 2e-3;
/// In which a hand that leans on the tissue comes to its push, s.
const LEAN_S: f64 = 0.3;
const TICKS: usize = 4_000;
const WATCHED: usize = 1_000;

/// How the slow tissue reaches the hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// The tissue's force is held until the next step.
    ForceHeld,
    /// The tissue's place is held; the coupling's spring is computed at 1 kHz.
    PlaceHeld,
    /// The loop's own: a local model, a slow period after it began; at 1000 Hz made in the tick.
    Local,
}

/// How the hand pushes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Push {
    /// It falls on the tissue with the whole of it.
    Falling(f64),
    /// It leans on the tissue little by little.
    Leaning(f64),
}

impl Push {
    fn newtons(self) -> f64 {
        match self {
            Self::Falling(push) | Self::Leaning(push) => push,
        }
    }

    fn act(self, device: &mut SimulatedDevice, tick: usize) {
        let share = match self {
            Self::Falling(_) => 1.0,
            Self::Leaning(_) => (tick as f64 * DT / LEAN_S).min(1.0),
        };
        device.set_arm(Arm::pushing([0.0, -share * self.newtons(), 0.0], 1.0));
    }
}

/// What came of a press.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Of the handle in the last second, peak to peak, m.
    pub swing_m: f64,
    /// Smallest energy balance of loop and device, J.
    pub worst_j: f64,
    pub counts: TissueCounts,
    /// Force on the hand over that of both springs in series, at the end.
    pub force_share: f64,
}

impl Outcome {
    /// No cycle beyond four encoder steps or 100 um.
    pub fn is_calm(&self) -> bool {
        self.swing_m <= f64::max(4.0 * TOUCH.step_m, 1e-4)
    }
}

/// The lump, below 0 when it is pressed.
#[derive(Clone, Copy, Debug, Default)]
struct Lump {
    k: f64,
    place: f64,
    velocity: f64,
}

impl Lump {
    /// Implicit Euler over h, coupled by a spring to a hand at x.
    fn pulled(&mut self, x: f64, h: f64) -> f64 {
        let touching = x < 0.0 || self.place > x;
        let c = if touching { COUPLING } else { 0.0 };
        let a = MASS / h + DAMPING + h * (self.k + c);
        let push = MASS * self.velocity / h - self.k * self.place + c * (x - self.place);
        self.velocity = push / a;
        self.place += h * self.velocity;
        (c * (self.place - x)).max(0.0)
    }

    /// Moved by a tool to `x` within h; the force on the tool at the end. Negative where the lump
    /// goes on by itself: the surface is below the tool then.
    fn driven(&mut self, x: f64, h: f64) -> f64 {
        if x >= 0.0 {
            (self.place, self.velocity) = (0.0, 0.0);
            return 0.0;
        }
        let before = self.velocity;
        self.velocity = (x - self.place) / h;
        self.place = x;
        let inertia = MASS * (self.velocity - before) / h;
        -self.k * x - DAMPING * self.velocity - inertia
    }
}

/// A hand presses tissue of stiffness `k` (N/m).
pub fn press(way: Way, k: f64, push: Push, every: u32) -> Outcome {
    let arm = Arm::pushing([0.0; 3], 1.0);
    let mut device = SimulatedDevice::new(TOUCH.delayed(1), arm, DT).unwrap();
    match way {
        Way::Local if every == 1 => within(&mut device, k, push),
        Way::Local => by_model(&mut device, k, push, every),
        _ => held(way, &mut device, k, push, every),
    }
}

fn held(way: Way, device: &mut SimulatedDevice, k: f64, push: Push, every: u32) -> Outcome {
    let mut lump = Lump {
        k,
        ..Lump::default()
    };
    let h = f64::from(every) * DT;
    let (mut force, mut swing) = (0.0, Swing::default());
    for tick in 0..TICKS {
        push.act(device, tick);
        let x = device.read().unwrap().pos[1] + HEIGHT;
        if tick % every as usize == 0 {
            force = lump.pulled(x, h);
        }
        if way == Way::PlaceHeld {
            force = (COUPLING * (lump.place - x)).max(0.0);
        }
        device.write(&up(force)).unwrap();
        swing.see(tick, device.position()[1]);
    }
    Outcome {
        swing_m: swing.0.map_or(0.0, |(low, high)| high - low),
        worst_j: device.energy().worst_j,
        force_share: force / push.newtons(),
        ..Outcome::default()
    }
}

/// A model in every tick, made in it: `W = 1 / (m / T^2 + b / T + k)` about where the lump goes by
/// itself, the formula that the slow rates approach.
fn within(device: &mut SimulatedDevice, k: f64, push: Push) -> Outcome {
    let mut control = control(device).by_model();
    let mut lump = Lump {
        k,
        ..Lump::default()
    };
    let a = MASS / (DT * DT) + DAMPING / DT + k;
    let mut swing = Swing::default();
    for tick in 0..TICKS {
        push.act(device, tick);
        control.take(&device.read().unwrap());
        let inertia = MASS / (DT * DT) * (lump.place + DT * lump.velocity);
        let free = (inertia + DAMPING / DT * lump.place) / a;
        let reference = control.tool().position;
        let mut model = LocalModel::empty(Pose::from(reference), tick as u64, 1);
        assert!(model.push(Row::spring(UP, [0.0, free, 0.0], reference, a)));
        let felt = control.feel(tick as u64, &mut Rendering::new(model, DT), UPRIGHT);
        let place = free - felt.force[1] / a;
        lump.velocity = (place - lump.place) / DT;
        lump.place = place;
        device.write(&control.answer(&up(felt.force[1]))).unwrap();
        swing.see(tick, device.position()[1]);
    }
    Outcome {
        swing_m: swing.0.map_or(0.0, |(low, high)| high - low),
        worst_j: device.energy().worst_j,
        force_share: device.acting()[1] / push.newtons(),
        ..Outcome::default()
    }
}

fn control(device: &SimulatedDevice) -> Control {
    let start = [0.0, HEIGHT, 0.0];
    let options = ControlOptions {
        safety: haptics::SafetyLimits {
            start_ramp_s: 1e-3,
            ..haptics::SafetyLimits::default()
        },
        mapping: Some(haptics::Mapping {
            origin_world: start,
            ..haptics::Mapping::identity()
        }),
        ..ControlOptions::default()
    };
    Control::new(device.info(), &options, Pose::from(start), DT).unwrap()
}

fn by_model(device: &mut SimulatedDevice, k: f64, push: Push, every: u32) -> Outcome {
    let mut control = control(device).by_model();
    let mut lump = Lump {
        k,
        ..Lump::default()
    };
    let mut rendering = Rendering::new(model(k, HEIGHT, 0.0, 0, every), DT);
    let mut ahead = Ahead::new([0.0, HEIGHT, 0.0], DT, every, 0.008);
    let mut wish: Option<(u64, [f64; 3])> = None;
    let h = f64::from(every) * DT;
    let mut swing = Swing::default();
    for tick in 1..=TICKS as u64 {
        push.act(device, tick as usize);
        if rendering.has_room()
            && let Some((born, place)) = wish.take_if(|w| tick >= w.0 + u64::from(every))
        {
            let force = lump.driven(place[1], h);
            rendering.take(&model(k, place[1], force, born, every));
        }
        control.take(&device.read().unwrap());
        let felt = control.feel(tick, &mut rendering, UPRIGHT);
        let wrench = control.answer(&Wrench {
            f: felt.force,
            t: felt.torque,
            grip: 0.0,
        });
        device.write(&wrench).unwrap();
        swing.see(tick as usize - 1, device.position()[1]);
        ahead.note(control.tool().position);
        if tick % u64::from(every) == 0 && wish.is_none() {
            wish = Some((tick, ahead.step()));
        }
    }
    Outcome {
        swing_m: swing.0.map_or(0.0, |(low, high)| high - low),
        worst_j: device.energy().worst_j,
        counts: rendering.counts(),
        force_share: device.acting()[1] / push.newtons(),
    }
}

/// A lump pushed to `place` with `force` at the end.
fn model(k: f64, place: f64, force: f64, born: u64, every: u32) -> LocalModel {
    let reference = [0.0, place, 0.0];
    let mut model = LocalModel::empty(Pose::from(reference), born, every);
    let surface = if place < 0.0 { place + force / k } else { 0.0 };
    assert!(model.push(Row::spring(UP, [0.0, surface, 0.0], reference, k)));
    model
}

fn up(force: f64) -> Wrench {
    Wrench {
        f: [0.0, force, 0.0],
        ..Wrench::default()
    }
}

/// Lowest and highest place near the end.
#[derive(Default)]
struct Swing(Option<(f64, f64)>);

impl Swing {
    fn see(&mut self, tick: usize, x: f64) {
        if tick >= TICKS - WATCHED {
            let (low, high) = self.0.unwrap_or((x, x));
            self.0 = Some((low.min(x), high.max(x)));
        }
    }
}

/// Pushes that are tried, N.
pub fn pushes() -> impl Iterator<Item = Push> {
    let each = [0.5, 1.0, 2.5].into_iter();
    each.flat_map(|n| [Push::Falling(n), Push::Leaning(n)])
}

/// Stiffnesses that are swept, N/m: each a quarter more, up to the first beyond `top`.
pub fn sweep(top: f64) -> impl Iterator<Item = f64> {
    std::iter::successors(Some(20.0), |k| Some(k * 1.25)).take_while(move |k| *k < 1.25 * top)
}

/// The largest stiffness (N/m) up to which every press stays calm.
pub fn stiffest(way: Way, every: u32, top: f64) -> f64 {
    let calm = |k: &f64| pushes().all(|push| press(way, *k, push, every).is_calm());
    sweep(top).take_while(calm).last().unwrap_or(0.0)
}
