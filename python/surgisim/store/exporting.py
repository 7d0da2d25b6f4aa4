"""Everything of one person in one file that they can read without this program."""

import json
import os
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import select

from surgisim.errors import StoreError
from surgisim.store import files
from surgisim.store.audit import entry_of, lines_of
from surgisim.store.desk import Desk
from surgisim.store.results import all_of
from surgisim.store.roles import Right
from surgisim.store.sealing import open_file
from surgisim.store.sessions import BEGUN
from surgisim.store.tables import file, person, session
from surgisim.store.words import notes_of

__all__ = ["export"]

_README = """\
Everything that a store of surgisim holds of one person.

person.json    pseudonym, role, since when, notes about them
sessions.json  their sessions: results, score lines, mistakes, what persons said of them
audit.jsonl    the lines of the store's log about this person
sessions/N/    the files of session N: how the hand moved, every millisecond.
               docs/record.md of surgisim says how to read them.
"""


def export(desk: Desk, who: str, out: Path) -> int:
    """Write everything of one person into a ZIP file; returns the number of sessions.

    Parameters
    ----------
    desk
        The store.
    who
        Pseudonym.
    out
        The file; it appears whole or not at all, readable by its owner alone.

    Raises
    ------
    RightsError
        Whoever is signed in may not.
    StoreError
        `out` cannot be written, or a file of a session was changed.
    """
    desk.require(Right.EXPORT, who)
    with desk.writing() as work:
        work.log("person exported", subject=who)
    try:
        # A file that was not there, whatever others put into this folder; for its owner alone.
        descriptor, name = tempfile.mkstemp(".part", f"{out.name}.", out.parent)
    except OSError as error:
        raise StoreError(f"{out} cannot be written: {error.strerror or error}.") from error
    temporary = Path(name)
    try:
        with (
            os.fdopen(descriptor, "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as zipped,
        ):
            number = _fill(desk, who, zipped)
        temporary.replace(out)
    except OSError as error:
        raise StoreError(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        temporary.unlink(missing_ok=True)
    return number


def _fill(desk: Desk, who: str, zipped: zipfile.ZipFile) -> int:
    with desk.reading() as connection:
        row = connection.execute(
            select(person.c.id, person.c.role, person.c.since).where(person.c.id == who)
        ).one()
        alias = desk.alias(connection, who)
        key = desk.data_key(connection, who)
        log = [line for _, line in lines_of(connection) if entry_of(line).get("subject") == alias]
        written = notes_of(desk, connection, who)
        found = all_of(desk, connection, who)
        kept = connection.execute(
            select(session.c.number, session.c.uid, file.c.name)
            .join(session, session.c.number == file.c.session)
            .where(session.c.person == who)
        ).all()
        begun = connection.execute(
            select(session.c.number, session.c.uid)
            .where(session.c.person == who, session.c.state == BEGUN)
        ).all()  # fmt: skip
    zipped.writestr("README.txt", _README)
    zipped.writestr(
        "person.json", _json({**row._mapping, "notes": [asdict(one) for one in written]})
    )
    zipped.writestr("sessions.json", _json([asdict(one) for one in found]))
    zipped.writestr("audit.jsonl", "".join(f"{line}\n" for line in log))
    for one in kept:
        _copy(desk, one, key, zipped)
    for number, uid in begun:  # broken off, or played just now: what there is of it
        folder = files.working_folder(desk.place.files, uid)
        for path in sorted(folder.glob("*")):
            zipped.write(path, f"sessions/{number}/{path.name}")
    return len(found)


def _copy(desk: Desk, row: Any, key: bytes, zipped: zipfile.ZipFile) -> None:
    """Open one file of a session into the ZIP, piece by piece."""
    sealed = files.sealed_path(desk.place.files, row.uid, row.name)
    name = f"sessions/{row.number}/{row.name}"
    try:
        source = sealed.open("rb")
    except OSError as error:
        raise StoreError(f"{sealed} cannot be opened: {error.strerror or error}.") from error
    with source, zipped.open(name, "w", force_zip64=True) as target:
        for piece in open_file(key, source, f"{row.uid}/{row.name}"):
            target.write(piece)


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    return value.model_dump() if hasattr(value, "model_dump") else str(value)
