"""A trainee that needs no search: it knows where a nodule is."""

import numpy as np

from surgisim.session.stage import Stage
from surgisim.trainees import Action, Sight
from surgisim.trainees.hands import Hands
from surgisim.trainees.surface import Site, place_sites


class Prober:
    """Knows where the first nodule is, and presses over it and around it, as deep as 5 mm."""

    def __init__(self, stage: Stage) -> None:
        middle = np.array(stage.nodules[0].center)[[0, 2]]
        angles = np.arange(6) * np.pi / 3.0
        ring = 0.021 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        self._at = middle + np.concatenate((np.zeros((1, 2)), ring))
        self._sites: list[Site] | None = None
        self._hands = Hands()

    def act(self, sight: Sight) -> Action:
        if self._sites is None:
            self._sites = place_sites(self._at, sight.positions, sight.surface)
        if self._hands.resting:
            if not self._sites:
                return Action(finish=True)
            self._hands.visit(self._sites[0], 0.005, sight, feel=False)
        if self._hands.act(sight) is not None:
            self._sites.pop(0)
        return Action(aim=self._hands.aim)
