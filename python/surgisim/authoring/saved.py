"""Whether a file has been saved since it was last asked about.

The file is looked at, not listened for: network folders and containers tell of no events, and many
editors save by putting another file in its place. What is still being written does not count yet.
"""

import os
from collections.abc import Callable
from pathlib import Path

__all__ = ["Saved"]

LOOK_S = 0.1
"""Least time between two looks at the file, s."""

SETTLED_S = 0.15
"""Time without a change after which a file counts as saved, s."""

_Mark = tuple[int, int, int]


class Saved:
    """Looks whether a file was saved.

    Parameters
    ----------
    path
        The file; it may be gone for a while.
    clock
        Seconds, rising.
    """

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        self._known = self._mark()
        self._fresh: _Mark | None = None
        self._since_s = 0.0
        self._look_due_s = clock()

    def asked(self) -> bool:
        """Whether it was saved since this was last true; cheap enough to be asked all the time."""
        now_s = self._clock()
        if now_s < self._look_due_s:
            return False
        self._look_due_s = now_s + LOOK_S
        mark = self._mark()
        if mark is None or mark == self._known:
            self._fresh = None
            return False
        if mark != self._fresh:
            self._fresh, self._since_s = mark, now_s
            return False
        if now_s - self._since_s < SETTLED_S:
            return False
        self._known, self._fresh = mark, None
        return True

    def _mark(self) -> _Mark | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116  quicker than Path.stat, 50 times a second
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
