"""A headset made of numbers: a small OpenXR runtime that a test holds in its hands.

The application under test runs unchanged, through the real OpenXR loader. The test says where the
head and the hands are, presses buttons, takes the session or the whole runtime away, and reads
what was submitted and what was called wrongly:

>>> with FakeRuntime() as runtime:  # doctest: +SKIP
...     runtime.hand("right", (0.2, 1.1, -0.3))
...     runtime.press("/user/hand/right/input/trigger/value", 0.8)
...     run_the_application(frames=10)
...     assert runtime.errors == []
...     assert runtime.frames[-1].projection is not None

Poses are in the tracking frame: origin on the floor, +y up, -z forward, m. STAGE is that frame;
LOCAL begins at the head's first place, 1.6 m above it. The clock is virtual unless asked
otherwise: xrWaitFrame moves it by one period and nothing else does, so that runs repeat exactly.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal

from surgisim.errors import TestingError
from surgisim.testing import library as _library
from surgisim.testing import validation as _validation
from surgisim.testing.frames import (
    Depth,
    Frame,
    Haptic,
    Layer,
    Pose,
    Surface,
)
from surgisim.testing.recording import Player, Recorder
from surgisim.testing.witness import Witness
from surgisim.testing.world import World

__all__ = [
    "Depth",
    "FakeRuntime",
    "Frame",
    "Haptic",
    "Layer",
    "Player",
    "Pose",
    "Recorder",
    "Surface",
]


class FakeRuntime(World, Witness):
    """The runtime that OpenXR applications of this process find inside the with-block.

    Parameters
    ----------
    clock
        ``virtual``, moved by frames and `advance` only, or ``real``.
    extensions
        Those that are offered; all that are known if none are given.
    blend_modes
        ``opaque``, ``additive``, ``alpha_blend``, the preferred one first.
    views
        1, 2, or 4 (a wide and a sharp one for each eye).
    eye
        Width and height that are recommended for each view, pixels.
    refresh_hz
        The display's rate.
    api
        The newest version of OpenXR that instances may ask for: ``1.0`` or ``1.1``.
    pictures
        Whether to keep what each frame showed, for `picture`.
    validate
        Whether Khronos's core-validation layer looks at every call, for `violations`.
    library
        The library to use instead of the one that `find_library` finds.
    """

    def __init__(
        self,
        *,
        clock: Literal["virtual", "real"] = "virtual",
        extensions: Iterable[str] | None = None,
        blend_modes: Sequence[str] = ("opaque",),
        views: Literal[1, 2, 4] = 2,
        eye: tuple[int, int] = (256, 256),
        refresh_hz: float = 90.0,
        api: Literal["1.0", "1.1"] = "1.1",
        pictures: bool = False,
        validate: bool = False,
        library: Path | None = None,
    ) -> None:
        self._path = _library.find_library() if library is None else library.resolve()
        self._lib = _library.load(self._path)
        self._validate = validate
        self._texts = {"blend_modes": " ".join(blend_modes)}
        if extensions is not None:
            self._texts["extensions"] = " ".join(extensions)
        self._numbers: dict[str, float] = {
            "virtual_clock": clock == "virtual",
            "views": views,
            "eye_width": eye[0],
            "eye_height": eye[1],
            "period_ns": int(1e9 / refresh_hz),
            "api_minor": int(api.removeprefix("1.")),
            "keep_pictures": pictures,
        }
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> FakeRuntime:
        self._lib.fakexr_reset()
        for name, number in self._numbers.items():
            self.set(name, number)
        for name, text in self._texts.items():
            self.set(name, text)
        self._folder = tempfile.TemporaryDirectory(prefix="fakexr-")
        manifest = _library.write_manifest(self._path, Path(self._folder.name))
        variables = {"XR_RUNTIME_JSON": str(manifest)}
        if self._validate:
            variables |= _validation.environment(self._report)
        for name, text in variables.items():
            self._before[name] = os.environ.get(name)
            os.environ[name] = text
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        left = bool(self.counts["instance"])
        for name, text in self._before.items():
            if text is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = text
        self._before = {}
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self._lib.fakexr_reset()
        if left and kind is None:
            raise TestingError(
                "the application did not destroy its instance, and the loader makes no other one "
                "until it does; call xrDestroyInstance before the runtime's with-block ends"
            )

    @property
    def _report(self) -> Path:
        if self._folder is None:
            raise TestingError("the validation report lasts as long as the with-block")
        return Path(self._folder.name) / "validation.txt"

    @property
    def violations(self) -> list[str]:
        """The rules that the core-validation layer saw broken (with ``validate=True``)."""
        return _validation.violations(self._report)
