"""``surgisim rig``: which device is in the hand, and how its space lies in the world."""

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from surgisim import rig
from surgisim.commands.devices import check_known
from surgisim.errors import DeviceError, RigError

__all__ = ["add_parser"]

_Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_Work = Callable[[argparse.Namespace], int]

_MIXED_UP = 0.1  # of the points' spread: what is left beyond is no noise of a measurement
_ODD_SCALE = 0.02
_OUTLIER = 2.0  # times the root mean square; noise brings one set of 8 in a hundred that far


def add_parser(commands: _Verbs) -> None:
    """Describe the commands."""
    p = commands.add_parser(
        "rig",
        help="set up devices: scale, clutch, calibration",
        description="Set up which device is in the hand, and how its space lies in the world.",
    )
    verbs = p.add_subparsers(required=True, metavar="VERB")
    _add(verbs, "list", "list the rigs there are", _list)
    show = _add(verbs, "show", "show a rig in words", _show)
    show.add_argument("name", metavar="NAME", help="a rig's name, or the path of its file")
    _add_new(verbs)
    c = _add(verbs, "calibrate", "find from touched points how the device lies", _calibrate)
    c.add_argument("name", metavar="NAME", help="a rig's name, or the path of its file")
    c.add_argument(
        "--points",
        type=Path,
        required=True,
        metavar="FILE.csv",
        help=f"six columns in mm, named in the first line: {', '.join(rig.COLUMNS)}",
    )


def _add(verbs: _Verbs, name: str, text: str, work: _Work) -> argparse.ArgumentParser:
    p = verbs.add_parser(name, help=text, description=f"{text.capitalize()}.")
    p.set_defaults(work=work)
    return p


def _add_new(verbs: _Verbs) -> None:
    n = _add(verbs, "new", "make a rig", _new)
    n.add_argument("name", metavar="NAME", help="a-z, 0-9, - and _")
    n.add_argument("--device", required=True, metavar="NAME", help="as `surgisim devices` lists it")
    n.add_argument("--scale", type=float, metavar="S", help="metres of tool in a metre of hand")
    n.add_argument("--clutch", type=int, metavar="N", help="the button that clutches, from 0")
    n.add_argument(
        "--radius-mm",
        type=float,
        default=100.0,
        metavar="R",
        help="how far the handle goes from its middle, mm (default 100)",
    )
    n.add_argument("--anatomy", metavar="DIR", help="lay the device over this anatomy's main organ")
    n.add_argument("--force", action="store_true", help="take the place of a rig of this name")


def _list(_: argparse.Namespace) -> int:
    names = rig.names()
    if not names:
        print(f"no rigs in {rig.folder()}; `surgisim rig new NAME --device D` makes one")
    damaged = 0
    for name in names:
        try:
            one = _loaded(rig.place(name))
        except (RigError, DeviceError) as error:
            damaged += 1
            print(f"{name:16} cannot be used: {str(error).splitlines()[0]}")
        else:
            print(f"{name:16} {one.device:16} {_scale(one)}, {_accuracy(one)}")
    return 1 if damaged else 0


def _loaded(path: Path) -> rig.Rig:
    """Read a rig of a device that there is."""
    one = rig.Rig.load(path)
    try:
        check_known(one.device)
    except DeviceError as error:
        raise DeviceError(f"{path}: {error}") from error
    return one


def _scale(one: rig.Rig) -> str:
    return f"1 mm of hand is {one.mapping.scale:.3g} mm of tool"


def _accuracy(one: rig.Rig) -> str:
    found = one.calibration
    if found is None:
        return "not calibrated"
    return f"calibrated to {1e3 * found.rms:.2g} mm RMS over {found.points} points"


def _mm(point: tuple[float, ...]) -> str:
    return f"({', '.join(f'{1e3 * x:.1f}' for x in point)}) mm"


