//! The tick neither allocates nor frees after it is built.
//!
//! Alone in its file: the guard is the allocator of the whole program.

mod common;

use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use common::{START, TOP, hand, tick, world};
use haptics::{Command, LoopCounters, Tick, TickOptions};
use softbody::World;

#[global_allocator]
static GUARD: AllocDisabler = AllocDisabler;

#[test]
fn pressing_tearing_and_breathing_allocate_nothing() {
    let mut world = world();
    world.body_mut(0).set_capsule(Some(0.05));
    press_tear_and_breathe(world, 1);
}

#[test]
fn nor_do_steps_beside_the_loop_and_what_they_tell() {
    let mut world = world();
    world.body_mut(0).set_capsule(Some(0.05));
    press_tear_and_breathe(world, 16);
}

#[test]
fn nor_does_a_copy_of_a_world_that_has_been_in_use() {
    let mut world = world();
    world.body_mut(0).set_capsule(Some(0.05));
    world.step();
    press_tear_and_breathe(world.clone(), 1);
    drop(world);
}

fn press_tear_and_breathe(world: World, tissue_every: u32) {
    let options = TickOptions {
        force_limit_n: 0.2,
        tissue_every,
        ..TickOptions::default()
    };
    let mut tick = Tick::new(world, Box::new(hand()), options).unwrap();
    let mut snapshot = tick.snapshot();
    let (mut contacts, mut events) = (0, 0);
    assert_no_alloc(|| {
        for i in 0..2_000_u32 {
            let phase = f64::from(i) * 0.005;
            let aim = Command::Aim {
                point: [
                    START[0] + 0.03 * phase.sin(),
                    TOP - 0.02 * (1.0 - phase.cos()),
                    START[2],
                ],
            };
            let breath = Command::MoveSupports {
                body: 0,
                offset: [0.0, 0.004, 0.0],
                ticks: 300,
            };
            let breath = (i == 500).then_some(breath);
            let row = tick.advance(std::iter::once(aim).chain(breath), 0);
            contacts += row.contacts;
            events += tick.events().len();
            tick.fill_snapshot(&mut snapshot, LoopCounters::default());
        }
    });
    assert!(contacts > 0 && events > 0, "nothing happened");
}

#[test]
fn nor_does_free_space() {
    let mut tick = tick(hand(), TickOptions::default());
    assert_no_alloc(|| {
        for _ in 0..200 {
            tick.advance([], 0);
        }
    });
}
