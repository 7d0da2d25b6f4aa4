"""A rig's file: the same rig again, every mistake with its line, the old file or the new one."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surgisim import rig
from surgisim.errors import RigError, SurgisimError
from surgisim.rig import Accuracy, Ball, Mapping, Rig
from surgisim.rig.fields import LARGEST, LEAST, REACH, TABLES

NATIVE = Path(__file__).parents[2] / "crates" / "haptics" / "src"

SOUND = """\
schema = "surgisim/rig@1"
device = "touch:left"
[mapping]
scale = 2          # whole numbers are numbers
clutch = 1
[workspace]
radius = 0.08
"""

number = st.floats(-500.0, 500.0)
point = st.tuples(number, number, number)
turn = st.sampled_from(
    [(1.0, 0.0, 0.0, 0.0), (0.5, -0.5, 0.5, -0.5), (0.6, 0.0, -0.8, 0.0), (0.0, 0.6, 0.0, 0.8)]
)
share = st.floats(LEAST, LARGEST)
rigs = st.builds(
    Rig,
    device=st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.isprintable),
    mapping=st.builds(
        Mapping,
        rotation=turn,
        scale=share,
        origin_device=point,
        origin_world=point,
        force_scale=share | st.just(0.0),
        tool_turn=turn,
        clutch=st.none() | st.integers(0, 31),
        clutch_turns=st.booleans(),
    ),
    workspace=st.builds(Ball, center=point, radius=st.floats(0.001, 10.0)),
    calibration=st.none()
    | st.builds(Accuracy, st.integers(3, 99), st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
)
same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@same_folder
@given(rigs)
def test_what_was_saved_is_loaded_to_the_bit(tmp_path: Path, one: Rig) -> None:
    path = tmp_path / "deep" / "one.toml"
    one.save(path)
    again = Rig.load(path)
    assert again == one
    assert repr(again) == repr(one)  # -0.0 equals 0.0
    before = path.read_bytes()
    again.save(path)
    assert path.read_bytes() == before


@same_folder
@given(st.text() | st.lists(st.sampled_from(SOUND.split())).map(" ".join))
def test_whatever_the_text_is_mistakes_are_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(RigError) as error:
        Rig.load(path)
    assert all(line.startswith(str(path)) for line in str(error.value).splitlines())


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    path = tmp_path / "sound.toml"
    path.write_text("\ufeff" + SOUND, encoding="utf-8")
    expected = Rig("touch:left", Mapping(scale=2.0, clutch=1), Ball(radius=0.08))
    assert Rig.load(path) == expected


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rig@1", "rig@2", """1: 'schema' is 'surgisim/rig@2': give "surgisim/rig@1\""""),
        ('device = "touch:left"\n', "", "1: 'device' is missing: give the name of a device"),
        ('"touch:left"', "7", "2: 'device' is 7: give the name of a device, as `surgisim devices`"),
        ('"touch:left"', '"a\\tb"', "2: 'device' is 'a\\tb': give"),
        ("scale = 2 ", "scael = 2 ", "4: unknown key 'scael' in [mapping] (did you mean 'scale'?)"),
        ("scale = 2 ", "x = 2 ", "4: unknown key 'x' in [mapping] (known are clutch, clutch_turns"),
        (
            "scale = 2 ",
            "scale = 0 ",
            "4: 'scale' is 0: give metres of tool per metre of hand, 0.01",
        ),
        ("scale = 2 ", "scale = true ", "4: 'scale' is true: give metres of tool"),
        ("scale = 2 ", "scale = nan ", "4: 'scale' is nan: give metres of tool"),
        ("scale = 2 ", "scale = '2' ", "4: 'scale' is '2': give metres of tool"),
        ("scale = 2 ", f"scale = {'9' * 400} ", "4: 'scale' is 99999"),
        ("scale = 2 ", "force_scale = -1 ", "4: 'force_scale' is -1: give 0.01 to 100, or 0 for"),
        (
            "scale = 2 ",
            "rotation = [1, 0, 0] ",
            "4: 'rotation' is [1, 0, 0]: give a unit quaternion",
        ),
        ("scale = 2 ", "tool_turn = [1, 1, 0, 0] ", "4: 'tool_turn' is [1, 1, 0, 0]: give a unit"),
        (
            "scale = 2 ",
            "origin_world = [0, inf, 0] ",
            "4: 'origin_world' is [0, inf, 0]: give three",
        ),
        (
            "scale = 2 ",
            "origin_device = [0, 0, 2e3] ",
            "4: 'origin_device' is [0, 0, 2000.0]: give",
        ),
        ("clutch = 1", "clutch = 32", "5: 'clutch' is 32: give the number of a button, 0 to 31"),
        ("clutch = 1", "clutch = 1.0", "5: 'clutch' is 1.0: give the number of a button"),
        ("clutch = 1", "clutch_turns = 1", "5: 'clutch_turns' is 1: give true or false"),
        ("radius = 0.08", "radius = 80", "7: 'radius' is 80: give metres, 0.001 to 10"),
        ("[workspace]", "[worksapce]", "6: unknown key 'worksapce' (did you mean 'workspace'?)"),
        (
            "[workspace]\nradius = 0.08",
            "[calibration]\nrms = 0.1\nworst = 0.2",
            "6: 'points' is miss",
        ),
        ("[mapping]\n", "workspace.radius = 7\n[mapping]\n", "6: not TOML"),
        (
            'device = "touch:left"',
            "device = touch",
            "2: not TOML: Invalid value; write KEY = VALUE",
        ),
        ("clutch = 1", "clutch = [", "1: not TOML"),
    ],
)
def test_every_mistake_has_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "bad.toml"
    assert old in SOUND
    path.write_text(SOUND.replace(old, new), encoding="utf-8")
    with pytest.raises(RigError) as error:
        Rig.load(path)
    if "not TOML" in told:
        assert re.search(r"bad\.toml:\d+: not TOML: ", str(error.value))
        assert len(told) < 16 or f"{path}:{told}" in str(error.value)
    else:
        assert str(error.value).startswith(f"{path}:{told}")


