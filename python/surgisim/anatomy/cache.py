"""Anatomies by name or folder; those made by formula are built on first use and cached.

The cache lives in the user's cache folder, or in the folder named by SURGISIM_CACHE. A key is the
hash of everything the mesh depends on. A folder appears whole or not at all: it is written under
another name and renamed.
"""

import dataclasses
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from surgisim.anatomy import building, folder
from surgisim.anatomy import parametric_abdomen as abdomen
from surgisim.anatomy.organ import Anatomy, Organ
from surgisim.anatomy.parametric import (
    ACROSS_M,
    LARGEST_BALL_M,
    LIVER_LABEL,
    PARAMETRIC_LIVER,
    SHAPE_VERSION,
    parametric_labels,
)
from surgisim.anatomy.parametric_abdomen import AROUND, EDGES_M, PARAMETRIC_ABDOMEN, labels_around
from surgisim.anatomy.tetrahedra import Progress, build_organ
from surgisim.errors import AnatomyError

__all__ = [
    "DEFAULT_EDGE_M",
    "cache_folder",
    "is_built_in",
    "load",
    "organ_names",
    "organ_room",
    "parametric_liver",
    "with_organs_around",
]

DEFAULT_EDGE_M = 0.010
LIVER = "liver"
AROUND_EDGE_M = 0.012


def cache_folder() -> Path:
    """Folder for what can be built again: SURGISIM_CACHE, or the user's cache folder."""
    chosen = os.environ.get("SURGISIM_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return platformdirs.user_cache_path("surgisim", appauthor=False)


def is_built_in(folder_or_name: str | Path) -> bool:
    """Tell whether an anatomy is one of those made by formula."""
    return str(folder_or_name) in (PARAMETRIC_LIVER, PARAMETRIC_ABDOMEN)


def load(
    folder_or_name: str | Path,
    progress: Progress | None = None,
    edge_m: float = DEFAULT_EDGE_M,
) -> Anatomy:
    """Load an anatomy.

    Parameters
    ----------
    folder_or_name
        A folder made by `build`, or "parametric_liver" or "parametric_abdomen", which are made by
        formula.
    progress
        Called with a stage's name and the fraction done if something has to be built.
    edge_m
        Mean edge of a formula's main organ, m; a folder keeps that which it was built with.

    Raises
    ------
    AnatomyError
        If there is no such anatomy, or it is damaged.
    """
    if str(folder_or_name) == PARAMETRIC_LIVER:
        return parametric_liver(edge_m=edge_m, progress=progress)
    if str(folder_or_name) == PARAMETRIC_ABDOMEN:
        return with_organs_around(parametric_liver(edge_m=edge_m, progress=progress), 0, progress)
    _refuse_no_folder(folder_or_name)
    return folder.read(folder_or_name)


def organ_names(folder_or_name: str | Path) -> tuple[str, ...]:
    """Names of the organs of an anatomy; nothing is built, and no mesh is read.

    Raises
    ------
    AnatomyError
        If there is no such anatomy, or its list of organs is damaged.
    """
    if str(folder_or_name) == PARAMETRIC_LIVER:
        return (LIVER,)
    if str(folder_or_name) == PARAMETRIC_ABDOMEN:
        return (LIVER, *AROUND.values())
    _refuse_no_folder(folder_or_name)
    return folder.organ_names(folder_or_name)


def organ_room(folder_or_name: str | Path, organ: str) -> tuple[float, float] | None:
    """Radius of the largest ball in an organ and the longest way through it, m.

    Only those of the built-in liver are known; None for all others, which would have to be read.
    """
    known = is_built_in(folder_or_name) and organ == LIVER
    return (LARGEST_BALL_M, ACROSS_M) if known else None


def _refuse_no_folder(folder_or_name: str | Path) -> None:
    if not os.path.isdir(folder_or_name):  # noqa: PTH112  Path.is_dir raises on names too long
        raise AnatomyError(
            f"There is no anatomy {str(folder_or_name)!r}; give a folder made by "
            f"'surgisim anatomy build', or the name {PARAMETRIC_LIVER} or {PARAMETRIC_ABDOMEN}."
        )


def parametric_liver(
    seed: int = 0, edge_m: float = DEFAULT_EDGE_M, progress: Progress | None = None
) -> Anatomy:
    """Return the embedded default: from the cache, or built and put there.

    Parameters
    ----------
    seed
        Variation of the shape.
    edge_m
        Mean edge length of the tetrahedra, m.
    progress
        As for `load`.
    """
    parts = {"shape": SHAPE_VERSION, "seed": seed, "edge_m": edge_m, "schema": folder.SCHEMA}
    place = _place(PARAMETRIC_LIVER, parts)
    try:
        return folder.read(place)
    except AnatomyError:
        pass  # not there yet, or damaged: built again
    anatomy = building.assemble(parametric_labels(seed), {LIVER_LABEL: LIVER}, edge_m, progress)
    # A formula has no more shape than the mesh, which the picture smooths better than a label grid.
    organs = tuple(dataclasses.replace(organ, isosurface=None) for organ in anatomy.organs)
    anatomy = dataclasses.replace(anatomy, organs=organs)
    _store(anatomy, place)
    return anatomy


def with_organs_around(whole: Anatomy, seed: int = 0, progress: Progress | None = None) -> Anatomy:
    """Add to the parametric liver of `seed` what lies around it, from the cache or built."""
    parts = {"shape": SHAPE_VERSION, "around": abdomen.SHAPE_VERSION, "seed": seed}
    place = _place(PARAMETRIC_ABDOMEN, {**parts, "schema": folder.SCHEMA})
    try:
        organs = folder.read(place).organs
    except AnatomyError:
        organs = tuple(_organs_around(seed, progress))
        _store(Anatomy(organs, f"around the {whole.source}", (0.0, 0.0, 0.0)), place)
    moved = tuple(
        dataclasses.replace(organ, points=organ.points - np.asarray(whole.offset_m))
        for organ in organs
    )
    return Anatomy((*whole.organs, *moved), f"{PARAMETRIC_ABDOMEN}, seed {seed}", whole.offset_m)


def _organs_around(seed: int, progress: Progress | None) -> Iterator[Organ]:
    """Build what lies around a liver, in the frame of its labels."""
    labels = labels_around(seed)
    for label, name in AROUND.items():
        organ = build_organ(labels, label, name, EDGES_M.get(name, AROUND_EDGE_M), progress)
        yield dataclasses.replace(organ, isosurface=None)


def _place(name: str, parts: Mapping[str, object]) -> Path:
    """Folder of the cache for what depends on `parts`."""
    key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
    return cache_folder() / "anatomy" / f"{name}-{key}"


def _store(anatomy: Anatomy, place: Path) -> None:
    """Put an anatomy into the cache, whole or not at all.

    A cache that is full or read-only only costs the next start its time.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            folder.write(anatomy, draft)
            shutil.rmtree(place, ignore_errors=True)
            draft.replace(place)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except (OSError, AnatomyError):
        return
