"""pyopenxr, imported when a headset is asked for and not before."""

from __future__ import annotations

import os
import warnings
from typing import Any

from surgisim.errors import HeadsetError

__all__ = ["explain", "load"]


def load() -> Any:
    """Import the module `xr`.

    Results that are no errors (no event, not in focus, a loss to come) are then returned, not
    raised: the call has done its work, and the event that follows tells the rest.

    Raises
    ------
    HeadsetError
        pyopenxr or its loader is missing.
    """
    os.environ.setdefault("XR_LOADER_DEBUG", "none")  # what it would print is told in a sentence
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import xr
    except (ImportError, OSError) as error:
        raise HeadsetError(
            f"a headset needs the package pyopenxr ({error}); install it with: pip install pyopenxr"
        ) from error
    xr.exception.raise_on_qualified_success = False
    return xr


def explain(xr: Any, error: Exception) -> str:
    """Say in one sentence why there is no headset, and what to do."""
    if isinstance(error, xr.exception.RuntimeUnavailableError):
        return (
            "no OpenXR runtime is active; start SteamVR, Monado, WiVRn or the headset's own "
            "software, and let it make itself the active runtime"
        )
    if isinstance(error, xr.exception.FormFactorUnavailableError):
        return "the runtime finds no headset; connect it, switch it on and put it on"
    if isinstance(error, xr.exception.FormFactorUnsupportedError):
        return "the runtime has no head-mounted display"
    return f"the runtime refuses: {str(error) or type(error).__name__}"
