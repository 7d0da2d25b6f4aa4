//! Live, lockstep and replay are one step function: the same inputs, the same bits.

mod common;

use std::collections::VecDeque;
use std::time::Duration;

use common::{START, TOP, clock, hand, tick};
use haptics::{
    Command, CommandError, CommandRecord, DevErr, DeviceInfo, HapticDevice, Live, LiveOptions,
    Lockstep, ReplayDevice, Sample, SimulatedHand, TickOptions, TraceRow, Wrench, WriteStatus,
    first_difference,
};

fn options() -> TickOptions {
    TickOptions {
        force_limit_n: 0.3,
        ..TickOptions::default()
    }
}

/// Someone palpates: aims, buttons and a breath, at whatever moments the machine grants.
fn play(live: &mut Live) -> (Vec<TraceRow>, Vec<CommandRecord>) {
    let (mut trace, mut commands) = (Vec::new(), Vec::new());
    for i in 0..60_u32 {
        let phase = f64::from(i) * 0.2;
        let point = [
            START[0] + 0.02 * phase.cos(),
            TOP - 0.008 * (1.0 - phase.cos()),
            START[2] + 0.01 * phase.sin(),
        ];
        live.send(Command::Aim { point }).unwrap();
        live.send(Command::Buttons { mask: i % 2 }).unwrap();
        if i == 20 {
            let offset = [0.0, 0.004, 0.002];
            live.send(Command::MoveSupports {
                body: 0,
                offset,
                ticks: 300,
            })
            .unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
        live.drain_trace(&mut trace);
        live.drain_commands(&mut commands);
    }
    (trace, commands)
}

fn again(device: impl HapticDevice + 'static, commands: &[CommandRecord], n: u64) -> Lockstep {
    let mut run = Lockstep::new(tick(device, options()), clock());
    run.schedule(commands).unwrap();
    run.advance(n);
    run
}

fn trace_of(run: &mut Lockstep) -> Vec<TraceRow> {
    let mut trace = Vec::new();
    run.drain_trace(&mut trace);
    trace
}

/// A hand whose loop misses the ticks that a live one has missed.
struct Missing {
    hand: SimulatedHand,
    missed: VecDeque<u64>,
}

impl HapticDevice for Missing {
    fn info(&self) -> &DeviceInfo {
        self.hand.info()
    }

    fn read(&mut self) -> Result<Sample, DevErr> {
        self.missed.pop_front();
        self.hand.read()
    }

    fn write(&mut self, wrench: &Wrench) -> Result<WriteStatus, DevErr> {
        self.hand.write(wrench)
    }

    fn zero(&mut self) {
        self.hand.zero();
    }

    fn missed_before(&self) -> u64 {
        self.missed.front().copied().unwrap_or(0)
    }

    fn aim(&mut self, point: [f64; 3]) {
        self.hand.aim(point);
    }

    fn press(&mut self, buttons: u32) {
        self.hand.press(buttons);
    }
}

#[test]
fn live_lockstep_and_replay_agree_to_the_bit() {
    let mut live = Live::start(tick(hand(), options()), LiveOptions::default()).unwrap();
    let (mut trace, mut commands) = play(&mut live);
    let stopped = live.stop().unwrap();
    live.drain_trace(&mut trace);
    live.drain_commands(&mut commands);
    assert_eq!(live.lost(), haptics::Lost::default());
    assert!(
        trace.iter().any(|row| row.contacts > 0),
        "nothing was touched"
    );
    assert_eq!(trace.len() as u64, stopped.tick.tick());
    assert_eq!(commands.len(), 121);

    let n = trace.len() as u64;
    let missing = Missing {
        hand: hand(),
        missed: trace.iter().map(|row| row.missed).collect(),
    };
    let mut lockstep = again(missing, &commands, n);
    assert_eq!(first_difference(&trace, &trace_of(&mut lockstep)), None);

    let device = ReplayDevice::from_trace(&trace, hand().info().clone());
    let mut replay = again(device, &commands, n);
    assert_eq!(first_difference(&trace, &trace_of(&mut replay)), None);

    // Snapshots and meters as well. The live run ended with its force taken away.
    let mut live_end = stopped.tick.snapshot();
    live_end.probe.device = replay.snapshot().probe.device;
    assert_eq!(&live_end, lockstep.snapshot());
    assert_eq!(&live_end, replay.snapshot());
    assert_eq!(
        stopped.tick.world().digest(),
        replay.tick().world().digest()
    );
}

#[test]
fn one_tick_of_delay_is_a_difference() {
    let aim = Command::Aim {
        point: [START[0], TOP - 0.01, START[2]],
    };
    let mut early = again(hand(), &[aim.record(5)], 100);
    let mut late = again(hand(), &[aim.record(6)], 100);
    let difference = first_difference(&trace_of(&mut early), &trace_of(&mut late));
    assert_eq!(difference, Some(5));
}

#[test]
fn a_replay_needs_its_commands_in_order() {
    let mut run = Lockstep::new(tick(hand(), options()), clock());
    let press = Command::Buttons { mask: 1 };
    let disordered = run.schedule(&[press.record(9), press.record(8)]);
    assert_eq!(
        disordered,
        Err(CommandError::OutOfOrder { tick: 8, after: 9 })
    );
    let past = run.schedule(&[press.record(0)]);
    assert_eq!(past, Err(CommandError::OutOfOrder { tick: 0, after: 1 }));
    // Nothing of a refused record has been taken.
    run.advance(20);
    assert!(trace_of(&mut run).iter().all(|row| row.buttons == 0));
}
