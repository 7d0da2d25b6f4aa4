"""From a label volume to an anatomy: its organs built, and moved to where they are worked on."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from surgisim.anatomy import quality
from surgisim.anatomy.folder import IMAGE, NAME, write
from surgisim.anatomy.labels import LabelVolume, read_labels
from surgisim.anatomy.organ import Anatomy, Isosurface, Organ
from surgisim.anatomy.tetrahedra import Progress, build_organ
from surgisim.anatomy.volume import Volume, read_volume
from surgisim.errors import AnatomyError

__all__ = ["assemble", "build"]


def build(
    labels_path: str | Path,
    organs: Mapping[int, str],
    edge_m: float,
    out_dir: str | Path,
    progress: Progress | None = None,
    image_path: str | Path | None = None,
) -> Anatomy:
    """Build an anatomy folder from a NIfTI label volume.

    Parameters
    ----------
    labels_path
        The volume.
    organs
        Label number -> name of the organ; the first is the main one.
    edge_m
        Mean edge length of the tetrahedra, m.
    out_dir
        Folder to write; made if needed.
    progress
        Called with a stage's name and the fraction done of the whole, 0 to 1.
    image_path
        The image that the labels were drawn in (see `read_volume`), kept with the organs.

    Raises
    ------
    AnatomyError
        If the volume or the image cannot be used, a mesh fails a gate, or the folder cannot be
        written.
    """
    if progress:
        progress("reading the labels", 0.0)
    labels = read_labels(labels_path)
    image = read_volume(image_path) if image_path is not None else None
    if image is not None:
        _refuse_elsewhere(image, labels, organs)
    anatomy = assemble(labels, organs, edge_m, progress)
    write(anatomy, out_dir, image)
    return anatomy if image is None else dataclasses.replace(anatomy, image=Path(out_dir) / IMAGE)


def _refuse_elsewhere(image: Volume, labels: LabelVolume, organs: Mapping[int, str]) -> None:
    """Refuse an image that does not reach over the organs."""
    for label, name in organs.items():
        voxels = np.argwhere(labels.mask(label))
        places = voxels @ labels.affine[:3, :3].T + labels.affine[:3, 3]
        covered = np.isfinite(image.sample(places)).mean()
        if covered < 0.95:
            raise AnatomyError(
                f"The image ({image.source}) covers only {100.0 * covered:.0f} % of '{name}', so "
                "it is not the one that the labels were drawn in; give that one."
            )


def assemble(
    labels: LabelVolume,
    organs: Mapping[int, str],
    edge_m: float,
    progress: Progress | None = None,
) -> Anatomy:
    """Build organs and move them together so that the first one's centroid is the origin."""
    names = TypeAdapter(Annotated[str, Field(pattern=NAME)])
    if not organs or len(set(organs.values())) != len(organs):
        raise AnatomyError("Name at least one organ, each name once, as in {5: 'liver'}.")
    for name in organs.values():
        try:
            names.validate_python(name)
        except ValidationError:
            raise AnatomyError(
                f"{name!r} cannot name an organ; use lower-case letters, digits and underscores."
            ) from None
    for label in organs:
        labels.mask(label)  # a missing label is told before any work is done
    built = []
    for k, (label, name) in enumerate(organs.items()):
        tell = _part(progress, k, len(organs))
        built.append(build_organ(labels, label, name, edge_m, tell))
    offset = _centroid(built[0])
    moved = tuple(_moved(organ, -offset) for organ in built)
    x, y, z = map(float, offset)
    return Anatomy(moved, labels.source, (x, y, z))


def _moved(organ: Organ, by: NDArray[np.float64]) -> Organ:
    shown = organ.isosurface
    if shown is not None:
        shown = Isosurface(shown.points + by, shown.faces)
    return dataclasses.replace(organ, points=organ.points + by, isosurface=shown)


def _part(progress: Progress | None, k: int, count: int) -> Progress | None:
    """Progress of one organ as a part of the whole."""
    if progress is None:
        return None
    return lambda stage, fraction: progress(stage, (k + fraction) / count)


def _centroid(organ: Organ) -> NDArray[np.float64]:
    volumes = quality.signed_volumes(organ.points, organ.tetrahedra)
    centres = organ.points[organ.tetrahedra].mean(axis=1)
    centroid: NDArray[np.float64] = (volumes @ centres) / volumes.sum()
    return centroid
