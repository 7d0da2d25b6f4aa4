"""Fitting a file to the model, and saying in its own words what does not fit.

A part that cannot be read is left out and the rest is fitted again, so that the checks that need
a whole procedure can still look at the rest.
"""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from surgisim.nearest import nearest, suggest
from surgisim.procedure.finding import Path
from surgisim.procedure.found import found
from surgisim.procedure.model import Procedure
from surgisim.procedure.notation import misread, split_by_comma

__all__ = ["MOST_TOLD", "Told", "fit", "original", "tell_all", "touches"]

MOST_TOLD = 100
"""Mistakes of one file that are told."""

_PASSES = 20  # rounds of leaving out what cannot be read

_STAND_INS: dict[str, Any] = {
    "surgisim": "procedure@1",
    "id": "stand_in",
    "title": "-",
    "version": "-",
    "time_limit": "24 h",
    "scene": {
        "anatomy": "-",
        "organ": "organ",
        "tissue": "tissue",
        "probe": {"shape": "sphere", "radius": "8 mm"},
        "limits": {"force": {"value": "1 N", "source": "-"}},
    },
    "steps": [{"id": "stand_in", "title": "-", "done_when": "trainee.finished"}],
    "scoring": {
        "pass": {"min": 0, "source": "-"},
        "lines": [
            {
                "id": "stand_in",
                "title": "-",
                "metric": "time",
                "weight": 100,
                "best": "1 s",
                "worst": "2 s",
            }
        ],
    },
}
"""In place of a key that every procedure needs and this one lacks, so that the rest is checked."""

Told = tuple[Path, str, bool]  # path, message, whether the key (not the value) is meant


def fit(plain: dict[str, Any]) -> tuple[Procedure | None, list[Told], set[Path]]:
    """Return the model, what to tell about the file, and the paths that were left out."""
    told: list[Told] = []
    dropped: set[Path] = set()
    for number in range(_PASSES):
        try:
            return Procedure.model_validate(_without(plain, dropped)), told, dropped
        except ValidationError as error:
            errors = [
                (original(tuple(one["loc"]), plain, dropped), one)
                for one in error.errors(include_url=False)
            ]
        if number == 0:
            told = tell_all(errors, plain)
            for key, _, _ in split_by_comma(plain):
                _drop(key, "value_error", dropped)
        for path, one in errors:
            _drop(path, one["type"], dropped)
            if one["type"] == "extra_forbidden":
                dropped.update(_meant(path, plain))
    return None, told, dropped


def _without(node: Any, dropped: set[Path], path: Path = ()) -> Any:
    """Copy without the paths that were left out; what every file needs has a stand-in."""
    if isinstance(node, dict):
        kept = {key: value for key, value in node.items() if (*path, key) not in dropped}
        copy = {key: _without(value, dropped, (*path, key)) for key, value in kept.items()}
        if not path:
            copy |= {key: value for key, value in _STAND_INS.items() if (key,) in dropped}
        return copy
    if isinstance(node, list):
        items = [(n, item) for n, item in enumerate(node) if (*path, n) not in dropped]
        return [_without(item, dropped, (*path, n)) for n, item in items]
    return node


def original(path: Path, plain: Any, dropped: set[Path]) -> Path:
    """Turn a path of the copy into one of the file: list items left out count again."""
    found: Path = ()
    node = plain
    for part in path:
        here = part
        if isinstance(node, list) and isinstance(part, int):
            here = [n for n in range(len(node)) if (*found, n) not in dropped][part]
            node = node[here]
        else:
            node = node.get(part) if isinstance(node, dict) else None
        found = (*found, here)
    return found


def _drop(path: Path, kind: str, dropped: set[Path]) -> None:
    """Leave out the smallest part whose absence makes the rest readable."""
    if kind == "extra_forbidden":
        dropped.add(path)
        return
    if kind == "missing":
        path = path[:-1]
    while len(path) > 1 and not isinstance(path[-1], int):
        model = _model_at(path[:-1])
        field = _fields(model).get(str(path[-1])) if model else None
        if field is not None and not field.is_required():
            break
        path = path[:-1]
    dropped.add(path)


def _meant(path: Path, plain: Any) -> Iterator[Path]:
    """Give the path that a misspelt key was meant to have, where nothing else has it."""
    holder: Any = plain
    for part in path[:-1]:
        holder = holder[part]
    model = _model_at(path[:-1])
    near = nearest(str(path[-1]), _fields(model) if model else [])
    if near is not None and near not in holder:
        yield (*path[:-1], near)


