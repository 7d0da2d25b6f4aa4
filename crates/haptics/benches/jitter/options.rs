//! What is to be measured.

use std::ops::RangeInclusive;
use std::time::Duration;

use haptics::{DeadlineShares, Wish};

const HELP: &str = "\
cargo bench -p haptics --bench jitter -- [options]

  --seconds N     length of a run (60)
  --short         the same as --seconds 5
  --seeds A..B    tries, the hand moving differently in each; one that holds all bars is enough (1..3)
  --cells N       the tissue is a block of N x N x N cells of 6 tetrahedra (12: 10 368 tetrahedra)
  --scheduler S   normal, fifo or deadline (fifo)
  --spin-us N     busy wait before each tick (0)
  --modes         a table of all modes instead, nothing judged";

/// One way to run the loop.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    pub name: &'static str,
    pub scheduler: Wish,
    pub spin_ns: u64,
}

const fn mode(name: &'static str, scheduler: Wish, spin_ns: u64) -> Mode {
    Mode {
        name,
        scheduler,
        spin_ns,
    }
}

/// The rows of the table.
pub fn modes() -> [Mode; 6] {
    let deadline = DeadlineShares::default();
    let tight = DeadlineShares {
        runtime_ns: 300_000,
        ..deadline
    };
    [
        mode("normal", Wish::Normal, 0),
        mode("normal, 60 us spin", Wish::Normal, 60_000),
        mode("FIFO", Wish::default(), 0),
        mode("FIFO, 60 us spin", Wish::default(), 60_000),
        mode("DEADLINE 300/900/1000 us", Wish::Deadline(tight), 0),
        mode("DEADLINE 600/900/1000 us", Wish::Deadline(deadline), 0),
    ]
}

#[derive(Clone, Debug)]
pub struct Options {
    pub time: Duration,
    pub seeds: RangeInclusive<u64>,
    pub cells: usize,
    pub mode: Mode,
    pub all_modes: bool,
}

impl Options {
    /// None where only help was asked for.
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self {
            time: Duration::from_secs(60),
            seeds: 1..=3,
            cells: 12,
            mode: mode("chosen", Wish::default(), 0),
            all_modes: false,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} wants a value"));
            match word.as_str() {
                "--help" => {
                    println!("{HELP}");
                    return Ok(None);
                }
                "--seconds" => options.time = Duration::from_secs(number(&value()?)?),
                "--short" => options.time = Duration::from_secs(5),
                "--seeds" => options.seeds = seeds(&value()?)?,
                "--cells" => options.cells = number(&value()?)? as usize,
                "--scheduler" => options.mode.scheduler = scheduler(&value()?)?,
                "--spin-us" => options.mode.spin_ns = 1_000 * number(&value()?)?,
                "--modes" => options.all_modes = true,
                "--bench" => {} // cargo's own
                other => return Err(format!("{other} is not known; try --help")),
            }
        }
        Ok(Some(options))
    }
}

fn number(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(number @ 0..=100_000) => Ok(number),
        _ => Err(format!("{text:?} is not a whole number up to 100000")),
    }
}

fn seeds(text: &str) -> Result<RangeInclusive<u64>, String> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    Ok(number(first)?..=number(last)?)
}

fn scheduler(text: &str) -> Result<Wish, String> {
    match text {
        "normal" => Ok(Wish::Normal),
        "fifo" => Ok(Wish::default()),
        "deadline" => Ok(Wish::Deadline(DeadlineShares::default())),
        other => Err(format!("scheduler {other:?} is not known; try --help")),
    }
}
