"""The fake OpenXR runtime as a shared library: where it lies, and its functions."""

from __future__ import annotations

import ctypes
import json
import os
import platform
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from surgisim.errors import TestingError

__all__ = ["BUILD", "call", "find_library", "load", "read", "write_manifest"]

BUILD = "cargo build --release -p fakexr"
"""The command that builds the library."""

_NAMES = {"Windows": "fakexr.dll", "Darwin": "libfakexr.dylib"}
_REPOSITORY = Path(__file__).resolve().parents[3]


def _candidates() -> Iterator[Path]:
    name = _NAMES.get(platform.system(), "libfakexr.so")
    targets = [_REPOSITORY / "target"]
    if "CARGO_TARGET_DIR" in os.environ:
        targets.insert(0, Path(os.environ["CARGO_TARGET_DIR"]))
    for target in targets:
        for profile in ("release", "debug"):
            yield target / profile / name


def find_library() -> Path:
    """Return where the runtime's library lies.

    That is the file that ``SURGISIM_FAKEXR`` names, else what cargo built in ``CARGO_TARGET_DIR``
    or in the repository's ``target``, the release build first.

    Raises
    ------
    TestingError
        If it is not there.
    """
    named = os.environ.get("SURGISIM_FAKEXR")
    if named is not None:
        path = Path(named).resolve()
        if path.is_file():
            return path
        raise TestingError(
            f"SURGISIM_FAKEXR names {named}, which is no file; build it with '{BUILD}'"
        )
    for path in _candidates():
        if path.is_file():
            return path.resolve()
    raise TestingError(f"the fake OpenXR runtime is not built; build it with '{BUILD}'")


def write_manifest(library: Path, folder: Path) -> Path:
    """Write the file by which an OpenXR loader finds the library, and return where it lies."""
    path = folder / "fakexr.json"
    runtime = {"name": "surgisim fakexr", "library_path": str(library)}
    content = {"file_format_version": "1.0.0", "runtime": runtime}
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path


_TEXT, _NUMBER, _POINTER = ctypes.c_char_p, ctypes.c_double, ctypes.c_void_p
_INT, _LONG, _UNSIGNED, _SIZE = ctypes.c_int32, ctypes.c_int64, ctypes.c_uint64, ctypes.c_size_t
_SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "fakexr_reset": (None, ()),
    "fakexr_set_number": (_INT, (_TEXT, _NUMBER)),
    "fakexr_set_text": (_INT, (_TEXT, _TEXT)),
    "fakexr_set_pose": (_INT, (_TEXT, _POINTER, _UNSIGNED, _POINTER)),
    "fakexr_set_input": (_INT, (_TEXT, _NUMBER, _NUMBER)),
    "fakexr_set_joints": (_INT, (_INT, _POINTER, _UNSIGNED)),
    "fakexr_fail_next": (_INT, (_TEXT, _INT, ctypes.c_uint32)),
    "fakexr_lose": (_INT, (_TEXT,)),
    "fakexr_return": (None, ()),
    "fakexr_recentre": (_INT, (_POINTER, _LONG)),
    "fakexr_advance": (_INT, (_LONG,)),
    "fakexr_now": (_LONG, ()),
    "fakexr_forget": (None, ()),
    "fakexr_read": (_SIZE, (_TEXT, _UNSIGNED, _POINTER, _SIZE)),
    "fakexr_fault": (_SIZE, (_POINTER, _SIZE)),
    "fakexr_picture": (_SIZE, (_SIZE, _POINTER, _SIZE)),
}


@cache
def load(path: Path) -> ctypes.CDLL:
    """Open the library for its control functions; the OpenXR loader opens the same one."""
    library = ctypes.CDLL(str(path))
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def call(library: ctypes.CDLL, name: str, *arguments: Any) -> None:
    """Call a control function that can fail.

    Raises
    ------
    TestingError
        With the library's own sentence.
    """
    if getattr(library, name)(*arguments) != 0:
        buffer = ctypes.create_string_buffer(1024)
        library.fakexr_fault(buffer, len(buffer))
        raise TestingError(f"the fake OpenXR runtime refused {name}: {buffer.value.decode()}")


def read(library: ctypes.CDLL, what: str, first: int = 0) -> Any:
    """Return what the runtime wrote down, from number `first` on."""
    size = library.fakexr_read(what.encode(), first, None, 0)
    while True:
        buffer = ctypes.create_string_buffer(size)
        needed = library.fakexr_read(what.encode(), first, buffer, size)
        if needed <= size:
            return json.loads(buffer.value)
        size = needed
