"""Files that a procedure names: always inside its own folder."""

from pathlib import Path

__all__ = ["inside"]


def inside(folder: Path, written: str, suffix: str) -> Path:
    """Find the file that a procedure names.

    Parameters
    ----------
    folder
        Of the procedure.
    written
        What the procedure says: a path from there, with slashes.
    suffix
        What the name must end with, such as ``.yaml``.

    Raises
    ------
    ValueError
        When it leads out of the folder, has another suffix, or is not there.
    """
    if "\\" in written or "\0" in written or Path(written).is_absolute():
        raise ValueError(f"'{written}' is no path from the procedure's folder, such as a/b.yaml")
    home = folder.resolve()
    path = (home / written).resolve()
    if not path.is_relative_to(home):  # also through a link
        raise ValueError(f"'{written}' leads out of the procedure's folder: keep the file inside")
    if path.suffix != suffix:
        raise ValueError(f"'{written}' does not end with '{suffix}'")
    if not path.is_file():
        raise ValueError(f"there is no file '{written}' beside the procedure")
    return path
