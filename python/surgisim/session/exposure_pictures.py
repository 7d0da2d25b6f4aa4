"""The key moments of a session in which an edge was lifted, as the scope showed them."""

from collections.abc import Iterator
from dataclasses import dataclass

from surgisim.record import SessionRecord
from surgisim.record.reader import Frame
from surgisim.render import Hud, Label
from surgisim.report import Picture
from surgisim.report.words import clock
from surgisim.scoring import Recording
from surgisim.session.at_frame import force_at, hardest, tip_at
from surgisim.session.blood import blood_lost
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView
from surgisim.session.recorded import place_at_rest
from surgisim.vectors import as_vector

__all__ = ["exposure_pictures"]

_SIZE = (960, 540)
_LETTERS = 1.6  # of the window's size: the report shows two pictures side by side
_LATER_S = 1.5  # what has come into view is best seen a moment later
_SLIPS = 2


@dataclass(frozen=True, slots=True)
class _Shot:
    """A picture to be taken of a frame, for a moment of the session."""

    frame: Frame
    time_s: float
    title: str
    caption: str


def exposure_pictures(
    record: SessionRecord, recording: Recording, organ: OrganView
) -> list[Picture]:
    """Draw the beginning, what came into view, slips, the hardest pull, a tear and disturbances.

    Raises
    ------
    RenderError
        Nothing can be drawn here.
    """
    from surgisim.render.offscreen import OffscreenCanvas, encode_png

    pictures = []
    with OffscreenCanvas(_SIZE) as canvas:
        for shot in _shots(record, recording):
            look = _look(record, shot.frame)
            png = encode_png(canvas.draw(organ.lit(look), organ.view(look)))
            shown_s = shot.frame.time_s
            pictures.append(Picture(shown_s, shot.title, png, shot.caption, shot.time_s))
    return pictures


def _shots(record: SessionRecord, recording: Recording) -> Iterator[_Shot]:
    name = str(record.header["beneath"]["name"])
    yield _Shot(record.frames[0], 0.0, "The beginning", f"the edge hides the {name}")
    won = next((e for e in record.events if e.kind == "exposure.won"), None)
    if won is not None:
        frame = _frame_at(record, won.time_s + _LATER_S)
        yield _Shot(frame, won.time_s, "In view", f"{won.text}, since {clock(won.time_s)}")
    for event in [e for e in record.events if e.kind == "exposure.slipped"][:_SLIPS]:
        frame = _frame_at(record, event.time_s)
        yield _Shot(frame, event.time_s, "The edge slips", f"{event.text}, {clock(event.time_s)}")
    yield from _hardest_pull(record, recording)
    torn = next((e for e in record.events if e.kind == "tissue.torn"), None)
    if torn is not None:
        frame = _frame_at(record, torn.time_s)
        yield _Shot(frame, torn.time_s, "The capsule tears", torn.text)
    yield from _disturbances(record)


def _hardest_pull(record: SessionRecord, recording: Recording) -> Iterator[_Shot]:
    found, limit_n = hardest(record, recording), recording.force_limit
    if found is not None and found[1] > limit_n:
        frame, force_n = found
        text = f"the edge is pulled with {force_n:.1f} N; the limit is {limit_n:.1f} N"
        yield _Shot(frame, frame.time_s, "Pulled too hard", text)


def _disturbances(record: SessionRecord) -> Iterator[_Shot]:
    titles = {one["id"]: one["title"] for one in record.header.get("complications", ())}
    for event in record.events:
        if event.kind == "complication.started" and event.values.get("cause") == "chance":
            title = str(titles.get(event.values.get("complication"), "A disturbance"))
            frame = _frame_at(record, event.time_s + 1.0)
            yield _Shot(frame, event.time_s, title, f"{event.text}, {clock(event.time_s)}")


def _frame_at(record: SessionRecord, time_s: float) -> Frame:
    return min(record.frames, key=lambda frame: abs(frame.time_s - time_s))


def _look(record: SessionRecord, frame: Frame) -> Look:
    beneath = record.header["beneath"]
    middle = as_vector(record.arrays["beneath"].mean(axis=0))
    tears = [e for e in record.events if e.kind == "tissue.torn" and e.time_s <= frame.time_s]
    lost_ml = 1e6 * blood_lost(record.events, frame.time_s)
    return Look(
        positions=frame.positions,
        tip=tip_at(record, frame),
        tears=[place_at_rest(tear) for tear in tears],
        blood_ml=lost_ml,
        labels=[Label(middle, str(beneath["name"]))],
        hud=Hud(
            force_n=force_at(record, frame),
            force_limit_n=float(record.header["force_limit_n"]),
            blood_loss_ml=lost_ml if lost_ml > 0.0 else None,
            scale=_LETTERS,
        ),
    )
