"""What is looked at: an anatomy folder, an image, labels, as parts and a volume in one frame."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from surgisim import anatomy
from surgisim.anatomy.volume import Modality, Volume
from surgisim.errors import AnatomyError
from surgisim.explore.colors import organ_color
from surgisim.render.exhibit import Part, VolumeImage
from surgisim.simulation.fine_surface import FineSurface

__all__ = ["Subject", "read_names", "read_subject"]

Progress = Callable[[str, float], None]

AIR_BELOW_HU = -400.0
SMOOTHING = 2
"""Levels of subdivision for the coarse surfaces of tetrahedra."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Parts and an image; at least one of them.

    Attributes
    ----------
    title
        What it is, for people.
    parts
        All of them, solid.
    image
        In the parts' frame.
    modality
        Of the image: "CT", "MR" or "".
    notes
        What had to be assumed.
    """

    title: str
    parts: tuple[Part, ...] = ()
    image: VolumeImage | None = None
    modality: Modality = ""
    notes: tuple[str, ...] = ()

    def bounds(self) -> NDArray[np.float64]:
        """Corners (2, 3), m, of all parts, or of what is not air in the image."""
        if self.parts:
            ends = [(p.vertices.min(axis=0), p.vertices.max(axis=0)) for p in self.parts]
            low = np.min([e[0] for e in ends], axis=0)
            return np.stack([low, np.max([e[1] for e in ends], axis=0)]).astype(np.float64)
        if self.image is None:
            return np.array([[-0.1] * 3, [0.1] * 3])
        places = _not_air(self.image, self.modality)
        return np.stack([places.min(axis=0), places.max(axis=0)])

    def part_names(self) -> tuple[str, ...]:
        """Names of the parts in their order."""
        return tuple(p.name for p in self.parts)


def read_subject(
    path: Path,
    labels: Path | None = None,
    names: Path | None = None,
    series: int | None = None,
    progress: Progress | None = None,
) -> Subject:
    """Read what is to be looked at.

    Parameters
    ----------
    path
        An anatomy folder, a folder of DICOM slices, an image (NIfTI) or a label volume (NIfTI);
        or the name of the embedded liver.
    labels
        Labels that were drawn in the image.
    names
        File with a label's number and name a line, for labels whose file names none.
    series
        Which series of a DICOM folder.
    progress
        Called with a stage's name and the share done.

    Raises
    ------
    AnatomyError
        If something cannot be read, or labels are given for what has organs already.
    """
    tell = progress or (lambda _stage, _share: None)
    if (path / "anatomy.json").is_file() or anatomy.is_built_in(path):
        if labels is not None:
            raise AnatomyError(
                f"{path} has its organs already; leave --labels out, or give the image itself."
            )
        return _from_anatomy(path, tell)
    given = read_names(names) if names is not None else None
    if labels is None and path.is_file() and _holds_labels(path):
        return Subject(path.name, _parts(path, given, tell))
    tell("reading the image", 0.0)
    volume = anatomy.read_volume(path, series)
    parts = _parts(labels, given, tell) if labels is not None else ()
    _refuse_elsewhere(volume, parts, labels)
    return Subject(volume.source, parts, _shown(volume), volume.modality, volume.warnings)


def _from_anatomy(path: Path, tell: Progress) -> Subject:
    tell("reading the anatomy", 0.0)
    built = anatomy.load(str(path), tell)
    parts = []
    for organ in built.organs:
        used = np.unique(organ.surface)
        triangles = np.searchsorted(used, organ.surface).astype(np.int32)
        smooth = FineSurface.smooth(triangles, len(used), SMOOTHING)
        packed = smooth.frame(organ.points[used])
        points, normals = packed[:, :3].copy(), packed[:, 3:6].copy()
        name = organ.name.replace("_", " ")
        fine = smooth.triangles.astype(np.int32)
        parts.append(Part(name, points, normals, fine, organ_color(name)))
    volume = anatomy.registered_image(built)
    image = _shown(volume) if volume is not None else None
    modality: Modality = volume.modality if volume is not None else ""
    return Subject(built.source, tuple(parts), image, modality)


def _holds_labels(path: Path) -> bool:
    """Whether a NIfTI file is a label volume: an image is refused as one, with a reason."""
    try:
        return bool(anatomy.read_labels(path).present())
    except AnatomyError:
        return False


def _parts(path: Path, names: Mapping[int, str] | None, tell: Progress) -> tuple[Part, ...]:
    tell("reading the labels", 0.0)
    labels = anatomy.read_labels(path)
    made = anatomy.label_parts(labels, names, lambda _name, share: tell("surfaces", share))
    tell("surfaces", 1.0)
    return tuple(
        Part(one.name, one.points, one.normals, one.triangles, organ_color(one.name))
        for one in made
    )


def _shown(volume: Volume) -> VolumeImage:
    return VolumeImage(volume.values, volume.affine)


def _not_air(image: VolumeImage, modality: Modality) -> NDArray[np.float64]:
    """Places of a thinned image's voxels that are not air, (n, 3) m; the corners if all are."""
    steps = [max(n // 48, 1) for n in image.values.shape]
    thin = image.values[:: steps[0], :: steps[1], :: steps[2]]
    low, high = (float(v) for v in np.percentile(thin, [1.0, 99.0]))
    air = AIR_BELOW_HU if modality == "CT" else low + 0.1 * (high - low)
    index = np.argwhere(thin > air)
    if not len(index):
        return image.corners()
    places: NDArray[np.float64] = (index * steps) @ image.affine[:3, :3].T + image.affine[:3, 3]
    return places


def _refuse_elsewhere(volume: Volume, parts: tuple[Part, ...], labels: Path | None) -> None:
    """Refuse labels that lie beside the image."""
    if not parts:
        return
    middles = np.array([0.5 * (p.vertices.min(axis=0) + p.vertices.max(axis=0)) for p in parts])
    index = volume.index(middles)
    inside = ((index >= -0.5) & (index <= np.array(volume.values.shape) - 0.5)).all(axis=1)
    if not inside.any():
        raise AnatomyError(
            f"The labels in {labels} lie beside the image, not in it; give those drawn in it."
        )


def read_names(path: Path) -> dict[int, str]:
    """Read a label's number and name from each line: ``5 liver``; # starts a comment.

    Raises
    ------
    AnatomyError
        If the file cannot be read or a line is none of that.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AnatomyError(f"The names {path} cannot be read ({type(error).__name__}).") from error
    names = {}
    for row, line in enumerate(lines, start=1):
        words = line.split("#")[0].replace("=", " ").split()
        if not words:
            continue
        if len(words) < 2 or not words[0].isascii() or not words[0].isdigit():
            raise AnatomyError(
                f"{path}, line {row}: '{line.strip()[:60]}' is no number and name, as in '5 liver'."
            )
        names[int(words[0])] = " ".join(words[1:])
    return names
