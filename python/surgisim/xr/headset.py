"""One session with a headset, from its making to its end: events, input, frames.

    headset = Headset(instance, gl, renderer, Wishes())
    while headset.deed is None:
        moment = headset.step(paint)    # None while no frames run

`paint` is called with the time at which the picture is shown and with what the hand does then, and
returns what is to be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from typing import Any

from surgisim.errors import HeadsetError
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer
from surgisim.snapshot import ToolInput, Vector
from surgisim.xr.binding import graphics_binding, require_opengl
from surgisim.xr.blend import ALPHA, OPAQUE, choose_blend
from surgisim.xr.events import (
    InstanceLoss,
    MaskChanged,
    Notice,
    Presence,
    ProfileChanged,
    Recentred,
    StateChanged,
    notices,
)
from surgisim.xr.eyes import Eyes, choose_views
from surgisim.xr.frame import FrameCount, Frames, Moment
from surgisim.xr.hands import Hands, tool_input
from surgisim.xr.input import Actions
from surgisim.xr.instance import Instance
from surgisim.xr.layers import projection
from surgisim.xr.library import explain
from surgisim.xr.panel import Panel
from surgisim.xr.picture import Cost, Paint, Picture, Wishes
from surgisim.xr.pose import Pose
from surgisim.xr.session import Deed, Life
from surgisim.xr.space import Space, seat

__all__ = ["Headset"]

_PANEL_LAYERS = 2  # the eyes and the screen


class Headset:
    """A session.

    Parameters
    ----------
    instance
        The runtime.
    gl, renderer
        What draws; both outlive the session.
    wishes
        What the person chooses.
    field
        Middle of the operating field, world m: where a person is seated before.
    world
        Pose of the headset's space in the world, where a rig tells it; None: the person is seated
        before the field.
    count, cost
        Go on over sessions that follow each other.

    Attributes
    ----------
    life, deed, why
        Its life, what is to be done with it, if it is over, and what the runtime said to that.
    tool, reading
        What the hand did at the last frame, and whether that counts.
    moment
        The last frame's, or None.

    Raises
    ------
    HeadsetError
        No headset, or one that cannot be drawn for.
    """

    def __init__(
        self,
        instance: Instance,
        gl: GLContext,
        renderer: Renderer,
        wishes: Wishes,
        *,
        field: Vector = (0.0, 0.0, 0.0),
        world: Pose | None = None,
        count: FrameCount | None = None,
        cost: Cost | None = None,
    ) -> None:
        self.instance, self.wishes, self.life = instance, wishes, Life()
        self._gl, self._renderer, self._field = gl, renderer, field
        self._made = ExitStack()
        self._calibrated = world is not None
        self._seated = False
        self._leaving = False
        self._moved: list[Recentred] = []
        self.cost = Cost() if cost is None else cost
        self.deed: Deed | None = None
        self.why = ""
        self.tool = ToolInput()
        self.reading = False
        self.moment: Moment | None = None
        xr = instance.xr
        try:
            self._open(FrameCount() if count is None else count)
        except HeadsetError:
            self.close()
            raise
        except xr.exception.ErrorResult as error:
            self.close()
            raise HeadsetError(explain(xr, error)) from error
        if world is not None:
            self.space.world = world

    def _open(self, count: FrameCount) -> None:
        xr, instance, gl, wishes = self.instance.xr, self.instance, self._gl, self.wishes
        system = instance.system()
        views = choose_views(instance.views(system), wishes.views)
        if views is None:
            raise HeadsetError("the headset offers neither 1, 2 nor 4 views")
        require_opengl(instance, system)
        gl.make_current()
        binding = graphics_binding(instance, gl)
        self.handle = xr.create_session(
            instance.handle, xr.SessionCreateInfo(system_id=system, next=binding)
        )
        self._made.callback(self._destroy, xr.destroy_session, self.handle)
        gl.make_current()
        blend = choose_blend(
            instance.blend_modes(system, views.kind), passthrough=wishes.passthrough
        )
        self.blend = blend
        self.view_kind = views.kind
        _, layers, sees_hands = instance.describe(system)
        self.space = Space(xr, self.handle, standing=wishes.standing)
        self.actions = Actions(instance, self.handle)
        self._made.callback(self._destroy, xr.destroy_action_set, self.actions.handle)
        self.hands = Hands(instance, self.handle) if sees_hands else None
        self.frames = Frames(instance, self.handle, blend, count)
        self.eyes = Eyes(
            instance,
            self.handle,
            gl,
            views,
            self._renderer,
            self.cost,
            scale=wishes.scale,
            samples=wishes.samples,
        )
        self._made.callback(self.eyes.close)
        self.panel: Panel | None = None
        if layers >= _PANEL_LAYERS:
            self.panel = Panel(instance, self.handle, gl, self._renderer, self.cost)
            self._made.callback(self.panel.close)

    def step(self, paint: Paint) -> Moment | None:
        """Take in events and input, and make a frame if frames run.

        Returns
        -------
        moment
            Of the frame, or None where none was made: then wait a little before the next step.
        """
        errors = self.instance.xr.exception
        try:
            self._take_in()
            if self.deed is not None or not self.life.runs_frames:
                return None
            with self.cost.frame():
                if self.life.takes_input:
                    self.actions.sync()
                self.moment = self.frames.run(lambda moment: self._compose(moment, paint))
        except (errors.InstanceLostError, errors.RuntimeFailureError) as error:
            self._lose(self.life.lose_instance(), error)
            return None
        except (errors.ErrorResult, HeadsetError) as error:  # the simulation goes on without it
            self._lose(self.life.lose_session(), error)
            return None
        return self.moment

    def _lose(self, deed: Deed | None, error: Exception) -> None:
        self.deed = deed or self.deed
        self.why = str(error)

    def _take_in(self) -> None:
        for notice in notices(self.instance):
            self._note(notice)

    def _note(self, notice: Notice) -> None:
        if isinstance(notice, StateChanged):
            self._do(self.life.enter(notice.state))
        elif isinstance(notice, InstanceLoss):
            self._do(self.life.lose_instance())
        elif isinstance(notice, Presence):
            self.life.wear(notice.worn)
        elif isinstance(notice, ProfileChanged):
            self.actions.forget_profiles()
        elif isinstance(notice, MaskChanged):
            self.eyes.forget_mask(notice.view)
        elif notice.kind == self.space.kind:
            self._moved.append(notice)

    def _do(self, deed: Deed | None) -> None:
        xr = self.instance.xr
        if deed is Deed.BEGIN:
            kind = xr.ViewConfigurationType(self.view_kind)
            xr.begin_session(self.handle, xr.SessionBeginInfo(primary_view_configuration_type=kind))
        elif deed is Deed.END:
            self.silence()
            xr.end_session(self.handle)
        elif deed is not None:
            self.deed = deed

    def _seat(self, time_ns: int) -> None:
        """Seat the person at the first sight of the head, and when the space's origin has moved.

        A calibrated world stays where it is in the room.
        """
        moved = [one for one in self._moved if one.at_ns <= time_ns]
        if self._calibrated:
            self._moved = [one for one in self._moved if one.at_ns > time_ns]
            for one in sorted(moved, key=lambda one: one.at_ns):
                if one.moved is not None:
                    self.space.world = self.space.world @ one.moved
        if self._calibrated or (self._seated and not moved):
            return
        if not (self.life.is_seen and self.life.worn):  # it lies somewhere, or is being put on
            return
        head = self.space.head(time_ns)
        if head is not None:
            self.space.world = seat(head, self._field, self.wishes.height_m)
            self._seated = True
            self._moved = [one for one in self._moved if one.at_ns > time_ns]

    def _compose(self, moment: Moment, paint: Paint) -> Sequence[Any]:
        self._seat(moment.shown_ns)
        self.reading = self.life.takes_input
        self.tool = self.read(moment.shown_ns)
        if not moment.seen or self._leaving:
            return ()
        located = self.eyes.locate(self.space.handle, moment.shown_ns)
        with self.cost.drawing():
            picture = paint(moment, self.tool)
        return self._draw(picture, located) if located else ()

    def _draw(self, picture: Picture, located: Sequence[Any]) -> list[Any]:
        xr, space = self.instance.xr, self.space
        alpha = 1.0 if self.blend == OPAQUE else 0.0
        eyes = self.eyes.draw(picture.scene, located, space.world, alpha=alpha)
        layers = [projection(xr, space.handle, eyes, blended=self.blend == ALPHA)]
        if self.panel is not None and picture.panel is not None and picture.panel_view is not None:
            self.panel.draw(picture.panel, picture.panel_view)
            pose = space.world.inverse @ picture.panel_pose
            layers.append(self.panel.layer(space.handle, pose))
        return layers

    def read(self, time_ns: int) -> ToolInput:
        """Read the tool's hand: its controller, or the bare hand where it holds none."""
        if not self.life.takes_input:
            return ToolInput(time_ns)
        hand = self.wishes.hand
        held = self.actions.read(hand, time_ns, self.space.handle, self.space.world)
        if held.source or self.hands is None:
            return held
        bare = self.hands.read(hand, self.space.handle, time_ns)
        return tool_input(bare, time_ns, self.space.world)

    def pulse(self, amplitude: float, seconds: float) -> None:
        """Let the tool's hand feel a pulse; an amplitude of 0 stops it."""
        if self.life.takes_input:
            with suppress(self.instance.xr.exception.ErrorResult):  # the next step tells of a loss
                self.actions.pulse(self.wishes.hand, amplitude, seconds)

    def silence(self) -> None:
        """Stop what the hand feels."""
        with suppress(self.instance.xr.exception.ErrorResult):
            self.actions.pulse(self.wishes.hand, 0.0, 0.0)

    def leave(self) -> bool:
        """Ask the runtime to end the session; it then tells STOPPING and EXITING.

        From then on nothing is drawn. Returns whether there is a session to wait for.
        """
        self._leaving = self.life.running
        if self._leaving:
            self.silence()
            try:
                self.instance.xr.request_exit_session(self.handle)
            except self.instance.xr.exception.ErrorResult:  # it is gone, so nothing will be told
                return False
        return self._leaving

    def close(self) -> None:
        """Destroy the session and all that is in it; what is lost is let go."""
        self._made.close()
        self._gl.make_current()

    def _destroy(self, what: Callable[[Any], None], handle: Any) -> None:
        """Destroy a handle; one whose runtime is gone is gone with it."""
        with suppress(self.instance.xr.exception.ErrorResult):
            what(handle)
