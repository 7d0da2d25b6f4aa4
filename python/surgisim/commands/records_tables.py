"""Records as people read them in a terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from surgisim.commands.wrapping import columns, wrapped
from surgisim.scoring import VERDICT, Score, shown

if TYPE_CHECKING:
    from surgisim.store import Person, StoredResult, StoredSession

__all__ = ["log_table", "people_table", "session_text", "sessions_table"]


def sessions_table(
    found: "Sequence[StoredSession]",
    finals: "Mapping[int, StoredResult]",
    width: int | None,
) -> str:
    """Lay sessions out, a line each; a star marks what a person overruled."""
    rows = [("no.", "begun (UTC)", "who", "procedure", "points", "verdict")]
    for one in found:
        final = finals.get(one.number)
        points = "" if final is None else f"{final.final.total:.1f}"
        star = "*" if final is not None and final.overrules else ""
        verdict = one.state if final is None else final.outcome
        version = "" if one.version is None else f"@{one.version}"
        rows.append(
            (str(one.number), _when(one.begun_at), _who(one), f"{one.procedure}{version}",
             points, f"{verdict}{star}")
        )  # fmt: skip
    table = columns(rows, width)
    overruled = any(one.overrules for one in finals.values())
    return f"{table}\n* overruled by a person" if overruled else table


def session_text(found: "StoredResult | StoredSession", width: int | None) -> str:
    """Describe one session: its score line by line, and what persons said of it."""
    from surgisim.store import StoredResult

    if not isinstance(found, StoredResult):
        return f"{_head(found)}\n{found.state}: nothing is scored yet"
    one, final = found.session, found.final
    parts = [_head(one), f"{found.outcome}, {final.total:.1f} of 100 points"]
    if found.overrules:
        parts[-1] += f" (computed: {one.outcome}, {found.original.total:.1f})"
    if final.barred:
        parts[-1] += f": {'; '.join(final.barred)}"
    if one.damaged:
        parts.append(wrapped(one.damaged, width))
    parts += ["", _lines(found, final, width)]
    if found.overrules:
        parts += ["", "overruled by persons:", _said(found, width)]
    measures = [(f"  {name}", shown(m.value, m.unit)) for name, m in found.metrics.items()]
    parts += ["", "measured:", columns(measures, width)] if measures else []
    return "\n".join(parts)


def people_table(found: "Sequence[Person]", width: int | None) -> str:
    """Lay people out, a line each."""
    rows = [("who", "role", "since (UTC)", "sessions", "signs in with")]
    rows += [(p.id[:8], p.role or "", _when(p.since), str(p.sessions), p.signs_in) for p in found]
    return columns(rows, width)


def log_table(entries: Sequence[Mapping[str, Any]], width: int | None) -> str:
    """Lay lines of the log out; people are told by their aliases."""
    rows = [("line", "at (UTC)", "by", "of", "what")]
    for entry in entries:
        session = f" (session {entry['session']})" if "session" in entry else ""
        by, of = entry.get("actor") or "nobody", entry.get("subject") or ""
        action = entry.get("action", "no line of a log: `surgisim records verify` tells")
        number, at = entry.get("number", "?"), _when(str(entry.get("at", "")))
        rows.append((str(number), at, str(by), str(of), f"{action}{session}"))
    return columns(rows, width)


def _head(one: "StoredSession") -> str:
    version = "" if one.version is None else f"@{one.version}"
    device = f", {one.device}" if one.device else ""
    length = "" if one.duration_s is None else f", {one.duration_s:.1f} s"
    return (
        f"session {one.number}: {one.procedure}{version}, seed {one.seed}{device}{length}\n"
        f"{_who(one)}, begun {_when(one.begun_at)} UTC"
    )


def _lines(found: "StoredResult", final: Score, width: int | None) -> str:
    rows = [("line", "points", "of", "second", "what")]
    for before, now in zip(found.lines, final.lines, strict=True):
        changed = "" if now.points == before.points else f" (computed {before.points:.1f})"
        moment = "" if now.moment_s is None else f"{now.moment_s:.1f}"
        out_of = f"{now.out_of:.0f}" if now.out_of else ""
        rows.append((now.id, f"{now.points:.1f}{changed}", out_of, moment, now.text))
    return columns(rows, width)


def _said(found: "StoredResult", width: int | None) -> str:
    rows = []
    for word in found.overrules:
        to = f"{word.points:.1f} points" if word.line != VERDICT else _passed(word.passed)
        rows.append((f"  {_when(word.at)}", word.by, word.line, to, word.reason))
    return columns(rows, width)


def _passed(passed: bool | None) -> str:
    return "passed" if passed else "failed"


def _who(one: "StoredSession") -> str:
    if one.player != "person":
        return f"script {one.player}"
    return "–" if one.person is None else one.person[:8]


def _when(time: str) -> str:
    return time[:16].replace("T", " ")
