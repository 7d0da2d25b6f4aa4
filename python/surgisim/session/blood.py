"""Blood lost, from the recorded events alone: what the ledger counted while the session ran.

The volume is the sum over all bleeds of rate times time. Each complication has one bleed: it
begins with ``bleed.started``, goes on at another rate after ``bleed.changed``, and is over at
``complication.ended``. Nothing flows while the procedure stands (`surgisim.session.pause`).
"""

from collections.abc import Iterable

from surgisim.session.pause import Pause
from surgisim.session.recorded import event_number
from surgisim.snapshot import Event

__all__ = ["blood_lost"]

_ML_PER_MIN = 1e-6 / 60.0  # m3/s


def blood_lost(events: Iterable[Event], until_s: float) -> float:
    """Volume lost until a time, m3.

    Parameters
    ----------
    events
        Of a session, in order of time.
    until_s
        Bleeds that are not over go on until then, s.

    Raises
    ------
    RecordError
        A bleed without its rate.
    """
    lost, pause = 0.0, Pause()
    bleeds: dict[str, tuple[float, float]] = {}  # of each complication: since when, s; rate, m3/s
    for event in events:
        if event.time_s > until_s:
            break
        now_s = pause.clock(event.time_s)
        complication = str(event.values.get("complication", ""))
        if event.kind in ("bleed.started", "bleed.changed"):
            rate = _ML_PER_MIN * event_number(event, "rate_ml_min")
        elif event.kind == "complication.ended":
            rate = 0.0
        else:
            _stand(pause, event)
            continue
        since_s, before = bleeds.get(complication, (now_s, 0.0))
        lost += before * (now_s - since_s)
        bleeds[complication] = (now_s, rate)
    end_s = pause.clock(until_s)
    return lost + sum(rate * (end_s - since_s) for since_s, rate in bleeds.values())


def _stand(pause: Pause, event: Event) -> None:
    """Let the procedure's clock stand or run again, where the event says so."""
    if event.kind == "session.paused":
        pause.begin(event.time_s, event.kind)
    elif event.kind == "session.resumed":
        pause.end(event.time_s)
