"""The key moments of a session with the scope in the hand, as they were seen through it."""

from collections.abc import Iterator
from dataclasses import dataclass

from surgisim.record import SessionRecord
from surgisim.record.reader import Frame
from surgisim.render import Hud
from surgisim.report import Picture
from surgisim.report.words import clock
from surgisim.session.at_frame import force_at, tip_at
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView
from surgisim.session.scope_story import ScopeStory
from surgisim.snapshot import Event

__all__ = ["scope_pictures"]

_SIZE = (960, 540)
_LETTERS = 1.6  # of the window's size: the report shows two pictures side by side
_TARGETS = 6  # pictures of targets at most
_TOUCHES = 2
_BEFORE_S = 0.02  # a look: a target that has just been found was lit then


@dataclass(frozen=True, slots=True)
class _Shot:
    """A picture to be taken of what was seen at an event."""

    event: Event
    title: str
    caption: str


def scope_pictures(record: SessionRecord, organ: OrganView) -> list[Picture]:
    """Draw what was seen when targets were found and when the lens touched something.

    Raises
    ------
    RenderError
        Nothing can be drawn here.
    """
    from surgisim.render.offscreen import OffscreenCanvas, encode_png

    story = ScopeStory(record)
    pictures = []
    with OffscreenCanvas(_SIZE) as canvas:
        for shot in _shots(record):
            frame = min(record.frames, key=lambda f: abs(f.tick - shot.event.tick))
            look = _look(record, story, frame)
            png = encode_png(canvas.draw(organ.lit(look), organ.view(look)))
            pictures.append(Picture(frame.time_s, shot.title, png, shot.caption, shot.event.time_s))
    return pictures


def _shots(record: SessionRecord) -> Iterator[_Shot]:
    lit_s = {e.values["number"]: e.time_s for e in record.events if e.kind == "target.lit"}
    found = [event for event in record.events if event.kind == "target.found"]
    for event in found[:_TARGETS]:
        number = int(event.values["number"])
        organ = str(event.values["organ"]).replace("_", " ")
        took_s = event.time_s - lit_s.get(event.values["number"], 0.0)
        text = f"held at {clock(event.time_s)}, {took_s:.0f} s after it lit up"
        yield _Shot(event, f"Target {number}: {organ}", text)
    touched = [event for event in record.events if event.kind == "lens.touched"]
    for event in touched[:_TOUCHES]:
        yield _Shot(event, "The lens touches", f"{event.text}, at {clock(event.time_s)}")


def _look(record: SessionRecord, story: ScopeStory, frame: Frame) -> Look:
    return Look(
        positions=frame.positions,
        tip=tip_at(record, frame),
        spots=story.spots(frame.time_s - _BEFORE_S),
        hud=Hud(
            force_n=force_at(record, frame),
            force_limit_n=float(record.header["force_limit_n"]),
            scale=_LETTERS,
        ),
        held=story.held(frame.time_s),
    )
