"""Sessions that lie below a folder, with what came of them, in the order they were played."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from surgisim.errors import RecordError
from surgisim.record.layout import SESSION_FILE
from surgisim.record.reader import read_header
from surgisim.record.result import RESULT_FILE, Result, read_result
from surgisim.record.timing import TIMING_FILE, read_timing

__all__ = ["PERSON", "PastSession", "sessions_below", "span_of"]

PERSON = "person"
"""What a record says of whoever is no script."""


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session that was played: its folder, who played it as the record says, its result."""

    folder: Path
    trainee: str
    result: Result


def sessions_below(folder: Path, trainee: str | None = None) -> list[PastSession]:
    """Find every session with a result.

    The order is that in which they began, then that of their names.

    Parameters
    ----------
    folder
        Looked through with all that is below it.
    trainee
        Of this trainee alone.

    Raises
    ------
    RecordError
        No such folder, or a record or result that cannot be read.
    """
    if not folder.is_dir():
        raise RecordError(f"{folder} is no folder: give the one that your sessions lie in.")
    found = []
    for path in folder.rglob(SESSION_FILE):
        home = path.parent
        if not (home / RESULT_FILE).exists():
            continue
        who = str(read_header(home).get("trainee", ""))
        if trainee is None or who == trainee:
            result = read_result(home / RESULT_FILE)
            key = (span_of(home, result.duration_s)[0], str(home))
            found.append((key, PastSession(home, who, result)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def span_of(folder: Path, duration_s: float) -> tuple[datetime, datetime]:
    """Say when a session began and ended.

    ``timing.json`` tells when it began. Where it does not, as in records of before, the record's
    file tells when it ended: copy such folders with their times (``cp -p``).

    Parameters
    ----------
    folder
        The session folder.
    duration_s
        How long it took, in simulated seconds.

    Raises
    ------
    RecordError
        There is no record.
    """
    length = timedelta(seconds=duration_s)
    try:
        begun = read_timing(folder / TIMING_FILE).begun_at
    except RecordError:  # missing or damaged: what else there is serves, too
        begun = None
    if begun is not None:
        return begun, begun + length
    path = folder / SESSION_FILE
    try:
        ended = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror or error}.") from error
    return ended - length, ended
