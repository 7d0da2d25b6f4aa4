"""A headset that comes and goes, on a clock made of numbers, with sessions made of nothing."""

import pytest

from surgisim.errors import HeadsetError
from surgisim.snapshot import ToolInput
from surgisim.xr.connection import Connection
from surgisim.xr.frame import Moment
from surgisim.xr.picture import Picture
from surgisim.xr.session import Deed, Life, State


class Instance:
    """Counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class Session:
    """A session that ends when it is told to."""

    def __init__(self) -> None:
        self.life = Life()
        for state in (State.READY, State.FOCUSED):
            self.life.enter(state)
        self.deed: Deed | None = None
        self.why = "the session is lost"
        self.reading = True
        self.tool = ToolInput(source="controller")
        self.closed = self.silenced = self.steps = 0
        self.leaving = False
        self.lets_go_after = 3

    def step(self, _: object) -> Moment | None:
        self.steps += self.leaving
        if self.steps > self.lets_go_after:
            self.deed = Deed.DESTROY
        return None if self.deed else Moment(1, 1, True)

    def silence(self) -> None:
        self.silenced += 1

    def leave(self) -> bool:
        self.leaving = True
        return self.life.running

    def close(self) -> None:
        self.closed += 1


class Runtime:
    """Opens instances and sessions while it is there."""

    def __init__(self) -> None:
        self.here = True
        self.now_s = 100.0
        self.instances: list[Instance] = []
        self.sessions: list[Session] = []
        self.tries: list[float] = []

    def open_instance(self) -> Instance:
        self.tries.append(self.now_s)
        if not self.here:
            raise HeadsetError("no OpenXR runtime is active")
        self.instances.append(Instance())
        return self.instances[-1]

    def open_headset(self, _: Instance) -> Session:
        if not self.here:
            raise HeadsetError("the runtime finds no headset")
        self.sessions.append(Session())
        return self.sessions[-1]


@pytest.fixture
def runtime() -> Runtime:
    return Runtime()


def connect(runtime: Runtime) -> Connection:
    connection = Connection(runtime, lambda: runtime.now_s)
    connection.open()
    return connection


def run(runtime: Runtime, connection: Connection, seconds: float) -> int:
    """Step a hundred times a second; returns how many frames were made."""
    frames = 0
    for _ in range(round(100 * seconds)):
        runtime.now_s += 0.01
        frames += connection.step(lambda *_: Picture(None)) is not None
    return frames


def test_without_a_runtime_it_is_told_at_once_and_not_tried_again(runtime: Runtime) -> None:
    runtime.here = False
    with pytest.raises(HeadsetError, match="no OpenXR runtime"):
        connect(runtime)
    assert len(runtime.tries) == 1


def test_a_lost_session_is_made_again_in_the_same_instance(runtime: Runtime) -> None:
    connection = connect(runtime)
    assert run(runtime, connection, 1.0) == 100
    runtime.sessions[0].deed = Deed.RECREATE
    frames = run(runtime, connection, 1.0)
    assert 65 <= frames <= 75
    assert runtime.sessions[0].closed == 1
    assert len(runtime.sessions) == 2
    assert len(runtime.instances) == 1
    assert connection.story.losses == 1
    assert connection.story.away_s == pytest.approx([0.25], abs=0.03)


def test_a_runtime_that_restarts_is_back_within_two_seconds(runtime: Runtime) -> None:
    connection = connect(runtime)
    runtime.here, runtime.sessions[0].deed = False, Deed.RENEW
    assert run(runtime, connection, 1.2) == 0
    assert runtime.instances[0].closed == 1
    assert connection.tool == ToolInput()
    assert not connection.takes_input
    runtime.here = True
    assert run(runtime, connection, 1.0) > 0
    assert connection.takes_input
    assert connection.story.away_s[0] < 2.0


def test_a_runtime_that_stays_away_costs_little(runtime: Runtime) -> None:
    connection = connect(runtime)
    runtime.here, runtime.sessions[0].deed = False, Deed.RENEW
    run(runtime, connection, 60.0)
    assert 10 <= len(runtime.tries) - 1 <= 20
    assert connection.story.why == "no OpenXR runtime is active"


def test_an_instance_whose_headset_does_not_come_back_is_made_anew(runtime: Runtime) -> None:
    connection = connect(runtime)
    runtime.here, runtime.sessions[0].deed = False, Deed.RECREATE
    run(runtime, connection, 1.0)
    assert runtime.instances[0].closed == 1
    runtime.here = True
    run(runtime, connection, 4.0)
    assert len(runtime.instances) == 2
    assert connection.headset is runtime.sessions[-1]


def test_an_application_that_is_closed_in_the_headset_stays_closed(runtime: Runtime) -> None:
    connection = connect(runtime)
    runtime.sessions[0].deed = Deed.DESTROY
    assert run(runtime, connection, 10.0) == 0
    assert connection.left
    assert len(runtime.sessions) == 1


def test_at_the_end_the_hand_is_silenced_and_all_is_closed(runtime: Runtime) -> None:
    connection = connect(runtime)
    connection.close()
    connection.close()
    assert runtime.sessions[0].silenced == runtime.sessions[0].closed == 1
    assert runtime.instances[0].closed == 1


@pytest.mark.parametrize(("lets_go_after", "steps"), [(3, 4), (10_000, 100)])
def test_a_session_is_left_as_the_runtime_wants_it_but_not_for_ever(
    runtime: Runtime, lets_go_after: int, steps: int
) -> None:
    connection = connect(runtime)
    (session,) = runtime.sessions
    session.lets_go_after = lets_go_after
    connection.leave(lambda _: None)
    assert session.steps == steps
    assert session.closed == runtime.instances[0].closed == 1
    assert connection.headset is None


def test_a_session_that_does_not_run_is_closed_at_once(runtime: Runtime) -> None:
    connection = connect(runtime)
    (session,) = runtime.sessions
    session.life.enter(State.STOPPING)
    connection.leave(lambda _: None)
    assert (session.steps, session.closed) == (0, 1)