def _show(given: argparse.Namespace) -> int:
    path = rig.find(given.name)
    one = _loaded(path)
    m = one.mapping
    turns = "hand and tool" if m.clutch_turns else "their places; turns go on"
    lines = {
        "file": path,
        "device": one.device,
        "scale": _scale(one),
        "forces": f"1 N at the tool is {m.force_scale:.3g} N in the hand",
        "stiffness": f"1 N/m of tissue is {m.device_stiffness(1.0):.3g} N/m in the hand",
        "clutch": "none" if m.clutch is None else f"button {m.clutch} parts {turns}",
        "origin": f"{_mm(m.origin_device)} of the device is {_mm(m.origin_world)} of the world",
        "rotation": f"({', '.join(f'{x:.6g}' for x in m.rotation)}) as w, x, y, z",
        "tool turn": f"({', '.join(f'{x:.6g}' for x in m.tool_turn)}) as w, x, y, z",
        "reach": f"{1e3 * one.workspace.radius:.0f} mm around {_mm(one.workspace.center)}, "
        f"{1e3 * m.scale * one.workspace.radius:.0f} mm in the world",
        "measured": _accuracy(one),
    }
    for name, text in lines.items():
        print(f"{name:10} {text}")
    return 0


def _new(given: argparse.Namespace) -> int:
    path = rig.place(given.name)
    if path.exists() and not given.force:
        raise RigError(f"there is a rig '{given.name}' ({path}); --force takes its place")
    ball = rig.Ball(radius=1e-3 * given.radius_mm)
    one = rig.Rig(given.device, workspace=ball)
    check_known(one.device)
    if given.anatomy is not None:
        from surgisim import anatomy
        from surgisim.session.stage import operating_field

        low, high = operating_field(anatomy.load(given.anatomy).organs[0].points)
        one = rig.Rig.fit(given.device, low, high, ball)
    scale = one.mapping.scale if given.scale is None else given.scale
    mapping = dataclasses.replace(one.mapping, scale=scale, clutch=given.clutch)
    dataclasses.replace(one, mapping=mapping).save(path)
    print(f"rig: {path}")
    return 0


def _calibrate(given: argparse.Namespace) -> int:
    path = rig.find(given.name)
    one = _loaded(path)
    device, world, lines = rig.read_points(given.points)
    slip = rig.unit_slip(device, world)
    if slip:
        raise RigError(f"{given.points}: {slip}; nothing was saved")
    found = rig.calibrate(device, world)
    scale = rig.calibrate(device, world, with_scale=True).scale
    odd = abs(scale - 1.0) > _ODD_SCALE
    units = f"with a scale of {scale:.4g} they would fit better: check the units" if odd else ""
    print(f"{len(lines)} points, {1e3 * found.rms:.2f} mm RMS are left")
    for number, (line, left) in enumerate(zip(lines, found.residuals, strict=True)):
        worst = "  the worst" if number == found.worst else ""
        print(f"  {given.points}:{line}  {1e3 * left:.2f} mm{worst}")
    spread = float(((world - world.mean(axis=0)) ** 2).sum(axis=1).mean()) ** 0.5
    if found.rms > _MIXED_UP * spread:
        raise RigError(
            f"the points do not fit: {1e3 * found.rms:.3g} mm RMS are left of a spread of "
            f"{1e3 * spread:.3g} mm, most at {given.points}:{lines[found.worst]}; "
            f"{units or 'check that line and the order of the rows'}; nothing was saved"
        )
    one = one.calibrated(found)
    one.save(path)
    _tell(one, found, units)
    print(f"rig: {path}")
    return 0


def _tell(one: rig.Rig, found: rig.Calibration, units: str) -> None:
    middle = 1e3 * found.expected_error(found.origin_world)
    print(f"to be expected: {middle:.2f} mm in the middle of the points, more outside")
    if found.residuals[found.worst] > _OUTLIER * found.rms:
        print("note: the worst point alone is far off; touch it again")
    if units:
        print(f"note: the points fit; {units}")
    if one.mapping.scale != 1.0:
        print(
            f"note: with a scale of {one.mapping.scale:.3g} the tool is where the hand is only in "
            "the middle of the points"
        )
