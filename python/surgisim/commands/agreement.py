"""``surgisim agreement``: how far the raters of a scale agree, over a folder of sessions."""

import argparse
from pathlib import Path

from surgisim.commands.store_options import add_store_options, store_of
from surgisim.commands.wrapping import columns, terminal_width, wrapped
from surgisim.errors import RecordError
from surgisim.record.layout import SESSION_FILE
from surgisim.record.rating import Rating, ratings_of
from surgisim.scoring.agreement import Estimate
from surgisim.scoring.rating import ScaleAgreement, agreement, scales

__all__ = ["add_parser"]

_ENOUGH = 20  # sessions from which on the interval of kappa holds


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "agreement",
        help="say how far raters agree",
        description="Compare the raters of a scale over all sessions below a folder, or of the "
        "store of records: intraclass correlation of the totals, weighted kappa of every item.",
    )
    p.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="DIR",
        help="sessions below it, with ratings; left out: those of the store of records",
    )
    p.add_argument("--scale", choices=sorted(scales()), default="goals", help="default: goals")
    add_store_options(p)
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    scale = scales()[given.scale]
    ratings = [one for one in _ratings(given) if one.scale == scale.id]
    if not ratings:
        where = "in the store" if given.folder is None else f"below {given.folder}"
        raise RecordError(f"no rating on {scale.id} {where}: rate sessions with `surgisim rate`.")
    found = agreement(scale, ratings)
    print(f"{scale.title}")
    print(f"{_counted(len(found.raters), 'rater')}: {', '.join(found.raters)}")
    print(f"{_counted(found.sessions, 'session')} rated by all of them", end="")
    print(f"; {len(found.incomplete)} left out" if found.incomplete else "")
    _tell(found)
    return 0


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _ratings(given: argparse.Namespace) -> list[Rating]:
    if given.folder is None:
        return [rating for one in store_of(given).results() for rating in one.ratings]
    folders = [path.parent for path in sorted(given.folder.rglob(SESSION_FILE))]
    return [rating for folder in folders for rating in ratings_of(folder)]


def _tell(found: ScaleAgreement) -> None:
    if found.total is None:
        print(f"agreement cannot be told: {found.why}")
        return
    print(f"ICC(2,1) of the total, one rater      {_shown(found.total.single)}")
    print(f"ICC(2,k) of the total, mean of all    {_shown(found.total.mean)}")
    if found.alpha is not None:
        print(f"Cronbach's alpha of the items         {found.alpha:.2f}")
    for pair in found.pairs:
        print(f"\nWeighted kappa, {pair.one} and {pair.two}")
        rows = [("item", "linear", "quadratic")]
        for item, linear in pair.linear.items():
            rows.append((item, _kappa(linear), _kappa(pair.quadratic[item])))
        print(columns(rows, terminal_width()))
    if found.pairs and found.sessions < _ENOUGH:
        told = (
            f"{found.sessions} sessions tell little: the intervals of kappa are made for {_ENOUGH} "
            "and more, and too narrow here; let all raters rate more of them."
        )
        print(f"\n{wrapped(told, terminal_width())}")


def _kappa(estimate: Estimate | None) -> str:
    """Write a kappa; where few sessions leave its error at 0, that is no certainty."""
    if estimate is not None and estimate.high - estimate.low < 1e-9:
        return f"{_number(estimate.value)} (no interval)"
    return _shown(estimate)


def _shown(estimate: Estimate | None) -> str:
    if estimate is None:
        return "not defined"
    value, low, high = (_number(x) for x in (estimate.value, estimate.low, estimate.high))
    return f"{value} (95 %: {low} to {high})"


def _number(value: float) -> str:
    """Write a coefficient; how far below -1 it is says nothing."""
    return f"{value:.2f}" if value >= -1.0 else "below -1"
