"""Screens of the documentation: ``python benches/screens.py`` plays sessions and takes them.

Writes docs/images/window.png (the careful trainee in a window), report.png (the first page of what
that session leaves) and eyes.png (what a headset's left and right eye see). It needs Xvfb where
there is no display, chromium for the report, and the fake headset (``make fakexr``). Three minutes;
``window`` or ``eyes`` as an argument takes only these.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import glfw
import numpy as np
from PIL import Image

from surgisim.commands.debriefing import paint
from surgisim.render.offscreen import encode_png
from surgisim.session import Order, debrief, play
from surgisim.session.headset import HeadsetTheatre
from surgisim.session.headset_room import Room
from surgisim.session.look import Looks
from surgisim.session.theatre import Theatre
from surgisim.snapshot import Snapshot
from surgisim.testing.xr import FakeRuntime
from surgisim.trainees import scripted
from surgisim.xr.picture import Wishes
from surgisim.xr.pose import Pose

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
WINDOW, PAGE, EYE = (1280, 720), (1100, 1400), (720, 720)
DOWN = (0.94, -0.3411744, 0.0, 0.0)
SEATED, BENT = Pose((0.0, 1.6, 0.0), DOWN), Pose((0.0, 1.5, -0.18), DOWN)
"""Heads that look 40 degrees down: where the session begins, and bent over the field."""

LATER_S = 1.3  # from the second mark to the picture: the third place is touched
SETTLED = 5  # pictures after which the shown force has caught up
EYES_S = 6.0  # when both eyes are kept: the trainee presses by then


def main() -> None:
    """Take all of them, or those that are named."""
    wanted = set(sys.argv[1:]) or {"window", "eyes"}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "session"
        if "window" in wanted:
            with display():
                window(out)
            report(out)
        if "eyes" in wanted:
            eyes(Path(folder) / "headset")


@contextmanager
def display() -> Iterator[None]:
    """Use the display that is there, or start one in memory."""
    if "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ:
        yield
        return
    reader, writer = os.pipe()
    size = f"{WINDOW[0]}x{WINDOW[1]}x24"
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp"]
    with subprocess.Popen(
        command, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        os.close(writer)
        with os.fdopen(reader) as pipe:
            os.environ["DISPLAY"] = f":{pipe.readline().strip()}"
        try:
            yield
        finally:
            glfw.terminate()  # before its server ends, which would end this process too
            server.terminate()


def window(out: Path) -> None:
    """Play in a window; the picture is taken soon after the second mark."""
    shots = out.parent / "shots"
    theatre = Theatre(
        lambda _, rng: scripted("careful", rng),
        size=WINDOW,
        tier="high",
        shots=shots,
        clock=count(0.0, 60.0).__next__,  # there is time for every picture
    )
    watch = Once(theatre, shots)
    with theatre:
        play(Order("liver_palpation", out), theatre.cast, watch=watch)
    shutil.copy(next(shots.iterdir()), IMAGES / "window.png")


class Once:
    """Shows nothing until the moment of the picture; from then on until the window has saved it."""

    def __init__(self, theatre: Theatre, shots: Path) -> None:
        self._theatre, self._shots = theatre, shots
        self._since_s: float | None = None
        self._shown = 0

    def __call__(self, looks: Looks, snapshot: Snapshot) -> None:
        if self._since_s is None and len(looks.ledger.marks) == 2:
            self._since_s = snapshot.time_s
        window = self._theatre.window
        due = self._since_s is not None and snapshot.time_s - self._since_s >= LATER_S
        if not due or window is None or self._shots.exists():
            return
        self._shown += 1
        if self._shown == SETTLED:
            window.on_key(glfw.KEY_F12, glfw.PRESS)
        self._theatre.show(looks, snapshot)


def report(out: Path) -> None:
    """Take the first page of the report, as a browser shows it."""
    page = debrief(out, paint).report
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("no chromium here: docs/images/report.png stays as it was")
        return
    shot = out.parent / "report.png"
    command = [browser, "--headless", "--no-sandbox", "--hide-scrollbars", f"--screenshot={shot}"]
    command += [f"--window-size={PAGE[0]},{PAGE[1]}", page.resolve().as_uri()]
    subprocess.run(command, check=True, capture_output=True)
    Image.open(shot).convert("RGB").save(IMAGES / "report.png", optimize=True)


def eyes(out: Path) -> None:
    """Play in a headset made of numbers; both eyes at one moment, side by side."""
    with FakeRuntime(pictures=True, eye=EYE) as runtime:
        runtime.set("mask_corner", 0.0)
        runtime.head(SEATED)
        clock = [0.0]
        theatre = HeadsetTheatre(
            lambda _, rng: scripted("careful", rng),
            Room(Wishes(), lockstep=True),
            clock=lambda: clock[0],
            sleep=lambda _: None,
        )

        def watch(looks: Looks, snapshot: Snapshot) -> None:
            clock[0] = snapshot.time_s
            if snapshot.time_s > 2.0:  # seated by then
                runtime.head(BENT)
            theatre.show(looks, snapshot)
            if snapshot.time_s >= EYES_S:
                both = [runtime.picture(eye)[..., :3] for eye in (0, 1)]
                (IMAGES / "eyes.png").write_bytes(encode_png(np.concatenate(both, axis=1)))
                looks.leave()

        with theatre:
            play(Order("liver_palpation", out), theatre.cast, watch=watch)


if __name__ == "__main__":
    main()
