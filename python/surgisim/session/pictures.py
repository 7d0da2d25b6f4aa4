"""The key moments of a recorded session as pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from surgisim.record import SessionRecord
from surgisim.record.reader import Frame
from surgisim.render import Hud, Label, View
from surgisim.report import Picture
from surgisim.report.words import clock, nodule_name
from surgisim.scoring import Recording
from surgisim.session.at_frame import force_at, hardest, tip_at
from surgisim.session.blood import blood_lost
from surgisim.session.exposure_pictures import exposure_pictures
from surgisim.session.held_scope import Spot
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView, organ_of
from surgisim.session.recorded import place_at_rest
from surgisim.session.scope_pictures import scope_pictures
from surgisim.session.vantage import close_view
from surgisim.snapshot import Vector

__all__ = ["key_pictures"]

_SIZE = (960, 540)
_LETTERS = 1.6  # of the window's size: the report shows two pictures side by side
_ABOVE = np.radians(72.0)  # elevation from which what was hidden is shown
_MARKS = 5  # pictures of marks at most
_FOUND: Vector = (0.05, 0.85, 0.30)
_MISSED: Vector = (1.0, 0.72, 0.10)
_LIFTED_S = 2.5  # how long a picture waits for the probe to be out of the way
_BLED_S = 4.0  # after the start of a bleed there is something to be seen of it
_BREATH_S = 6.0  # how long after its start a disturbance is looked for at its largest


@dataclass(frozen=True, slots=True)
class _Shot:
    """A picture to be taken: of a frame, for a moment `time_s` of the session.

    `focus` is the place on the organ at rest that is looked at closely, or None for the whole;
    `at_tip` looks at the probe instead. `reveal` shows what was hidden.
    """

    frame: Frame
    time_s: float
    title: str
    caption: str
    focus: Vector | None = None
    at_tip: bool = False
    reveal: bool = False
    labels: tuple[tuple[Vector, str], ...] = ()


def key_pictures(record: SessionRecord, recording: Recording) -> list[Picture]:
    """Draw the key moments of a session.

    Parameters
    ----------
    record
        With its recorded shapes of the organ.
    recording
        Marks and nodules.

    Returns
    -------
    list
        Empty for a record without ticks, shapes, surface or probe.

    Raises
    ------
    RenderError
        Nothing can be drawn here.
    RecordError
        A tear without its place.
    """
    from surgisim.render.offscreen import OffscreenCanvas, encode_png

    organ = organ_of(record)
    if organ is None or not record.frames or not len(record.trace):
        return []
    if organ.holds_scope:
        return scope_pictures(record, organ)
    if record.header.get("beneath") is not None:
        return exposure_pictures(record, recording, organ)
    pictures = []
    with OffscreenCanvas(_SIZE) as canvas:
        for shot in _shots(record, recording, organ):
            look = _look_of(shot, record, recording, organ)
            png = encode_png(canvas.draw(organ.scene(look), _view(organ, look, shot)))
            shown_s = shot.frame.time_s
            pictures.append(Picture(shown_s, shot.title, png, shot.caption, shot.time_s))
    return pictures


def _shots(record: SessionRecord, recording: Recording, organ: OrganView) -> Iterator[_Shot]:
    """Choose what is worth a picture, in no order."""
    yield from _first_tear(record)
    yield from _hardest_press(record, recording)
    yield from _bleed(record, organ)
    yield from _disturbances(record)
    yield from _marks(record, recording, organ)
    yield _end(record, recording, organ)


def _first_tear(record: SessionRecord) -> Iterator[_Shot]:
    tears = [event for event in record.events if event.kind == "tissue.torn"]
    if not tears:
        return
    tear = tears[0]
    frame = next((f for f in record.frames if f.tick >= tear.tick), record.frames[-1])
    place = place_at_rest(tear)
    text = f"{tear.text} under {force_at(record, frame):.1f} N"
    yield _Shot(
        frame, tear.time_s, "The capsule tears", text, place, labels=((place, "torn here"),)
    )


def _hardest_press(record: SessionRecord, recording: Recording) -> Iterator[_Shot]:
    found, limit_n = hardest(record, recording), recording.force_limit
    if found is not None and found[1] > limit_n:
        frame, force_n = found
        text = f"the probe presses with {force_n:.1f} N; the limit is {limit_n:.1f} N"
        yield _Shot(frame, frame.time_s, "Pressed too hard", text, at_tip=True)


def _bleed(record: SessionRecord, organ: OrganView) -> Iterator[_Shot]:
    started = next((e for e in record.events if e.kind == "bleed.started"), None)
    if started is None:
        return
    # A bleed without a tear, as one that comes by chance, has no place: the whole organ is shown.
    torn = (e for e in record.events if e.kind == "tissue.torn" and e.time_s <= started.time_s)
    tear = next(torn, None)
    place = None if tear is None else place_at_rest(tear)
    start_s = started.time_s + _BLED_S
    later = [f for f in record.frames if 0.0 <= f.time_s - start_s <= _LIFTED_S]
    frame = _clearest(record, later, organ, place) or record.frames[-1]
    lost = 1e6 * blood_lost(record.events, frame.time_s)
    text = f"{started.text}, since {clock(started.time_s)}"
    yield _Shot(frame, started.time_s, f"It bleeds: {lost:.0f} mL lost", text, place)


def _disturbances(record: SessionRecord) -> Iterator[_Shot]:
    """Complications that came by chance, where the organ as a whole is moved the farthest."""
    titles = {c["id"]: c["title"] for c in record.header.get("complications", ())}
    rest = record.arrays["points"]
    for event in record.events:
        if event.kind != "complication.started" or event.values.get("cause") == "caused":
            continue
        end_s = event.time_s + _BREATH_S
        during = [f for f in record.frames if event.time_s <= f.time_s <= end_s]
        if not during:
            continue
        moved = [np.linalg.norm(np.median(f.positions - rest, axis=0)) for f in during]
        most = int(np.argmax(moved))
        title = titles.get(event.values.get("complication"), "A disturbance")
        text = (
            f"{event.text}, since {clock(event.time_s)}; here it lies {1e3 * moved[most]:.0f} mm "
            "from its place"
        )
        yield _Shot(during[most], event.time_s, title, text)


def _marks(record: SessionRecord, recording: Recording, organ: OrganView) -> Iterator[_Shot]:
    found = {pair.mark: pair for pair in recording.marking().found}
    labels = tuple(
        (organ.surface.above(n.center), nodule_name(i)) for i, n in enumerate(recording.nodules)
    )
    for index, mark in enumerate(recording.marks[:_MARKS]):
        place = mark.point_rest
        after = [f for f in record.frames if 0.0 <= f.time_s - mark.time_s <= _LIFTED_S]
        nearest = min(record.frames, key=lambda f: abs(f.tick - mark.tick))
        frame = _clearest(record, after, organ, place) or nearest
        title, text = f"Mark {index + 1}", f"set at {clock(mark.time_s)}"
        if index in found:
            pair = found[index]
            title += f": nodule {nodule_name(pair.nodule)}"
            text += f"; {1e3 * pair.distance_m:.0f} mm above its centre; rings: the nodules"
        elif recording.nodules:
            gaps = [np.linalg.norm(np.subtract(place, n.center)) for n in recording.nodules]
            gap_mm = 1e3 * float(min(gaps))
            below = f"nodule {nodule_name(int(np.argmin(gaps)))}"
            title += ": nothing there"
            text += f"; a false mark: the centre of the nearest, {below}, is {gap_mm:.0f} mm away"
            text += "; rings: the nodules"
        yield _Shot(frame, mark.time_s, title, text, place, reveal=True, labels=labels)


def _end(record: SessionRecord, recording: Recording, organ: OrganView) -> _Shot:
    frame = record.frames[-1]
    if not recording.nodules:
        return _Shot(frame, record.duration_s, "The end", "")
    marking = recording.marking()
    found = {pair.nodule for pair in marking.found}
    labels = tuple(
        (
            organ.surface.above(n.center),
            f"nodule {nodule_name(i)}, {'found' if i in found else 'missed'}",
        )
        for i, n in enumerate(recording.nodules)
    )
    text = f"found {len(found)}, missed {len(marking.missed)}, false marks {len(marking.false)}"
    title = "The end, with what was hidden"
    return _Shot(frame, record.duration_s, title, text, reveal=True, labels=labels)


def _look_of(shot: _Shot, record: SessionRecord, recording: Recording, organ: OrganView) -> Look:
    frame = shot.frame
    until_s = max(frame.time_s, shot.time_s)
    tears = [e for e in record.events if e.kind == "tissue.torn" and e.time_s <= until_s]
    lost_ml = 1e6 * blood_lost(record.events, frame.time_s)
    return Look(
        positions=frame.positions,
        tip=tip_at(record, frame),
        marks=[mark.point_rest for mark in recording.marks if mark.time_s <= until_s],
        tears=[place_at_rest(tear) for tear in tears],
        blood_ml=lost_ml,
        spots=_revealed(recording, organ) if shot.reveal else (),
        labels=[Label(organ.surface.now(p, frame.positions), text) for p, text in shot.labels],
        hud=Hud(
            force_n=force_at(record, frame),
            force_limit_n=recording.force_limit,
            blood_loss_ml=lost_ml if lost_ml > 0.0 else None,
            scale=_LETTERS,
        ),
    )


def _revealed(recording: Recording, organ: OrganView) -> list[Spot]:
    found = {pair.nodule for pair in recording.marking().found}
    return [
        Spot(organ.surface.above(n.center), n.radius_m, _FOUND if i in found else _MISSED)
        for i, n in enumerate(recording.nodules)
    ]


def _view(organ: OrganView, look: Look, shot: _Shot) -> View:
    """Where the picture is taken from: close to what it is about, with nothing before it."""
    if shot.focus is not None or shot.at_tip:
        return close_view(organ, look, shot.focus)
    home = organ.camera
    return replace(home, elevation=_ABOVE).view() if shot.reveal else home.view()


def _clearest(
    record: SessionRecord, frames: Sequence[Frame], organ: OrganView, place: Vector | None
) -> Frame | None:
    """Choose the frame in which the probe is farthest from a place, given at rest, if any.

    Without a place the first frame; without frames None.
    """

    def gap(frame: Frame) -> float:
        if place is None:
            return 0.0
        now = organ.surface.now(place, frame.positions)
        return float(np.linalg.norm(np.subtract(tip_at(record, frame), now)))

    return max(frames, key=gap, default=None)
