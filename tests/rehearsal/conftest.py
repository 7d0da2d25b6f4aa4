"""Trainees of one's own, found by the processes that play."""

import os
from pathlib import Path

import pytest

OWN = '''
"""Trainees for tests."""
import os
import signal
import sys
import time

from surgisim.trainees import Action


class Leaver:
    """Has finished as soon as it begins."""

    def __init__(self, rng):
        self.rng = rng

    def act(self, sight):
        return Action(finish=True)


class Talker(Leaver):
    def act(self, sight):
        print("I see the liver", flush=True)
        os.write(1, b"and say so\\n")
        return super().act(sight)


class Clumsy(Leaver):
    def act(self, sight):
        raise KeyError("where is my probe")


class Unlucky(Leaver):
    """Takes its process with it in every other run."""

    def act(self, sight):
        if self.rng.random() < 0.5:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().act(sight)


class Stuck(Leaver):
    def act(self, sight):
        time.sleep(600.0)
'''


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of the module of these trainees."""
    folder = tmp_path / "trainees"
    folder.mkdir()
    (folder / "rehearsal_own.py").write_text(OWN)
    monkeypatch.syspath_prepend(folder)
    before = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(folder), before))))
    return "rehearsal_own"
