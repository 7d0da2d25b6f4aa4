"""A file that is saved is noticed once, however the editor saves it."""

import os
from pathlib import Path

import pytest

from surgisim.authoring.saved import LOOK_S, SETTLED_S, Saved


class Clock:
    """Time made of numbers."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "one.yaml"
    path.write_text("first")
    return path


def told(saved: Saved, clock: Clock, seconds: float) -> int:
    """How often it says so within this time, asked a hundred times a second."""
    count = 0
    for _ in range(round(seconds / 0.01)):
        clock.now_s += 0.01
        count += saved.asked()
    return count


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def by_another(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


def gone_and_back(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text)


@pytest.mark.parametrize("save", [in_place, by_another, gone_and_back])
def test_each_save_is_told_once(save: object, file: Path) -> None:
    clock = Clock()
    saved = Saved(file, clock)
    assert told(saved, clock, 1.0) == 0
    for text in ("second text", "third"):
        save(file, text)
        assert told(saved, clock, 1.0) == 1


def test_a_file_that_is_still_written_does_not_count_yet(file: Path) -> None:
    clock = Clock()
    saved = Saved(file, clock)
    for number in range(20):
        file.write_text("x" * (number + 1))
        assert told(saved, clock, SETTLED_S - 0.02) == 0
    assert told(saved, clock, 2.0 * (SETTLED_S + LOOK_S)) == 1


def test_a_file_that_is_gone_is_no_save(file: Path) -> None:
    clock = Clock()
    saved = Saved(file, clock)
    file.unlink()
    assert told(saved, clock, 2.0) == 0
    file.write_text("back")
    assert told(saved, clock, 1.0) == 1


def test_the_file_is_looked_at_ten_times_a_second(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, looks = Clock(), []
    saved = Saved(file, clock)
    stat = os.stat

    def counted(path: Path) -> os.stat_result:
        looks.append(path)
        return stat(path)

    monkeypatch.setattr("surgisim.authoring.saved.os.stat", counted)
    told(saved, clock, 1.0)
    assert 9 <= len(looks) <= 11
