//! The example of a device of one's own keeps what every driver has to keep, and feels tissue.

mod conformance;
mod counting;
#[path = "../examples/own_device.rs"]
#[allow(dead_code, reason = "its main is not called")]
mod own_device;

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use conformance::Fixture;
use haptics::{HapticDevice, OpenError};
use own_device::{Board, OwnDevice, press};

struct Far(Arc<Board>);

impl Fixture for Far {
    fn open(&mut self) -> Result<Box<dyn HapticDevice>, OpenError> {
        Ok(Box::new(OwnDevice::open(&self.0)?))
    }

    fn place(&mut self, pos: [f64; 3], _rot: [f64; 4], buttons: u32) {
        let [x, y, z] = pos.map(|x| (1e6 * x).round() as i32);
        for (register, value) in self.0.micrometres.iter().zip([x, -z, y]) {
            register.store(value, Relaxed);
        }
        self.0.buttons.store(buttons, Relaxed);
    }

    fn played(&mut self) -> [f64; 3] {
        let newtons = |axis: usize| 1e-3 * f64::from(self.0.milliamperes[axis].load(Relaxed));
        let [right, away, up] = [newtons(0), newtons(1), newtons(2)];
        [right, up, 0.0 - away]
    }

    fn unplug(&mut self) {
        self.0.unplugged.store(true, Relaxed);
    }

    fn plug(&mut self) {
        self.0.unplugged.store(false, Relaxed);
    }
}

#[test]
fn the_example_conforms() {
    conformance::conforms(&mut Far(Arc::default()));
}

#[test]
fn the_example_presses_tissue_and_leaves_without_a_force() {
    let board = Arc::new(Board::default());
    let rows = press(&board).unwrap();
    let last = rows.last().unwrap();
    assert_eq!(rows.len(), 2_600);
    assert!((last.hand[1] + 0.012).abs() < 1e-9, "{last:?}");
    assert!(last.force[1] > 0.2, "{last:?}");
    // The hand rests, so the coupling passes on what the tissue gives.
    assert!(
        (last.device_force[1] / last.force[1] - 1.0).abs() < 0.05,
        "{last:?}"
    );
    let before = rows[1_099];
    assert_eq!(before.device_force, [0.0; 3]);
    assert!(board.milliamperes.iter().all(|m| m.load(Relaxed) == 0));
    let again = press(&Arc::new(Board::default())).unwrap();
    assert!(rows == again, "the same hand gives other bits");
}
