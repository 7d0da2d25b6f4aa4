"""A session in a headset: who plays there, and how it keeps pace.

The frame loop of the headset and the looks share one thread; the tick has its own. A frame shows
the state of the simulation at the time at which its light reaches the eyes. Where the headset goes
away the session goes on: the procedure's clock stands if a person plays, a window shows the field
where there is a display, and the headset comes back when it can.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

import numpy as np

from surgisim.procedure.engine import LOOK_S
from surgisim.record import HeadsetTiming
from surgisim.render import Hud
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer
from surgisim.render.window import DesktopWindow
from surgisim.session import headset_pages as pages
from surgisim.session.attendance import Attendance, News, away_text
from surgisim.session.closing import SHOWN_S, Closing
from surgisim.session.headset_place import Scaled, middle, world_of_rig
from surgisim.session.headset_room import Room
from surgisim.session.headset_scene import FieldScene, held
from surgisim.session.look import Looks
from surgisim.session.organ_look import Look
from surgisim.session.showing import force_shown, hud_of
from surgisim.session.stage import Stage
from surgisim.snapshot import Snapshot, ToolInput, Vector
from surgisim.trainees import Trainee
from surgisim.trainees.controller import Controlled
from surgisim.xr.connection import Connection
from surgisim.xr.frame import FrameCount, Moment
from surgisim.xr.headset import Headset
from surgisim.xr.instance import Instance, open_instance
from surgisim.xr.mirror import Mirror
from surgisim.xr.picture import Cost, Paint, Picture
from surgisim.xr.pose import Pose
from surgisim.xr.prediction import Latency, Prediction, Shown
from surgisim.xr.vibration import PULSE_S, Vibration

__all__ = ["HeadsetTheatre"]

_HINT = "trigger: mark   grip: move the hand alone   menu, held: finish"
_DEVICE_HINT = "trigger or the device's button: mark   menu, held: finish"
_WATCHING = "a script plays"
_WINDOW_S = 0.1  # from one picture to the next in the window while the headset is away
_WINDOW_SIZE = (960, 540)


class HeadsetTheatre:
    """A headset in which a person or a script plays.

    Use it as a context manager; hand `cast`, `show`, `wait` and `timing` to
    `surgisim.session.play`.

    Parameters
    ----------
    script
        Makes the scripted trainee, or gives None where a person plays.
    room
        How.
    clock, sleep
        The wall clock, or one made of numbers.
    tell
        Tells the person at the desktop what became of the headset.

    Attributes
    ----------
    hud
        What is written now.
    """

    def __init__(
        self,
        script: Callable[[Stage, np.random.Generator], Trainee | None],
        room: Room | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.room = Room() if room is None else room
        self._script, self._clock, self.sleep = script, clock, sleep
        self._news = News(tell)
        self.count, self.cost, self.latency = FrameCount(), Cost(), Latency()
        self.connection: Connection | None = None
        self.place = Scaled((0.0, 0.0, 0.0))
        self.gl: GLContext | None = None
        self._ends = ExitStack()
        self._window: DesktopWindow | None = None
        self._window_due_s = 0.0
        self._renderer: Renderer | None = None
        self._field: FieldScene | None = None
        self._person: Controlled | None = None
        self._attendance: Attendance | None = None
        self._last: tuple[Looks, Snapshot] | None = None
        self._prediction = Prediction()
        self._epoch_ns: int | None = None
        self._moved_ns: int | None = None
        self._look_due_s: float | None = None
        self.hud = Hud()
        self._force_n = 0.0
        self._vibration = Vibration(self.room.wishes.vibration)

    def cast(self, stage: Stage, rng: np.random.Generator) -> Trainee:
        """Open the headset and choose who plays; a person reads the briefing first.

        Raises
        ------
        HeadsetError
            There is no headset.
        RenderError
            Nothing can be drawn here.
        """
        self._light(stage)
        center = middle(stage.field)
        self.place = Scaled(center, self.room.scale)
        self.connection = Connection(_Doors(self, center), self._clock)
        self._ends.callback(self.connection.close)
        self.connection.open()
        script, by_hand = self._script(stage, rng), not self.room.device
        if script is not None:
            self._attendance = Attendance(self.connection, played=False, by_hand=by_hand)
            return script
        pages.brief(self, stage.procedure, self._begin)
        self._person = Controlled(lambda: self.tool, self.place, moves=by_hand)
        self._attendance = Attendance(self.connection, played=True, by_hand=by_hand)
        return self._person

    def _light(self, stage: Stage) -> None:
        """Make the context, with a window where one is wanted, and the field's scene."""
        if self.room.mirror:
            title = f"surgisim - {stage.procedure.title}"
            self._window = DesktopWindow(title, _WINDOW_SIZE, swap_interval=0, samples=0)
            self._ends.callback(self._window.release)
            self.gl, self._renderer = self._window.gl, self._window.renderer
        else:
            self.gl = GLContext.offscreen()
            self._ends.callback(self.gl.release)
            self._renderer = Renderer(self.gl)
        self._field = FieldScene(stage, coarse=self.gl.is_software)
        if self._window is not None:
            self._window.look_from(self._field.organ.camera)

    def open_headset(self, instance: Instance, center: Vector) -> Headset:
        """Begin a session in the runtime; `center`: the middle of the field, world m."""
        assert self.gl is not None  # noqa: S101  # cast makes both before it connects
        assert self._renderer is not None  # noqa: S101
        laid = None if self.room.rig is None else world_of_rig(self.room.rig, center)
        headset = Headset(
            instance,
            self.gl,
            self._renderer,
            self.room.wishes,
            field=center,
            world=None if laid is None else Pose(laid[1]),
            count=self.count,
            cost=self.cost,
        )
        if self._window is not None:
            headset.eyes.targets[0].on_drawn = Mirror(self.gl).show
        return headset

    @property
    def headset(self) -> Headset | None:
        """The present session, or None while the headset is away."""
        return None if self.connection is None else self.connection.headset

    @property
    def tool(self) -> ToolInput:
        """What the tool's hand did at the last frame."""
        return ToolInput() if self.connection is None else self.connection.tool

    @property
    def _takes_input(self) -> bool:
        return self.connection is not None and self.connection.takes_input

    @property
    def closing(self) -> bool:
        """Whether the person wants to leave, in the headset or in the window."""
        left = self.connection is not None and self.connection.left
        return left or (self._window is not None and self._window.poll().closing)

    def show(self, looks: Looks, snapshot: Snapshot) -> None:
        """Take in the session as it is now; in lockstep, show it until its time has come."""
        self._last = looks, snapshot
        if self.closing:
            looks.leave()
        if self._person is not None:
            self._moved_ns = self.tool.time_ns or None
        force_n = float(np.linalg.norm(snapshot.probe.force))
        self._force_n = force_shown(self._force_n, snapshot)
        self.hud = hud_of(looks, snapshot, self._force_n, self._hint)
        if self._attendance is not None:
            self._attendance.look(looks)
        if self._person is not None and not self._takes_input:
            self._person.stand()
        self._pulse(force_n, snapshot.time_s)
        if self.room.lockstep:
            self._show_until(snapshot)

    @property
    def _hint(self) -> str:
        if self._person is None:
            return _WATCHING
        return _DEVICE_HINT if self.room.device else _HINT

    def _show_until(self, snapshot: Snapshot) -> None:
        """Make frames until one is shown later than the simulation is."""
        at_ns = round(1e9 * snapshot.time_s)
        if self._epoch_ns is not None:
            self._prediction.add(self._epoch_ns + at_ns, snapshot)
        while self._epoch_ns is None or self._shown_ns < self._epoch_ns + at_ns:
            moment = self.frame(self._paint_now)
            if moment is None:
                self._epoch_ns = None
                self.sleep(LOOK_S)
                return
            if self._epoch_ns is None:
                self._epoch_ns = moment.shown_ns - at_ns
                self._prediction = Prediction()
                self._prediction.add(moment.shown_ns, snapshot)

    @property
    def _shown_ns(self) -> int:
        headset = self.headset
        return 0 if headset is None or headset.moment is None else headset.moment.shown_ns

    def wait(self, seconds: float) -> None:
        """Make frames until `seconds` after the last look was due."""
        now = self._clock()
        due = (now if self._look_due_s is None else self._look_due_s) + seconds
        while (now := self._clock()) < due:
            if self.frame(self._paint_now) is None:
                self.sleep(min(pages.IDLE_S, due - now))
        self._look_due_s = max(due, now)

    def frame(self, paint: Paint) -> Moment | None:
        """Make one frame, or try to get the headset back; None where none was made."""
        assert self.connection is not None  # noqa: S101  # cast connects
        moment = self.connection.step(paint)
        self._news.look(self.connection.story)
        if moment is None and self.headset is None:
            self._show_in_window()
        return moment

    @property
    def away(self) -> str:
        """Say why the headset is away."""
        return away_text("" if self.connection is None else self.connection.story.why)

    @property
    def _begin(self) -> Look:
        """How the field lies before anything happens."""
        assert self._field is not None  # noqa: S101  # cast makes it
        return self._field.begin()

    @property
    def _now(self) -> Look:
        """How the field lies now; after a session, how it lay last."""
        assert self._field is not None  # noqa: S101  # cast makes it
        if self._last is None:
            return self._field.begin()
        looks, snapshot = self._last
        return self._field.at(looks, Shown(snapshot.positions, snapshot.probe.position))

    def _show_in_window(self) -> None:
        """Show the field in the window, now and then."""
        window, scene, now = self._window, self._field, self._clock()
        if window is None or scene is None or now < self._window_due_s:
            return
        self._window_due_s = now + _WINDOW_S
        window.present(scene.flat(self._now, self.hud))

    def wait_for_debriefing(self) -> None:
        """Show that the session is over, before the debriefing is written."""
        pages.wait_for_debriefing(self, self._now)

    def close(self, closing: Closing, seconds: float = SHOWN_S) -> None:
        """Show what the session came to, for some seconds of the headset's clock."""
        pages.close(self, self._now, closing, seconds)

    def _paint_now(self, moment: Moment, tool: ToolInput) -> Picture:
        """Paint the session as it is at the moment at which it is shown."""
        assert self._last is not None  # noqa: S101  # only frames of the briefing come before
        assert self._field is not None  # noqa: S101
        looks, _ = self._last
        if not self.room.lockstep or self._prediction.last_ns is None:
            self._prediction.add(self._now_ns(moment), looks.run.snapshot())
        if self._moved_ns is not None:
            self.latency.show(self._moved_ns, moment.shown_ns)
        shown = self._prediction.at(moment.shown_ns)
        return self.picture(self._field.at(looks, shown), tool)

    def _now_ns(self, moment: Moment) -> int:
        """Return the headset's time now; without a way to ask, a frame before it is shown."""
        now_ns = None if self.headset is None else self.headset.instance.now_ns()
        return moment.shown_ns - moment.period_ns if now_ns is None else now_ns

    def picture(self, at: Look, tool: ToolInput) -> Picture:
        """Make what is to be seen of one look."""
        assert self._field is not None  # noqa: S101  # cast makes it
        made = self._field.picture(at, self.hud, self.headset)
        if self._person is None or self.room.device:
            return made
        lost = self._person.lost
        tools = tuple(held(one, tool, lost=lost) for one in made.scene.instruments)
        return replace(made, scene=replace(made.scene, instruments=tools))

    def _pulse(self, force_n: float, time_s: float) -> None:
        """Let the hand feel the force by vibration; nothing where a device pushes it."""
        if self._person is None or self.room.device or self.headset is None:
            return
        if not self.headset.life.takes_input:
            self._vibration.silence()
            return
        amplitude = self._vibration.feel(force_n, time_s)
        if amplitude is not None:
            self.headset.pulse(amplitude, PULSE_S)

    def timing(self) -> HeadsetTiming:
        """Say what was shown, for the record."""
        return HeadsetTiming(
            frames=self.count.drawn,
            late=self.count.late,
            losses=0 if self.connection is None else self.connection.story.losses,
            beside_ms=max(self.cost.beside_ms, 0.0),
            to_light_ms_p50=self.latency.percentile_ms(0.5),
            to_light_ms_p99=self.latency.percentile_ms(0.99),
        )

    def __enter__(self) -> HeadsetTheatre:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._ends:
            if kind is None and self.connection is not None:
                self.connection.leave(self.sleep)


class _Doors:
    """How a theatre connects."""

    def __init__(self, theatre: HeadsetTheatre, center: Vector) -> None:
        self._theatre = theatre
        self._center = center

    def open_instance(self) -> Instance:
        return open_instance()

    def open_headset(self, instance: Instance) -> Headset:
        return self._theatre.open_headset(instance, self._center)
