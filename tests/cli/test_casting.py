"""Who plays, with what in the hand, where it is shown: every combination, a way out of each no."""

import itertools
import re
from pathlib import Path

import pytest

from surgisim.cli import main
from surgisim.commands import devices
from surgisim.commands.casting import Part, agree
from surgisim.errors import SurgisimError
from surgisim.session import Order
from surgisim.simulation import Sighting

REAL = [
    Sighting("touch", "Touch", True, "found", True),
    Sighting("haply", "Inverse3", False, "no Inverse Service; start it", True),
    Sighting("gamepad", "gamepad", True, "connected", False),
]


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "survey_devices", lambda: REAL)


@pytest.fixture(params=["display", "no display"])
def display(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if request.param == "display":
        monkeypatch.setenv("DISPLAY", ":0")
    else:
        monkeypatch.delenv("DISPLAY", raising=False)
    return bool(request.param == "display")


DEVICES = ("auto", "mouse", "hand", "simulated", "simulated:omega", "touch", "gamepad")


def test_each_combination_plays_or_is_refused(display: bool) -> None:
    for trainee, device, view in itertools.product(
        (None, "careful"), DEVICES, ("auto", "window", "none")
    ):
        windowed = view == "window" or (view == "auto" and trainee is None)
        held = device in ("mouse", "touch", "gamepad")
        good = (display or not windowed) and (windowed if trainee is None else not held)
        if good:
            chosen = device if device != "auto" else "touch" if trainee is None else "hand"
            shown = "window" if windowed else "none"
            assert agree(trainee, device, view, None) == Part(shown, chosen, live=windowed)
        else:
            with pytest.raises(SurgisimError) as error:
                agree(trainee, device, view, None)
            assert "\n" not in str(error.value)
            assert str(error.value).count("; ") == 1  # what is wrong; what to do


Typed = tuple[str | None, str, str]


def test_who_does_what_a_refusal_says_is_not_sent_in_a_circle(display: bool) -> None:
    for typed in itertools.product((None, "careful"), DEVICES, ("auto", "window", "none")):
        _follow(typed, display, ())


def _follow(typed: Typed, display: bool, before: tuple[Typed, ...]) -> None:
    assert typed not in before
    told = _refusal(typed)
    advice = _advice(told, typed, display)
    assert bool(advice) is bool(told), told
    for after in advice:
        _follow(after, display, (*before, typed))


def _refusal(typed: Typed) -> str:
    try:
        agree(*typed, None)
    except SurgisimError as error:
        return str(error)
    return ""


def _advice(told: str, typed: Typed, display: bool) -> list[Typed]:
    """What a person types next, for each thing that a refusal says to do here."""
    ways: list[Typed] = []
    if not told:
        return ways
    for way in re.split(r",? or ", told.partition("; ")[2]):
        if "where there is" in way and not display:
            continue
        trainee, device, view = typed
        if "--trainee careful" in way:
            trainee = "careful"
        if "--device simulated" in way:
            device = "simulated"
        if "leave --device out" in way:
            device = "auto"
        if "leave --trainee" in way:
            trainee = None
        if "--view out" in way or way == "leave it out":
            view = "auto"
        ways.append((trainee, device, view))
    return ways


@pytest.mark.parametrize("display", ["display"], indirect=True)
@pytest.mark.usefixtures("display")
@pytest.mark.parametrize(
    ("order", "told"),
    [
        (
            (None, "touch", "none", None),
            "a person needs a window to play, and --view none opens none; leave it out, or let a "
            "script play: --trainee careful --device simulated",
        ),
        (
            ("careful", "touch", "none", None),
            "a script cannot move 'touch', which a person holds; give --device simulated, or leave "
            "--trainee and --view out and play yourself",
        ),
        (
            ("careful", "mouse", "auto", None),
            "a script moves no mouse; leave --device out for the ideal hand, or give --device "
            "simulated",
        ),
        ((None, "haply", "auto", None), "haply is not here: no Inverse Service; start it"),
        ((None, "auto", "auto", "max"), "a person cannot play at --speed max; leave it out"),
        (
            ("careful", "tuch", "none", None),
            "no device 'tuch' (did you mean 'touch'?); known are touch, haply, gamepad, mouse, "
            "simulated, hand",
        ),
        (
            (None, "simulated:spoon", "auto", None),
            "no device 'simulated:spoon' (did you mean 'simulated'?); known are simulated, "
            "simulated:touch, simulated:omega, simulated:inverse3",
        ),
        ((None, "mouse:2", "auto", None), "no device 'mouse:2' (did you mean 'mouse'?); known are"),
    ],
)
def test_each_refusal_is_one_sentence(
    order: tuple[str | None, str, str, str | None], told: str
) -> None:
    with pytest.raises(SurgisimError) as error:
        agree(*order)
    assert str(error.value).startswith(told)


def test_a_path_or_address_may_lead_to_what_was_not_seen(display: bool) -> None:
    if display:
        assert agree(None, "haply:049D", "auto", None).device == "haply:049D"


@pytest.mark.parametrize("hz", ["5", "700", "nan", "x", "-60"])
def test_a_rate_of_the_tissue_out_of_range_is_refused_before_anything_is_made(
    hz: str, tmp_path: Path, ordered: list[Order], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out" / "session"
    order = ["run", "liver_palpation", "--trainee", "careful", "--out", str(out)]
    with pytest.raises(SystemExit) as stop:
        main([*order, f"--tissue-hz={hz}"])
    assert stop.value.code == 2
    assert "500 Hz" in capsys.readouterr().err.splitlines()[-1]
    assert not ordered
    assert not (tmp_path / "out").exists()


def test_in_a_headset_a_display_is_not_needed(display: bool) -> None:
    assert display in (True, False)
    assert agree(None, "auto", "headset", None) == Part("headset", "touch", live=True)
    assert agree("careful", "auto", "headset", "max") == Part("headset", "hand", live=False)
    with pytest.raises(SurgisimError, match="cannot play at --speed max"):
        agree(None, "auto", "headset", "max")