def touches(dropped: set[Path], plain: Any, whole: Path) -> bool:
    """Whether something was left out inside `whole`, a path of the copy."""
    inside = original(whole, plain, dropped)
    return any(path[: len(inside)] == inside for path in dropped)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """Fields of a model by the key that is written."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_at(path: Path, root: type[BaseModel] = Procedure) -> type[BaseModel] | None:
    """Find the model that a path of keys and indices leads to."""
    model = root
    for part in path:
        if isinstance(part, int):
            continue
        field = _fields(model).get(part)
        inner = _inner_model(field.annotation) if field is not None else None
        if inner is None:
            return None
        model = inner
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner_model, get_args(annotation))), None)


def tell_all(
    errors: list[tuple[Path, Any]], plain: dict[str, Any], root: type[BaseModel] = Procedure
) -> list[Told]:
    """Say every error of pydantic once: a key that is misspelt is not missing as well.

    `plain` is the file, and `root` the model that it did not fit. A number that YAML cut at its
    decimal comma is told as one, though it left a key behind that nobody wrote.
    """
    cut = {rest: (key, text) for key, rest, text in split_by_comma(plain)}
    numbers = {key for key, _ in cut.values()}
    missing = {path for path, error in errors if error["type"] == "missing"}
    meant: set[Path] = set()
    for path, error in errors:
        if missing and error["type"] == "extra_forbidden":
            beside = [str(other[-1]) for other in missing if other[:-1] == path[:-1]]
            near = nearest(str(path[-1]), beside)
            meant |= set() if near is None else {(*path[:-1], near)}
    return [
        (cut[path][0], misread(cut[path][1]) or "", False)
        if path in cut
        else _tell(path, error, root)
        for path, error in errors[: MOST_TOLD + 1]
        if path not in numbers and (error["type"] != "missing" or path not in meant)
    ]


def _tell(path: Path, error: Any, root: type[BaseModel]) -> Told:
    """Say an error of pydantic in the words of the file."""
    kind, value = error["type"], error["input"]
    key = str(path[-1]) if path else ""
    what = f"an item of '{_list_of(path)}'" if path and isinstance(path[-1], int) else f"'{key}'"
    match kind:
        case "extra_forbidden":
            return path, f"unknown key '{key}'{_hint(key, _model_at(path[:-1], root))}", True
        case "missing":
            return path[:-1], _tell_missing(path), True
        case "value_error":
            return path, str(error["ctx"]["error"]), False
        case "literal_error":
            known = [word.strip("'") for word in error["ctx"]["expected"].split(" or ")]
            known = [word.strip("' ") for part in known for word in part.split(",")]
            if value is None:
                return path, f"{what} is empty: write {' or '.join(known)}", False
            near = suggest(str(value), known)
            return path, f"{found(value)} is not one of: {', '.join(known)}{near}", False
        case "string_type":
            hint = "" if isinstance(value, dict | list | None) else ": put it in quotes"
            return path, f"{what} must be text, found {found(value)}{hint}", False
        case "string_pattern_mismatch":
            if "own" in error["ctx"]["pattern"]:
                return path, f"'{value}' is no name for an own fact: write it as own.swing", False
            text = f"'{value}' is no id: small letters, digits and '_', a letter first"
            return path, text, False
        case "string_too_long":
            return path, f"{what} is longer than {error['ctx']['max_length']} characters", False
        case "string_too_short" | "too_short":
            return path, f"{what} is empty", False
        case "model_type" | "dict_type":
            return path, f"{what} must hold keys with values, found {found(value)}", False
        case "list_type":
            hint = f": write [{value}]" if isinstance(value, str) else ""
            return path, f"{what} must be a list, found {found(value)}{hint}", False
        case "int_type" | "int_from_float" | "greater_than_equal" | "less_than_equal":
            return (
                path,
                f"{what} must be a whole number{_bounds(path, root)}, found {found(value)}",
                False,
            )
    return path, f"{what}: {error['msg']}", False


def _hint(key: str, model: type[BaseModel] | None) -> str:
    """Say which key was probably meant, or where this one belongs; or nothing."""
    fields = _fields(model) if model else {}
    inner = {name: _inner_model(field.annotation) for name, field in fields.items()}
    holders = [name for name, part in inner.items() if part is not None and key in _fields(part)]
    return suggest(key, fields) or (f": it belongs under '{holders[0]}'" if holders else "")


def _bounds(path: Path, root: type[BaseModel]) -> str:
    """Say from where to where a whole number may go."""
    model = _model_at(path[:-1], root)
    field = _fields(model).get(str(path[-1])) if model else None
    of = [] if field is None else field.metadata
    ends = [getattr(one, end) for end in ("ge", "le") for one in of if hasattr(one, end)]
    return f" from {ends[0]} to {ends[1]}" if len(ends) == len(("ge", "le")) else ""


def _list_of(path: Path) -> str:
    """Name the list that an item belongs to."""
    return next((str(part) for part in reversed(path) if isinstance(part, str)), "the file")


def _tell_missing(path: Path) -> str:
    key = str(path[-1])
    if key == "source":
        return "a clinical figure without its source: add 'source' and say where it comes from"
    if key == "until":
        return "a state without an exit: add 'until'"
    return f"the key '{key}' is missing"
