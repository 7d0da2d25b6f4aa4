"""Runtimes to test against: the one made of numbers, and Monado's with a simulated headset."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from surgisim.testing.validation import environment, violations
from surgisim.testing.xr import FakeRuntime

MONADO = "monado-service"
STARTS_S = 30.0


class Runtime(Protocol):
    """What the tests do to a runtime."""

    def end(self) -> None:
        """End it under a running session."""

    def start(self) -> None:
        """Start it again."""

    @property
    def faults(self) -> list[str]:
        """What was called wrongly."""


class Fake:
    """The runtime made of numbers, on a real clock."""

    def __init__(self, runtime: FakeRuntime) -> None:
        self._runtime = runtime

    def end(self) -> None:
        self._runtime.lose("runtime")

    def start(self) -> None:
        self._runtime.bring_back()

    @property
    def faults(self) -> list[str]:
        return [*self._runtime.errors, *self._runtime.violations]


class Monado:
    """Monado's service with its null compositor; XDG_RUNTIME_DIR is where clients find it."""

    def __init__(self, folder: Path, report: Path) -> None:
        self._folder, self._report = folder, report
        self._service: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        settings = {
            "XRT_COMPOSITOR_NULL": "1",
            "SIMULATED_ENABLE": "1",
            "SIMULATED_LEFT": "simple",
            "SIMULATED_RIGHT": "simple",
        }
        socket = self._folder / "monado_comp_ipc"
        socket.unlink(missing_ok=True)
        with (self._folder / "service.log").open("ab") as log:
            self._service = subprocess.Popen(
                [MONADO],
                stdin=subprocess.PIPE,  # a file or the null device would end it
                stdout=log,
                stderr=log,
                env=os.environ | settings,
            )
        until = time.monotonic() + STARTS_S
        while not socket.exists():
            if self._service.poll() is not None or time.monotonic() > until:
                pytest.fail((self._folder / "service.log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def end(self) -> None:
        if self._service is not None:
            self._service.kill()
            self._service.wait()
            assert self._service.stdin is not None
            self._service.stdin.close()
            self._service = None

    @property
    def faults(self) -> list[str]:
        return violations(self._report)


@contextmanager
def fake(_: Path, __: pytest.MonkeyPatch) -> Iterator[Runtime]:
    with FakeRuntime(clock="real", validate=True, eye=(64, 64)) as runtime:
        yield Fake(runtime)


@contextmanager
def monado(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    if shutil.which(MONADO) is None:
        pytest.skip(f"{MONADO} is not installed; CONTRIBUTING.md says where to get it")
    report = folder / "validation.txt"
    folder.chmod(0o700)
    for name, value in (environment(report) | {"XDG_RUNTIME_DIR": str(folder)}).items():
        patch.setenv(name, value)
    runtime = Monado(folder, report)
    try:
        yield runtime
    finally:
        runtime.end()


RUNTIMES = {"fake": fake, "monado": monado}
