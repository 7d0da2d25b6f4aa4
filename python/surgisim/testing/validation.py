"""Khronos's own check of OpenXR calls, as pyopenxr brings it: the core-validation layer."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from surgisim.errors import TestingError

__all__ = ["NAME", "environment", "violations"]

NAME = "XR_APILAYER_LUNARG_core_validation"
_OWN_LINES = ("VUID-CoreValidation-Initialize", "VUID-CoreValidation-Destroy")


def environment(report: Path) -> dict[str, str]:
    """Return the variables that switch the layer on for instances made from now on.

    Parameters
    ----------
    report
        The file that the layer is to write.

    Raises
    ------
    TestingError
        If pyopenxr has no such layer for this machine.
    """
    import xr  # half a second, so only where it is needed

    machine = platform.machine().lower().replace("amd64", "x86_64")
    folder = Path(xr.__file__).parent / "api_layer" / f"{platform.system().lower()}_{machine}"
    if not (folder / "XrApiLayer_core_validation.json").is_file():
        raise TestingError(f"pyopenxr has no validation layer in {folder}; go without validation")
    layers = [*filter(None, os.environ.get("XR_ENABLE_API_LAYERS", "").split(os.pathsep)), NAME]
    return {
        "XR_ENABLE_API_LAYERS": os.pathsep.join(dict.fromkeys(layers)),
        "XR_API_LAYER_PATH": str(folder),
        "XR_CORE_VALIDATION_EXPORT_TYPE": "text",
        "XR_CORE_VALIDATION_FILE_NAME": str(report),
    }


def violations(report: Path) -> list[str]:
    """Return the lines of a report that name a broken rule."""
    if not report.is_file():
        return []
    lines = report.read_text(encoding="utf-8", errors="replace").splitlines()
    named = (line for line in lines if "VUID" in line)
    return [line for line in named if not any(own in line for own in _OWN_LINES)]
