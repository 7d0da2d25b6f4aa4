"""How a subject is looked at: which parts, which cut and slices, which greys; all plain data.

Keys and mouse make one `Looking` of another; `exhibit` makes of it what the renderer draws. So
everything but the window itself is tested without one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import AnatomyError
from surgisim.explore.areas import Area
from surgisim.explore.subject import Subject
from surgisim.render.exhibit import (
    Exhibit,
    GreyWindow,
    Panel,
    PanelRow,
    Plane,
    Slice,
    VolumeRendering,
)
from surgisim.render.scene import Label, Scene, Vector
from surgisim.render.transfer import PRESETS, preset, window_of

__all__ = ["GLASS", "PLANES", "Looking", "PlaneName"]

PlaneName = Literal["axial", "coronal", "sagittal"]

PLANES: dict[str, Vector] = {
    "axial": (0.0, 0.0, 1.0),
    "coronal": (0.0, 1.0, 0.0),
    "sagittal": (1.0, 0.0, 0.0),
}
"""Normals: towards the feet, the front, the patient's left. A cut takes that side away."""

GLASS = 0.16
EMPTY_HU = -400.0
BACKGROUND: Vector = (0.05, 0.055, 0.065)
_STEP_M = 0.002
_ON_PLANE_M = 2e-4


@dataclass(frozen=True, slots=True)
class Looking:
    """One way of looking at a subject.

    Attributes
    ----------
    focus
        Where slices and cuts go through while their offsets are 0, m.
    hidden, glass
        Names of parts that are left out, and of those that are transparent.
    slices
        Offset of each slice shown, along its plane's normal, m; "oblique" is one of any direction.
    slice_normal
        Of the oblique slice.
    cut
        Plane of the cut, or None.
    cut_offset, cut_flipped
        Its place along the normal, m, and whether the other side is taken.
    cut_normal
        Normal of an oblique cut instead of a named one.
    volume
        Preset of the volume rendering, or None.
    window
        Grey of slices and cut faces.
    areas
        Areas of concern.
    """

    focus: Vector
    window: GreyWindow
    hidden: frozenset[str] = frozenset()
    glass: frozenset[str] = frozenset()
    slices: dict[str, float] = field(default_factory=dict)
    slice_normal: Vector = (0.0, 1.0, 0.0)
    cut: str | None = None
    cut_offset: float = 0.0
    cut_flipped: bool = False
    cut_normal: Vector | None = None
    volume: str | None = None
    areas: tuple[Area, ...] = ()

    @classmethod
    def at(cls, subject: Subject) -> "Looking":
        """Look at all parts; at an image alone as a volume with its axial slice."""
        x, y, z = subject.bounds().mean(axis=0)
        window = GreyWindow()
        if subject.image is not None:
            window = window_of(subject.image, is_ct=subject.modality == "CT")
        looking = cls((float(x), float(y), float(z)), window)
        if subject.parts:
            return looking
        return replace(looking, slices={"axial": 0.0}, volume=_first_preset(subject))

    # parts

    def shown(self, name: str) -> float:
        """Opacity of a part."""
        return 0.0 if name in self.hidden else GLASS if name in self.glass else 1.0

    def toggled(self, name: str) -> "Looking":
        """Hide a part, or show it again."""
        return replace(self, hidden=self.hidden ^ {name})

    def glazed(self, name: str) -> "Looking":
        """Make a part transparent, or solid again; a hidden one is shown."""
        return replace(self, hidden=self.hidden - {name}, glass=self.glass ^ {name})

    def alone(self, name: str, names: Iterable[str]) -> "Looking":
        """Show one part alone; the same again shows all."""
        others = frozenset(names) - {name}
        return self.with_all() if self.hidden == others else replace(self, hidden=others)

    def with_all(self) -> "Looking":
        """Show all parts, solid."""
        return replace(self, hidden=frozenset(), glass=frozenset())

    def with_others_glass(self, name: str, names: Iterable[str]) -> "Looking":
        """Make all other parts transparent; the same again makes all solid."""
        others = frozenset(names) - {name}
        glass = frozenset() if self.glass == others else others
        return replace(self, hidden=self.hidden - {name}, glass=glass)

    # image

    def next_volume(self, subject: Subject) -> "Looking":
        """Go through the presets of volume rendering, and none."""
        if subject.image is None:
            return self
        names = _presets(subject)
        later = None if self.volume == names[-1] else names[0]
        if self.volume in names[:-1]:
            later = names[names.index(self.volume) + 1]
        return replace(self, volume=later)

    def with_slice(self, plane: str) -> "Looking":
        """Show a slice, or hide it."""
        slices = dict(self.slices)
        if plane in slices:
            del slices[plane]
        else:
            slices[plane] = 0.0
        return replace(self, slices=slices)

    def with_oblique_slice(self, normal: Vector) -> "Looking":
        """Show a slice across any direction; the same again hides it."""
        if "oblique" in self.slices and np.allclose(normal, self.slice_normal):
            return self.with_slice("oblique")
        return replace(self, slices={**self.slices, "oblique": 0.0}, slice_normal=normal)

    def windowed(self, wider: float, brighter: float) -> "Looking":
        """Change the grey window by shares of its width."""
        width = self.window.width
        width = max(width * (1.0 + wider), min(1.0, 0.1 * width))
        level = self.window.level - brighter * self.window.width
        return replace(self, window=GreyWindow(level, width))

    # cut

    def next_cut(self) -> "Looking":
        """Go through the named cuts, and none."""
        names = (None, "coronal", "axial", "sagittal")
        now = self.cut if self.cut in names else None
        later = names[(names.index(now) + 1) % len(names)]
        return replace(self, cut=later, cut_offset=0.0, cut_flipped=False, cut_normal=None)

    def cut_across(self, normal: Vector) -> "Looking":
        """Cut across any direction, taking away the side that it points to."""
        return replace(self, cut="oblique", cut_normal=normal, cut_offset=0.0, cut_flipped=False)

    def flipped(self) -> "Looking":
        """Take away the other side."""
        return replace(self, cut_flipped=not self.cut_flipped)

    def moved(self, steps: float) -> "Looking":
        """Move the cut along its normal, 2 mm a step; without one the slices."""
        if self.cut is not None:
            return replace(self, cut_offset=self.cut_offset + steps * _STEP_M)
        slices = {name: offset + steps * _STEP_M for name, offset in self.slices.items()}
        return replace(self, slices=slices)

    @property
    def movable(self) -> bool:
        """Whether there is a plane to move."""
        return self.cut is not None or bool(self.slices)

    def plane(self) -> Plane | None:
        """Return the cut; the side that its normal points to is taken away."""
        if self.cut is None:
            return None
        normal = _unit(self.cut_normal or PLANES[self.cut])
        return _plane(self.focus, normal, self.cut_offset, -1.0 if self.cut_flipped else 1.0)

    def _normal(self, name: str) -> NDArray[np.float64]:
        """Return the normal of a slice."""
        return _unit(PLANES.get(name, self.slice_normal))

    def said_of(self, subject: Subject, name: str, point: Vector) -> str:
        """Name a part that is pointed at and, on a cut face, the image's value there."""
        plane = self.plane()
        if plane is None or subject.image is None:
            return name
        height = np.dot(plane.normal, np.subtract(point, plane.point))
        value = subject.image.value_at(point) if abs(height) < _ON_PLANE_M else None
        if value is None:
            return name
        return f"{name}, {_short(value)}" + (" HU" if subject.modality == "CT" else "")

    # what is drawn

    def exhibit(self, subject: Subject, panel: Panel | None = None) -> Exhibit:
        """Make what the renderer draws."""
        parts = tuple(replace(p, opacity=self.shown(p.name)) for p in subject.parts)
        areas = tuple(a.highlight() for a in self.areas)
        image = subject.image
        if image is None:
            return Exhibit(parts, cut=self.plane(), highlights=areas, panel=panel, compass=True)
        empty = EMPTY_HU if subject.modality == "CT" else None
        slices = tuple(
            Slice(_plane(self.focus, self._normal(name), offset, 1.0), empty_below=empty)
            for name, offset in self.slices.items()
        )
        volume = VolumeRendering(preset(self.volume, image)) if self.volume else None
        return Exhibit(
            parts, image, self.window, slices, volume, self.plane(), areas, panel, compass=True
        )

    def scene(
        self,
        subject: Subject,
        hovered: tuple[str, Vector] | None = None,
        panel: Panel | None = None,
    ) -> Scene:
        """Make the whole picture: the exhibit, and names at the areas and under the mouse."""
        labels = [label for a in self.areas if (label := a.label()) is not None]
        if hovered is not None:
            labels.append(Label(hovered[1], self.said_of(subject, *hovered)))
        exhibit = self.exhibit(subject, panel=panel)
        return Scene(labels=tuple(labels), background=BACKGROUND, exhibit=exhibit)

    def panel(
        self, subject: Subject, first: int = 0, hovered: str | None = None, note: str = ""
    ) -> Panel:
        """List the parts, and say how the image is shown."""
        rows = tuple(
            PanelRow(p.name, p.color, self.shown(p.name), p.name == hovered) for p in subject.parts
        )
        notes = [note] if note else []
        if subject.image is not None:
            notes.append(f"grey {_short(self.window.level)} / {_short(self.window.width)}")
        if self.volume:
            notes.append(f"volume: {self.volume}")
        for name, offset in self.slices.items():
            notes.append(f"{name} slice {1e3 * offset:+.0f} mm")
        if self.cut:
            notes.append(f"{self.cut} cut {1e3 * self.cut_offset:+.0f} mm")
        return Panel(subject.title, rows, first, tuple(notes))


