"""A recorded session as moving pictures: simulated again from its inputs, and drawn as it goes.

The record holds the organ's shape once a second, which is too seldom to look at. The inputs are
there for every tick, so the tissue is computed once more, and is what it was to the bit.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import RecordError
from surgisim.record import SessionRecord
from surgisim.render import Hud
from surgisim.run import replayed
from surgisim.session.blood import blood_lost
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView, organ_of
from surgisim.session.recorded import place_at_rest
from surgisim.session.replay import recorded_inputs
from surgisim.session.scope_story import ScopeStory
from surgisim.snapshot import Event, Snapshot, Vector

__all__ = ["film"]

_AT_ONCE = 1000  # ticks
_FORCE_S = 0.05  # the shown force is smoothed over this time: readable

Picture = NDArray[np.uint8]


def film(
    record: SessionRecord,
    size: tuple[int, int],
    rate_hz: int,
    progress: Callable[[float], None] = lambda _: None,
    span: tuple[float, float] | None = None,
) -> Iterator[Picture]:
    """Draw a session from start to end, or a part of it.

    Parameters
    ----------
    record
        Whole, or whole up to where it broke off.
    size
        Width and height of the pictures, px.
    rate_hz
        Pictures for each second of the session.
    progress
        Is told the share that is done, 0 to 1.
    span
        Pictures from the one time to the other alone, s; None for all.

    Yields
    ------
    picture
        (height, width, 3) uint8, sRGB, first row on top.

    Raises
    ------
    RecordError
        The record lacks what is needed to simulate it again.
    RenderError
        Nothing can be drawn here.
    """
    from surgisim.render.offscreen import OffscreenCanvas

    organ = _organ(record)
    story = _Story(record)
    with OffscreenCanvas(size) as canvas:
        for share, snapshot in _moments(record, rate_hz, span):
            look = story.look(snapshot)
            yield canvas.draw(organ.lit(look), organ.view(look))
            progress(share)


def _organ(record: SessionRecord) -> OrganView:
    organ = organ_of(record)
    if organ is None:
        raise RecordError(f"{record.folder} holds no organ and no probe; there is nothing to draw")
    return organ


def _moments(
    record: SessionRecord, rate_hz: int, span: tuple[float, float] | None = None
) -> Iterator[tuple[float, Snapshot]]:
    """Simulate again, stopping for each picture of the span."""
    run = replayed(**recorded_inputs(record))
    total, made = len(record.trace), 0
    first, last = 1, int(total * record.dt_s * rate_hz)
    if span is not None:
        first = max(first, math.ceil(span[0] * rate_hz))
        last = min(last, math.floor(span[1] * rate_hz))
    for picture in range(first, last + 1):
        due = min(round(picture / (rate_hz * record.dt_s)), total)
        while made < due:  # in steps: what a run tells is kept until it is taken
            step = min(due - made, _AT_ONCE)
            run.advance(step)
            made += step
            run.trace(), run.events(), run.commands()
        yield made * rate_hz * record.dt_s / last, run.snapshot()


@dataclass
class _Story:
    """What the recorded events say that pictures show, as time goes on."""

    record: SessionRecord
    _next: int = 0
    _title: str = ""
    _alarms: dict[str, str] = field(default_factory=dict)
    _marks: list[Vector] = field(default_factory=list)
    _tears: list[Vector] = field(default_factory=list)
    _force_n: float = 0.0
    _time_s: float = 0.0

    def __post_init__(self) -> None:
        self._scope = ScopeStory(self.record)

    def look(self, snapshot: Snapshot) -> Look:
        """Say what is to be seen at a moment; moments come in order."""
        self._catch_up(snapshot.time_s)
        force = float(np.linalg.norm(snapshot.probe.force))
        share = 1.0 - np.exp(-(snapshot.time_s - self._time_s) / _FORCE_S)
        self._force_n += float(share) * (force - self._force_n)
        self._time_s = snapshot.time_s
        lost_ml = 1e6 * blood_lost(self.record.events, snapshot.time_s)
        scope = self._scope
        hud = Hud(
            force_n=self._force_n,
            force_limit_n=float(self.record.header["force_limit_n"]),
            title=scope.title(snapshot.time_s) or self._title,
            time_s=snapshot.time_s,
            blood_loss_ml=lost_ml if lost_ml > 0.0 else None,
            alarm="; ".join(self._alarms.values()),
        )
        return Look(
            positions=snapshot.positions,
            tip=snapshot.probe.position,
            marks=tuple(self._marks),
            tears=tuple(self._tears),
            blood_ml=lost_ml,
            spots=scope.spots(snapshot.time_s),
            hud=hud,
            held=scope.held(snapshot.time_s),
        )

    def _catch_up(self, time_s: float) -> None:
        events = self.record.events
        while self._next < len(events) and events[self._next].time_s <= time_s:
            self._take(events[self._next])
            self._next += 1

    def _take(self, event: Event) -> None:
        if event.kind == "step.started":
            self._title = event.text
        elif event.kind == "mark.set":
            self._marks.append(place_at_rest(event))
        elif event.kind == "tissue.torn":
            self._tears.append(place_at_rest(event))
        elif event.kind == "complication.started":
            name = str(event.values.get("complication", event.text))
            title = self._titles().get(name)
            self._alarms[name] = f"{title}: {event.text}" if title else event.text
        elif event.kind == "complication.ended":
            self._alarms.pop(str(event.values.get("complication", event.text)), None)

    def _titles(self) -> dict[str, str]:
        """Name the complications as the window of the session did."""
        told = self.record.header.get("complications", ())
        return {str(one["id"]): str(one["title"]) for one in told}
