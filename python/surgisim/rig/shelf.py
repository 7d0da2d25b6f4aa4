"""Where rigs are kept: one file each, in the user's folder for settings.

The folder is ``surgisim/rigs`` there, or the one that SURGISIM_RIGS names.
"""

import difflib
import os
import re
from pathlib import Path

from surgisim.errors import RigError

__all__ = ["find", "folder", "names", "place"]

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def folder() -> Path:
    """Return the folder of the rigs; it need not exist."""
    chosen = os.environ.get("SURGISIM_RIGS")
    if chosen:
        return Path(chosen)
    import platformdirs

    return platformdirs.user_config_path("surgisim", appauthor=False) / "rigs"


def names() -> list[str]:
    """Names of the rigs that are kept, sorted."""
    return sorted(path.stem for path in folder().glob("*.toml") if _NAME.fullmatch(path.stem))


def place(name: str) -> Path:
    """Return the file of the rig of a name; it need not exist.

    Raises
    ------
    RigError
        Where this cannot be a name.
    """
    if not _NAME.fullmatch(name):
        raise RigError(
            f"'{name}' cannot be the name of a rig; give up to 64 of a-z, 0-9, - and _, "
            "the first a letter or a number"
        )
    return folder() / f"{name}.toml"


def find(name: str | Path) -> Path:
    """Find a rig's file: by its path, which ends with .toml, or by its name.

    Raises
    ------
    RigError
        Where there is none.
    """
    path = Path(name)
    if path.suffix == ".toml":
        if path.is_file():
            return path
        raise RigError(f"there is no file {path}; give the name of a rig or the path of its file")
    kept = place(str(name))
    if kept.is_file():
        return kept
    near = difflib.get_close_matches(str(name), names(), n=1)
    hint = f" (did you mean '{near[0]}'?)" if near else ""
    raise RigError(f"no rig '{name}'{hint}; `surgisim rig list` tells those there are")