def _short(value: float) -> str:
    """Write a value: whole, or to three figures where it is small, as in a map of diffusion."""
    return f"{value:.0f}" if abs(value) >= 100.0 or value == round(value) else f"{value:.3g}"


def _unit(direction: Vector) -> NDArray[np.float64]:
    vector = np.asarray(direction, dtype=np.float64)
    unit: NDArray[np.float64] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit


def _plane(focus: Vector, normal: NDArray[np.float64], offset: float, sign: float) -> Plane:
    x, y, z = np.asarray(focus) + offset * normal
    a, b, c = sign * normal
    return Plane((float(x), float(y), float(z)), (float(a), float(b), float(c)))


def _presets(subject: Subject) -> tuple[str, ...]:
    """Presets that make sense for a subject's image."""
    return tuple(n for n in PRESETS if n != "mri") if subject.modality == "CT" else ("mri",)


def _first_preset(subject: Subject) -> str:
    return _presets(subject)[0]


def refuse_unknown(names: Iterable[str], subject: Subject) -> None:
    """Refuse names of parts that the subject does not have.

    Raises
    ------
    AnatomyError
        With the names that there are.
    """
    known = subject.part_names()
    for name in names:
        if name not in known:
            listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
            raise AnatomyError(f"There is no part '{name}'; there are: {listed or 'none'}.")
