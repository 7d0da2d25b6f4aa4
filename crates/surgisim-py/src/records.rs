//! Trace rows and commands as bytes, laid out like `TRACE_DTYPE` and `COMMAND_DTYPE` of
//! `surgisim/snapshot.py`, little-endian on every machine.

use haptics::{CommandRecord, TraceRow};
use pyo3::prelude::*;

use crate::errors::bad_record;

const TRACE_BYTES: usize = 248;
const COMMAND_BYTES: usize = 48;

/// Reads little-endian fields one after the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self.0.split_first_chunk().expect("rows have been measured");
        self.0 = rest;
        *head
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    fn f64s<const N: usize>(&mut self) -> [f64; N] {
        std::array::from_fn(|_| f64::from_le_bytes(self.take()))
    }
}

fn put(out: &mut Vec<u8>, numbers: &[f64]) {
    numbers.iter().for_each(|x| out.extend(x.to_le_bytes()));
}

fn rows<'a>(
    bytes: &'a [u8],
    size: usize,
    what: &str,
) -> PyResult<impl Iterator<Item = Fields<'a>>> {
    if !bytes.len().is_multiple_of(size) {
        return Err(bad_record(format!(
            "{} bytes of {what} are not whole rows of {size}; the record is damaged",
            bytes.len()
        )));
    }
    Ok(bytes.chunks_exact(size).map(Fields))
}

/// Rows to bytes.
pub fn trace_bytes(rows: &[TraceRow]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * TRACE_BYTES);
    for row in rows {
        out.extend(row.tick.to_le_bytes());
        put(&mut out, &row.hand);
        put(&mut out, &row.hand_rot);
        put(&mut out, &row.tool);
        put(&mut out, &row.tool_rot);
        put(&mut out, &row.force);
        put(&mut out, &row.torque);
        put(&mut out, &row.device_force);
        put(&mut out, &row.device_torque);
        for count in [row.buttons, row.contacts, row.status, row.faults] {
            out.extend(count.to_le_bytes());
        }
        out.extend(row.missed.to_le_bytes());
        out.extend(row.digest.to_le_bytes());
    }
    out
}

/// Bytes to rows.
pub fn trace_rows(bytes: &[u8]) -> PyResult<Vec<TraceRow>> {
    let row = |mut f: Fields<'_>| TraceRow {
        tick: f.u64(),
        hand: f.f64s(),
        hand_rot: f.f64s(),
        tool: f.f64s(),
        tool_rot: f.f64s(),
        force: f.f64s(),
        torque: f.f64s(),
        device_force: f.f64s(),
        device_torque: f.f64s(),
        buttons: f.u32(),
        contacts: f.u32(),
        status: f.u32(),
        faults: f.u32(),
        missed: f.u64(),
        digest: f.u64(),
    };
    Ok(rows(bytes, TRACE_BYTES, "trace")?.map(row).collect())
}

/// Commands to bytes.
pub fn command_bytes(rows: &[CommandRecord]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * COMMAND_BYTES);
    for row in rows {
        out.extend(row.tick.to_le_bytes());
        out.extend(row.code.to_le_bytes());
        out.extend(row.index.to_le_bytes());
        put(&mut out, &row.values);
    }
    out
}

/// Bytes to commands.
pub fn command_rows(bytes: &[u8]) -> PyResult<Vec<CommandRecord>> {
    let row = |mut f: Fields<'_>| CommandRecord {
        tick: f.u64(),
        code: f.u32(),
        index: f.u32(),
        values: f.f64s(),
    };
    Ok(rows(bytes, COMMAND_BYTES, "commands")?.map(row).collect())
}