def test_mistakes_are_told_all_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(SOUND.replace("= 2", "= -2").replace("0.08", "0").replace("clutch", "clutsch"))
    with pytest.raises(RigError) as error:
        Rig.load(path)
    lines = [int(line.split(":")[1]) for line in str(error.value).splitlines()]
    assert lines == [4, 5, 7]


def test_a_table_has_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('schema = "surgisim/rig@1"\ndevice = "touch"\nmapping = 3\n')
    with pytest.raises(RigError, match=r":3: 'mapping' is 3: make it a table, \[mapping\]"):
        Rig.load(path)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(RigError, match="cannot be read: No such file"):
        Rig.load(tmp_path / "none.toml")
    with pytest.raises(RigError, match="cannot be read: Is a directory"):
        Rig.load(tmp_path)
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(RigError, match="is not text in UTF-8"):
        Rig.load(path)
    path.write_bytes(b"#" * 200_000)
    with pytest.raises(RigError, match="longer than"):
        Rig.load(path)


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.toml"
    Rig("touch").save(path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RigError, match=r"one\.toml cannot be written: No space left on device"):
        Rig("other").save(path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["one.toml"]
    blocked = tmp_path / "one.toml" / "inside.toml"
    with pytest.raises(RigError, match="cannot be written"):
        Rig("touch").save(blocked)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Mapping(scale=0.0), "mapping of a rig: 'scale' is 0.0: give metres of tool"),
        (lambda: Mapping(rotation=(1, 2)), r"'rotation' is \(1.0, 2.0\): give a unit"),
        (lambda: Mapping(rotation="1000"), "'rotation' is '1000': give a unit"),
        (lambda: Mapping(clutch=True), "'clutch' is true: give the number of a button"),
        (lambda: Ball(radius=float("nan")), "workspace of a rig: 'radius' is nan: give metres"),
        (lambda: Accuracy(2, 0.0, 0.0), "calibration of a rig: 'points' is 2"),
        (lambda: Rig(""), "a rig: 'device' is '': give the name of a device"),
        (lambda: Rig.fit("touch", (0, 0), (1, 1, 1)), "the corner 'low' of the field is"),
    ],
)
def test_a_rig_made_in_code_is_sound_or_refused(make: object, told: str) -> None:
    with pytest.raises(RigError, match=told) as error:
        make()  # type: ignore[operator]
    assert isinstance(error.value, SurgisimError)
    assert isinstance(error.value, ValueError)


