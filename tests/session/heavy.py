"""A trainee with a heavy hand."""

from surgisim.trainees import Action, Sight

__all__ = ["Heavy"]


class Heavy:
    """Presses the top of the liver much too hard, marks it, lifts the probe, looks, finishes."""

    def __init__(self, finish_s: float) -> None:
        self._finish_s = finish_s

    def act(self, sight: Sight) -> Action:
        top = float(sight.positions[:, 1].max())
        x, _, z = sight.probe.position
        if sight.time_s < 0.8:
            return Action(aim=(x, top - 0.04, z))
        done = sight.time_s > self._finish_s
        return Action(aim=(x, top + 0.06, z), mark=sight.marks == 0, finish=done)
