"""The audit log: who did what to which record, in lines that cannot be changed unnoticed.

Each line is one JSON object with sorted keys and holds the hash of the line before it (Haber and
Stornetta 1991), so that a line changed, left out or moved breaks the chain:

    hash(n) = SHA-256(line n),   line n = {..., "previous": hash(n - 1)},   hash(0) = 64 zeros

The number of lines and the hash of the last are kept signed with the site key,

    mac = HMAC-SHA256(audit key, "<count> <hash>")

so that lines cut off at the end are missed and lines appended without the key are refused. A
witness beside the site key remembers the longest log seen, so that a whole older store put in
place of the present one is noticed, too, however much is written to it afterwards. Each line names
the store, because the witness goes by its name.

No line tells who somebody is. A person is named by an alias, HMAC-SHA256(own data key, "audit"):
once the key is erased, nobody can tell whose lines they were. A line about a record carries a seal,
HMAC-SHA256(seal key, its content); a record changed behind the program's back no longer fits its
last seal.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from surgisim.store.tables import audit, site

__all__ = [
    "Head",
    "append",
    "canonical",
    "chain_problems",
    "entry_of",
    "filled",
    "holds",
    "lines_of",
    "read_head",
    "seal_of",
    "sign",
]

ZERO = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The signed end of the log: number of lines, hash of the last one, signature of both."""

    count: int
    hash: str
    mac: str


def sign(key: bytes, count: int, last: str) -> Head:
    """Sign a head."""
    mac = hmac.new(key, f"{count} {last}".encode(), hashlib.sha256).hexdigest()
    return Head(count, last, mac)


def read_head(connection: Connection) -> Head:
    """Read the head as it is stored."""
    row = connection.execute(select(site.c.audit_count, site.c.audit_hash, site.c.audit_mac)).one()
    return Head(row.audit_count, row.audit_hash, row.audit_mac)


def append(connection: Connection, key: bytes, entry: Mapping[str, Any]) -> None:
    """Append a line, in the transaction of what it tells of.

    Parameters
    ----------
    connection
        In a transaction that shuts other writers out.
    key
        That signs the head.
    entry
        Plain data, without anything that says who somebody is.
    """
    head = read_head(connection)
    number = head.count + 1
    line = canonical({**entry, "number": number, "previous": head.hash})
    connection.execute(audit.insert().values(number=number, line=line))
    new = sign(key, number, _hash(line))
    connection.execute(
        update(site).values(audit_count=new.count, audit_hash=new.hash, audit_mac=new.mac)
    )


def lines_of(connection: Connection) -> list[tuple[int, str]]:
    """Return all lines with the numbers they are stored under, in order."""
    rows = connection.execute(select(audit.c.number, audit.c.line).order_by(audit.c.number))
    return [(row.number, row.line) for row in rows]


def holds(connection: Connection, seen: Head) -> bool:
    """Say whether the log goes on from where it was seen to end."""
    if seen.count == 0:
        return True
    found = connection.execute(select(audit.c.line).where(audit.c.number == seen.count)).scalar()
    return found is not None and _hash(found) == seen.hash


def chain_problems(
    lines: Iterable[tuple[int, str]], head: Head, key: bytes, seen: Head | None = None
) -> list[str]:
    """Say in a sentence each what is wrong with a log, nothing where it is whole.

    Parameters
    ----------
    lines
        Numbers and lines, in order.
    head
        As it is stored.
    key
        That signed it.
    seen
        The longest log that was seen before, or None.
    """
    found: list[str] = []
    last, count, at_seen = ZERO, 0, seen is None or seen.count == 0
    for number, line in lines:
        count += 1
        if (problem := _line_problem(count, number, line, last)) is not None:
            return [problem]  # after a broken link nothing more can be said
        last = _hash(line)
        at_seen |= seen is not None and (seen.count, seen.hash) == (count, last)
    if not hmac.compare_digest(sign(key, head.count, head.hash).mac, head.mac):
        found.append("The log's signature is not that of the site key.")
    elif count == head.count != 0 and last != head.hash:
        found.append("The last line of the log was changed.")
    elif count != head.count:
        found.append(f"The log ends at line {count}, but {head.count} lines were signed.")
    if not at_seen and seen is not None:
        found.append(
            f"The log does not hold line {seen.count} as this machine saw it: an older store was "
            "put in place of a newer one."
        )
    return found


def _line_problem(count: int, number: int, line: str, previous: str) -> str | None:
    """Say what is wrong with one line."""
    try:
        entry = json.loads(line)
        told, before = entry["number"], entry["previous"]
    except (ValueError, KeyError, TypeError):
        return f"Line {count} of the log was changed: it is no line of a log."
    if number != count or told != count:
        return f"Line {count} of the log is missing or not in its place."
    if before != previous:
        return f"Line {count} of the log does not follow the one before it: one was changed."
    return None


def entry_of(line: str) -> Mapping[str, Any]:
    """Read a line; nothing of one that was changed until it is no line of a log."""
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def seal_of(key: bytes, content: Mapping[str, Any]) -> str:
    """Return the seal of a record's content, rows and bytes included."""
    return hmac.new(key, canonical(content).encode(), hashlib.sha256).hexdigest()


def filled(row: Row[Any]) -> dict[str, Any]:
    """Return what a row holds, without empty columns: such may be added without a new seal."""
    return {name: value for name, value in row._mapping.items() if value is not None}


def canonical(content: Mapping[str, Any]) -> str:
    """Write plain data as JSON that is the same for the same content."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"),
        default=_plain,
    )  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} is not plain data")


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode("utf-8")).hexdigest()
