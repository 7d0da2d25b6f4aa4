"""Sessions that lie below a folder, with what came of them, in the order they were played."""

from dataclasses import dataclass
from pathlib import Path

from surgisim.errors import RecordError
from surgisim.record.layout import SESSION_FILE
from surgisim.record.reader import read_header
from surgisim.record.result import RESULT_FILE, Result, read_result

__all__ = ["PastSession", "sessions_below"]


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session that was played: its folder, who played it as the record says, its result."""

    folder: Path
    trainee: str
    result: Result


def sessions_below(folder: Path, trainee: str | None = None) -> list[PastSession]:
    """Find every session with a result.

    A record holds no date; the order is that in which the records were written last, as the file
    system has it, then that of their names. Copy sessions with their times (``cp -p``).

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
            key = (path.stat().st_mtime_ns, str(home))
            found.append((key, PastSession(home, who, read_result(home / RESULT_FILE))))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]
