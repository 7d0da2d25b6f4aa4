"""The tissue library as text: a table, all that is known of one tissue, a table for the docs."""

from collections.abc import Iterable

from surgisim.anatomy.tissue_library import (
    TissueProperty,
    elastic_properties,
    properties,
    tissue_parameters,
)
from surgisim.errors import MaterialError

__all__ = ["details", "markdown", "table"]

_HEAD = ("tissue", "property", "value", "range", "unit", "", "source")


def _number(value: float) -> str:
    """Write a number with six digits at most: 1060, 0.45, 2.56e+09."""
    return f"{value:.6g}"


def _range(one: TissueProperty) -> str:
    return "-" if one.lo == one.hi else f"{_number(one.lo)} to {_number(one.hi)}"


def _rows(tissues: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the cells of each property: tissue, property, value, range, unit, grade, source."""
    return [
        (tissue, name, _number(one.value), _range(one), one.unit, one.confidence, one.source)
        for tissue in tissues
        for name, one in properties(tissue).items()
    ]


def table(tissues: Iterable[str]) -> str:
    """Return a line for each property, in columns.

    Raises
    ------
    MaterialError
        The library has no such tissue.
    """
    rows = [_HEAD, *_rows(tissues)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEAD) - 1)]
    return "\n".join(
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    )


def markdown(tissues: Iterable[str]) -> str:
    """Return the same as a table in Markdown.

    Raises
    ------
    MaterialError
        The library has no such tissue.
    """
    head = [name or "grade" for name in _HEAD]
    rows = [head, ["---"] * len(head), *_rows(tissues)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def details(tissue: str) -> str:
    """Return all that the library knows of a tissue, and what the simulation makes of it.

    Raises
    ------
    MaterialError
        The library has no such tissue.
    """
    parts = [tissue]
    for name, one in properties(tissue).items():
        facts = [
            ("range", _range(one)),
            ("meaning", one.model),
            ("species", one.species),
            ("state", one.state),
            ("strain rate", one.strain_rate),
            ("strain range", one.strain_range),
            ("source", one.source),
            ("confidence", one.confidence),
            ("note", one.note or "-"),
        ]
        unit = "" if one.unit == "1" else f" {one.unit}"
        parts.append(f"\n  {name}: {_number(one.value)}{unit}")
        parts += [f"    {label:13} {text}" for label, text in facts if text != "-"]
    return "\n".join([*parts, "", f"  {_as_material(tissue)}"])


def _as_material(tissue: str) -> str:
    try:
        grades = {name: one.confidence for name, one in elastic_properties(tissue).items()}
    except MaterialError:
        return "no elastic material: modulus, Poisson's ratio and density are not all known"
    made = tissue_parameters(tissue)
    weak = [name for name, grade in grades.items() if grade == "C"]
    told = f"not for assessments (recollection: {', '.join(weak)})" if weak else "for assessments"
    return (
        f"as a material: E {_number(made.young_modulus)} Pa, nu {_number(made.poisson_ratio)}, "
        f"{_number(made.density)} kg/m^3, confidence {made.confidence}: {told}"
    )
