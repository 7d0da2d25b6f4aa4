"""Anatomy folders: ``anatomy.json`` and one ``<organ>.vtu`` for each organ.

``anatomy.json`` (schema "surgisim/anatomy@1") lists the organs with every figure about their
meshes; the .vtu files (any VTK viewer opens them) hold nodes in metres, tetrahedra, and the point
array ``support`` (1 where the organ is held). An organ with an entry ``isosurface`` names a second
.vtu there, with the labels' own surface as triangles; folders without it are whole.
``image.nii.gz``, where there is one, is the image that the labels were drawn in, in their world:
``offset_m`` moves it onto the organs.
"""

import dataclasses
import json
import os
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from surgisim.anatomy import quality
from surgisim.anatomy.organ import Anatomy, Isosurface, MeshReport, Organ
from surgisim.anatomy.volume import Volume, read_volume, write_volume
from surgisim.errors import AnatomyError

__all__ = ["IMAGE", "NAME", "SCHEMA", "organ_names", "read", "registered_image", "write"]

SCHEMA = "surgisim/anatomy@1"
AXES = "metres; +x patient's left, +y anterior (up), -z towards the head"
NAME = r"^[a-z][a-z0-9_]{0,63}$"
IMAGE = "image.nii.gz"
FILE = r"^[a-z][a-z0-9_]{0,63}(-isosurface)?\.vtu$"


class _OrganEntry(BaseModel):
    """One organ of anatomy.json; the mesh's figures stand beside these fields."""

    model_config = ConfigDict(extra="allow")

    name: Annotated[str, Field(pattern=NAME)]
    label: Annotated[int, Field(gt=0)]
    file: Annotated[str, Field(pattern=FILE)]
    isosurface: Annotated[str, Field(pattern=FILE)] | None = None


class _AnatomyFile(BaseModel):
    """The whole of anatomy.json."""

    model_config = ConfigDict(populate_by_name=True)

    schema_: Annotated[Literal["surgisim/anatomy@1"], Field(alias="schema")]
    source: str
    axes: str
    offset_m: tuple[float, float, float]
    organs: Annotated[list[_OrganEntry], Field(min_length=1)]
    image: Literal["image.nii.gz"] | None = None


