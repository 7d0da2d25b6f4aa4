"""The same session in every runtime there is, on its own clock; none of it depends on its rate."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from surgisim.render import Hud, Instrument, Scene, View
from surgisim.render.context import GLContext
from surgisim.render.renderer import Renderer
from surgisim.xr.connection import Connection
from surgisim.xr.headset import Headset
from surgisim.xr.instance import Instance, open_instance
from surgisim.xr.picture import Picture, Wishes
from surgisim.xr.pose import Pose
from surgisim.xr.session import Deed, State

from .runtimes import RUNTIMES, Runtime

LONGEST_S = 60.0
FRAMES = 40
SCENE = Scene(instruments=(Instrument((0.0, 0.0, -0.4)),), cavity=False)
SHOWN = Picture(
    SCENE,
    Scene(hud=Hud(title="A screen"), cavity=False),
    View.look_at((0.0, 0.0, 1.0), (0.0, 0.0, 0.0)),
    Pose((0.0, 0.2, -1.0)),
)


@pytest.fixture(params=list(RUNTIMES))
def runtime(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Runtime]:
    with RUNTIMES[request.param](tmp_path, monkeypatch) as one:
        yield one


class Doors:
    """Makes sessions in one context."""

    def __init__(self, gl: GLContext) -> None:
        self._gl, self._renderer = gl, Renderer(gl, "software")

    def open_instance(self) -> Instance:
        return open_instance()

    def open_headset(self, instance: Instance) -> Headset:
        return Headset(instance, self._gl, self._renderer, Wishes(), world=Pose())


@pytest.fixture
def connection(runtime: Runtime) -> Iterator[Connection]:
    assert runtime
    with ExitStack() as ends:
        gl = ends.enter_context(GLContext.egl_surfaceless())
        made = Connection(Doors(gl), time.monotonic)
        ends.callback(made.close)
        made.open()
        yield made


def step_until(connection: Connection, done: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST_S
    while not done():
        assert time.monotonic() < until, connection.story
        if connection.step(lambda *_: SHOWN) is None:
            time.sleep(0.01)


def test_a_session_comes_to_focus_shows_frames_and_leaves(
    runtime: Runtime, connection: Connection
) -> None:
    headset = connection.headset
    assert headset is not None
    count = headset.frames.count
    step_until(connection, lambda: count.drawn >= FRAMES and connection.takes_input)
    assert headset.life.state is State.FOCUSED
    assert count.begun == count.ended >= FRAMES
    assert headset.tool.source == "controller"
    assert headset.tool.position is not None
    assert headset.tool.time_ns == headset.moment.shown_ns if headset.moment else False
    now_ns = headset.instance.now_ns()
    if now_ns is not None and headset.moment is not None:
        assert abs(now_ns - headset.moment.shown_ns) < 5e9
    headset.leave()
    step_until(connection, lambda: connection.left)
    assert headset.deed is Deed.DESTROY
    assert runtime.faults == []


def test_a_runtime_that_ends_is_noticed_and_regained_when_it_is_back(
    runtime: Runtime, connection: Connection
) -> None:
    first = connection.headset
    assert first is not None
    step_until(connection, lambda: first.frames.count.drawn >= 3)
    runtime.end()
    step_until(connection, lambda: connection.headset is None)
    assert connection.story.losses == 1
    runtime.start()
    step_until(connection, lambda: connection.headset is not None)
    again = connection.headset
    assert again is not None
    assert again is not first
    step_until(connection, lambda: again.frames.count.drawn >= 3)
    assert len(connection.story.away_s) == 1
    assert runtime.faults == []
