"""``surgisim anatomy view``: explore anatomy in a window, or draw a picture of it."""

import argparse
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from surgisim.commands.progress import bars
from surgisim.errors import AnatomyError, RenderError
from surgisim.explore import Looking, Subject, read_areas, read_subject
from surgisim.explore.looking import PLANES, refuse_unknown
from surgisim.render.body_camera import SIDES, BodyCamera
from surgisim.render.exhibit import GreyWindow
from surgisim.render.scene import Vector
from surgisim.render.transfer import PRESETS

__all__ = ["add_verb"]

_DESCRIPTION = (
    "Explore anatomy in a window, or draw a picture of it. PATH is an anatomy folder, a folder of "
    "DICOM slices, a CT or MRI (NIfTI), a label volume (NIfTI), or the name parametric_liver or "
    "parametric_abdomen. In the window F1 lists keys and mouse. Values that begin with a minus are "
    "joined to their option, as in --window=-600/1500."
)
_NUMBERS = re.compile(r"[-+]?\d+(?:\.\d+)?(?:,[-+]?\d+(?:\.\d+)?)*")
_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--labels", {"type": Path, "metavar": "FILE", "help": "labels drawn in the image (NIfTI)"}),
    ("--names", {"type": Path, "metavar": "FILE", "help": "a label's number and name a line"}),
    ("--series", {"type": int, "metavar": "N", "help": "which series of a DICOM folder"}),
    ("--areas", {"type": Path, "metavar": "FILE", "help": "areas of concern (JSON)"}),
    ("--show", {"metavar": "NAMES", "help": "parts to show, separated by commas; default all"}),
    ("--hide", {"metavar": "NAMES", "help": "parts to leave out"}),
    ("--glass", {"metavar": "NAMES", "help": "transparent parts, or 'all'"}),
    ("--solid", {"metavar": "NAMES", "help": "parts that stay solid beside --glass all"}),
    ("--slices", {"metavar": "PLANES",
                  "help": "of axial, coronal, sagittal; axial:-12 lies 12 mm nearer the head"}),
    ("--oblique", {"metavar": "X,Y,Z", "help": "a slice across this direction"}),
    ("--cut", {"metavar": "PLANE", "help": "plane as for --slices, or the normal X,Y,Z"}),
    ("--volume", {"choices": PRESETS, "help": "volume rendering"}),
    ("--window", {"metavar": "LEVEL/WIDTH", "help": "grey of slices and cut faces"}),
    ("--focus", {"metavar": "PART|X,Y,Z", "help": "where slices and cuts go through; mm"}),
    ("--from", {"dest": "side", "metavar": "SIDE|AZIMUTH,ELEVATION",
                "help": f"{', '.join(SIDES)}, or degrees; default 25,12, of a thin stack of "
                "slices its broad side"}),
    ("--zoom", {"type": float, "default": 1.0, "metavar": "TIMES", "help": "nearer"}),
    ("--picture", {"type": Path, "metavar": "FILE.png", "help": "draw a picture, open no window"}),
    ("--size", {"default": "1280x800", "metavar": "WxH",
                "help": "of window or picture, px; default 1280x800"}),
)  # fmt: skip


