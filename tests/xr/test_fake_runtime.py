"""How the fake runtime is found, by the test and by the loader, and how it is left."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from surgisim.errors import TestingError
from surgisim.testing import library
from surgisim.testing.xr import FakeRuntime


def test_the_loader_is_led_to_the_library_inside_the_block_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XR_RUNTIME_JSON", "/somewhere/else.json")
    monkeypatch.delenv("XR_ENABLE_API_LAYERS", raising=False)
    with FakeRuntime(validate=True):
        manifest = Path(os.environ["XR_RUNTIME_JSON"])
        named = json.loads(manifest.read_text(encoding="utf-8"))["runtime"]["library_path"]
        assert Path(named) == library.find_library()
        assert "core_validation" in os.environ["XR_ENABLE_API_LAYERS"]
    assert os.environ["XR_RUNTIME_JSON"] == "/somewhere/else.json"
    assert "XR_ENABLE_API_LAYERS" not in os.environ
    assert not manifest.exists()


def test_a_library_that_is_named_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = tmp_path / "mine.so"
    named.touch()
    monkeypatch.setenv("SURGISIM_FAKEXR", str(named))
    assert library.find_library() == named


def test_without_the_library_one_command_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(library, "_REPOSITORY", tmp_path)
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path / "target"))
    monkeypatch.delenv("SURGISIM_FAKEXR", raising=False)
    with pytest.raises(TestingError, match="cargo build --release -p fakexr"):
        FakeRuntime()
    monkeypatch.setenv("SURGISIM_FAKEXR", str(tmp_path / "nothing.so"))
    with pytest.raises(TestingError, match=r"nothing\.so, which is no file"):
        FakeRuntime()


def test_a_block_begins_with_nothing_of_the_one_before() -> None:
    with FakeRuntime() as runtime:
        runtime.press("/user/hand/right/input/trigger/value", 1.0)
        runtime.profile("valve/index_controller")
        runtime.advance(5)
        first = runtime.now
    with FakeRuntime() as runtime:
        assert runtime.script()["inputs"] == {}
        assert "simple" in runtime.script()["profiles"]["/user/hand/left"]
        assert runtime.now == first - 5


@pytest.mark.skipif(sys.platform == "darwin", reason="pyopenxr has no loader for macOS")
def test_an_instance_that_is_left_behind_is_told() -> None:
    import xr

    info = xr.InstanceCreateInfo()
    runtime = FakeRuntime()
    runtime.__enter__()
    instance = xr.create_instance(info)
    try:
        with pytest.raises(TestingError, match="did not destroy its instance"):
            runtime.__exit__(None, None, None)
    finally:
        xr.destroy_instance(instance)  # the loader has but one in a process
    with FakeRuntime():
        xr.destroy_instance(xr.create_instance(info))
