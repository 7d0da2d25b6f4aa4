"""``surgisim anatomy``: from label volumes to anatomies, and a look at them."""

import argparse
import re
from pathlib import Path

from surgisim import anatomy
from surgisim.commands.anatomy_view import add_verb
from surgisim.commands.progress import bars
from surgisim.errors import AnatomyError

__all__ = ["add_parser"]

_NUMBER = re.compile(r"[0-9]{1,10}")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the commands."""
    p = commands.add_parser(
        "anatomy",
        help="build and explore anatomies",
        description="Build anatomies from label volumes, and look at anatomy by itself.",
    )
    verbs = p.add_subparsers(required=True, metavar="VERB")
    b = verbs.add_parser(
        "build",
        help="label volume to tetrahedra",
        description="Build an anatomy: organs of a label volume as tetrahedra.",
    )
    b.add_argument("labels", type=Path, metavar="LABELS", help="NIfTI label volume")
    b.add_argument(
        "--label",
        action="append",
        required=True,
        metavar="NUMBER=NAME",
        help="a label and its organ's name, for example 5=liver; may be given again",
    )
    b.add_argument(
        "--edge-mm",
        type=float,
        default=10.0,
        metavar="MM",
        help="edge length of the tetrahedra (default 10)",
    )
    b.add_argument(
        "--image",
        type=Path,
        metavar="IMAGE",
        help="the CT or MRI that the labels were drawn in (NIfTI file or DICOM folder), kept with "
        "the organs",
    )
    b.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the new anatomy"
    )
    b.set_defaults(work=_build)
    add_verb(verbs)


def _wanted(texts: list[str]) -> dict[int, str]:
    wanted: dict[int, str] = {}
    for text in texts:
        number, _, name = text.partition("=")
        if not _NUMBER.fullmatch(number.strip()) or not name.strip():
            raise AnatomyError(f"--label {text} is not NUMBER=NAME, for example 5=liver")
        if int(number) in wanted:
            raise AnatomyError(
                f"--label {text} names label {int(number)} a second time, after "
                f"'{wanted[int(number)]}'; give each label one name"
            )
        wanted[int(number)] = name.strip()
    return wanted


def _build(given: argparse.Namespace) -> int:
    wanted = _wanted(given.label)
    with bars() as progress:
        edge_m = given.edge_mm * 1e-3
        built = anatomy.build(given.labels, wanted, edge_m, given.out, progress, given.image)
    for organ in built.organs:
        r = organ.report
        print(
            f"{organ.name}: {r.volume_ml:.0f} mL ({100.0 * r.volume_error:+.2f} % of the labels'), "
            f"{r.tetrahedra} tetrahedra, smallest dihedral angle {r.min_dihedral_deg:.1f} degrees"
        )
        for warning in r.warnings:
            print(f"  note: {warning}")
    print(f"anatomy: {given.out}")
    return 0
