"""``surgisim rig`` as a person types it."""

from pathlib import Path

import numpy as np
import pytest

from surgisim import rig
from surgisim.cli import main

HEAD = ",".join(rig.COLUMNS)
CORNERS = [(x, y, z) for x in (0, 100) for y in (0, 80) for z in (0, 60)]


@pytest.fixture(autouse=True)
def rigs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SURGISIM_RIGS", str(tmp_path / "rigs"))
    return tmp_path / "rigs"


def _table(path: Path, rows: object) -> str:
    lines = [",".join(map(str, np.ravel(row))) for row in rows]  # type: ignore[attr-defined]
    path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    return str(path)


def test_from_nothing_to_a_rig(rigs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rig", "list"]) == 0
    assert capsys.readouterr().out == (
        f"no rigs in {rigs}; `surgisim rig new NAME --device D` makes one\n"
    )
    assert main(["rig", "new", "bench", "--device", "touch", "--scale", "2", "--clutch", "0"]) == 0
    one = rig.Rig.load(rigs / "bench.toml")
    assert (one.device, one.mapping.scale, one.mapping.clutch) == ("touch", 2.0, 0)
    assert main(["rig", "show", str(rigs / "bench.toml")]) == 0
    out = capsys.readouterr().out
    assert "button 0 parts hand and tool" in out
    assert "1 N/m of tissue is 2 N/m in the hand" in out
    assert main(["rig", "new", "bench", "--device", "haply:049D"]) == 2
    assert "there is a rig 'bench'" in capsys.readouterr().err
    assert main(["rig", "new", "bench", "--device", "haply:049D", "--force"]) == 0
    assert rig.Rig.load(rigs / "bench.toml") == rig.Rig("haply:049D")


def test_a_rig_over_an_anatomy(rigs: Path, coarse_liver: Path) -> None:
    order = ["rig", "new", "liver", "--device", "touch", "--radius-mm", "80"]
    assert main([*order, "--anatomy", str(coarse_liver)]) == 0
    one = rig.Rig.load(rigs / "liver.toml")
    assert 1.2 < one.mapping.scale < 3.0
    assert main([*order, "--anatomy", str(coarse_liver), "--scale", "1", "--force"]) == 0
    chosen = rig.Rig.load(rigs / "liver.toml")
    assert chosen.mapping.scale == 1.0
    assert chosen.mapping.origin_world == one.mapping.origin_world


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (["new", "Bench", "--device", "touch"], "'Bench' cannot be the name of a rig; give up to"),
        (["new", "b", "--device", ""], "a rig: 'device' is '': give the name of a device"),
        (
            ["new", "b", "--device", "tuch"],
            "no device 'tuch' (did you mean 'touch'?); known are touch,",
        ),
        (["new", "b", "--device", "auto"], "no device 'auto'; known are forcedimension, touch,"),
        (
            ["new", "b", "--device", "touch", "--scale", "0"],
            "mapping of a rig: 'scale' is 0.0: give",
        ),
        (["new", "b", "--device", "hand", "--clutch", "32"], "'clutch' is 32: give the number"),
        (
            ["new", "b", "--device", "touch", "--radius-mm", "0"],
            "workspace of a rig: 'radius' is 0.0",
        ),
        (["new", "b", "--device", "touch", "--anatomy", "nothing"], "nothing"),
        (["show", "b"], "no rig 'b'; `surgisim rig list` tells those there are"),
        (["calibrate", "b", "--points", "x.csv"], "no rig 'b'"),
    ],
)
def test_what_is_wrong_is_told(
    order: list[str], told: str, rigs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rig", *order]) == 2
    assert told in capsys.readouterr().err
    assert rig.names() == []


def test_a_damaged_rig_does_not_hide_the_others(
    rigs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.Rig("touch").save(rigs / "good.toml")
    (rigs / "bad.toml").write_text('schema = "surgisim/rig@1"\ndevice = 3\n')
    assert main(["rig", "list"]) == 1
    bad, good = capsys.readouterr().out.splitlines()
    assert f"cannot be used: {rigs / 'bad.toml'}:2: 'device' is 3" in bad
    assert good.startswith("good ")


def test_a_calibration_is_saved_and_told(
    rigs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.Rig("touch", rig.Mapping(scale=1.5)).save(rigs / "bench.toml")
    rows = [(p, np.add(p, (500, 0, 0))) for p in CORNERS]
    rows[3][1][1] += 12.0
    points = _table(tmp_path / "points.csv", rows)
    assert main(["rig", "calibrate", "bench", "--points", points]) == 0
    out = capsys.readouterr().out
    (worst,) = (line for line in out.splitlines() if line.endswith("mm  the worst"))
    assert worst.startswith(f"  {points}:5  ")
    assert [f"{points}:{n}  " in out for n in range(1, 11)] == [False, *[True] * 8, False]
    assert "note: the worst point alone is far off; touch it again" in out
    assert "note: with a scale of 1.5 the tool is where the hand is only in the middle" in out
    one = rig.Rig.load(rigs / "bench.toml")
    assert one.calibration is not None
    assert one.calibration.points == 8
    assert one.mapping.scale == 1.5


def test_points_that_do_not_fit_change_nothing(
    rigs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.Rig("touch").save(rigs / "bench.toml")
    inches = _table(tmp_path / "inches.csv", [(p, np.divide(p, 25.4)) for p in CORNERS])
    assert main(["rig", "calibrate", "bench", "--points", inches]) == 2
    err = capsys.readouterr().err
    assert "with a scale of 0.03937 they would fit better: check the units; nothing was" in err
    mixed = [(p, q) for p, q in zip(CORNERS, CORNERS[1:] + CORNERS[:1], strict=True)]
    order = ["rig", "calibrate", "bench", "--points", _table(tmp_path / "mixed.csv", mixed)]
    assert main(order) == 2
    assert "nothing was saved" in capsys.readouterr().err
    assert rig.Rig.load(rigs / "bench.toml") == rig.Rig("touch")


def test_points_that_do_not_fit_are_told_with_the_worst_line(
    rigs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.Rig("touch").save(rigs / "bench.toml")
    rows = [(p, np.add(p, (500, 0, 0))) for p in CORNERS]
    rows[6][1][2] += 90.0
    points = _table(tmp_path / "points.csv", rows)
    assert main(["rig", "calibrate", "bench", "--points", points]) == 2
    out, err = capsys.readouterr()
    assert f", most at {points}:8; " in err
    assert err.endswith("nothing was saved\n")
    assert len([line for line in out.splitlines() if line.startswith(f"  {points}:")]) == 8


@pytest.mark.parametrize(
    ("device", "world", "told"),
    [
        (1e-3, 1.0, "the points of the device look like metres (they spread 0.0707 mm, those of"),
        (1.0, 1e-3, "the points of the world look like metres (they spread 0.0707 mm, those of"),
        (1e-3, 1e-3, "the points of the device and of the world look like metres (they spread"),
        (1e3, 1.0, "the points of the device look like micrometres (they spread 7.07e+04 mm)"),
        (1e3, 1e3, "the points of the device and of the world look like micrometres"),
    ],
)
def test_points_in_another_unit_are_told_and_change_nothing(
    device: float,
    world: float,
    told: str,
    rigs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rig.Rig("touch").save(rigs / "bench.toml")
    rows = [(np.multiply(p, device), np.add(p, (3, 0, 0)) * world) for p in CORNERS]
    points = _table(tmp_path / "points.csv", rows)
    assert main(["rig", "calibrate", "bench", "--points", points]) == 2
    err = capsys.readouterr().err
    assert f"{points}: {told}" in err
    assert err.endswith("; write all in millimetres; nothing was saved\n")
    assert rig.Rig.load(rigs / "bench.toml") == rig.Rig("touch")


def test_a_rig_of_a_device_that_nobody_knows_is_told_with_the_file(
    rigs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.Rig("omega").save(rigs / "bench.toml")
    for order in (["show", "bench"], ["calibrate", "bench", "--points", "x.csv"]):
        assert main(["rig", *order]) == 2
        told = f"{rigs / 'bench.toml'}: no device 'omega'"
        assert told in capsys.readouterr().err
    assert main(["rig", "list"]) == 1
    assert "cannot be used" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,2,3,4,5,6\n", f":1: the first line has to be '{HEAD}'"),
        ("", ":1: the first line has to be"),
        (HEAD.replace(",", ";") + "\n", ":1: the first line has to be"),
        (f"{HEAD}\n1,2,3,4,5\n", ":2: 5 columns; give six numbers with commas between them"),
        (f"{HEAD}\n1,2,3,4,5,6\n\n1,2,x,4,5,6\n", ":4: device_z_mm is 'x'; give a number in mill"),
        (f"{HEAD}\n1,2,3,4,5,nan\n", ":2: world_z_mm is 'nan'; give a number in millimetres"),
        (f"{HEAD}\n1,2,3,4,5,6\n", "3 points or more are needed, and 1 given"),
    ],
)
def test_a_bad_table_is_told_with_its_line(
    text: str, told: str, rigs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.Rig("touch").save(rigs / "bench.toml")
    path = tmp_path / "points.csv"
    path.write_text(text, encoding="utf-8")
    assert main(["rig", "calibrate", "bench", "--points", str(path)]) == 2
    assert told in capsys.readouterr().err


def test_a_table_as_spreadsheets_write_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    path.write_bytes(f'\ufeff{HEAD.upper()}\r\n"1.5", 2,3,4,5,6e1\r\n,,,,,\r\n'.encode())
    device, world, lines = rig.read_points(path)
    np.testing.assert_allclose(device, [[0.0015, 0.002, 0.003]])
    np.testing.assert_allclose(world, [[0.004, 0.005, 0.06]])
    assert lines == [2]
