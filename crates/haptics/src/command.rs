//! What the slow side may ask of the tick, and the form in which that is recorded.

use thiserror::Error;

use crate::vector::finite;

/// A wish of the slow side. It acts at the start of the next tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Where the simulated hand should go, m.
    Aim {
        /// World coordinates, m.
        point: [f64; 3],
    },
    /// The buttons that the simulated hand holds.
    Buttons {
        /// Bit mask.
        mask: u32,
    },
    /// The supports of a body glide to their rest place plus `offset`: breathing, traction.
    MoveSupports {
        /// Body in the world.
        body: u32,
        /// From the rest place, m.
        offset: [f64; 3],
        /// Ticks until they are there.
        ticks: u32,
    },
    /// A step of tissue that is computed beside the loop has come. The loop itself notes it; it cannot
    /// be sent, only be part of a record.
    TissueCame {
        /// The tick whose tool the step was made for.
        born: u64,
        /// The tissue's own force on its tool, mean over the step, N.
        force: [f64; 3],
    },
}

/// A command and the tick it acted in. The layout is that of `COMMAND_DTYPE` in
/// `surgisim/snapshot.py`: 48 bytes, no padding. The codes are part of the session format and never
/// change their meaning:
///
/// | code | command | index | values |
/// | --- | --- | --- | --- |
/// | 1 | aim | 0 | x, y, z (m), 0 |
/// | 2 | buttons | 0 | mask, 0, 0, 0 |
/// | 3 | move supports | body | x, y, z (m), ticks |
/// | 4 | tissue came | 0 | tick it was made for, its own force x, y, z (N) |
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct CommandRecord {
    /// The command acts at the start of the step that ends with this tick.
    pub tick: u64,
    /// What it is.
    pub code: u32,
    /// Body or tool it is about.
    pub index: u32,
    /// Its numbers.
    pub values: [f64; 4],
}

/// [`CommandRecord::code`] of [`Command::Aim`].
pub const CODE_AIM: u32 = 1;
/// [`CommandRecord::code`] of [`Command::Buttons`].
pub const CODE_BUTTONS: u32 = 2;
/// [`CommandRecord::code`] of [`Command::MoveSupports`].
pub const CODE_MOVE_SUPPORTS: u32 = 3;

/// [`CommandRecord::code`] of [`Command::TissueCame`].
pub const CODE_TISSUE_CAME: u32 = 4;

/// Largest coordinate of a command, m: beyond, numbers grow too coarse for a tick of movement, and
/// a hand sent far enough would leave their range.
pub const REACH_M: f64 = 1e3;

/// Why a command was not taken.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CommandError {
    /// A coordinate is NaN or infinite.
    #[error("command: a coordinate is not a finite number; check where it was computed")]
    NotFinite,
    /// A coordinate is further from the origin than [`REACH_M`].
    #[error("command: a coordinate is beyond 1 km from the origin; give metres in the world frame")]
    TooFar,
    /// There is no such body.
    #[error("command: body {body} does not exist, the world has {bodies}")]
    NoSuchBody {
        /// Asked for.
        body: u32,
        /// How many there are.
        bodies: u32,
    },
    /// The ring to the tick is full.
    #[error("command: {capacity} commands are already waiting; send fewer than the tick can take")]
    Full {
        /// How many may wait.
        capacity: usize,
    },
    /// The loop has ended.
    #[error("command: the loop has stopped; start a new one before sending")]
    Stopped,
    /// What only the loop itself may note.
    #[error("command: an arrival of the tissue cannot be sent; the loop notes it by itself")]
    OnlyRecorded,
    /// A record holds a code that this version does not know.
    #[error("command: code {code} is unknown; read the record with the version that wrote it")]
    UnknownCode {
        /// As recorded.
        code: u32,
    },
    /// A record holds a number that its command cannot have.
    #[error("command: a value of code {code} is out of range; the record is damaged")]
    BadValue {
        /// As recorded.
        code: u32,
    },
    /// Records are not sorted by tick or lie in the past.
    #[error("command: a record for tick {tick} comes after tick {after}; sort records by tick")]
    OutOfOrder {
        /// Tick of the offending record.
        tick: u64,
        /// Tick that came before.
        after: u64,
    },
}

impl Command {
    /// Refuses what the tick could not act upon in a world of `bodies` bodies.
    ///
    /// # Errors
    /// [`CommandError::NotFinite`], [`CommandError::TooFar`], [`CommandError::NoSuchBody`].
    pub fn check(&self, bodies: u32) -> Result<(), CommandError> {
        let point = match *self {
            Self::Aim { point } => point,
            Self::Buttons { .. } => return Ok(()),
            Self::MoveSupports { body, .. } if body >= bodies => {
                return Err(CommandError::NoSuchBody { body, bodies });
            }
            Self::MoveSupports { offset, .. } => offset,
            Self::TissueCame { .. } => return Ok(()), // a force that is none was none
        };
        if !finite(point) {
            Err(CommandError::NotFinite)
        } else if !within_reach(point) {
            Err(CommandError::TooFar)
        } else {
            Ok(())
        }
    }