def test_ranges_and_names_are_those_of_the_native_code() -> None:
    mapping = (NATIVE / "mapping.rs").read_text(encoding="utf-8")
    low, high = re.findall(r"SCALE_RANGE: \(f64, f64\) = \(([\d.]+), ([\d.]+)\)", mapping)[0]
    assert (float(low), float(high)) == (LEAST, LARGEST)
    command = (NATIVE / "command.rs").read_text(encoding="utf-8")
    assert float(re.findall(r"REACH_M: f64 = ([\d.e]+);", command)[0]) == REACH
    body = re.findall(r"pub struct Mapping \{(.*?)\n\}", mapping, re.DOTALL)[0]
    fields = re.findall(r"pub (\w+):", body)
    assert fields == list(TABLES["mapping"])
    assert fields == list(Rig("touch").to_core()["mapping"])


def test_the_loop_gets_plain_numbers() -> None:
    core = Rig("touch", Mapping(origin_world=[1, 2, 3], clutch=2)).to_core()
    assert core["device"] == "touch"
    assert core["workspace"] == {"center": (0.0, 0.0, 0.0), "radius": 0.1}
    assert core["mapping"] == {
        "rotation": (1.0, 0.0, 0.0, 0.0),
        "scale": 1.0,
        "origin_device": (0.0, 0.0, 0.0),
        "origin_world": (1.0, 2.0, 3.0),
        "force_scale": 1.0,
        "tool_turn": (1.0, 0.0, 0.0, 0.0),
        "clutch": 2,
        "clutch_turns": True,
    }


def test_rigs_are_found_by_name_or_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURGISIM_RIGS", str(tmp_path / "rigs"))
    assert rig.names() == []
    for name in ("left-bench", "right-bench"):
        Rig("touch").save(rig.place(name))
    (tmp_path / "rigs" / "No Rig.toml").write_text("")
    assert rig.names() == ["left-bench", "right-bench"]
    assert rig.find("left-bench") == tmp_path / "rigs" / "left-bench.toml"
    assert rig.find(rig.place("left-bench")) == rig.place("left-bench")
    with pytest.raises(RigError, match=r"no rig 'left-bnch' \(did you mean 'left-bench'\?\)"):
        rig.find("left-bnch")
    with pytest.raises(RigError, match="there is no file"):
        rig.find(tmp_path / "none.toml")
    for bad in ("", "../up", "a/b", "Upper", "-x", "a" * 65, "a\n"):
        with pytest.raises(RigError, match="cannot be the name of a rig"):
            rig.place(bad)


def test_rigs_are_kept_among_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SURGISIM_RIGS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert rig.folder() == tmp_path / "surgisim" / "rigs"


@pytest.mark.parametrize(
    ("half", "radius", "scale"),
    [(0.02, 0.08, 1.0), (0.15, 0.1, 1.5), (0.9, 0.1, 3.0), (0.0, 0.1, 1.0)],
)
def test_a_fitted_rig_covers_the_field(half: float, radius: float, scale: float) -> None:
    a = half / 3**0.5
    low, high = (1.0 - a, 2.0 - a, 3.0 - a), (1.0 + a, 2.0 + a, 3.0 + a)
    ball = Ball((0.0, 0.1, 0.02), radius)
    one = Rig.fit("touch", low, high, ball)
    m = one.mapping
    assert m.scale == pytest.approx(scale)
    assert m.origin_device == ball.center
    assert m.origin_world == pytest.approx((1.0, 2.0, 3.0))
    assert m.rotation == (1.0, 0.0, 0.0, 0.0)  # -z away from the person stays away
    assert m.force_scale == 1.0
    if scale < 3.0:
        assert m.scale * radius >= half * (1 - 1e-12)
    assert m.device_stiffness(400.0) == pytest.approx(400.0 * scale)
