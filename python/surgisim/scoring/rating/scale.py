"""A global rating scale: items from 1 to 5, with anchors at 1, 3 and 5.

GOALS (Vassiliou et al. 2005, Am J Surg 190:107), GEARS (Goh et al. 2012, J Urol 187:247) and the
global rating scale of OSATS (Martin et al. 1997, Br J Surg 84:273). The items are theirs; the
anchors are in our own words and shorter: raters have to be trained on them, and published
separations of novices and experts hold for the originals.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["HIGHEST", "LOWEST", "Item", "Scale", "scales"]

LOWEST, HIGHEST = 1, 5
"""What an item can be given."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its name, what people read, and what 1, 3 and 5 mean."""

    id: str
    title: str
    anchors: Mapping[int, str]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale.

    Attributes
    ----------
    id, title
        Its name, and what people read.
    items
        In their order. Optional ones are of the original, and left out of the short form.
    source
        Where it was published.
    """

    id: str
    title: str
    items: tuple[Item, ...]
    source: str

    def total(self, scores: Mapping[str, int]) -> int:
        """Sum the scores of a rating.

        Raises
        ------
        ValueError
            One sentence: an item that is missing or unknown, or a score that is none.
        """
        known = {item.id: item for item in self.items}
        unknown = sorted(scores.keys() - known.keys())
        if unknown:
            raise ValueError(f"scale '{self.id}' has no item '{unknown[0]}'")
        for item in self.items:
            if item.id not in scores and not item.optional:
                raise ValueError(f"'{item.title}' was not rated")
        for name, score in scores.items():
            if not LOWEST <= score <= HIGHEST:
                raise ValueError(
                    f"'{known[name].title}' is rated {LOWEST} to {HIGHEST}, not {score}"
                )
        return sum(scores.values())

    def span(self, scores: Mapping[str, int]) -> tuple[int, int]:
        """Give the least and the most that a rating of these items can make."""
        return LOWEST * len(scores), HIGHEST * len(scores)


@cache
def scales() -> Mapping[str, Scale]:
    """Every scale that comes along, by its id."""
    text = resources.files(__package__).joinpath("scales.toml").read_text(encoding="utf-8")
    found = {}
    for name, entry in tomllib.loads(text).items():
        items = tuple(
            Item(
                id=one["id"],
                title=one["title"],
                anchors={1: one["one"], 3: one["three"], 5: one["five"]},
                optional=one.get("optional", False),
            )
            for one in entry["items"]
        )
        found[name] = Scale(name, entry["title"], items, entry["source"])
    return found
