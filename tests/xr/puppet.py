"""A person in a headset, made of code: a scripted trainee whose movements a controller makes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from surgisim.session import Order, play
from surgisim.session.headset import HeadsetTheatre
from surgisim.session.headset_room import Room
from surgisim.session.look import Looks
from surgisim.session.stage import Stage
from surgisim.snapshot import Snapshot
from surgisim.testing.xr import FakeRuntime
from surgisim.trainees import Action, Sight, Trainee, scripted
from surgisim.xr.frame import Moment
from surgisim.xr.picture import Picture, Wishes

EYES_M = 1.6
"""Height of the head's first place over the floor, where LOCAL begins."""

TRIGGER = "/user/hand/{}/input/trigger/value"
MENU = "/user/hand/left/input/menu/click"
Script = Callable[["Visit", Looks, Snapshot], None]


class Visit(HeadsetTheatre):
    """A theatre whose person is a puppet.

    Attributes
    ----------
    time_s
        Simulated time: the clock of the theatre.
    last
        The picture that was painted last.
    frozen, hold, finished
        Whether the controller stays where it is; how far the trigger is held; whether the menu
        button is.
    """

    def __init__(self, runtime: FakeRuntime, room: Room, *, by_hand: bool = True) -> None:
        self.runtime, self.by_hand = runtime, by_hand
        self.time_s = 0.0
        self.steps = 0
        self.last: Picture | None = None
        self.script: Trainee | None = None
        self.person: Trainee | None = None
        self.frozen = self.finished = False
        self.hold = 0.0
        super().__init__(
            lambda _, rng: None if by_hand else scripted("careful", rng),
            room,
            clock=lambda: self.time_s,
            sleep=lambda seconds: None,
        )

    def cast(self, stage: Stage, rng: np.random.Generator) -> Trainee:
        trainee = super().cast(stage, rng)
        if not self.by_hand:
            return trainee
        self.script, self.person = scripted("careful", rng), trainee
        self.press(0.0)
        return self

    def frame(self, paint: Any) -> Moment | None:
        self.steps += 1
        if self.script is None and self.by_hand:  # the briefing: press once the picture is there
            self.press(float(self.count.drawn > 5))
        return super().frame(paint)

    def picture(self, at: Any, tool: Any) -> Picture:
        self.last = super().picture(at, tool)
        return self.last

    def press(self, value: float) -> None:
        self.runtime.press(TRIGGER.format(self.room.wishes.hand), value)

    def act(self, sight: Sight) -> Action:
        """Move the controller as the script wants, then do what the person with it does."""
        assert self.script is not None
        assert self.person is not None
        assert self.connection is not None
        wanted = self.script.act(sight)
        headset = self.connection.headset
        if wanted.aim is not None and headset is not None and not self.frozen:
            x, y, z = headset.space.world.inverse.point(self.place.hand(wanted.aim))
            self.move((x, y + EYES_M, z))
        self.press(self.hold or float(wanted.mark))
        self.finished |= wanted.finish
        self.runtime.press(MENU, float(self.finished))
        return self.person.act(sight)

    def move(self, place: tuple[float, float, float]) -> None:
        self.runtime.hand(self.room.wishes.hand, place)


def visit(
    runtime: FakeRuntime,
    out: Path,
    liver: Path,
    script: Script,
    *,
    wishes: Wishes | None = None,
    by_hand: bool = True,
    procedure: str = "liver_palpation",
    after: Callable[["Visit"], None] = lambda _: None,
) -> Visit:
    """Play in lockstep with the headset's clock until the script lets the session end.

    `after` is called when it has ended and the headset is still there.
    """
    runtime.profile("oculus/touch_controller")
    theatre = Visit(runtime, Room(wishes or Wishes(), lockstep=True), by_hand=by_hand)

    def watch(looks: Looks, snapshot: Snapshot) -> None:
        theatre.time_s = snapshot.time_s
        theatre.show(looks, snapshot)
        script(theatre, looks, snapshot)

    trainee = "person" if by_hand else "careful"
    device = "mouse" if by_hand else "hand"
    order = Order(procedure, out, 3, liver, device=device, trainee=trainee)
    with theatre:
        play(order, theatre.cast, watch=watch, headset=theatre.timing)
        after(theatre)
    return theatre


def until(seconds: float) -> Script:
    """Let a session last so long."""

    def script(_: Visit, looks: Looks, snapshot: Snapshot) -> None:
        if snapshot.time_s >= seconds:
            looks.leave()

    return script
