"""What the hands do, by its meaning: actions of OpenXR in, `ToolInput` out.

Places are asked for the time at which the next picture is shown, velocities are those that the
runtime measured. A place that is valid but not tracked is a guess: it is told as such, and nobody
is to move a tool by it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from surgisim.snapshot import ToolInput, Vector
from surgisim.xr.bindings import HANDS, MEANINGS, Kind, Profile, profile_of, suggested
from surgisim.xr.instance import Instance
from surgisim.xr.pose import Pose, of_xr

__all__ = ["Actions"]

_VALID, _TRACKED = 0b0011, 0b1100  # orientation and position, of XrSpaceLocationFlags
_MOVING = 0b01  # linear, of XrSpaceVelocityFlags
_FORWARD: Vector = (0.0, 0.0, -1.0)


class Actions:
    """The actions of one session.

    Parameters
    ----------
    instance, session
        Whose. The actions are attached here, once.

    Attributes
    ----------
    handle
        The action set, which belongs to the instance and outlives the session.
    refused
        Profiles that the runtime did not take bindings for.
    """

    def __init__(self, instance: Instance, session: Any) -> None:
        self._xr = xr = instance.xr
        self._instance, self._session = instance, session
        self._paths = {hand: self._path(f"/user/hand/{hand}") for hand in HANDS}
        order = xr.ActionSetCreateInfo(
            action_set_name="operating", localized_action_set_name="Operating", priority=0
        )
        self.handle = xr.create_action_set(instance.handle, order)
        self._actions = {one.name: self._make(one.name, one.title, one.kind) for one in MEANINGS}
        self.refused: list[str] = []
        for profile in suggested(instance.caps):
            self._suggest(profile)
        xr.attach_session_action_sets(
            session, xr.SessionActionSetsAttachInfo(action_sets=[self.handle])
        )
        self._spaces = {
            (name, hand): self._space(name, hand) for name in ("tool", "aim") for hand in HANDS
        }
        active = xr.ActiveActionSet(action_set=self.handle, subaction_path=0)
        self._sync = xr.ActionsSyncInfo(active_action_sets=[active])
        self._asks = {
            (one.name, hand): self._ask(one.name, hand) for one in MEANINGS for hand in (*HANDS, "")
        }
        self._profiles: dict[str, Profile | None] = {}

    def _path(self, text: str) -> int:
        return int(self._xr.string_to_path(self._instance.handle, text).value)

    def _make(self, name: str, title: str, kind: Kind) -> Any:
        types = self._xr.ActionType
        types_of = {
            Kind.POSE: types.POSE_INPUT,
            Kind.AMOUNT: types.FLOAT_INPUT,
            Kind.SWITCH: types.BOOLEAN_INPUT,
            Kind.PULSE: types.VIBRATION_OUTPUT,
        }
        order = self._xr.ActionCreateInfo(
            action_name=name,
            action_type=types_of[kind],
            subaction_paths=list(self._paths.values()),
            localized_action_name=title,
        )
        return self._xr.create_action(self.handle, order)

    def _suggest(self, profile: Profile) -> None:
        xr = self._xr
        bindings = [
            xr.ActionSuggestedBinding(action=self._actions[meaning], binding=self._path(path))
            for meaning, path in profile.bindings()
        ]
        order = xr.InteractionProfileSuggestedBinding(
            interaction_profile=self._path(f"/interaction_profiles/{profile.path}"),
            suggested_bindings=bindings,
        )
        try:
            xr.suggest_interaction_profile_bindings(self._instance.handle, order)
        except xr.exception.PathUnsupportedError:
            self.refused.append(profile.path)

    def _space(self, name: str, hand: str) -> Any:
        order = self._xr.ActionSpaceCreateInfo(
            action=self._actions[name],
            subaction_path=self._paths[hand],
            pose_in_action_space=self._xr.Posef(),
        )
        return self._xr.create_action_space(self._session, order)

    def _ask(self, name: str, hand: str) -> Any:
        path = self._paths[hand] if hand else 0
        return self._xr.ActionStateGetInfo(action=self._actions[name], subaction_path=path)

    def sync(self) -> None:
        """Let the runtime take in what the controllers do; without focus nothing is active."""
        self._xr.sync_actions(self._session, self._sync)

    def profile(self, hand: str) -> Profile | None:
        """Return what is in a hand, or None where nothing of ours is."""
        if hand not in self._profiles:
            state = self._xr.get_current_interaction_profile(self._session, self._paths[hand])
            number = int(getattr(state.interaction_profile, "value", state.interaction_profile))
            text = self._xr.path_to_string(self._instance.handle, number) if number else ""
            self._profiles[hand] = profile_of(text)
        return self._profiles[hand]

    def forget_profiles(self) -> None:
        """Ask anew what is in the hands: the runtime says that it changed."""
        self._profiles.clear()

    def _held(self, name: str, hand: str) -> bool:
        state = self._xr.get_action_state_boolean(self._session, self._asks[name, hand])
        return bool(state.is_active) and bool(state.current_state)

    def read(self, hand: str, time_ns: int, space: Any, world: Pose) -> ToolInput:
        """Read one hand.

        Parameters
        ----------
        hand
            ``"left"`` or ``"right"``.
        time_ns
            For when to locate it: the time at which the next picture is shown.
        space, world
            The reference space, and its pose in the world.
        """
        state = self._xr.get_action_state_pose(self._session, self._asks["tool", hand])
        pressed = self._pressed(hand, time_ns)
        if not state.is_active:
            return pressed
        profile = self.profile(hand)
        place, velocity, tracked = self._locate("tool", hand, time_ns, space, world)
        pointed, _, _ = self._locate("aim", hand, time_ns, space, world)
        return replace(
            pressed,
            source="controller" if profile is None else profile.source,
            position=None if place is None else place.position,
            rotation=(1.0, 0.0, 0.0, 0.0) if place is None else place.rotation,
            velocity=velocity,
            tracked=tracked,
            aim=None if pointed is None else (pointed.position, pointed.direction(_FORWARD)),
        )

    def _pressed(self, hand: str, time_ns: int) -> ToolInput:
        """Read amounts and switches; the menu button of either hand counts."""
        amount = self._xr.get_action_state_float(self._session, self._asks["grasp", hand])
        return ToolInput(
            time_ns=time_ns,
            grasp=float(amount.current_state) if amount.is_active else 0.0,
            cut=self._held("cut", hand),
            cauterise=self._held("cauterise", hand),
            clutch=self._held("clutch", hand),
            mark=self._held("mark", hand),
            menu=self._held("menu", ""),
        )

    def _locate(
        self, name: str, hand: str, time_ns: int, space: Any, world: Pose
    ) -> tuple[Pose | None, Vector | None, bool]:
        where, speed = self._xr.locate_space_with_velocity(self._spaces[name, hand], space, time_ns)
        flags = int(where.location_flags)
        if flags & _VALID != _VALID:
            return None, None, False
        velocity = None
        if int(speed.velocity_flags) & _MOVING:
            v = speed.linear_velocity
            velocity = world.direction((v.x, v.y, v.z))
        return world @ of_xr(where.pose), velocity, flags & _TRACKED == _TRACKED

    def pulse(self, hand: str, amplitude: float, seconds: float) -> None:
        """Let a controller vibrate: amplitude 0 to 1; one of 0 stops it."""
        xr = self._xr
        info = xr.HapticActionInfo(action=self._actions["pulse"], subaction_path=self._paths[hand])
        if amplitude <= 0.0:
            xr.stop_haptic_feedback(self._session, info)
            return
        feeling = xr.HapticVibration(
            duration=round(1e9 * seconds), frequency=0.0, amplitude=min(amplitude, 1.0)
        )
        xr.apply_haptic_feedback(self._session, info, feeling)
