"""What each platform's way to an OpenGL context has to offer."""

from typing import Protocol

from surgisim.render.handles import Handles

__all__ = ["PACKAGES", "Native"]

PACKAGES = "libegl1 libegl-mesa0 libgl1 libgl1-mesa-dri"
"""What Debian calls that which is missing where nothing can be drawn."""


class Native(Protocol):
    """What a platform must offer: load functions, become current, go away."""

    def load(self, name: str) -> int:
        """Return the address of one of OpenGL's functions, or 0."""

    def make_current(self) -> None:
        """Make it the calling thread's current context."""

    def leave(self) -> None:
        """Leave the calling thread without a context."""

    def handles(self) -> Handles:
        """Return the platform's own names of it."""

    def release(self) -> None:
        """Let go of it for good."""
