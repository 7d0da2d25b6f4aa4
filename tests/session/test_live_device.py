"""A real driver from Python; the fake of the Rust tests stands in for the maker's libHD.

The fake has a servo thread of its own, and it counts every use that the real library would punish.
Nothing here waits for a time: each step waits for what it needs to be seen.
"""

import ctypes
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from surgisim import Material, SoftBody, TetMesh, Tool, World
from surgisim.cli import main
from surgisim.errors import DeviceError
from surgisim.record import load
from surgisim.run import LiveRun, verify
from surgisim.session import Order, debrief, play, verify_session
from surgisim.session.look import Looks
from surgisim.snapshot import Event, Snapshot
from surgisim.trainees.person import Person

from .keys import Keys

REPOSITORY = Path(__file__).resolve().parents[2]
SERIAL = "5260-000"
MIDDLE_MM = 10.0  # y of the middle of its workspace


def libraries(told: str) -> Iterator[Path]:
    """Files that cargo says it made of the fake."""
    for line in told.splitlines():
        message = json.loads(line)
        if message.get("target", {}).get("name") == "fake_hd":
            yield from map(Path, message.get("filenames", []))


@pytest.fixture(scope="session")
def libhd() -> Path:
    """Build the fake once; CARGO_TARGET_DIR says where, as it does for cargo."""
    cargo = shutil.which("cargo")
    if cargo is None:
        pytest.skip("cargo is not installed, so the stand-in for libHD cannot be built")
    asked = [cargo, "build", "-p", "haptics", "--example", "fake_hd"]
    asked.append("--message-format=json-render-diagnostics")
    built = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    endings = (".so", ".dylib", ".dll")
    return next(path for path in libraries(built.stdout) if path.suffix in endings)


class Touch:
    """The handle, the plug and the motors of the fake: the library that the driver opens."""

    def __init__(self, path: Path) -> None:
        self._hd = ctypes.CDLL(str(path))
        self._hd.fake_hd_frames.restype = ctypes.c_uint64
        self._hd.fake_hd_frames.argtypes = [ctypes.c_size_t]
        self._hd.fake_hd_plug.argtypes = [ctypes.c_size_t, ctypes.c_bool]
        self._hd.fake_hd_place.argtypes = [ctypes.c_size_t, ctypes.c_void_p, ctypes.c_int]
        self._hd.fake_hd_played.argtypes = [ctypes.c_size_t, ctypes.c_void_p]
        self._hd.fake_hd_reset()
        self.place(MIDDLE_MM)

    def place(self, height_mm: float, buttons: int = 0) -> None:
        """Put the handle over the middle of the table."""
        columns = [*np.eye(4).ravel()]
        columns[13] = height_mm
        self._hd.fake_hd_place(0, (ctypes.c_double * 16)(*columns), buttons)

    @property
    def force_n(self) -> NDArray[np.float64]:
        """What the motors play."""
        played = (ctypes.c_double * 6)()
        self._hd.fake_hd_played(0, played)
        return np.array(played[:3])

    def plug(self, plugged: bool) -> None:
        self._hd.fake_hd_plug(0, plugged)

    @property
    def frames(self) -> int:
        return int(self._hd.fake_hd_frames(0))

    @property
    def misuse(self) -> int:
        return int(self._hd.fake_hd_misuse())


@pytest.fixture
def touch(libhd: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Touch]:
    monkeypatch.setenv("SURGISIM_LIBHD", str(libhd))
    monkeypatch.delenv("GTDD_HOME", raising=False)
    touch = Touch(libhd)
    yield touch
    touch.plug(True)
    # Forces outside the servo's frames, a device closed with a force in it, and the like.
    assert touch.misuse == 0


def block() -> tuple[World, Tool, SoftBody]:
    """Tissue up to 0.1 m, and a ball that touches it from 0.11 m down; it starts at 0.13 m."""
    world = World(gravity=(0.0, 0.0, 0.0))
    tissue = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)
    organ = world.add_soft_body(TetMesh.box((0.1, 0.1, 0.1), (3, 3, 3)), tissue, fixed=(0, 1, 2))
    return world, world.add_sphere(0.01, (0.05, 0.13, 0.05)), organ


class Watched:
    """A live run of which nothing is lost while one waits for something."""

    def __init__(self, run: LiveRun) -> None:
        self.run = run
        self.rows: list[NDArray[np.void]] = []
        self.commands: list[NDArray[np.void]] = []
        self.events: list[Event] = []

    def drain(self) -> None:
        self.events += self.run.events()
        self.rows.append(self.run.trace())
        self.commands.append(self.run.commands())

    def until(self, seen: Callable[[], bool], what: str) -> None:
        """Wait for what has to come; the limit only ends a test that has failed."""
        last = time.monotonic() + 20.0
        while not seen():
            assert time.monotonic() < last, f"never came: {what}; events {self.events}"
            time.sleep(0.002)
            self.drain()

    def happened(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.kind == kind]