def add_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb."""
    p = verbs.add_parser("view", help="explore anatomy, CT and MRI", description=_DESCRIPTION)
    p.add_argument("path", type=Path, metavar="PATH", help="what to look at")
    for name, option in _OPTIONS:
        p.add_argument(name, **option)
    p.add_argument("--flip", action="store_true", help="take away the other side of the cut")
    p.add_argument("--list", action="store_true", help="write the list of parts in the picture")
    p.set_defaults(work=_view)


def _view(given: argparse.Namespace) -> int:
    size = _size(given.size)
    if given.picture is not None and given.picture.suffix.lower() != ".png":
        raise AnatomyError(f"--picture {given.picture} does not end in .png; PNG alone is written")
    with bars() as progress:
        subject = read_subject(given.path, given.labels, given.names, given.series, progress)
    looking = _looking(given, subject)
    camera = _camera(given, subject, looking)
    for note in subject.notes:
        print(f"note: {note}")
    if given.picture is None:
        _open(subject, looking, camera, size)
        return 0
    from surgisim.explore.picture import draw_picture
    from surgisim.render.offscreen import encode_png

    picture = draw_picture(subject, looking, camera, size, listed=given.list)
    try:
        given.picture.write_bytes(encode_png(picture))
    except OSError as error:
        raise AnatomyError(
            f"The picture {given.picture} cannot be written ({error.strerror}); choose another "
            "place."
        ) from error
    print(f"picture: {given.picture}")
    return 0


def _open(subject: Subject, looking: Looking, camera: BodyCamera, size: tuple[int, int]) -> None:
    from surgisim.explore.window import ExplorerWindow

    try:
        window = ExplorerWindow(subject, looking, camera, size=size, shots=Path.cwd())
    except RenderError as error:
        raise RenderError(f"{error}, with --picture FILE.png") from error
    with window:
        window.run()


def _looking(given: argparse.Namespace, subject: Subject) -> Looking:
    looking = Looking.at(subject)
    chosen = _parts(given, subject)
    if given.slices or given.oblique or given.cut or given.volume:
        looking = replace(looking, slices={}, volume=None)
    if subject.image is None and (given.slices or given.oblique or given.volume):
        raise AnatomyError(
            f"{given.path} comes without an image, so there are no slices and no volume; build it "
            "with --image, or give the image."
        )
    looking = replace(
        looking, **chosen, focus=_focus(given.focus, subject, looking), volume=given.volume
        if given.volume else looking.volume, cut_flipped=given.flip,
    )  # fmt: skip
    if given.areas is not None:
        looking = replace(looking, areas=read_areas(given.areas))
    if given.window is not None:
        looking = replace(looking, window=_window(given.window))
    if given.slices:
        looking = replace(
            looking, slices=dict(_plane(t, "--slices") for t in given.slices.split(","))
        )
    if given.oblique:
        looking = looking.with_oblique_slice(_vector(given.oblique, "--oblique"))
    return _with_cut(given, looking)


def _with_cut(given: argparse.Namespace, looking: Looking) -> Looking:
    if given.cut is None:
        return looking
    if _NUMBERS.fullmatch(given.cut):
        return replace(looking, cut="oblique", cut_normal=_vector(given.cut, "--cut"))
    name, offset = _plane(given.cut, "--cut")
    return replace(looking, cut=name, cut_offset=offset)


def _parts(given: argparse.Namespace, subject: Subject) -> dict[str, Any]:
    """Which parts are hidden and which are glass."""
    names = subject.part_names()
    show, hide, solid = (_names(t) for t in (given.show, given.hide, given.solid))
    glass = names if given.glass == "all" else _names(given.glass)
    for listed in (show, hide, glass, solid):
        refuse_unknown(listed, subject)
    hidden = (frozenset(names) - set(show) if show else frozenset()) | set(hide)
    return {"hidden": frozenset(hidden), "glass": frozenset(glass) - set(solid)}


def _names(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    return tuple(" ".join(w.replace("_", " ").split()) for w in text.split(",") if w.strip())


def _plane(text: str, option: str) -> tuple[str, float]:
    name, colon, millimetres = text.strip().partition(":")
    try:
        offset = 1e-3 * float(millimetres) if colon else 0.0
    except ValueError:
        offset = math.nan
    if name not in PLANES or not math.isfinite(offset):
        raise AnatomyError(
            f"{option} {text} is no plane; give {', '.join(PLANES)}, or one with millimetres, as "
            "in axial:-12"
        )
    return name, offset


def _focus(text: str | None, subject: Subject, looking: Looking) -> Vector:
    if text is None:
        return looking.focus
    if _NUMBERS.fullmatch(text):
        x, y, z = _vector(text, "--focus")
        return (1e-3 * x, 1e-3 * y, 1e-3 * z)
    (name,) = _names(text)[:1] or ("",)
    refuse_unknown([name], subject)
    vertices = next(p.vertices for p in subject.parts if p.name == name)
    x, y, z = 0.5 * (vertices.min(axis=0) + vertices.max(axis=0))
    return (float(x), float(y), float(z))


def _vector(text: str, option: str) -> Vector:
    numbers = tuple(map(float, text.split(","))) if _NUMBERS.fullmatch(text) else ()
    sound = len(numbers) == 3 and max(map(abs, numbers)) < 1e6
    if not sound or (option != "--focus" and not any(numbers)):
        raise AnatomyError(f"{option} {text} is not three numbers X,Y,Z")
    return (numbers[0], numbers[1], numbers[2])


def _window(text: str) -> GreyWindow:
    level, _, width = text.partition("/")
    try:
        window = GreyWindow(float(level), float(width))
    except ValueError:
        window = GreyWindow(0.0, math.nan)
    if not math.isfinite(window.level) or not window.width > 0.0 or math.isinf(window.width):
        raise AnatomyError(f"--window {text} is not LEVEL/WIDTH, for example 40/400")
    return window


def _camera(given: argparse.Namespace, subject: Subject, looking: Looking) -> BodyCamera:
    camera = BodyCamera.framing(subject.bounds())
    if not (math.isfinite(given.zoom) and given.zoom > 0.0):
        raise AnatomyError(f"--zoom {given.zoom} is not above 0")
    if given.focus is not None:
        camera = camera.towards(looking.focus, given.zoom)
    camera = camera.zoomed(1.0 / given.zoom)
    if given.side is None:
        return camera
    if given.side in SIDES:
        return camera.seen_from(given.side)
    numbers = given.side.split(",")
    if not _NUMBERS.fullmatch(given.side) or len(numbers) != 2:
        raise AnatomyError(
            f"--from {given.side} is no side; give {', '.join(SIDES)}, or AZIMUTH,ELEVATION in "
            "degrees"
        )
    azimuth, elevation = (math.radians(float(n)) for n in numbers)
    level = replace(camera, azimuth=azimuth, elevation=0.0)
    return level.turned(0.0, -elevation)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)
    if found is None:
        raise AnatomyError(f"--size {text} is not WIDTHxHEIGHT in px, for example 1280x800")
    return int(found[1]), int(found[2])
