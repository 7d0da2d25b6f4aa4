"""One look of a session, 50 times a second: trainee, procedure, record."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from surgisim.errors import ProcedureError
from surgisim.procedure.breathing import Breathing
from surgisim.procedure.engine import Engine
from surgisim.procedure.fog import fog_now
from surgisim.procedure.program import Program
from surgisim.procedure.respiration import Respiration
from surgisim.record import Recorder
from surgisim.run import Run
from surgisim.session.device_watch import DeviceWatch
from surgisim.session.exposure import Exposure
from surgisim.session.facts import Ledger, largest_force
from surgisim.session.navigation import NO_VIEW, Navigation
from surgisim.session.pause import Pause
from surgisim.session.port import Port
from surgisim.session.scope_sight import scope_sight
from surgisim.session.stage import Stage
from surgisim.snapshot import Event, Snapshot, Vector
from surgisim.trainees import Action, Exposed, Sight, Trainee
from surgisim.vectors import as_vector, rotation_matrix

__all__ = ["FRAME_S", "Looks"]

FRAME_S = 1.0
"""Simulated time between two recorded shapes of the organ."""

_PICTURED = frozenset(
    {
        "tissue.torn",
        "mark.set",
        "target.found",
        "lens.touched",
        "complication.started",
        "step.done",
        "exposure.won",
    }
)


class Looks:
    """The slow side of a session.

    Parameters
    ----------
    stage, run, engine, trainee, writer
        What is joined.
    respiration
        How the patient breathes, if that is to be seen.
    program
        The procedure's own, if it has one.
    """

    def __init__(
        self,
        stage: Stage,
        run: Run,
        engine: Engine,
        trainee: Trainee,
        writer: Recorder,
        respiration: Respiration | None = None,
        program: Program | None = None,
    ) -> None:
        self.stage = stage
        self.run = run
        self.engine = engine
        self.trainee = trainee
        self.writer = writer
        limit_n = stage.procedure.scene.limits.force.value
        self.exposure = Exposure.of(stage, Port.of(run.control), limit_n)
        self.ledger = Ledger(limit_n, self.exposure)
        self.left = False
        self.alarm = ""
        self.warnings: list[str] = []
        self._device = DeviceWatch(self.warnings.append)
        self.tear: Vector | None = None
        self.pause = Pause()
        self.navigation = Navigation.of(stage)
        self._wants_pause = ""
        self._notes: list[tuple[str, str]] = []
        self._surface = np.asarray(stage.organ.surface)
        self._respiration = respiration
        self._program = program
        self._breathing = Breathing()
        self._next_frame_s = 0.0
        control = run.control
        self._turn = rotation_matrix(control["mapping"]["rotation"])
        self._port = Port.of(control)

    @property
    def over(self) -> bool:
        """Whether the session has ended."""
        return self.engine.finished or self.left

    def look(self) -> Snapshot:
        """Take what the tick reported, let trainee and procedure act, record all of it."""
        # Events first: what they cause is then never dated before them.
        events, trace = self.run.events(), self.run.trace()
        snapshot = self.run.snapshot()
        self.writer.write_trace(trace)
        self.writer.write_commands(self.run.commands())
        events += self._take_notes(snapshot)
        now_s = self.pause.clock(snapshot.time_s)
        self.ledger.bleeding.advance(now_s)
        if self.exposure is not None:
            events += self.exposure.look(snapshot, now_s, largest_force(snapshot, trace))
        facts = self.ledger.facts(snapshot, events, trace)
        events += self._navigate(snapshot, now_s, facts)
        if not self.pause.why:
            told = self._ask_procedure(snapshot, now_s, facts, events)
            events += _dated(told, snapshot.time_s)
        self._write(events)  # at once: what ends the session from here on loses none of them
        self._act_on_effects(now_s)
        self._watch(events)
        self._device.look(events, trace, snapshot.time_s)
        if not self.over and not self.pause.why:
            marked = self._let_trainee_act(snapshot)
            self._write(marked)
            events += marked
        self._picture(snapshot, events)
        return snapshot

    def _ask_procedure(
        self, snapshot: Snapshot, now_s: float, facts: dict[str, float | bool], before: list[Event]
    ) -> list[Event]:
        """Let the procedure look, and its own program, whose failure ends the session."""
        if self._program is None:
            return self.engine.update(snapshot.tick, now_s, facts)
        try:
            facts |= self._program.facts(snapshot)
            told = self.engine.update(snapshot.tick, now_s, facts)
            effects = self._program.answer([*before, *told])
        except ProcedureError as error:
            self.warnings.append(f"the session was ended: {error}")
            self.leave()
            return [Event(snapshot.tick, now_s, "behaviour.failed", str(error))]
        for effect in effects:
            told += self.engine.apply(effect, snapshot.tick, now_s)
        return told

    def _navigate(
        self, snapshot: Snapshot, now_s: float, facts: dict[str, float | bool]
    ) -> list[Event]:
        """Look through the scope in the hand, if there is one, and add what it shows to `facts`."""
        if self.navigation is None:
            facts |= NO_VIEW
            return []
        fog = fog_now(self.stage.procedure, self.engine.complications)
        told = self.navigation.look(snapshot, now_s, fog)
        facts |= self.navigation.facts()
        return told

    def take_rest(self) -> None:
        """Record what the tick reported between the last look and the end of a live run."""
        self.writer.write_trace(self.run.trace())
        self.writer.write_commands(self.run.commands())
        self._write(self.run.events())

    def stand(self, why: str) -> None:
        """Let the procedure's clock stand from the next look on, or run again (nothing)."""
        self._wants_pause = why

    def note(self, kind: str, text: str) -> None:
        """Record at the next look that something happened beside the tick."""
        self._notes.append((kind, text))

    def _take_notes(self, snapshot: Snapshot) -> list[Event]:
        tick, time_s = snapshot.tick, snapshot.time_s
        if self._wants_pause and self.pause.begin(time_s, self._wants_pause):
            self._notes.append(("session.paused", f"paused: {self._wants_pause}"))
        elif not self._wants_pause and self.pause.end(time_s):
            self._notes.append(("session.resumed", "the procedure goes on"))
        notes, self._notes = self._notes, []
        return [Event(tick, time_s, kind, text) for kind, text in notes]

    def leave(self) -> None:
        """End the session; a look under way is finished first, but moves nothing any more."""
        self.left = True

    def sight(self, snapshot: Snapshot) -> Sight:
        """Collect what the trainee sees."""
        spec = self.stage.procedure.scene
        return Sight(
            time_s=snapshot.time_s,
            probe=snapshot.probe,
            probe_radius_m=spec.probe.radius,
            positions=snapshot.positions,
            surface=self._surface,
            marks=len(self.ledger.marks),
            wanted=spec.nodules.count if spec.nodules else 0,
            message=self.step_title,
            alarm=self.alarm,
            force_limit_n=self.ledger.force_limit_n,
            stretched=self.stage.scene.warns(snapshot.probe.strain),
            felt=as_vector(self._felt(snapshot)),
            pressed=self._device.pressed,
            scope=None if self.navigation is None else scope_sight(self.stage, self.navigation),
            exposed=None if self.exposure is None else self._exposed(self.exposure),
        )

    def _exposed(self, exposure: Exposure) -> Exposed:
        beneath = exposure.beneath
        return Exposed(
            beneath.name,
            beneath.middle,
            exposure.visible,
            beneath.wanted,
            beneath.asked_s,
            None if self._port is None else self._port.pivot,
        )

    def _felt(self, snapshot: Snapshot) -> NDArray[np.float64]:
        felt = np.asarray(self._turn @ np.asarray(snapshot.probe.device_force))
        return felt if self._port is None else self._port.at_tip(felt, snapshot.probe.position)

    @property
    def device_alarm(self) -> str:
        """What the device is to be complained of, or nothing."""
        return self._device.alarm

    @property
    def step_title(self) -> str:
        """What the trainee is to do now."""
        return self.engine.told

    def _let_trainee_act(self, snapshot: Snapshot) -> list[Event]:
        action: Action = self.trainee.act(self.sight(snapshot))
        if action.aim is not None and not self.left:
            self.run.aim(action.aim)
        if self.navigation is not None:
            self.navigation.turn(action.roll, action.head)
        self.ledger.finished |= action.finish
        self.left |= action.leave
        return [self._mark(snapshot)] if action.mark else []

    def _mark(self, snapshot: Snapshot) -> Event:
        """Set a mark at the material point under the probe."""
        probe = snapshot.probe
        rest = probe.contact_rest or self._nearest_at_rest(snapshot)
        self.ledger.marks.append(rest)
        number = len(self.ledger.marks)
        values = {"number": number, "rest_x": rest[0], "rest_y": rest[1], "rest_z": rest[2]}
        text = f"mark {number} set"
        return Event(snapshot.tick, snapshot.time_s, "mark.set", text, probe.position, values)

    def _nearest_at_rest(self, snapshot: Snapshot) -> Vector:
        nodes = np.unique(self._surface)
        gaps = snapshot.positions[nodes] - np.asarray(snapshot.probe.position)
        node = nodes[np.argmin(np.einsum("ij,ij->i", gaps, gaps))]
        x, y, z = self.stage.organ.points[node]
        return (float(x), float(y), float(z))

    def _act_on_effects(self, time_s: float) -> None:
        for effect in self.engine.effects():
            self.ledger.bleeding.act(effect)
            if effect.breath is not None:
                self._breathing.begin(effect.breath, effect.time_s)
        steady = None if self._respiration is None else self._respiration.due(time_s)
        if steady is not None:
            self._breathing.begin(steady, time_s)
        glide = self._breathing.due(time_s)
        if glide is not None and not self.left:
            self.run.move_supports(0, glide.offset, glide.duration_s)

    def _watch(self, events: list[Event]) -> None:
        """Remember what the trainee is to be warned of."""
        for event in events:
            if event.kind == "tissue.torn" and self.tear is None:
                values = event.values
                x, y, z = (float(values[f"rest_{axis}"]) for axis in "xyz")
                self.tear = (x, y, z)
        active = [c for c in self.engine.complications if c.started_s is not None]
        self.alarm = next((c.title for c in active if c.ended_s is None), "")

    def _write(self, events: list[Event]) -> None:
        for event in events:
            self.writer.write_event(event)

    def _picture(self, snapshot: Snapshot, events: list[Event]) -> None:
        """Record the organ's shape once in `FRAME_S`, and where something is worth a picture."""
        due = snapshot.time_s >= self._next_frame_s
        if due or any(event.kind in _PICTURED for event in events):
            positions: NDArray[np.float64] = snapshot.positions
            self.writer.write_frame(snapshot.tick, positions)
            if due:
                self._next_frame_s = snapshot.time_s + FRAME_S


def _dated(events: Iterable[Event], time_s: float) -> list[Event]:
    """Date what the procedure tells by the tick: its own clock may have stood."""
    return [event if event.time_s == time_s else replace(event, time_s=time_s) for event in events]
