"""Which events are worth a look, numbered for plots, pictures and score lines to point to."""

from __future__ import annotations

from collections.abc import Sequence

from surgisim.report.model import ComplicationRow, MarkRow, Moment
from surgisim.snapshot import Event

__all__ = ["moments_of", "subject"]

_REPEAT_S = 2.0  # what the tick reports again sooner than this is one moment, not two
_TOGETHER_S = 0.1  # consequences of one slip: tear, error, complication and bleed

_LABELS = {
    "mark.set": "mark",
    "error": "error",
    "complication.started": "complication",
    "complication.state": "complication",
    "complication.ended": "complication over",
    "tissue.torn": "tissue torn",
    "exposure.won": "in view",
    "exposure.lost": "out of view",
    "exposure.slipped": "edge slipped",
    "bleed.started": "bleeding",
    "bleed.changed": "bleeding changes",
    "force.limit": "force limit",
    "step.timeout": "time limit",
    "step.suspended": "step stands",
    "step.waits": "step waits",
    "step.resumed": "step goes on",
    "step.ended": "step broken off",
    "hint.given": "hint",
    "response.given": "right response",
    "force.waits": "no force yet",
    "tissue.behind": "tissue too late",
    "tick.fault": "tick fault",
    "device.back": "device back",
    "session.paused": "paused",
    "session.resumed": "goes on",
    "tool.lost": "hand lost",
    "tool.found": "hand found",
    "headset.lost": "headset away",
    "headset.back": "headset back",
}
_GRAVE = frozenset(
    ("error", "tissue.torn", "bleed.started", "force.limit", "step.timeout", "tick.fault")
)
_FROM_THE_TICK = frozenset(("tissue.torn", "force.limit", "tick.fault"))


def subject(event: Event) -> str:
    """Id of the step, error, response or complication that an event is about, or nothing."""
    for key in ("step", "error", "response", "complication"):
        if key in event.values:
            return str(event.values[key])
    return ""


def moments_of(
    events: Sequence[Event],
    complications: Sequence[ComplicationRow],
    marks: Sequence[MarkRow],
) -> tuple[Moment, ...]:
    """Choose and number the moments worth a look.

    Quick repeats from the tick are one moment, and so is what one slip brought about at once.
    """
    by_chance = frozenset(row.id for row in complications if row.by_chance)
    nodule_of = {row.number: row.nodule for row in marks}
    chosen: list[Moment] = []
    seen: dict[str, float] = {}
    marked = 0
    for event in sorted(events, key=lambda event: event.tick):
        label = _LABELS.get(event.kind)
        if label is None:
            continue
        grave = event.kind in _GRAVE
        if event.kind == "mark.set":
            marked += 1
            nodule = nodule_of.get(marked, "")
            grave = nodule is None
            told = ", false" if grave else f", right: nodule {nodule}" if nodule else ""
            label = f"mark {marked}{told}"
        elif event.kind == "complication.started":
            grave = subject(event) not in by_chance
            label = label if grave else "disturbance"
        elif event.kind == "complication.ended" and subject(event) in by_chance:
            label = "disturbance over"
        repeated = event.time_s - seen.get(event.kind, -1e9) < _REPEAT_S
        seen[event.kind] = event.time_s
        if repeated and event.kind in _FROM_THE_TICK:
            continue
        moment = Moment(len(chosen) + 1, event.time_s, event.kind, label, event.text, grave)
        if chosen and _belong_together(chosen[-1], moment):
            chosen[-1] = _joined(chosen[-1], moment)
        else:
            chosen.append(moment)
    return tuple(_capital(moment) for moment in chosen)


def _belong_together(before: Moment, moment: Moment) -> bool:
    near = moment.time_s - before.time_s <= _TOGETHER_S
    return near and before.grave and "mark.set" not in (before.kind, moment.kind)


def _joined(before: Moment, moment: Moment) -> Moment:
    labels = dict.fromkeys([*before.label.split(", "), moment.label])
    texts = dict.fromkeys([*before.text.split("; "), moment.text])
    label = ", ".join(label for label in labels if label)
    text = "; ".join(text for text in texts if text)
    return Moment(before.number, before.time_s, before.kind, label, text, before.grave)


def _capital(moment: Moment) -> Moment:
    label = moment.label[:1].upper() + moment.label[1:]
    text = moment.text[:1].upper() + moment.text[1:]
    return Moment(moment.number, moment.time_s, moment.kind, label, text, moment.grave)
