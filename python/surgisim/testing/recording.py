"""What a session saw of the headset, frame by frame, as a file; and the way back into a fake one.

The file is text, a JSON object a line: a head line, then a line for each frame. Poses are
OpenXR's seven numbers (x, y, z, w of the quaternion, then the position, m). A frame without
something has the same as the frame before, so that a still headset makes a small file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TextIO

import numpy as np

from surgisim.errors import TestingError
from surgisim.testing.frames import Pose, pose_numbers, pose_of

__all__ = ["Player", "Recorder", "Seen", "Tracked"]

FORMAT, VERSION = "surgisim headset", 1


@dataclass(frozen=True, slots=True)
class Tracked:
    """A pose and how well it was known."""

    pose: Pose
    valid: bool = True
    tracked: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What a session saw of one frame.

    Attributes
    ----------
    time
        The frame's display time, ns.
    poses
        By path: ``/user/head``, ``/user/hand/left`` or one pose of a hand,
        ``/user/hand/left/input/aim/pose``. In the stage's frame.
    inputs
        By binding path: one number, or two for sticks.
    """

    time: int
    poses: Mapping[str, Tracked] = field(default_factory=dict)
    inputs: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


class Recorder:
    """Writes what a session sees into a file.

    Parameters
    ----------
    path
        The file; one that is there is replaced.
    note
        A sentence about where it comes from.
    """

    def __init__(self, path: Path, *, note: str = "") -> None:
        self._file: TextIO = path.open("w", encoding="utf-8")
        self._before: dict[str, Any] = {}
        self._write({"format": FORMAT, "version": VERSION, "note": note})

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line, separators=(",", ":"), allow_nan=False) + "\n")

    def frame(self, seen: Seen) -> None:
        """Write one frame.

        Raises
        ------
        TestingError
            If something is not a pose.
        """
        poses = {path: _pose_line(tracked) for path, tracked in seen.poses.items()}
        inputs = {path: list(value) for path, value in seen.inputs.items()}
        line: dict[str, Any] = {"time": seen.time}
        for name, values in (("poses", poses), ("inputs", inputs)):
            before = self._before.setdefault(name, {})
            changed = {path: value for path, value in values.items() if before.get(path) != value}
            if changed:
                line[name] = changed
            before.update(changed)
        self._write(line)

    def watch(self, runtime: _Scripted, time: int | None = None) -> None:
        """Write where a fake runtime's things are at a time, as one frame.

        Parameters
        ----------
        runtime
            A `FakeRuntime`.
        time
            The frame's display time, ns; the present time by default.
        """
        time = runtime.now if time is None else time
        script = runtime.script(time)
        poses = {
            path: Tracked(
                pose_of(entry["pose"]),
                valid=entry["flags"] & 0b11 == 0b11,
                tracked=entry["flags"] & 0b1100 == 0b1100,
            )
            for path, entry in script["poses"].items()
        }
        inputs = {path: tuple(value) for path, value in script["inputs"].items()}
        self.frame(Seen(time, poses, inputs))

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Scripted(Protocol):
    """What recorder and player need of a fake runtime."""

    @property
    def now(self) -> int: ...
    def script(self, time: int | None = None) -> dict[str, Any]: ...
    def place(self, path: str, pose: Any, *, tracked: bool, valid: bool) -> None: ...
    def press(self, path: str, value: float) -> None: ...
    def stick(self, path: str, x: float, y: float) -> None: ...


class Player:
    """Reads such a file, and moves a fake runtime as it says.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    TestingError
        If it is not such a file, or of another version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines()
        head = self._parse(lines[0], 1) if lines else {}
        if head.get("format") != FORMAT or head.get("version") != VERSION:
            raise TestingError(f"{path} is no headset recording of version {VERSION}")
        self.note = str(head.get("note", ""))
        self._lines = lines[1:]

    def _parse(self, line: str, number: int) -> dict[str, Any]:
        try:
            parsed = json.loads(line)
        except ValueError as error:
            raise TestingError(f"{self._path}:{number} is not JSON ({error})") from error
        if not isinstance(parsed, dict):
            raise TestingError(f"{self._path}:{number} is not a JSON object")
        return parsed

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Seen]:
        """Yield what changed with each frame; the first has everything.

        Raises
        ------
        TestingError
            If a line cannot be read.
        """
        for number, line in enumerate(self._lines, start=2):
            data = self._parse(line, number)
            try:
                poses = {path: _pose(entry) for path, entry in data.get("poses", {}).items()}
                inputs = {
                    path: tuple(float(number) for number in value)
                    for path, value in data.get("inputs", {}).items()
                }
                yield Seen(int(data["time"]), poses, inputs)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise TestingError(f"{self._path}:{number} is no frame ({error!r})") from error

    def play(self, runtime: _Scripted) -> Iterator[Seen]:
        """Move a fake runtime frame by frame: run the application once for each that is yielded.

        Parameters
        ----------
        runtime
            A `FakeRuntime`.
        """
        for seen in self:
            for path, tracked in seen.poses.items():
                runtime.place(path, tracked.pose, tracked=tracked.tracked, valid=tracked.valid)
            for path, value in seen.inputs.items():
                if len(value) == 1:
                    runtime.press(path, value[0])
                else:
                    runtime.stick(path, value[0], value[1])
            yield seen


def _pose_line(tracked: Tracked) -> list[Any]:
    numbers = [float(value) for value in pose_numbers(tracked.pose)]
    return [numbers, int(tracked.valid), int(tracked.tracked)]


def _pose(entry: Any) -> Tracked:
    numbers, valid, tracked = entry
    return Tracked(pose_of(np.asarray(numbers, dtype=np.float64)), bool(valid), bool(tracked))
