"""Pictures of a window that the person asks for, and the note that tells where they went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from surgisim.errors import RenderError
from surgisim.render.offscreen import save_picture

__all__ = ["Shots"]

_NOTE_FRAMES = 90  # for which it is told that a picture was saved


class Shots:
    """Saves pictures into a folder; without one nothing comes of a wish.

    Attributes
    ----------
    wanted
        Whether the next picture is to be saved.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.wanted = False
        self._note, self._frames = "", 0

    def want(self) -> None:
        """Have the next picture saved."""
        self.wanted = self._folder is not None

    def take(self, screen: Any, size: tuple[int, int]) -> None:
        """Save what was drawn, if that is wanted; a full disk only costs the picture.

        Parameters
        ----------
        screen
            The `moderngl.Framebuffer` that was drawn into, before it is shown.
        size
            Width and height, px.
        """
        if not self.wanted or self._folder is None:
            return
        self.wanted = False
        data = screen.read(viewport=(0, 0, *size), components=3, alignment=1)
        try:
            path = save_picture(self._folder, data, size)
            self._note = f"saved {path.name} in {path.parent}"
        except RenderError as error:
            self._note = str(error)
        self._frames = _NOTE_FRAMES

    def note(self) -> str:
        """Return what is to be told in the next frame, or nothing; it is told for a while."""
        if self._frames == 0:
            return ""
        self._frames -= 1
        return self._note
