//! What the tick asks of a mapping once it runs: it allocates nothing, and from outside the crate
//! the same samples give the same bits.

mod counting;

use counting::allocations;
use haptics::rotation::from_vector;
use haptics::{Mapping, MappingState, Sample};

fn mapping() -> Mapping {
    Mapping {
        rotation: from_vector([0.0, 0.4, 0.0]),
        scale: 1.5,
        clutch: Some(0),
        ..Mapping::identity()
    }
}

fn sample(tick: u32) -> Sample {
    let t = f64::from(tick);
    Sample {
        seq: u64::from(tick) + 1,
        pos: [1e-5 * t, 0.1, -2e-5 * t],
        rot: from_vector([1e-4 * t, 0.0, 2e-4 * t]),
        buttons: tick / 97 % 2,
        ..Sample::default()
    }
}

#[test]
fn ten_seconds_of_poses_and_forces_allocate_nothing() {
    let mut state = MappingState::new(mapping()).unwrap();
    let before = allocations();
    let mut clutched = 0;
    for tick in 0..10_000 {
        let (pose, held) = state.to_world(&sample(tick));
        let wrench = state
            .mapping()
            .force_to_device(pose.position, [0.0, 0.1, 0.0]);
        let back = state.to_device(pose.position);
        clutched += u32::from(held && wrench.f[1].is_finite() && back[0].is_finite());
    }
    assert_eq!(allocations(), before);
    assert!((4_000..6_000).contains(&clutched), "{clutched}");
    drop(vec![clutched]);
    assert!(allocations() > before, "the count counts");
}
