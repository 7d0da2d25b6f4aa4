"""Small JSON files that are either the old one or the new one, never half of either."""

import os
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from surgisim.errors import RecordError

__all__ = ["Part", "read_model", "sync_folder", "write_model"]


class Part(BaseModel):
    """Base of what is kept as JSON: frozen, no unknown keys, no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_Model = TypeVar("_Model", bound=Part)


def write_model(path: Path, model: Part) -> None:
    """Write a model as JSON: a temporary file, forced to the disk, then renamed into place.

    Raises
    ------
    RecordError
        Where the folder cannot be written.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        with temporary.open("wb") as file:
            file.write(model.model_dump_json(indent=2).encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise RecordError(f"{path} cannot be written: {reason}; check the folder.") from error


def read_model(path: Path, kind: type[_Model]) -> _Model:
    """Read and check a JSON file.

    Raises
    ------
    RecordError
        Where the file is missing, not JSON, or not of this form; names the first wrong field.
    """
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise RecordError(f"{path} is not valid: {where}: {first['msg']}.") from error


def sync_folder(folder: Path) -> None:
    """Make a new or renamed file survive a power cut (POSIX: elsewhere folders do not open)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
