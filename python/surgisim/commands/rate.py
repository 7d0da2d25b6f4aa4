"""``surgisim rate``: a person rates a session on a scale."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from surgisim.commands.session_folder import Found, add_session, session_of
from surgisim.errors import RecordError, SurgisimError
from surgisim.record.pseudonym import check_pseudonym
from surgisim.record.rating import Rating, keep_rating, read_rating, session_mark
from surgisim.record.reader import read_header
from surgisim.scoring.rating import Item, Scale, scales
from surgisim.scoring.rating.scale import HIGHEST, LOWEST

__all__ = ["add_parser"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    p = commands.add_parser(
        "rate",
        help="rate a session on a scale, such as GOALS",
        description="Rate a session on a scale: in the terminal, or with a form for a browser.",
    )
    add_session(p)
    p.add_argument("--scale", choices=sorted(scales()), default="goals", help="default: goals")
    way = p.add_mutually_exclusive_group()
    way.add_argument(
        "--form", type=Path, metavar="FILE", help="write a form for a browser; nothing is asked"
    )
    way.add_argument(
        "--take",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="keep ratings that were saved from a form",
    )
    p.add_argument(
        "--rater",
        metavar="ID",
        help="pseudonym of the rater (of a session of the store: who is signed in)",
    )
    p.add_argument(
        "--blinded",
        choices=("yes", "no"),
        help="yes: the rater does not know who is rated",
    )
    p.add_argument("--seen", choices=("live", "video"), help="what the rater sees")
    p.add_argument(
        "--scores", type=int, nargs="+", metavar="N", help="1 to 5 for each item, in their order"
    )
    p.set_defaults(work=_work)


def _work(given: argparse.Namespace) -> int:
    scale = scales()[given.scale]
    with session_of(given) as found:
        if given.form is not None:
            return _write_form(given.session, found.folder, scale, given.form)
        if given.take is not None:
            for path in given.take:
                print(f"kept: {_keep(found, read_rating(path))}")
            return 0
        return _rate(given, found, scale)


def _keep(found: Found, rating: Rating) -> str:
    """Keep a rating where its session is; say where that is."""
    if found.stored is None:
        return str(keep_rating(found.folder, rating))
    store, number = found.stored
    store.rate(number, rating)
    return f"in the store, with session {number}"


def _rate(given: argparse.Namespace, found: Found, scale: Scale) -> int:
    mark = session_mark(found.folder)
    me = None if found.stored is None else found.stored[0].actor.person
    rater = given.rater or (_ask("Your pseudonym (no name)") if me is None else me[:8])
    check_pseudonym(rater)
    blinded = given.blinded or _ask("Are you blinded: not knowing who is rated", ("yes", "no"))
    seen = given.seen or _ask("What do you see", ("live", "video"))
    scores = _given(scale, given.scores) if given.scores else _asked(scale)
    rating = _rating(scale, mark, rater, blinded == "yes", seen, scores)
    kept = _keep(found, rating)
    low, high = scale.span(scores)
    print(f"{scale.id}: {rating.total} ({low} to {high})")
    print(f"kept: {kept}")
    return 0


def _rating(
    scale: Scale, mark: str, rater: str, blinded: bool, seen: str, scores: dict[str, int]
) -> Rating:
    """Build a rating out of what was given, or say in one sentence what is wrong."""
    try:
        scale.total(scores)
        return Rating.model_validate(
            {
                "scale": scale.id,
                "session": mark,
                "rater": rater,
                "blinded": blinded,
                "seen": seen,
                "scores": scores,
            }
        )
    except ValueError as error:
        raise RecordError(f"the rating is not whole: {error}.") from error


def _given(scale: Scale, scores: Sequence[int]) -> dict[str, int]:
    """Give scores to items in their order; optional ones only where there are scores for all."""
    needed = [item for item in scale.items if not item.optional]
    items: Sequence[Item] = scale.items if len(scores) == len(scale.items) else needed
    if len(scores) != len(items):
        raise RecordError(_wrong_number(scale, len(scores)))
    return {item.id: score for item, score in zip(items, scores, strict=True)}


def _wrong_number(scale: Scale, given: int) -> str:
    """Say for which items scores are wanted, in their order."""
    needed = [item.id for item in scale.items if not item.optional]
    told = f"--scores has {given}, and {scale.id} {len(needed)} items: {', '.join(needed)}"
    if len(needed) < len(scale.items):
        order = ", ".join(item.id for item in scale.items)
        told += f"; or {len(scale.items)} with those that may be left out: {order}"
    return f"{told}."


def _asked(scale: Scale) -> dict[str, int]:
    scores = {}
    for number, item in enumerate(scale.items, start=1):
        print(f"\n{number}. {item.title}" + ("  (Enter: not rated)" if item.optional else ""))
        for score, anchor in item.anchors.items():
            print(f"   {score}  {anchor}")
        known = [str(score) for score in range(LOWEST, HIGHEST + 1)]
        answer = _ask(f"   {LOWEST} to {HIGHEST}", known, empty=item.optional)
        if answer:
            scores[item.id] = int(answer)
    return scores


def _ask(question: str, answers: Sequence[str] = (), *, empty: bool = False) -> str:
    """Ask until there is an answer."""
    told = f" ({'/'.join(answers)})" if answers and len(answers) < 4 else ""
    while True:
        print(f"{question}{told}: ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            raise SurgisimError("the rating was not finished: nothing is kept")
        answer = line.strip()
        if (answer and (not answers or answer in answers)) or (empty and not answer):
            return answer
        if answer:
            print(f"   '{answer}' is none of {', '.join(answers)}.")
        else:
            print("   Nothing was answered.")


def _write_form(session: str, folder: Path, scale: Scale, out: Path) -> int:
    from surgisim.report.rating_form import FormData, rating_form

    header = read_header(folder)
    page = rating_form(
        FormData(
            title=str(header.get("title", header["procedure"])),
            procedure=str(header["procedure"]),
            version=str(header["version"]),
            session=session_mark(folder),
            scale=scale,
        )
    )
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise RecordError(f"{out} cannot be written: {error.strerror or error}.") from error
    print(f"form: {out}")
    print(f"keep what is saved with: surgisim rate {session} --take FILE")
    return 0