def write(anatomy: Anatomy, out_dir: str | Path, image: Volume | None = None) -> None:
    """Write an anatomy folder; ``anatomy.json`` last, so that a half-written folder is not read.

    Parameters
    ----------
    anatomy
        Its own `image` is not looked at.
    out_dir
        Folder to write; made if needed.
    image
        To keep with the organs, in the world of the labels.

    Raises
    ------
    AnatomyError
        If the folder cannot be written.
    """
    folder = Path(out_dir)
    entries = [_entry(organ) for organ in anatomy.organs]
    content = {
        "schema": SCHEMA,
        "source": anatomy.source,
        "axes": AXES,
        "offset_m": anatomy.offset_m,
        "organs": entries,
        "image": IMAGE if image is not None else None,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for organ in anatomy.organs:
            _write_organ(organ, folder)
        if image is not None:
            part = folder / f".part.{IMAGE}"
            write_volume(image, part)
            part.replace(folder / IMAGE)
        part = folder / ".anatomy.part.json"
        part.write_text(json.dumps(content, indent=2) + os.linesep, encoding="utf-8")
        part.replace(folder / "anatomy.json")
    except OSError as error:
        raise AnatomyError(
            f"The anatomy folder {folder} cannot be written ({error.strerror}); "
            "choose another place."
        ) from error


def _entry(organ: Organ) -> dict[str, object]:
    """Make the entry of anatomy.json for an organ."""
    entry: dict[str, object] = {
        "name": organ.name,
        "label": organ.label,
        "file": f"{organ.name}.vtu",
    }
    if organ.isosurface is not None:
        entry["isosurface"] = f"{organ.name}-isosurface.vtu"
    return entry | dataclasses.asdict(organ.report)


def _write_organ(organ: Organ, folder: Path) -> None:
    import meshio

    held = np.zeros(len(organ.points), dtype=np.uint8)
    held[organ.support] = 1
    cells = [("tetra", organ.tetrahedra)]
    meshes = {organ.name: meshio.Mesh(organ.points, cells, point_data={"support": held})}
    if (shown := organ.isosurface) is not None:
        meshes[f"{organ.name}-isosurface"] = meshio.Mesh(shown.points, [("triangle", shown.faces)])
    for name, mesh in meshes.items():
        part = folder / f".{name}.part.vtu"
        meshio.write(part, mesh, file_format="vtu")
        part.replace(folder / f"{name}.vtu")


def read(folder: str | Path) -> Anatomy:
    """Read an anatomy folder.

    Raises
    ------
    AnatomyError
        If the folder, anatomy.json or a mesh is missing, damaged or of another version.
    """
    folder = Path(folder)
    content, reports = _read_index(folder)
    organs = [
        _read_organ(folder / entry.file, entry, report)
        for entry, report in zip(content.organs, reports, strict=True)
    ]
    image = folder / content.image if content.image else None
    return Anatomy(tuple(organs), content.source, content.offset_m, image)


def registered_image(anatomy: Anatomy) -> Volume | None:
    """Read the image kept with an anatomy, moved onto its organs; None where there is none.

    Raises
    ------
    AnatomyError
        If the image is missing or damaged.
    """
    if anatomy.image is None:
        return None
    return read_volume(anatomy.image).moved(-np.asarray(anatomy.offset_m))


def organ_names(folder: str | Path) -> tuple[str, ...]:
    """Names of the organs of an anatomy folder; their meshes are not looked at.

    Raises
    ------
    AnatomyError
        If the folder or anatomy.json is missing, damaged or of another version.
    """
    content, _ = _read_index(Path(folder))
    return tuple(entry.name for entry in content.organs)


def _read_index(folder: Path) -> tuple[_AnatomyFile, list[MeshReport]]:
    """Read anatomy.json: what it lists, and the figures about each organ's mesh."""
    index = folder / "anatomy.json"
    if not os.path.isfile(index):  # noqa: PTH113  Path.is_file raises on names that are too long
        raise AnatomyError(
            f"{folder} is not an anatomy folder: it has no anatomy.json; "
            "make one with 'surgisim anatomy build'."
        )
    try:
        content = _AnatomyFile.model_validate_json(index.read_bytes())
        reports = TypeAdapter(MeshReport)
        return content, [reports.validate_python(entry.model_extra) for entry in content.organs]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise AnatomyError(
            f"{index} is damaged or of another version at {where}: {first['msg']}; "
            "build the anatomy again."
        ) from error


def _read_organ(path: Path, entry: _OrganEntry, report: MeshReport) -> Organ:
    points, tets, held = _read_vtu(path, "tetra", "support")
    sound = (
        points.shape == (report.nodes, 3)
        and tets.shape == (report.tetrahedra, 4)
        and held.shape == (report.nodes,)
        and _names_points(points, tets)
        and (quality.signed_volumes(points, tets) > 0).all()
    )
    if not sound:
        raise _unsound(path)
    shown = None if entry.isosurface is None else _read_isosurface(path.parent / entry.isosurface)
    return Organ(
        entry.name, entry.label, points, tets, quality.boundary_faces(tets),
        np.flatnonzero(held).astype(np.int32), report, shown,
    )  # fmt: skip


def _read_isosurface(path: Path) -> Isosurface:
    points, faces, _ = _read_vtu(path, "triangle")
    if points.ndim != 2 or points.shape[1] != 3 or not _names_points(points, faces):
        raise _unsound(path)
    return Isosurface(points, faces)


def _read_vtu(
    path: Path, cells: str, data: str | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.generic]]:
    """Read points, cells of one kind, and an array of the points."""
    import meshio

    if not path.is_file():
        raise AnatomyError(f"The mesh {path} is missing; build the anatomy again.")
    try:
        mesh = meshio.vtu.read(path)  # meshio.read ends the interpreter on a bad file
        points = np.ascontiguousarray(mesh.points, dtype=np.float64)
        ids = np.ascontiguousarray(mesh.cells_dict[cells], dtype=np.int32)
        return points, ids, np.asarray(mesh.point_data[data] if data else ())
    except Exception as error:  # meshio raises whatever its parser met
        raise AnatomyError(
            f"The mesh {path} cannot be read ({type(error).__name__}); build the anatomy again."
        ) from error


def _names_points(points: NDArray[np.float64], ids: NDArray[np.int32]) -> bool:
    finite = bool(np.isfinite(points).all())
    return finite and ids.size > 0 and 0 <= int(ids.min()) <= int(ids.max()) < len(points)


def _unsound(path: Path) -> AnatomyError:
    return AnatomyError(
        f"The mesh {path} does not match anatomy.json or is not sound; build the anatomy again."
    )
