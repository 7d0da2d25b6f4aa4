"""What is done when a session is over: the report is written, and said what came of it."""

import sys
from typing import TYPE_CHECKING, Any

from surgisim.commands.entering import Entry
from surgisim.commands.past_runs import before_now
from surgisim.commands.wrapping import terminal_width, wrapped
from surgisim.errors import RenderError
from surgisim.report.page import verdict
from surgisim.session import debrief

if TYPE_CHECKING:
    from surgisim.record import SessionRecord
    from surgisim.report import Picture
    from surgisim.scoring import Recording
    from surgisim.session.debrief import Debriefing

__all__ = ["paint", "write_debriefing"]

_VERDICTS = {
    "passed": "passed with",
    "failed": "failed with",
    "practice": "practised with",
    "interrupted": "interrupted, so neither passed nor failed; so far",
}


def paint(record: "SessionRecord", recording: "Recording") -> "list[Picture]":
    """Draw the key moments; without OpenGL say so and go on without pictures."""
    from surgisim.session.pictures import key_pictures

    try:
        return key_pictures(record, recording)
    except RenderError as error:
        print(f"surgisim: the report has no pictures: {error}", file=sys.stderr)
        return []


def write_debriefing(entry: Entry) -> "Debriefing":
    """Write the debriefing, say what came of the session, and take it in."""
    earlier = []
    if entry.store is not None and entry.session is not None:
        earlier = before_now(entry.store, entry.session.person, entry.folder)
    print("writing the report ...", file=sys.stderr, flush=True)  # takes seconds: it draws
    debriefing = debrief(entry.folder, paint, earlier=earlier)
    _finish(debriefing)
    entry.finish(debriefing)
    return debriefing


def _finish(debriefing: "Debriefing") -> None:
    """Say what came of the session."""
    result: Any = debriefing.result
    print(f"{_VERDICTS[result.outcome]} {result.score:.1f} of 100 points")
    if result.outcome in ("failed", "practice"):
        print(wrapped(verdict(debriefing.data), terminal_width()))
