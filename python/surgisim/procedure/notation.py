"""How numbers are written elsewhere: with a decimal comma, and with dashes and words for ranges."""

import re
from collections.abc import Iterator, Mapping, Sequence

from surgisim.procedure.finding import Path

__all__ = ["misread", "split_by_comma"]

_COMMA = re.compile(r"(?<=\d),(?=\d)")
_THOUSANDS = re.compile(r"\A\s*[+-]?\d{1,3}(,\d{3})+(?![\d.])")
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_RANGE = re.compile(
    rf"\s*(?P<low>{_NUMBER})\s*(?P<unit>[^\W\d_]*)\s*(?:-|\u2013|\u2014|\u2026|to|bis|until)\s*"
    rf"(?P<high>{_NUMBER})\s*(?P<rest>\S.*?)?\s*\Z"
)
_BEHIND = re.compile(r"\d")


def misread(written: str) -> str | None:
    """Say how a quantity is written here, or None where the notation is none of the known ones."""
    if _COMMA.search(written):
        point = _COMMA.sub(".", written)
        if _THOUSANDS.match(written):
            whole = written.replace(",", "")
            return f"'{written}' has a comma: write {whole}, or {point} if it is a decimal point"
        return f"'{written}' has a comma: write {point} with a point"
    found = _RANGE.match(written)
    if found is None:
        return None
    unit = found["rest"] or found["unit"]
    return f"'{written}' is no range: write {found['low']}..{found['high']} {unit}".rstrip()


def split_by_comma(node: object, path: Path = ()) -> Iterator[tuple[Path, Path, str]]:
    """Find numbers that YAML cut at their comma: ``{diameter: 0,7 mm}``.

    Gives the path of the key with the number, that of the key that its rest became, and the whole
    number as it was written.
    """
    if isinstance(node, Mapping):
        before: tuple[str, object] = ("", None)
        for key, value in node.items():
            rest = value is None and _BEHIND.match(str(key))
            if rest and isinstance(before[1], int | str) and str(before[1])[-1:].isdigit():
                yield (*path, before[0]), (*path, key), f"{before[1]},{key}"
            before = (key, value)
            yield from split_by_comma(value, (*path, key))
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for number, value in enumerate(node):
            yield from split_by_comma(value, (*path, number))
