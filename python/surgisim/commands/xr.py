"""``surgisim xr``: what a headset offers here."""

import argparse

from surgisim.commands.finding import Finding
from surgisim.errors import HeadsetError

__all__ = ["add_parser", "headset_line"]

_SPACES = {1: "view", 2: "local", 3: "stage", 1000426000: "local floor"}
_MODES = {1: "opaque", 2: "additive", 3: "alpha"}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "xr", help="examine a headset", description="Say what a headset offers here."
    )
    verbs = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    doctor = verbs.add_parser(
        "doctor",
        help="runtime, extensions, views, sizes",
        description="Say which runtime is active, what it offers and what its headset is, or why "
        "there is none.",
    )
    doctor.set_defaults(work=_doctor)


def headset_line() -> Finding:
    """Say in one line whether a headset is here."""
    try:
        from surgisim.xr.instance import find_headset

        return Finding("headset", True, find_headset())
    except HeadsetError as error:
        return Finding("headset", False, str(error), "`surgisim xr doctor` says more")


def _doctor(_: argparse.Namespace) -> int:
    from surgisim.xr.caps import EXTENSIONS
    from surgisim.xr.instance import open_instance

    try:
        instance = open_instance()
    except HeadsetError as error:
        print(f"no  runtime      {error}")
        return 0
    try:
        print(f"ok  runtime      {instance.runtime}")
        major, minor = instance.caps.version
        print(f"ok  OpenXR       {major}.{minor}")
        for one in EXTENSIONS:
            has = "ok " if one.flag in instance.caps else "no "
            print(f"{has} {one.flag:12} {one.gives} ({one.name})")
        _system(instance)
    finally:
        instance.close()
    return 0


def _system(instance: "object") -> None:
    """Print what the headset itself offers."""
    from surgisim.xr.instance import Instance

    assert isinstance(instance, Instance)  # noqa: S101  # typed late: nothing is loaded before
    try:
        system = instance.system()
    except HeadsetError as error:
        print(f"no  headset      {error}")
        return
    name, layers, hands = instance.describe(system)
    print(f"ok  headset      {name}, {layers} layers, hands {'seen' if hands else 'not seen'}")
    for views in instance.views(system):
        sizes = ", ".join(f"{width} x {height}" for width, height in views.sizes)
        modes = (_MODES.get(m, str(m)) for m in instance.blend_modes(system, views.kind))
        print(f"ok  views        {views.title}: {sizes} px; blending {', '.join(modes)}")