def test_it_is_listed(touch: Touch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--json"]) == 0
    (found,) = (one for one in json.loads(capsys.readouterr().out) if one["name"] == "touch")
    assert found["here"]
    assert found["force"]
    assert found["model"] == "3D Systems Touch"
    touch.plug(False)
    assert main(["devices"]) == 0
    lines = capsys.readouterr().out.splitlines()
    (line,) = (line for line in lines if line.startswith("touch "))
    assert "not here" in line


def test_what_is_not_plugged_in_is_told(touch: Touch) -> None:
    touch.plug(False)
    with pytest.raises(DeviceError, match="GTDD_HOME"):
        LiveRun(*block(), device="touch")


def test_it_feels_tissue_is_lost_comes_back_and_ends_without_force(touch: Touch) -> None:
    world, tool, organ = block()
    run = LiveRun(world, tool, organ, device="touch", force_limit_n=20.0)
    told = Watched(run)
    try:
        told.until(lambda: run.snapshot().tick > 20, "ticks")
        frames, tick = touch.frames, run.snapshot().tick
        told.until(lambda: touch.frames > frames + 50, "the servo's frames")
        told.until(lambda: run.snapshot().tick > tick + 20, "ticks in them")
        assert not touch.force_n.any()

        for step in range(1, 251):  # 5 mm into the tissue, as a hand goes and not by a leap
            touch.place(MIDDLE_MM - 0.1 * step)
            tick = run.snapshot().tick
            told.until(lambda tick=tick: run.snapshot().tick > tick, "ticks")
        told.until(lambda: touch.force_n[1] > 0.1, "the tissue's force in the motors")
        told.until(lambda: run.snapshot().probe.touching, "a tick that touches")
        assert np.abs(touch.force_n[[0, 2]]).max() < 0.05

        told.drain()
        assert not told.events
        touch.plug(False)
        told.until(lambda: bool(told.happened("tick.fault")), "the loss")
        assert "reading the device failed" in told.events[0].text
        assert run.running
        lost = told.events[0].tick
        told.until(lambda: run.snapshot().tick > lost + 20, "ticks without a device")
        assert run.snapshot().probe.device_force == (0.0, 0.0, 0.0)

        replugged = run.snapshot().tick
        touch.plug(True)
        told.until(lambda: bool(told.happened("device.back")), "the device")
        assert told.happened("device.back")[0].tick - replugged < 2000
        told.until(lambda: touch.force_n[1] > 0.1, "its force, slowly")
        felt = run.snapshot().tick
        told.until(lambda: run.snapshot().tick > felt, "a tick with that force")
    finally:
        stats = run.stop()
    told.drain()
    assert not touch.force_n.any()
    assert stats.lost == (0, 0, 0)
    rows = np.concatenate(told.rows)
    assert len(rows) == stats.ticks
    faulty = rows["faults"] != 0
    assert 100 < faulty.sum() < len(rows)
    assert not rows["device_force"][faulty].any()
    assert rows["device_force"][:, 1].max() > 0.1

    again, events = verify(
        world,
        tool,
        organ,
        rows,
        np.concatenate(told.commands),
        20.0,
        control=run.control,
        device_info=run.device_info,
    )
    assert again is None
    faults = [event.tick for event in told.happened("tick.fault")]
    assert [event.tick for event in events if event.kind == "tick.fault"] == faults


class Surgeon:
    """Lowers the handle until the probe touches, presses, marks with the button, and finishes."""

    def __init__(self, touch: Touch, keys: Keys) -> None:
        self._touch, self._keys = touch, keys
        self._height_mm, self._deeper, self._looks = MIDDLE_MM, 6, 0

    def __call__(self, looks: Looks, snapshot: Snapshot) -> None:
        self._looks += 1
        assert self._looks < 1500, "the surgeon met nothing"
        if self._deeper and touching(snapshot):
            self._deeper -= 1
        if self._deeper:
            self._height_mm -= 0.5
        marked = bool(looks.ledger.marks)
        self._touch.place(self._height_mm, 0 if self._deeper or marked else 1)
        if marked:
            self._keys.pressed = ("finish",)


def touching(snapshot: Snapshot) -> bool:
    return bool(snapshot.probe.touching)


def test_a_person_plays_with_it_and_the_record_names_the_model_alone(
    tmp_path: Path, touch: Touch, coarse_liver: Path
) -> None:
    keys = Keys()
    order = Order(
        "liver_palpation",
        tmp_path / "out",
        anatomy=coarse_liver,
        device="touch",
        trainee="person",
        live=True,
    )
    play(
        order,
        lambda *_: Person(keys, device=True),
        watch=Surgeon(touch, keys),
        wait=time.sleep,
    )
    record = load(order.out)
    assert record.damaged is None
    assert record.header["device"] == "touch"
    assert record.header["device_info"]["model"] == "3D Systems Touch"
    assert record.trace["device_force"][:, 1].max() > 0.05
    assert [event.kind for event in record.events].count("mark.set") == 1
    assert verify_session(record).agrees
    debrief(order.out)
    assert "3D Systems Touch" in (order.out / "report.html").read_text()
    for folder, _, files in os.walk(order.out):
        for file in files:
            assert SERIAL.encode() not in (Path(folder) / file).read_bytes()
