"""Areas of concern: spheres with a name, read from a JSON file.

    [{"name": "lesion", "point_m": [0.02, 0.11, -0.20], "radius_m": 0.012, "part": "liver"}]

Places are in the frame of what is looked at. Without a part the area shows on everything,
slices and volume included.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from surgisim.errors import AnatomyError
from surgisim.render.scene import Highlight, Label, Vector

__all__ = ["Area", "read_areas"]

MOST_BYTES = 1_000_000
Finite = Annotated[float, Field(allow_inf_nan=False, ge=-10.0, le=10.0)]


class Area(BaseModel):
    """One area of concern."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(max_length=80)] = ""
    point_m: tuple[Finite, Finite, Finite]
    radius_m: Annotated[float, Field(gt=0.0, le=1.0)]
    part: str = ""
    color: tuple[float, float, float] = (0.95, 0.55, 0.05)

    def highlight(self) -> Highlight:
        """As the renderer shows it."""
        return Highlight(self.point_m, self.radius_m, self.color, 0.85, self.part)

    def label(self) -> Label | None:
        """Its name, beside its place."""
        return Label(self.point_m, self.name) if self.name else None

    def moved(self, offset: Vector) -> "Area":
        """Return it moved by an offset, m."""
        x, y, z = (a + b for a, b in zip(self.point_m, offset, strict=True))
        return self.model_copy(update={"point_m": (x, y, z)})


def read_areas(path: Path) -> tuple[Area, ...]:
    """Read a file of areas.

    Raises
    ------
    AnatomyError
        If it is missing or has mistakes.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AnatomyError(f"The areas {path} cannot be read ({error.strerror}).") from error
    if len(content) > MOST_BYTES:
        raise AnatomyError(f"The areas {path} are larger than 1 MB; give a shorter list.")
    try:
        return tuple(TypeAdapter(list[Area]).validate_json(content))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise AnatomyError(
            f"{path} is no list of areas: at {where}: {first['msg']}; give name, point_m (three "
            "numbers), radius_m and part of each."
        ) from error
