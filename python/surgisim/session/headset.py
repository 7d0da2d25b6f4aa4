"""A session in a headset: who plays there, what it shows, and how it keeps pace.

The frame loop of the headset and the looks share one thread; the tick has its own. A frame shows
the state of the simulation at the time at which its light reaches the eyes. Where the headset goes
away the session goes on: the procedure's clock stands if a person plays, a window shows the field
where there is a display, and the headset comes back when it can.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

import numpy as np

from surgisim.procedure.engine import LOOK_S
from surgisim.record import HeadsetTiming
from surgisim.render import Hud, Scene
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer
from surgisim.render.window import DesktopWindow
from surgisim.rig import Rig
from surgisim.session.headset_place import Scaled, middle, world_of_rig
from surgisim.session.look import Looks
from surgisim.session.organ_view import Look, OrganView, isosurface_of
from surgisim.session.showing import hud_of
from surgisim.session.stage import Stage
from surgisim.snapshot import Snapshot, ToolInput, Vector
from surgisim.trainees import Trainee
from surgisim.trainees.controller import Controlled
from surgisim.xr.connection import Connection
from surgisim.xr.frame import FrameCount, Moment
from surgisim.xr.headset import Cost, Headset, Picture, Wishes
from surgisim.xr.instance import Instance, open_instance
from surgisim.xr.mirror import Mirror
from surgisim.xr.pose import Pose
from surgisim.xr.prediction import Latency, Prediction
from surgisim.xr.vibration import PULSE_S, Vibration

__all__ = ["HeadsetTheatre", "Room", "find_headset"]

_HINT = "trigger: mark   grip: move the hand alone   menu, held: finish"
_WATCHING = "a script plays"
_AWAY = "the headset is away"
_UNFOCUSED = "the headset is not worn, or shows something else"
_PANEL: Vector = (0.0, 0.34, -0.50)  # from the middle of the field to the screen
_FORCE_SHARE = 0.35
_IDLE_S = 0.01
_DARK = (0.012, 0.014, 0.018)


def find_headset() -> str:
    """Name the runtime of the headset that is here.

    Raises
    ------
    HeadsetError
        There is none, with the reason.
    """
    instance = open_instance()
    try:
        instance.system()
        return instance.runtime
    finally:
        instance.close()


@dataclass(frozen=True, slots=True)
class Room:
    """How the person plays.

    Attributes
    ----------
    wishes
        Eyes, hand, posture, vibration.
    device
        Whether a haptic device moves the tool; the hand with the controller then only marks.
    scale
        Metres of tool in a metre of the hand with the controller.
    rig
        The rig in use; a calibrated one says where the headset's space lies in the world. Without
        one the person is seated before the field.
    mirror
        Whether a window of the desktop shows what the left eye sees.
    lockstep
        Whether the simulation follows the headset's clock, and not the wall's.
    """

    wishes: Wishes = field(default_factory=Wishes)
    device: bool = False
    scale: float = 1.0
    rig: Rig | None = None
    mirror: bool = False
    lockstep: bool = False


class HeadsetTheatre:
    """A headset in which a person or a script plays.

    Use it as a context manager; hand `cast`, `show` and `wait` to `surgisim.session.play`.

    Parameters
    ----------
    script
        Makes the scripted trainee, or gives None where a person plays.
    room
        How.
    clock, sleep
        The wall clock, or one made of numbers.
    """

    def __init__(
        self,
        script: Callable[[np.random.Generator], Trainee | None],
        room: Room | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.room = Room() if room is None else room
        self._script, self._clock, self._sleep = script, clock, sleep
        self.count, self.cost, self.latency = FrameCount(), Cost(), Latency()
        self.connection: Connection | None = None
        self.place = Scaled((0.0, 0.0, 0.0))
        self._person: Controlled | None = None
        self._window: DesktopWindow | None = None
        self._gl: GLContext | None = None
        self._renderer: Renderer | None = None
        self._organ: OrganView | None = None
        self._looks: Looks | None = None
        self._prediction = Prediction()
        self._epoch_ns: int | None = None
        self._moved_ns: int | None = None
        self._hud = Hud()
        self._force_n = 0.0
        self._losses = 0
        self._was_lost = self._was_away = False
        self._look_due: float | None = None
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
        field = middle(stage.field)
        self.place = Scaled(field, self.room.scale)
        self.connection = Connection(_Doors(self, field), self._clock)
        self.connection.open()
        script = self._script(rng)
        if script is not None:
            return script
        self._brief(stage)
        self._person = Controlled(lambda: self.tool, self.place, moves=not self.room.device)
        return self._person

    def _light(self, stage: Stage) -> None:
        """Make the organ's view, and the context, with a window where one is wanted."""
        title = f"surgisim - {stage.procedure.title}"
        organ = self._organ_view(stage, smooth=False)
        if self.room.mirror:
            self._window = DesktopWindow(
                title, (960, 540), camera=organ.camera, swap_interval=0, samples=0
            )
            self._gl, self._renderer = self._window.gl, self._window.renderer
        else:
            self._gl = GLContext.offscreen()
            self._renderer = Renderer(self._gl)
        if not self._gl.is_software:
            organ = self._organ_view(stage, smooth=True)
        self._organ, self._stage = organ, stage

    @staticmethod
    def _organ_view(stage: Stage, *, smooth: bool) -> OrganView:
        organ = stage.organ
        return OrganView(
            organ.name,
            organ.points,
            organ.surface,
            stage.scene.probe.radius_m,
            subdivisions=2 if smooth else 1,
            fine=isosurface_of(organ),
            pivot=None if stage.port is None else stage.port.pivot,
        )

    def open_headset(self, instance: Instance, field: Vector) -> Headset:
        """Begin a session in the runtime."""
        assert self._gl is not None  # noqa: S101  # cast makes both before it connects
        assert self._renderer is not None  # noqa: S101
        laid = None if self.room.rig is None else world_of_rig(self.room.rig, field)
        headset = Headset(
            instance,
            self._gl,
            self._renderer,
            self.room.wishes,
            field=field,
            world=None if laid is None else Pose(laid[1]),
            count=self.count,
            cost=self.cost,
        )
        if self._window is not None:
            headset.eyes.targets[0].on_drawn = Mirror(self._gl).show
        return headset

    @property
    def tool(self) -> ToolInput:
        """What the tool's hand did at the last frame."""
        return ToolInput() if self.connection is None else self.connection.tool

    @property
    def closing(self) -> bool:
        """Whether the person wants to leave, in the headset or in the window."""
        left = self.connection is not None and self.connection.left
        return left or (self._window is not None and self._window.poll().closing)

    def _brief(self, stage: Stage) -> None:
        """Show the briefing until the trigger is pressed; no time runs yet."""
        procedure = stage.procedure
        self._hud = Hud(
            force_n=0.0,
            force_limit_n=procedure.scene.limits.force.value,
            title=procedure.title,
            message=procedure.briefing,
            hint="trigger: begin",
        )
        at = Look(stage.organ.points, stage.scene.probe.start)
        was_open = False
        while not self.closing:
            if self.frame(lambda _moment, tool: self._picture(at, tool)) is None:
                self._sleep(_IDLE_S)
            pressed = self.tool.mark or self.tool.grasp > 0.5
            if pressed and was_open:
                return
            was_open = was_open or not pressed

    def show(self, looks: Looks, snapshot: Snapshot) -> None:
        """Take in the session as it is now; in lockstep, show it until its time has come."""
        self._looks = looks
        if self.closing:
            looks.leave()
        if self._person is not None:
            self._moved_ns = self.tool.time_ns or None
        force = float(np.linalg.norm(snapshot.probe.force))
        self._force_n += _FORCE_SHARE * (force - self._force_n)
        hint = _WATCHING if self._person is None else _HINT
        self._hud = hud_of(looks, snapshot, self._force_n, hint)
        self._watch_over(looks)
        self._pulse(force, snapshot.time_s)
        if self.room.lockstep:
            self._show_until(snapshot)

    def _show_until(self, snapshot: Snapshot) -> None:
        """Make frames until one is shown later than the simulation is."""
        at_ns = round(1e9 * snapshot.time_s)
        if self._epoch_ns is not None:
            self._prediction.add(self._epoch_ns + at_ns, snapshot)
        while self._epoch_ns is None or self._shown_ns < self._epoch_ns + at_ns:
            moment = self.frame(self._paint_now)
            if moment is None:
                self._epoch_ns = None
                self._sleep(LOOK_S)
                return
            if self._epoch_ns is None:
                self._epoch_ns = moment.shown_ns - at_ns
                self._prediction = Prediction()
                self._prediction.add(moment.shown_ns, snapshot)

    @property
    def _shown_ns(self) -> int:
        headset = None if self.connection is None else self.connection.headset
        return 0 if headset is None or headset.moment is None else headset.moment.shown_ns

    def wait(self, seconds: float) -> None:
        """Make frames until `seconds` after the last look was due."""
        now = self._clock()
        due = now + seconds if self._look_due is None else self._look_due + seconds
        while (now := self._clock()) < due:
            if self.frame(self._paint_now) is None:
                self._sleep(min(_IDLE_S, due - now))
        self._look_due = max(due, now)

    def frame(self, paint: Callable[[Moment, ToolInput], Picture]) -> Moment | None:
        """Make one frame, or try to get the headset back; None where none was made."""
        assert self.connection is not None  # noqa: S101  # cast connects
        moment = self.connection.step(paint)
        if moment is None and self._window is not None and self.connection.headset is None:
            self._show_in_window()
        return moment

    def _show_in_window(self) -> None:
        looks, window, organ = self._looks, self._window, self._organ
        if looks is None or window is None or organ is None:
            return
        snapshot = looks.run.snapshot()
        at = self._look(looks, snapshot.positions, snapshot.probe.position)
        window.present(organ.scene(replace(at, hud=self._hud)))

    def _paint_now(self, moment: Moment, tool: ToolInput) -> Picture:
        """Paint the session as it is at the moment at which it is shown."""
        assert self._looks is not None  # noqa: S101  # only frames of the briefing come before
        looks = self._looks
        if not self.room.lockstep or self._prediction.last_ns is None:
            snapshot = looks.run.snapshot()
            self._prediction.add(self._now_ns(moment), snapshot)
        shown = self._prediction.at(moment.shown_ns)
        if self._moved_ns is not None:
            self.latency.show(self._moved_ns, moment.shown_ns)
        return self._picture(self._look(looks, shown.positions, shown.tip), tool)

    def _now_ns(self, moment: Moment) -> int:
        """Return the headset's time now; without a way to ask, a frame before it is shown."""
        headset = None if self.connection is None else self.connection.headset
        now_ns = None if headset is None else headset.instance.now_ns()
        return moment.shown_ns - moment.period_ns if now_ns is None else now_ns

    def _look(self, looks: Looks, positions: Any, tip: Vector) -> Look:
        return Look(
            positions=positions,
            tip=tip,
            marks=looks.ledger.marks,
            tears=() if looks.tear is None else (looks.tear,),
            blood_ml=1e6 * looks.ledger.bleeding.lost,
        )

    def _picture(self, at: Look, tool: ToolInput) -> Picture:
        """Make what is to be seen: the field for the eyes, the texts on a screen."""
        assert self._organ is not None  # noqa: S101  # cast makes it
        assert self.connection is not None  # noqa: S101
        headset, organ = self.connection.headset, self._organ
        has_panel = headset is not None and headset.panel is not None
        clear = headset is not None and headset.blend != 1
        scene = organ.scene(replace(at, hud=None if has_panel else self._hud))
        scene = replace(
            scene,
            instruments=tuple(self._held(one, tool) for one in scene.instruments),
            cavity=scene.cavity and not clear,
            background=(0.0, 0.0, 0.0) if clear else scene.background,
        )
        if not has_panel:
            return Picture(scene)
        panel = Scene(hud=self._hud, cavity=False, background=_DARK)
        if self._stage.port is not None:  # through a port the screen shows the endoscope's picture
            panel = replace(organ.scene(replace(at, hud=self._hud)), surfaces=scene.surfaces)
        x, y, z = (a + b for a, b in zip(middle(self._stage.field), _PANEL, strict=True))
        return Picture(scene, panel, organ.camera.view(), Pose((x, y, z)))

    def _held(self, instrument: Any, tool: ToolInput) -> Any:
        """Turn the instrument as the hand is turned; dim it where the hand is lost."""
        if self._person is None or self.room.device:
            return instrument
        lost = self._person.lost
        if tool.position is None or lost:
            return replace(instrument, dimmed=lost)
        back = Pose((0.0, 0.0, 0.0), tool.rotation).direction((0.0, 0.0, 1.0))
        return replace(instrument, shaft_direction=back)

    def _watch_over(self, looks: Looks) -> None:
        """Let the procedure stand while a person cannot play, and record what was lost."""
        assert self.connection is not None  # noqa: S101  # cast connects
        connection = self.connection
        if connection.story.losses > self._losses:
            self._losses = connection.story.losses
            looks.note("headset.lost", _AWAY)
        if len(connection.story.away_s) == self._losses > 0 and self._was_away:
            looks.note(
                "headset.back", f"the headset is back after {connection.story.away_s[-1]:.1f} s"
            )
        self._was_away = connection.headset is None
        if self._person is None:
            return
        away = _AWAY if connection.headset is None else _UNFOCUSED
        looks.stand("" if connection.takes_input else away)
        lost = self._person.lost and connection.takes_input and not self.room.device
        if lost != self._was_lost:
            text = "the hand is not tracked" if lost else "the hand is tracked again"
            looks.note("tool.lost" if lost else "tool.found", text)
            self._was_lost = lost

    def timing(self) -> HeadsetTiming:
        """Say what was shown, for the record."""
        story = None if self.connection is None else self.connection.story
        return HeadsetTiming(
            frames=self.count.drawn,
            late=self.count.late,
            losses=0 if story is None else story.losses,
            beside_ms=max(self.cost.beside_ms, 0.0),
            to_light_ms_p50=self.latency.percentile_ms(0.5),
            to_light_ms_p99=self.latency.percentile_ms(0.99),
        )

    def _pulse(self, force_n: float, time_s: float) -> None:
        if self._person is None or self.room.device or self.connection is None:
            return
        headset = self.connection.headset
        if headset is None or not headset.life.takes_input:
            self._vibration.silence()
            return
        amplitude = self._vibration.feel(force_n, time_s)
        if amplitude is not None:
            headset.pulse(amplitude, PULSE_S)

    def __enter__(self) -> HeadsetTheatre:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.connection is not None:
            self.connection.close()
        if self._window is not None:
            self._window.release()
        elif self._gl is not None:
            self._gl.release()


class _Doors:
    """How the theatre connects."""

    def __init__(self, theatre: HeadsetTheatre, field: Vector) -> None:
        self._theatre = theatre
        self._field = field

    def open_instance(self) -> Instance:
        return open_instance()

    def open_headset(self, instance: Instance) -> Headset:
        return self._theatre.open_headset(instance, self._field)
