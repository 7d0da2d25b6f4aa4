"""Versions of a procedure, and what each of them was: a file ``versions.toml`` beside it.

Under the id of a procedure it has a line for every version with its fingerprint. What alters scores
must raise the version; where it does not, it is told.
"""

import json
import re
import tomllib
from pathlib import Path

from surgisim.errors import ProcedureError
from surgisim.procedure.fingerprint import differences, fingerprint
from surgisim.procedure.model import Procedure

__all__ = ["VERSIONS_FILE", "compared", "read_versions", "record_version", "unraised"]

VERSIONS_FILE = "versions.toml"
_HEAD = (
    "# What the scores of each version rest on. `surgisim check --record FILE` adds a version;\n"
    "# a line that is here is never changed.\n"
)
_NUMBERS = re.compile(r"\d{1,9}(\.\d{1,9})*\Z", re.ASCII)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_MOST_SHOWN = 3


def _quoted(text: str) -> str:
    """Write a text as TOML has it: as JSON, which lets one sign more stand as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _order(version: str) -> tuple[int, ...] | None:
    """Read 1.2.3 as something to compare."""
    return tuple(map(int, version.split("."))) if _NUMBERS.match(version) else None


def compared(new: Procedure, old: Procedure, programs: tuple[str, str] = ("", "")) -> str | None:
    """Say what is wrong with the version of a changed procedure; None where nothing is.

    `programs` are the texts of the two procedures' own programs.
    """
    if fingerprint(new, programs[0]) == fingerprint(old, programs[1]):
        return None
    keys = differences(new, old) or ["behaviour"]
    more = len(keys) - _MOST_SHOWN
    what = ", ".join(keys[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")
    before, after = _order(old.version), _order(new.version)
    if old.version == new.version or (before and after and after <= before):
        return (
            f"scores rest on {what}, which changed since version {old.version}: raise 'version' "
            f"above {old.version}"
        )
    return None


def read_versions(path: Path) -> dict[str, dict[str, str]]:
    """Read the recorded fingerprints: by id, then by version; nothing where there is no file.

    Raises
    ------
    ProcedureError
        The file cannot be read.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ProcedureError(f"{path} cannot be read: {error}") from error
    return {
        name: {version: str(found) for version, found in versions.items()}
        for name, versions in content.items()
        if isinstance(versions, dict)
    }


def unraised(procedure: Procedure, folder: Path, program: str = "") -> str | None:
    """Say that a procedure is no longer what was recorded of its version; None where it is."""
    recorded = read_versions(folder / VERSIONS_FILE).get(procedure.id, {})
    known = recorded.get(procedure.version)
    if known is None or known == fingerprint(procedure, program):
        return None
    return (
        f"what scores rest on is no longer what {VERSIONS_FILE} has of {procedure.identity}: raise "
        "'version'"
    )


def record_version(procedure: Procedure, folder: Path, program: str = "") -> bool:
    """Add the version to the file in the folder; whether it was new.

    Raises
    ------
    ProcedureError
        The version is there with another fingerprint, or the file cannot be read or written.
    """
    told = unraised(procedure, folder, program)
    if told is not None:
        raise ProcedureError(told)
    path = folder / VERSIONS_FILE
    versions = read_versions(path)
    known = versions.setdefault(procedure.id, {})
    if procedure.version in known:
        return False
    known[procedure.version] = fingerprint(procedure, program)
    parts = [_HEAD]
    for name in sorted(versions):
        lines = [f'{_quoted(one)} = "{found}"\n' for one, found in versions[name].items()]
        head = name if _BARE.fullmatch(name) else _quoted(name)
        parts.append(f"\n[{head}]\n" + "".join(lines))
    try:
        path.write_text("".join(parts), encoding="utf-8")
    except OSError as error:
        raise ProcedureError(f"{path} cannot be written: {error.strerror or error}") from error
    return True
