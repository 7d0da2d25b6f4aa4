"""``surgisim devices``, and what ``surgisim run`` makes of ``--device`` and ``--rig``."""

import json
from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.commands import devices
from surgisim.errors import DeviceError
from surgisim.run import LockstepRun
from surgisim.session import Order
from surgisim.simulation import Material, Sighting, TetMesh, World, simulated_devices

REAL = [
    Sighting("forcedimension", "omega.7", False, "forcedimension: libdrd is not installed", True),
    Sighting("openhaptics:desk", "Touch", True, "connected", True),
    Sighting("spacemouse:/dev/hidraw3", "SpaceMouse Compact", True, "connected", False),
    Sighting("gamepad", "gamepad", False, "no gamepad among the devices", False),
]


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "survey_devices", lambda: REAL)


def test_devices_are_listed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--json"]) == 0
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert {
        "mouse",
        "simulated",
        "simulated:touch",
        "simulated:inverse3",
        "simulated:omega",
    } <= set(found)
    for one in found.values():
        assert list(one) == ["name", "model", "here", "why", "force"]
        assert one["here"] or one["why"]
    assert not found["mouse"]["force"]
    assert found["simulated:omega"]["force"]


@pytest.mark.usefixtures("real")
def test_each_device_has_a_line_with_why_it_is_not_here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert main(["devices"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("device ")
    assert len(lines) == len(REAL) + 7
    words = {line.split()[0]: line for line in lines}
    assert "  not here  yes    omega.7; libdrd is not installed" in words["forcedimension"]
    assert "  here      no     SpaceMouse Compact" in words["spacemouse:/dev/hidraw3"]


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("width", [40, 60, 100])
def test_devices_keep_to_the_terminal(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["devices"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert "libdrd is not installed" in " ".join(out.split())


@pytest.mark.usefixtures("real")
def test_auto_takes_a_device_with_force_for_a_person_and_the_ideal_hand_for_a_script(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert devices.automatic(script=False) == "openhaptics:desk"
    assert devices.automatic(script=True) == "hand"
    monkeypatch.setattr(devices, "survey_devices", lambda: REAL[:1] + REAL[2:])
    assert devices.automatic(script=False) == "mouse"


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize(
    "name", ["mouse", "hand", "simulated", "simulated:inverse3", "openhaptics", "gamepad:/a/pipe"]
)
def test_what_is_here_or_may_be_is_taken(name: str) -> None:
    devices.check_known(name)
    devices.check_here(name)


@pytest.mark.usefixtures("real")
def test_what_is_not_here_is_told_with_the_reason() -> None:
    devices.check_known("forcedimension")
    with pytest.raises(DeviceError, match="forcedimension is not here: libdrd is not installed"):
        devices.check_here("forcedimension")
    with pytest.raises(DeviceError) as error:
        devices.check_known("OpenHaptic")
    assert str(error.value) == (
        "no device 'OpenHaptic' (did you mean 'openhaptics'?); known are openhaptics, "
        "forcedimension, spacemouse, gamepad, mouse, simulated, hand"
    )


def test_every_simulated_device_opens_and_says_what_it_is() -> None:
    world = World(gravity=(0.0, 0.0, 0.0))
    tissue = Material(young_modulus=5e3, poisson_ratio=0.45, density=1060.0)
    organ = world.add_soft_body(TetMesh.box((0.1, 0.1, 0.1), (2, 2, 2)), tissue)
    tool = world.add_sphere(0.01, (0.05, 0.13, 0.05))
    for one in simulated_devices():
        run = LockstepRun(world, tool, organ, device=one.name)
        assert run.device_info["model"] == one.model
        assert run.device_info["output_dof"] == 3


SCRIPT = ["run", "liver_palpation", "--trainee", "careful", "--view", "none"]


def test_a_script_has_the_ideal_hand_unless_told_otherwise(ordered: list[Order]) -> None:
    for more in ([], ["--device", "simulated"]):
        assert main([*SCRIPT, *more]) == 2
    assert [order.device for order in ordered] == ["hand", "simulated"]
    assert [order.control for order in ordered] == [None] * 2


def test_the_port_can_be_switched_off(ordered: list[Order]) -> None:
    for more in ([], ["--no-port"]):
        assert main([*SCRIPT, *more]) == 2
    assert [order.port for order in ordered] == [True, False]


def test_a_rig_brings_its_device_and_its_mapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ordered: list[Order]
) -> None:
    monkeypatch.setenv("SURGISIM_RIGS", str(tmp_path))
    new = ["rig", "new", "bench", "--device", "simulated:omega", "--scale", "2", "--clutch", "0"]
    assert main(new) == 0
    assert main([*SCRIPT, "--rig", "bench"]) == 2
    assert main([*SCRIPT, "--rig", str(tmp_path / "bench.toml"), "--device", "simulated"]) == 2
    first, second = ordered
    assert (first.device, second.device) == ("simulated:omega", "simulated")
    assert first.rig == second.rig == "bench"
    assert first.control is not None
    assert (first.control["mapping"]["scale"], first.control["mapping"]["clutch"]) == (2.0, 0)
    assert second.control == first.control


def test_a_rig_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SURGISIM_RIGS", str(tmp_path))
    assert main([*SCRIPT, "--rig", "bench"]) == 2
    assert "no rig 'bench'" in capsys.readouterr().err
