"""``surgisim rehearse``: let scripts play a procedure many times before people do."""

import argparse
import json
import time
from pathlib import Path

from surgisim import anatomy
from surgisim.commands.casting import find_own, skill_level, trainee_name
from surgisim.commands.progress import bars
from surgisim.commands.rehearsed import as_text, counting
from surgisim.commands.wrapping import terminal_width
from surgisim.errors import SurgisimError
from surgisim.procedure import find, load
from surgisim.rehearsal import Plan, make_plan, rehearse
from surgisim.rehearsal.page import write_page
from surgisim.rehearsal.rehearse import LEAST

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "rehearse",
        help="let scripts play a procedure many times",
        description="Play many seeded runs of a procedure by scripted trainees, and say how often "
        "steps were reached, complications met and mistakes made, what was scored, and whether the "
        "procedure is fit for people: careful passes, dangerous and random do not, and chance is "
        "as declared. It can be stopped at any time and goes on where it was.",
    )
    p.add_argument("procedure", metavar="FILE", help="a YAML file, or the name of a shipped one")
    p.add_argument("--runs", type=_count, default=20, metavar="N", help="seeds (default 20)")
    p.add_argument(
        "--trainee",
        nargs="+",
        type=trainee_name,
        default=["careful", "dangerous"],
        metavar="NAME",
        help="who plays each seed: careful, hesitant, dangerous, random, or module:Class of your "
        "own (default: careful dangerous)",
    )
    p.add_argument(
        "--skill",
        nargs="+",
        type=skill_level,
        default=[1.0],
        metavar="S",
        help="how able they are, from 0 to 1; several draw a curve (default 1)",
    )
    p.add_argument("--seed-from", type=int, default=1, metavar="N", help="first seed (default 1)")
    p.add_argument("--jobs", type=_count, default=1, metavar="N", help="at a time (default 1)")
    p.add_argument(
        "--dask", metavar="ADDRESS", help="play on this Dask cluster, such as tcp://host:8786"
    )
    p.add_argument("--anatomy", type=Path, metavar="DIR", help="anatomy to use instead")
    p.add_argument(
        "--allow-behaviour",
        action="store_true",
        help="let the program run that the procedure may bring: with your rights, so read it first",
    )
    p.add_argument(
        "--edge-mm",
        type=float,
        metavar="MM",
        help="coarser tetrahedra for the organ of a built-in anatomy: quicker and less exact, see "
        "docs/rehearse.md",
    )
    p.add_argument(
        "--careful-passes",
        type=_share,
        default=LEAST,
        metavar="SHARE",
        help=f"share of its runs that careful has to pass (default {LEAST:g})",
    )
    p.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder for the runs and the page (default out/rehearsal/, by procedure and content)",
    )
    p.add_argument("--json", action="store_true", help="print the summary as JSON")
    p.set_defaults(work=_work)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of runs; give 1 or more")
    return int(text)


def _share(text: str) -> float:
    """Read a share, 0.95 or 95 %."""
    number, per_cent, _ = text.partition("%")
    try:
        share = float(number) / (100.0 if per_cent else 1.0)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; give 0.95, or 95%")
    return share


def _work(given: argparse.Namespace) -> int:
    find_own(given.trainee)
    organs = given.anatomy if given.edge_mm is None else _coarse(given)
    plan = make_plan(
        given.procedure,
        trainees=tuple(given.trainee),
        skills=tuple(given.skill),
        runs=given.runs,
        seed_from=given.seed_from,
        anatomy=organs,
        allow_behaviour=given.allow_behaviour,
    )
    out = given.out or _folder(plan)
    practice = plan.procedure.purpose == "practice"
    with counting(len(plan), time.monotonic, practice=practice) as counted:
        rehearsal = rehearse(
            plan,
            out,
            jobs=given.jobs,
            cluster=given.dask,
            least=given.careful_passes,
            told=counted,
        )
    page = write_page(rehearsal, plan, out)
    if given.json:
        print(json.dumps(rehearsal.to_dict(), indent=2))
    else:
        print(as_text(rehearsal, terminal_width()))
        print(f"page: {page}")
    return 1 if rehearsal.verdict.faults else 0


def _folder(plan: Plan) -> Path:
    """Name a folder that another text or anatomy does not share."""
    procedure = plan.procedure
    name = f"{procedure.id}-{procedure.version}-{plan.fingerprint[:6]}"
    return Path("out/rehearsal") / name.replace("/", "_")


def _coarse(given: argparse.Namespace) -> Path:
    """Build the procedure's anatomy with other edges; returns its folder."""
    if given.anatomy is not None:
        raise SurgisimError("--edge-mm builds an anatomy and --anatomy names one; give one of them")
    wanted = load(find(given.procedure)).scene.anatomy
    if not anatomy.is_built_in(wanted):
        raise SurgisimError(
            f"--edge-mm builds the anatomies that come along, and this procedure is about "
            f"'{wanted}'; build that with `surgisim anatomy build --edge-mm` and give --anatomy"
        )
    if not 4.0 <= given.edge_mm <= 30.0:
        raise SurgisimError(f"--edge-mm is {given.edge_mm:g}; give 4 to 30 mm")
    folder = Path("out/rehearsal") / f"{wanted}-{given.edge_mm:g}mm"
    with bars() as progress:
        built = anatomy.load(wanted, progress, 1e-3 * given.edge_mm)
    anatomy.write(built, folder)
    return folder
