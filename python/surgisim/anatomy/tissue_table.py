"""The tissue library as text: a table, all that is known of one tissue, a table for the docs."""

import textwrap
from collections.abc import Iterable

from surgisim.anatomy.tissue_library import (
    TissueProperty,
    elastic_properties,
    properties,
    tissue_parameters,
)
from surgisim.errors import MaterialError

__all__ = ["details", "markdown", "table"]

# Letters of a source in a line, below which it is set under its figure.
_LEAST_SOURCE = 30
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


def table(tissues: Iterable[str], width: int | None = None) -> str:
    """Return a line for each property, in columns; tissues that make a material have a star.

    Parameters
    ----------
    tissues
        Names in the library.
    width
        Letters in a line, None for any number. Sources are wrapped to it; where columns leave no
        room for them, each has lines of its own.

    Raises
    ------
    MaterialError
        The library has no such tissue.
    """
    names = list(tissues)
    rows = [_HEAD, *((_starred(row[0]), *row[1:]) for row in _rows(names))]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEAD) - 1)]
    left = sum(widths) + 2 * len(widths)
    if width is not None and width < left + _LEAST_SOURCE:
        return "\n".join(line for name in names for line in _stacked(name, width))
    lines = []
    for row in rows:
        cells = "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=False))
        lines += _hung(f"{cells}  ", row[-1], left, width)
    return "\n".join(lines)


def _starred(tissue: str) -> str:
    return f"{tissue} *" if _makes_material(tissue) else tissue


def _makes_material(tissue: str) -> bool:
    try:
        elastic_properties(tissue)
    except MaterialError:
        return False
    return True


def _stacked(tissue: str, width: int) -> list[str]:
    """Return the lines of one tissue, each source below its figure."""
    lines = [_starred(tissue)]
    for name, one in properties(tissue).items():
        unit = "" if one.unit == "1" else f" {one.unit}"
        span = "" if one.lo == one.hi else f" ({_range(one)})"
        lines += _hung(
            "  ", f"{name}: {_number(one.value)}{unit}{span}, {one.confidence}", 4, width
        )
        lines += _hung("    ", one.source, 4, width)
    return lines


def _hung(head: str, text: str, indent: int, width: int | None) -> list[str]:
    """Return `head` and `text` in lines of `width` letters, all but the first indented."""
    if width is None:
        return [head + text]
    return textwrap.wrap(
        head + text,
        max(width, indent + 20),
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
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


def details(tissue: str, width: int | None = None) -> str:
    """Return all that the library knows of a tissue, and what the simulation makes of it.

    Lines are wrapped to `width` letters, None for any number.

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
        parts += ["", f"  {name}: {_number(one.value)}{unit}"]
        for label, text in facts:
            if text != "-":
                parts += _hung(f"    {label:13} ", text, 18, width)
    return "\n".join([*parts, "", *_hung("  ", _as_material(tissue), 4, width)])


def _as_material(tissue: str) -> str:
    if not _makes_material(tissue):
        return "no elastic material: modulus, Poisson's ratio and density are not all known"
    grades = {name: one.confidence for name, one in elastic_properties(tissue).items()}
    made = tissue_parameters(tissue)
    weak = [name for name, grade in grades.items() if grade == "C"]
    told = f"not for assessments (recollection: {', '.join(weak)})" if weak else "for assessments"
    return (
        f"as a material: E {_number(made.young_modulus)} Pa, nu {_number(made.poisson_ratio)}, "
        f"{_number(made.density)} kg/m^3, confidence {made.confidence}: {told}"
    )
