"""A session in a window: who plays there, what it shows, and how it keeps pace.

The window, the trainee and the procedure share one thread, the tick has its own. A picture may
take longer than a look (where the processor draws, several times as long), so pictures are left
out as needed: looks come first.
"""

import time
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np

from surgisim.render import Hud, Scene
from surgisim.render.context import GLContext
from surgisim.render.renderer import Tier
from surgisim.render.window import DesktopWindow
from surgisim.session.closing import SHOWN_S, Closing, closing_hud, writing_hud
from surgisim.session.image_inset import ImageInset
from surgisim.session.look import Looks
from surgisim.session.organ_look import Look
from surgisim.session.organ_view import OrganView
from surgisim.session.pace import Pace
from surgisim.session.showing import (
    force_shown,
    ghost,
    hud_of,
    look_of,
    name_beneath,
    organ_on,
    shadow,
)
from surgisim.session.stage import Stage
from surgisim.session.window_words import LOOK_ON, help_of, hint_of, mark_button
from surgisim.snapshot import Snapshot
from surgisim.trainees import Action, Sight, Trainee
from surgisim.trainees.free_hand import FreeHand
from surgisim.trainees.person import Person
from surgisim.trainees.scope_person import ScopePerson

__all__ = ["Theatre"]

_IDLE_S = 0.01
_SIZES = {True: (960, 540), False: (1280, 720)}  # where the processor draws, and where a GPU does


class _Watched:
    """A scripted trainee in the window: Esc leaves."""

    def __init__(self, trainee: Trainee, window: DesktopWindow) -> None:
        self._trainee = trainee
        self._window = window

    def act(self, sight: Sight) -> Action:
        if self._window.poll().closing:
            return Action(leave=True)
        return self._trainee.act(sight)


