"""What the scores of a procedure rest on, as one number.

Two procedures with the same fingerprint give the same score for the same session; texts, titles,
sources and what is told of the patient are left out. A procedure whose fingerprint changes needs
another version: scores of one ``id@version`` can then be compared.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass

from surgisim.procedure.model import Procedure

__all__ = ["differences", "fingerprint"]

_UNSCORED = frozenset(
    (
        *("surgisim", "id", "version", "title", "text", "briefing", "source"),
        *("patient", "objectives", "objective"),
    )
)
_IDS_COUNT = frozenset(("id",))  # below the top, ids are what conditions name
_DIGITS = 12


def fingerprint(procedure: Procedure, program: str = "") -> str:
    """Give 16 hexadecimal digits that change with whatever alters scores.

    `program` is the text of the procedure's own program.
    """
    kept = json.dumps([_scored(procedure), program], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


def differences(one: Procedure, other: Procedure) -> list[str]:
    """Name the keys in which two procedures differ as far as scores go, such as ``scene.probe``."""
    return sorted(set(_differing(_scored(one), _scored(other))))


def _differing(one: object, other: object, path: str = "") -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in one.keys() | other.keys():
            yield from _differing(one.get(key), other.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for here, there in zip(one, other, strict=True):
            yield from _differing(here, there, path)
    elif one != other:
        yield path


def _scored(procedure: Procedure) -> object:
    """Collect what scores rest on, as plain data that is written alike wherever it is the same."""
    written = procedure.model_dump(by_alias=True, exclude_defaults=True)
    for complication in written.get("complications", []):
        recognised = [one for one in complication.pop("correct", []) if one.get("when")]
        complication |= {"correct": recognised} if recognised else {}
    return _plain({key: value for key, value in written.items() if key not in _UNSCORED})


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        left_out = _UNSCORED - _IDS_COUNT
        kept = {str(key): _plain(one) for key, one in value.items() if key not in left_out}
        return {key: one for key, one in kept.items() if one not in ({}, [])}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:.{_DIGITS}g}"  # 3 and 3.0 are the same, and so are 8 mm and 0.8 cm
    return " ".join(value.split()) if isinstance(value, str) else value
