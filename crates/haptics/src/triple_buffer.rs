//! The latest value from one thread to another, without waiting on either side.
//!
//! Three slots: the writer owns one, the reader owns one, the third lies between them. Publishing
//! swaps the writer's slot with the middle one, reading swaps the middle one with the reader's, each
//! by one atomic exchange. A value that nobody read in time is overwritten by a newer one.

use std::cell::UnsafeCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Set in [`Shared::middle`] while the middle slot holds a value that the reader has not seen.
const FRESH: u8 = 0b100;
const INDEX: u8 = 0b011;

struct Shared<T> {
    slots: [UnsafeCell<T>; 3],
    /// Index of the middle slot, plus [`FRESH`].
    middle: AtomicU8,
}

// SAFETY: the three indices (writer's, reader's, middle) are a permutation of 0, 1, 2 at all times:
// they start so and change only by exchanging the middle one with one's own. So no slot is ever
// reachable from both threads, and the exchanges (acquire and release) order the accesses to a slot
// when it changes hands. T moves between threads, hence T: Send; it is never shared.
unsafe impl<T: Send> Sync for Shared<T> {}

/// The writing end.
pub struct Writer<T> {
    shared: Arc<Shared<T>>,
    mine: u8,
}

/// The reading end.
pub struct Reader<T> {
    shared: Arc<Shared<T>>,
    mine: u8,
}

/// A buffer whose three slots start as clones of `value`; the reader sees `value` until the first
/// [`Writer::publish`].
pub fn triple_buffer<T: Clone>(value: &T) -> (Writer<T>, Reader<T>) {
    let shared = Arc::new(Shared {
        slots: [0, 1, 2].map(|_| UnsafeCell::new(value.clone())),
        middle: AtomicU8::new(1),
    });
    let writer = Writer {
        shared: Arc::clone(&shared),
        mine: 0,
    };
    (writer, Reader { shared, mine: 2 })
}

impl<T> Writer<T> {
    /// The slot to fill before [`publish`](Self::publish). It holds some older value.
    pub fn slot(&mut self) -> &mut T {
        // SAFETY: `mine` is the writer's index, which only the writer reaches (see Sync above), and
        // &mut self excludes a second borrow through this end.
        unsafe { &mut *self.shared.slots[usize::from(self.mine)].get() }
    }

    /// Hands the slot over as the latest value.
    pub fn publish(&mut self) {
        let old = self.shared.middle.swap(self.mine | FRESH, Ordering::AcqRel);
        self.mine = old & INDEX;
    }
}

impl<T> Reader<T> {
    /// The latest value published.
    pub fn latest(&mut self) -> &T {
        if self.shared.middle.load(Ordering::Relaxed) & FRESH != 0 {
            let old = self.shared.middle.swap(self.mine, Ordering::AcqRel);
            self.mine = old & INDEX;
        }
        // SAFETY: `mine` is the reader's index, which only the reader reaches (see Sync above), and
        // the borrow of &mut self keeps this end from moving on while the value is looked at.
        unsafe { &*self.shared.slots[usize::from(self.mine)].get() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[test]
    fn the_reader_sees_the_latest_value() {
        let (mut writer, mut reader) = triple_buffer(&0);
        assert_eq!(*reader.latest(), 0);
        for value in 1..=3 {
            *writer.slot() = value;
            assert_ne!(*reader.latest(), value, "seen before it was published");
            writer.publish();
        }
        assert_eq!(*reader.latest(), 3);
        assert_eq!(*reader.latest(), 3);
        *writer.slot() = 4;
        writer.publish();
        assert_eq!(*reader.latest(), 4);
    }

    #[test]
    fn every_value_seen_by_another_thread_is_whole_and_never_older() {
        const CHANGES: u64 = 1_000;
        let mix = |n: u64, i: u64| (n + i).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let value = move |n: u64| std::array::from_fn::<u64, 64, _>(|i| mix(n, i as u64));
        let (mut writer, mut reader) = triple_buffer(&(0, value(0)));
        let enough = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&enough);
        let writing = std::thread::spawn(move || {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                n += 1;
                let slot = writer.slot();
                slot.0 = n;
                for (i, x) in slot.1.iter_mut().enumerate() {
                    *x = mix(n, i as u64);
                }
                writer.publish();
                if n % 64 == 0 {
                    std::thread::yield_now();
                }
            }
            n
        });
        let (mut seen, mut changes) = (0, 0);
        while changes < CHANGES {
            let (n, numbers) = reader.latest();
            assert!(*n >= seen, "{n} after {seen}");
            assert_eq!(*numbers, value(*n), "torn value {n}");
            if *n > seen {
                changes += 1;
            } else {
                std::thread::yield_now();
            }
            seen = *n;
        }
        enough.store(true, Ordering::Relaxed);
        let last = writing.join().unwrap();
        assert_eq!(reader.latest().0, last, "the last value is not lost");
    }
}