class Theatre:
    """A window in which a person or a script plays.

    Use it as a context manager; hand `cast`, `show` and `wait` to `surgisim.session.play`.

    Parameters
    ----------
    script
        Makes the scripted trainee, or gives None where a person plays.
    device
        Whether a device in the person's hand moves the probe, and not the mouse.
    clutch
        The device's button that parts hand and probe, or None.
    size
        Of the window, in screen coordinates; by default what the machine draws quickly enough.
    shots
        Folder for the pictures that the person takes.
    tier
        See `surgisim.render.renderer.Renderer`.
    clock, sleep
        The wall clock.
    browse
        Opens a file's address in a browser; returns whether it did.
    again
        Asked while nothing is played: whether another session is to begin in this window. The
        last sight then stays until it is, or until somebody closes the window.
    """

    def __init__(
        self,
        script: Callable[[Stage, np.random.Generator], Trainee | None],
        *,
        device: bool = False,
        clutch: int | None = None,
        size: tuple[int, int] | None = None,
        shots: Path | None = None,
        tier: Tier = "auto",
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
        browse: Callable[[str], bool] = webbrowser.open,
        again: Callable[[], bool] | None = None,
    ) -> None:
        self._script = script
        self._device = device
        self._clutch = clutch
        self._size = size
        self._shots = shots
        self._tier = tier
        self._clock, self._sleep, self._browse = clock, sleep, browse
        self._again = again
        self._last: tuple[Looks, Snapshot] | None = None
        self._pace = Pace(clock, sleep)
        self._force_n = 0.0
        self._person: Person | None = None
        self._lifts = self._guides = self._scripted = False
        self._organ: OrganView | None = None
        self._inset: ImageInset | None = None
        self.window: DesktopWindow | None = None

    def cast(self, stage: Stage, rng: np.random.Generator) -> Trainee:
        """Open the window and choose who plays; a person reads the briefing first.

        Raises
        ------
        RenderError
            There is no display.
        """
        organ, window = self._prepared(stage)
        self._organ, self.window, self._person = organ, window, None
        self._inset, self._lifts = None, False
        if stage.body is not None and stage.body.image is not None:
            self._inset = ImageInset(stage.body)
        script = self._script(stage, rng)
        self._scripted = script is not None
        lifts = stage.beneath is not None
        guides = stage.around is not None
        self._guides = guides and script is None
        if guides:
            start = organ.through(Look(stage.organ.points, stage.scene.probe.start))
            assert start is not None  # noqa: S101  # a scope that is held is looked through
            window.hold(start)
        window.help_lines = LOOK_ON
        if script is None:
            window.help_lines = help_of(
                lifts=lifts, guides=guides, device=self._device, clutch=self._clutch
            )
        if self._inset is not None:
            window.help_lines += (("I", "CT or MRI at the tip"),)
        if script is not None:
            return _Watched(script, window)
        self._brief(stage, organ, window)
        if guides:
            return ScopePerson(window, device=self._device)
        if stage.beneath is not None and not self._device:
            self._lifts = True
            return FreeHand(window)
        button = mark_button(self._clutch)
        self._person = Person(window, device=self._device, mark_button=button)
        return self._person

    def _prepared(self, stage: Stage) -> tuple[OrganView, DesktopWindow]:
        """Open the window, or show the new stage in the one that is open."""
        title = f"surgisim - {stage.procedure.title}"
        if self.window is not None:
            organ = organ_on(stage, coarse=self.window.gl.is_software)
            self.window.begin_again(
                title, organ.camera, organ.scopes(_at_start(stage)), organ.looks_through
            )
            return organ, self.window
        with GLContext.window("surgisim", (16, 16), visible=False, swap_interval=0) as trial:
            slow = trial.is_software
        organ = organ_on(stage, coarse=slow)
        window = DesktopWindow(
            title,
            self._size or _SIZES[slow],
            camera=organ.camera,
            scopes=organ.scopes(_at_start(stage)),
            through_scope=organ.looks_through,
            tier=self._tier,
            swap_interval=0,  # waiting for the screen would make looks late
            samples=0 if slow else 4,
            shots=self._shots,
        )
        return organ, window

    def _brief(self, stage: Stage, organ: OrganView, window: DesktopWindow) -> None:
        """Show the briefing until the person begins or leaves; no time runs yet."""
        procedure = stage.procedure
        keys = window.help_lines
        window.help_lines = (*keys, ("", ""), ("Space", "begin"))  # also under F1
        hud = Hud(
            force_n=0.0,
            force_limit_n=procedure.scene.limits.force.value,
            title=procedure.title,
            message=procedure.introduction,
            help_lines=window.help_lines,
        )
        scene = organ.scene(Look(stage.organ.points, stage.scene.probe.start, hud=hud))
        while True:
            control = window.poll()
            if control.closing or {"mark", "finish"} & set(control.pressed):
                break
            if self._again is not None and self._again():
                break
            self._pace.draw(lambda: window.present(scene))
            self._sleep(_IDLE_S)
        window.help_lines, window.help_shown = keys, False
        window.set_depth(0.0)

    def show(self, looks: Looks, snapshot: Snapshot) -> None:
        """Draw the session as it is now, if there is time for it."""
        self._last = looks, snapshot
        self._force_n = force_shown(self._force_n, snapshot)
        organ, window = self._organ, self.window
        if organ is None or window is None:
            return

        def draw() -> None:
            look = self._look(looks, snapshot)
            scene, through = organ.scene(look), organ.through(look)
            if look.held is not None and through is not None:
                window.hold(through)
            if window.image_shown and self._inset is not None:
                radius = looks.stage.scene.probe.radius_m
                scene = replace(scene, inset=self._inset.at(snapshot.probe.position, radius))
            window.present(scene)

        self._pace.draw(draw)

    def wait(self, seconds: float) -> None:
        """Wait until the next look is due."""
        self._pace.wait(seconds)

    def wait_for_debriefing(self) -> None:
        """Show that the session is over, before the debriefing is written."""
        if self.window is not None and self._last is not None:
            self.window.present(self._closed(writing_hud()))

    def close(self, closing: Closing) -> None:
        """Show what the session came to: to a person until the window is closed, else for a while.

        R opens the report in the browser. A window that is closed already stays so.
        """
        window, began_s, told = self.window, self._clock(), ""
        if window is None or self._last is None:
            return
        keys = (("R", "open it in the browser"), ("Esc", "close"))
        while not (control := window.poll()).closing:
            if self._again is not None and self._again():
                return
            leaves = self._scripted and self._again is None
            if leaves and self._clock() - began_s > SHOWN_S:
                return
            if "reset" in control.pressed:
                opened = self._browse(closing.report.resolve().as_uri())
                told = "" if opened else "there is no browser here: open the file yourself"
            scene = self._closed(closing_hud(closing, keys, told))
            self._pace.draw(partial(window.present, scene))
            self._sleep(_IDLE_S)

    @property
    def closing(self) -> bool:
        """Whether somebody closes the window; takes in what happened to it."""
        return self.window is not None and self.window.poll().closing

    def _closed(self, hud: Hud) -> Scene:
        """Return the session's last sight with a text over it."""
        assert self._organ is not None  # noqa: S101  # cast makes it before anything is shown
        assert self._last is not None  # noqa: S101
        looks, snapshot = self._last
        last = look_of(looks, snapshot.positions, snapshot.probe.position)
        return self._organ.scene(replace(last, hud=hud))

    def _look(self, looks: Looks, snapshot: Snapshot) -> Look:
        aim = None if self._person is None else self._person.aim
        hint = hint_of(
            lifts=self._lifts,
            guides=self._guides,
            probes=self._person is not None,
            device=self._device,
        )
        look = look_of(looks, snapshot.positions, snapshot.probe.position)
        return replace(
            look,
            spots=look.spots if aim is None else shadow(aim, looks.stage.scene.probe.radius_m),
            labels=name_beneath(looks) if aim is None else ghost(aim, snapshot),
            hud=hud_of(looks, snapshot, self._force_n, hint),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.window is not None:
            self.window.release()


def _at_start(stage: Stage) -> Look:
    return Look(stage.organ.points, stage.scene.probe.start)