    /// Refuses also what cannot be sent.
    ///
    /// # Errors
    /// As [`check`](Self::check), and [`CommandError::OnlyRecorded`].
    pub(crate) fn check_sent(&self, bodies: u32) -> Result<(), CommandError> {
        match self {
            Self::TissueCame { .. } => Err(CommandError::OnlyRecorded),
            _ => self.check(bodies),
        }
    }

    /// As it is recorded for `tick`.
    #[must_use]
    pub fn record(&self, tick: u64) -> CommandRecord {
        let (code, index, values) = match *self {
            Self::Aim { point: [x, y, z] } => (CODE_AIM, 0, [x, y, z, 0.0]),
            Self::Buttons { mask } => (CODE_BUTTONS, 0, [f64::from(mask), 0.0, 0.0, 0.0]),
            Self::MoveSupports {
                body,
                offset: [x, y, z],
                ticks,
            } => (CODE_MOVE_SUPPORTS, body, [x, y, z, f64::from(ticks)]),
            Self::TissueCame {
                born,
                force: [x, y, z],
            } => (CODE_TISSUE_CAME, 0, [born as f64, x, y, z]),
        };
        CommandRecord {
            tick,
            code,
            index,
            values,
        }
    }
}

impl TryFrom<&CommandRecord> for Command {
    type Error = CommandError;

    fn try_from(record: &CommandRecord) -> Result<Self, CommandError> {
        let code = record.code;
        let [x, y, z, w] = record.values;
        let count = |value: f64| whole(value).ok_or(CommandError::BadValue { code });
        match code {
            CODE_AIM => Ok(Self::Aim { point: [x, y, z] }),
            CODE_BUTTONS => Ok(Self::Buttons { mask: count(x)? }),
            CODE_MOVE_SUPPORTS => Ok(Self::MoveSupports {
                body: record.index,
                offset: [x, y, z],
                ticks: count(w)?,
            }),
            CODE_TISSUE_CAME => Ok(Self::TissueCame {
                born: tick(x).ok_or(CommandError::BadValue { code })?,
                force: [y, z, w],
            }),
            _ => Err(CommandError::UnknownCode { code }),
        }
    }
}

/// Whether all coordinates are numbers no larger than [`REACH_M`].
pub(crate) fn within_reach(point: [f64; 3]) -> bool {
    point.iter().all(|x| x.abs() <= REACH_M)
}

/// `value` as a tick if it is one: whole numbers are exact up to 2^53.
fn tick(value: f64) -> Option<u64> {
    let number = value as u64;
    (number as f64 == value && number < 1 << 53).then_some(number)
}

/// `value` as u32 if it is one.
fn whole(value: f64) -> Option<u32> {
    let number = value as u32;
    (f64::from(number) == value).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Command; 4] = [
        Command::Aim {
            point: [0.1, -0.2, 0.3],
        },
        Command::Buttons { mask: u32::MAX },
        Command::MoveSupports {
            body: 1,
            offset: [0.0, 0.01, 0.0],
            ticks: 1500,
        },
        Command::TissueCame {
            born: 1 << 40,
            force: [0.0, 0.5, -0.1],
        },
    ];

    #[test]
    fn records_come_back_as_the_same_command() {
        for command in ALL {
            let record = command.record(42);
            assert_eq!(record.tick, 42);
            assert_eq!(Command::try_from(&record), Ok(command));
        }
        assert_eq!(size_of::<CommandRecord>(), 48);
    }

    #[test]
    fn damaged_records_are_refused() {
        let mut record = ALL[1].record(1);
        for value in [-1.0, 0.5, f64::NAN, 5e9] {
            record.values[0] = value;
            let refused = Command::try_from(&record);
            assert_eq!(refused, Err(CommandError::BadValue { code: 2 }));
        }
        let mut came = ALL[3].record(1);
        came.values[0] = 1.5;
        let refused = Command::try_from(&came);
        assert_eq!(refused, Err(CommandError::BadValue { code: 4 }));
        assert_eq!(ALL[3].check_sent(1), Err(CommandError::OnlyRecorded));
        record.code = 77;
        let refused = Command::try_from(&record);
        assert_eq!(refused, Err(CommandError::UnknownCode { code: 77 }));
    }

    #[test]
    fn commands_the_tick_cannot_act_upon_are_refused() {
        for command in ALL {
            assert_eq!(command.check(2), Ok(()));
        }
        let refused = ALL[2].check(1);
        assert_eq!(
            refused,
            Err(CommandError::NoSuchBody { body: 1, bodies: 1 })
        );
        let nowhere = Command::Aim {
            point: [0.0, f64::NAN, 0.0],
        };
        assert_eq!(nowhere.check(1), Err(CommandError::NotFinite));
        for (far, expected) in [
            (REACH_M, Ok(())),
            (-1.001e3, Err(CommandError::TooFar)),
            (1e305, Err(CommandError::TooFar)),
        ] {
            let point = [far, 0.0, 0.0];
            assert_eq!(Command::Aim { point }.check(1), expected);
        }
    }
}
