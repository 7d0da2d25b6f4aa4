"""Recordings of a headset: written, read, and played into the fake runtime."""

from __future__ import annotations

from pathlib import Path

import pytest

from surgisim.errors import TestingError
from surgisim.testing.recording import Seen, Tracked
from surgisim.testing.xr import FakeRuntime, Player, Pose, Recorder

TRIGGER = "/user/hand/right/input/trigger/value"
STICK = "/user/hand/left/input/thumbstick"
HEAD = "/user/head"


def frames() -> list[Seen]:
    return [
        Seen(
            1000 + 11 * step,
            {HEAD: Tracked(Pose((0.01 * step, 1.6, 0.0))), "/user/hand/right": Tracked(Pose())},
            {TRIGGER: (step / 10,), STICK: (0.5, -0.5)},
        )
        for step in range(5)
    ]


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with Recorder(path, note="a test") as recorder:
        for seen in frames():
            recorder.frame(seen)
    player = Player(path)
    assert (player.note, len(player)) == ("a test", 5)
    whole: dict[str, Tracked] = {}
    for written, read in zip(frames(), player, strict=True):
        whole |= read.poses
        assert read.time == written.time
        assert whole == written.poses
        assert read.inputs.get(TRIGGER, (0.0,)) == written.inputs[TRIGGER]


def test_what_stands_still_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with Recorder(path) as recorder:
        for seen in frames():
            recorder.frame(seen)
    assert path.read_text().count(STICK) == 1
    assert path.read_text().count(HEAD) == 5


def test_a_recording_of_one_runtime_moves_another_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    said = []
    with FakeRuntime() as runtime, Recorder(path) as recorder:
        for step in range(3):
            runtime.head((0.1 * step, 1.6, 0.0), tracked=step != 1)
            runtime.press(TRIGGER, 0.25 * step)
            runtime.advance(11_000_000)
            recorder.watch(runtime)
            said.append(runtime.script())
    with FakeRuntime() as runtime:
        for seen, script in zip(Player(path).play(runtime), said, strict=True):
            assert runtime.script()["poses"] == script["poses"]
            assert (
                runtime.script()["inputs"][TRIGGER] == [*seen.inputs.get(TRIGGER, (0.0,)), 0.0][:2]
            )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no headset recording"),
        ('{"format":"surgisim headset","version":2}', "of version 1"),
        ("not json", "1 is not JSON"),
        ("[]", "1 is not a JSON object"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(text)
    with pytest.raises(TestingError, match=what):
        Player(path)


@pytest.mark.parametrize(
    "line", ['{"time":1,"poses":{"/user/head":[1]}}', "{}", '{"time":1,"inputs":3}']
)
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text('{"format":"surgisim headset","version":1}\n' + line)
    with pytest.raises(TestingError, match=r"run\.jsonl:2 is no frame"):
        list(Player(path))
