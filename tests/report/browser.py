"""A real browser, driven through a pipe: no network, no port, no package."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
DEADLINE_S = 60.0


class Tab:
    """One page of the browser, by the DevTools protocol."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write, self._next, self._session = read, write, 0, ""
        self._rest = b""
        os.set_blocking(read, False)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._next += 1
        message: dict[str, Any] = {"id": self._next, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            for answer in self._messages():
                if answer.get("id") == self._next:
                    assert "error" not in answer, answer
                    return dict(answer["result"])
        raise TimeoutError(method)

    def _messages(self) -> list[dict[str, Any]]:
        try:
            self._rest += os.read(self._read, 1 << 20)
        except BlockingIOError:
            time.sleep(0.01)
        *whole, self._rest = self._rest.split(b"\0")
        return [json.loads(one) for one in whole]

    def open(self, path: Path, downloads: Path) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))
        self._session = attached["sessionId"]
        self.call("Page.enable")
        self.call("Page.navigate", url=path.as_uri())
        self.until("document.readyState === 'complete' && location.protocol === 'file:'")

    def run(self, script: str) -> Any:
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def until(self, script: str) -> None:
        end = time.monotonic() + DEADLINE_S
        while not self.run(script):
            assert time.monotonic() < end, script
            time.sleep(0.02)


@contextmanager
def browser(folder: Path) -> Iterator[Tab]:
    """Start a browser of our own, without a window; the test is skipped where there is none."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium here to fill the form in")
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()

    def pipes() -> None:  # the browser reads 3 and writes 4
        os.dup2(os.dup(from_write), 5)
        os.dup2(to_read, 3)
        os.dup2(5, 4)

    flags = ("headless", "no-sandbox", "disable-gpu", "disable-dev-shm-usage")
    process = subprocess.Popen(
        [
            program,
            *(f"--{flag}" for flag in flags),
            "--remote-debugging-pipe",
            f"--user-data-dir={folder / 'profile'}",
        ],
        preexec_fn=pipes,
        close_fds=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(from_write)
    try:
        yield Tab(from_read, to_write)
    finally:
        process.kill()
        process.wait()
        os.close(to_write)
        os.close(from_read)
