"""Targets by their size, so that views of several sizes do not make theirs anew in each frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["BySize"]

Target = TypeVar("Target")


class BySize(Generic[Target]):
    """Keeps targets; of many sizes, as while a window is resized, those used last.

    Parameters
    ----------
    make
        Makes the targets of one size, named by whole numbers: width, height, and what else counts.
    most
        Sizes that are kept.
    """

    def __init__(self, make: Callable[[tuple[int, ...]], Target], most: int) -> None:
        self._make = make
        self._most = most
        self._kept: dict[tuple[int, ...], Target] = {}  # in the order of their last use

    def get(self, *size: int) -> Target:
        """Return the targets of a size."""
        target = self._kept.pop(size, None)
        if target is None:
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            target = self._make(size)
        self._kept[size] = target
        return target
