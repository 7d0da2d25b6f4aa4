"""What a record tells of the scope in the hand, as time goes on: for film and pictures."""

from surgisim.record import SessionRecord
from surgisim.session.endoscope import Scope
from surgisim.session.held_scope import Held, Spot, target_spots
from surgisim.session.targets import Target
from surgisim.vectors import as_vector

__all__ = ["ScopeStory"]


class ScopeStory:
    """Turns, fog and targets of a recorded session; moments are asked for in any order.

    Parameters
    ----------
    record
        Of a session with a scope in the hand, or of another: then there is nothing to tell.
    """

    def __init__(self, record: SessionRecord) -> None:
        scope = Scope.of(record.header)
        self.held_scope = scope is not None and scope.held
        self._events = record.events
        told = record.header.get("targets") or []
        self._targets = [
            Target(
                str(one["organ"]),
                as_vector(one["point"]),
                as_vector(one["normal"]),
                bool(one["behind"]),
            )
            for one in told
        ]
        self._radius_m = float(record.header.get("target_radius_m") or 0.0)

    def held(self, time_s: float) -> Held | None:
        """How the scope was held then; None where there is none."""
        if not self.held_scope:
            return None
        roll = head = fog = 0.0
        for event in self._events:
            if event.time_s > time_s:
                break
            if event.kind == "scope.turned":
                roll, head = float(event.values["roll"]), float(event.values["head"])
            elif event.kind == "lens.fog":
                fog = float(event.values["amount"])
        return Held(roll, head, fog)

    def spots(self, time_s: float) -> tuple[Spot, ...]:
        """Tint the targets that were lit or found then."""
        kinds = [event.kind for event in self._events if event.time_s <= time_s]
        if "target.lit" not in kinds:
            return ()
        return target_spots(self._targets, kinds.count("target.found"), self._radius_m)

    def title(self, time_s: float) -> str:
        """Say which target was lit then, or nothing."""
        found = sum(e.kind == "target.found" and e.time_s <= time_s for e in self._events)
        if found >= len(self._targets):
            return ""
        organ = self._targets[found].organ.replace("_", " ")
        return f"Target {found + 1} of {len(self._targets)}: {organ}"
