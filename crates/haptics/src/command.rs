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
        };
        if !finite(point) {
            Err(CommandError::NotFinite)
        } else if !within_reach(point) {
            Err(CommandError::TooFar)
        } else {
            Ok(())
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
            _ => Err(CommandError::UnknownCode { code }),
        }
    }
}

/// Whether all coordinates are numbers no larger than [`REACH_M`].
pub(crate) fn within_reach(point: [f64; 3]) -> bool {
    point.iter().all(|x| x.abs() <= REACH_M)
}

/// `value` as u32 if it is one.
fn whole(value: f64) -> Option<u32> {
    let number = value as u32;
    (f64::from(number) == value).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Command; 3] = [
        Command::Aim {
            point: [0.1, -0.2, 0.3],
        },
        Command::Buttons { mask: u32::MAX },
        Command::MoveSupports {
            body: 1,
            offset: [0.0, 0.01, 0.0],
            ticks: 1500,
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
