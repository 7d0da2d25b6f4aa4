"""What an application did with a fake runtime: its mistakes, frames, pictures and haptics."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import TestingError
from surgisim.testing import library as _library
from surgisim.testing.frames import Frame, Haptic

__all__ = ["Witness"]


class Witness:
    """The half of a `FakeRuntime` that a test reads."""

    _lib: ctypes.CDLL

    @property
    def errors(self) -> list[str]:
        """Everything that the application called wrongly, one sentence each."""
        found: list[str] = _library.read(self._lib, "errors")
        return found

    @property
    def frames(self) -> list[Frame]:
        """The frames that were ended, the newest 20 000 at most."""
        return self.frames_since(0)

    def frames_since(self, index: int) -> list[Frame]:
        """Return the frames from number `index` on."""
        return [Frame.parse(frame) for frame in _library.read(self._lib, "frames", index)]

    @property
    def haptics(self) -> list[Haptic]:
        """The pulses that were asked for."""
        return [Haptic.parse(pulse) for pulse in _library.read(self._lib, "haptics")]

    @property
    def calls(self) -> dict[str, int]:
        """How often each OpenXR function was called."""
        found: dict[str, int] = _library.read(self._lib, "calls")
        return found

    @property
    def counts(self) -> dict[str, Any]:
        """Numbers at a glance.

        ``frames``, ``missed`` (refreshes without a new frame), ``discarded``, ``errors``, ``now``
        and ``period`` (ns), ``instance`` (whether there is one), ``state`` (the session's, or
        None), ``held`` (swapchains with an image that was not released).
        """
        found: dict[str, Any] = _library.read(self._lib, "counts")
        return found

    def script(self, time: int | None = None) -> dict[str, Any]:
        """Return where everything is and what is pressed: ``poses``, ``inputs``, ``profiles``.

        Parameters
        ----------
        time
            The time that the poses are wanted for, ns; the present one by default.
        """
        found: dict[str, Any] = _library.read(self._lib, "script", time or 0)
        return found

    def forget(self) -> None:
        """Forget frames, errors, haptics and counts; the world and the session stay."""
        self._lib.fakexr_forget()

    def picture(self, eye: int = 0) -> NDArray[np.uint8]:
        """Return what a view of the last frame's projection showed, (h, w, 4), top row first.

        The bytes are those of the image; with an sRGB format they are encoded.

        Raises
        ------
        TestingError
            If there is none: a frame without layers, or a runtime made without `pictures`.
        """
        image: NDArray[np.uint8] = self._picture("projection", eye, depth=False)
        return image

    def depth(self, eye: int = 0) -> NDArray[np.float32]:
        """Return the depth that went with a view, (h, w), 0 to 1, top row first."""
        image: NDArray[np.float32] = self._picture("projection", eye, depth=True)
        return image

    def quad(self, index: int = 0) -> NDArray[np.uint8]:
        """Return the picture on a quad of the last frame, (h, w, 4), top row first."""
        image: NDArray[np.uint8] = self._picture("quad", index, depth=False)
        return image

    def _picture(self, kind: str, index: int, *, depth: bool) -> Any:
        """Find a picture: of a view by its number, of a quad by its number among the quads."""
        count = self.counts["frames"]
        layers = self.frames_since(count - 1)[-1].layers if count else ()
        numbers = [number for number, layer in enumerate(layers) if layer.kind == kind]
        place = (numbers[:1], index) if kind == "projection" else (numbers[index : index + 1], 0)
        for position, listed in enumerate(_library.read(self._lib, "pictures")):
            found = ([listed["layer"]], listed["surface"]) == place
            if found and listed["depth"] == depth:
                return self._read_picture(position, listed["size"], depth)
        raise TestingError(
            f"the last frame has no {'depth' if depth else 'picture'} of {kind} {index}; was the "
            "runtime made with pictures=True, and has that frame layers?"
        )

    def _read_picture(self, position: int, size: list[int], depth: bool) -> Any:
        width, height = size
        shape = (height, width) if depth else (height, width, 4)
        image = np.empty(shape, dtype=np.float32 if depth else np.uint8)
        address = image.ctypes.data_as(ctypes.c_void_p)
        self._lib.fakexr_picture(position, address, image.nbytes)
        return image[::-1].copy()
